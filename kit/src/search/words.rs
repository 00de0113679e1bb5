//! What a person typed, as the words that must all be found.

use super::fold::Folded;
use super::tokenizer::{Kind, runs, stem};
use jieba_rs::Jieba;
use std::sync::LazyLock;

/// Nobody searches for more; the rest of what was typed is left out.
const LONGEST_INPUT: usize = 200;
const MOST_WORDS: usize = 32;

/// The dictionary cuts what is typed, never what is indexed: see the module's text.
static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// Words of grammar, which a question may carry and a good answer lacks.
const EMPTY_WORDS: [&str; 9] = ["的", "了", "和", "与", "及", "或", "之", "在", "等"];

/// One thing that must occur.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word {
    /// Han characters side by side.
    Han(String),
    /// A word in another script, as its stem.
    Stem(String),
    /// Words in this order, next to each other: what was typed in quotes.
    Phrase(Vec<Word>),
}

/// What a person asks for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// What must occur, all of it.
    pub words: Vec<Word>,
    /// What was typed in one go and cut: where it stands together, a text is the better for it.
    pub together: Vec<Word>,
}

/// Reads what was typed. Any text is a question; one without letters and digits asks for nothing and gives no word.
pub(super) fn read(typed: &str) -> Asked {
    let typed: String = typed.chars().take(LONGEST_INPUT).collect();
    let mut asked = Asked::default();
    for (number, part) in typed.split(is_quote).enumerate() {
        if number % 2 == 1 {
            asked.words.extend(phrase(part));
        } else {
            let words = loose(part);
            asked.together.extend(parts(part, whole_run).into_iter().filter(|run| !words.contains(run)));
            asked.words.extend(words);
        }
    }
    for words in [&mut asked.words, &mut asked.together] {
        words.truncate(MOST_WORDS);
        let mut seen = Vec::new();
        words.retain(|word| {
            let new = !seen.contains(word);
            seen.extend(new.then(|| word.clone()));
            new
        });
    }
    asked
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '「' | '」' | '『' | '』' | '＂')
}

fn phrase(quoted: &str) -> Vec<Word> {
    let mut parts = parts(quoted, whole_run);
    match parts.len() {
        0 | 1 => parts,
        _ => vec![Word::Phrase(std::mem::take(&mut parts))],
    }
}

fn loose(part: &str) -> Vec<Word> {
    let mut words = parts(part, cut);
    let meaningful = |word: &Word| !matches!(word, Word::Han(han) if EMPTY_WORDS.contains(&han.as_str()));
    if words.iter().any(meaningful) {
        words.retain(meaningful);
    }
    words
}

fn parts(text: &str, cut: impl Fn(&str) -> Vec<String>) -> Vec<Word> {
    // Spaces that a person types separate words, so each stretch is folded by itself.
    let mut words = Vec::new();
    for stretch in text.split_whitespace() {
        for run in runs(&Folded::new(stretch).text) {
            match run.kind {
                Kind::Han => words.extend(cut(run.text).into_iter().map(Word::Han)),
                Kind::Word => words.push(Word::Stem(stem(run.text))),
                Kind::Gap => {}
            }
        }
    }
    words
}

fn whole_run(run: &str) -> Vec<String> {
    vec![run.to_owned()]
}

/// Cuts a run of Han characters into words of the dictionary; neighbouring characters that it knows no word for stay
/// together, since they are probably a name.
fn cut(run: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut unknown = String::new();
    for token in DICTIONARY.cut(run, false) {
        let single = token.word.chars().count() == 1 && !EMPTY_WORDS.contains(&token.word);
        if single {
            unknown.push_str(token.word);
            continue;
        }
        words.extend((!unknown.is_empty()).then(|| std::mem::take(&mut unknown)));
        words.push(token.word.to_owned());
    }
    words.extend((!unknown.is_empty()).then_some(unknown));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn han(text: &str) -> Word {
        Word::Han(text.to_owned())
    }

    #[test]
    fn chinese_is_cut_into_words_of_the_dictionary() {
        assert_eq!(read("云平台维保服务").words, [han("云"), han("平台"), han("维保"), han("服务")]);
        assert_eq!(read("采购的服务").words, [han("采购"), han("服务")]);
        assert_eq!(read("的").words, [han("的")]);
    }

    #[test]
    fn what_was_typed_in_one_go_is_better_together() {
        assert_eq!(read("云平台 维保").together, [han("云平台")]);
        assert_eq!(read("“云平台” 5G").together, []);
    }

    #[test]
    fn english_is_stemmed_and_repeats_go() {
        assert_eq!(read("Services SERVICE 5G").words, [Word::Stem("servic".into()), Word::Stem("5g".into())]);
    }

    #[test]
    fn quotes_keep_words_together() {
        assert_eq!(read("“云平台”").words, [han("云平台")]);
        assert_eq!(
            read("\"IDC机房\" 维保").words,
            [Word::Phrase(vec![Word::Stem("idc".into()), han("机房")]), han("维保")]
        );
        assert_eq!(read("机房 \"空调").words, [han("机房"), han("空调")]);
    }

    #[test]
    fn nothing_to_ask_for_gives_nothing() {
        for empty in ["", "   ", "??? ---", "\"\"\"", "＊：（"] {
            assert!(read(empty).words.is_empty(), "{empty}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_may_be_typed(typed in "\\PC{0,80}") {
            proptest::prop_assert!(read(&typed).words.len() <= MOST_WORDS);
        }
    }
}
