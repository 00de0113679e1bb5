//! A page of the feed as Atom.

use super::super::facts::{Facts, Name};
use super::super::source::Precision;
use super::super::store::Summary;
use super::{Pages, exact::exact};
use crate::reach::region;
use crate::web::Error;
use crate::web::syndication::{ATOM, instant, legal, link, person, plain, written};
use crate::web::text::{Arg, Locale, Words};
use atom_syndication as atom;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A page to be written.
pub struct Atom<'a> {
    pub(super) pages: Pages<'a>,
    pub(super) words: Words,
    pub(super) zone: TimeZone,
    pub(super) entries: Vec<Entry<'a>>,
}

/// A notice and when it was updated.
pub struct Entry<'a> {
    pub(super) row: &'a Summary,
    pub(super) updated: Timestamp,
}

impl Atom<'_> {
    /// The page.
    ///
    /// # Errors
    /// 500 when it cannot be written.
    pub fn text(&self) -> Result<String, Error> {
        let updated = self.entries.iter().map(|entry| entry.updated).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let config = self.pages.app.config();
        let feed = atom::Feed {
            id: self.pages.first(),
            title: plain(&self.title()),
            updated: instant(updated)?,
            authors: vec![person(&config.operator_name, Some(config.address("/")))],
            links: self.links(),
            generator: Some(atom::Generator { value: "Ziyun".to_owned(), ..atom::Generator::default() }),
            lang: Some(self.words.locale.tag().to_owned()),
            entries: self.entries.iter().map(|entry| self.entry(entry)).collect::<Result<_, _>>()?,
            ..atom::Feed::default()
        };
        written(&feed)
    }

    /// The list's title and what it is narrowed to: a reader follows several.
    fn title(&self) -> String {
        let list = self.words.text("notice-list", &[]);
        let narrowed = self.pages.filter.pairs().into_iter().map(|(name, value)| self.told(name, &value));
        let narrowed: Vec<_> = narrowed.collect();
        if narrowed.is_empty() { list } else { format!("{list} · {}", narrowed.join(" · ")) }
    }

    fn told(&self, name: &str, value: &str) -> String {
        let known = match name {
            "kind" => Some(self.words.text(&format!("notice-kind-{value}"), &[])),
            "region" => region::by_code(value).map(|region| self.named(&region.into())),
            "category" => Name::of_category(value).map(|name| self.named(&name)),
            "words" => Some(value.to_owned()),
            _ => None,
        };
        known.unwrap_or_else(|| {
            format!("{} {value}", self.words.text(&format!("notice-{}", name.replace('_', "-")), &[]))
        })
    }

    fn named(&self, name: &Name) -> String {
        if self.words.locale == Locale::Zh { name.zh } else { name.en }.to_owned()
    }

    fn links(&self) -> Vec<atom::Link> {
        let own = |rel: &str, href: String| link(rel, href, ATOM);
        let mut links = vec![own("self", self.pages.itself()), own("first", self.pages.first())];
        links.extend(self.pages.next().map(|next| own("next", next)));
        links.push(link("alternate", self.pages.list(), "text/html"));
        links
    }

    fn entry(&self, entry: &Entry<'_>) -> Result<atom::Entry, Error> {
        let row = entry.row;
        let facts = Facts::from(row.clone());
        let config = self.pages.app.config();
        Ok(atom::Entry {
            id: format!("urn:uuid:{}", row.id),
            title: plain(&row.title),
            updated: instant(entry.updated)?,
            published: Some(instant(row.published.at)?),
            authors: row.buyer.iter().map(|buyer| person(buyer, None)).collect(),
            categories: self.categories(row, &facts),
            links: vec![link("alternate", config.address(&facts.address), "text/html")],
            summary: Some(plain(&self.summary(&facts))),
            ..atom::Entry::default()
        })
    }

    fn categories(&self, row: &Summary, facts: &Facts) -> Vec<atom::Category> {
        let exact = exact(row.kind, &row.word, &row.title);
        let category = |scheme: &str, term: &str, label: String| atom::Category {
            term: term.to_owned(),
            scheme: Some(self.pages.app.config().address(&format!("/notices#{scheme}"))),
            label: Some(legal(&label)),
        };
        let mut all = vec![category("kind", exact, self.words.text(&format!("notice-exact-{exact}"), &[]))];
        all.push(category("category", facts.category.code, self.named(&facts.category)));
        all.extend(facts.region.iter().map(|region| category("region", region.code, self.named(region))));
        all
    }

    /// What the list shows of it, one fact a line.
    fn summary(&self, facts: &Facts) -> String {
        let word = |key: &str| self.words.text(key, &[]);
        let colon = word("part-colon");
        let mut lines = vec![word(&facts.kind.key())];
        if !facts.word.is_empty() && facts.kind.code() == "other" {
            lines[0] = facts.word.clone();
        }
        let mut line = |key: &str, value: String| lines.push(format!("{}{colon}{value}", word(key)));
        facts.buyer.iter().for_each(|buyer| line("notice-buyer", buyer.clone()));
        facts.project_no.iter().for_each(|number| line("notice-number", number.clone()));
        if let Some(budget) = &facts.budget {
            let sum = format!("{} {}", budget.currency, kit::money::plain(budget.minor));
            line("notice-budget", self.read(sum, facts.budget_read));
        }
        if let Some(deadline) = facts.deadline.filter(|_| !facts.deadline_doubtful) {
            let form = if deadline.precision == Precision::DateOnly { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" };
            let told = deadline.at.to_zoned_datetime(self.zone.clone()).strftime(form).to_string();
            line("notice-deadline", self.read(told, facts.deadline_read));
        }
        facts.source.iter().for_each(|source| {
            lines.push(self.words.text("notice-source", &[("source", Arg::from(source.clone()))]));
        });
        lines.join("\n")
    }

    /// What a program read is said to be so.
    fn read(&self, told: String, by_program: bool) -> String {
        if by_program { format!("{told} ({})", self.words.text("notice-read", &[])) } else { told }
    }
}
