//! What a release tells, in the words of a notice.

use super::super::json::Node;
use super::read::clean;
use crate::reach::notice::Kind;

/// Lines of lots, items and awards that a notice tells.
const LINES: usize = 200;

/// Characters of a title that is taken from a longer text.
const SHORT: usize = 200;

/// The tags, also where a publisher wrote one alone.
pub fn tags(release: &Node) -> Vec<String> {
    let Some(tag) = release.get("tag") else { return Vec::new() };
    let all: Vec<_> = tag.items().iter().filter_map(Node::text).collect();
    let alone = tag.text().into_iter();
    let short = |text: String| clean(text).chars().take(60).collect::<String>();
    all.into_iter().chain(alone).map(short).filter(|tag| !tag.is_empty()).take(8).collect()
}

/// What kind of notice it is: the furthest stage that its tags name, or that it has content for.
pub fn kind(release: &Node, tags: &[String]) -> Kind {
    let has = |begins: &str| tags.iter().any(|tag| tag.starts_with(begins));
    if ["award", "contract", "implementation", "tenderCancellation"].into_iter().any(has) {
        return Kind::Result;
    }
    if has("tenderAmendment") || has("tenderUpdate") {
        return Kind::Amendment;
    }
    let holds =
        |section: &str| release.get(section).is_some_and(|value| value.is_object() || !value.items().is_empty());
    let by_content = [
        (has("tender"), Kind::Tender),
        (has("planning"), Kind::Advance),
        (holds("awards") || holds("contracts"), Kind::Result),
        (holds("tender"), Kind::Tender),
        (holds("planning"), Kind::Advance),
    ];
    by_content.into_iter().find(|(is, _)| *is).map_or(Kind::Other, |(_, kind)| kind)
}

/// A text of this name, or in any language that is written behind it (`title_fr`), as one line.
fn worded(value: &Node, name: &str) -> Option<String> {
    passage(value, name).map(clean)
}

/// The same with its lines.
fn passage(value: &Node, name: &str) -> Option<String> {
    let Node::Object(members) = value else { return None };
    let is_other = |key: &str| key.strip_prefix(name).is_some_and(|rest| rest.starts_with('_'));
    let others = members.iter().filter(|(key, _)| is_other(key)).map(|(_, value)| value);
    let all = members.get(name).into_iter().chain(others).filter_map(Node::text);
    let lines = |text: String| text.lines().map(|line| clean(line.to_owned())).collect::<Vec<_>>().join("\n");
    all.map(lines).map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
}

/// What it is called: a title, or the beginning of what tells of it.
pub fn title(release: &Node) -> Option<String> {
    let of = |path: &str, name: &str| release.at(path).and_then(|value| worded(value, name));
    let first = |list: &str, name: &str| release.list(list).iter().find_map(|one| worded(one, name));
    let short = |text: String| text.chars().take(SHORT).collect::<String>();
    of("tender", "title")
        .or_else(|| of("planning", "project"))
        .or_else(|| of("planning/budget", "project"))
        .or_else(|| first("awards", "title"))
        .or_else(|| first("contracts", "title"))
        .or_else(|| {
            let longer = of("tender", "description")
                .or_else(|| first("awards", "description"))
                .or_else(|| first("contracts", "description"))
                .or_else(|| of("planning/budget", "description"))
                .or_else(|| of("planning", "rationale"))
                .or_else(|| items(release).find_map(|item| worded(item, "description")));
            longer.map(short)
        })
}

/// The items of tender, awards and contracts.
fn items(release: &Node) -> impl Iterator<Item = &Node> {
    let tender = release.get("tender").map_or(&[][..], |tender| tender.list("items"));
    let others =
        ["awards", "contracts"].into_iter().flat_map(move |list| release.list(list)).flat_map(|one| one.list("items"));
    tender.iter().chain(others)
}

/// Who buys.
pub fn buyer(release: &Node) -> Option<String> {
    let of = |path: &str| release.at(path).and_then(|value| worded(value, "name"));
    let has_role = |party: &&Node| {
        let roles = party.list("roles").iter().filter_map(Node::text);
        roles.into_iter().any(|role| role == "buyer" || role == "procuringEntity")
    };
    of("buyer")
        .or_else(|| of("tender/procuringEntity"))
        .or_else(|| release.list("parties").iter().filter(has_role).find_map(|party| worded(party, "name")))
}

/// The number of the tender there.
pub fn number(release: &Node) -> Option<String> {
    let id = release.at("tender/id")?;
    id.text().map(clean).or_else(|| id.number().map(str::to_owned)).filter(|text| !text.is_empty())
}

/// What is wanted, and what came of it: the description, lots, items and awards, a line each.
pub fn told(release: &Node) -> String {
    let tender = release.get("tender");
    let description = tender.and_then(|tender| passage(tender, "description"));
    let lots = tender.map_or(&[][..], |tender| tender.list("lots")).iter().filter_map(|lot| {
        let title = worded(lot, "title").or_else(|| worded(lot, "description"))?;
        Some(joined([Some(title), sum(lot.get("value"))]))
    });
    let items = items(release).filter_map(|item| {
        let quantity = item.get("quantity").and_then(Node::number).map(str::to_owned);
        let unit = item.at("unit/name").and_then(Node::text).map(clean);
        let amount = quantity.map(|quantity| joined([Some(quantity), unit]));
        Some(joined([Some(worded(item, "description")?), amount.map(|amount| format!("× {amount}"))]))
    });
    let awards = ["awards", "contracts"].into_iter().flat_map(|list| release.list(list)).filter_map(|award| {
        let line = joined([worded(award, "title"), suppliers(award), sum(award.get("value"))]);
        (!line.is_empty()).then_some(line)
    });
    description.into_iter().chain(lots.chain(items).chain(awards).take(LINES)).collect::<Vec<_>>().join("\n")
}

fn joined<const N: usize>(parts: [Option<String>; N]) -> String {
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn suppliers(award: &Node) -> Option<String> {
    let names: Vec<_> = award.list("suppliers").iter().filter_map(|one| worded(one, "name")).collect();
    (!names.is_empty()).then(|| names.join("；"))
}

/// Who won, and for how much.
pub struct Awarded {
    /// Each once.
    pub winners: Vec<String>,
    /// The sum in fen, where all awards are in yuan.
    pub fen: Option<i64>,
}

/// What the awards say.
pub fn awarded(release: &Node) -> Awarded {
    let awards = release.list("awards");
    let mut winners: Vec<String> = Vec::new();
    for name in awards.iter().flat_map(|award| award.list("suppliers")).filter_map(|one| worded(one, "name")) {
        if !winners.contains(&name) {
            winners.push(name);
        }
    }
    let fen = |award: &Node| {
        let value = award.get("value")?;
        let is_yuan = value.get("currency")?.text()? == "CNY";
        minor(value.get("amount")?.number()?).filter(|_| is_yuan)
    };
    let sum = awards.iter().map(fen).collect::<Option<Vec<_>>>().filter(|all| !all.is_empty());
    Awarded { winners, fen: sum.and_then(|all| all.into_iter().try_fold(0, i64::checked_add)) }
}

/// A sum as it was written: `1250.5 GBP`.
pub fn sum(value: Option<&Node>) -> Option<String> {
    let value = value?;
    let amount = value.get("amount")?;
    let amount = amount.number().map(str::to_owned).or_else(|| amount.text().map(clean))?;
    Some(joined([Some(amount), value.get("currency").and_then(Node::text).map(clean)]))
}

/// A decimal number as hundredths, half a hundredth upwards. None beyond 64 bits, and for a number with an exponent.
pub fn minor(number: &str) -> Option<i64> {
    let (sign, digits) = number.strip_prefix('-').map_or((1, number), |rest| (-1, rest));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    if !whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit()) || whole.len() > 18 {
        return None;
    }
    let place = |at: usize| part.as_bytes().get(at).map_or(0, |digit| i64::from(digit - b'0'));
    let hundredths = whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(place(0) * 10 + place(1))?;
    Some(sign * (hundredths + i64::from(place(2) >= 5)))
}

/// The address of the notice that it was published as, if it names one.
pub fn address(release: &Node) -> Option<String> {
    let is_notice = |document: &&Node| {
        let kind = document.get("documentType").and_then(Node::text);
        kind.is_some_and(|kind| ["tenderNotice", "awardNotice", "contractNotice"].contains(&kind.as_str()))
    };
    let tender = release.get("tender").map_or(&[][..], |tender| tender.list("documents"));
    let others =
        ["awards", "contracts"].into_iter().flat_map(|list| release.list(list)).flat_map(|one| one.list("documents"));
    let found = tender.iter().chain(others).filter(is_notice).filter_map(|document| document.get("url")?.text());
    found.map(|address| address.trim().to_owned()).find(|address| is_address(address))
}

/// Whether a reader may be sent there.
pub fn is_address(text: &str) -> bool {
    let url = url::Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    text.len() <= 2_000
        && url.is_some_and(|url| url.host_str().is_some() && url.username().is_empty() && url.password().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn node(value: &Value) -> Node {
        Node::read(&value.to_string()).expect("JSON")
    }

    #[test]
    fn hundredths_are_exact() {
        for (text, expected) in [
            ("1", Some(100)),
            ("4031.2320000000004", Some(403_123)),
            ("0.005", Some(1)),
            ("-3.5", Some(-350)),
            ("123456789012345678", None),
            ("12345678901234567", Some(1_234_567_890_123_456_700)),
            ("1e3", None),
        ] {
            assert_eq!(minor(text), expected, "{text}");
        }
    }

    #[test]
    fn the_kind_follows_from_the_tags_and_else_from_the_content() {
        for (value, expected) in [
            (json!({"tag": ["tender"]}), Kind::Tender),
            (json!({"tag": "awardNotice"}), Kind::Result),
            (json!({"tag": ["planning", "tender"]}), Kind::Tender),
            (json!({"tag": ["tenderUpdate"]}), Kind::Amendment),
            (json!({"tag": ["compiled"], "awards": [{}]}), Kind::Result),
            (json!({"tag": ["compiled"], "awards": [], "tender": {}}), Kind::Tender),
            (json!({"tag": ["compiled"]}), Kind::Other),
        ] {
            let release = node(&value);
            assert_eq!(kind(&release, &tags(&release)), expected, "{value}");
        }
    }

    #[test]
    fn winners_and_sums_are_told_in_their_own_currency() {
        let release = node(&json!({"awards": [
            {"title": "Lot 1", "suppliers": [{"name": "A"}, {"name": "B"}], "value": {"amount": 10.5, "currency": "CNY"}},
            {"suppliers": [{"name": "A"}, {}], "value": {"amount": 1, "currency": "CNY"}}]}));
        let found = awarded(&release);
        assert_eq!((found.winners.join(" "), found.fen), ("A B".to_owned(), Some(1_150)));
        assert_eq!(told(&release), "Lot 1 A；B 10.5 CNY\nA 1 CNY");
        assert_eq!(awarded(&node(&json!({"awards": [{"value": {"amount": 1, "currency": "GBP"}}]}))).fen, None);
    }
}
