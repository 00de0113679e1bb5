//! A contact of a provider: named by the company, asked by a message, and agreed at the public door.

use super::client::{Client, Failed, text};
use super::mailbox::code_in;
use super::person::{LOOKS, PAUSE, Person};
use super::trade::Ids;
use kit::mail::outbox;
use serde_json::Value;
use std::path::Path;

/// The contact's phone and e-mail. Nothing is ever sent there.
const PHONE: &str = "13800138031";
const EMAIL: &str = "lujia@qimu.example";

/// The company authorises, names its contact, and the contact says yes.
pub(super) async fn agree(provider: &Person, root: &str, outbox: &Path, ids: &Ids<'_>) -> Result<(), Failed> {
    say_yes(&provider.client, "authorisations", "/company/authorisations").await?;
    let id = ids.next();
    let contact = [
        ("id", id.as_str()),
        ("label", "商务联系"),
        ("name", "陆嘉"),
        ("phone", PHONE),
        ("email", EMAIL),
        ("department", "市场部"),
        ("title", "商务经理"),
        ("adult", "1"),
        ("confirmed", "1"),
    ];
    provider.client.post("/company/contacts", &contact).await?.ok()?;
    let guest = Client::new(root)?;
    let visit = text(&guest.post("/privacy/door/visits", &[("contact", PHONE)]).await?.ok()?, "/id")?;
    let visit = format!("/privacy/door/visits/{visit}");
    guest.post(&format!("{visit}/proof"), &[("code", &code(outbox).await?)]).await?.ok()?;
    let entry = text(&guest.get(&visit).await?.ok()?, "/entries/0/entry")?;
    guest.post(&format!("{visit}/recognition"), &[("entry", &entry)]).await?.ok()?;
    say_yes(&guest, "functions", "/me/consents").await?;
    guest.post("/privacy/door/visit/end", &[]).await?.ok()?;
    Ok(())
}

/// The code that came to the contact's phone; waits until it is there.
async fn code(outbox: &Path) -> Result<String, Failed> {
    for _ in 0..LOOKS {
        let messages = outbox::list(outbox, 200)?;
        let own = messages.iter().find(|one| one.to.ends_with(PHONE) && one.text.contains("验证码"));
        if let Some(code) = own.and_then(|message| code_in(&message.text)) {
            return Ok(code);
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Failed::because("no code came for the contact"))
}

/// Yes to the question about contacts, as the page has it.
async fn say_yes(client: &Client, of: &str, path: &str) -> Result<(), Failed> {
    const PURPOSE: &str = "contact-display";
    let page = client.get("/me/consents").await?.ok()?;
    let all = page[of].as_array().into_iter().flatten();
    let one = all.into_iter().find(|one| one["purpose"] == PURPOSE);
    let one: &Value = one.ok_or_else(|| Failed::because("contacts are asked about nowhere"))?;
    let told = ["/question", "/after", "/asks/version", "/asks/text_sha256", "/asks/language"];
    let told = told.map(|at| text(one, at));
    let names = ["question", "after", "policy", "text_sha256", "language"];
    let values = told.into_iter().collect::<Result<Vec<_>, _>>()?;
    let fields: Vec<_> = names.into_iter().zip(values.iter().map(String::as_str)).collect();
    client.post(&format!("{path}/{PURPOSE}"), &fields).await?.ok()?;
    Ok(())
}
