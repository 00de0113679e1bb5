//! What a company sees: that its bids were compared with others', when, and how to ask a person about it. Whether anything was found it
//! does not see: most of what is found is nothing, and what is more is for who examines it.

use super::page::{Own, OwnLot};
use crate::app::App;
use crate::sourcing::bid::joint;
use crate::web::{Error, Member, Page};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::values;

/// How many are listed.
const MOST: i64 = 200;

/// The lots for which a member's company has bid and whose bids were compared, the newest first.
fn list(tx: &mut Tx, member: &Member) -> Result<Vec<OwnLot>, db::Error> {
    let mut all = Vec::new();
    for whose in joint::WHOSE {
        let sql = format!(
            "SELECT r.lot, l.title, r.tender, t.title, r.at FROM bid b JOIN risk_assessment r ON r.lot = b.lot \
             JOIN lot l ON l.id = r.lot JOIN tender t ON t.id = r.tender WHERE {whose} AND b.state = 'opened' \
             ORDER BY b.received_at DESC, b.id DESC LIMIT $2"
        );
        all.extend(tx.all(&sql, values![member.company, MOST], |row| {
            let (lot, title, tender, tender_title) = (row.next()?, row.next()?, row.next()?, row.next()?);
            Ok(OwnLot { lot, title, tender, tender_title, at: row.next()? })
        })?);
    }
    Ok(all)
}

pub async fn index(State(app): State<App>, member: Member) -> Result<Page, Error> {
    let lots = app.db().read::<_, db::Error>(move |tx| list(tx, &member)).await?;
    Ok(Page::new("risk-own", Own { lots }))
}
