//! The buyer: drafts, lots, documents, publications. What was cut off is sent again with the same ids.

use crate::ledger::{Ledger, Tender};
use crate::person::{Outcome, Person};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;
use kit::random::Random;
use serde_json::{Value, json};

/// So many tenders take bids at a time.
const OPEN: usize = 4;

/// A tender on its way to publication.
struct Draft {
    tender: String,
    lot: String,
    fields: Value,
    /// Steps that were acknowledged.
    done: usize,
}

/// The buyer, who goes on where the last round ended.
pub struct Buyer {
    person: Person,
    draft: Option<Draft>,
}

impl Buyer {
    /// One who has published nothing yet.
    pub fn new(person: Person) -> Self {
        Self { person, draft: None }
    }

    /// Publishes tenders until enough are open or the program is gone.
    pub async fn work(&mut self, ledger: &Ledger, random: &Random, now: Timestamp, round: u64) {
        loop {
            let open = ledger.notes().tenders.iter().filter(|tender| tender.called.is_none()).count();
            if self.draft.is_none() && open >= OPEN {
                return;
            }
            let mut draft = self.draft.take().unwrap_or_else(|| Draft::new(random, now));
            match self.go_on(&mut draft, ledger, random).await {
                Some(true) => ledger.notes().tenders.push(draft.published(round)),
                // It was caught and is told; the buyer begins another.
                Some(false) => {}
                None => {
                    ledger.unknown("tender acts");
                    self.draft = Some(draft);
                    return;
                }
            }
        }
    }

    /// The steps that are left. `None` when the program was gone.
    async fn go_on(&self, draft: &mut Draft, ledger: &Ledger, random: &Random) -> Option<bool> {
        while draft.done < 4 {
            let tender = &draft.tender;
            let outcome = match draft.done {
                0 => self.person.post("/tenders", &draft.fields).await,
                1 => {
                    let lot = json!({"lot_id": draft.lot, "lot_title": "服务器维保", "lot_budget": "4,860,000"});
                    self.person.post(&format!("/tenders/{tender}/lots"), &lot).await
                }
                2 => {
                    let path = format!("/tenders/{tender}/documents");
                    self.person.upload(&path, &json!({}), "documents", random.bytes::<2048>().to_vec()).await
                }
                _ => self.publish(tender).await,
            };
            match outcome {
                Outcome::Done(_) => {
                    ledger.acknowledged("tender acts");
                    draft.done += 1;
                }
                Outcome::Unknown => return None,
                Outcome::Refused(status, code) => {
                    ledger.violation(format!("step {} of tender {tender} is refused: {status} {code}", draft.done));
                    return Some(false);
                }
            }
        }
        Some(true)
    }

    /// Publishes a draft as it is seen; one that has been published already needs no more.
    async fn publish(&self, tender: &str) -> Outcome {
        let seen = match self.person.get(&format!("/tenders/{tender}/publication")).await {
            Outcome::Done(seen) => seen,
            Outcome::Refused(..) => return self.published(tender).await,
            Outcome::Unknown => return Outcome::Unknown,
        };
        let version = json!({"version": seen["tender"]["version"]});
        match self.person.post(&format!("/tenders/{tender}/publication"), &version).await {
            Outcome::Refused(..) => self.published(tender).await,
            outcome => outcome,
        }
    }

    async fn published(&self, tender: &str) -> Outcome {
        match self.person.get(&format!("/tenders/{tender}")).await {
            Outcome::Done(seen) if seen["tender"]["state"] == "draft" => {
                Outcome::Refused(409, "the draft cannot be published".into())
            }
            outcome => outcome,
        }
    }
}

impl Draft {
    fn new(random: &Random, now: Timestamp) -> Self {
        let id = || Id::<()>::v4(random).to_string();
        let after = |days: i64| (now + SignedDuration::from_hours(24 * days)).to_string();
        let (tender, lot) = (id(), id());
        let fields = json!({
            "id": tender, "title": "岚河通信云平台设备维保服务采购", "method": "open", "category": "other", "region": "36",
            "summary": "云平台设备维保，含备件与驻场。", "questions_until": after(7), "deadline": after(10),
            "budget_shown": "1",
        });
        Self { tender, lot, fields, done: 0 }
    }

    fn published(self, round: u64) -> Tender {
        Tender { id: self.tender, lot: self.lot, round, called: None, concluded: false }
    }
}
