//! `agreements/<id>/<edition>/{zh.md,en.md}`: service agreements and platform rules, each with its editions, oldest first.

use std::{fs, path::Path};

use crate::versions::{Source, both};

pub struct Terms {
    pub id: String,
    pub editions: Vec<Edition>,
}

pub struct Edition {
    pub id: String,
    pub zh: Source,
    pub en: Source,
}

pub fn read(folder: &Path) -> Result<Vec<Terms>, Vec<String>> {
    let mut all = Vec::new();
    for id in names(folder)? {
        let folder = folder.join(&id);
        let mut editions = Vec::new();
        for edition in names(&folder)? {
            let (zh, en) = both(&folder.join(&edition))?;
            editions.push(Edition { id: edition, zh, en });
        }
        if editions.is_empty() {
            return Err(vec![format!("{}: there is no edition", folder.display())]);
        }
        all.push(Terms { id, editions });
    }
    if all.is_empty() { Err(vec![format!("{}: there is no agreement", folder.display())]) } else { Ok(all) }
}

/// What lies in a folder, in order.
fn names(folder: &Path) -> Result<Vec<String>, Vec<String>> {
    let failed = |e: std::io::Error| vec![format!("{}: {e}", folder.display())];
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut names = entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<Vec<_>, _>>()
        .map_err(failed)?;
    names.sort();
    Ok(names)
}
