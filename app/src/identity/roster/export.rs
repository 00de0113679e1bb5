//! The people that the page lists, for their company's owner to keep: by which e-mail each is reached, on record as on the page.

use super::problems::told;
use crate::app::App;
use crate::identity::listing::handed;
use crate::identity::people::{self, Administration, Duties, invitation};
use crate::web::table::csv;
use crate::web::text::Words;
use crate::web::{Context, Ctx, Error, Owner};
use axum::extract::State;
use axum::response::Response;
use jiff::Timestamp;
use kit::db;
use kit::sheet::{Cell, Column};
use policy::purpose;
use vault::Grant;

/// Somebody who acts for the company, or is invited to.
struct Line {
    /// None when the person has not accepted the policy that permits it.
    email: Option<String>,
    duties: Duties,
    /// Key of how they stand.
    state: &'static str,
    since: Timestamp,
}

pub async fn workbook(State(app): State<App>, context: Ctx, owner: Owner) -> Result<Response, Error> {
    let lines = read(&app, &context, &owner).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let columns = HEAD.iter().zip([36, 36, 14, 18]);
    let columns = columns.map(|(key, width)| Column { title: words.text(key, &[]), width, ..Column::default() });
    let row = |line: Line| {
        let since = line.since.to_zoned_datetime(app.zone()).datetime();
        let since = since.with().second(0).subsec_nanosecond(0).build().unwrap_or(since);
        let [email, duties, state] = cells(&words, line);
        vec![email.into(), duties.into(), state.into(), Cell::When(since)]
    };
    handed(&words.text("people", &[]), "people", columns.collect(), lines.into_iter().map(row).collect())
}

pub async fn text(State(app): State<App>, context: Ctx, owner: Owner) -> Result<Response, Error> {
    let lines = read(&app, &context, &owner).await?;
    let words = Words::new(app.catalogue(), context.locale);
    let head = HEAD.map(|key| words.text(key, &[]));
    let row = |line: Line| {
        let since = line.since.to_zoned_datetime(app.zone()).strftime("%Y-%m-%d %H:%M").to_string();
        [&cells(&words, line)[..], &[since]].concat()
    };
    csv("people", &head.each_ref().map(String::as_str), &lines.into_iter().map(row).collect::<Vec<_>>())
}

const HEAD: [&str; 4] = ["roster-column-email", "roster-column-duties", "roster-column-state", "roster-column-since"];

fn cells(words: &Words, line: Line) -> [String; 3] {
    [line.email.unwrap_or_default(), told(words, line.duties), words.text(line.state, &[])]
}

/// Opens each e-mail for the owner, as the page does; who is invited comes last.
async fn read(app: &App, context: &Context, owner: &Owner) -> Result<Vec<Line>, Error> {
    context.refuse_prefetch()?;
    let who = owner.clone();
    let read = app.db().read::<_, db::Error>(move |tx| Ok((people::all(tx, &who)?, invitation::waiting(tx, &who)?)));
    let (colleagues, invited) = read.await?;
    let administration = Administration::of(owner);
    let grant = Grant::<purpose::CompanyAdministration, _>::new(&administration, context.request);
    let sealed: Vec<_> = colleagues.iter().map(|one| one.email.clone()).collect();
    let emails = people::opened(app, &grant, &sealed).await?;
    let there = colleagues.iter().zip(emails).map(|(one, email)| Line {
        email,
        duties: one.duties,
        state: "roster-is-member",
        since: one.since,
    });
    let grant = Grant::<purpose::Invitation, _>::new(&administration, context.request);
    let sealed: Vec<_> = invited.iter().map(|one| one.email.clone()).collect();
    let emails = people::opened(app, &grant, &sealed).await?;
    let coming = invited.iter().zip(emails).map(|(one, email)| Line {
        email,
        duties: one.duties,
        state: "roster-is-invited",
        since: one.created_at,
    });
    Ok(there.chain(coming).collect())
}
