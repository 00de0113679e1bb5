//! Drafting, publishing, changing, closing: for the demand's company. Reading: for everybody who may.

use super::demand::Demand;
use super::form::{Changed, NewDraft, Tendered, filled};
use super::invitation::INVITED;
use super::list::{List, OwnList};
use super::page::{ChangePage, Done, DraftPage, FormPage, ReviewPage, prepares};
use super::show::{EditionPage, ShowPage};
use super::{convert, interest, store};
use crate::app::App;
use crate::identity::mandate::{self, Act};
use crate::sourcing::attached::{self, Document};
use crate::sourcing::tender::Done as TenderDone;
use crate::web::{
    Actor, At, Buyer, Ctx, Error, Explained, Form, Input, NewRow, Page, Preparer, Purchaser, Saved, Seen,
};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

pub(super) async fn index(State(app): State<App>, context: Ctx, actor: Actor) -> Result<Page, Error> {
    let drafts = actor.member().is_some_and(|member| member.is_buyer && prepares(member.duties));
    let list = List::read(&app, &context, drafts).await?;
    let feed = list.filter.feed();
    Ok(Page::new("demand-list", list).fed(feed))
}

pub(super) async fn show(
    State(app): State<App>,
    context: Ctx,
    actor: Actor,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    let page = ShowPage::read(&app, &context, &actor, id).await?;
    Ok(Page::new(page.title(), page))
}

pub(super) async fn edition(
    State(app): State<App>,
    context: Ctx,
    actor: Actor,
    At(named): At<(Id<Demand>, i64)>,
) -> Result<Page, Error> {
    Ok(Page::new("demand-edition", EditionPage::read(&app, &context, &actor, named).await?))
}

pub(super) async fn own(State(app): State<App>, context: Ctx, buyer: Buyer) -> Result<Page, Error> {
    let duties = buyer.duties;
    let demands = app.db().read::<_, Error>(move |tx| Ok(store::list_own(tx, &buyer)?)).await?;
    Ok(Page::new("demand-own", OwnList::new(demands, duties, context.locale)))
}

pub(super) async fn new(State(app): State<App>, context: Ctx, _: Preparer) -> Page {
    let id: Id<Demand> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", id.to_string()), ("audience", "all".into())]);
    Page::new("demand-new", FormPage::new(form, None, context.locale))
}

pub(super) async fn create(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("demand-new", FormPage::new(form, None, context.locale)));
    let act = async |new: NewDraft, form: Form| {
        let (id, preparer) = (new.id, preparer.clone());
        app.db().write(move |tx| store::create(tx, &preparer, id, &new.draft, &form)).await?;
        Ok(id)
    };
    let id = input.act_on(page, act).await?;
    Ok(Saved::at(format!("/demands/{id}/draft"), Done { id }))
}

pub(super) async fn edit(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    let read = move |tx: &mut Tx| {
        let found = store::own_draft(tx, &preparer, id)?;
        let invited: Vec<_> = INVITED.list(tx, id)?.into_iter().map(|one| one.credit_code).collect();
        Ok::<_, Error>(filled(&found, &invited))
    };
    let form = app.db().read(read).await?;
    Ok(Page::new("demand-edit", FormPage::new(form, Some(id), context.locale)))
}

pub(super) async fn draft(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    let page = DraftPage::read(&app, &context, &preparer, id).await?;
    Ok(Page::new(page.title(), page))
}

pub(super) async fn update(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("demand-edit", FormPage::new(form, Some(id), context.locale)));
    let act = async |given: Changed, form: Form| {
        let preparer = preparer.clone();
        app.db().write(move |tx| store::update(tx, &preparer, id, &given, &form)).await
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/demands/{id}/draft"), Done { id }))
}

pub(super) async fn add_documents(
    State(app): State<App>,
    context: Ctx,
    preparer: Preparer,
    At(id): At<Id<Demand>>,
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
    Ok(Saved::at(format!("/demands/{id}/draft#documents"), Done { id }))
}

pub(super) async fn remove_document(
    State(app): State<App>,
    preparer: Preparer,
    At(document): At<Id<Document>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let id = app.db().write(move |tx| attached::remove(tx, &preparer, document)).await?;
    Ok(Saved::at(format!("/demands/{id}/draft#documents"), Done { id }))
}

pub(super) async fn review(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    Ok(Page::new("demand-review", ReviewPage::read(&app, &context, &buyer, id).await?))
}

pub(super) async fn publish(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let (Seen { version }, zone) = (input.parse()?, app.zone());
    let target = interest::target(&app, buyer.company, id);
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        mandate::may(tx, &buyer, Act::Demand, &target)?;
        store::publish(tx, &buyer, id, version, &zone)
    };
    app.db().write(unit).await?;
    Ok(Saved::at(format!("/demands/{id}?done=demand-published"), Done { id }))
}

pub(super) async fn change_form(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    Ok(Page::new("demand-change", ChangePage::read(&app, &context, &buyer, id, None).await?))
}

pub(super) async fn change(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| ChangePage::refused(&app, &context, &buyer, id, form).await;
    let act = async |given: Changed, form: Form| {
        let (buyer, zone, target) = (buyer.clone(), app.zone(), interest::target(&app, buyer.company, id));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, Act::Demand, &target)?;
            store::change(tx, &buyer, id, &given, (&form, &zone))
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/demands/{id}?done=demand-changed"), Done { id }))
}

pub(super) async fn close(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let actor = Actor::Member((**buyer).clone());
        let page = ShowPage::read(&app, &context, &actor, id).await?;
        Ok((page.title(), page.with_closing(form)))
    };
    let act = async |ended: Explained, _: Form| {
        let (buyer, target) = (buyer.clone(), interest::target(&app, buyer.company, id));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, Act::Demand, &target)?;
            store::close(tx, &buyer, id, &ended)
        };
        app.db().write(unit).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/demands/{id}?done=demand-closed"), Done { id }))
}

pub(super) async fn copy(
    State(app): State<App>,
    preparer: Preparer,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let copied: NewRow<Demand> = input.parse()?;
    let id = convert::copy(&app, preparer, id, copied.id).await?;
    Ok(Saved::at(format!("/demands/{id}/draft?done=demand-copied"), Done { id }))
}

pub(super) async fn tender(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let actor = Actor::Member((**buyer).clone());
        let page = ShowPage::read(&app, &context, &actor, id).await?;
        Ok((page.title(), page.with_tendering(form)))
    };
    let act = async |given: Tendered, form: Form| convert::tender(&app, buyer.clone(), id, (given, form)).await;
    let made = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/tenders/{made}/draft?done=demand-tendered"), TenderDone { id: made }))
}
