//! What is done with applications: applying, withdrawing, leaving, objecting; reviewing, suspending, answering.

use super::application::{self, Application};
use super::applied::{ApplicationPage, ApplyPage, MinePage};
use super::form::{Answering, Explained, Given, Objecting, Review, Seen};
use super::list::QualifiedList;
use super::objection::{self, Objection};
use super::page::Done;
use super::{applying, review};
use crate::app::App;
use crate::identity::approval;
use crate::identity::mandate::{self, Act};
use crate::web::{At, Bidder, Ctx, Error, Form, Input, Member, Page, Provider, Purchaser, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

pub(super) async fn index(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    Ok(Page::new("qualified-mine", MinePage::read(&app, &context, &provider).await?))
}

pub(super) async fn form(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<QualifiedList>>,
) -> Result<Page, Error> {
    Ok(Page::new("qualified-apply", ApplyPage::read(&app, &context, &provider, id, None).await?))
}

pub(super) async fn apply(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let again =
        async |form: Form| Ok(("qualified-apply", ApplyPage::read(&app, &context, &provider, id, Some(form)).await?));
    let act = async |given: Given, form: Form| applying::apply(&app, &provider, id, given, form).await;
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}?done=qualified-applied"), Done { id }))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<QualifiedList>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let target = application::target(&app, provider.company, id);
    app.db().write(move |tx| applying::withdraw(tx, &provider, id, version, &target)).await?;
    Ok(Saved::at(format!("/qualified-lists/{id}?done=qualified-withdrawn"), Done { id }))
}

pub(super) async fn show(
    State(app): State<App>,
    context: Ctx,
    member: Member,
    At(id): At<Id<Application>>,
) -> Result<Page, Error> {
    let page = ApplicationPage::read(&app, &context, &member, id).await?;
    Ok(Page::new(page.title(), page))
}

/// An act of the list's buyer on an application, by its form.
macro_rules! of_buyer {
    ($($(#[$doc:meta])* $name:ident, $given:ty, $done:literal, $unit:expr;)*) => {$(
        $(#[$doc])*
        pub(super) async fn $name(
            State(app): State<App>,
            context: Ctx,
            buyer: Purchaser,
            At(id): At<Id<Application>>,
            input: Input,
        ) -> Result<Saved, Error> {
            let again = async |form: Form| {
                let page = ApplicationPage::read(&app, &context, &buyer, id).await?;
                Ok((page.title(), page.with_form(form)))
            };
            let act = async |given: $given, form: Form| {
                let (buyer, program) = (buyer.clone(), app.clone());
                let unit = move |tx: &mut Tx| {
                    buyer.still(tx)?;
                    let (list, _) = application::of_buyer(tx, &buyer, id)?;
                    let target = application::target(&program, buyer.company, list.id);
                    mandate::may(tx, &buyer, Act::Publish, &target)?;
                    let act: fn(&mut Tx, &Purchaser, Id<Application>, (&$given, &Form)) -> Result<Id<QualifiedList>, Error> =
                        $unit;
                    act(tx, &buyer, id, (&given, &form))
                };
                app.db().write(unit).await
            };
            let list = input.act_on(again, act).await?;
            Ok(Saved::at(format!("/qualified-applications/{id}?done={}", $done), Done { id: list }))
        }
    )*};
}

of_buyer! {
    review_one, Review, "qualified-reviewed", review::review;
    suspend, Explained, "qualified-suspended", |tx, buyer, id, (given, _)| review::suspend(tx, buyer, id, given);
    restore, Seen, "qualified-restored", |tx, buyer, id, (given, _)| review::restore(tx, buyer, id, given.version);
}

pub(super) async fn leave(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Application>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &provider, id).await?;
        Ok((page.title(), page.with_form(form)))
    };
    let act = async |given: Explained, _: Form| {
        let (provider, program) = (provider.clone(), app.clone());
        let unit = move |tx: &mut Tx| {
            provider.still(tx)?;
            let kept = application::of_provider(tx, &provider, id)?;
            let target = application::target(&program, provider.company, kept.list);
            mandate::may(tx, &provider, Act::Bid, &target)?;
            review::leave(tx, &provider, id, &given)
        };
        app.db().write(unit).await
    };
    let list = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/qualified-applications/{id}?done=qualified-left"), Done { id: list }))
}

pub(super) async fn object(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Application>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &provider, id).await?;
        Ok((page.title(), page.with_objection(form)))
    };
    let act = async |given: Objecting<Objection>, _: Form| {
        let (provider, program) = (provider.clone(), app.clone());
        app.db().write(move |tx| objection::make(tx, &provider, id, (&given, &program))).await
    };
    let list = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/qualified-applications/{id}?done=qualified-objected"), Done { id: list }))
}

pub(super) async fn answer(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Objection>>,
    input: Input,
) -> Result<Saved, Error> {
    let reader = buyer.clone();
    let (list, found) = app.db().read(move |tx| objection::of_buyer(tx, &reader, id)).await?;
    let (list, application) = (list.id, found.application);
    let again = async |form: Form| {
        let page = ApplicationPage::read(&app, &context, &buyer, application).await?;
        Ok((page.title(), page.with_answer(form)))
    };
    let act = async |given: Answering, form: Form| {
        let (buyer, target) = (buyer.clone(), application::target(&app, buyer.company, list));
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            mandate::may(tx, &buyer, Act::Publish, &target)?;
            let found = objection::of_buyer(tx, &buyer, id)?;
            objection::answer(tx, &buyer, found, &given)
        };
        app.db().write(unit).await.map_err(|refusal| refusal.keeping(&approval::REFUSALS, form, "outcome"))
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/qualified-applications/{application}?done=qualified-answered"), Done { id: list }))
}
