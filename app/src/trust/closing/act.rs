//! Asking for it, and taking it back.

use super::carry;
use super::page::Show;
use super::store::{self, Facts, State};
use super::{Closing, PLACE};
use crate::app::App;
use crate::identity::account::letter::{self, Letter};
use crate::identity::account::{Password, knows_password};
use crate::web::{Ctx, Error, Fields, Input, Owner, Parse, Saved};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::id::Id;
use kit::job;

/// The request: an id, so that sending it twice is one, and the password.
pub struct Wanted {
    id: Id<Closing>,
    password: Password,
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (id, password) = (fields.id("id"), fields.secret("password", Password::typed));
        Some(Self { id: id?, password: password? })
    }
}

/// Asks for it. What stands against it is told by name; nothing else refuses it.
pub async fn create(Of(app): Of<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let asked = async {
        let (wanted, form) = input.parse_with_form::<Wanted>()?;
        if !knows_password(&app, **owner, &wanted.password).await? {
            return Err(form.refuse("password", "current-password"));
        }
        let (theirs, who) = (app.clone(), owner.clone());
        app.db().write(move |tx| request(tx, &theirs, &who, wanted.id)).await
    };
    match asked.await {
        Ok(facts) => Ok(Saved::at(format!("{PLACE}?done=closing-requested"), facts)),
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let page = Show::read(&app, &context, &owner, form).await?;
            Err(refused.on("closing", |_| page))
        }
    }
}

fn request(tx: &mut Tx, app: &App, owner: &Owner, id: Id<Closing>) -> Result<Facts, Error> {
    owner.still(tx)?;
    let against = carry::obstacles(tx, app, owner.company)?.len();
    if against > 0 {
        return Err(Error::conflict("closing-obstacles").with("n", against));
    }
    let (facts, is_new) = store::request(tx, owner, id)?;
    if is_new {
        job::enqueue(tx, carry::KIND, facts.id.as_bytes(), facts.due_at)?;
        letter::to_company(tx, owner.company, &told("letter-closing-requested", owner))?;
    }
    Ok(facts)
}

fn told(key: &str, owner: &Owner) -> Letter {
    Letter::new(key).with("company", owner.company_name.as_str())
}

/// Takes it back: any owner, one click, as long as the time to think runs. Twice is once.
pub async fn withdraw(Of(app): Of<App>, owner: Owner, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let newest = store::newest(tx, owner.company)?.ok_or_else(|| Error::conflict("closing-none"))?;
        if store::end(tx, &newest, State::Withdrawn, owner.scope())? {
            letter::to_company(tx, owner.company, &told("letter-closing-withdrawn", &owner))?;
        }
        let now = store::find(tx, newest.id)?.filter(|facts| facts.state == State::Withdrawn);
        now.ok_or_else(|| Error::conflict("closing-none"))
    };
    let facts = app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=closing-withdrawn"), facts))
}
