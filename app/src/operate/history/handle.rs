//! Finding a company, saying why, reading; and what its people see of that.

use super::form::Wanted;
use super::grant::{self, HistoryGrant};
use super::page::{Ask, Find, Found, Grant, History, Readings};
use super::reader::Reader;
use super::stood::Stood;
use crate::app::App;
use crate::identity::company::{Company, State};
use crate::web::{At, Context, Ctx, Error, Form, Input, Member, Page, Saved, limit};
use axum::extract::State as Of;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;

const COMPANY: &str = "SELECT id, name, COALESCE(former_code, credit_code), state, closed_at FROM company";

fn company(row: &mut Row<'_>) -> Result<Found, db::Error> {
    Ok(Found {
        id: row.next()?,
        name: row.next()?,
        credit_code: row.next()?,
        state: State::from_code(&row.next::<String>()?),
        closed_at: row.next()?,
    })
}

/// By its code, that of before it closed, or its whole name.
fn search(tx: &mut Tx, words: &str) -> Result<Vec<Found>, db::Error> {
    let sql =
        format!("{COMPANY} WHERE credit_code = $1 OR former_code = $1 OR name = $2 ORDER BY created_at, id LIMIT 20");
    tx.all(&sql, values![words.to_uppercase(), words], company)
}

/// `?words=…`: the company with this code or name. Nothing of it is shown but what is public of any company.
pub async fn find<R: Into<Reader>>(Of(app): Of<App>, context: Ctx, reader: R) -> Result<Page, Error> {
    let reader = reader.into();
    let words = context.parameter("words").map(|words| words.trim().to_owned()).unwrap_or_default();
    let (sought, by) = (words.clone(), reader.clone());
    let read = move |tx: &mut Tx| {
        let found = if sought.is_empty() { Vec::new() } else { search(tx, &sought)? };
        Ok((found, grant::open(tx, &by)?))
    };
    let (found, open) = app.db().read::<_, db::Error>(read).await?;
    Ok(Page::new("history", Find { words, found, open, place: reader.place() }))
}

/// The form that says why.
pub async fn ask<R: Into<Reader>>(
    Of(app): Of<App>,
    context: Ctx,
    reader: R,
    At(id): At<Id<Company>>,
) -> Result<Page, Error> {
    let form = Form::filled([("at", today(&app, context.now).to_string())]);
    let page = asked(&app, &context, reader.into(), id, form).await?;
    Ok(Page::new(page.company.name.clone(), page))
}

async fn asked(app: &App, context: &Context, reader: Reader, id: Id<Company>, form: Form) -> Result<Ask, Error> {
    let place = reader.place();
    let read = move |tx: &mut Tx| {
        let found =
            tx.first(&format!("{COMPANY} WHERE id = $1"), values![id], company)?.ok_or_else(Error::not_found)?;
        Ok::<_, Error>((found, grant::of_company(tx, &reader, id)?))
    };
    let (company, before) = app.db().read(read).await?;
    let is_new = form.value("id").is_empty();
    let form =
        if is_new { form.with("id", Id::<HistoryGrant>::v7(context.now, app.random()).to_string()) } else { form };
    Ok(Ask { company, before, form, place })
}

/// Begins to read.
pub async fn begin<R: Into<Reader>>(
    Of(app): Of<App>,
    context: Ctx,
    reader: R,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    let reader: Reader = reader.into();
    let again = async |form| {
        let page = asked(&app, &context, reader.clone(), id, form).await?;
        Ok((page.company.name.clone(), page))
    };
    let made = input.act_on(again, async |wanted: Wanted, form: Form| {
        if wanted.at.is_some_and(|day| day > today(&app, context.now)) {
            return Err(form.refuse("at", "history-day"));
        }
        limit::take(app.db(), &[grant::pace(&app, &reader)]).await?;
        let (by, at) = (reader.clone(), wanted.at);
        let grant = app.db().write(move |tx| grant::begin(tx, &by, id, &wanted)).await?;
        Ok((grant, at))
    });
    let (grant, at) = made.await?;
    let day = at.unwrap_or_else(|| today(&app, context.now));
    Ok(Saved::at(format!("{}/history-grants/{}?at={day}", reader.place(), grant.id), Grant { grant }))
}

/// `?at=2026-11-20`: the company at the end of that day, on record.
pub async fn show<R: Into<Reader>>(
    Of(app): Of<App>,
    context: Ctx,
    reader: R,
    At(id): At<Id<HistoryGrant>>,
) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let reader: Reader = reader.into();
    let (place, locale) = (reader.place(), context.locale);
    let (day, at) = instant(&app, &context)?;
    let grant = app.db().write(move |tx| grant::read(tx, &reader, id, at)).await?;
    let about = grant.company;
    let read = move |tx: &mut Tx| {
        let company = tx.one(&format!("{COMPANY} WHERE id = $1"), values![about], company)?;
        Ok((company, Stood::read(tx, about, at)?))
    };
    let (company, stood) = app.db().read::<_, db::Error>(read).await?;
    Ok(Page::new(company.name.clone(), History { grant, company, day, stood, place, locale }))
}

fn today(app: &App, now: Timestamp) -> Date {
    now.to_zoned_datetime(app.zone()).date()
}

/// The day that is asked for and its last instant; of today, now. A day that has not come is today.
fn instant(app: &App, context: &Context) -> Result<(Date, Timestamp), Error> {
    let wrong = |_| Error::malformed("history-day");
    let today = today(app, context.now);
    let day = match context.parameter("at").filter(|text| !text.trim().is_empty()) {
        Some(text) => text.trim().parse::<Date>().map_err(wrong)?.min(today),
        None => today,
    };
    if day == today {
        return Ok((day, context.now));
    }
    let next = day.tomorrow().and_then(|next| next.to_zoned_datetime(app.zone())).map_err(wrong)?;
    Ok((day, next.timestamp() - SignedDuration::from_micros(1)))
}

/// Who read the member's own company.
pub async fn readings(Of(app): Of<App>, member: Member) -> Result<Page, Error> {
    let readings = app.db().read::<_, db::Error>(move |tx| grant::of_own_company(tx, &member)).await?;
    Ok(Page::new("history-readings", Readings { readings }))
}
