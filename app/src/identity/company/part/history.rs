//! The company on any day, and what each filing changed.

use super::page::{AsOf, FilingLine, History};
use super::representative::{self, Representative};
use super::store::{self, Filing};
use super::{Part, Value, differences, lines};
use crate::app::App;
use crate::identity::company::Company;
use crate::web::{Context, Ctx, Error, Form, Member, Page, Param};
use axum::extract::State as Of;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kit::db;
use kit::id::Id;
use policy::purpose;
use vault::Grant;

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] =
    &[Param { name: "at", about: "The day on which the company is shown as it stood", example: "2026-11-23" }];

/// `?at=2026-11-23`: as it stood at the end of that day; without it, what was filed.
pub async fn show(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    let day = match context.parameter("at").filter(|text| !text.trim().is_empty()) {
        Some(text) => Some(text.trim().parse::<Date>().map_err(|_| Error::malformed("company-day"))?),
        None => None,
    };
    let reader = member.clone();
    let filings = app.db().read::<_, db::Error>(move |tx| store::filings(tx, &reader)).await?;
    let stood = match day {
        Some(day) => stood(&app, &context, &member, day).await?,
        None => Vec::new(),
    };
    let at = day.map(|day| day.to_string());
    let form = Form::filled([("at", at.clone().unwrap_or_default())]);
    let mut seen = Vec::new();
    let newest_first = filings.into_iter().map(|filing| {
        let superseded = seen.contains(&filing.part);
        seen.push(filing.part);
        told(filing, superseded)
    });
    let filings = newest_first.collect();
    Ok(Page::new("company-history", History { at, stood, filings, form }))
}

fn told(filing: Filing, superseded: bool) -> FilingLine {
    let mut changes = differences(&filing.before, &filing.lines);
    // That another name was sealed is all that can be told of it here.
    if filing.part == Part::Representative && !filing.before.is_empty() {
        let (before, after) = (Some(Value::Sealed), Some(Value::Sealed));
        changes.push(super::Difference { field: "representative_name", before, after });
    }
    let Filing { part, version, filed_at, reviewed_at, .. } = filing;
    FilingLine { part, version, filed_at, reviewed_at, superseded, changes }
}

/// Every part of a company as it stood at an instant, shut: of a name there stands that it is sealed, and of the bank account
/// that one was given.
///
/// # Errors
/// [`db::Error`].
pub fn stood_shut(tx: &mut db::Tx, company: Id<Company>, at: Timestamp) -> Result<Vec<AsOf>, db::Error> {
    let parts = store::as_of(tx, company, at)?.into_iter();
    let shut = |(part, version, content): (Part, i64, String)| {
        let facts = if part == Part::Bank { Vec::new() } else { lines(part, &content) };
        AsOf { part, version, facts }
    };
    Ok(parts.map(shut).collect())
}

/// Every part at the end of a day. The name of who stood for the company then is opened, on record.
async fn stood(app: &App, context: &Context, member: &Member, day: Date) -> Result<Vec<AsOf>, Error> {
    context.refuse_prefetch()?;
    let reader = member.clone();
    let last = last_instant(app, day)?;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let parts = store::as_of(tx, reader.company, last)?;
        let representative = parts.iter().find(|(part, ..)| *part == Part::Representative);
        let row = representative.and_then(|(_, _, content)| serde_json::from_str::<Representative>(content).ok());
        let name = row.map_or(Ok(None), |content| representative::name_for(tx, &reader, content.row))?;
        Ok((parts, name))
    });
    let (parts, name) = read.await?;
    let name = match name {
        Some((proof, sealed)) => {
            let grant = Grant::<purpose::CompanyRecord, _>::new(&proof, context.request);
            Some(app.vault().open(&grant, &sealed).await?)
        }
        None => None,
    };
    let as_of = |(part, version, content): (Part, i64, String)| {
        let mut facts = lines(part, &content);
        for line in facts.iter_mut().filter(|line| line.value == Value::Sealed) {
            if let Some(name) = &name {
                line.value = Value::Text(name.expose().to_owned());
            }
        }
        AsOf { part, version, facts }
    };
    Ok(parts.into_iter().map(as_of).collect())
}

fn last_instant(app: &App, day: Date) -> Result<Timestamp, Error> {
    let next = day.tomorrow().and_then(|next| next.to_zoned_datetime(app.zone()));
    let next = next.map_err(|_| Error::malformed("company-day"))?;
    Ok(next.timestamp() - SignedDuration::from_micros(1))
}
