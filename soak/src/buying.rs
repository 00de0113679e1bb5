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
    /// Whether officers open it.
    by_hands: bool,
    /// Whether a committee evaluates it.
    by_committee: bool,
    /// Steps that were acknowledged.
    done: usize,
}

/// The buyer, who goes on where the last round ended.
pub struct Buyer {
    /// The person.
    pub person: Person,
    /// The public keys of its officers.
    holders: Vec<String>,
    /// How many drafts were begun: every other is for officers to open, every fourth for a committee, too.
    begun: usize,
    draft: Option<Draft>,
}

impl Buyer {
    /// One who has published nothing yet.
    pub fn new(person: Person, holders: Vec<String>) -> Self {
        Self { person, holders, begun: 0, draft: None }
    }

    /// Publishes tenders until enough are open or the program is gone.
    pub async fn work(&mut self, ledger: &Ledger, random: &Random, now: Timestamp, round: u64) {
        loop {
            let open = ledger.notes().tenders.iter().filter(|tender| tender.called.is_none()).count();
            if self.draft.is_none() && open >= OPEN {
                return;
            }
            let mut draft = self.draft.take().unwrap_or_else(|| {
                self.begun += 1;
                // A quotation that officers open waits ten minutes for uploads, longer than a run.
                let [by_hands, by_committee] = [!self.begun.is_multiple_of(2), self.begun.is_multiple_of(4)];
                Draft::new(random, now, [by_hands, by_committee])
            });
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
        while draft.done < 6 {
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
                3 if draft.by_hands => self.choose(tender).await,
                4 if draft.by_committee => self.criteria(tender).await,
                3 | 4 => Outcome::Done(Value::Null),
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

    /// Has two of the three officers open it.
    async fn choose(&self, tender: &str) -> Outcome {
        let seen = match self.person.get(&format!("/tenders/{tender}/draft")).await {
            Outcome::Done(seen) => seen,
            other => return other,
        };
        let chosen = json!({"version": seen["tender"]["version"], "k": "2", "holders": self.holders});
        self.person.post(&format!("/tenders/{tender}/hands"), &chosen).await
    }

    /// Has a committee of three evaluate it.
    async fn criteria(&self, tender: &str) -> Outcome {
        let seen = match self.person.get(&format!("/tenders/{tender}/draft")).await {
            Outcome::Done(seen) => seen,
            other => return other,
        };
        let method = json!({
            "version": seen["tender"]["version"], "by": "committee", "seats": "3", "price_weight": "40",
            "criteria": "技术方案 40\n实施团队 20", "blind": "1",
        });
        self.person.post(&format!("/tenders/{tender}/criteria"), &method).await
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
    fn new(random: &Random, now: Timestamp, [by_hands, by_committee]: [bool; 2]) -> Self {
        let id = || Id::<()>::v4(random).to_string();
        let after = |days: i64| (now + SignedDuration::from_hours(24 * days)).to_string();
        let (tender, lot) = (id(), id());
        let fields = json!({
            "id": tender, "title": "岚河通信云平台设备维保服务采购",
            "method": if by_committee { "quotation" } else { "open" }, "category": "other", "region": "36",
            "summary": "云平台设备维保，含备件与驻场。", "questions_until": after(7), "deadline": after(10),
            "budget_shown": "1",
        });
        Self { tender, lot, fields, by_hands, by_committee, done: 0 }
    }

    fn published(self, round: u64) -> Tender {
        let Self { tender: id, lot, by_hands, by_committee, .. } = self;
        Tender { id, lot, by_hands, by_committee, round, called: None, concluded: false }
    }
}
