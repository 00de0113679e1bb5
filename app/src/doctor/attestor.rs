//! The service that confirms facts: whether it is there, has the same secret, and what came of asking it.

use super::{Finding, Visit};
use crate::identity::verification::{Attestor, Trouble};
use kit::db::{self, Db, Tx};
use std::os::unix::fs::PermissionsExt;

/// Asks without a fact, so that nobody's data leave; and counts the answers that did not count.
pub(super) async fn all(visit: &mut Visit<'_>, main: Option<&Db>) {
    let Some(config) = &visit.config.attestor else { return };
    let attestor = match Attestor::open(config) {
        Ok(attestor) => attestor,
        Err(error) => {
            let what = format!("attestor_secret_file {}: {error}", config.secret_file.display());
            let todo = "write the secret there that the service has under attestor_key_id (docs/attestation.md)";
            return visit.note(Finding::fail("attestor", what, todo));
        }
    };
    if config.secret_file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        let what = format!("others can read {}", config.secret_file.display());
        visit.note(Finding::warn("attestor", what, format!("run `chmod 600 {}`", config.secret_file.display())));
    }
    if !attestor.is_entrusted(visit.clock.now(), visit.config.zone.clone()) {
        let what =
            format!("the contract with {} is over: nothing is sent, reviewers compare documents", attestor.name());
        let todo = "renew it, and write the new day into entrusted_attestor; or unset the attestor_ keys";
        return visit.note(Finding::warn("attestor", what, todo));
    }
    visit.note(match attestor.probe(&visit.clock, &visit.random).await {
        Ok(()) => Finding::ok("attestor", format!("{} answers, and has the same secret", attestor.name())),
        Err(trouble) => {
            let todo = "see that attestor_url, attestor_key_id and the secret are right, and ask who runs it; \
                        until then reviewers compare documents";
            Finding::fail("attestor", trouble.to_string(), todo)
        }
    });
    if let Some(main) = main {
        refused(visit, main).await;
    }
}

/// Answers that did not count are an attack, or a service that is broken.
async fn refused(visit: &mut Visit<'_>, main: &Db) {
    let sql = "SELECT outcome, n FROM attestation_count ORDER BY outcome";
    let read = |tx: &mut Tx| tx.all(sql, &[], |row| Ok((row.next::<String>()?, row.next::<i64>()?)));
    // An older schema has no such table: that is said where the schema is looked at.
    let Ok(counts) = main.read::<_, db::Error>(read).await else { return };
    let is_refusal = |outcome: &str| Trouble::of(outcome).is_some_and(Trouble::is_refusal);
    let found: Vec<_> = counts.iter().filter(|(outcome, _)| is_refusal(outcome)).collect();
    if found.is_empty() {
        return;
    }
    let told: Vec<_> = found.iter().map(|(outcome, n)| format!("{outcome} {n}")).collect();
    let todo = "look who stands between this machine and the service, and ask who runs it";
    visit.note(Finding::warn("attestor", format!("answers that did not count: {}", told.join(", ")), todo));
}
