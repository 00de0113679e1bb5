//! What an archive has of a lot: its auction or negotiation, the committee's report, the publications of its candidates, objections, letters.

use super::gather::{Part, Press};
use super::store::Making;
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::auction;
use crate::sourcing::award;
use crate::sourcing::bid::Bid;
use crate::sourcing::candidates;
use crate::sourcing::evaluation;
use crate::sourcing::negotiation;
use crate::sourcing::opening::record::{ranked, read_for};
use crate::sourcing::tender::Lot;
use crate::sourcing::tender::lot::State as LotState;
use crate::web::{Error, Locale};
use kit::db::Tx;
use kit::id::Id;

/// All of it, as far as its reader may read it.
///
/// # Errors
/// [`Error`] of the database; 500 for rows that cannot be read.
pub fn parts(tx: &mut Tx, app: &App, making: &Making, lot: &Lot, press: &Press) -> Result<Vec<Part>, Error> {
    let at = |what: &str| format!("lots/{}/{what}", lot.position);
    let mut parts = vec![
        Part::json(at("candidates.json"), &candidates::list(tx, lot.id)?)?,
        Part::json(at("objections.json"), &candidates::objections(tx, making.company, &making.tender, lot.id)?)?,
    ];
    if let Some(session) = auction::kept(tx, (&making.tender, lot), making.company)?
        && read_for(tx, Some(making.company), &making.tender)?.is_some()
    {
        parts.push(Part::json(at("auction.json"), &session)?);
    }
    if let Some(talks) = negotiation::course(tx, app, (&making.tender, lot.id), making.company)? {
        parts.push(Part::json(at("negotiation.json"), &talks)?);
    }
    if let Some(report) = evaluation::written(tx, lot.id)?.filter(|_| making.is_whole()) {
        let (text, press) = (report.clone(), press.clone());
        let set = move || evaluation::set_written(&text, press.words(), press.zone());
        parts.push(Part::paper(at("evaluation-report.pdf"), set));
        parts.push(Part::bytes(at("evaluation-report.json"), report));
    }
    if lot.state == LotState::Awarded {
        for (bid, company) in addressees(tx, making, lot)? {
            parts.extend(letter(tx, app, (making, lot), (bid, company), press)?);
        }
    }
    Ok(parts)
}

/// A bid, and whom its letter is to.
type Addressee = (Id<Bid>, Id<Company>);

/// The bids for a lot whose bidders have got a letter that its reader may read.
fn addressees(tx: &mut Tx, making: &Making, lot: &Lot) -> Result<Vec<Addressee>, Error> {
    let bids = ranked(tx, lot.id)?.into_iter();
    let read = bids.filter(|bid| making.is_whole() || bid.companies().contains(&making.company));
    Ok(read.filter_map(|bid| Some((bid.id, bid.company?))).collect())
}

/// A letter, as it was sent and on paper.
fn letter(
    tx: &mut Tx,
    app: &App,
    (making, lot): (&Making, &Lot),
    (bid, company): (Id<Bid>, Id<Company>),
    press: &Press,
) -> Result<[Part; 2], Error> {
    let shown = lot.clone().shown_to(&making.tender, false);
    let letter = award::letter(tx, app, (making.tender.clone(), shown), company, Locale::Zh)?;
    let at = |end: &str| format!("lots/{}/letters/{bid}.{end}", lot.position);
    let (json, press) = (Part::json(at("json"), &letter)?, press.clone());
    let set = move || award::set_letter(&letter, press.words(), press.zone());
    Ok([json, Part::paper(at("pdf"), set)])
}
