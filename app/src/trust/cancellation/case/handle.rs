//! Opening a case, approving it, closing it.

use super::PLACE;
use super::page::{CasePage, Cases};
use super::store::{self, Case, New};
use crate::app::App;
use crate::identity::account::named;
use crate::trust::cancellation::notice::What;
use crate::trust::cancellation::request::begin;
use crate::web::{At, Ctx, Error, Form, Input, Page, PrivacyOfficer, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use policy::Control;

pub async fn index(State(app): State<App>, context: Ctx, operator: PrivacyOfficer) -> Result<Page, Error> {
    Ok(Page::new("cases", Cases::read(&app, &context, &operator, Form::default()).await?))
}

pub async fn show(State(app): State<App>, operator: PrivacyOfficer, At(id): At<Id<Case>>) -> Result<Page, Error> {
    Ok(Page::new("case", CasePage::read(&app, &operator, id).await?))
}

/// Opens one for the account that goes by the phone or e-mail which the person says.
pub async fn create(
    State(app): State<App>,
    context: Ctx,
    operator: PrivacyOfficer,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form| Ok(("cases", Cases::read(&app, &context, &operator, form).await?));
    let opened = input.act_on(again, async |new: New, form: Form| {
        let (index, by) = (new.name.index(app.accounts()), operator.clone());
        let unit = move |tx: &mut Tx| match named(tx, &index)? {
            Some(account) => store::open(tx, &by, &new, account),
            None => Err(form.clone().refuse("account", "account-unknown")),
        };
        app.db().write(unit).await
    });
    let case = opened.await?;
    Ok(Saved::at(format!("{PLACE}/{}?done=case-opened", case.id), case))
}

/// Another operator than the one who opened it approves: the cancellation begins, with its time to think. What stands
/// against it is looked for when that is over; the person is told, no operator is.
pub async fn approve(
    State(app): State<App>,
    operator: PrivacyOfficer,
    At(id): At<Id<Case>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        let case = store::find(tx, &operator, id)?.ok_or_else(Error::not_found)?;
        if case.opened_by == operator.account() && policy::holds(Control::CaseByTwo) {
            return Err(Error::conflict("case-same-operator"));
        }
        if case.state != "open" {
            return Err(Error::conflict("case-decided"));
        }
        // The cancellation has the case's id: approving it twice cannot begin two.
        let facts = begin(tx, case.account, id.cast(), What::Assisted)?;
        store::decide(tx, &operator, id, Some(facts.id))?;
        store::find(tx, &operator, id)?.ok_or_else(Error::not_found)
    };
    let case = app.db().write(unit).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done=case-approved"), case))
}

/// Closes it without a cancellation. The person is answered in the way that they asked.
pub async fn close(
    State(app): State<App>,
    operator: PrivacyOfficer,
    At(id): At<Id<Case>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut Tx| {
        store::find(tx, &operator, id)?.ok_or_else(Error::not_found)?;
        store::decide(tx, &operator, id, None)?;
        store::find(tx, &operator, id)?.ok_or_else(Error::not_found)
    };
    let case = app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("{PLACE}/{id}?done=case-closed"), case))
}
