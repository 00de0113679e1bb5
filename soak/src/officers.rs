//! Opening officers: the buyer's own person and two colleagues. After the hour of a tender that is sealed to them they give their
//! shares, until the program is gone; what was acknowledged is asked for no more.

use crate::ledger::Ledger;
use crate::person::{Outcome, Person};
use crate::place::Place;
use crate::registering::{self, PASSWORD, email, phone};
use crate::run::{Failure, done};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kit::id::Id;
use kit::mail::outbox::{self, Channel};
use kit::random::Random;
use sealing::sheet::Sheet;
use sealing::{Identity, keeping, one};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// The least work that is taken for a passphrase.
const WORK: u8 = 15;
const PASSPHRASE: &str = "vier magere Ziegen im Regen";

/// How long a letter may be on its way.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with a key.
pub struct Officer {
    person: Person,
    key: Identity,
    /// The public half.
    pub recipient: String,
}

impl Officer {
    /// Makes a key, enrols it and proves it.
    ///
    /// # Errors
    /// When the program refuses.
    pub async fn enrol(person: Person) -> Result<Self, Failure> {
        let key = sealing::new_key();
        let (recipient, mine) = (key.to_public().to_string(), key.clone());
        let kept = tokio::task::spawn_blocking(move || keeping::keep(&mine, PASSPHRASE, WORK)).await??;
        let id = Id::<()>::v4(&Random::system()).to_string();
        let form = json!({"id": id, "recipient": recipient, "kept": STANDARD.encode(kept)});
        let line = done(person.post("/me/opening-key", &form).await)?;
        let challenge = STANDARD.decode(line["challenge"].as_str().unwrap_or_default())?;
        let answer = json!({"answer": STANDARD.encode(one::open(&challenge, &key)?)});
        done(person.post(&format!("/me/opening-key/{id}/proof"), &answer).await)?;
        Ok(Self { person, key, recipient })
    }

    /// Gives shares until the program is gone.
    pub async fn work(&self, ledger: &Ledger) {
        let mut seen = BTreeSet::new();
        loop {
            if self.turn(ledger, &mut seen).await.is_none()
                || !matches!(self.person.get("/health").await, Outcome::Done(_))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    /// One look at every tender whose hour has come. `seen`: what has been given in this life of the program. `None` when it was gone.
    pub async fn turn(&self, ledger: &Ledger, seen: &mut BTreeSet<String>) -> Option<()> {
        let waiting: Vec<String> = {
            let notes = ledger.notes();
            let waits = notes.tenders.iter().filter(|one| one.by_hands && one.called.is_some() && !one.concluded);
            waits.map(|one| one.id.clone()).filter(|id| !seen.contains(id)).collect()
        };
        for tender in waiting {
            if self.give(ledger, &tender).await? {
                seen.insert(tender);
            }
        }
        Some(())
    }

    /// Whether nothing more is asked of this officer for a tender.
    async fn give(&self, ledger: &Ledger, tender: &str) -> Option<bool> {
        let path = format!("/me/openings/{tender}");
        let page = match self.person.get(&path).await {
            Outcome::Done(page) => page,
            Outcome::Unknown => return None,
            Outcome::Refused(status, code) => {
                ledger.violation(format!("what an officer is asked for tender {tender} is refused: {status} {code}"));
                return Some(true);
            }
        };
        let place = (tender.to_owned(), self.recipient.clone());
        let is_known = ledger.notes().shares.contains(&place);
        if page["sheet"].is_null() {
            if page["is_given"] == true && !is_known {
                // The answer was cut off, and the share is there.
                ledger.notes().shares.insert(place);
            }
            return Some(page["is_given"] == true || is_known);
        }
        if is_known {
            ledger.violation(format!("a share of tender {tender} was acknowledged, and is asked for again"));
            return Some(true);
        }
        let Some(answer) = self.answer(&page) else {
            ledger.violation(format!("the sheet of tender {tender} gives no share: {page}"));
            return Some(true);
        };
        match self.person.post(&path, &json!({"answer": answer})).await {
            Outcome::Done(_) => {
                ledger.notes().shares.insert(place);
                ledger.acknowledged("shares");
                Some(true)
            }
            Outcome::Unknown => {
                ledger.unknown("shares");
                None
            }
            // Two others were faster.
            Outcome::Refused(409, code) if code == "opening-not-waiting" => Some(false),
            Outcome::Refused(status, code) => {
                ledger.violation(format!("a share of tender {tender} is refused: {status} {code}"));
                Some(true)
            }
        }
    }

    fn answer(&self, page: &Value) -> Option<String> {
        let sheet: Sheet = serde_json::from_value(page["sheet"].clone()).ok()?;
        serde_json::to_string(&sheet.answer(&self.key).ok()?).ok()
    }
}

/// Somebody who joins the buyer's company, to read along.
///
/// # Errors
/// When the program refuses, or no letter comes.
pub async fn colleague(place: &Place, ledger: &Ledger, buyer: &Person) -> Result<Person, Failure> {
    let (number, id) = (registering::number(), Id::<()>::v4(&Random::system()).to_string());
    let invitation = json!({"id": id, "email": email(number), "duty": ["viewer"]});
    done(buyer.post("/company/invitations", &invitation).await)?;
    let mut person = Person::new(place.address, number);
    let form = json!({
        "invitation": key(place, &email(number)).await?, "phone": phone(number), "email": email(number),
        "password": PASSWORD, "adult": true, "agree": true, "policy": policy::current().id,
    });
    let waiting = done(person.post("/registrations", &form).await)?;
    let registration = waiting["id"].as_str().unwrap_or_default();
    let codes = registering::codes(place, ledger, &person, number).await.ok_or("no codes came")?;
    done(person.post(&format!("/registrations/{registration}/confirmation"), &codes).await)?;
    person.renew();
    done(person.post("/session", &json!({"account": phone(number), "password": PASSWORD})).await)?;
    person.renew();
    Ok(person)
}

/// The key of the link in a letter of invitation.
async fn key(place: &Place, email: &str) -> Result<String, Failure> {
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        let letters = outbox::list(&place.outbox(), 1_000)?.into_iter();
        let mut own = letters.filter(|one| one.channel == Channel::Mail && one.to.contains(email));
        let link = own.find_map(|one| Some(one.text.split_once("/invitations/")?.1.to_owned()));
        if let Some(rest) = link {
            return Ok(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Err(format!("no letter of invitation came to {email}").into())
}
