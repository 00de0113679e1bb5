//! People for a world: they register, read their codes where messages are delivered, are approved, and sign in, all
//! through the front door.

use crate::world::{Answer, Browser, World};
use app::identity::account::create_operator;
use kit::mail::outbox::{self, Channel, Delivered};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// A password that the rules accept.
pub const PASSWORD: &str = "vier magere Ziegen im Regen";

/// Somebody who registers: every world has as many as it needs, all different.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub company: String,
    pub credit_code: String,
    pub phone: String,
    pub email: String,
    pub password: String,
    /// `buyer`, `provider` or `both`.
    pub side: String,
}

impl Applicant {
    /// The next one of this side.
    pub fn new(side: &str) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        Self {
            company: format!("衡川数维科技有限公司{n}"),
            credit_code: credit_code(n),
            phone: format!("1380013{n:04}"),
            email: format!("person{n}@hengchuan.example"),
            password: PASSWORD.to_owned(),
            side: side.to_owned(),
        }
    }

    /// What the registration form sends.
    pub fn form(&self) -> Value {
        json!({
            "company": self.company, "credit_code": self.credit_code,
            "buyer": self.side != "provider", "provider": self.side != "buyer",
            "phone": self.phone, "email": self.email, "password": self.password,
            "adult": true, "agree": true, "policy": policy::current().id,
        })
    }
}

/// A resident identity number with its check digit: of nobody, since nobody born in those years lives. `born`: `19010203`.
pub fn resident_id(n: u64, born: &str) -> String {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let first = format!("110101{born}{:03}", n % 1000);
    let sum: u64 = first.bytes().zip(WEIGHTS).map(|(digit, weight)| u64::from(digit - b'0') * weight).sum();
    format!("{first}{}", char::from(b"10X98765432"[(sum % 11) as usize]))
}

impl World {
    /// A member of an approved company of this side (`buyer`, `provider` or `both`), signed in.
    pub async fn member(&self, side: &str) -> Browser {
        let browser = self.applicant(&Applicant::new(side)).await;
        let company = browser.get("/company").await.ok().json()["company"].clone();
        let (id, seen) = (company["id"].as_str().expect("an id"), json!({"version": company["version"]}));
        self.operator().await.post(&format!("/operator/companies/{id}/approval"), seen).await.ok();
        self.settle().await;
        browser
    }

    /// Somebody whose company still waits for approval, signed in.
    pub async fn applicant(&self, who: &Applicant) -> Browser {
        let mut browser = self.visitor();
        browser.phone = who.phone.clone();
        let registration = browser.post("/registrations", who.form()).await.ok();
        let codes = self.codes(who).await;
        browser.post(&format!("{}/confirmation", registration.header("location")), codes).await.ok();
        browser
    }

    /// The same person after the login session has ended: signed in again, in another browser.
    pub async fn again(&self, person: &Browser) -> Browser {
        self.again_as(&person.phone).await
    }

    /// The same by the person's phone.
    pub async fn again_as(&self, phone: &str) -> Browser {
        let mut browser = self.visitor();
        browser.phone = phone.to_owned();
        browser.sign_in(phone, PASSWORD).await.ok();
        browser
    }

    /// The newest codes that were sent to somebody, as the form sends them.
    pub async fn codes(&self, who: &Applicant) -> Value {
        self.settle().await;
        let code = |channel, to: &str| {
            let message = self.messages().into_iter().find(|m| m.channel == channel && m.to.contains(to));
            message.and_then(|message| digits(&message.text)).unwrap_or_default()
        };
        json!({ "phone_code": code(Channel::Sms, &who.phone), "email_code": code(Channel::Mail, &who.email) })
    }

    /// Everything that was sent, the newest first.
    pub fn messages(&self) -> Vec<Delivered> {
        outbox::list(&self.app.config().outbox_dir, 1000).expect("the outbox can be read")
    }

    /// A person of the operator, signed in.
    pub async fn operator(&self) -> Browser {
        self.operator_of("13900139000", "desk@operator.example").await
    }

    /// A person of the operator with this phone and e-mail, signed in.
    pub async fn operator_of(&self, phone: &str, email: &str) -> Browser {
        match create_operator(&self.app, phone, email, PASSWORD).await {
            Ok(_) | Err(app::identity::account::NotCreated::Taken) => {}
            Err(error) => panic!("{error}"),
        }
        let browser = self.visitor();
        browser.sign_in(phone, PASSWORD).await.ok();
        browser
    }
}

impl Browser {
    /// Signs in.
    pub async fn sign_in(&self, account: &str, password: &str) -> Answer {
        self.post("/session", json!({ "account": account, "password": password })).await
    }
}

/// The six digits of a message.
pub fn digits(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 6).map(str::to_owned)
}

/// A credit code with both check characters, GB 32100 and GB 11714.
pub fn credit_code(n: u64) -> String {
    coded("91110105", n)
}

/// The same with another beginning: 92 is an individual business.
pub fn coded(beginning: &str, n: u64) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |c: u8| ALPHABET.iter().position(|a| *a == c).expect("a character of the alphabet") as u64;
    let body = format!("{n:08}");
    let weights = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u64 = body.bytes().zip(weights).map(|(c, weight)| value(c) * weight).sum();
    let inner = match 11 - sum % 11 {
        11 => '0',
        10 => 'X',
        check => char::from_digit(check as u32, 10).expect("a digit"),
    };
    let start = format!("{beginning}{body}{inner}");
    let mut weight = 1;
    let mut sum = 0;
    for c in start.bytes() {
        sum += value(c) * weight;
        weight = weight * 3 % 31;
    }
    let check = ALPHABET[((31 - sum % 31) % 31) as usize] as char;
    format!("{start}{check}")
}
