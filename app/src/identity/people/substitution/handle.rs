//! Asking a colleague, answering, ending.

use super::form::New;
use super::page::{Line, List, Shown};
use super::store::{self, Away};
use super::{PLACE, Substitution};
use crate::app::App;
use crate::web::limit::{self, Limit};
use crate::web::{At, Ctx, Error, Form, Input, Member, Page, Saved};
use axum::extract::State as Of;
use jiff::SignedDuration;
use kit::db::Tx;
use kit::id::Id;

/// How often one member may ask: whoever tries addresses learns of few.
static OF_ONE_MEMBER: Limit = Limit { name: "substitution", burst: 10, every: SignedDuration::from_mins(10) };

pub async fn index(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    let form = Form::filled([("id", Id::<Substitution>::v7(context.now, app.random()).to_string())]);
    Ok(Page::new("substitutions", List::read(&app, member, form).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, member: Member, At(id): At<Id<Substitution>>) -> Result<Page, Error> {
    Ok(Page::new("substitution-one", Shown::read(&app, &context, member, id).await?))
}

/// Asks a colleague, found by the e-mail that they are reached by. Nothing is opened, and the address is not kept.
pub async fn ask(Of(app): Of<App>, member: Member, input: Input) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("substitutions", List::read(&app, member.clone(), form).await?));
    let line = input.act_on(again, async |new: New, form| make(&app, member.clone(), new, form).await).await?;
    Ok(Saved::at(format!("{PLACE}?done=substitution-asked"), line))
}

async fn make(app: &App, member: Member, new: New, form: Form) -> Result<Line, Error> {
    limit::take(app.db(), &[app.limits().of(&OF_ONE_MEMBER, &[member.account().as_bytes()])]).await?;
    let index = app.accounts().email_index(&new.email);
    let away = Away::of(&new, &app.zone())?;
    app.db()
        .write(move |tx| {
            store::ask(tx, &member, &away, &index, &form)?;
            Line::one(tx, &member, new.id)
        })
        .await
}

pub async fn accept(
    Of(app): Of<App>,
    member: Member,
    At(id): At<Id<Substitution>>,
    input: Input,
) -> Result<Saved, Error> {
    act(app, member, id, input, store::accept, "substitution-accepted").await
}

pub async fn decline(
    Of(app): Of<App>,
    member: Member,
    At(id): At<Id<Substitution>>,
    input: Input,
) -> Result<Saved, Error> {
    act(app, member, id, input, store::decline, "substitution-declined").await
}

pub async fn end(Of(app): Of<App>, member: Member, At(id): At<Id<Substitution>>, input: Input) -> Result<Saved, Error> {
    act(app, member, id, input, store::end, "substitution-ended").await
}

/// What is done to one.
type Act = fn(&mut Tx, &Member, Id<Substitution>) -> Result<(), Error>;

async fn act(
    app: App,
    member: Member,
    id: Id<Substitution>,
    input: Input,
    act: Act,
    done: &str,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        act(tx, &member, id)?;
        Line::one(tx, &member, id)
    };
    let line = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done={done}"), line))
}
