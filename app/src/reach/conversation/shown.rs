//! What is shown of what the two sides share with each other, and what the JSON says.

use super::address::Viewed;
use super::page::Named;
use super::sharing::Kept as KeptSharing;
use super::{Sharing as SharingRow, Thread as ThreadRow};
use crate::sourcing::tender::Tender;
use crate::web::{Form, Instant, filters};
use askama::Template;
use jiff::Timestamp;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;
use vault::{SharedEmail, SharedName, SharedPhone};

/// What the other side has shared, by what it is; the values stay shut here.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ThreadOffered")]
pub struct Offered {
    /// The member's number; none for the company's postal address.
    pub member: Option<i64>,
    /// name, phone, email, address.
    pub what: Vec<&'static str>,
    #[schemars(with = "Instant")]
    pub shared_at: Timestamp,
}

impl Offered {
    pub fn new(kept: &KeptSharing) -> Self {
        let all = [("name", kept.name.is_some()), ("phone", kept.phone.is_some()), ("email", kept.email.is_some())];
        let what = all.into_iter().filter_map(|(what, is_there)| is_there.then_some(what)).collect();
        Self { member: Some(kept.member), what, shared_at: kept.shared_at }
    }

    pub fn address(shared_at: Timestamp) -> Self {
        Self { member: None, what: vec!["address"], shared_at }
    }

    /// Keys of the words.
    pub fn words(&self) -> Vec<String> {
        self.what.iter().map(|what| format!("conversation-{what}")).collect()
    }
}

/// What the reader shares in a thread, and the form.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ThreadSharing")]
#[template(path = "reach/conversation/sharing.html")]
pub struct Sharing {
    pub thread: Id<ThreadRow>,
    pub other: Named,
    /// As the other side sees it now.
    pub shown: Option<Card>,
    pub form: Form,
}

/// What the other side would see.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ThreadSharingPreview")]
#[template(path = "reach/conversation/preview.html")]
pub struct Preview {
    pub thread: Id<ThreadRow>,
    pub other: Named,
    pub card: Card,
    /// The id that the sharing is to have.
    pub id: Id<SharingRow>,
    /// What sharing has to bring, so that it shares what was previewed.
    pub seen: String,
    pub form: Form,
}

/// It is shared.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThreadShared")]
pub struct Shared {
    pub thread: Id<ThreadRow>,
    /// name, phone, email, address.
    pub what: Vec<&'static str>,
}

/// It is shared no more.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThreadUnshared")]
pub struct Unshared {
    pub thread: Id<ThreadRow>,
}

/// What the reader means to show the other side of an award, and the form.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AwardContact")]
#[template(path = "reach/conversation/award_contact.html")]
pub struct ForAward {
    pub tender: Id<Tender>,
    /// Of the tender.
    pub title: String,
    /// Who may come to see it.
    pub others: Vec<Named>,
    /// As the other side will see it, or sees it since the award.
    pub shown: Option<Card>,
    /// Until when.
    #[schemars(with = "Option<Instant>")]
    pub until: Option<Timestamp>,
    /// Whether it can be set still.
    pub may_set: bool,
    pub form: Form,
}

/// What the other side of the award would see.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AwardContactPreview")]
#[template(path = "reach/conversation/award_preview.html")]
pub struct ForAwardPreview {
    pub tender: Id<Tender>,
    /// Of the tender.
    pub title: String,
    /// Who may come to see it.
    pub others: Vec<Named>,
    pub card: Card,
    /// The id that it is to have.
    pub id: Id<SharingRow>,
    /// What setting it has to bring, so that it sets what was previewed.
    pub seen: String,
    pub form: Form,
}

/// It is set, or taken back.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "AwardContactSet")]
pub struct ForAwardSet {
    pub tender: Id<Tender>,
    /// name, phone, email.
    pub what: Vec<&'static str>,
}

/// The company's postal address, as the other side would see it.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ThreadAddress")]
#[template(path = "reach/conversation/address.html")]
pub struct Address {
    pub thread: Id<ThreadRow>,
    pub other: Named,
    /// As the company has filed it; none while it has not.
    pub address: Option<String>,
    /// As the other side sees it now.
    pub shown: Option<String>,
    #[schemars(with = "Option<Instant>")]
    pub since: Option<Timestamp>,
    /// When the other company looked.
    pub views: Vec<Viewed>,
    pub seen: String,
}

/// What a person has shared, opened.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "ThreadCard")]
pub struct Card {
    /// Their number within their company.
    pub member: i64,
    pub name: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
}

impl Card {
    /// What was opened of a sharing.
    pub fn new(kept: &KeptSharing, names: Vec<SharedName>, phones: Vec<SharedPhone>, emails: Vec<SharedEmail>) -> Self {
        Self {
            member: kept.member,
            name: names.first().map(|name| name.expose().to_owned()),
            phone: phones.first().map(|phone| phone.expose().to_owned()),
            email: emails.first().map(|email| email.expose().to_owned()),
        }
    }

    /// Keys of words, and values.
    pub fn lines(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("conversation-name", &self.name),
            ("conversation-phone", &self.phone),
            ("conversation-email", &self.email),
        ];
        all.into_iter().filter_map(|(word, value)| Some((word, value.as_deref()?))).collect()
    }
}

/// What the other side has shared, opened.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ThreadSeen")]
#[template(path = "reach/conversation/seen.html")]
pub struct Seen {
    pub thread: Id<ThreadRow>,
    pub other: Named,
    pub people: Vec<Card>,
    pub address: Option<String>,
}
