//! Asking the index.

use super::either::Either;
use super::highlight::{Fragment, snippet, whole};
use super::index::{Error, Fields, Index};
use super::words::{Asked, Word, read};
use serde::{Deserialize, Serialize};
use std::ops::Bound;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, Occur, PhraseQuery, RangeQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Value};
use tantivy::{DocId, Score, SegmentReader, TantivyDocument, Term};

const TITLE_COUNTS: Score = 3.0;

/// What is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What a person typed: all words must occur, quotes keep words together. Never an error.
    pub words: String,
    /// One label of each group must be there.
    pub labels: Vec<Vec<String>>,
    /// Published at or after this time, in µs.
    pub from: Option<i64>,
    /// Published before this time, in µs.
    pub until: Option<i64>,
    /// The least amount; documents without one are left out.
    pub amount_from: Option<i64>,
    /// The greatest amount; the same.
    pub amount_until: Option<i64>,
    /// Due at or after this time, in µs; documents that are due at no time are left out.
    pub due_from: Option<i64>,
    /// Due before this time, in µs; the same.
    pub due_until: Option<i64>,
    /// The newest first instead of the best: for who follows what is new.
    pub newest: bool,
    /// Only what comes after this position: the next page.
    pub after: Option<Position>,
    /// How many hits at most; 0 asks for the number of matches alone.
    pub limit: usize,
}

/// A place in the order of hits: by score, then the newest, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Position {
    /// The bits of the score, which is never negative and so orders like its number.
    pub score: u32,
    /// The document's time.
    pub at: i64,
    /// The document's id.
    pub id: [u8; 16],
}

/// A document that matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// Its id.
    pub id: [u8; 16],
    /// How well it matches (BM25); comparable within one answer only.
    pub score: f32,
    /// Its title in pieces, what matched marked.
    pub title: Vec<Fragment>,
    /// The part of its body that matches best, in pieces.
    pub snippet: Vec<Fragment>,
    /// Where it stands, to ask for what follows.
    pub position: Position,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The hits, the best first.
    pub hits: Vec<Hit>,
    /// How many documents match in all, whatever the page.
    pub total: usize,
    /// Whether there are more after these.
    pub more: bool,
}

impl Index {
    /// The best matches. Without words, all that pass the filters, the newest first; with words that hold no letter or
    /// digit, none.
    ///
    /// # Errors
    /// Of the index; never because of what was typed.
    pub fn search(&self, query: &Query) -> Result<Found, Error> {
        let typed = read(&query.words);
        if typed.words.is_empty() && !query.words.trim().is_empty() {
            return Ok(Found { hits: Vec::new(), total: 0, more: false });
        }
        let searcher = self.searcher();
        let asked = asked(&self.fields, query, &typed);
        if query.limit == 0 {
            let total = searcher.search(&*asked, &Count)?;
            return Ok(Found { hits: Vec::new(), total, more: false });
        }
        let after = query.after;
        let newest = query.newest;
        let order = move |segment: &SegmentReader| order(segment, after, newest);
        let best = TopDocs::with_limit(query.limit.saturating_add(1)).tweak_score(order);
        let (best, total) = searcher.search(&*asked, &(best, Count))?;
        let mut hits = Vec::with_capacity(query.limit);
        let mut positions = best.into_iter().filter_map(|(position, at)| Some((position?, at)));
        for (position, address) in positions.by_ref().take(query.limit) {
            hits.push(self.hit(position, &searcher.doc(address)?, &typed.words));
        }
        Ok(Found { hits, total, more: positions.next().is_some() })
    }

    fn hit(&self, position: Position, row: &TantivyDocument, words: &[Word]) -> Hit {
        let text = |field: Field| row.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
        Hit {
            id: position.id,
            score: f32::from_bits(position.score),
            title: whole(text(self.fields.title), words),
            snippet: snippet(text(self.fields.body), words),
            position,
        }
    }
}

/// Positions of a segment's documents; `None` for those on earlier pages, which sorts them behind all others.
fn order(
    segment: &SegmentReader,
    after: Option<Position>,
    newest: bool,
) -> impl Fn(DocId, Score) -> Option<Position> + use<> {
    let columns = segment.fast_fields();
    let at = columns.i64("at").expect("the layout has this column").first_or_default_col(0);
    let high = columns.u64("high").expect("the layout has this column").first_or_default_col(0);
    let low = columns.u64("low").expect("the layout has this column").first_or_default_col(0);
    move |document, score| {
        let id = u128::from(high.get_val(document)) << 64 | u128::from(low.get_val(document));
        let score = if newest { 0.0 } else { score.max(0.0) };
        let position = Position { score: score.to_bits(), at: at.get_val(document), id: id.to_be_bytes() };
        after.is_none_or(|after| position < after).then_some(position)
    }
}

type Clause = (Occur, Box<dyn tantivy::query::Query>);

fn asked(fields: &Fields, query: &Query, typed: &Asked) -> Box<dyn tantivy::query::Query> {
    let must = |word: &Word| -> Clause { (Occur::Must, Box::new(Either(places(fields, word).into()))) };
    let mut clauses: Vec<Clause> = typed.words.iter().map(must).collect();
    if !typed.together.is_empty() {
        let runs = typed.together.iter().flat_map(|run| places(fields, run)).collect();
        clauses.push((Occur::Should, Box::new(Either(runs))));
    }
    for group in &query.labels {
        let terms = group.iter().map(|label| Term::from_field_text(fields.label, label)).collect();
        clauses.push((Occur::Must, silent(BooleanQuery::new_multiterms_query(terms))));
    }
    let at_least = |from: Option<i64>| from.map_or(Bound::Unbounded, Bound::Included);
    let before = |until: Option<i64>| until.map_or(Bound::Unbounded, Bound::Excluded);
    let at_most = query.amount_until.map_or(Bound::Unbounded, Bound::Included);
    clauses.extend(within(fields.at, at_least(query.from), before(query.until)));
    clauses.extend(within(fields.amount, at_least(query.amount_from), at_most));
    clauses.extend(within(fields.due, at_least(query.due_from), before(query.due_until)));
    match clauses.is_empty() {
        true => silent(AllQuery),
        false => Box::new(BooleanQuery::new(clauses)),
    }
}

/// A span of a figure; none where it has no bound.
fn within(field: Field, from: Bound<i64>, until: Bound<i64>) -> Option<Clause> {
    let term = |figure: i64| Term::from_field_i64(field, figure);
    let bounded = from != Bound::Unbounded || until != Bound::Unbounded;
    bounded.then(|| (Occur::Must, silent(RangeQuery::new(from.map(term), until.map(term)))))
}

/// A filter decides and does not count.
fn silent(query: impl tantivy::query::Query) -> Box<dyn tantivy::query::Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

/// The title and the body.
fn places(fields: &Fields, word: &Word) -> [Box<dyn tantivy::query::Query>; 2] {
    [Box::new(BoostQuery::new(occurs(fields.title, word), TITLE_COUNTS)), occurs(fields.body, word)]
}

fn occurs(field: Field, word: &Word) -> Box<dyn tantivy::query::Query> {
    let mut terms = Vec::new();
    place(field, word, &mut 0, &mut terms);
    match terms.len() {
        0 | 1 => {
            let term = terms.pop().map_or_else(|| Term::from_field_text(field, ""), |(_, term)| term);
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        }
        _ => Box::new(PhraseQuery::new_with_offset(terms)),
    }
}

/// The terms of a word and where they stand to each other: every second pair, and the last one, say it all.
fn place(field: Field, word: &Word, position: &mut usize, terms: &mut Vec<(usize, Term)>) {
    match word {
        Word::Stem(stem) => {
            terms.push((*position, Term::from_field_text(field, stem)));
            *position += 1;
        }
        Word::Phrase(parts) => parts.iter().for_each(|part| place(field, part, position, terms)),
        Word::Han(han) => {
            let characters: Vec<char> = han.chars().collect();
            let last = characters.len().saturating_sub(2);
            for from in (0..last).step_by(2).chain([last]) {
                let pair: String = characters[from..].iter().take(2).collect();
                terms.push((*position + from, Term::from_field_text(field, &pair)));
            }
            *position += characters.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::*;

    fn document(number: u8, title: &str, body: &str) -> Document {
        let labels = vec![format!("kind:{}", if number.is_multiple_of(2) { "even" } else { "odd" })];
        let amount = (number != 3).then_some(i64::from(number) * 100);
        let (at, due) = (i64::from(number), amount.map(|amount| amount * 10));
        Document { id: [number; 16], title: title.into(), body: body.into(), labels, at, amount, due }
    }

    fn filled() -> (tempfile::TempDir, Index) {
        let dir = tempfile::tempdir().expect("a folder");
        let index = Index::open(dir.path()).expect("an index");
        let documents = [
            document(1, "云平台设备维保服务采购项目招标公告", "宏杉存储的维保，含云平台巡检"),
            document(2, "江西省人民医院信息系统运维", "应急响应截 止时间"),
            document(3, "Maintenance services for data centres", "Cooling, ＵＰＳ and fire protection <b>"),
            document(4, "办公楼保洁服务询比公告", "机房与办公区域"),
        ];
        index.apply(&documents, 4).expect("applied");
        (dir, index)
    }

    fn ask(index: &Index, words: &str) -> Vec<u8> {
        numbers(&index.search(&Query { words: words.into(), limit: 10, ..Query::default() }).expect("an answer"))
    }

    fn numbers(found: &Found) -> Vec<u8> {
        found.hits.iter().map(|hit| hit.id[0]).collect()
    }

    #[test]
    fn chinese_words_are_found_in_titles_and_bodies_wherever_they_stand() {
        let (_dir, index) = filled();
        assert_eq!(ask(&index, "云平台维保"), [1]);
        assert_eq!(ask(&index, "人民医院"), [2], "within a longer word of the dictionary");
        assert_eq!(ask(&index, "截止"), [2], "across a stray space");
        assert_eq!(ask(&index, "宏杉"), [1], "a name that no dictionary has");
        assert_eq!(ask(&index, "机房 保洁"), [4], "one word in the body, one in the title");
        assert_eq!(ask(&index, "云平台 保洁"), [0u8; 0], "all words must occur");
        assert_eq!(ask(&index, "维"), [1, 2], "a single character");
    }

    #[test]
    fn english_is_found_by_stem_case_and_width() {
        let (_dir, index) = filled();
        assert_eq!(ask(&index, "maintenance SERVICE"), [3]);
        assert_eq!(ask(&index, "ups"), [3]);
        assert_eq!(ask(&index, "“data centre”"), [3]);
        assert_eq!(ask(&index, "“centre data”"), [0u8; 0]);
    }

    #[test]
    fn a_run_that_stands_together_comes_first() {
        let (_dir, index) = filled();
        let parted = document(8, "云上资源与服务平台", "云、平台、云、平台");
        index.apply(&[parted, document(9, "某单位云平台", "")], 5).expect("applied");
        assert_eq!(ask(&index, "云平台")[2], 8);
    }

    #[test]
    fn quotes_ask_for_neighbours() {
        let (_dir, index) = filled();
        assert_eq!(ask(&index, "“设备维保服务”"), [1]);
        assert_eq!(ask(&index, "“平台维保”"), [0u8; 0]);
        assert_eq!(ask(&index, "“平台设备维”"), [1], "an odd number of characters");
    }

    #[test]
    fn whatever_is_typed_is_a_question() {
        let (_dir, index) = filled();
        for odd in ["AND OR (", "title:云 +-!", "\"", "云 \"", "[1 TO 2]", "*", "\u{0}", "a^b~2"] {
            index.search(&Query { words: odd.into(), limit: 10, ..Query::default() }).expect(odd);
        }
        assert_eq!(ask(&index, "***"), [0u8; 0], "signs alone ask for nothing");
        assert_eq!(ask(&index, " "), [4, 3, 2, 1], "no words: all, the newest first");
    }

    #[test]
    fn filters_and_counts_hold_together() {
        let (_dir, index) = filled();
        let find = |query: Query| index.search(&Query { limit: 10, ..query }).expect("an answer");
        let labels = vec![vec!["kind:even".to_owned(), "kind:never".to_owned()]];
        assert_eq!(numbers(&find(Query { labels, ..Query::default() })), [4, 2]);
        assert_eq!(numbers(&find(Query { from: Some(2), until: Some(4), ..Query::default() })), [3, 2]);
        assert_eq!(numbers(&find(Query { amount_from: Some(200), ..Query::default() })), [4, 2], "3 has none");
        assert_eq!(numbers(&find(Query { amount_until: Some(200), ..Query::default() })), [2, 1]);
        assert_eq!(numbers(&find(Query { amount_from: Some(101), amount_until: Some(399), ..Query::default() })), [2]);
        assert_eq!(numbers(&find(Query { due_from: Some(2000), due_until: Some(4000), ..Query::default() })), [2]);
        assert_eq!(numbers(&find(Query { words: "服务".into(), newest: true, ..Query::default() })), [4, 1]);
        let counted = index.search(&Query { words: "服务".into(), ..Query::default() }).expect("an answer");
        assert_eq!((counted.hits.len(), counted.total), (0, 2));
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repeat() {
        let (_dir, index) = filled();
        let same: Vec<Document> =
            (10..30).map(|number| Document { at: 7, ..document(number, "机房空调", "") }).collect();
        index.apply(&same, 5).expect("applied");
        let mut query = Query { words: "机房空调".into(), limit: 7, ..Query::default() };
        let mut seen = Vec::new();
        loop {
            let page = index.search(&query).expect("a page");
            assert_eq!(page.total, 20);
            seen.extend(numbers(&page));
            query.after = page.hits.last().map(|hit| hit.position);
            if !page.more {
                break;
            }
        }
        assert_eq!(seen, (10..30).rev().collect::<Vec<u8>>());
    }

    #[test]
    fn a_hit_carries_marked_pieces() {
        let (_dir, index) = filled();
        let found = index.search(&Query { words: "云平台".into(), limit: 1, ..Query::default() }).expect("an answer");
        let marked = |pieces: &[Fragment]| -> Vec<String> {
            pieces.iter().filter(|piece| piece.highlighted).map(|piece| piece.text.clone()).collect()
        };
        assert_eq!(marked(&found.hits[0].title), ["云平台"]);
        assert_eq!(marked(&found.hits[0].snippet), ["云平台"]);
        assert!(found.hits[0].score > 0.0);
    }
}
