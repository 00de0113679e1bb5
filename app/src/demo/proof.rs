//! Verification: what a company hands in, and what a reviewer decides.

use super::client::{Failed, text};
use super::paper;
use super::person::Person;
use serde_json::{Map, Value};

impl Person {
    /// Hands pages in for these steps, and then the case. Answers its path on the desk. `sealed`: whether the letter is.
    pub async fn hand_in(&self, steps: &[&str], sealed: bool) -> Result<String, Failed> {
        for step in steps {
            let page = match *step {
                "licence" => paper::page(&LICENCE, true)?,
                _ => paper::page(&LETTER, sealed)?,
            };
            let path = format!("/company/verification/company/steps/{step}");
            self.client.upload(&path, &[], ("pages", "page.png", page)).await?.ok()?;
        }
        let case = self.client.post("/company/verification/company/handing-in", &[]).await?.ok()?;
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

const LETTER: [&str; 6] = [
    "LETTER OF AUTHORITY",
    "A sample of the demo: nobody's document",
    "The company lets its account holder act for it",
    "on the platform: tenders, bids, contracts",
    "Valid for one year from the date of this letter",
    "Seal:",
];
