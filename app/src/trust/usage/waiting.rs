//! What has been used and is not written yet. Lines stand one behind the other as they will be sealed, those of a person
//! and an hour together: a request leaves nothing else behind that somebody would have to take apart again.

use super::entry::Entry;
use super::store::hour;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use vault::{Id, Subject};

/// How long lines wait in memory.
const WAIT: SignedDuration = SignedDuration::from_secs(5);
/// How many lines are written without waiting any longer.
const FULL: usize = 2_000;
/// How many lines memory holds.
pub const MOST: usize = 20_000;

/// How many bytes of lines one seal holds at most, well below what its type takes.
const SEALED: usize = 12_000;

/// Whose lines of which hour; a visitor's are nobody's.
pub type Whose = (Option<Id<Subject>>, i64);

/// Lines, each with its end, in pieces that fit into a seal.
pub type Packs = BTreeMap<Whose, Vec<String>>;

/// Lines in memory.
#[derive(Default)]
pub struct Waiting {
    packs: Packs,
    lines: usize,
    since: Option<Timestamp>,
    dropped: u64,
}

impl Waiting {
    /// Adds an entry, with its line; more than memory holds are counted only.
    pub fn add(&mut self, subject: Option<Id<Subject>>, entry: &Entry, line: &str) {
        if self.lines >= MOST {
            self.dropped += 1;
            return;
        }
        self.since.get_or_insert(entry.at);
        self.lines += 1;
        let packs = self.packs.entry((subject, hour(entry.at))).or_default();
        if packs.last().is_none_or(|last| last.len() + line.len() >= SEALED) {
            packs.push(String::new());
        }
        let last = packs.last_mut().expect("one was added");
        last.push_str(line);
        last.push('\n');
    }

    /// Those that wait, if it is time for them, and how many.
    pub fn take(&mut self, now: Timestamp, all: bool) -> (Packs, usize) {
        let is_time = self.since.is_some_and(|since| now.duration_since(since) >= WAIT);
        if !(all || is_time || self.lines >= FULL) {
            return Default::default();
        }
        let taken = std::mem::take(self);
        if taken.dropped > 0 {
            tracing::warn!(dropped = taken.dropped, "lines of the use log were not kept: more came than are written");
        }
        (taken.packs, taken.lines)
    }

    /// Those that could not be written wait again, whole pieces as far as memory goes.
    pub fn put_back(&mut self, packs: Packs, now: Timestamp) {
        self.since.get_or_insert(now);
        for (whose, pieces) in packs {
            for piece in pieces {
                let lines = piece.lines().count();
                if self.lines + lines > MOST {
                    self.dropped += lines as u64;
                    continue;
                }
                self.lines += lines;
                self.packs.entry(whose).or_default().insert(0, piece);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(page: &str) -> (Entry, String) {
        let entry = Entry {
            at: Timestamp::UNIX_EPOCH,
            method: "GET".into(),
            page: page.to_owned(),
            query: String::new(),
            ip: "192.0.2.1".into(),
            status: 200,
        };
        let line = entry.line();
        (entry, line)
    }

    #[test]
    fn a_flood_takes_no_more_memory_than_it_may_and_is_counted() {
        let (mut waiting, now) = (Waiting::default(), Timestamp::UNIX_EPOCH);
        let (one, line) = entry("/notices");
        (0..MOST + 5).for_each(|_| waiting.add(None, &one, &line));
        assert_eq!((waiting.lines, waiting.dropped), (MOST, 5));
        let (packs, lines) = waiting.take(now, false);
        assert_eq!((lines, waiting.lines, waiting.dropped), (MOST, 0, 0), "full, they do not wait for their time");
        waiting.add(None, &one, &line);
        waiting.put_back(packs, now);
        assert!(waiting.lines <= MOST && waiting.dropped > 0, "what cannot be written waits again");
        assert_eq!(waiting.lines as u64 + waiting.dropped, MOST as u64 + 1, "and none goes uncounted");
    }

    #[test]
    fn every_line_is_in_one_seal_and_no_seal_is_too_large() {
        let mut waiting = Waiting::default();
        for number in 0..500 {
            let (one, line) = entry(&format!("/{}", "x".repeat(number % 200)));
            waiting.add(None, &one, &line);
        }
        let (packs, lines) = waiting.take(Timestamp::UNIX_EPOCH, true);
        let pieces: Vec<_> = packs.into_values().flatten().collect();
        assert!(pieces.len() > 3 && pieces.iter().all(|piece| piece.len() <= SEALED), "{}", pieces.len());
        assert_eq!((lines, pieces.iter().flat_map(|piece| piece.lines()).count()), (500, 500));
    }
}
