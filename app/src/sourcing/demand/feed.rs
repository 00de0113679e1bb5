//! `GET /demands.atom`: the public list as a feed (RFC 4287), with the list's filters and words, the newest first; further pages are
//! linked (RFC 5005, 3). `lang` chooses the language and sets no cookie.

use super::filter::Filter;
use super::list;
use super::page::Named;
use crate::app::App;
use crate::web::syndication::{ANEW, ATOM, instant, language, legal, link, person, plain, written};
use crate::web::text::Words;
use crate::web::{Ctx, Error, InAddress, address, tagged};
use atom_syndication as atom;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use jiff::Timestamp;

/// Its address.
pub const PLACE: &str = "/demands.atom";

pub async fn show(State(app): State<App>, context: Ctx, headers: HeaderMap) -> Result<Response, Error> {
    let (filter, after) = Filter::read(&context)?;
    let found = list::found(&app, &filter, (after.clone(), "atom "), true).await?;
    let demands: Vec<_> = found.0.into_iter().map(|demand| Named::new(demand, context.locale)).collect();
    let pages = Pages { app: &app, filter: &filter, language: language(&context) };
    let words = Words::new(app.catalogue(), context.locale);
    let text = written(&pages.feed(&words, (after, found.1), &demands)?)?;
    // By its tag alone: a demand that is closed leaves the feed, and the newest change of the others tells nothing of it.
    let mut response = tagged(ATOM, text, ANEW, None, &headers);
    response.extensions_mut().insert(InAddress);
    Ok(response)
}

fn updated(one: &Named) -> Timestamp {
    one.demand.changed_at.or(one.demand.published_at).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The feed's pages.
struct Pages<'a> {
    app: &'a App,
    filter: &'a Filter,
    language: Option<&'static str>,
}

impl Pages<'_> {
    fn page(&self, place: &str, after: Option<String>) -> String {
        let mut pairs = self.filter.pairs();
        pairs.extend(self.language.map(|tag| ("lang", tag.to_owned())));
        pairs.extend(after.map(|cursor| ("after", cursor)));
        self.app.config().address(&address(place, pairs, None))
    }

    fn feed(
        &self,
        words: &Words,
        (this, next): (Option<String>, Option<String>),
        demands: &[Named],
    ) -> Result<atom::Feed, Error> {
        let config = self.app.config();
        let mut links = vec![link("self", self.page(PLACE, this), ATOM), link("first", self.page(PLACE, None), ATOM)];
        links.extend(next.map(|cursor| link("next", self.page(PLACE, Some(cursor)), ATOM)));
        links.push(link("alternate", self.page("/demands", None), "text/html"));
        Ok(atom::Feed {
            id: self.page(PLACE, None),
            title: plain(&words.text("demand-list", &[])),
            updated: instant(demands.iter().map(updated).max().unwrap_or(Timestamp::UNIX_EPOCH))?,
            authors: vec![person(&config.operator_name, Some(config.address("/")))],
            links,
            generator: Some(atom::Generator { value: "Ziyun".to_owned(), ..atom::Generator::default() }),
            lang: Some(words.locale.tag().to_owned()),
            entries: demands.iter().map(|one| self.entry(words, one)).collect::<Result<_, _>>()?,
            ..atom::Feed::default()
        })
    }

    fn entry(&self, words: &Words, one: &Named) -> Result<atom::Entry, Error> {
        let (demand, config) = (&one.demand, self.app.config());
        let category = |scheme: &str, term: &str, label: &str| atom::Category {
            term: term.to_owned(),
            scheme: Some(config.address(&format!("/demands#{scheme}"))),
            label: Some(legal(label)),
        };
        Ok(atom::Entry {
            id: format!("urn:uuid:{}", demand.id),
            title: plain(&demand.content.title),
            updated: instant(updated(one))?,
            published: demand.published_at.map(instant).transpose()?,
            authors: vec![person(&demand.company_name, None)],
            categories: vec![
                category("category", &demand.content.category, &one.category_name),
                category("region", &demand.content.region, &one.region_name),
            ],
            links: vec![link("alternate", config.address(&format!("/demands/{}", demand.id)), "text/html")],
            summary: Some(plain(&summary(words, one))),
            ..atom::Entry::default()
        })
    }
}

/// What the list shows of it, one fact a line.
fn summary(words: &Words, one: &Named) -> String {
    let colon = words.text("part-colon", &[]);
    let content = &one.demand.content;
    let mut lines = vec![format!("{} {}", one.region_name, one.category_name)];
    let mut line = |key: &str, value: String| lines.push(format!("{}{colon}{value}", words.text(key, &[])));
    content.budget.iter().for_each(|fen| line("demand-budget-yuan", kit::money::short(*fen)));
    content.wanted_on.iter().for_each(|day| line("demand-wanted_on", day.to_string()));
    lines.join("\n")
}
