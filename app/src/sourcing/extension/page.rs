//! What the pages show.

use super::store::{self, Extension, UNDECIDED};
use crate::app::App;
use crate::identity::company::Company;
use crate::sourcing::bid::joint::WHOSE;
use crate::sourcing::tender::{self, Named, Tender};
use crate::web::{Actor, Error, Form, Instant, Locale, Provider, Purchaser, Task, Who, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// The answer to a bidder's act.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ValidityDone")]
pub struct Done {
    pub(super) id: Id<Extension>,
    pub(super) agrees: bool,
}

/// The buyer's page: the form, and what was answered so far.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/extension/form.html")]
#[schemars(rename = "ValidityForm")]
pub struct FormPage {
    tender: Named,
    /// Until when the bids bind that have agreed to nothing.
    #[schemars(with = "Option<Instant>")]
    until: Option<Timestamp>,
    extensions: Vec<Asked>,
    form: Form,
}

/// An extension with its answers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ValidityAsked")]
struct Asked {
    extension: Extension,
    answers: Vec<Told>,
}

/// What was answered about a bid.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ValidityAnswer")]
struct Told {
    company_name: String,
    /// None while nothing was said.
    agrees: Option<bool>,
}

impl FormPage {
    /// Reads it.
    ///
    /// # Errors
    /// As [`store::extendable`].
    pub async fn read(app: &App, buyer: Purchaser, id: Id<Tender>, form: Form, locale: Locale) -> Result<Self, Error> {
        let zone = app.zone();
        let read = move |tx: &mut Tx| {
            let tender = store::extendable(tx, &buyer, id)?;
            let mut extensions = Vec::new();
            for extension in store::list(tx, id)? {
                let answers = told(tx, &extension)?;
                extensions.push(Asked { extension, answers });
            }
            let until = tender.terms.valid_until(tender.deadline, &zone);
            Ok::<_, Error>(Self { until, extensions, form: form.clone(), tender: Named::new(tender, locale) })
        };
        app.db().read(read).await
    }
}

/// The bids of undecided lots that stand, and those that were answered about, with what was answered about each.
fn told(tx: &mut Tx, extension: &Extension) -> Result<Vec<Told>, db::Error> {
    let sql = format!(
        "SELECT b.company_name, a.agrees FROM bid b JOIN lot l ON l.id = b.lot \
         LEFT JOIN validity_answer a ON a.extension = $2 AND a.bid = b.id WHERE b.tender = $1 AND {UNDECIDED} \
         AND (a.bid IS NOT NULL OR (b.state = 'opened' AND b.void IS NULL)) ORDER BY b.lot, b.id"
    );
    tx.all(&sql, values![extension.tender, extension.id], |row| {
        let company_name: Option<String> = row.next()?;
        Ok(Told { company_name: company_name.unwrap_or_default(), agrees: row.next()? })
    })
}

/// What the reader's company was asked for, the newest first.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/extension/list.html")]
#[schemars(rename = "ValidityList")]
pub struct List {
    extensions: Vec<Line>,
}

/// One of them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ValidityLine")]
struct Line {
    extension: Extension,
    title: String,
    /// Until when the company's bid binds now; none where it does no more.
    #[schemars(with = "Option<Instant>")]
    until: Option<Timestamp>,
    /// What the company has answered.
    agrees: Option<bool>,
    /// Whether its answer is taken now, from this reader.
    takes: bool,
}

impl List {
    /// Reads it.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, company: Id<Company>, (now, answers): (Timestamp, bool)) -> Result<Self, Error> {
        let zone = app.zone();
        let read = move |tx: &mut Tx| {
            let mut extensions: Vec<Line> = Vec::new();
            for whose in WHOSE {
                for extension in store::list_of(tx, whose, company)? {
                    if extensions.iter().any(|line| line.extension.id == extension.id) {
                        continue;
                    }
                    let tender = tender::store::load(tx, extension.tender)?;
                    let own = store::standing(tx, &zone, &tender)?.into_iter().find(|one| one.company == company);
                    let agrees = store::answer_of(tx, extension.id, company)?;
                    extensions.push(Line {
                        takes: answers && own.is_some() && agrees.is_none() && now < extension.due_at,
                        until: own.map(|one| one.until),
                        title: tender.title,
                        agrees,
                        extension,
                    });
                }
            }
            Ok::<_, Error>(Self { extensions })
        };
        app.db().read(read).await
    }
}

/// On the desk of who bids: what waits for an answer.
pub(super) fn waiting(tx: &mut Tx, _: &App, actor: &Actor) -> Result<Vec<Task>, db::Error> {
    let Some(provider) = Provider::of(actor).filter(|_| Who::Bidder.admits(actor).is_ok()) else {
        return Ok(Vec::new());
    };
    let mut tasks = Vec::new();
    for extension in store::waiting(tx, provider.company)? {
        let title = tender::store::titled(tx, extension.tender)?.unwrap_or_default();
        tasks.push(Task {
            what: "extension-waiting",
            args: vec![("title", title.into())],
            path: format!("/extensions#e-{}", extension.id),
            due: Some(extension.due_at),
            glyph: "clock",
            act: "extension-waiting-act",
        });
    }
    Ok(tasks)
}
