//! Drafting, publishing, deciding, ending: for the list's company. Reading: for everybody who may.

use super::application;
use super::form::{Changed, Copied, Explained, NewDraft, Seen, Tendered, filled};
use super::list::QualifiedList;
use super::overview::{List, OwnList};
use super::page::{Done, DraftPage, FormPage, prepares};
use super::rule::Kind;
use super::show::{ApplicationsPage, ShowPage};
use super::{convert, review, store};
use crate::app::App;
use crate::identity::mandate::{self, Act};
use crate::sourcing::attached::{self, Document};
use crate::sourcing::regime::Regime;
use crate::sourcing::tender::Done as TenderDone;
use crate::web::{Actor, At, Buyer, Ctx, Error, Form, Input, Page, Preparer, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

pub(super) async fn index(State(app): State<App>, context: Ctx, actor: Actor) -> Result<Page, Error> {
    let drafts = actor.member().is_some_and(|member| member.is_buyer && prepares(member.duties));
    Ok(Page::new("qualified-list", List::read(&app, &context, drafts).await?))
}

pub(super) async fn show(
    State(app): State<App>,
    context: Ctx,
    actor: Actor,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    let page = ShowPage::read(&app, &context, &actor, id).await?;
    Ok(Page::new(page.title(), page))
}

pub(super) async fn own(State(app): State<App>, context: Ctx, buyer: Buyer) -> Result<Page, Error> {
    let duties = buyer.duties;
    let lists = app.db().read::<_, Error>(move |tx| Ok(store::list_own(tx, &buyer)?)).await?;
    Ok(Page::new("qualified-own", OwnList::new(lists, duties, (context.locale, context.now))))
}

pub(super) async fn new(State(app): State<App>, context: Ctx, _: Preparer) -> Page {
    let id: Id<QualifiedList> = Id::v7(context.now, app.random());
    let form = Form::filled([
        ("id", id.to_string()),
        ("kind", Kind::Single.code().to_owned()),
        ("regime", Regime::Enterprise.code().to_owned()),
    ]);
    Page::new("qualified-new", FormPage::new(form, None, context.locale))
}

pub(super) async fn create(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("qualified-new", FormPage::new(form, None, context.locale)));
    let act = async |new: NewDraft, _: Form| {
        let (id, preparer) = (new.id, preparer.clone());
        app.db().write(move |tx| store::create(tx, &preparer, id, &new.content)).await?;
        Ok(id)
    };
    let id = input.act_on(page, act).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}/draft"), Done { id }))
}

pub(super) async fn draft(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    let page = DraftPage::read(&app, &context, &preparer, id).await?;
    Ok(Page::new(page.title(), page))
}

pub(super) async fn edit(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    let zone = app.zone();
    let read = move |tx: &mut Tx| Ok::<_, Error>(filled(&store::own_draft(tx, &preparer, id)?, &zone));
    let form = app.db().read(read).await?;
    Ok(Page::new("qualified-edit", FormPage::new(form, Some(id), context.locale)))
}

pub(super) async fn update(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("qualified-edit", FormPage::new(form, Some(id), context.locale)));
    let act = async |given: Changed, _: Form| {
        let preparer = preparer.clone();
        app.db().write(move |tx| store::update(tx, &preparer, id, (given.version, &given.content))).await
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}/draft"), Done { id }))
}

pub(super) async fn add_documents(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let files = match input.parse() {
        Ok(files) => files,
        Err(refused) => {
            let page = DraftPage::read(&app, &context, &preparer, id).await?;
            let form = refused.form.as_deref().cloned().unwrap_or_default();
            return Err(refused.on(page.title(), |_| page.with_documents(form)));
        }
    };
    attached::add(&app, preparer, id, files).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}/draft#documents"), Done { id }))
}

pub(super) async fn remove_document(
    State(app): State<App>,
    preparer: Preparer,
    At(document): At<Id<Document>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let id = app.db().write(move |tx| attached::remove(tx, &preparer, document)).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}/draft#documents"), Done { id }))
}

pub(super) async fn copy(
    State(app): State<App>,
    preparer: Preparer,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let copied: Copied = input.parse()?;
    let id = convert::copy(&app, preparer, id, copied.id).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}/draft?done=qualified-copied"), Done { id }))
}

pub(super) async fn publication(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    let page = DraftPage::read(&app, &context, &buyer, id).await?.for_publication();
    Ok(Page::new("qualified-publication", page))
}

pub(super) async fn publish(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let target = application::target(&app, buyer.company, id);
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        mandate::may(tx, &buyer, Act::Publish, &target)?;
        store::publish(tx, &buyer, id, version)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}?done=qualified-published"), Done { id }))
}

pub(super) async fn applications(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    Ok(Page::new("qualified-applications", ApplicationsPage::read(&app, &context, &buyer, id).await?))
}

pub(super) async fn conclude(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let (Seen { version }, zone) = (input.parse()?, app.zone());
    let target = application::target(&app, buyer.company, id);
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        mandate::may(tx, &buyer, Act::Publish, &target)?;
        review::conclude(tx, &buyer, id, version, &zone)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}?done=qualified-concluded"), Done { id }))
}

pub(super) async fn end(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let actor = Actor::Member((**buyer).clone());
        let page = ShowPage::read(&app, &context, &actor, id).await?;
        Ok((page.title(), page.with_ending(form)))
    };
    let act = async |given: Explained, _: Form| {
        let (buyer, target) = (buyer.clone(), application::target(&app, buyer.company, id));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, Act::Publish, &target)?;
            store::end(tx, &buyer, id, (given.version, &given.reason))
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}?done=qualified-ended"), Done { id }))
}

pub(super) async fn tender(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let actor = Actor::Member((**buyer).clone());
        let page = ShowPage::read(&app, &context, &actor, id).await?;
        Ok((page.title(), page.with_tendering(form)))
    };
    let act = async |given: Tendered, form: Form| convert::tender(&app, buyer.clone(), id, (given, form)).await;
    let made = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{made}/draft?done=qualified-tendered"), TenderDone { id: made }))
}
