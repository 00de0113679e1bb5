//! Approval of a publication and of each further edition, where the company asks for approval of its publications.

use super::demand::{self, Audience, Content, Demand};
use super::form;
use super::invitation::INVITED;
use super::page;
use super::store;
use crate::app::App;
use crate::identity::approval::{self, Act, Ask, Content as Lines, Done, Line, Shown};
use crate::identity::company::Company;
use crate::sourcing::attached;
use crate::sourcing::guests::{self, Invited};
use crate::sourcing::tender::{category_named, region_named};
use crate::web::{At, Ctx, Error, Form, Input, Purchaser, Saved, Seen};
use axum::extract::State;
use jiff::tz::TimeZone;
use kit::db::Tx;
use kit::id::Id;

/// `POST /demands/{id}/approval`: asks for approval of a draft as its company has just seen it.
pub(super) async fn ask(
    State(app): State<App>,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let (Seen { version }, zone) = (input.parse()?, app.zone());
    let unit = move |tx: &mut Tx| {
        buyer.still(tx)?;
        let found = store::own_draft(tx, &buyer, id)?;
        let ask = publication(tx, &found, version, &zone)?;
        approval::ask(tx, &buyer, &ask)
    };
    Ok(Done::saved(app.db().write(unit).await?, "approval-asked"))
}

/// `POST /demands/{id}/change-approval`: asks for approval of another edition as its form has it.
pub(super) async fn ask_change(
    State(app): State<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| page::ChangePage::refused(&app, &context, &buyer, id, form).await;
    let act = async |given: form::Changed, form: Form| {
        let (buyer, zone) = (buyer.clone(), app.zone());
        let unit = move |tx: &mut Tx| {
            buyer.still(tx)?;
            let found = store::own_open(tx, &buyer, id)?;
            let (ask, _) = change(tx, &buyer, &found, &given, (&form, &zone))?;
            approval::ask(tx, &buyer, &ask)
        };
        app.db().write(unit).await
    };
    Ok(Done::saved(input.act_on(again, act).await?, "approval-asked"))
}

/// The publication of a draft as it was seen, if nothing stands against it.
///
/// # Errors
/// 409 `demand-unready`, 412.
pub(super) fn publication(tx: &mut Tx, found: &Demand, version: i64, zone: &TimeZone) -> Result<Ask, Error> {
    if found.version != version {
        return Err(Error::stale());
    }
    let today = store::today(tx, zone);
    if !store::unready(tx, found, today)?.is_empty() {
        return Err(Error::conflict("demand-unready"));
    }
    let invited = INVITED.list(tx, found.id)?;
    let mut lines = lines(&found.content, found.audience, &invited);
    for file in attached::list(tx, found.id)? {
        let path = format!("/demand-documents/{}", file.id);
        lines.push(Line::new("demand-documents", Shown::File { name: file.name, sha256: file.sha256, path }));
    }
    let path = format!("/demands/{}/publication", found.id);
    let content = Lines { lines, path, fields: vec![("version".to_owned(), version.to_string())] };
    Ok(of(found.id, &found.content, content))
}

/// Another edition of a published demand, with all who are invited then, if nothing stands against it. Who may read a demand stays as it was
/// published, and whom it was shown to goes on to be invited.
///
/// # Errors
/// 409 `demand-unready`, 412; 422 with the rule that is broken.
pub(super) fn change(
    tx: &mut Tx,
    buyer: &Purchaser,
    found: &Demand,
    given: &form::Changed,
    (form, zone): (&Form, &TimeZone),
) -> Result<(Ask, Vec<Id<Company>>), Error> {
    let draft = &given.draft;
    if found.version != given.version {
        return Err(Error::stale());
    }
    if draft.audience != found.audience {
        return Err(form.clone().refuse("audience", "demand-audience-fixed"));
    }
    let invited = guests::found(tx, buyer, &draft.invited, ("invited", form))?;
    if INVITED.ids(tx, found.id)?.iter().any(|one| !invited.contains(one)) {
        return Err(form.clone().refuse("invited", "invited-fewer"));
    }
    let today = store::today(tx, zone);
    if !demand::unready(&draft.content, draft.audience, invited.len(), today).is_empty() {
        return Err(form.clone().refuse("wanted_on", "demand-wanted-past"));
    }
    let named = guests::of(tx, &invited)?;
    let path = format!("/demands/{}/change", found.id);
    let fields = form::fields(&draft.content, draft.audience, &draft.invited, given.version);
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let content = Lines { lines: lines(&draft.content, draft.audience, &named), path, fields };
    Ok((of(found.id, &draft.content, content), invited))
}

fn of(id: Id<Demand>, content: &Content, lines: Lines) -> Ask {
    Ask { act: Act::Demand, subject: id.cast(), title: content.title.clone(), amount: content.budget, content: lines }
}

fn lines(content: &Content, audience: Audience, invited: &[Invited]) -> Vec<Line> {
    let (text, named) = (Shown::text, Shown::named);
    let budget = if content.budget_shown { "approval-budgets-shown" } else { "approval-budgets-hidden" };
    let mut lines = vec![
        Line::new("demand-title", text(&content.title)),
        Line::new("demand-category", named(category_named, &content.category)),
        Line::new("demand-region", named(region_named, &content.region)),
        Line::new("demand-summary", text(&content.summary)),
        Line::new("demand-budget", Shown::Money(content.budget)),
        Line::new("demand-budget_shown", Shown::Word(budget.to_owned())),
        Line::new("demand-audience", Shown::Word(audience.word().to_owned())),
    ];
    lines.extend(content.wanted_on.map(|day| Line::new("demand-wanted_on", text(&day.to_string()))));
    lines.extend(invited.iter().map(|one| Line::new("demand-invited", text(&one.name))));
    lines
}
