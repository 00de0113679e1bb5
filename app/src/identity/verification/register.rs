//! The operator decides on a company by what the public register says of it (国家企业信用信息公示系统): name, code and
//! standing are public by law, and no document is needed to know them. Decided on is the company as it was seen.

use super::form::{NotOnRegister, Seen};
use super::review;
use crate::app::App;
use crate::identity::company::{Company, Review, read};
use crate::web::{At, Error, Form, Input, Reviewer, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

/// Approves.
pub async fn approve(
    State(app): State<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen(version) = input.parse()?;
    let company = app.db().write(move |tx| review::on_register(tx, &operator, id, (version, None))).await?;
    Ok(Saved::at("/operator/companies?done=company-approved", company))
}

/// Refuses, with a reason. If the company has changed meanwhile, it is shown as it is now beside the reason that was typed.
pub async fn refuse(
    State(app): State<App>,
    operator: Reviewer,
    At(id): At<Id<Company>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| {
        let company = read(&app, &operator, id).await?;
        Ok((company.name.clone(), Review { company, form }))
    };
    let act = async |given: NotOnRegister, form: Form| {
        let reviewer = operator.clone();
        let unit =
            move |tx: &mut Tx| review::on_register(tx, &reviewer, id, (given.version, Some(given.reason.clone())));
        app.db().write(unit).await.map_err(|refusal| refusal.typed(form, "reason"))
    };
    let company = input.act_on(page, act).await?;
    Ok(Saved::at("/operator/companies?done=company-refused", company))
}
