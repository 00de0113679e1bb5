//! Approval of a publication: the draft as it would be published, line by line, for who decides.

use super::auction;
use super::criteria;
use super::document;
use super::lot::Lot;
use super::named;
use super::page::{category_named, region_named};
use super::store;
use super::tender::Tender;
use crate::app::App;
use crate::identity::approval::{self, Act, Ask, Content, Done, Line, Shown};
use crate::web::{At, Error, Input, Purchaser, Saved, Seen};
use axum::extract::State;
use kit::db::{self, Tx};
use kit::id::Id;

/// `POST /tenders/{id}/approval`: asks for approval of a draft as its buyer has just seen it.
pub async fn ask(
    State(app): State<App>,
    purchaser: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let unit = move |tx: &mut Tx| {
        purchaser.still(tx)?;
        let tender = store::own_draft(tx, &purchaser, id)?;
        if tender.version != version {
            return Err(Error::stale());
        }
        let (lots, now) = (store::lots(tx, id)?, tx.now());
        if !store::unready(tx, &tender, &lots, now)?.is_empty() {
            return Err(Error::conflict("tender-unready"));
        }
        let asked = publication(tx, &tender, &lots)?;
        approval::ask(tx, &purchaser, &asked)
    };
    let request = app.db().write(unit).await?;
    Ok(Done::saved(request, "approval-asked"))
}

/// By how much a publication is measured: the sum of the lots' budgets; none where one has none.
pub fn amount(lots: &[Lot]) -> Option<i64> {
    lots.iter().try_fold(0i64, |sum, lot| sum.checked_add(lot.budget?))
}

/// The publication of a draft.
///
/// # Errors
/// [`db::Error`].
pub fn publication(tx: &mut Tx, tender: &Tender, lots: &[Lot]) -> Result<Ask, db::Error> {
    let budgets = if tender.budget_shown { "approval-budgets-shown" } else { "approval-budgets-hidden" };
    let mut lines = vec![
        Line::new("tender-title", Shown::text(&tender.title)),
        Line::new("tender-method", Shown::Word(tender.method.word())),
        Line::new("tender-regime", Shown::Word(tender.regime.word())),
        Line::new("tender-category", Shown::named(category_named, &tender.category)),
        Line::new("tender-region", Shown::named(region_named, &tender.region)),
        Line::new("tender-summary", Shown::text(&tender.summary)),
        Line::new("tender-questions_until", Shown::Instant(tender.questions_until)),
        Line::new("tender-deadline", Shown::Instant(tender.deadline)),
        Line::new("tender-budget_shown", Shown::Word(budgets.to_owned())),
    ];
    if let Some(days) = tender.terms.validity_days {
        lines.push(Line::new("tender-validity_days", Shown::text(&days.to_string())));
    }
    lines.push(Line::new("tender-tie", Shown::Word(tender.terms.tie.word())));
    let most = tender.terms.consortium_most;
    let consortia =
        if most > 0 { Shown::text(&most.to_string()) } else { Shown::Word("tender-consortium-none".to_owned()) };
    lines.push(Line::new("tender-consortium_most", consortia));
    lines.extend(named::approved(tx, tender)?);
    lines.extend(course(tx, tender)?);
    lines.extend(lots.iter().flat_map(of_lot));
    for document in document::list(tx, tender.id)? {
        let path = format!("/documents/{}", document.id);
        let file = Shown::File { name: document.name, sha256: document.sha256, path };
        lines.push(Line::new("tender-documents", file));
    }
    let path = format!("/tenders/{}/publication", tender.id);
    let content = Content { lines, path, fields: vec![("version".to_owned(), tender.version.to_string())] };
    let (subject, title) = (tender.id.cast(), tender.title.clone());
    Ok(Ask { act: Act::Publish, subject, title, amount: amount(lots), content })
}

/// How it is evaluated and opened, and whether there is an auction.
fn course(tx: &mut Tx, tender: &Tender) -> Result<Vec<Line>, db::Error> {
    let mut lines = Vec::new();
    if let Some(criteria) = criteria::find(tx, tender.id)? {
        let told = Shown::Named { zh: criteria.line_zh(), en: criteria.line_en() };
        lines.push(Line::new("criteria", told));
    }
    if let (Some(at), Some(terms)) = (tender.auction_at, auction::find(tx, tender.id)?) {
        lines.push(Line::new("auction-at", Shown::Instant(at)));
        lines.push(Line::new("auction", Shown::Named { zh: terms.line_zh(), en: terms.line_en() }));
    }
    if let Some(hands) = &tender.hands {
        let shown = format!("{} / {}: {}", hands.k, hands.holders.len(), hands.holders.join(", "));
        lines.push(Line::new("tender-hands", Shown::text(&shown)));
        if let Some(witness) = &hands.witness {
            lines.push(Line::new("tender-witness", Shown::text(witness)));
        }
        if hands.bidder {
            lines.push(Line::new("tender-bidder", Shown::Word("tender-bidder-said".to_owned())));
        }
    }
    Ok(lines)
}

fn of_lot(lot: &Lot) -> Vec<Line> {
    let line = |word, shown| Line::of_lot(lot.position, word, shown);
    let mut lines = vec![line("tender-lot_title", Shown::text(&lot.title))];
    if !lot.description.is_empty() {
        lines.push(line("tender-lot_description", Shown::text(&lot.description)));
    }
    lines.push(line("tender-lot_budget", Shown::Money(lot.budget)));
    if lot.ceiling.is_some() {
        let word = if lot.ceiling_shown { "tender-ceiling-shown" } else { "tender-ceiling-sealed" };
        lines.push(line("tender-lot_ceiling", Shown::Money(lot.ceiling)));
        lines.push(line("tender-lot_ceiling_shown", Shown::Word(word.to_owned())));
    }
    lines
}
