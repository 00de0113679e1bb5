//! A document in which at least one of some queries holds.
//!
//! The library's own union reads ahead: wherever it is sent, it takes in the next 4,096 documents of all its terms. That
//! suits a union which is read from end to end. A word that is searched for is sent to the few documents that hold the
//! other words, hundreds among a million, and would read nearly all of them. This union goes where it is sent, no further.

use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

/// Matches where one of these does; the scores of those that match are added.
#[derive(Debug)]
pub(super) struct Either(pub Vec<Box<dyn Query>>);

impl Clone for Either {
    fn clone(&self) -> Self {
        Self(self.0.iter().map(|query| query.box_clone()).collect())
    }
}

impl Query for Either {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let weights = self.0.iter().map(|query| query.weight(scoring)).collect::<Result<_, _>>()?;
        Ok(Box::new(Weights(weights)))
    }
}

struct Weights(Vec<Box<dyn Weight>>);

impl Weight for Weights {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut scorers = Vec::with_capacity(self.0.len());
        for weight in &self.0 {
            let scorer = weight.scorer(reader, boost)?;
            if scorer.doc() != TERMINATED {
                scorers.push(scorer);
            }
        }
        Ok(match scorers.len() {
            0 => Box::new(EmptyScorer),
            1 => scorers.remove(0),
            _ => Box::new(Union::new(scorers)),
        })
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Err(TantivyError::InvalidArgument(format!("document {doc} does not match")));
        }
        Ok(Explanation::new("one or more of", scorer.score()))
    }
}

/// Stands on the first document that any of its scorers stands on; none of them stands before it.
struct Union {
    scorers: Vec<Box<dyn Scorer>>,
    doc: DocId,
}

impl Union {
    fn new(scorers: Vec<Box<dyn Scorer>>) -> Self {
        let mut union = Self { scorers, doc: TERMINATED };
        union.settle();
        union
    }

    fn settle(&mut self) -> DocId {
        self.doc = self.scorers.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
        self.doc
    }
}

impl DocSet for Union {
    fn advance(&mut self) -> DocId {
        for scorer in &mut self.scorers {
            if scorer.doc() == self.doc {
                scorer.advance();
            }
        }
        self.settle()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for scorer in &mut self.scorers {
            if scorer.doc() < target {
                scorer.seek(target);
            }
        }
        self.settle()
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    /// As if no document had two of them: an intersection begins with what promises the least.
    fn size_hint(&self) -> u32 {
        self.scorers.iter().fold(0, |sum, scorer| sum.saturating_add(scorer.size_hint()))
    }

    fn cost(&self) -> u64 {
        self.scorers.iter().map(DocSet::cost).sum()
    }
}

impl Scorer for Union {
    fn score(&mut self) -> Score {
        let at = self.doc;
        self.scorers.iter_mut().filter(|scorer| scorer.doc() == at).map(|scorer| scorer.score()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::collector::TopDocs;
    use tantivy::query::{BooleanQuery, Occur, TermQuery};
    use tantivy::schema::{Field, IndexRecordOption, Schema, TEXT};
    use tantivy::{DocAddress, Index, Searcher, Term, doc};

    /// More than the library's union reads ahead.
    const DOCUMENTS: usize = 10_000;

    /// Each of these words in every so many documents, "three" twice in some.
    const WORDS: [(&str, usize); 5] = [("two", 2), ("three", 3), ("three", 9), ("seven", 7), ("rare", 2_111)];

    fn filled() -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let text = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).expect("a writer");
        for number in 0..DOCUMENTS {
            let words = WORDS.iter().filter(|(_, every)| number.is_multiple_of(*every)).map(|(word, _)| *word);
            let words: Vec<&str> = words.collect();
            writer.add_document(doc!(text => words.join(" "))).expect("added");
        }
        writer.commit().expect("committed");
        (index.reader().expect("a reader").searcher(), text)
    }

    fn found(searcher: &Searcher, query: &dyn Query) -> Vec<(Score, DocAddress)> {
        searcher.search(query, &TopDocs::with_limit(DOCUMENTS).order_by_score()).expect("an answer")
    }

    #[test]
    fn it_finds_what_the_librarys_union_finds_and_scores_it_alike() {
        let (searcher, text) = filled();
        let term = |word: &str| -> Box<dyn Query> {
            Box::new(TermQuery::new(Term::from_field_text(text, word), IndexRecordOption::WithFreqs))
        };
        let both = |words: &[&str]| -> [Box<dyn Query>; 2] {
            let terms = || words.iter().map(|word| term(word)).collect::<Vec<_>>();
            [Box::new(Either(terms())), Box::new(BooleanQuery::union(terms()))]
        };
        for words in [&["two", "three"][..], &["seven", "rare", "three"], &["never", "rare"], &["never", "nowhere"]] {
            let [ours, theirs] = both(words);
            assert_eq!(found(&searcher, &*ours), found(&searcher, &*theirs), "{words:?}");
            for (occur, other) in [(Occur::Must, "rare"), (Occur::Must, "seven"), (Occur::Should, "two")] {
                let beside =
                    |union: &dyn Query| BooleanQuery::new(vec![(Occur::Must, union.box_clone()), (occur, term(other))]);
                let (ours, theirs) = (found(&searcher, &beside(&*ours)), found(&searcher, &beside(&*theirs)));
                assert_eq!(ours, theirs, "{words:?} and {other}");
            }
        }
    }
}
