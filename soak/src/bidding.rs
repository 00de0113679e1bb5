//! Providers: they submit, replace and withdraw bids, until the program is gone or the hour has come.

use crate::ledger::{Act, Bid, Ledger, Tender};
use crate::person::{Outcome, Person};
use kit::id::Id;
use kit::random::Random;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// Bytes of a file that makes an envelope too large for its row.
const LARGE: usize = 24 * 1024;

/// One who bids.
pub struct Provider {
    /// Which of the run's.
    pub number: usize,
    /// The person.
    pub person: Person,
}

/// Every envelope has a price of its own, in fen, so that an opened one tells which it is.
static PRICE: AtomicI64 = AtomicI64::new(100);

impl Provider {
    /// Acts on one lot after the other until the program is gone.
    pub async fn work(&self, ledger: &Ledger, random: &Random, round: u64) {
        loop {
            let open: Vec<String> = {
                let notes = ledger.notes();
                let is_open = |tender: &&Tender| tender.called.is_none_or(|called| called == round);
                notes.tenders.iter().filter(is_open).map(|tender| tender.lot.clone()).collect()
            };
            if open.is_empty() {
                // There is nothing to bid for before the buyer has published again: asks until there is, or nobody answers.
                if !matches!(self.person.get("/health").await, Outcome::Done(_)) {
                    return;
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                continue;
            }
            let mut bid = self.bid(ledger, random, &open[index(random, open.len())]);
            let is_gone = self.act(&mut bid, ledger, random).await.is_none();
            put(ledger, bid);
            if is_gone {
                return;
            }
        }
    }

    fn bid(&self, ledger: &Ledger, random: &Random, lot: &str) -> Bid {
        let notes = ledger.notes();
        let own = notes.bids.get(lot).and_then(|bids| bids.iter().find(|bid| bid.provider == self.number));
        own.cloned().unwrap_or_else(|| Bid::new(Id::<()>::v4(random).to_string(), self.number, lot))
    }

    /// One act. `None` when the program was gone.
    async fn act(&self, bid: &mut Bid, ledger: &Ledger, random: &Random) -> Option<()> {
        if bid.open.is_some() {
            self.ask(bid, ledger).await?;
        }
        let withdraws = matches!(bid.versions.last(), Some(Act::Sealed(_))) && random.below(5) == 0;
        let act = if withdraws { Act::Withdrawn } else { Act::Sealed(PRICE.fetch_add(1, Ordering::Relaxed)) };
        bid.open = Some(act);
        // Noted before it is sent: whoever looks meanwhile knows that it may come.
        put(ledger, bid.clone());
        let by_hands = ledger.notes().tenders.iter().any(|tender| tender.lot == bid.lot && tender.by_hands);
        let sent = match act {
            Act::Sealed(price) if by_hands => self.enclose(bid, price).await,
            act => self.send(bid, act, random).await,
        };
        match sent {
            Outcome::Done(_) => {
                bid.learn(bid.version() + 1);
                ledger.acknowledged("bid acts");
                self.receipt(bid, ledger).await
            }
            Outcome::Unknown => {
                ledger.unknown("bid acts");
                None
            }
            Outcome::Refused(409, code) if code == "deadline-passed" || code == "bidding-not-open" => {
                bid.open = None;
                ledger.acknowledged("bids refused as late");
                Some(())
            }
            Outcome::Refused(status, code) => {
                bid.open = None;
                ledger.violation(format!(
                    "{act:?} of bid {} after {:?} is refused: {status} {code}",
                    bid.id, bid.versions
                ));
                Some(())
            }
        }
    }

    async fn send(&self, bid: &Bid, act: Act, random: &Random) -> Outcome {
        let (id, version) = (&bid.id, bid.version());
        let (path, mut fields) = match (version, act) {
            (_, Act::Withdrawn) => {
                return self.person.post(&format!("/bids/{id}/withdrawal"), &json!({"version": version})).await;
            }
            (0, Act::Sealed(_)) => (format!("/lots/{}/bids", bid.lot), json!({"id": id})),
            (_, Act::Sealed(_)) => (format!("/bids/{id}/replacement"), json!({"version": version})),
        };
        let Act::Sealed(price) = act else { unreachable!("a withdrawal has been sent") };
        fields["price"] = Value::String(kit::money::plain(price));
        fields["delivery_days"] = Value::String("30".into());
        if random.below(3) == 0 {
            let mut content = vec![0; LARGE];
            random.fill(&mut content);
            return self.person.upload(&path, &fields, "files", content).await;
        }
        self.person.post(&path, &fields).await
    }

    /// Seals an envelope to the program and the officers, and sends it.
    async fn enclose(&self, bid: &Bid, price: i64) -> Outcome {
        let (id, version) = (&bid.id, bid.version());
        let (form, path, mut fields) = match version {
            0 => (format!("/lots/{}/bids/new", bid.lot), format!("/lots/{}/envelopes", bid.lot), json!({"id": id})),
            _ => (format!("/bids/{id}/replacement"), format!("/bids/{id}/envelopes"), json!({"version": version})),
        };
        let form = match self.person.get(&form).await {
            Outcome::Done(form) => form,
            other => return other,
        };
        match sealed(&form, price, version + 1) {
            Some((envelope, commitment)) => {
                fields["commitment"] = Value::String(commitment);
                self.person.upload(&path, &fields, "envelope", envelope).await
            }
            None => Outcome::Refused(0, format!("nothing can be sealed by this form: {form}")),
        }
    }

    /// After an act without an answer: which version stands?
    async fn ask(&self, bid: &mut Bid, ledger: &Ledger) -> Option<()> {
        let version = match self.person.get(&format!("/bids/{}", bid.id)).await {
            Outcome::Done(seen) => usize::try_from(seen["bid"]["version"].as_u64()?).ok()?,
            Outcome::Refused(404, _) => 0,
            Outcome::Refused(status, code) => {
                ledger.violation(format!("bid {} cannot be seen: {status} {code}", bid.id));
                return Some(());
            }
            Outcome::Unknown => return None,
        };
        let before = bid.clone();
        if !bid.learn(version) {
            ledger.violation(format!("version {version} of bid {} stands after {before:?}", bid.id));
        }
        Some(())
    }

    /// The receipt says what was acknowledged, and its signature is sound.
    async fn receipt(&self, bid: &Bid, ledger: &Ledger) -> Option<()> {
        let receipt = match self.person.get(&format!("/bids/{}/receipt", bid.id)).await {
            Outcome::Done(receipt) => receipt,
            Outcome::Unknown => return None,
            Outcome::Refused(status, code) => {
                ledger.violation(format!("bid {} has no receipt: {status} {code}", bid.id));
                return Some(());
            }
        };
        let key = receipt["key"].as_str().unwrap_or_default().to_owned();
        match evidence::verify(&receipt.to_string(), &key) {
            Ok(sound) if sound.statement.get("version") == Some(&json!(bid.version())) => {
                ledger.acknowledged("receipts");
            }
            Ok(other) => {
                ledger.violation(format!("the receipt of bid {} after {:?} says {other:?}", bid.id, bid.versions))
            }
            Err(flaw) => ledger.violation(format!("the receipt of bid {}: {flaw}", bid.id)),
        }
        Some(())
    }
}

/// The envelope of a bid with this price, as version `version`, and its commitment.
fn sealed(form: &Value, price: i64, version: usize) -> Option<(Vec<u8>, String)> {
    let hands = &form["tender"]["hands"];
    let holders: Vec<String> = serde_json::from_value(hands["holders"].clone()).ok()?;
    let k = usize::try_from(hands["k"].as_u64()?).ok()?;
    let hands = sealing::Hands::new(form["tender"]["recipient"].as_str()?, &holders, k).ok()?;
    let mut offer = form["blank"].clone();
    let (tender, lot) = (offer["tender"].as_str()?.to_owned(), offer["lot"].as_str()?.to_owned());
    (offer["price"], offer["delivery_days"], offer["note"]) = (json!(price), json!(30), json!(""));
    let envelope = hands.seal(&sealing::content::pack(&offer, &[])).ok()?;
    let place = (tender.as_str(), lot.as_str(), i64::try_from(version).ok()?);
    let commitment = sealing::Commitment::to(&envelope, place).ok()?.line();
    Some((envelope, commitment))
}

fn put(ledger: &Ledger, bid: Bid) {
    let mut notes = ledger.notes();
    let bids = notes.bids.entry(bid.lot.clone()).or_default();
    match bids.iter_mut().find(|known| known.id == bid.id) {
        Some(known) => *known = bid,
        None => bids.push(bid),
    }
}

fn index(random: &Random, end: usize) -> usize {
    usize::try_from(random.below(end as u64)).unwrap_or(0)
}
