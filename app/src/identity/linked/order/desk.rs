//! The officer's page: which affiliate has acknowledged what, and what is pending. It names nobody.

use crate::app::App;
use crate::identity::account::link::order::{self, Order, Told};
use crate::web::{At, Ctx, Error, Input, Page, PrivacyOfficer, Saved, filters};
use askama::Template;
use axum::extract::State;
use kit::db;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// Where the officer sees them.
pub const PLACE: &str = "/desk/privacy/orders";

/// The orders.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AffiliateOrders")]
#[template(path = "identity/linked/orders.html")]
pub struct Orders {
    /// Those that are not over, the oldest first.
    pub open: Vec<Told>,
    /// The last that are.
    pub over: Vec<Told>,
}

/// One goes out again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AffiliateOrderAgain")]
pub struct Again {
    /// Which.
    pub again: Id<Order>,
}

/// The page.
pub async fn show(State(app): State<App>, _: Ctx, _: PrivacyOfficer) -> Result<Page, Error> {
    let [open, over] = app.db().read::<_, db::Error>(order::all).await?;
    Ok(Page::new("orders", Orders { open, over }))
}

/// Sends one that was given up again.
pub async fn again(
    State(app): State<App>,
    officer: PrivacyOfficer,
    At(id): At<Id<Order>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let unit = move |tx: &mut db::Tx| {
        officer.still(tx)?;
        if order::again(tx, id)? { Ok(()) } else { Err(Error::not_found()) }
    };
    app.db().write::<_, Error>(unit).await?;
    Ok(Saved::at(format!("{PLACE}?done=order-again"), Again { again: id }))
}
