//! Asking for it, and taking it back.

use super::erasing::{self, obstacles};
use super::notice::{self, What};
use super::page::Cancellations;
use super::store::{self, Facts};
use super::{Cancellation, PLACE};
use crate::app::App;
use crate::identity::account::{Account, Password, knows_password};
use crate::web::{Ctx, Error, Fields, Input, Parse, Person, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use kit::job;

/// The request: an id, so that sending it twice is one, and the password.
pub struct Wanted {
    id: Id<Cancellation>,
    password: Password,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, password) = (fields.id("id"), fields.secret("password", Password::typed));
        Some(Self { id: id?, password: password? })
    }
}

/// Asks for it. What stands against it is told by name; nothing else refuses it.
pub async fn create(State(app): State<App>, context: Ctx, person: Person, input: Input) -> Result<Saved, Error> {
    let asked = async {
        let (wanted, form) = input.parse_with_form::<Wanted>()?;
        if !knows_password(&app, person, &wanted.password).await? {
            return Err(form.refuse("password", "current-password"));
        }
        let theirs = app.clone();
        app.db().write(move |tx| request(tx, &theirs, &person, wanted.id)).await
    };
    match asked.await {
        Ok(facts) => Ok(Saved::at("/me/cancellation?done=cancellation-requested", facts)),
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let page = Cancellations::read(&app, &context, person, form).await?;
            Err(refused.on("cancellation", |_| page))
        }
    }
}

fn request(tx: &mut Tx, app: &App, person: &Person, id: Id<Cancellation>) -> Result<Facts, Error> {
    let against = obstacles(tx, app, person.account())?.len();
    if against > 0 {
        return Err(Error::conflict("cancellation-obstacles").with("n", against));
    }
    begin(tx, person.account(), id, What::Requested)
}

/// Begins the time to think of an account, and tells its person.
///
/// # Errors
/// 404 for an id that is another's or was used before, and for an account that has ended.
pub fn begin(tx: &mut Tx, account: Id<Account>, id: Id<Cancellation>, what: What) -> Result<Facts, Error> {
    let (facts, is_new) = store::request(tx, account, id)?;
    if is_new {
        job::enqueue(tx, erasing::KIND, facts.id.as_bytes(), facts.due_at)?;
        notice::leave(tx, facts.id, what)?;
        notice::remind(tx, &facts)?;
    }
    Ok(facts)
}

/// Takes it back: one click, as long as the time to think runs. Twice is once.
pub async fn withdraw(State(app): State<App>, person: Person, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        if let Some(facts) = store::withdraw(tx, &person)? {
            notice::leave(tx, facts.id, What::Withdrawn)?;
            return Ok(facts);
        }
        let last = store::newest(tx, person.account())?.filter(|facts| facts.state == store::State::Withdrawn);
        last.ok_or_else(|| Error::conflict("cancellation-none"))
    };
    let facts = app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=cancellation-withdrawn"), facts))
}
