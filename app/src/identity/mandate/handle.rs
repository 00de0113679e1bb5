//! Listing, issuing, revoking, typesetting, and whether letters are asked for.

use super::act::Act;
use super::form::{New, Wanted};
use super::page::{self, Line, List, Rule, Shown, TARGET};
use super::store::{self, Letter};
use super::{Mandate, PLACE, target};
use crate::app::App;
use crate::identity::people;
use crate::web::{At, Context, Ctx, Error, Form, Input, Member, Owner, Page, Saved};
use axum::extract::State;
use kit::db;
use kit::id::Id;
use kit::values;

/// The company's letters for an owner, one's own for everybody else.
pub async fn index(State(app): State<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    Ok(Page::new("mandates", list(&app, &context, &member, None).await?))
}

async fn list(app: &App, context: &Context, member: &Member, form: Option<Form>) -> Result<List, Error> {
    let (who, is_owner) = (member.clone(), page::is_owner(member));
    let read = app.db().read::<_, db::Error>(move |tx| {
        let letters = match is_owner {
            true => store::of_company(tx, who.company)?,
            false => store::of_holder(tx, who.company, who.account())?,
        };
        let targets = if is_owner { page::targets(tx, &who)? } else { Vec::new() };
        Ok((letters, store::rule(tx, who.company)?, targets))
    });
    let (letters, rule, targets) = read.await?;
    let reached = match Owner::of(&context.actor).filter(|_| is_owner) {
        Some(owner) => people::reached(app, context, &owner).await?,
        None => Vec::new(),
    };
    let mut lines = Vec::with_capacity(letters.len());
    for letter in letters {
        let mut line = Line::of(app, context, member, letter).await?;
        line.email = reached.iter().find(|(account, _)| *account == line.account).and_then(|(_, email)| email.clone());
        lines.push(line);
    }
    let rule = Rule::of(rule);
    let colleagues =
        reached.into_iter().map(|(account, email)| (account.to_string(), email.unwrap_or_else(|| account.to_string())));
    let form = form.unwrap_or_else(|| fresh(app, context, rule.rule));
    Ok(List {
        letters: lines,
        may_act: is_owner,
        colleagues: colleagues.collect(),
        acts: Act::of_sides(member),
        targets,
        form,
        rule,
    })
}

/// The form with the id that makes two sendings one letter.
fn fresh(app: &App, context: &Context, rule: &str) -> Form {
    let id: Id<Mandate> = Id::v7(context.now, app.random());
    Form::filled([("id", id.to_string()), ("rule", rule.to_owned())])
}

/// Issues a letter to a member of the company.
pub async fn issue(State(app): State<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let issued = match input.parse_with_form::<New>() {
        Ok((new, form)) => write(&app, &context, &owner, new, form).await,
        Err(refused) => Err(refused),
    };
    let id = match issued {
        Ok(id) => id,
        Err(refused) => {
            let Some(form) = refused.form.as_deref().cloned() else { return Err(refused) };
            let page = list(&app, &context, &owner, Some(form)).await?;
            return Err(refused.on("mandates", |_| page));
        }
    };
    let line = line(&app, &context, &owner, id).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done=mandate-issued"), line))
}

async fn write(app: &App, context: &Context, owner: &Owner, new: New, form: Form) -> Result<Id<Mandate>, Error> {
    if new.valid_until <= context.now {
        return Err(form.refuse("valid_until", "mandate-over-already"));
    }
    let target = match new.target {
        Some(named) => {
            let company = owner.company;
            let known = app.db().read::<_, db::Error>(move |tx| page::titled(tx, company, named)).await?;
            if known.is_none() {
                return Err(form.refuse("target", "mandate-target"));
            }
            let sealed = app.vault().secrets().seal(TARGET, &new.id.to_string(), named.as_bytes()).await?;
            Some((target::mark(app, owner.company, named.as_bytes()), sealed))
        }
        None => None,
    };
    let (id, who) = (new.id, owner.clone());
    let (valid_from, valid_until) = (new.valid_from, new.valid_until);
    let row = store::New { id, account: new.account, acts: new.acts, target, valid_from, valid_until };
    app.db().write(move |tx| store::issue(tx, &who, &row)).await?;
    Ok(id)
}

async fn found(app: &App, member: &Member, id: Id<Mandate>) -> Result<Letter, Error> {
    let letter = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
    let is_readers = |one: &Letter| one.company == member.company;
    let is_shown = |one: &Letter| page::is_owner(member) || one.account == member.account();
    letter.filter(|one| is_readers(one) && is_shown(one)).ok_or_else(Error::not_found)
}

async fn line(app: &App, context: &Context, member: &Member, id: Id<Mandate>) -> Result<Line, Error> {
    let letter = found(app, member, id).await?;
    Line::of(app, context, member, letter).await
}

/// A letter as it is printed: for the company's owners, and for its holder.
pub async fn show(
    State(app): State<App>,
    context: Ctx,
    member: Member,
    At(id): At<Id<Mandate>>,
) -> Result<Page, Error> {
    let letter = line(&app, &context, &member, id).await?;
    let (company, may_act) = (member.company, page::is_owner(&member));
    let code = "SELECT credit_code FROM company WHERE id = $1";
    let read = app.db().read::<_, db::Error>(move |tx| tx.one(code, values![company], |row| row.next()));
    let (credit_code, company_name) = (read.await?, member.company_name.clone());
    Ok(Page::new("mandate-letter", Shown { letter, company_name, credit_code, may_act }))
}

/// Takes a letter back, at once.
pub async fn revoke(
    State(app): State<App>,
    context: Ctx,
    owner: Owner,
    At(id): At<Id<Mandate>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let who = owner.clone();
    app.db().write(move |tx| store::revoke(tx, &who, id)).await?;
    let line = line(&app, &context, &owner, id).await?;
    Ok(Saved::at(format!("{PLACE}?done=mandate-revoked"), line))
}

/// Says whether letters are asked for.
pub async fn rule(State(app): State<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let Wanted(wanted) = match input.parse() {
        Ok(wanted) => wanted,
        Err(refused) => {
            let page = list(&app, &context, &owner, refused.form.as_deref().cloned()).await?;
            return Err(refused.on("mandates", |_| page));
        }
    };
    app.db().write(move |tx| store::set_rule(tx, &owner, wanted)).await?;
    Ok(Saved::at(format!("{PLACE}?done=mandate-ruled"), Rule::of(wanted)))
}
