//! Full-text search over public documents, embedded, in Chinese and English.
//!
//! An [`Index`] is one folder of one node: fed by a follower of the event spine, disposable, rebuilt from the first
//! event whenever its layout changes. It holds public texts only and nothing that may have to be erased, since deleted
//! text stays in its files until a merge. It answers ids and highlighted pieces of text; whoever shows a row reads it
//! again with the reader's rights.
//!
//! **How Chinese is matched.** Texts are indexed as overlapping pairs of characters (and single ones), so that every
//! word is found wherever it stands, whatever a segmenter would have made of its neighbourhood. What a person types is
//! cut into words by a dictionary: 云平台维保 asks for 云, 平台 and 维保, in any order, each as it is written, while
//! "云平台" in quotes asks for exactly that. English words are compared by their stems.

mod either;
mod fold;
mod highlight;
mod index;
mod query;
mod seen;
mod tokenizer;
mod words;

pub use highlight::Fragment;
pub use index::{Document, Error, Index};
pub use query::{Found, Hit, Position, Query};
pub use seen::committed;
