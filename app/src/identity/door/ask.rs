//! Asking for a code, and typing it.

use super::entry::{self, Moved};
use super::job;
use crate::app::App;
use crate::identity::account::Name;
use crate::identity::account::code::{self, Codes, Tried};
use crate::identity::account::guess::Guesses;
use crate::web::limit::{self, Limit, source};
use crate::web::session::Token;
use crate::web::visit::{self, New, Row, Visit};
use crate::web::{Broken, Context, Error, Form};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;

/// Visits asked for from one source.
static FROM_ONE_SOURCE: Limit = Limit { name: "door-source", burst: 20, every: SignedDuration::from_mins(3) };

/// Notes a visit and leaves its code to a job: the same for whom something is kept of, who has an account, and nobody.
/// Answers the visit's secret too.
pub async fn ask(app: &App, context: &Context, name: &Name) -> Result<(Id<Visit>, Token), Error> {
    let named = name.index(app.accounts());
    let [here, anywhere] = code::sending(app, context, &named);
    limit::take(app.db(), &[app.limits().of(&FROM_ONE_SOURCE, &[&source(context.ip)]), here, anywhere]).await?;
    let codes = Codes::single(app.random(), Guesses::at(app, context, &[named]).are_many(app).await?);
    let (id, token): (Id<Visit>, _) = (app.random().id(), Token::new(app.random()));
    let hashed = codes.hashed(app, id.cast());
    let payload = job::payload(app, id, name, &codes, context.locale).await?;
    let new = New { id, named, by_mail: matches!(name, Name::Email(_)), token: token.clone() };
    let unit = move |tx: &mut Tx| {
        visit::begin(tx, &new)?;
        code::issue(tx, id.cast(), &hashed)?;
        let now = tx.now();
        kit::job::enqueue(tx, job::KIND, &payload, now).map(drop)
    };
    app.db().write::<_, db::Error>(unit).await?;
    Ok((id, token))
}

/// The visit of this id, for the browser that asked for it.
///
/// # Errors
/// 404 in every other, and once it is over.
pub async fn own(app: &App, context: &Context, id: Id<Visit>) -> Result<(Row, Token), Error> {
    let token = context.visit.clone().ok_or_else(Error::not_found)?;
    let mine = token.clone();
    let row = app.db().read::<_, db::Error>(move |tx| visit::find(tx, id, &mine)).await?;
    Ok((row.ok_or_else(Error::not_found)?, token))
}

/// Tries the code. Answers the secret under which the visit goes on: what was in the browser before is worth nothing.
pub async fn prove(app: &App, context: &Context, id: Id<Visit>, codes: &Codes, form: Form) -> Result<Token, Error> {
    let (row, token) = own(app, context, id).await?;
    let (hashed, guesses) = (codes.hashed(app, id.cast()), Guesses::at(app, context, &[row.named]));
    let next = Token::new(app.random());
    let mine = next.clone();
    let unit = move |tx: &mut Tx| {
        if visit::find(tx, id, &token)?.is_none() {
            return Ok(Tried::Absent);
        }
        let tried = code::try_pair(tx, id.cast(), &hashed, &guesses)?;
        if tried == Tried::Right {
            visit::prove(tx, id, &mine)?;
            entry::record(tx, None, &Moved { visit: id, act: "proven" })?;
        }
        Ok(tried)
    };
    // A wrong code counts, so that outcome commits too.
    match app.db().write::<_, Error>(unit).await? {
        Tried::Right => Ok(next),
        Tried::Wrong(left) => Err(form.refuse("code", Broken::rule("code-wrong").with("left", left))),
        Tried::Limited(seconds) => Err(Error::limited(seconds)),
        Tried::Spent => Err(form.refuse("code", "code-spent")),
        Tried::Used | Tried::Absent => Err(Error::not_found()),
    }
}
