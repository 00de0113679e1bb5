//! Rules of the Open Contracting Data Standard 1.1 that hold for every package of ours, as sentences about JSON. They are no replacement of
//! the standard's schemas: what they check beyond them is that what is named is there.

use serde_json::Value;
use std::collections::BTreeSet;

/// How many different rules [`broken`] knows.
pub(super) const SENTENCES: usize = 9;

/// Closed lists of the standard, as far as we use them.
const TAGS: [&str; 6] = ["tender", "tenderAmendment", "tenderUpdate", "tenderCancellation", "award", "awardUpdate"];
const STATUS: [&str; 4] = ["active", "cancelled", "unsuccessful", "complete"];

/// What is wrong with a record's package and its releases.
pub(super) fn broken(package: &Value, releases: &[&Value]) -> Vec<String> {
    let mut flaws = Vec::new();
    let mut rule = |holds: bool, what: &str, seen: &Value| {
        if !holds {
            flaws.push(format!("{what}: {seen}"));
        }
    };
    let is_text = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let heads =
        ["/uri", "/publishedDate", "/publisher/name"].map(|place| package.pointer(place).unwrap_or(&Value::Null));
    rule(heads.into_iter().all(is_text), "a package names itself, its date and its publisher", &package["uri"]);
    rule(package["version"] == "1.1", "it is of version 1.1", &package["version"]);
    let ids: BTreeSet<_> = releases.iter().filter_map(|release| release["id"].as_str()).collect();
    rule(ids.len() == releases.len() && !ids.is_empty(), "each release has an id of its own", &Value::from(ids.len()));
    let dates: Vec<_> = releases.iter().filter_map(|release| release["date"].as_str()).collect();
    let read = dates.iter().all(|date| date.parse::<jiff::Timestamp>().is_ok()) && dates.len() == releases.len();
    rule(read && dates.is_sorted(), "releases have instants, the oldest first", &Value::from(dates));
    let merged = package.pointer("/records/0/compiledRelease").unwrap_or(&Value::Null);
    for release in releases.iter().copied().chain([merged]) {
        let tags = release["tag"].as_array().map_or(&[][..], Vec::as_slice);
        let known = |tag: &Value| tag == "compiled" || TAGS.iter().any(|one| tag == one);
        rule(!tags.is_empty() && tags.iter().all(known), "tags are of the closed list", &release["tag"]);
        let mut states = vec![&release["tender"]["status"]];
        states.extend(items(release, "/tender/lots").iter().map(|lot| &lot["status"]));
        states.retain(|state| !state.is_null());
        let known = states.iter().all(|state| STATUS.iter().any(|one| *state == one));
        rule(known, "a state is of the closed list", &release["tender"]["status"]);
        rule(parties(release), "whoever is named is a party with that role", &release["parties"]);
        rule(money(release), "sums are of yuan, and not below nothing", &release["ocid"]);
    }
    rule(lots(merged), "what belongs to a lot names one that is there", &merged["tender"]["lots"]);
    flaws
}

fn items<'v>(value: &'v Value, place: &str) -> &'v [Value] {
    value.pointer(place).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Buyer, tenderers and suppliers stand among the parties of their release, with their roles.
fn parties(release: &Value) -> bool {
    let has = |named: &Value, role: &str| {
        let party = items(release, "/parties").iter().find(|party| party["id"] == named["id"]);
        party.is_some_and(|party| items(party, "/roles").iter().any(|one| one == role))
    };
    let suppliers = items(release, "/awards").iter().flat_map(|award| items(award, "/suppliers"));
    has(&release["buyer"], "buyer")
        && items(release, "/tender/tenderers").iter().all(|one| has(one, "tenderer"))
        && suppliers.into_iter().all(|one| has(one, "supplier"))
}

/// Every object with an amount, wherever it stands.
fn money(value: &Value) -> bool {
    match value {
        Value::Array(all) => all.iter().all(money),
        Value::Object(members) => {
            let sound = members.get("amount").is_none_or(|amount| {
                amount.as_f64().is_some_and(|amount| amount >= 0.0)
                    && members.get("currency").is_some_and(|one| one == "CNY")
            });
            sound && members.values().all(money)
        }
        _ => true,
    }
}

/// Items, bids and awards name lots of the tender.
fn lots(merged: &Value) -> bool {
    let ids: Vec<_> = items(merged, "/tender/lots").iter().map(|lot| &lot["id"]).collect();
    let related = |place: &str| items(merged, place).iter().flat_map(|one| items(one, "/relatedLots"));
    let of_items = items(merged, "/tender/items").iter().map(|item| &item["relatedLot"]);
    of_items.chain(related("/bids/details")).chain(related("/awards")).all(|lot| ids.contains(&lot)) && !ids.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package() -> Value {
        let release = json!({
            "ocid": "o", "id": "1", "date": "2026-11-23T01:00:00.000000Z", "tag": ["tender"],
            "parties": [{"id": "b", "roles": ["buyer"]}, {"id": "s", "roles": ["tenderer", "supplier"]}],
            "buyer": {"id": "b"},
            "tender": {"status": "active", "tenderers": [{"id": "s"}], "lots": [{"id": "l", "status": "active"}],
                "items": [{"relatedLot": "l"}], "value": {"amount": 1.5, "currency": "CNY"}},
            "awards": [{"suppliers": [{"id": "s"}], "relatedLots": ["l"]}],
        });
        let mut compiled = release.clone();
        compiled["tag"] = json!(["compiled"]);
        json!({"uri": "u", "publishedDate": "d", "publisher": {"name": "n"}, "version": "1.1",
            "records": [{"releases": [release], "compiledRelease": compiled}]})
    }

    #[test]
    fn each_rule_notices_what_breaks_it() {
        let check = |package: &Value| {
            let releases: Vec<_> = items(package, "/records/0/releases").iter().collect();
            broken(package, &releases).len()
        };
        assert_eq!(check(&package()), 0);
        for (place, wrong) in [
            ("/uri", json!("")),
            ("/version", json!("1.2")),
            ("/records/0/releases/0/date", json!("yesterday")),
            ("/records/0/releases/0/tag", json!(["tenders"])),
            ("/records/0/releases/0/tender/status", json!("open")),
            ("/records/0/releases/0/tender/lots/0/status", json!("open")),
            ("/records/0/releases/0/buyer/id", json!("s")),
            ("/records/0/releases/0/parties/1/roles", json!(["tenderer"])),
            ("/records/0/releases/0/tender/value/currency", json!("EUR")),
            ("/records/0/releases/0/tender/value/amount", json!(-1)),
            ("/records/0/compiledRelease/awards/0/relatedLots", json!(["m"])),
            ("/records/0/compiledRelease/tender/items/0/relatedLot", json!("m")),
        ] {
            let mut package = package();
            *package.pointer_mut(place).unwrap() = wrong;
            assert_eq!(check(&package), 1, "{place}");
        }
        let mut twice = package();
        let release = twice["records"][0]["releases"][0].clone();
        twice["records"][0]["releases"].as_array_mut().unwrap().push(release);
        assert_eq!(check(&twice), 1, "two with one id");
    }
}
