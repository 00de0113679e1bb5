//! Handing a list in: read apart, its addresses sealed, stored to be looked at. The file itself is dropped.

use super::form::New;
use super::page::List;
use super::row::{self, Row, Words};
use super::{PLACE, store};
use crate::app::App;
use crate::identity::company::prepared::{self, Prepared};
use crate::identity::listing::{self, Summary};
use crate::web::limit::{self, Limit};
use crate::web::{Administrator, Context, Ctx, Error, Form, Input, Saved};
use axum::extract::State;
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::SignedDuration;
use kit::db::Tx;
use kit::id::Id;

/// Lists that one administrator hands in.
static LISTS: Limit = Limit { name: "company-lists", burst: 10, every: SignedDuration::from_mins(10) };

/// Addresses sealed side by side: each has a key of its own, which is stored first.
const ABREAST: usize = 16;

/// Takes a list in; nothing else happens.
pub async fn hand_in(
    State(app): State<App>,
    context: Ctx,
    administrator: Administrator,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("company-list", List::read(&app, &context, &administrator, Some(form)).await?));
    let begin = async |new: New, form: Form| begin(&app, &context, &administrator, new, form).await;
    let list = input.act_on(again, begin).await?;
    Ok(Saved::at(format!("{PLACE}/{}?done=company-list-ready", list.id), list))
}

async fn begin(app: &App, context: &Context, by: &Administrator, new: New, form: Form) -> Result<Summary, Error> {
    let counted = app.limits().of(&LISTS, &[by.account().as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let table = match listing::table(&app.config().drawer, new.file.content).await? {
        Ok(table) => table,
        Err(rule) => return Err(form.refuse("sheet", rule)),
    };
    let list = match row::read(&table, &Words::of(&app.catalogue())) {
        Ok(list) => list,
        Err(rule) => return Err(form.refuse("sheet", rule)),
    };
    let rows = stream::iter(list.rows).map(|row| seal(app, context, row)).buffered(ABREAST);
    let rows: Vec<_> = rows.try_collect().await?;
    let ignored = i64::try_from(list.ignored).unwrap_or(i64::MAX);
    let (by, id, locale, source) = (by.clone(), new.id, context.locale, new.source);
    let unit = move |tx: &mut Tx| {
        by.still(tx)?;
        let fill = |tx: &mut Tx| store::fill(tx, id, &source, &rows);
        store::SHELF.hand_in(tx, (*by.account().as_bytes(), by.account()), (id, locale, ignored), fill)
    };
    app.db().write(unit).await
}

/// Seals a row's address for the prepared registration that it may become.
async fn seal(app: &App, context: &Context, row: Row) -> Result<store::New, Error> {
    let id: Id<Prepared> = Id::v7(context.now, app.random());
    let read = match row.read {
        Ok(read) => {
            let (subject, index) = (app.vault().new_subject(), app.accounts().email_index(&read.email));
            let sealed = app.vault().seal(prepared::EMAIL, subject, id, &read.email).await?;
            Ok(((subject, sealed, index), read.entry))
        }
        Err(why) => Err(why.join(" ")),
    };
    Ok(store::New { number: row.number, prepared: id, read })
}
