//! Issuers through whose accounts people sign in: whether their secrets can be used, their contracts hold, and they are there.

use super::{Finding, Visit};
use crate::identity::linked::Issuers;
use std::os::unix::fs::PermissionsExt;

/// Reads what each publishes of itself. Nobody's data leave.
pub(super) async fn all(visit: &mut Visit<'_>) {
    let issuers = match Issuers::open(&visit.config.issuers) {
        Ok(issuers) => issuers,
        Err(error) => {
            let todo = "write the secret there that the provider has given you (docs/sign-in-through.md)";
            return visit.note(Finding::fail("issuer", error.to_string(), todo));
        }
    };
    let (now, zone) = (visit.clock.now(), visit.config.zone.clone());
    for issuer in issuers.all() {
        let (code, file) = (&issuer.config.code, &issuer.config.secret_file);
        if file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
            let what = format!("others can read {}", file.display());
            visit.note(Finding::warn("issuer", what, format!("run `chmod 600 {}`", file.display())));
        }
        if !issuer.config.is_open(now, zone.clone()) {
            let what = format!("{code}: the contract is over, nobody is sent there");
            let todo = "renew it, and write the new day into `who`; or take the table out";
            visit.note(Finding::warn("issuer", what, todo));
            continue;
        }
        visit.note(match issuer.probe(now).await {
            Ok(()) => Finding::ok("issuer", format!("{code} is there, under its own name")),
            Err(trouble) => {
                let todo = "see that `issuer` is right and can be reached from here, and ask who runs it; \
                            meanwhile people sign in by password";
                Finding::fail("issuer", format!("{code}: {trouble}"), todo)
            }
        });
    }
}
