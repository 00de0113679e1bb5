//! Files, read piece by piece: lines of JSON, or one document however large.

use super::super::json::Node;
use super::read::{Found, notice};
use super::spread::{Package, Rows};
use super::{Flaw, Rule};
use crate::reach::notice::Notice;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::rc::Rc;

/// Bytes of a line, and of a release in a document.
const LONGEST: u64 = 16 << 20;

/// Bytes of the first line by which a file is told to be lines, where its name does not say so.
const GUESSED: u64 = 1 << 20;

const BROKEN: Flaw = Flaw { field: "", rule: Rule::Object };

/// Some rows of a file, in order.
pub struct Unit {
    /// The rows.
    pub items: Vec<Item>,
    /// How many releases are only linked to.
    pub linked: usize,
}

/// A row.
pub struct Item {
    /// The line, from 1; none in a document.
    pub line: Option<usize>,
    /// Where in it.
    pub path: String,
    /// The notice, or why it is none.
    pub content: Result<Found, Flaw>,
}

impl Item {
    /// The notice, if it is one.
    pub fn notice(&self) -> Option<&Notice> {
        self.content.as_ref().ok().map(|found| &found.notice)
    }
}

/// Reads a file and hands its rows on, `most` at a time. `take` answers whether more is wanted.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path, most: usize, take: impl FnMut(Unit) -> bool) -> io::Result<()> {
    let mut file = File::open(path)?;
    let is_lines = path.extension().is_some_and(|end| end == "jsonl" || end == "ndjson") || begins_with_line(&file)?;
    file.rewind()?;
    let mut sink = Sink { take, most, unit: Unit { items: Vec::new(), linked: 0 }, is_wanted: true };
    let reader = BufReader::new(file);
    if is_lines {
        lines(reader, &mut sink)?
    } else {
        document(reader, &mut sink)?
    }
    sink.flush();
    Ok(())
}

/// Whether the first line is a whole value and not all there is.
fn begins_with_line(file: &File) -> io::Result<bool> {
    let (mut reader, mut line) = (BufReader::new(file), Vec::new());
    (&mut reader).take(GUESSED).read_until(b'\n', &mut line)?;
    let is_whole = line.ends_with(b"\n") && serde_json::from_slice::<IgnoredAny>(bare(&line, true)).is_ok();
    let mut rest = Vec::new();
    reader.take(4096).read_to_end(&mut rest)?;
    Ok(is_whole && rest.iter().any(|byte| !byte.is_ascii_whitespace()))
}

/// Where rows are gathered.
struct Sink<F> {
    take: F,
    most: usize,
    unit: Unit,
    is_wanted: bool,
}

impl<F: FnMut(Unit) -> bool> Sink<F> {
    fn push(&mut self, item: Item) {
        self.unit.items.push(item);
        if self.unit.items.len() >= self.most {
            self.flush();
        }
    }

    fn value(&mut self, value: &Node, line: Option<usize>, path: &str, around: &Package) {
        let rows = Rows::of(value, path, around);
        self.unit.linked += rows.linked;
        for row in rows.found {
            let content = row.release.and_then(|release| notice(release, &row.package));
            self.push(Item { line, path: row.path, content });
        }
    }

    fn flush(&mut self) {
        if !self.unit.items.is_empty() || self.unit.linked > 0 {
            let empty = Unit { items: Vec::with_capacity(self.most), linked: 0 };
            self.is_wanted &= (self.take)(std::mem::replace(&mut self.unit, empty));
        }
    }
}

fn bare(bytes: &[u8], is_first: bool) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").filter(|_| is_first).unwrap_or(bytes)
}

fn lines<F: FnMut(Unit) -> bool>(mut reader: impl BufRead, sink: &mut Sink<F>) -> io::Result<()> {
    let (mut number, mut bytes) = (0, Vec::new());
    while sink.is_wanted {
        bytes.clear();
        let length = (&mut reader).take(LONGEST).read_until(b'\n', &mut bytes)?;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        let is_whole = bytes.ends_with(b"\n") || (length as u64) < LONGEST;
        if !is_whole {
            reader.skip_until(b'\n')?;
        }
        let text = std::str::from_utf8(bare(&bytes, number == 1)).ok().filter(|_| is_whole);
        match text.map(|text| (text.trim().is_empty(), Node::read(text))) {
            Some((true, _)) => {}
            Some((false, Ok(value))) => sink.value(&value, Some(number), "", &Package::default()),
            Some((false, Err(_))) | None => {
                sink.push(Item { line: Some(number), path: String::new(), content: Err(BROKEN) });
            }
        }
    }
    Ok(())
}

/// A document that is small is read whole; of a large one the package first, and then release by release, record by record.
fn document<F: FnMut(Unit) -> bool>(mut reader: BufReader<File>, sink: &mut Sink<F>) -> io::Result<()> {
    if reader.get_ref().metadata()?.len() < LONGEST {
        let mut whole = Vec::new();
        reader.read_to_end(&mut whole)?;
        let text = std::str::from_utf8(bare(&whole, true)).ok();
        match text.and_then(|text| Node::read(text).ok()) {
            Some(value) => sink.value(&value, None, "", &Package::default()),
            None => sink.push(Item { line: None, path: String::new(), content: Err(BROKEN) }),
        }
        return Ok(());
    }
    let package = streamed(&mut reader, None)?.unwrap_or_default();
    reader.rewind()?;
    let mut each = |path: &str, value: &Node| {
        sink.value(value, None, path, &package);
        sink.is_wanted
    };
    let done = streamed(&mut reader, Some(&mut each))?;
    if done.is_none() && sink.is_wanted {
        sink.push(Item { line: None, path: String::new(), content: Err(BROKEN) });
    }
    Ok(())
}

/// Is handed each release or record of a document with its path; answers whether more is wanted.
type Each<'a> = &'a mut dyn FnMut(&str, &Node) -> bool;

/// Reads a document through and answers what its package says; none where it is broken from some place on.
fn streamed(reader: &mut BufReader<File>, each: Option<Each<'_>>) -> io::Result<Option<Package>> {
    if reader.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    let left = Rc::new(Cell::new(u64::MAX));
    let mut parts = Parts { each, package: Package::default(), left: left.clone() };
    let mut deserializer = serde_json::Deserializer::from_reader(Bounded { inner: reader, left });
    let read = (&mut deserializer).deserialize_any(Top { parts: &mut parts, path: "" });
    match read.and_then(|()| deserializer.end()) {
        Ok(()) => Ok(Some(parts.package)),
        Err(error) if error.is_io() && !error.to_string().contains(TOO_LONG) => Err(error.into()),
        Err(_) => Ok(None),
    }
}

const TOO_LONG: &str = "a release is longer than 16 MiB";

/// A reader that ends with an error once so many bytes are read; whoever goes on sets anew how many.
struct Bounded<'a> {
    inner: &'a mut BufReader<File>,
    left: Rc<Cell<u64>>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other(TOO_LONG));
        }
        let most = usize::try_from(self.left.get()).unwrap_or(usize::MAX).min(buffer.len());
        let length = self.inner.read(&mut buffer[..most])?;
        self.left.set(self.left.get() - length as u64);
        Ok(length)
    }
}

/// What is done on the way through a document.
struct Parts<'a> {
    each: Option<Each<'a>>,
    package: Package,
    left: Rc<Cell<u64>>,
}

/// A package, what lies in a line's `data`, or a list.
struct Top<'p, 'a> {
    parts: &'p mut Parts<'a>,
    path: &'static str,
}

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a package or a list of releases")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut said = std::collections::BTreeMap::new();
        while let Some(name) = members.next_key::<String>()? {
            match name.as_str() {
                "publisher" | "uri" | "publishedDate" => {
                    self.parts.left.set(LONGEST);
                    said.insert(name, members.next_value::<Node>()?);
                }
                "releases" | "records" if self.parts.each.is_some() => {
                    let path = format!("{}{name}/", self.path);
                    members.next_value_seed(List { parts: self.parts, path })?;
                }
                "data" if self.path.is_empty() => {
                    members.next_value_seed(Top { parts: self.parts, path: "data/" })?;
                }
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
            self.parts.left.set(u64::MAX);
        }
        self.parts.package = Package::of(&Node::Object(said), &self.parts.package);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<(), A::Error> {
        let path = self.path.to_owned();
        List { parts: self.parts, path }.visit_seq(items)
    }
}

/// Releases or records.
struct List<'p, 'a> {
    parts: &'p mut Parts<'a>,
    path: String,
}

impl<'de> DeserializeSeed<'de> for List<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of releases or records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let mut at = 0;
        loop {
            self.parts.left.set(LONGEST);
            let Some(item) = items.next_element::<Node>()? else { break };
            if let Some(each) = &mut self.parts.each
                && !each(&format!("{}{at}", self.path), &item)
            {
                return Err(A::Error::custom("no more is wanted"));
            }
            at += 1;
        }
        self.parts.left.set(u64::MAX);
        Ok(())
    }
}
