//! What is told of contact requests and threads: to those of a company who write for it, or stand in for one who does, and never
//! what was written.

use super::kind::{self, Kind};
use super::tell::{Telling, tell_company};
use crate::app::App;
use crate::identity::company::Company;
use crate::reach::conversation::{Opened, RequestChanged, Sent, SharingChanged};
use crate::reach::report;
use kit::db::{self, Tx};
use kit::event::{Event, Fact};
use kit::id::Id;

/// The events that are told of.
pub const KINDS: &[&str] =
    &[RequestChanged::KIND, Opened::KIND, Sent::KIND, SharingChanged::KIND, report::Changed::KIND];

/// Tells of one.
///
/// # Errors
/// [`db::Error`].
pub fn tell_of(tx: &mut Tx, app: &App, event: &Event) -> Result<(), db::Error> {
    let (about, told) = match event.kind.as_str() {
        RequestChanged::KIND => request(&event.read()?),
        Opened::KIND => {
            let Opened { thread, companies, by_award } = event.read()?;
            let told = companies.map(|company| (company, &kind::THREAD_OPENED));
            (*thread.as_bytes(), if by_award { told.to_vec() } else { Vec::new() })
        }
        Sent::KIND => {
            let Sent { thread, to, .. } = event.read()?;
            (*thread.as_bytes(), vec![(to, &kind::THREAD_MESSAGE)])
        }
        report::Changed::KIND => reported(&event.read()?),
        _ => {
            let SharingChanged { thread, with, act, .. } = event.read()?;
            let told = (act == "shared").then_some((with, &kind::THREAD_SHARED));
            (*thread.as_bytes(), told.into_iter().collect())
        }
    };
    for (company, kind) in told {
        tell_company(tx, app, company, Telling { kind, about, event: event.id })?;
    }
    Ok(())
}

fn request(changed: &RequestChanged) -> ([u8; 16], Vec<(Id<Company>, &'static Kind)>) {
    let RequestChanged { request, act, asker, asked } = changed;
    let told = match act.as_str() {
        "asked" => vec![(*asked, &kind::CONTACT_ASKED)],
        "accepted" => vec![(*asker, &kind::CONTACT_ACCEPTED)],
        "declined" => vec![(*asker, &kind::CONTACT_DECLINED)],
        "expired" => vec![(*asker, &kind::CONTACT_EXPIRED), (*asked, &kind::CONTACT_EXPIRED)],
        _ => Vec::new(),
    };
    (*request.as_bytes(), told)
}

fn reported(changed: &report::Changed) -> ([u8; 16], Vec<(Id<Company>, &'static Kind)>) {
    let report::Changed { report, act, reporter, reported } = changed;
    let both = |kind| vec![(*reporter, kind), (*reported, kind)];
    let told = match act.as_str() {
        "decided" => both(&kind::REPORT_DECIDED),
        "answered" => both(&kind::REPORT_ANSWERED),
        _ => Vec::new(),
    };
    (*report.as_bytes(), told)
}
