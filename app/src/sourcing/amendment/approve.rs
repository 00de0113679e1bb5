//! Approval of an amendment: where a company has its publications approved, what changes a published text is approved as well, by
//! the same chain. Moving dates on changes nothing that bidders offer, and needs none.

use super::file::{self, File};
use super::form::Amended;
use super::handle::{Lying, lay};
use super::page::FormPage;
use super::rule::{Change, Class, Field};
use super::store;
use crate::app::App;
use crate::discard::naming;
use crate::identity::approval::{self, Act, Ask, Content, Done, Line, Request, Shown};
use crate::sourcing::tender::document::Kept;
use crate::sourcing::tender::{Lot, Tender, amount};
use crate::web::{At, Ctx, Error, Form, Input, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

/// `POST /tenders/{id}/amendment-approval`: asks for approval of an amendment as its form has it.
pub async fn ask(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let page = FormPage::read(&app, &context, buyer.clone(), id, move |_| form.clone()).await?;
        Ok(("amendment-new", page))
    };
    let request = input.act_on(again, async |given, form| propose(&app, buyer.clone(), id, given, form).await).await?;
    Ok(Done::saved(request, "approval-asked"))
}

/// Blobs first, then what names them.
async fn propose(
    app: &App,
    buyer: Purchaser,
    id: Id<Tender>,
    given: Amended,
    form: Form,
) -> Result<Id<Request>, Error> {
    let Lying { region, files, blobs } = lay(app, &buyer, id, &given).await?;
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        // Of what was published already, and of what needs none.
        if given.class == Class::Dates || store::is_there(tx, &buyer, id, given.id)? {
            return Err(Error::conflict("approval-not-needed"));
        }
        let (tender, changes) = store::sound(tx, &buyer, id, &given, &names(&files), &form)?;
        let lots = store::lots(tx, id, &given, &form)?;
        let files = file::set(tx, id, given.id, &files)?;
        let ask = amendment(tx, &tender, &given, &changes, &lots, &files)?;
        approval::ask(tx, &buyer, &ask)
    };
    naming(app, (&region, blobs), unit).await
}

/// The names of files.
pub fn names(files: &[Kept]) -> Vec<String> {
    files.iter().map(|file| file.name.clone()).collect()
}

/// Refuses an amendment that is to be approved and is not. Part of its unit, after all that is compared there.
///
/// # Errors
/// 403 with one of [`approval::REFUSALS`].
pub fn may(
    tx: &mut Tx,
    buyer: &Purchaser,
    tender: &Tender,
    given: &Amended,
    changes: &[Change],
    (lots, files): (&[Lot], &[File]),
) -> Result<(), Error> {
    if given.class == Class::Dates {
        // What was asked about the tender as it stood is void.
        return approval::changed(tx, buyer, tender.id);
    }
    let ask = amendment(tx, tender, given, changes, lots, files)?;
    approval::may(tx, buyer, &ask)
}

/// An amendment, line by line: what it changes, and as what.
fn amendment(
    tx: &mut Tx,
    tender: &Tender,
    given: &Amended,
    changes: &[Change],
    touched: &[Lot],
    files: &[File],
) -> Result<Ask, Error> {
    let mut lines = vec![
        Line::new("amendment-class", Shown::Word(given.class.word().to_owned())),
        Line::new("amendment-reason", Shown::text(&given.reason)),
    ];
    lines.extend(touched.iter().map(|lot| Line::of_lot(lot.position, "tender-lot_title", Shown::text(&lot.title))));
    lines.extend(changes.iter().filter_map(|change| changed(given, change)));
    for one in files {
        let (name, sha256) = (one.kept.name.clone(), hex::encode(one.kept.sha256));
        let path = format!("/amendment-files/{}", one.id);
        lines.push(Line::new(Field::Document.word(), Shown::File { name, sha256, path }));
    }
    let path = format!("/tenders/{}/amendment", tender.id);
    let content = Content { lines, path, fields: fields(given) };
    let mut lots = store::going_on(tx, tender.id)?;
    if let Some(content) = &given.lot {
        // By what it is to cost.
        lots.iter_mut().filter(|lot| lot.position == content.position).for_each(|lot| *lot = content.of(lot));
    }
    let (subject, title) = (tender.id.cast(), tender.title.clone());
    Ok(Ask { act: Act::Amend, subject, title, amount: amount(&lots), content })
}

/// A change, as what it changes to; none for documents, which follow with what is in them.
fn changed(given: &Amended, change: &Change) -> Option<Line> {
    let value = match change.field {
        Field::Deadline => Shown::Instant(given.content.deadline),
        Field::QuestionsUntil => Shown::Instant(given.content.questions_until),
        Field::AuctionAt => Shown::Instant(given.content.auction_at.unwrap_or(given.content.deadline)),
        Field::Summary => Shown::text(&given.content.summary),
        Field::LotDescription => Shown::text(&change.after),
        Field::LotBudget | Field::LotCeiling => Shown::Money(change.after.parse().ok()),
        Field::Document => return None,
    };
    Some(match change.lot {
        Some(position) => Line::of_lot(position, change.field.word(), value),
        None => Line::new(change.field.word(), value),
    })
}

/// Its form, as it is sent once it is approved; the documents wait under its id.
fn fields(given: &Amended) -> Vec<(String, String)> {
    let one = |name: &str, value: String| (name.to_owned(), value);
    let mut fields = vec![
        one("id", given.id.to_string()),
        one("version", given.version.to_string()),
        one("class", given.class.code().to_owned()),
        one("reason", given.reason.clone()),
        one("deadline", given.content.deadline.to_string()),
        one("questions_until", given.content.questions_until.to_string()),
        one("summary", given.content.summary.clone()),
    ];
    if let Some(lot) = &given.lot {
        let yuan = |fen: Option<i64>| fen.map(kit::money::plain).unwrap_or_default();
        fields.extend([
            one("lot_number", lot.position.to_string()),
            one("lot_description", lot.description.clone().unwrap_or_default()),
            one("lot_budget", yuan(lot.budget)),
            one("lot_ceiling", yuan(lot.ceiling)),
        ]);
    }
    fields.extend(given.content.auction_at.map(|at| one("auction_at", at.to_string())));
    fields.extend(given.lots.iter().map(|lot| one("lots", lot.to_string())));
    fields
}
