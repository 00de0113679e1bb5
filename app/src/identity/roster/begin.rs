//! Handing a list in: read apart, its addresses sealed, stored to be looked at. The file itself is dropped.

use super::form::New;
use super::page::List;
use super::row::{self, Row};
use super::{Import, PLACE, store, typed};
use crate::app::App;
use crate::identity::listing::{self, Summary};
use crate::identity::people::invitation;
use crate::web::limit::{self, Limit};
use crate::web::{Context, Ctx, Error, Form, Input, Owner, Saved};
use axum::extract::State;
use futures::stream::{self, StreamExt, TryStreamExt};
use jiff::SignedDuration;
use kit::id::Id;

/// Lists that one company hands in.
static LISTS: Limit = Limit { name: "roster-company", burst: 10, every: SignedDuration::from_mins(10) };

/// Addresses sealed side by side: each has a key of its own, which is stored first.
const ABREAST: usize = 16;

/// Takes a list in; nothing else happens.
pub async fn hand_in(State(app): State<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let again = async |form| Ok(("roster", List::read(&app, &context, &owner, Some(form)).await?));
    let begin = async |new: New, form: Form| begin(&app, &context, &owner, new, form).await;
    let list = input.act_on(again, begin).await?;
    Ok(Saved::at(format!("{PLACE}/{}?done=roster-ready", list.id), list))
}

async fn begin(app: &App, context: &Context, owner: &Owner, new: New, form: Form) -> Result<Summary, Error> {
    let counted = app.limits().of(&LISTS, &[owner.company.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&counted)).await?;
    let table = match listing::table(&app.config().drawer, new.file.content).await? {
        Ok(table) => table,
        Err(rule) => return Err(form.refuse("sheet", rule)),
    };
    let list = match row::read(&table, &row::names(&app.catalogue())) {
        Ok(list) => list,
        Err(rule) => return Err(form.refuse("sheet", rule)),
    };
    let key = typed::Key::of(app, owner.company).await?;
    let rows = stream::iter(list.rows).map(|row| seal(app, context, &key, new.id, row)).buffered(ABREAST);
    let rows: Vec<_> = rows.try_collect().await?;
    let ignored = i64::try_from(list.ignored).unwrap_or(i64::MAX);
    let (owner, id, locale) = (owner.clone(), new.id, context.locale);
    let unit = move |tx: &mut kit::db::Tx| {
        owner.still(tx)?;
        let fill = |tx: &mut kit::db::Tx| rows.iter().try_for_each(|row| store::put(tx, id, row));
        store::SHELF.hand_in(tx, (*owner.company.as_bytes(), owner.account()), (id, locale, ignored), fill)
    };
    app.db().write(unit).await
}

/// Seals a row's address for the invitation that it may become, or its cells when it cannot be read.
async fn seal(
    app: &App,
    context: &Context,
    key: &typed::Key,
    import: Id<Import>,
    row: Row,
) -> Result<store::New, Error> {
    let id: Id<invitation::Invitation> = Id::v7(context.now, app.random());
    let (whom, typed) = match &row.email {
        Some(email) => {
            let (subject, index) = (app.vault().new_subject(), app.accounts().email_index(email));
            let sealed = app.vault().seal(invitation::EMAIL, subject, id, email).await?;
            (Some((subject, sealed, index)), None)
        }
        None => (None, Some(key.seal(import, row.number, &row.typed)?)),
    };
    Ok(store::New { number: row.number, invitation: id, whom, duties: row.duties, broken: row.broken.join(" "), typed })
}
