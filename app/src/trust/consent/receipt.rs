//! The receipt of a consent event: the fields of ISO/IEC TS 27560 in terms of the Data Privacy Vocabulary (DPV), with own
//! terms for the grounds of the PIPL, which DPV has none for; signed like every receipt of the platform.
//!
//! `docs/consent-receipt.schema.json` describes it; a test compares.

use crate::app::App;
use crate::web::{At, Ctx, Error, Oneself, attachment};
use axum::extract::State;
use axum::response::Response;
use evidence::Receipt;
use kit::db;
use kit::id::Id;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use vault::consent::{self, Act, Consent, Event, Holder};

/// How many of the newest events a receipt can be had of.
const REACH: i64 = 10_000;

/// The receipt as a file, for keeping and for `ziyun verify`.
pub async fn show(
    State(app): State<App>,
    context: Ctx,
    Oneself(person): Oneself,
    At(id): At<Id<Consent>>,
) -> Result<Response, Error> {
    let own = Holder::Subject(person.subject());
    let firm = context.actor.member().map(|member| Holder::company(member.company));
    let read = app.db().read::<_, db::Error>(move |tx| {
        for holder in [Some(own), firm].into_iter().flatten() {
            let found = consent::history(tx, holder, REACH)?.into_iter().find(|event| event.id == id);
            if let Some(event) = found {
                return Ok(Some((holder, event)));
            }
        }
        Ok(None)
    });
    let (holder, event) = read.await?.ok_or_else(Error::not_found)?;
    attachment::json(&format!("consent-{id}"), &signed(&app, holder, &event))
}

/// The receipt of an event, signed.
pub fn signed(app: &App, holder: Holder, event: &Event) -> Receipt {
    app.signer().sign("consent", statement(app, holder, event))
}

/// A JSON-LD document by its top-level members.
fn statement(app: &App, holder: Holder, event: &Event) -> BTreeMap<String, Value> {
    let whose = match holder {
        Holder::Subject(subject) => ("dpv:hasDataSubject", format!("urn:uuid:{subject}")),
        Holder::Company(company) => ("cn-pipl:authorisedBy", format!("urn:uuid:{}", Id::<()>::from_bytes(company))),
    };
    let mut document = json!({
        "@context": context(),
        "@type": "dpv:ConsentReceipt",
        "@id": format!("urn:uuid:{}", event.id),
        "dct:conformsTo": "ISO/IEC TS 27560:2023",
        "dct:identifier": event.id,
        "cn-pipl:number": event.number,
        "dpv:hasConsentStatus": status(event.act),
        "dpv:isIndicatedAtTime": event.at,
        "dpv:hasIndicationMethod": format!("cn-pipl:{}", event.method.code()),
        "dpv:hasDataController": {
            "@type": "dpv:DataController",
            "dct:title": app.operator_name(),
            "dpv:hasContact": app.config().privacy_contact,
        },
        "dpv:hasNotice": notice(event),
        "dpv:hasProcess": process(event),
    });
    document[whose.0] = json!(whose.1);
    if let Some(end) = event.ends_at {
        document["dct:valid"] = json!(end);
    }
    if let Some(kind) = event.kind {
        document["cn-pipl:form"] = json!(format!("cn-pipl:{}", kind.code()));
    }
    match document {
        Value::Object(members) => members.into_iter().collect(),
        _ => BTreeMap::new(),
    }
}

/// What the words mean as a graph: without it codes, persons and instants would be mere texts.
fn context() -> Value {
    let mut context = json!({
        "dpv": "https://w3id.org/dpv#",
        "dct": "http://purl.org/dc/terms/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "cn-pipl": "urn:ziyun:cn-pipl:",
    });
    for code in CODES {
        context[code] = json!({ "@type": "@id" });
    }
    for instant in INSTANTS {
        context[instant] = json!({ "@type": "xsd:dateTime" });
    }
    context
}

/// Members whose values name something.
const CODES: [&str; 6] = [
    "dpv:hasConsentStatus",
    "dpv:hasIndicationMethod",
    "dpv:hasDataSubject",
    "dpv:hasLegalBasis",
    "cn-pipl:authorisedBy",
    "cn-pipl:form",
];

/// Members whose values are instants.
const INSTANTS: [&str; 2] = ["dpv:isIndicatedAtTime", "dct:valid"];

fn status(act: Act) -> &'static str {
    match act {
        Act::Requested => "dpv:ConsentRequested",
        Act::Given => "dpv:ConsentGiven",
        Act::Refused => "dpv:ConsentRefused",
        Act::Withdrawn => "dpv:ConsentWithdrawn",
        Act::Expired => "dpv:ConsentExpired",
        // DPV: what was given no longer holds for what is now asked.
        Act::Superseded | Act::Invalidated => "dpv:ConsentInvalidated",
    }
}

fn notice(event: &Event) -> Value {
    let mut notice = json!({
        "@type": "dpv:ConsentNotice",
        "dct:hasVersion": event.version,
        "dct:language": event.language,
        "cn-pipl:place": event.place,
        "cn-pipl:channel": event.channel,
    });
    if let (Some(text), Some(hash)) = (&event.text, event.text_hash) {
        notice["dct:description"] = json!(text);
        notice["cn-pipl:sha256"] = json!(hex::encode(hash));
    }
    notice
}

/// What was agreed to: the uses that the event itself names, not those of the policy today.
fn process(event: &Event) -> Value {
    let (mut data, mut recipients) = (Map::new(), Map::new());
    for one in event.scope.split(' ') {
        let mut words = one.split(':');
        let (Some(field), Some(recipient), Some(class)) = (words.next(), words.next(), words.next()) else { continue };
        data.insert(field.to_owned(), datum(field, class));
        let words = policy::recipient_named(recipient);
        let title = words.map(|entry| json!([told(entry.zh, "zh"), told(entry.en, "en")]));
        let kind = if recipient == "subject" { "dpv:DataSubject" } else { "dpv:Recipient" };
        let entry = json!({ "@type": kind, "dct:identifier": recipient, "dct:title": title.unwrap_or(json!([])) });
        recipients.insert(recipient.to_owned(), entry);
    }
    let purpose = policy::purpose_named(&event.purpose);
    let title = purpose.map(|entry| json!([told(entry.zh, "zh"), told(entry.en, "en")]));
    json!({
        "@type": "dpv:Process",
        "dpv:hasPurpose":
            { "@type": "dpv:Purpose", "dct:identifier": event.purpose, "dct:title": title.unwrap_or(json!([])) },
        "dpv:hasPersonalData": data.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(),
        "dpv:hasRecipient": recipients.into_iter().map(|(_, entry)| entry).collect::<Vec<_>>(),
        "dpv:hasLegalBasis": "cn-pipl:A13-1-1",
    })
}

fn datum(field: &str, class: &str) -> Value {
    let title = policy::field_named(field).map(|entry| json!([told(entry.zh, "zh"), told(entry.en, "en")]));
    let time = policy::RETENTIONS.iter().find(|entry| entry.id == class);
    let time = time.map(|entry| json!([told(entry.zh, "zh"), told(entry.en, "en")]));
    json!({
        "@type": "dpv:PersonalData",
        "dct:identifier": field,
        "dct:title": title.unwrap_or(json!([])),
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dct:identifier": class,
            "dct:title": time.unwrap_or(json!([])),
        },
    })
}

fn told(words: &str, language: &str) -> Value {
    json!({ "@value": words, "@language": language })
}
