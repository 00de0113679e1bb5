//! Keys: the root key file is there, closed, and the one that the key database was made with.

use super::{Finding, Visit};
use crate::app::REGION;
use kit::db::Db;
use std::os::unix::fs::MetadataExt;
use vault::{RootKeys, Vault};

/// The file, and whether it opens what the key database holds.
pub(super) async fn root(visit: &mut Visit<'_>, keys: Option<&Db>) {
    let path = &visit.config.root_key_file;
    let shown = path.display().to_string();
    if !path.exists() {
        visit.note(missing(&shown, keys.is_some()));
        return;
    }
    let root = match RootKeys::read(path) {
        Ok(root) => root,
        Err(error) => {
            visit.note(Finding::fail(
                "keys",
                error.to_string(),
                "restore the file from its copy, or close it with `chmod 600`",
            ));
            return;
        }
    };
    if !root.holds(&visit.random) {
        visit.note(Finding::fail(
            "keys",
            format!("{shown}: what is sealed does not open again"),
            "check this machine's memory",
        ));
        return;
    }
    let owner = path.metadata().map(|about| about.uid()).unwrap_or_default();
    if owner != rustix::process::geteuid().as_raw() {
        visit.note(Finding::warn(
            "keys",
            format!("{shown} belongs to user {owner}, who is not who runs this"),
            "run the program and this command as the same user",
        ));
    }
    if let Some(keys) = keys {
        fits(visit, keys, root, &shown).await;
    }
}

fn missing(shown: &str, is_used: bool) -> Finding {
    if is_used {
        let what = format!("{shown} is not there, but the key database is: nothing personal can be opened");
        return Finding::fail("keys", what, "restore it from its copy, before `ziyun serve` makes another");
    }
    Finding::warn(
        "keys",
        format!("{shown} is not there yet"),
        "the first start makes it: keep a copy apart from all other back-ups",
    )
}

/// The name of a secret that every started installation has.
const ALWAYS: &str = "log/signing-key";

async fn fits(visit: &mut Visit<'_>, keys: &Db, root: RootKeys, shown: &str) {
    // Only the secrets of this vault are asked for, which lie in the key database.
    let vault = Vault::new(keys.clone(), keys.clone(), root, REGION, visit.random.clone());
    visit.note(match vault.secrets().get(ALWAYS).await {
        Ok(Some(_)) => Finding::ok("keys", format!("{shown} opens what the key database holds")),
        Ok(None) => Finding::ok("keys", format!("{shown}; the key database is still empty")),
        Err(error) => {
            let what = format!("{shown} does not open what the key database holds: {error}");
            Finding::fail("keys", what, "one of them is another installation's: restore the two that belong together")
        }
    });
}
