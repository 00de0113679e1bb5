//! People who register: an application, two codes from the outbox, a confirmation, and a sign-in after the next start.

use crate::ledger::{Applicant, Ledger, Stage};
use crate::person::{Outcome, Person};
use crate::place::Place;
use jiff::SignedDuration;
use kit::mail::outbox::{self, Channel, Delivered};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A password that the rules accept.
pub const PASSWORD: &str = "vier magere Ziegen im Regen";

/// How long codes may be on their way while the program serves.
const PATIENCE: Duration = Duration::from_secs(60);

/// The next number of a person; each has a phone, an e-mail, a company and an address of its own.
pub fn number() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Applicant {
    /// What the form sends. `side`: `buyer` or `provider`.
    pub fn form(number: u32, side: &str) -> Value {
        json!({
            "company": format!("衡川数维科技有限公司{number}"), "credit_code": credit_code(number.into()),
            "buyer": side == "buyer", "provider": side == "provider", "phone": phone(number),
            "email": email(number), "password": PASSWORD, "adult": true, "agree": true, "policy": policy::current().id,
        })
    }
}

/// One round of whoever registers: some come, some go on, some sign in, until the program is gone.
pub async fn work(place: &Place, ledger: &Ledger, round: u64) {
    for unfinished in unfinished(ledger) {
        if go_on(place, ledger, unfinished).await.is_none() {
            return;
        }
    }
    loop {
        let number = number();
        let side = if round.is_multiple_of(2) { "buyer" } else { "provider" };
        let outcome = Person::new(place.address, number).post("/registrations", &Applicant::form(number, side)).await;
        let applicant = match outcome {
            Outcome::Done(waiting) => {
                ledger.acknowledged("registrations");
                let registration = waiting["id"].as_str().unwrap_or_default().to_owned();
                Applicant { number, registration, stage: Stage::Applied }
            }
            Outcome::Unknown => return ledger.unknown("registrations"),
            Outcome::Refused(status, code) => {
                return ledger.violation(format!("registration {number} is refused: {status} {code}"));
            }
        };
        ledger.notes().applicants.push(applicant.clone());
        if go_on(place, ledger, applicant).await.is_none() {
            return;
        }
    }
}

/// Those of earlier rounds who wait for something.
pub fn unfinished(ledger: &Ledger) -> Vec<Applicant> {
    ledger.notes().applicants.iter().filter(|one| one.stage != Stage::SignedIn).cloned().collect()
}

/// Takes one further, as far as one start of the program goes. `None` when it was gone.
pub async fn go_on(place: &Place, ledger: &Ledger, mut applicant: Applicant) -> Option<()> {
    let person = Person::new(place.address, applicant.number);
    if applicant.stage != Stage::Confirmed {
        let codes = codes(place, ledger, &person, applicant.number).await?;
        note(ledger, &mut applicant, Stage::Confirming);
        let path = format!("/registrations/{}/confirmation", applicant.registration);
        match person.post(&path, &codes).await {
            Outcome::Done(_) => {
                ledger.acknowledged("accounts");
                note(ledger, &mut applicant, Stage::Confirmed);
            }
            // Sent in before, and the answer was cut off: then the account is there.
            Outcome::Refused(404 | 409, _) => {
                if sign_in(place, ledger, &applicant).await? {
                    note(ledger, &mut applicant, Stage::SignedIn);
                }
            }
            Outcome::Refused(status, code) => {
                ledger.violation(format!("the codes of {applicant:?} are refused: {status} {code}"));
                note(ledger, &mut applicant, Stage::SignedIn);
            }
            Outcome::Unknown => {
                ledger.unknown("accounts");
                return None;
            }
        }
        return Some(());
    }
    sign_in(place, ledger, &applicant).await?;
    note(ledger, &mut applicant, Stage::SignedIn);
    Some(())
}

/// Whoever has an account can sign in. From another address each time: sign-ins that were cut off are counted, and five of
/// one account from one address are enough for a while.
async fn sign_in(place: &Place, ledger: &Ledger, applicant: &Applicant) -> Option<bool> {
    let person = Person::new(place.address, number());
    let account = json!({"account": phone(applicant.number), "password": PASSWORD});
    match person.post("/session", &account).await {
        Outcome::Done(_) => ledger.acknowledged("sign-ins"),
        Outcome::Unknown => return None,
        Outcome::Refused(status, code) => {
            ledger.violation(format!("{applicant:?} cannot sign in: {status} {code}"));
        }
    }
    Some(true)
}

/// Waits for both codes, as long as the program serves.
pub async fn codes(place: &Place, ledger: &Ledger, person: &Person, number: u32) -> Option<Value> {
    let begin = Instant::now();
    loop {
        let messages = outbox::list(&place.outbox(), 1_000_000).unwrap_or_default();
        let code = |channel, to: &str| {
            let message = messages.iter().find(|message| message.channel == channel && message.to.contains(to));
            message.and_then(|message| digits(&message.text))
        };
        match (code(Channel::Sms, &phone(number)), code(Channel::Mail, &email(number))) {
            (Some(phone), Some(email)) => {
                forget(place, &messages);
                return Some(json!({"phone_code": phone, "email_code": email}));
            }
            _ if begin.elapsed() > PATIENCE => {
                ledger.violation(format!("no codes came to person {number} within {PATIENCE:?}"));
                return None;
            }
            _ => {}
        }
        // Whether it is still there; then the codes may yet come.
        if !matches!(person.get("/health").await, Outcome::Done(_)) {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The outbox is read as a whole: what is older than ten minutes is taken out.
fn forget(place: &Place, messages: &[Delivered]) {
    let Some(newest) = messages.first() else { return };
    let old = messages.iter().filter(|message| newest.at.duration_since(message.at) > SignedDuration::from_mins(10));
    for Delivered { channel, id, .. } in old {
        let file = match channel {
            Channel::Mail => format!("mail/{id}.eml"),
            Channel::Sms => format!("sms/{id}.json"),
        };
        // One that stays is read again.
        let _ = std::fs::remove_file(place.outbox().join(file));
    }
}

fn note(ledger: &Ledger, applicant: &mut Applicant, stage: Stage) {
    applicant.stage = stage;
    let mut notes = ledger.notes();
    if let Some(known) = notes.applicants.iter_mut().find(|known| known.number == applicant.number) {
        known.stage = stage;
    }
}

/// The mobile number of a person.
pub fn phone(number: u32) -> String {
    format!("139{number:08}")
}

/// The address of a person.
pub fn email(number: u32) -> String {
    format!("person{number}@hengchuan.example")
}

/// The six digits of a message.
fn digits(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
}

/// A credit code with both check characters, GB 32100 and GB 11714.
fn credit_code(n: u64) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: u8| ALPHABET.iter().position(|a| *a == c).expect("a character of the alphabet") as u64;
    let body = format!("{n:08}");
    let sum: u64 = body.bytes().zip([3, 7, 9, 10, 5, 8, 4, 2]).map(|(c, weight)| value(c) * weight).sum();
    let inner = match 11 - sum % 11 {
        11 => '0',
        10 => 'X',
        check => char::from(b'0' + u8::try_from(check).expect("below ten")),
    };
    let start = format!("91110105{body}{inner}");
    let (mut weight, mut sum) = (1, 0);
    for c in start.bytes() {
        sum += value(c) * weight;
        weight = weight * 3 % 31;
    }
    format!("{start}{}", char::from(ALPHABET[((31 - sum % 31) % 31) as usize]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kit::identifier::Uscc;

    #[test]
    fn everybody_has_a_sound_credit_code() {
        for number in 1..200 {
            let code = credit_code(number);
            assert!(Uscc::parse(&code).is_ok(), "{code}");
        }
    }
}
