//! `versions/<id>/{version.toml,zh.md,en.md}`, oldest first. `version.toml` of a version that somebody may have agreed to
//! lists its uses; the newest may leave them out and then permits the whole matrix.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::matrix::Matrix;
use crate::text::{self, Text};
use crate::uses;

pub struct Version {
    pub id: String,
    /// Purpose, field, recipient, retention; in order.
    pub uses: Vec<[String; 4]>,
    pub zh: Source,
    pub en: Source,
}

pub struct Source {
    /// Absolute, for `include_str!`.
    pub path: String,
    pub text: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// `purpose field recipient retention`, a use each.
    uses: Option<Vec<String>>,
}

pub fn read(folder: &Path, matrix: &Matrix) -> Result<Vec<Version>, Vec<String>> {
    let failed = |e: std::io::Error| vec![format!("{}: {e}", folder.display())];
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        ids.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    ids.sort();
    if ids.is_empty() {
        return Err(vec!["versions: there is no policy version".into()]);
    }
    let newest = ids.len() - 1;
    let read = |(at, id): (usize, String)| version(&folder.join(&id), id, (at == newest).then_some(matrix));
    let versions: Vec<_> = ids.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    let mistakes = uses::mistakes(&versions, matrix);
    if mistakes.is_empty() { Ok(versions) } else { Err(mistakes) }
}

/// `whole`: what the version permits if it lists no uses.
fn version(folder: &Path, id: String, whole: Option<&Matrix>) -> Result<Version, Vec<String>> {
    let path = folder.join("version.toml");
    let head = fs::read_to_string(&path).map_err(|e| vec![format!("{}: {e}", path.display())])?;
    let Head { uses } = toml::from_str(&head).map_err(|e| vec![format!("{}: {e}", path.display())])?;
    let uses = uses::of(&id, uses, whole)?;
    let (zh, en) = both(folder)?;
    Ok(Version { id, uses, zh, en })
}

/// The two texts of a folder, which must say the same in as many sections.
pub fn both(folder: &Path) -> Result<(Source, Source), Vec<String>> {
    let (zh, en) = (source(&folder.join("zh.md"))?, source(&folder.join("en.md"))?);
    if zh.text.sections.len() != en.text.sections.len() {
        return Err(vec![format!("{}: zh and en have different numbers of sections", folder.display())]);
    }
    Ok((zh, en))
}

fn source(path: &Path) -> Result<Source, Vec<String>> {
    let failed = |e: std::io::Error| vec![format!("{}: {e}", path.display())];
    let text = text::parse(&path.display().to_string(), &fs::read_to_string(path).map_err(failed)?)?;
    let path = fs::canonicalize(path)
        .map_err(failed)?
        .to_str()
        .ok_or_else(|| vec!["the path is not UTF-8".into()])?
        .to_owned();
    Ok(Source { path, text })
}
