//! The certificate of a cancellation: signed when the keys are destroyed, with the instant at which it is final, since the
//! last back-up of the keys will be gone. It says what was deleted and what the law has kept until when, and holds no
//! personal value: the ids in it lead nowhere any more.

use super::page::final_at;
use super::store::{self, Whole};
use crate::app::App;
use crate::config::Issuer;
use crate::identity::account::link;
use crate::web::text::Words;
use crate::web::{Erased, Error, Locale};
use jiff::Timestamp;
use kit::db::Tx;
use kit::id::Id;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use vault::{Held, Subject};

/// The kind of receipt.
pub const KIND: &str = "cancellation";

/// Signs the certificate of who was erased, and stores it with its event. One is enough.
///
/// # Errors
/// [`Error`] of the database.
pub fn issue(tx: &mut Tx, app: &App, subject: Id<Subject>) -> Result<(), Error> {
    let Some((whole, erased)) = store::uncertified(tx, subject)? else { return Ok(()) };
    let (held, now) = (vault::held(tx, subject)?, tx.now());
    let receipt = app.signer().sign(KIND, statement(app, &whole, &erased, &held, now));
    store::certify(tx, &whole, now, &receipt)
}

fn statement(
    app: &App,
    whole: &Whole,
    erased: &[Erased],
    held: &[Held],
    keys_at: Timestamp,
) -> BTreeMap<String, Value> {
    let facts = &whole.facts;
    let told = |zh: &str, en: &str| json!({ "zh": zh, "en": en });
    let words = |key: &str| {
        let [zh, en] = Locale::ALL.map(|locale| Words::new(app.catalogue(), locale).text(key, &[]));
        told(&zh, &en)
    };
    let deleted: Vec<_> = erased
        .iter()
        .filter(|one| one.count > 0)
        .map(|one| json!({ "what": one.what, "title": words(title_of(&one.what)), "count": one.count }))
        .collect();
    let kept = held.iter().map(|one| {
        let entry = one.class.entry();
        let title = words(&format!("cancellation-kept-{}", entry.id));
        json!({ "class": entry.id, "title": title, "law": entry.source, "until": one.until })
    });
    let kept: Vec<_> = kept.collect();
    let members = [
        ("cancellation", json!(facts.id)),
        ("operator", json!(app.operator_name())),
        ("policy", json!(policy::current().id)),
        ("requested_at", json!(facts.requested_at)),
        ("erased_at", json!(facts.ended_at)),
        ("keys_destroyed_at", json!(keys_at)),
        ("key_backup_days", json!(policy::period::KEY_BACKUP.days)),
        ("final_at", json!(final_at(keys_at))),
        ("deleted", json!(deleted)),
        ("kept", json!(kept)),
        ("recipients", json!([{ "recipient": "delivery", "title": words("cancellation-recipient-delivery") }])),
        ("third_parties", json!(third_parties(app, erased))),
        ("stays", words("cancellation-stays")),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The key of a line's title: what stands after a colon is its own.
fn title_of(what: &str) -> &str {
    what.split_once(':').map_or(what, |(key, _)| key)
}

/// Through whose accounts the person had signed in, with their own addresses: what is kept there, only they can delete (clause 8.2).
fn third_parties(app: &App, erased: &[Erased]) -> Vec<Value> {
    let codes = erased.iter().filter_map(|one| one.what.strip_prefix(link::ERASED));
    let issuers = codes.filter_map(|code| app.config().issuers.iter().find(|issuer| issuer.code == code));
    let told = |issuer: &Issuer| {
        let [zh, en] = &issuer.names;
        // The order goes out after this is signed; the page behind the link says when it is acknowledged.
        let order = issuer.orders.as_ref().map(|_| "pending");
        json!({ "name": { "zh": zh, "en": en }, "account": issuer.account(), "privacy": issuer.privacy(), "order": order })
    };
    issuers.map(told).collect()
}
