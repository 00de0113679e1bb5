//! Reading, saving and throwing away.

use super::page::{DraftPage, refused};
use super::{Given, store};
use crate::app::App;
use crate::business::Keys;
use crate::sourcing::tender::Lot;
use crate::web::{At, Bidder, Error, Form, Input, Page, Saved, Seen};
use axum::extract::State;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to an act on a draft.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "BidDraftDone")]
pub struct Told {
    /// Of which lot.
    lot: Id<Lot>,
}

/// `GET /lots/{id}/draft`.
pub async fn show(State(app): State<App>, provider: Bidder, At(lot): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("bid-draft", DraftPage::read(&app, &provider, lot, None).await?))
}

/// `POST /lots/{id}/draft`.
pub async fn save(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let page = async |form: Form| Ok(("bid-draft", DraftPage::read(&app, &provider, lot, Some(form)).await?));
    let act = async |given: Given, form: Form| {
        let keys = Keys::of(&app, [provider.company]).await?;
        let (theirs, who) = (app.clone(), provider.clone());
        let saved = app.db().write(move |tx| store::save(tx, &theirs, &who, lot, &given, &keys)).await;
        saved.map_err(|refusal| refused(refusal, form))
    };
    input.act_on(page, act).await?;
    Ok(Saved::at(format!("/lots/{lot}/draft?done=bid-draft-saved"), Told { lot }))
}

/// `POST /lots/{id}/draft/removal`.
pub async fn remove(
    State(app): State<App>,
    provider: Bidder,
    At(lot): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let theirs = app.clone();
    app.db().write(move |tx| store::remove(tx, &theirs, &provider, lot, version)).await?;
    Ok(Saved::at(format!("/lots/{lot}/draft?done=bid-draft-removed"), Told { lot }))
}
