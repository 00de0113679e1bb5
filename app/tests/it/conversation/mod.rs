//! Contact requests, threads and messages between companies; what each side sees of the other, and what it does not.

mod attack;
mod award;
mod ending;
mod files;
mod request;
mod running;
mod sharing;
mod thread;

use crate::sourcing::{id, text};
use crate::world::{Answer, Browser, World};
use kit::mail::outbox::Channel;
use serde_json::{Value, json};

/// Unmistakable words of a message.
const WORDS: &str = "青瓷驳船今夜泊在第七码头";

/// The id of somebody's company.
async fn company(browser: &Browser) -> String {
    text(&browser.get("/company").await.ok().json()["company"], "id")
}

/// What the form of a request sends.
fn wanted(company: &str, matter: &str) -> Value {
    json!({ "id": id(), "company": company, "matter": matter, "text": "想了解贵公司的驻场维保服务，盼复。" })
}

/// Asks a company for contact about a general matter.
pub async fn ask(from: &Browser, to: &Browser) -> Answer {
    from.post("/contact-requests", wanted(&company(to).await, "general")).await
}

/// A buyer who has asked, a provider who has accepted, and their thread.
struct Pair {
    buyer: Browser,
    provider: Browser,
    thread: String,
}

impl Pair {
    async fn new(world: &World) -> Self {
        let (buyer, provider) = (world.member("buyer").await, world.member("provider").await);
        let thread = joined(&buyer, &provider).await;
        world.settle().await;
        Self { buyer, provider, thread }
    }

    fn path(&self, of: &str) -> String {
        format!("/threads/{}{of}", self.thread)
    }

    /// The buyer writes.
    async fn say(&self, words: &str) -> Value {
        say(&self.buyer, &self.thread, words).await.ok().json()
    }
}

/// One asks, the other accepts: their thread.
pub async fn joined(one: &Browser, other: &Browser) -> String {
    let request = text(&ask(one, other).await.ok().json(), "id");
    let accepted = other.post(&format!("/contact-requests/{request}/acceptance"), json!({})).await.ok();
    text(&accepted.json(), "thread")
}

async fn say(by: &Browser, thread: &str, words: &str) -> Answer {
    by.post(&format!("/threads/{thread}/messages"), json!({ "id": id(), "text": words })).await
}

async fn read(by: &Browser, thread: &str) -> Value {
    by.get(&format!("/threads/{thread}")).await.ok().json()
}

/// The texts of a page of messages.
fn texts(page: &Value) -> Vec<String> {
    let messages = page["messages"].as_array().expect("messages").iter();
    messages.map(|one| one["text"].as_str().unwrap_or("-").to_owned()).collect()
}

/// Status and code of a refusal.
fn told(answer: &Answer) -> (u16, String) {
    (answer.status.as_u16(), answer.code())
}

/// The kinds of what stands in somebody's inbox, by where it leads.
async fn notices(browser: &Browser) -> Vec<String> {
    let inbox = browser.get("/inbox").await.ok().json();
    let lines = ["unread", "read"].into_iter().flat_map(|part| inbox[part].as_array().cloned().unwrap_or_default());
    lines.map(|line| text(&line, "told")).collect()
}

/// Every mail that was sent.
fn mails(world: &World) -> String {
    let mails = world.messages().into_iter().filter(|one| one.channel == Channel::Mail);
    mails.map(|one| one.text).collect::<Vec<_>>().join("\n")
}

/// What is shared, as the form of the preview sends it.
fn own(phone: &str) -> Value {
    json!({ "name": "鹿其野", "phone": phone, "email": "" })
}

/// Shares exactly what was previewed.
async fn share(by: &Browser, thread: &str, own: Value) -> Answer {
    let preview = by.post(&format!("/threads/{thread}/sharing/preview"), own.clone()).await.ok().json();
    by.post(&format!("/threads/{thread}/sharing"), shared(&preview, own)).await
}

/// What the form of a preview sends.
fn shared(preview: &Value, mut own: Value) -> Value {
    (own["id"], own["seen"]) = (preview["id"].clone(), preview["seen"].clone());
    own
}

async fn look(by: &Browser, thread: &str) -> Answer {
    by.post(&format!("/threads/{thread}/look"), json!({})).await
}
