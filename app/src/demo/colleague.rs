//! Colleagues: an owner invites by e-mail, whoever is invited joins by the letter's link.

use super::client::{Failed, text};
use super::person::{LOOKS, PAUSE, Person};
use super::trade::Ids;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::mail::outbox::{self, Channel};
use serde_json::json;
use std::path::Path;

impl Person {
    /// Issues a letter of authorisation to a colleague: publishing and answering, for half a year.
    pub async fn authorise(&self, email: &str, now: Timestamp, ids: &Ids<'_>) -> Result<(), Failed> {
        let people = self.client.get("/company/people").await?.ok()?;
        let mut members = people["members"].as_array().into_iter().flatten();
        let one = members.find(|one| one["email"] == email).ok_or_else(|| Failed::because("no such colleague"))?;
        let (account, id) = (text(one, "/account")?, ids.next());
        let until = now + SignedDuration::from_hours(24 * 180);
        let fields = json!({
            "id": id, "account": account, "act": ["publish", "answer"],
            "valid_from": now.to_string(), "valid_until": until.to_string(),
        });
        self.client.send("/company/mandates", &fields).await?.ok()?;
        Ok(())
    }

    /// Asks a colleague to stand in next week, which waits for their answer.
    pub async fn ask_to_stand_in(&self, email: &str, now: Timestamp, ids: &Ids<'_>) -> Result<(), Failed> {
        let day = |days: i64| {
            let at = now + SignedDuration::from_hours(24 * days);
            at.to_zoned_datetime(TimeZone::UTC).date().to_string()
        };
        let (id, begins_on, ends_on) = (ids.next(), day(7), day(13));
        let fields = [("id", id.as_str()), ("email", email), ("begins_on", &begins_on), ("ends_on", &ends_on)];
        self.client.post("/company/substitutions", &fields).await?.ok()?;
        Ok(())
    }

    /// Invites somebody for these duties. Answers the invitation's id.
    pub async fn invite(&self, id: &str, email: &str, duties: &[&str]) -> Result<String, Failed> {
        self.be_signed_in().await?;
        let mut fields = vec![("id", id), ("email", email)];
        fields.extend(duties.iter().map(|duty| ("duty", *duty)));
        text(&self.client.post("/company/invitations", &fields).await?.ok()?, "/id")
    }

    /// Hands a list of colleagues in, which waits for the owner's word: some to invite, one to change, one row that cannot be read.
    /// Answers its address.
    pub async fn hand_in_list(&self, id: &str, known: &str) -> Result<String, Failed> {
        let rows = format!(
            "邮箱,职责\r\nshebei@lanzhi.example,项目经理\r\nzhijian@lanzhi.example,只读\r\n{known},采购经办、项目经理、财务\r\n\
             shengchan@lanzhi,只读\r\n"
        );
        let file = ("sheet", "members.csv", rows.into_bytes());
        self.client.upload("/company/imports", &[("id", id)], file).await?.ok()?;
        Ok(format!("/company/imports/{id}"))
    }

    /// Gives the owner's word for a list of their company, or an administrator's for one of the operator's, and waits until it is
    /// done. Answers how many rows were invited.
    pub async fn confirm_list(&self, list: &str) -> Result<i64, Failed> {
        self.client.post(&format!("{list}/confirmation"), &[]).await?.ok()?;
        for _ in 0..LOOKS {
            let import = self.client.get(list).await?.ok()?["import"].clone();
            if import["state"] == "done" {
                return Ok(import["counts"]["invited"].as_i64().unwrap_or_default());
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Failed::because(format!("{list} is not done")))
    }

    /// The key of the newest link that begins so in a letter to this person; waits until the letter is there.
    pub async fn key(&self, outbox: &Path, beginning: &str) -> Result<String, Failed> {
        for _ in 0..LOOKS {
            let letters = outbox::list(outbox, 200)?.into_iter().filter(|one| one.channel == Channel::Mail);
            let mut own = letters.filter(|one| one.to.ends_with(&self.account.email));
            if let Some(key) = own.find_map(|one| Some(key_in(one.text.split_once(beginning)?.1))) {
                return Ok(key);
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(Failed::because(format!("no letter with {beginning} came for {}", self.account.email)))
    }

    /// Registers by the invitation: two codes, then a place in the company.
    pub async fn join(&self, outbox: &Path) -> Result<(), Failed> {
        let key = self.key(outbox, "/invitations/").await?;
        self.enter(outbox, &[("invitation", &key)]).await
    }

    /// Registers with these fields of the form beside the person's own.
    pub async fn enter(&self, outbox: &Path, place: &[(&str, &str)]) -> Result<(), Failed> {
        let own = [
            ("phone", self.account.phone.as_str()),
            ("email", &self.account.email),
            ("password", &self.account.password),
            ("adult", "1"),
            ("policy", policy::current().id),
            ("agree", "1"),
        ];
        let fields = [place, &own].concat();
        let created = self.client.post("/registrations", &fields).await?.ok()?;
        let (phone, email) = self.codes(outbox).await?;
        self.confirm(&format!("/registrations/{}", text(&created, "/id")?), &phone, &email).await?.ok()?;
        Ok(())
    }
}

fn key_in(text: &str) -> String {
    text.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}
