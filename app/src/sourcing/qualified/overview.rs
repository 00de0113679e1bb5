//! Lists of lists: the public one, the company's own.

use super::list::QualifiedList;
use super::page::{Named, prepares};
use super::store::{self, PAGE};
use crate::app::App;
use crate::identity::people::Duties;
use crate::web::{Context, Error, Locale, Param, filters, parameters};
use askama::Template;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

/// The parameters, for the description of the API.
pub const PARAMETERS: &[Param] =
    &[Param { name: "after", about: "Where the next page begins: from `next` of the page before", example: "" }];

/// What binds a cursor to the list.
const PLACE: &str = "/qualified-lists";

/// The public list.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/list.html")]
#[schemars(rename = "QualifiedLists")]
pub struct List {
    /// Those of this page, newest first.
    pub lists: Vec<Named>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether this is the first page.
    #[serde(skip)]
    pub first: bool,
    /// Whether its reader drafts lists.
    #[serde(skip)]
    pub prepares: bool,
}

impl List {
    /// Reads a page of it.
    ///
    /// # Errors
    /// 400 `cursor`.
    pub async fn read(app: &App, context: &Context, prepares: bool) -> Result<Self, Error> {
        let after = parameters(&context.query, "cursor", |_, _| true)?;
        let first = after.is_none();
        let after = after.map(|cursor| app.cursors().open(&cursor, PLACE)).transpose()?;
        let mut found = app.db().read::<_, Error>(move |tx| Ok(store::list_public(tx, after)?)).await?;
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let last = found.last().filter(|_| more).and_then(|one| Some((one.published_at?.as_microsecond(), one.id)));
        let next = last.map(|(at, id)| app.cursors().seal(at, id.as_bytes(), PLACE));
        let next = next.map(|cursor| format!("{PLACE}?after={cursor}"));
        let named = |list| Named::new(list, context.locale, context.now);
        Ok(Self { lists: found.into_iter().map(named).collect(), next, first, prepares })
    }
}

/// The company's own.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/own.html")]
#[schemars(rename = "QualifiedOwnLists")]
pub struct OwnList {
    /// The newest first.
    lists: Vec<Named>,
    /// Whether its reader drafts lists.
    #[serde(skip)]
    prepares: bool,
}

impl OwnList {
    /// The company's own.
    pub fn new(lists: Vec<QualifiedList>, duties: Duties, (locale, now): (Locale, Timestamp)) -> Self {
        let lists = lists.into_iter().map(|list| Named::new(list, locale, now)).collect();
        Self { lists, prepares: prepares(duties) }
    }

    /// Where a line leads: a draft to its form, for who may change it.
    fn href(&self, one: &Named) -> String {
        if self.prepares { one.list.href() } else { format!("{PLACE}/{}", one.list.id) }
    }
}
