//! What the law has the operator write down: an impact assessment for each purpose that PIPL 55 marks, or the program does
//! not start; and who processes for the operator (PIPL 21), which the trust page shows.

use super::{Finding, Visit};
use crate::app::checks::{HOW_TO_RECORD, unassessed};
use crate::web::Room;

/// One line, or one for each that is missing.
pub(super) fn all(visit: &mut Visit<'_>, rooms: &[&Room]) {
    let missing: Vec<_> = unassessed(rooms).collect();
    for (purpose, mark) in &missing {
        let what = format!("purpose {purpose} is marked {} (PIPL 55) and has no impact assessment", mark.id());
        visit.note(Finding::fail("assessments", what, HOW_TO_RECORD));
    }
    if missing.is_empty() {
        let marks = policy::marked().count();
        visit.note(Finding::ok("assessments", format!("{marks} marks of PIPL 55, each with its impact assessment")));
    }
}

/// Who is entrusted is said, and the contracts have not ended.
pub(super) fn processors(visit: &mut Visit<'_>) {
    let (config, today) = (visit.config, visit.clock.now().to_zoned_datetime(visit.config.zone.clone()).date());
    if config.smtp_url.is_some() && config.entrusted_mail.is_none() {
        let what = "mails go to a mail server, and the register does not say who runs it";
        let todo =
            "set entrusted_mail, your own name if it is your own: the trust page shows it to everybody (PIPL 21)";
        visit.note(Finding::warn("processors", what, todo));
    }
    if config.data_regions.iter().any(|region| region.bucket.is_some()) && config.entrusted_storage.is_none() {
        let what = "files lie in buckets, and the register does not say who runs them";
        let todo =
            "set entrusted_storage, your own name if it is your own: the trust page shows it to everybody (PIPL 21)";
        visit.note(Finding::warn("processors", what, todo));
    }
    for (key, said) in [
        ("entrusted_storage", config.entrusted_storage.as_ref()),
        ("entrusted_machine", config.entrusted_machine.as_ref()),
        ("entrusted_mail", config.entrusted_mail.as_ref()),
        ("entrusted_attestor", config.attestor.as_ref().map(|one| &one.who)),
    ] {
        let Some(said) = said.filter(|said| said.until < today) else { continue };
        let what = format!("the contract with {} has ended on {}", said.name, said.until);
        visit.note(Finding::warn("processors", what, format!("renew it, and write the new day into {key}")));
    }
}
