//! The page on which a lot is awarded: its opened bids side by side, the choice, the reason.

use crate::app::App;
use crate::sourcing::opening::record::{Opened, OpenedLot, ranked, with_files};
use crate::sourcing::tender::lot::State as LotState;
use crate::sourcing::tender::{self, Lot, Named};
use crate::web::{Actor, Error, Form, Locale, Purchaser, filters};
use askama::Template;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form, with the lot's bids by price.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/award/form.html")]
#[schemars(rename = "AwardForm")]
pub struct FormPage {
    tender: Named,
    opened: OpenedLot,
    form: Form,
}

impl FormPage {
    /// Reads a lot in evaluation of the buyer's own.
    ///
    /// # Errors
    /// 404, 409 `lot-not-in-evaluation`.
    pub async fn read(app: &App, buyer: Purchaser, id: Id<Lot>, form: Form, locale: Locale) -> Result<Self, Error> {
        app.db()
            .read(move |tx| {
                let (lot, tender) = tender::store::lot(tx, &Actor::Member((**buyer).clone()), id)?;
                tender::store::own(tx, &buyer, tender.id)?;
                if lot.state != LotState::Evaluation {
                    return Err(Error::conflict("lot-not-in-evaluation"));
                }
                let bids = ranked(tx, id)?;
                let bids = with_files(tx, bids)?;
                let opened = OpenedLot { lot, failed: false, bids };
                Ok(Self { tender: Named::new(tender, locale), opened, form: form.clone() })
            })
            .await
    }

    fn can_win(bid: &&Opened) -> bool {
        bid.rank.is_some()
    }
}
