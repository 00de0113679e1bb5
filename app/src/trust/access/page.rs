//! The page: what others did one by one, the person's own pages by the day.

use crate::app::App;
use crate::trust::usage::reasons;
use crate::web::text::{Arg, Words};
use crate::web::{Ctx, Day, Error, Instant, Locale, Oneself, Page, Person, Said, filters};
use askama::Template;
use axum::extract::State;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use vault::access::{Access, By, accesses};
use vault::{Opening, RequestId};

/// Lines of a page.
const PAGE: usize = 30;
/// How far back own pages are counted, and how many of their records at most.
const OWN_DAYS: i64 = 30;
const OWN: usize = 1000;
/// How many of others' are counted at most.
const COUNTED: usize = 200;

/// Who looked at a person's data.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "AccessList")]
#[template(path = "trust/access/list.html")]
pub struct Accesses {
    /// By anybody and anything but the person's own pages, the newest first; denied attempts among them.
    others: Vec<Line>,
    /// By the person's own pages within thirty days, the newest day first.
    own: Vec<OwnDay>,
    /// Where the next page is.
    next: Option<String>,
}

/// One access.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Access")]
struct Line {
    id: Id<Opening>,
    #[schemars(with = "Instant")]
    at: Timestamp,
    /// False for an attempt that was denied.
    opened: bool,
    /// What happened, in a sentence.
    told: String,
    /// Names of the fields.
    fields: String,
    /// What for, as the policy says it.
    purpose: String,
    /// On which ground.
    basis: String,
    /// Who got it.
    recipient: String,
    /// The request or job behind it.
    request: RequestId,
    /// The exception case behind it, in a sentence: who asked, by which document, under which law.
    case: Option<String>,
    /// The reason that the operator's security duty stated, in a sentence.
    reason: Option<String>,
}

/// What the person's own pages opened on a day for one purpose.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnAccesses")]
struct OwnDay {
    #[schemars(with = "Day")]
    day: Date,
    /// How often.
    count: usize,
    /// Names of the fields.
    fields: String,
    /// What for.
    purpose: String,
}

/// The page. It opens nothing: records hold no personal value.
pub async fn show(State(app): State<App>, context: Ctx, Oneself(person): Oneself) -> Result<Page, Error> {
    let subject = person.subject();
    let bound = subject.to_string();
    let after = context.parameter("after").filter(|cursor| !cursor.is_empty());
    let after = after.map(|cursor| app.cursors().open(&cursor, &bound)).transpose()?;
    let read = app.db().read::<_, db::Error>(move |tx| {
        let mut others = accesses(tx, subject, By::Others, after, PAGE + 1)?;
        let more = others.len() > PAGE;
        others.truncate(PAGE);
        let own = if after.is_none() { accesses(tx, subject, By::Themselves, None, OWN)? } else { Vec::new() };
        let companies = companies(tx, &others)?;
        let reasons = reasons(tx, others.iter().map(|one| one.request))?;
        Ok((others, more, own, companies, reasons))
    });
    let (others, more, own, companies, reasons) = read.await?;
    let last = others.last().filter(|_| more);
    let next = last.map(|last| app.cursors().seal(last.at.as_microsecond(), last.id.as_bytes(), &bound));
    let words = Words::new(app.catalogue(), context.locale);
    let since = context.now.checked_sub(SignedDuration::from_hours(24 * OWN_DAYS)).unwrap_or(context.now);
    let page = Accesses {
        own: by_day(own.into_iter().filter(|one| since <= one.at), &app.zone(), &words),
        others: others.into_iter().map(|one| Line::new(one, &companies, &reasons, &words)).collect(),
        next: next.map(|cursor| format!("/me/accesses?after={cursor}")),
    };
    Ok(Page::new("access", page))
}

/// How often others have looked within thirty days, for the privacy centre.
pub fn state(tx: &mut Tx, _: &App, person: &Person) -> Result<Said, db::Error> {
    let others = accesses(tx, person.subject(), By::Others, None, COUNTED)?;
    let since = tx.now().checked_sub(SignedDuration::from_hours(24 * OWN_DAYS)).unwrap_or(tx.now());
    let recent = others.iter().filter(|one| since <= one.at);
    let (opened, denied): (Vec<_>, Vec<_>) = recent.partition(|one| one.opened);
    Ok(Said::new("access-state").with("opened", opened.len()).with("denied", denied.len()))
}

type Companies = BTreeMap<[u8; 16], String>;
type Reasons = BTreeMap<RequestId, String>;

fn companies(tx: &mut Tx, accesses: &[Access]) -> Result<Companies, db::Error> {
    let mut names = Companies::new();
    for id in accesses.iter().filter_map(|one| one.company).collect::<BTreeSet<_>>() {
        let name = tx.first("SELECT name FROM company WHERE id = $1", values![id], |row| row.next())?;
        names.extend(name.map(|name| (id, name)));
    }
    Ok(names)
}

impl Line {
    fn new(access: Access, companies: &Companies, reasons: &Reasons, words: &Words) -> Self {
        let role = words.find(&format!("opener-{}", access.role.replace('.', "-")), &[]);
        let role = role.unwrap_or_else(|| words.text("opener-other", &[]));
        let company = access.company.and_then(|id| companies.get(&id));
        let opener = match company {
            Some(name) => words.text("access-of-company", &[("company", name.as_str().into()), ("role", role.into())]),
            None => role,
        };
        let case = access.case.map(|case| {
            let args: [(&str, Arg); 3] =
                [("authority", case.authority.into()), ("document", case.document.into()), ("law", case.law.into())];
            words.text("access-case", &args)
        });
        let (fields, purpose) = (fields(&access.fields, words), purpose(&access.purpose, words));
        let args: [(&str, Arg); 3] =
            [("opener", opener.into()), ("purpose", purpose.clone().into()), ("fields", fields.clone().into())];
        let key = if access.opened { "access-sentence" } else { "access-sentence-denied" };
        let mut told = words.text(key, &args);
        for code in access.reason.iter().flat_map(|codes| codes.split(',')) {
            told.push_str(&words.text(&format!("access-denied-{code}"), &[]));
        }
        Self {
            id: access.id,
            at: access.at,
            opened: access.opened,
            told,
            fields,
            purpose,
            basis: bases(&access.bases, words),
            recipient: recipient(&access.recipient, words),
            request: access.request,
            case,
            reason: reasons
                .get(&access.request)
                .map(|reason| words.text("access-reason", &[("reason", reason.as_str().into())])),
        }
    }
}

fn by_day(own: impl Iterator<Item = Access>, zone: &TimeZone, words: &Words) -> Vec<OwnDay> {
    let mut days: BTreeMap<(Date, String), (usize, Vec<String>)> = BTreeMap::new();
    for access in own {
        let day = access.at.to_zoned_datetime(zone.clone()).date();
        let (count, seen) = days.entry((day, access.purpose)).or_default();
        *count += 1;
        seen.extend(access.fields);
    }
    let lines = days.into_iter().rev().map(|((day, id), (count, seen))| {
        let once: BTreeSet<_> = seen.into_iter().collect();
        let once: Vec<_> = once.into_iter().collect();
        OwnDay { day, count, fields: fields(&once, words), purpose: purpose(&id, words) }
    });
    lines.collect()
}

/// Names in the reader's language; an id that the present matrix does not have stands as it is.
fn named<'t>(locale: Locale, found: Option<(&'t str, &'t str)>, id: &'t str) -> String {
    match (found, locale) {
        (Some((zh, _)), Locale::Zh) => zh.to_owned(),
        (Some((_, en)), Locale::En) => en.to_owned(),
        (None, _) => id.to_owned(),
    }
}

fn fields(ids: &[String], words: &Words) -> String {
    let name = |id: &String| named(words.locale, policy::field_named(id).map(|entry| (entry.zh, entry.en)), id);
    ids.iter().map(name).collect::<Vec<_>>().join(if words.locale == Locale::Zh { "、" } else { ", " })
}

fn purpose(id: &str, words: &Words) -> String {
    named(words.locale, policy::purpose_named(id).map(|entry| (entry.zh, entry.en)), id)
}

fn recipient(id: &str, words: &Words) -> String {
    named(words.locale, policy::recipient_named(id).map(|entry| (entry.zh, entry.en)), id)
}

fn bases(ids: &[String], words: &Words) -> String {
    let once: BTreeSet<_> = ids.iter().collect();
    let told = once.into_iter().map(|id| words.text(&format!("access-basis-{id}"), &[]));
    told.collect::<Vec<_>>().join(if words.locale == Locale::Zh { "；" } else { "; " })
}
