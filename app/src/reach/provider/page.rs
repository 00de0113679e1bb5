//! What the pages show, and what their JSON says.

use super::filter::Filter;
use super::profile::Price;
use super::public::Public;
use super::{file, linked};
use crate::identity::company::Company;
use crate::identity::company::part::Kind;
use crate::reach::{category, region};
use crate::web::{Day, Form, filters};
use askama::Template;
use jiff::civil::Date;
use kit::id::Id;
use kit::search::Fragment;
use schemars::JsonSchema;
use serde::Serialize;

/// The list of providers.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/provider/list.html")]
#[schemars(rename = "ProviderList")]
pub struct List {
    /// What was asked for.
    pub filter: Filter,
    /// How many there are in all, some seconds late at worst.
    pub total: usize,
    /// The providers of this page.
    pub providers: Vec<Line>,
    /// The address of the next page.
    pub next: Option<String>,
    /// Whether this is the first page.
    #[serde(skip)]
    pub first: bool,
}

/// A provider in the list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProviderLine")]
pub struct Line {
    /// Its public page.
    pub provider: Public,
    /// The page's address.
    pub address: String,
    /// The name in pieces, what was searched for marked.
    #[serde(skip)]
    pub marked_name: Vec<Fragment>,
    /// Where in the page it stands.
    #[serde(skip)]
    pub snippet: Vec<Fragment>,
}

impl List {
    fn is_kind(&self, kind: &Kind) -> bool {
        self.filter.kind.as_ref() == Some(kind)
    }

    fn category_zh(&self, code: &str) -> String {
        named(code, |one| one.zh.clone(), |one| one.zh.clone())
    }

    fn category_en(&self, code: &str) -> String {
        named(code, |one| one.en.clone(), |one| one.en.clone())
    }

    fn region_zh(&self, code: &str) -> &'static str {
        region::by_code(code).map_or("", |one| one.name_zh)
    }

    fn region_en(&self, code: &str) -> &'static str {
        region::by_code(code).map_or("", |one| one.name_en)
    }
}

/// The name of a category, or of a group of them.
fn named(
    code: &str,
    of_category: impl Fn(&category::Category) -> String,
    of_group: impl Fn(&category::Group) -> String,
) -> String {
    let group = category::groups().iter().find(|group| group.code == code);
    category::by_code(code).map(of_category).or(group.map(of_group)).unwrap_or_default()
}

impl Line {
    /// A line, with what the search marked.
    pub fn new(provider: Public, marks: Option<(Vec<Fragment>, Vec<Fragment>)>) -> Self {
        let (marked_name, snippet) = marks.unwrap_or_default();
        Self { address: format!("/providers/{}", provider.id), provider, marked_name, snippet }
    }

    /// The first of its categories, and how many more there are.
    fn services(&self) -> (Vec<&'static category::Category>, usize) {
        let mut all = self.provider.profile.as_ref().map(|profile| profile.categories()).unwrap_or_default();
        let more = all.len().saturating_sub(4);
        all.truncate(4);
        (all, more)
    }

    /// The first of its provinces, and how many more there are.
    fn provinces(&self) -> (Vec<&'static region::Region>, usize) {
        let mut all = self.provider.profile.as_ref().map(|profile| profile.provinces()).unwrap_or_default();
        let more = all.len().saturating_sub(3);
        all.truncate(3);
        (all, more)
    }
}

/// A provider's public page.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/provider/show.html")]
#[schemars(rename = "ProviderPage")]
pub struct Show {
    /// All that is public of it.
    pub provider: Public,
    /// Today, in the installation's zone: what has ended is told so.
    #[serde(skip)]
    today: Date,
    /// The same as structured data.
    #[serde(skip)]
    linked: String,
}

impl Show {
    /// The page at this address.
    pub fn new(provider: Public, today: Date, address: &str) -> Self {
        let linked = linked::document(&provider, address);
        Self { provider, today, linked }
    }

    fn channel_link(&self) -> Option<String> {
        self.provider.channel_link()
    }
}

impl Preview {
    fn channel_link(&self) -> Option<String> {
        self.provider.channel_link()
    }
}

/// The page as it would be, and the form that says so. Nothing of it is kept.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/provider/preview.html")]
#[schemars(rename = "ProviderPreview")]
pub struct Preview {
    /// All that would be public.
    pub provider: Public,
    #[serde(skip)]
    pub today: Date,
    pub form: Form,
}

/// A provider's own page, to be changed.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "reach/provider/own.html")]
#[schemars(rename = "ProviderEditor")]
pub struct Editor {
    /// The page as it would be with the newest profile; nothing while the company is no approved provider.
    pub provider: Public,
    /// Whether anybody can read it now.
    pub is_public: bool,
    /// The newest version of what was chosen; 0 while there is none.
    pub version: i64,
    /// The earliest day on which it may close down.
    #[schemars(with = "Day")]
    pub earliest_end: Date,
    pub form: Form,
    #[serde(skip)]
    pub closing: Form,
}

/// How the page stands after an act.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProviderPublished")]
pub struct Published {
    /// Whose.
    pub company: Id<Company>,
    /// The page's address.
    pub address: String,
    /// Whether anybody can read it.
    pub is_public: bool,
    /// The newest version of what was chosen.
    pub version: i64,
}

/// Whether any category of a group is chosen in a form.
fn is_open(form: &Form, group: &category::Group) -> bool {
    group.category.iter().any(|one| form.checked("services", &one.code))
}
