//! Texts with what was asked for marked in them: pieces, never HTML.

use super::fold::Folded;
use super::tokenizer::{Kind, runs, stem};
use super::words::Word;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Characters of a body that are shown, and how many of them stand before the first mark.
const SNIPPET: usize = 120;
const LEAD: usize = 24;

/// A piece of a text, marked if it is what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Fragment {
    /// The text as it was written.
    pub text: String,
    /// Whether it matched.
    pub highlighted: bool,
}

/// The whole text, in pieces.
pub(super) fn whole(text: &str, words: &[Word]) -> Vec<Fragment> {
    pieces(text, 0..text.len(), &marks(text, words))
}

/// The part of a text that shows the most of what was asked for; its beginning if nothing was found in it. An ellipsis
/// stands where text was left out.
pub(super) fn snippet(text: &str, words: &[Word]) -> Vec<Fragment> {
    let marks = marks(text, words);
    let from = marks.iter().map(|mark| back(text, mark.range.start)).max_by_key(|from| {
        let to = forward(text, *from);
        let inside = marks.iter().filter(|mark| mark.range.start >= *from && mark.range.end <= to);
        let mut different: Vec<usize> = inside.map(|mark| mark.word).collect();
        different.sort_unstable();
        different.dedup();
        (different.len(), std::cmp::Reverse(*from))
    });
    let from = from.unwrap_or(0);
    let to = forward(text, from);
    let mut fragments = pieces(text, from..to, &marks);
    let ellipsis = || Fragment { text: "…".to_owned(), highlighted: false };
    if from > 0 {
        fragments.insert(0, ellipsis());
    }
    if to < text.len() {
        fragments.push(ellipsis());
    }
    fragments
}

struct Mark {
    range: Range<usize>,
    word: usize,
}

fn marks(text: &str, words: &[Word]) -> Vec<Mark> {
    let folded = Folded::new(text);
    let mut marks = Vec::new();
    for (number, word) in words.iter().enumerate() {
        mark(&folded, word, number, &mut marks);
    }
    marks.sort_by_key(|mark| (mark.range.start, std::cmp::Reverse(mark.range.end)));
    marks
}

fn mark(folded: &Folded, word: &Word, number: usize, marks: &mut Vec<Mark>) {
    let mut push = |from: usize, length: usize| {
        let (from, to) = folded.original(from, from + length);
        marks.push(Mark { range: from..to, word: number });
    };
    match word {
        Word::Han(han) => folded.text.match_indices(han.as_str()).for_each(|(at, _)| push(at, han.len())),
        Word::Stem(wanted) => runs(&folded.text)
            .filter(|run| run.kind == Kind::Word && stem(run.text) == *wanted)
            .for_each(|run| push(run.from, run.text.len())),
        Word::Phrase(parts) => parts.iter().for_each(|part| mark(folded, part, number, marks)),
    }
}

fn back(text: &str, at: usize) -> usize {
    text[..at].char_indices().rev().nth(LEAD - 1).map_or(0, |(at, _)| at)
}

fn forward(text: &str, at: usize) -> usize {
    text[at..].char_indices().nth(SNIPPET).map_or(text.len(), |(length, _)| at + length)
}

fn pieces(text: &str, window: Range<usize>, marks: &[Mark]) -> Vec<Fragment> {
    let mut fragments: Vec<Fragment> = Vec::new();
    let mut push = |range: Range<usize>, highlighted: bool| match fragments.last_mut() {
        _ if range.is_empty() => {}
        Some(last) if last.highlighted == highlighted => last.text.push_str(&text[range]),
        _ => fragments.push(Fragment { text: text[range].to_owned(), highlighted }),
    };
    let mut done = window.start;
    for mark in marks.iter().filter(|mark| mark.range.start >= window.start && mark.range.end <= window.end) {
        if mark.range.end > done {
            push(done..mark.range.start.max(done), false);
            push(mark.range.start.max(done)..mark.range.end, true);
            done = mark.range.end;
        }
    }
    push(done..window.end, false);
    fragments
}

#[cfg(test)]
mod tests {
    use super::super::words;
    use super::*;

    fn read(typed: &str) -> Vec<Word> {
        words::read(typed).words
    }

    fn shown(fragments: &[Fragment]) -> String {
        fragments.iter().map(|f| if f.highlighted { format!("[{}]", f.text) } else { f.text.clone() }).collect()
    }

    #[test]
    fn words_are_marked_in_the_text_as_it_was_written() {
        let text = "云平台设备维保 Services for ＩＤＣ";
        assert_eq!(shown(&whole(text, &read("平台 维保 service idc"))), "云[平台]设备[维保] [Services] for [ＩＤＣ]");
        assert_eq!(shown(&whole("响应截 止时间", &read("截止"))), "响应[截 止]时间");
    }

    #[test]
    fn overlapping_and_neighbouring_marks_become_one() {
        assert_eq!(shown(&whole("云平台维保", &read("云平台 \"平台维保\""))), "[云平台维保]");
        assert_eq!(whole("", &read("云")), []);
    }

    #[test]
    fn markup_stays_text() {
        assert_eq!(shown(&whole("<b>机房</b>", &read("机房"))), "<b>[机房]</b>");
    }

    #[test]
    fn the_snippet_is_where_the_most_words_stand() {
        let text = format!("{}机房{}机房空调维保{}", "甲".repeat(200), "乙".repeat(200), "丙".repeat(200));
        let snippet = shown(&snippet(&text, &read("机房空调维保")));
        assert!(snippet.starts_with('…') && snippet.ends_with('…'), "{snippet}");
        assert!(snippet.contains("乙[机房空调维保]丙"), "{snippet}");
        assert!(snippet.chars().count() <= SNIPPET + 4, "{snippet}");
    }

    #[test]
    fn a_body_without_a_match_shows_its_beginning() {
        assert_eq!(shown(&snippet("只有标题里有。", &read("机房"))), "只有标题里有。");
        assert!(shown(&snippet(&"长".repeat(500), &read("机房"))).ends_with("长…"));
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_the_text_is_lost(text in "[机房空调 a-cA-C<>é]{0,60}", typed in "[机房空调 a-c]{0,6}") {
            let together: String = whole(&text, &read(&typed)).into_iter().map(|f| f.text).collect();
            proptest::prop_assert_eq!(together, text);
        }
    }
}
