//! A run of acts: each is done in the program and in the model, and both say the same.

use super::expected::{Bid, DONE, Expected, Model, Plan};
use super::{Act, BIDDERS, HOURS, LOTS};
use crate::sourcing::{after, draft, id, publish, text};
use crate::world::{Answer, Browser, START, World};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One world for all runs: each begins a tender of its own, later than the last.
pub struct Ground {
    pub world: World,
    buyer: Browser,
    bidders: Vec<Browser>,
    runs: std::cell::Cell<i64>,
}

/// A run: the tender, its lots, and what should be true of it.
pub struct Run<'a> {
    ground: &'a Ground,
    tender: String,
    lots: Vec<String>,
    pub model: Model,
}

impl Ground {
    pub async fn new() -> Self {
        let world = World::new().await;
        let buyer = world.member("buyer").await;
        let mut bidders = Vec::new();
        for _ in 0..BIDDERS {
            bidders.push(world.member("provider").await);
        }
        world.stay_signed_in(10_000).await;
        world.stay_verified().await;
        Self { world, buyer, bidders, runs: 0.into() }
    }

    pub async fn begin(&self) -> Run<'_> {
        self.runs.set(self.runs.get() + 1);
        self.world.until(after(START.parse().unwrap(), self.runs.get() * 30)).await;
        let form = draft(&self.world);
        let (questions, deadline) = (text(&form, "questions_until"), text(&form, "deadline"));
        let tender = text(&self.buyer.post("/tenders", form).await.ok().json(), "id");
        let lots: Vec<_> = (0..LOTS).map(|_| id()).collect();
        for lot in &lots {
            crate::sourcing::add_lot(&self.buyer, &tender, lot, "维保服务").await;
        }
        publish(&self.buyer, &tender).await.ok();
        let begun = self.world.clock.now();
        let model = Model {
            plan: Plan { begun, questions: questions.parse().unwrap(), deadline: deadline.parse().unwrap() },
            now: begun,
            state: "published",
            questions_closed: false,
            questions: Vec::new(),
            lots: ["open"; LOTS],
            bids: BTreeMap::new(),
            awards: BTreeMap::new(),
            acts: 0,
        };
        Run { ground: self, tender, lots, model }
    }
}

impl Run<'_> {
    /// Does it, in the program and in the model; both say the same.
    pub async fn act(&mut self, act: &Act) -> Result<(), TestCaseError> {
        let (said, expected) = match *act {
            Act::Ask(bidder) => self.ask(bidder).await,
            Act::Answer(nth, other) => match self.answer(nth, other).await {
                Some(both) => both,
                None => return Ok(()),
            },
            Act::Bid(bidder, lot, again) => self.bid(bidder, lot, again).await,
            Act::Replace(bidder, lot, old) | Act::Withdraw(bidder, lot, old) => {
                let Some(both) = self.change(bidder, lot, old, matches!(act, Act::Withdraw(..))).await else {
                    return Ok(());
                };
                both
            }
            Act::Award(lot, bidder) => match self.award(lot, bidder).await {
                Some(both) => both,
                None => return Ok(()),
            },
            Act::Turn(hour) => {
                self.model.now = HOURS[hour](&self.model.plan);
                self.ground.world.clock.set(self.model.now);
                return Ok(());
            }
            Act::Work => {
                self.ground.world.settle().await;
                self.model.work();
                return self.compare().await;
            }
        };
        let code = if said.status.is_success() { String::new() } else { said.code() };
        prop_assert_eq!((said.status.as_u16(), code.as_str()), expected, "{:?}: {}", act, said.text);
        Ok(())
    }

    async fn ask(&mut self, bidder: usize) -> (Answer, Expected) {
        let question = id();
        let form = json!({"question_id": question, "question": "备件到场时间是否含夜间？"});
        let said = self.ground.bidders[bidder].post(&format!("/tenders/{}/questions", self.tender), form).await;
        if self.model.state == "published" && self.model.now < self.model.plan.questions {
            self.model.questions.push((question, None));
            (said, DONE)
        } else {
            (said, (409, "questions-ended"))
        }
    }

    async fn answer(&mut self, nth: usize, other: bool) -> Option<(Answer, Expected)> {
        let given = if other { "不含夜间。" } else { "含夜间。" };
        let is_open = self.model.state == "published" && self.model.now < self.model.plan.deadline;
        let (question, answer) = self.model.questions.get_mut(nth)?;
        let said = self.ground.buyer.post(&format!("/questions/{question}/answer"), json!({"answer": given})).await;
        let expected = match answer {
            Some(before) if *before == given => DONE,
            Some(_) => (409, "question-answered"),
            None if is_open => {
                *answer = Some(given);
                DONE
            }
            None => (409, "answers-ended"),
        };
        Some((said, expected))
    }

    async fn bid(&mut self, bidder: usize, lot: usize, again: bool) -> (Answer, Expected) {
        self.model.acts += 1;
        let own = self.model.bids.get(&(bidder, lot));
        let bid = own.filter(|_| again).map_or_else(id, |bid| bid.id.clone());
        let yuan = 100 + (self.model.acts * 7 % 5) as i64;
        let form = json!({"id": bid, "price": yuan.to_string(), "delivery_days": "30"});
        let said = self.ground.bidders[bidder].post(&format!("/lots/{}/bids", self.lots[lot]), form).await;
        let expected = match (self.model.may_bid(), own) {
            (Some(refused), _) => refused,
            (None, Some(own)) if own.id == bid && own.version == 1 => DONE,
            (None, Some(own)) if own.id == bid => (412, "stale"),
            (None, Some(_)) => (409, "bid-exists"),
            (None, None) => {
                let new = Bid { id: bid, version: 1, fen: yuan * 100, is_sealed: true };
                self.model.bids.insert((bidder, lot), new);
                DONE
            }
        };
        (said, expected)
    }

    async fn change(&mut self, bidder: usize, lot: usize, old: bool, withdraw: bool) -> Option<(Answer, Expected)> {
        self.model.acts += 1;
        let (acts, refused) = (self.model.acts, self.model.may_bid());
        let bid = self.model.bids.get_mut(&(bidder, lot))?;
        let version = if old { bid.version - 1 } else { bid.version };
        let yuan = 90 + (acts * 11 % 5) as i64;
        let (path, form) = if withdraw {
            ("withdrawal", json!({"version": version}))
        } else {
            ("replacement", json!({"version": version, "price": yuan.to_string(), "delivery_days": "30"}))
        };
        let said = self.ground.bidders[bidder].post(&format!("/bids/{}/{path}", bid.id), form).await;
        let expected = match refused {
            Some(refused) => refused,
            None if withdraw && !bid.is_sealed => DONE,
            None if old => (412, "stale"),
            None => {
                bid.version += 1;
                bid.is_sealed = !withdraw;
                bid.fen = yuan * 100;
                DONE
            }
        };
        Some((said, expected))
    }

    async fn award(&mut self, lot: usize, bidder: usize) -> Option<(Answer, Expected)> {
        let (bid, is_sealed) = self.model.bids.get(&(bidder, lot)).map(|bid| (bid.id.clone(), bid.is_sealed))?;
        let choice = json!({"bid": bid, "reason": "满足全部要求，价格合理"});
        let said = self.ground.buyer.post(&format!("/lots/{}/award", self.lots[lot]), choice).await;
        let model = &mut self.model;
        let expected = match model.lots[lot] {
            "awarded" if model.awards.get(&lot) == Some(&bid) => DONE,
            "evaluation" if !is_sealed => (404, "not-found"),
            "evaluation" => {
                model.awards.insert(lot, bid);
                model.lots[lot] = "awarded";
                if !model.lots.contains(&"evaluation") {
                    model.state = "awarded";
                }
                DONE
            }
            _ => (409, "lot-not-in-evaluation"),
        };
        Some((said, expected))
    }

    /// Everything that the buyer and the database tell, against the model.
    async fn compare(&self) -> Result<(), TestCaseError> {
        let seen = self.ground.buyer.get(&format!("/tenders/{}", self.tender)).await.ok().json();
        prop_assert_eq!(&seen["tender"]["state"], &json!(self.model.state));
        let lots: Vec<_> = seen["lots"].as_array().unwrap().iter().map(|lot| lot["state"].clone()).collect();
        prop_assert_eq!(lots, self.model.lots.map(|lot| json!(lot)).to_vec());
        let told: Vec<_> = seen["questions"].as_array().unwrap().iter().map(|one| one["answer"].clone()).collect();
        let answers: Vec<_> = self.model.questions.iter().map(|(_, answer)| json!(answer)).collect();
        prop_assert_eq!(told.len(), answers.len());
        prop_assert!(answers.iter().all(|answer| told.contains(answer)));
        let opened = seen["opening"].as_array().map_or(Value::Null, |lots| lots.iter().map(opened).collect());
        prop_assert_eq!(opened, self.model.record());
        let awards: BTreeMap<_, _> =
            seen["awards"].as_array().unwrap().iter().map(|one| (text(one, "lot"), text(one, "bid"))).collect();
        let expected = self.model.awards.iter().map(|(lot, bid)| (self.lots[*lot].clone(), bid.clone())).collect();
        prop_assert_eq!(awards, expected);
        self.behind_the_counter().await
    }

    async fn behind_the_counter(&self) -> Result<(), TestCaseError> {
        let tender: kit::id::Id<()> = self.tender.parse().unwrap();
        let (next_check, events, receipts) = self
            .ground
            .world
            .app
            .db()
            .read::<_, kit::db::Error>(move |tx| {
                let next = tx.one("SELECT next_check FROM tender WHERE id = $1", kit::values![tender], |row| {
                    row.next::<i64>()
                })?;
                let sql = "SELECT kind, count(*) FROM event WHERE tender = $1 GROUP BY kind";
                let events =
                    tx.all(sql, kit::values![tender], |row| Ok((row.next::<String>()?, row.next::<i64>()?)))?;
                let sql = "SELECT count(*) FROM bid_receipt r JOIN bid b ON b.id = r.bid WHERE b.tender = $1";
                Ok((next, events, tx.one(sql, kit::values![tender], |row| row.next::<i64>())?))
            })
            .await
            .unwrap();
        prop_assert_eq!(next_check, self.model.next_check());
        let model = &self.model;
        let failed = model.lots.iter().filter(|lot| **lot == "failed").count();
        let is_over = model.state != "published";
        let won = |(_, lot): &(usize, usize), bid: &Bid| model.awards.get(lot) == Some(&bid.id);
        let winners: BTreeSet<_> =
            model.bids.iter().filter(|(place, bid)| won(place, bid)).map(|((who, _), _)| who).collect();
        let answered = model.questions.iter().filter(|(_, answer)| answer.is_some()).count();
        let expected = [
            ("tender.drafted", 1),
            ("tender.published", 1),
            ("notice.published", 1 + answered + usize::from(matches!(model.state, "failed" | "awarded"))),
            ("tender.questions-ended", usize::from(model.questions_closed)),
            ("tender.closed", usize::from(is_over)),
            ("tender.lot-failed", failed),
            ("tender.failed", usize::from(failed == LOTS)),
            ("tender.opened", usize::from(is_over && failed < LOTS)),
            ("tender.lot-awarded", model.awards.len()),
            ("thread.opened", winners.len()),
            ("tender.awarded", usize::from(model.state == "awarded")),
            ("question.asked", model.questions.len()),
            ("question.answered", answered),
            ("bid.acted", usize::try_from(model.bids.values().map(|bid| bid.version).sum::<i64>()).unwrap()),
        ];
        let expected: BTreeMap<_, _> =
            expected.into_iter().filter(|(_, n)| *n > 0).map(|(kind, n)| (kind.to_owned(), n as i64)).collect();
        prop_assert_eq!(events.into_iter().collect::<BTreeMap<_, _>>(), expected);
        prop_assert_eq!(receipts, model.bids.values().map(|bid| bid.version).sum::<i64>());
        Ok(())
    }
}

/// What the model knows of an opened lot. Which of equal prices came first only the clock knows, which jumps.
fn opened(lot: &Value) -> Value {
    let bids = lot["bids"].as_array().unwrap().iter();
    let mut bids: Vec<_> = bids.map(|bid| (bid["price"].as_i64().unwrap(), text(bid, "id"))).collect();
    assert!(bids.is_sorted_by_key(|(price, _)| *price), "by price: {bids:?}");
    bids.sort();
    json!({"failed": lot["failed"], "bids": bids.iter().map(|(price, id)| json!([id, price])).collect::<Vec<_>>()})
}
