//! What threads do because of events: an award opens one, and who leaves a company shares nothing for it any more.

use super::matter::Matter;
use super::{award_contact, thread};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::sourcing::tender;
use crate::sourcing::tender::event::LotAwarded;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::{Event, Fact, Scope};
use kit::follower;
use kit::id::Id;
use kit::values;
use serde::Deserialize;

/// Its name, and that of the routine.
pub const FOLLOWER: &str = "conversation";

/// Follows the next events.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move { Ok(follower::step(app.db(), FOLLOWER, follow).await?) }.boxed()
}

/// The body of `people.changed`.
#[derive(Deserialize)]
struct OfPeople {
    account: Id<Account>,
    company: Id<Company>,
    what: String,
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), db::Error> {
    match event.kind.as_str() {
        LotAwarded::KIND => {
            let LotAwarded { tender, company, .. } = event.read()?;
            awarded(tx, tender, company)
        }
        "people.changed" => {
            let OfPeople { account, company, what } = event.read()?;
            if matches!(what.as_str(), "left" | "removed") {
                for table in ["thread_sharing", "award_contact"] {
                    let sql = format!("DELETE FROM {table} WHERE account = $1 AND company = $2");
                    tx.execute(&sql, values![account, company])?;
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// From the award on its buyer and its winner need each other (clause 6.6): they have a thread, and nobody else has.
fn awarded(tx: &mut Tx, tender: Id<tender::Tender>, winner: Id<Company>) -> Result<(), db::Error> {
    let Some(buyer) = tender::store::buyer(tx, tender)? else { return Ok(()) };
    if buyer == winner {
        return Ok(());
    }
    let scope = Scope { company: Some(*buyer.as_bytes()), tender: Some(*tender.as_bytes()), actor: None };
    let thread = thread::open(tx, scope, [buyer, winner], Matter::Tender(tender), true)?;
    for company in [buyer, winner] {
        award_contact::awarded(tx, thread, tender, company)?;
    }
    Ok(())
}

/// The names of the two companies of a request (who asked first) or of a thread: for notifications, which hold the id alone.
///
/// # Errors
/// [`db::Error`].
pub fn names(tx: &mut Tx, id: [u8; 16]) -> Result<Option<(String, String)>, db::Error> {
    let request = "SELECT a.name, b.name FROM contact_request r JOIN company a ON a.id = r.asker \
         JOIN company b ON b.id = r.asked WHERE r.id = $1";
    let thread = "SELECT a.name, b.name FROM thread_side s JOIN company a ON a.id = s.company \
         JOIN company b ON b.id = s.other WHERE s.thread = $1 AND s.company < s.other";
    let mut found = |sql| tx.first(sql, values![id], |row| Ok((row.next()?, row.next()?)));
    Ok(found(request)?.or(found(thread)?))
}
