//! Verification: what a company hands in, and what a reviewer decides.

use super::client::{Failed, text};
use super::paper;
use super::person::Person;
use serde_json::{Map, Value};

impl Person {
    /// Hands pages in for these steps of a kind, and then the case. Answers its path on the desk. `sealed`: whether the
    /// company's seal is on what needs it.
    pub async fn hand_in(&self, kind: &str, steps: &[&str], sealed: bool) -> Result<String, Failed> {
        for step in steps {
            let page = match *step {
                "licence" => paper::page(&LICENCE, true)?,
                "need" => paper::page(&NEED, true)?,
                "undertaking" => paper::page(&UNDERTAKING, sealed)?,
                "identity" => paper::page(&IDENTITY, false)?,
                "appointment" => paper::page(&APPOINTMENT, sealed)?,
                "statement" => paper::page(&STATEMENT, false)?,
                "employment" => paper::page(&EMPLOYMENT, sealed)?,
                _ => paper::page(&LETTER, sealed)?,
            };
            let path = format!("/company/verification/{kind}/steps/{step}");
            let typed = if *step == "identity" { identity(kind) } else { Vec::new() };
            self.client.upload(&path, &typed, ("pages", "page.png", page)).await?.ok()?;
        }
        let case = self.client.post(&format!("/company/verification/{kind}/handing-in"), &[]).await?.ok()?;
        Ok(format!("/desk/verifications/{}", text(&case, "/id")?))
    }

    /// A reviewer takes a case up and decides. Of a field that stands several times the values stand apart.
    pub async fn review(&self, case: &str, outcome: &[(&str, &str)]) -> Result<(), Failed> {
        self.client.post(&format!("{case}/claim"), &[]).await?.ok()?;
        let value = |name: &str, value: &str| match name.ends_with("_checks") {
            true => value.split(' ').map(Value::from).collect(),
            false => Value::from(value),
        };
        let fields: Map<_, _> = outcome.iter().map(|(name, given)| ((*name).to_owned(), value(name, given))).collect();
        self.client.send(&format!("{case}/decision"), &Value::Object(fields)).await?.ok()?;
        Ok(())
    }
}

const LICENCE: [&str; 6] = [
    "BUSINESS LICENCE",
    "A sample of the demo: nobody's document",
    "Unified social credit code: as registered",
    "Name: as registered",
    "Established 2019-03-12, no end",
    "Registered capital: CNY 10,000,000",
];

const NEED: [&str; 6] = [
    "PURCHASE PLAN",
    "A sample of the demo: nobody's document",
    "Name: as registered",
    "To be bought: software, data services, workstations",
    "Approved by the management for this year",
    "Seal:",
];

const UNDERTAKING: [&str; 6] = [
    "UNDERTAKING OF THE DEMAND SIDE",
    "A sample of the demo: nobody's document",
    "Contacts of providers are used for purchasing only",
    "and passed to nobody else",
    "They are deleted when the purchase is over",
    "Seal:",
];

/// What somebody of the demo types beside their identity document. The numbers are nobody's: who was born then lives no more.
fn identity(kind: &str) -> Vec<(&'static str, &'static str)> {
    let (name, number) = match kind {
        "legal-representative" => ("沈青砚", QINGYAN),
        _ => ("顾清远", YUANXIU),
    };
    vec![("document", "resident-id"), ("id_name", name), ("id_number", number)]
}

const QINGYAN: &str = "350203190003070136";
const YUANXIU: &str = "310115190109120261";

const IDENTITY: [&str; 6] = [
    "IDENTITY DOCUMENT",
    "A sample of the demo: nobody's document",
    "Name: as typed",
    "Number: as typed",
    "Valid: no end",
    "Both sides",
];

const APPOINTMENT: [&str; 6] = [
    "EXTRACT OF THE COMPANY REGISTER",
    "A sample of the demo: nobody's document",
    "Name: as registered",
    "Legal representative: as registered",
    "In office, no change",
    "Seal:",
];

const STATEMENT: [&str; 6] = [
    "STATEMENT",
    "A sample of the demo: nobody's document",
    "I am the legal representative of the company",
    "This account is used by me alone",
    "Signed today",
    "Signature:",
];

const EMPLOYMENT: [&str; 6] = [
    "PROOF OF EMPLOYMENT",
    "A sample of the demo: nobody's document",
    "The holder of this account works for the company",
    "Post: tenders and bids",
    "Issued this month",
    "Seal:",
];

const LETTER: [&str; 6] = [
    "LETTER OF AUTHORITY",
    "A sample of the demo: nobody's document",
    "The company lets its account holder act for it",
    "on the platform: tenders, bids, contracts",
    "Valid for one year from the date of this letter",
    "Seal:",
];
