//! Approval of an award: the choice as it would be decided, for who approves it.

use super::{Choice, chosen};
use crate::app::App;
use crate::identity::approval::{self, Act, Ask, Content, Done, Line, Shown};
use crate::sourcing::opening::record::Opened;
use crate::sourcing::tender::{Lot, Tender};
use crate::web::{Error, Form, Purchaser};
use kit::db::Tx;
use kit::id::Id;

/// Asks for approval of a choice.
///
/// # Errors
/// As the award itself; 409 with one of [`approval::UNASKED`].
pub async fn ask(app: &App, buyer: Purchaser, lot: Id<Lot>, (choice, form): (Choice, Form)) -> Result<Done, Error> {
    let zone = app.zone();
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        let (lot, tender) = super::own(tx, &buyer, lot)?;
        let bid = chosen(tx, &zone, (&tender, &lot), (&choice, &form))?;
        approval::ask(tx, &buyer, &award(&tender, &lot, &bid, &choice))
    };
    Ok(Done { id: app.db().write(unit).await? })
}

/// The award of a lot to a bid that was opened.
pub fn award(tender: &Tender, lot: &Lot, bid: &Opened, choice: &Choice) -> Ask {
    let text = Shown::text;
    let name = bid.company_name.as_deref().unwrap_or_default();
    let mut lines = vec![
        Line::new("tender-title", text(&tender.title)),
        Line::of_lot(lot.position, "tender-lot_title", text(&lot.title)),
        Line::of_lot(lot.position, "tender-lot_budget", Shown::Money(lot.budget)),
        Line::new("award-winner", text(name)),
        Line::new("award-amount", Shown::Money(bid.price)),
        Line::new("opening-rank", text(&bid.rank.map(|rank| rank.to_string()).unwrap_or_default())),
        Line::new("award-reason", text(&choice.reason)),
    ];
    let mut fields = vec![("bid".to_owned(), bid.id.to_string()), ("reason".to_owned(), choice.reason.clone())];
    if let Some(departure) = &choice.departure {
        lines.push(Line::new("award-departure", text(departure)));
        fields.push(("departure".to_owned(), departure.clone()));
    }
    let content = Content { lines, path: format!("/lots/{}/award", lot.id), fields };
    let title = format!("{} · {}", tender.title, lot.title);
    Ask { act: Act::Award, subject: lot.id.cast(), title, amount: bid.price, content }
}
