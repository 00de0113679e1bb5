//! The page on which a lot is awarded: its opened bids side by side, the choice, the reason.

use crate::app::App;
use crate::identity::approval::{self, Act, Open, Step};
use crate::sourcing::bid::Bid;
use crate::sourcing::opening::record::{Opened, OpenedLot, with_files};
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
    /// Whether a committee has ranked them.
    is_evaluated: bool,
    /// Which steps of approval the choice of each bid needs; none where it can be decided at once.
    approval: Vec<Needed>,
    /// What the reader has asked for about this lot.
    request: Option<Open>,
    form: Form,
}

/// The steps that choosing a bid needs.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AwardApproval")]
pub struct Needed {
    /// The bid.
    bid: Id<Bid>,
    /// In their order.
    steps: Vec<Step>,
}

impl FormPage {
    /// Reads a lot in evaluation of the buyer's own.
    ///
    /// # Errors
    /// 404; 409 `lot-not-in-evaluation`, or as of an award that is not permitted yet.
    pub async fn read(app: &App, buyer: Purchaser, id: Id<Lot>, form: Form, locale: Locale) -> Result<Self, Error> {
        app.db()
            .read(move |tx| {
                let (lot, tender) = tender::store::lot(tx, &Actor::Member((**buyer).clone()), id)?;
                tender::store::own(tx, &buyer, tender.id)?;
                if !super::waits(&lot) {
                    return Err(Error::conflict("lot-not-in-evaluation"));
                }
                let (bids, is_evaluated) = super::candidates(tx, &lot)?;
                let bids = with_files(tx, bids)?;
                let mut approval = Vec::new();
                for bid in bids.iter().filter(Self::can_win) {
                    let steps = approval::needed(tx, &buyer, Act::Award, bid.price)?;
                    approval.push(Needed { bid: bid.id, steps });
                }
                let request = approval::open(tx, &buyer, Act::Award, id)?;
                let opened = OpenedLot { lot, failed: false, unopened: false, nameless: false, bids };
                Ok(Self {
                    tender: Named::new(tender, locale),
                    opened,
                    is_evaluated,
                    approval,
                    request,
                    form: form.clone(),
                })
            })
            .await
    }

    fn can_win(bid: &&Opened) -> bool {
        bid.rank.is_some()
    }

    fn steps(&self, bid: &Opened) -> &[Step] {
        self.approval.iter().find(|one| one.bid == bid.id).map_or(&[], |one| &one.steps)
    }

    /// Whether some bid can be chosen at once.
    fn awards(&self) -> bool {
        self.approval.is_empty() || self.approval.iter().any(|one| one.steps.is_empty())
    }

    /// Whether the choice of some bid has to be approved.
    fn asks(&self) -> bool {
        self.approval.iter().any(|one| !one.steps.is_empty())
    }
}
