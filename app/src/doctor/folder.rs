//! The folders: there, writable, with room, apart from each other.

use super::{Finding, Visit};
use crate::watch;
use rustix::fs::{Access, access};
use std::path::{Path, PathBuf};

/// Below this part of a disk, in percent, somebody should look; below the other the program is about to stop.
const LOW: u64 = 10;
const OUT: u64 = 2;

/// Every folder of the configuration.
pub(super) fn all(visit: &mut Visit<'_>) {
    let config = visit.config;
    let folders = [
        ("data_dir", &config.data_dir),
        ("key_dir", &config.key_dir),
        ("node_dir", &config.node_dir),
        ("outbox_dir", &config.outbox_dir),
    ];
    for (name, folder) in folders {
        visit.note(one(name, folder));
    }
    // Links may lead where the paths of the configuration do not.
    let keys = [&config.key_dir, &config.root_key_file];
    let inside = |path: &PathBuf| Some(path.canonicalize().ok()?.starts_with(config.data_dir.canonicalize().ok()?));
    if keys.into_iter().any(|path| inside(path) == Some(true)) {
        let what = "keys really lie inside data_dir, by a link: a copy of the data holds the keys";
        visit.note(Finding::fail("key_dir", what, "move them out of data_dir"));
    }
    closed(visit);
}

fn one(name: &'static str, folder: &Path) -> Finding {
    let shown = folder.display();
    if !folder.exists() {
        let above = folder.ancestors().skip(1).map(or_here).find(|above| above.exists());
        return match above {
            Some(above) if above.is_dir() && access(&above, Access::WRITE_OK).is_ok() => {
                Finding::ok(name, format!("{shown} is made at the first start"))
            }
            _ => Finding::fail(
                name,
                format!("{shown} is not there and cannot be made"),
                "make it, or give the program's user the right to",
            ),
        };
    }
    if !folder.is_dir() {
        return Finding::fail(name, format!("{shown} is no folder"), format!("set {name} to a folder"));
    }
    if let Err(error) = access(folder, Access::WRITE_OK | Access::READ_OK | Access::EXEC_OK) {
        return Finding::fail(name, format!("{shown} cannot be written: {error}"), "give it to the program's user");
    }
    room(name, folder)
}

fn room(name: &'static str, folder: &Path) -> Finding {
    let shown = folder.display();
    let disk = match watch::free(folder) {
        Ok(disk) => disk,
        Err(error) => {
            return Finding::warn(
                name,
                format!("{shown}: its disk does not say what is free: {error}"),
                "look at the file system",
            );
        }
    };
    let what = format!("{shown}: {:.1} GB free, {} %", disk.free as f64 / 1e9, disk.percent_free());
    match disk.percent_free() {
        ..OUT => Finding::fail(name, what, "make room before the disk is full: commits fail then"),
        OUT..LOW => Finding::warn(name, what, "make room, or move the folder to a larger disk"),
        _ => Finding::ok(name, what),
    }
}

/// The folder above a relative name is the working directory.
pub(super) fn or_here(path: &Path) -> PathBuf {
    if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() }
}

fn closed(visit: &mut Visit<'_>) {
    use std::os::unix::fs::PermissionsExt;
    let folder = &visit.config.key_dir;
    let Ok(about) = folder.metadata() else { return };
    if about.permissions().mode() & 0o077 != 0 {
        let what = format!("others can look into {}", folder.display());
        visit.note(Finding::warn(
            "key_dir",
            what,
            format!("run `chmod 700 {}`; the next start does it too", folder.display()),
        ));
    }
}
