//! What somebody sees who follows every link from where they begin, as pages and as data.

use crate::world::{Answer, Browser, World};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// Answers by their address and form.
pub struct Seen(BTreeMap<String, String>);

impl Seen {
    /// How many answers.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Where another's answers are not these, and how they begin to differ.
    pub fn told_by(&self, other: &Self) -> Vec<String> {
        let all: BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let nothing = String::from("nothing");
        let answer = |seen: &Self, at: &str| seen.0.get(at).unwrap_or(&nothing).clone();
        let differ = all.into_iter().map(|at| (at, answer(self, at), answer(other, at))).filter(|(_, a, b)| a != b);
        differ.map(|(at, a, b)| format!("{at}: {}", difference(&a, &b))).collect()
    }
}

/// The first line that differs, on both sides.
fn difference(a: &str, b: &str) -> String {
    let pair = a.lines().zip(b.lines()).find(|(a, b)| a != b);
    let (a, b) = pair.unwrap_or(("the end", "more"));
    let cut = |line: &str| line.trim().chars().take(300).collect::<String>();
    format!("{} / {}", cut(a), cut(b))
}

/// What goes on for ever; the transparency log, whose hashes are others each time and whose sizes are looked at apart ([`tiles`]);
/// and what is excluded: the sealed access log.
const LEFT_OUT: [&str; 3] = ["/inbox/live", "/log", "/desk/uses"];

/// So many answers are looked at, at most: more would be another test than this.
const AT_MOST: usize = 1_000;

/// Looks from these addresses on.
pub async fn look(world: &World, browser: &Browser, seeds: &[String]) -> Seen {
    let now = world.clock.now();
    let mut queue: VecDeque<String> = seeds.iter().cloned().collect();
    let (mut known, mut seen): (BTreeSet<_>, _) = (seeds.iter().cloned().collect(), BTreeMap::new());
    while let Some(path) = queue.pop_front() {
        if LEFT_OUT.iter().any(|one| path.starts_with(one)) {
            continue;
        }
        assert!(seen.len() < AT_MOST, "{path} and {} more are left", queue.len());
        // The clock flows: all is asked at the same instant.
        world.clock.set(now);
        let page = browser.page(&path).await;
        for link in links(&page.text) {
            if known.insert(link.clone()) {
                queue.push_back(link);
            }
        }
        seen.insert(format!("{path} (page)"), plain(&page));
        // What is refused is refused alike.
        if page.status.is_success() {
            seen.insert(format!("{path} (data)"), plain(&browser.get(&path).await));
        }
    }
    Seen(seen)
}

/// What the public log is made of: how many tiles, how large, under a checkpoint of which size.
pub async fn tiles(visitor: &Browser) -> Seen {
    let checkpoint = visitor.get("/log/checkpoint").await.ok().text;
    let size: usize = checkpoint.lines().nth(1).expect("a size").parse().expect("a number");
    let mut seen = BTreeMap::from([("size".to_owned(), size.to_string())]);
    for tile in 0..=size / 256 {
        let width = (size - tile * 256).min(256);
        let path = format!("/log/tile/0/{tile:03}{}", if width < 256 { format!(".p/{width}") } else { String::new() });
        if width > 0 {
            let request = visitor.request(reqwest::Method::GET, &path);
            let answer = request.send().await.expect("an answer");
            let status = answer.status();
            seen.insert(path, format!("{status} {}", answer.bytes().await.expect("bytes").len()));
        }
    }
    Seen(seen)
}

/// Addresses of ours on a page.
fn links(page: &str) -> Vec<String> {
    let all = page.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let ours = all.filter(|link| link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets/"));
    // To choose a language or a theme would change how all else looks.
    let ours = ours.filter(|link| !link.contains("lang=") && !link.contains("theme="));
    ours.map(|link| link.split('#').next().unwrap_or_default().replace("&amp;", "&")).collect()
}

/// Status, headers and body without what chance made.
fn plain(answer: &Answer) -> String {
    let (mut names, mut lines) = (Names::default(), vec![answer.status.to_string()]);
    for (name, value) in &answer.headers {
        if name != "date" && name != "content-length" {
            lines.push(format!("{name}: {}", names.replaced(value.to_str().unwrap_or("…"))));
        }
    }
    // Of a file that is packed with its time, no byte is the same twice.
    if !answer.header("content-type").contains("spreadsheet") {
        lines.push(names.replaced(&answer.text.replace('>', ">\n").replace(",\"", ",\n\"")));
    }
    lines.join("\n")
}

/// Ids, hashes, tokens of an answer: each by its order of appearance.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn replaced(&mut self, text: &str) -> String {
        let text = untimed(text);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '=');
        let mut plain = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find(is_part) {
            plain.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            if word.len() >= 16 && word.contains(|c: char| c.is_ascii_digit() || c.is_ascii_uppercase()) {
                let next = self.0.len();
                let number = self.0.entry(word.to_owned()).or_insert(next);
                plain.push_str(&format!("#{number}"));
            } else {
                plain.push_str(word);
            }
            rest = &rest[end..];
        }
        plain + rest
    }
}

/// Without the times of day of instants, whose last digits are chance.
fn untimed(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('T') {
        let (before, after) = (&rest[..at], &rest[at + 1..]);
        plain.push_str(before);
        plain.push('T');
        rest = after;
        // 2026-11-23T02:00:07.005198Z
        let is_day = before.bytes().rev().take(10).filter(|c| c.is_ascii_digit() || *c == b'-').count() == 10;
        if is_day && after.as_bytes().get(2) == Some(&b':') {
            rest = after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.'));
        }
    }
    plain + rest
}
