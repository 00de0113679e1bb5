//! `versions/<id>/{version.toml,zh.md,en.md}`, oldest first.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::text::{self, Text};

pub struct Version {
    pub id: String,
    pub effective: String,
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
    effective: String,
}

pub fn read(folder: &Path) -> Result<Vec<Version>, Vec<String>> {
    let failed = |e: std::io::Error| vec![format!("{}: {e}", folder.display())];
    let mut ids = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        ids.push(entry.map_err(failed)?.file_name().to_string_lossy().into_owned());
    }
    ids.sort();
    if ids.is_empty() {
        return Err(vec!["versions: there is no policy version".into()]);
    }
    ids.into_iter().map(|id| version(&folder.join(&id), id)).collect()
}

fn version(folder: &Path, id: String) -> Result<Version, Vec<String>> {
    let path = folder.join("version.toml");
    let head = fs::read_to_string(&path).map_err(|e| vec![format!("{}: {e}", path.display())])?;
    let Head { effective } = toml::from_str(&head).map_err(|e| vec![format!("{}: {e}", path.display())])?;
    let (zh, en) = (source(&folder.join("zh.md"))?, source(&folder.join("en.md"))?);
    if zh.text.sections.len() != en.text.sections.len() {
        return Err(vec![format!("versions/{id}: zh and en have different numbers of sections")]);
    }
    Ok(Version { id, effective, zh, en })
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
