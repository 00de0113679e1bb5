//! Publishing and withdrawing, objecting and answering.

use super::form::{Answered, Appealed, Given, Objected, Withdrawn};
use super::objected::{FormPage, ObjectionDone, ObjectionPage};
use super::objection::{self, Objection};
use super::page::{CandidatesPage, Done};
use super::{appeal, store};
use crate::app::App;
use crate::sourcing::tender::Lot;
use crate::web::{Actor, At, Bidder, Context, Ctx, Error, Form, Input, Member, Page, Purchaser, Saved};
use axum::extract::State as Of;
use kit::id::Id;

fn buyer_as(buyer: &Purchaser) -> Actor {
    Actor::Member((***buyer).clone())
}

/// The page of a lot's candidates, with the id of the publication that it may make.
async fn page(
    app: &App,
    context: &Context,
    actor: Actor,
    id: Id<Lot>,
    form: Form,
) -> Result<(&'static str, CandidatesPage), Error> {
    let form = if form.is_typed("id") { form } else { form.with("id", app.random().id::<()>().to_string()) };
    Ok(("candidates", CandidatesPage::read(app, context, actor, id, form).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, actor: Actor, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    let (title, page) = page(&app, &context, actor, id, Form::default()).await?;
    Ok(Page::new(title, page))
}

pub async fn publish(
    Of(app): Of<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, buyer_as(&buyer), id, form).await;
    let act = async |given: Given, form: Form| {
        let (theirs, buyer) = (app.clone(), buyer.clone());
        app.db().write(move |tx| store::publish(tx, &theirs, &buyer, id, (&given, &form))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/candidates?done=candidates-published"), Done { lot: id }))
}

pub async fn withdraw(
    Of(app): Of<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page(&app, &context, buyer_as(&buyer), id, form).await;
    let given: Withdrawn = input.parse_on(again).await?;
    let theirs = app.clone();
    app.db().write(move |tx| store::withdraw(tx, &theirs, &buyer, id, &given)).await?;
    Ok(Saved::at(format!("/lots/{id}/candidates?done=candidates-withdrawn"), Done { lot: id }))
}

pub async fn new(Of(app): Of<App>, context: Ctx, bidder: Bidder, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    let objection: Id<Objection> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", objection.to_string())]);
    Ok(Page::new("objection-new", FormPage::read(&app, &context, (*bidder).clone(), id, form).await?))
}

pub async fn object(
    Of(app): Of<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("objection-new", FormPage::read(&app, &context, (*bidder).clone(), id, form).await?));
    let given: Objected = input.parse_on(again).await?;
    let (theirs, objection) = (app.clone(), given.id);
    app.db().write(move |tx| objection::make(tx, &theirs, &bidder, id, &given)).await?;
    Ok(Saved::at(format!("/objections/{objection}?done=objection-made"), ObjectionDone { objection }))
}

/// The page of an objection on which a refused form comes back.
async fn objected(
    app: &App,
    context: &Context,
    member: Member,
    id: Id<Objection>,
    form: Form,
) -> Result<(&'static str, ObjectionPage), Error> {
    Ok(("objection", ObjectionPage::read(app, context, Actor::Member(member), id, form).await?))
}

pub async fn one(Of(app): Of<App>, context: Ctx, member: Member, At(id): At<Id<Objection>>) -> Result<Page, Error> {
    let appeal: Id<()> = Id::v7(context.now, app.random());
    let form = Form::filled([("id", appeal.to_string())]);
    let (title, page) = objected(&app, &context, member, id, form).await?;
    Ok(Page::new(title, page))
}

pub async fn answer(
    Of(app): Of<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| objected(&app, &context, (**buyer).clone(), id, form).await;
    let given: Answered = input.parse_on(again).await?;
    let theirs = app.clone();
    app.db().write(move |tx| objection::answer(tx, &theirs, &buyer, id, &given.answer)).await?;
    Ok(Saved::at(format!("/objections/{id}?done=objection-answered"), ObjectionDone { objection: id }))
}

pub async fn appeal(
    Of(app): Of<App>,
    context: Ctx,
    bidder: Bidder,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| objected(&app, &context, (**bidder).clone(), id, form).await;
    let given: Appealed = input.parse_on(again).await?;
    let theirs = app.clone();
    app.db().write(move |tx| appeal::make(tx, &theirs, &bidder, id, &given)).await?;
    Ok(Saved::at(format!("/objections/{id}?done=appeal-made"), ObjectionDone { objection: id }))
}
