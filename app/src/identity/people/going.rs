//! Going (离开公司): a person's own act. The company goes on with the others; the account goes on without it.

use super::page::Place;
use super::store;
use super::{Duties, Duty, leave};
use crate::app::App;
use crate::web::{Error, Input, Member, Page, Saved, filters, session};
use askama::Template;
use axum::extract::State as Of;
use kit::db::{self, Tx};
use schemars::JsonSchema;
use serde::Serialize;

/// What going does, and what stands against it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "Leaving")]
#[template(path = "identity/people/going.html")]
pub struct Going {
    company: String,
    /// Nobody else acts for the company: it closes instead.
    is_alone: bool,
    /// Nobody else answers for it: somebody has to, first.
    is_last_owner: bool,
}

pub async fn show(Of(app): Of<App>, member: Member) -> Result<Page, Error> {
    let company = member.company_name.clone();
    let read = app.db().read::<_, db::Error>(move |tx| {
        let all = store::all(tx, &member)?;
        let is_owner = member.duties.has(Duty::Owner);
        let others = all.iter().filter(|one| one.account != member.account() && one.duties.has(Duty::Owner)).count();
        Ok((all.len() == 1, is_owner && others == 0))
    });
    let (is_alone, is_last_owner) = read.await?;
    Ok(Page::new("going", Going { company, is_alone, is_last_owner }))
}

/// Goes. The session goes on, for a person who acts for nobody; the others end.
pub async fn create(Of(app): Of<App>, member: Member, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let place = app.db().write(move |tx| go(tx, &member)).await?;
    Ok(Saved::at("/me?done=company-left", place))
}

fn go(tx: &mut Tx, member: &Member) -> Result<Place, Error> {
    member.still(tx)?;
    let one = store::one(tx, member, member.account())?;
    if store::all(tx, member)?.len() == 1 {
        return Err(Error::conflict("company-left-alone"));
    }
    if one.duties.has(Duty::Owner) {
        store::keep_an_owner(tx, member.company, member.account())?;
    }
    leave::end(tx, &one, member.company, Some(member.subject()), "left")?;
    session::end_others(tx, member.account(), member.session())?;
    for owner in store::owners(tx, member.company)? {
        leave::tell(tx, owner, "letter-people-left", &member.company_name)?;
    }
    Ok(Place { account: member.account(), duties: Duties::default() })
}
