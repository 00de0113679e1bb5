//! Drafting and publishing, for buyers.

use super::document;
use super::form::{ChangedDraft, LotDraft, NewDraft, filled};
use super::key;
use super::lot::Lot;
use super::page::{DraftPage, FormPage, List, ReviewPage};
use super::store;
use super::tender::Tender;
use crate::app::App;
use crate::identity::mandate::{self, Target};
use crate::web::{Actor, At, Buyer, Ctx, Error, Form, Input, Page, Preparer, Purchaser, Saved, Seen};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use kit::random::Random;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act on a tender.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TenderDone")]
pub struct Done {
    /// The tender.
    pub id: Id<Tender>,
}

pub async fn index(State(app): State<App>, context: Ctx, buyer: Buyer) -> Result<Page, Error> {
    let duties = buyer.duties;
    let tenders = app.db().read::<_, Error>(move |tx| Ok(store::list_own(tx, &buyer)?)).await?;
    Ok(Page::new("tender-mine", List::new(tenders, duties, context.locale)))
}

pub async fn new(State(app): State<App>, context: Ctx, _: Preparer) -> Page {
    let id: Id<Tender> = Id::v7(context.now, app.random());
    let form = Form::filled([
        ("id", id.to_string()),
        ("method", "open".into()),
        ("regime", "enterprise".into()),
        ("tie", "shared".into()),
        ("budget_shown", "1".into()),
    ]);
    Page::new("tender-new", FormPage::new(form, None, context.locale))
}

pub async fn create(State(app): State<App>, context: Ctx, preparer: Preparer, input: Input) -> Result<Saved, Error> {
    let parsed: Result<NewDraft, _> = input.parse();
    let new = parsed.map_err(|e| e.on("tender-new", |form| FormPage::new(form, None, context.locale)))?;
    let (id, (number, zone)) = (new.id, numbered(&app));
    app.db().write(move |tx| store::create(tx, &preparer, id, &number, &zone, &new.draft)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft"), Done { id }))
}

pub async fn edit(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let tender = app.db().read(move |tx| store::own_draft(tx, &preparer, id)).await?;
    let form = filled(&tender, &app.zone());
    Ok(Page::new("tender-edit", FormPage::new(form, Some(id), context.locale)))
}

pub async fn update(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let parsed: Result<ChangedDraft, _> = input.parse();
    let changed = parsed.map_err(|e| e.on("tender-edit", |form| FormPage::new(form, Some(id), context.locale)))?;
    app.db().write(move |tx| store::update(tx, &preparer, id, changed.version, &changed.draft)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft"), Done { id }))
}

pub async fn draft(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let form = lot_form(&app);
    let page = DraftPage::read(&app, &context, &preparer, id, form).await?;
    Ok(Page::new(page.title(), page))
}

pub async fn add_lot(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let page = DraftPage::read(&app, &context, &preparer, id, form).await?;
        Ok((page.title(), page))
    };
    let lot: LotDraft = input.parse_on(page).await?;
    app.db().write(move |tx| store::add_lot(tx, &preparer, id, &lot)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#lots"), Done { id }))
}

pub async fn remove_lot(
    State(app): State<App>,
    preparer: Preparer,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let id = app.db().write(move |tx| store::remove_lot(tx, &preparer, lot)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#lots"), Done { id }))
}

pub async fn review(
    State(app): State<App>,
    context: Ctx,
    purchaser: Purchaser,
    At(id): At<Id<Tender>>,
) -> Result<Page, Error> {
    let page = ReviewPage::read(&app, &context, &purchaser, id).await?;
    Ok(Page::new("tender-review", page))
}

pub async fn publish(
    State(app): State<App>,
    purchaser: Purchaser,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let owner = purchaser.clone();
    app.db().read(move |tx| store::own(tx, &owner, id)).await?;
    let recipient = key::make(&app, id).await?;
    let target = Target::of(&app, purchaser.company, id, None::<Id<Lot>>);
    let unit = move |tx: &mut Tx| {
        purchaser.still(tx)?;
        mandate::may(tx, &purchaser, mandate::Act::Publish, &target)?;
        store::publish(tx, &purchaser, id, version, &recipient)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/tenders/{id}?done=tender-published"), Done { id }))
}

pub async fn add_documents(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let files = match input.parse() {
        Ok(files) => files,
        Err(refused) => {
            let page = DraftPage::read(&app, &context, &preparer, id, lot_form(&app)).await?;
            let form = refused.form.as_deref().cloned().unwrap_or_default();
            return Err(refused.on(page.title(), |_| page.with_documents(form)));
        }
    };
    document::add(&app, preparer, id, files).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#documents"), Done { id }))
}

pub async fn remove_document(
    State(app): State<App>,
    preparer: Preparer,
    At(document): At<Id<document::Document>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let id = app.db().write(move |tx| document::remove(tx, &preparer, document)).await?;
    Ok(Saved::at(format!("/tenders/{id}/draft#documents"), Done { id }))
}

pub async fn opportunities(State(app): State<App>, context: Ctx, actor: Actor) -> Result<Page, Error> {
    let reader = actor.member().map(|member| member.company);
    let tenders = app.db().read::<_, Error>(move |tx| Ok(store::list_open(tx, reader)?)).await?;
    Ok(Page::new("tender-opportunities", List::opportunities(tenders, context.locale)))
}

pub(super) fn lot_form(app: &App) -> Form {
    Form::filled([("lot_id", Id::<Lot>::v7(app.clock().now(), app.random()).to_string())])
}

/// The number of a tender that is made now, which people can quote and which counts nothing (the day, and five random characters), and the
/// time zone of its hours.
pub fn numbered(app: &App) -> (String, String) {
    let zone = app.zone();
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    let day = app.clock().now().to_zoned_datetime(zone).strftime("%Y%m%d").to_string();
    (format!("ZY-{day}-{}", letters(app.random())), name)
}

/// Five characters that cannot be taken for one another.
fn letters(random: &Random) -> String {
    const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";
    (0..5).map(|_| char::from(ALPHABET[random.below(31) as usize])).collect()
}
