//! The company's side: entering, and removing. It opens nothing.

use super::form::Wanted;
use super::page::{Line, Own, Removed};
use super::store::{self, New, SealedWords};
use super::{Contact, EMAIL, PHONE, PURPOSE, ending, invite};
use crate::app::App;
use crate::identity::account::Name;
use crate::trust::consent::Works;
use crate::web::limit::{self, Limit};
use crate::web::{At, Context, Ctx, Error, Form, Input, Page, Provider, Saved};
use axum::extract::State;
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use vault::{ContactEmail, ContactPhone};

/// Messages to one phone or mailbox that somebody is named with: nobody is flooded in a company's name.
static TO_ONE: Limit = Limit { name: "contacts-to-one", burst: 3, every: SignedDuration::from_hours(12) };
/// Contacts that one company enters.
static OF_ONE: Limit = Limit { name: "contacts-of-one", burst: 30, every: SignedDuration::from_hours(1) };

async fn read(app: &App, context: &Context, member: &Provider, form: Option<Form>) -> Result<Own, Error> {
    let company = member.company;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let mut lines = Vec::new();
        for one in store::of_company(tx, company)? {
            let works = Works::read(tx, PURPOSE, one.subject, Some(company))?;
            lines.push(Line::new(one, works));
        }
        Ok(lines)
    });
    let id: Id<Contact> = Id::v7(context.now, app.random());
    let form = form.unwrap_or_else(|| Form::filled([("id", id.to_string())]));
    Ok(Own { contacts: read.await?, form })
}

pub async fn list(State(app): State<App>, context: Ctx, member: Provider) -> Result<Page, Error> {
    Ok(Page::new("contacts", read(&app, &context, &member, None).await?))
}

pub async fn enter(State(app): State<App>, context: Ctx, member: Provider, input: Input) -> Result<Saved, Error> {
    let again = async |form| Ok(("contacts", read(&app, &context, &member, Some(form)).await?));
    let wanted: Wanted = input.parse_on(again).await?;
    let new = sealed(&app, &context, wanted).await?;
    let found = [&new.phone, &new.email].into_iter().flatten().map(|(_, index)| app.limits().of(&TO_ONE, &[index]));
    let counted: Vec<_> = found.chain([app.limits().of(&OF_ONE, &[member.company.as_bytes()])]).collect();
    limit::take(app.db(), &counted).await?;
    let unit = move |tx: &mut Tx| {
        if store::enter(tx, &member, &new)? {
            invite::leave(tx, &new)?;
        }
        let one = store::find(tx, new.id)?.ok_or_else(Error::not_found)?;
        let works = Works::read(tx, PURPOSE, one.subject, Some(member.company))?;
        Ok(Line::new(one, works))
    };
    let line = app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/company/contacts?done=contacts-entered", line))
}

async fn sealed(app: &App, context: &Context, wanted: Wanted) -> Result<New, Error> {
    let (vault, subject, id) = (app.vault(), app.vault().new_subject(), wanted.id);
    let phone = match &wanted.phone {
        Some(phone) => Some((vault.seal(PHONE, subject, id, phone).await?.bytes().to_vec(), of_phone(app, phone))),
        None => None,
    };
    let email = match &wanted.email {
        Some(email) => Some((vault.seal(EMAIL, subject, id, email).await?.bytes().to_vec(), of_email(app, email))),
        None => None,
    };
    let words = SealedWords::new(vault, subject, id, &wanted.words).await?;
    Ok(New { id, subject, label: wanted.label, words, phone, email, locale: context.locale.tag() })
}

/// The same index as an account's, so that the door finds both with one.
fn of_phone(app: &App, phone: &ContactPhone) -> [u8; 32] {
    Name::read(phone.expose()).index(app.accounts())
}

fn of_email(app: &App, email: &ContactEmail) -> [u8; 32] {
    Name::read(email.expose()).index(app.accounts())
}

pub async fn remove(
    State(app): State<App>,
    member: Provider,
    At(id): At<Id<Contact>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let program = app.clone();
    let unit = move |tx: &mut Tx| {
        let found = store::find(tx, id)?.filter(|one| one.company == member.company);
        let one = found.ok_or_else(Error::not_found)?;
        store::remove(tx, &one, "removed")?;
        ending::forget(tx, &program, one.subject)
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at("/company/contacts?done=contacts-removed", Removed { removed: id }))
}
