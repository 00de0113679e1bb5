//! Listing, inviting, changing duties, removing.

use super::acting::{self, Acting};
use super::duty::{Duties, Duty};
use super::form::{New, Other};
use super::invitation::{self, Invitation, Sent, State};
use super::page::{People, Person, Place};
use super::store::{self, Colleague, MOST};
use super::{PLACE, leave};
use crate::app::App;
use crate::identity::account::Account;
use crate::web::limit;
use crate::web::session;
use crate::web::{At, Broken, Context, Ctx, Error, Form, Input, Member, Owner, Page, Saved, Seen};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::id::Id;
use policy::period;

pub async fn index(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("people", People::read(&app, &context, &member, Form::default()).await?))
}

pub async fn show(Of(app): Of<App>, context: Ctx, owner: Owner, At(id): At<Id<Account>>) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("people-one", Person::read(&app, &context, &owner, id, None).await?))
}

/// Invites by e-mail. Whether the address has an account is told to nobody.
pub async fn invite(Of(app): Of<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let invited = match input.parse_with_form() {
        Ok((new, form)) => send(&app, &context, owner.clone(), new, form).await,
        Err(refused) => Err(refused),
    };
    match invited {
        Ok(sent) => Ok(Saved::at(format!("{PLACE}?done=invitation-sent"), sent)),
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let page = People::read(&app, &context, &owner, form).await?;
            Err(refused.on("people", |_| page))
        }
    }
}

async fn send(app: &App, context: &Context, owner: Owner, new: New, form: Form) -> Result<Sent, Error> {
    let index = app.accounts().email_index(&new.email);
    limit::take(app.db(), &acting::counted(app, owner.company, &index)).await?;
    let subject = app.vault().new_subject();
    let row = invitation::store::New {
        id: new.id,
        subject,
        email: app.vault().seal(invitation::store::EMAIL, subject, new.id, &new.email).await?,
        email_index: index,
        duties: new.duties,
        locale: context.locale,
        days: i64::from(period::INVITATION.days),
    };
    app.db().write(move |tx| store_one(tx, &owner, &row, &form)).await
}

fn store_one(tx: &mut Tx, owner: &Owner, row: &invitation::store::New, form: &Form) -> Result<Sent, Error> {
    owner.still(tx)?;
    let (all, waiting) = (store::all(tx, owner)?, invitation::store::waiting(tx, owner)?);
    let is_again = waiting.iter().any(|one| one.id == row.id);
    if !is_again && all.len() + waiting.len() >= MOST {
        return Err(Error::conflict("too-many-people").with("most", MOST));
    }
    if !is_again && waiting.iter().any(|one| one.email_index == row.email_index) {
        return Err(form.clone().refuse("email", Broken::rule("invited-already")));
    }
    if store::is_colleague(tx, owner, &row.email_index)? {
        return Err(form.clone().refuse("email", Broken::rule("member-already")));
    }
    invitation::store::create(tx, &Acting::of(owner), row)?;
    let kept = invitation::store::find(tx, row.id)?.ok_or_else(Error::not_found)?;
    Ok(Sent { id: kept.id, state: kept.state, expires_at: kept.expires_at })
}

/// Takes an invitation back. Twice is once.
pub async fn revoke(Of(app): Of<App>, owner: Owner, At(id): At<Id<Invitation>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        owner.still(tx)?;
        let kept = invitation::store::find(tx, id)?.filter(|kept| kept.company == owner.company);
        let kept = kept.ok_or_else(Error::not_found)?;
        invitation::store::end(tx, &kept, State::Revoked, Some(owner.subject()))?;
        let kept = invitation::store::find(tx, id)?.ok_or_else(Error::not_found)?;
        Ok::<_, Error>(Sent { id, state: kept.state, expires_at: kept.expires_at })
    };
    let sent = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=invitation-revoked"), sent))
}

/// Sets a colleague's duties.
pub async fn change(
    Of(app): Of<App>,
    context: Ctx,
    owner: Owner,
    At(id): At<Id<Account>>,
    input: Input,
) -> Result<Saved, Error> {
    let changed = match input.parse_with_form::<Other>() {
        Ok((other, form)) => {
            let owner = owner.clone();
            app.db().write(move |tx| set(tx, &owner, id, &other, &form)).await
        }
        Err(refused) => Err(refused),
    };
    match changed {
        Ok(place) => Ok(Saved::at(format!("{PLACE}?done=duties-changed"), place)),
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let page = Person::read(&app, &context, &owner, id, Some(form)).await?;
            Err(refused.on("people-one", |_| page))
        }
    }
}

fn set(tx: &mut Tx, owner: &Owner, id: Id<Account>, other: &Other, form: &Form) -> Result<Place, Error> {
    owner.still(tx)?;
    let one = store::one(tx, owner, id)?;
    let duties = other.duties;
    if one.duties == duties {
        return Ok(Place { account: id, duties });
    }
    // Nobody is made to answer for a company: they are asked, and accept.
    if duties.has(Duty::Owner) && !one.duties.has(Duty::Owner) {
        return Err(form.clone().refuse("duty", Broken::rule("owner-is-offered")));
    }
    acting::assign(tx, &Acting::of(owner), &one, other.version, duties)?;
    Ok(Place { account: id, duties })
}

/// Takes a colleague out of the company: their login sessions end with it.
pub async fn remove(Of(app): Of<App>, owner: Owner, At(id): At<Id<Account>>, input: Input) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let place = app.db().write(move |tx| take_out(tx, &owner, id, version)).await?;
    Ok(Saved::at(format!("{PLACE}?done=person-removed"), place))
}

fn take_out(tx: &mut Tx, owner: &Owner, id: Id<Account>, version: i64) -> Result<Place, Error> {
    owner.still(tx)?;
    let one: Colleague = store::one(tx, owner, id)?;
    if one.version != version {
        return Err(Error::stale());
    }
    if one.duties.has(Duty::Owner) {
        store::keep_an_owner(tx, owner.company, id)?;
    }
    leave::end(tx, &one, owner.company, Some(owner.subject()), "removed")?;
    session::end_others(tx, id, Id::from_bytes([0; 16]))?;
    leave::tell(tx, id, "letter-people-removed", &owner.company_name)?;
    Ok(Place { account: id, duties: Duties::default() })
}
