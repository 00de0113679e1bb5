//! What is personal in other publishers' releases: taken out before anything is made of them, hashed or stored.

use super::super::json::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Members that tell of people wherever they stand, in the standard and in its extensions.
const MEMBERS: [&str; 9] = [
    "contactPoint",
    "contactPoints",
    "additionalContactPoints",
    "persones",
    "people",
    "beneficialOwners",
    "shareholders",
    "representative",
    "legalRepresentative",
];

/// Words by which publishers say that an organisation is a natural person.
const NATURAL: [&str; 8] = [
    "naturalperson",
    "individual",
    "selfemployed",
    "soletrader",
    "person",
    "personafisica",
    "personafísica",
    "personanatural",
];

/// Takes it out. Answers how many things there were.
pub fn drop_from(value: &mut Node) -> usize {
    let mut known = BTreeSet::new();
    gather(value, &mut known);
    drop_known(value, &known)
}

/// The names and ids of natural persons: other places refer to them without saying what they are.
fn gather(value: &Node, known: &mut BTreeSet<String>) {
    match value {
        Node::List(items) => items.iter().for_each(|item| gather(item, known)),
        Node::Leaf(_) => {}
        Node::Object(members) => {
            if is_natural(members) {
                known.extend(["id", "name"].into_iter().filter_map(|name| members.get(name)?.text()));
            }
            members.values().for_each(|inner| gather(inner, known));
        }
    }
}

fn drop_known(value: &mut Node, known: &BTreeSet<String>) -> usize {
    match value {
        Node::List(items) => items.iter_mut().map(|item| drop_known(item, known)).sum(),
        Node::Leaf(_) => 0,
        Node::Object(members) => {
            let before = members.len();
            members.retain(|name, value| value.is_null() || !MEMBERS.contains(&name.as_str()));
            let mut dropped = before - members.len();
            let refers = |name: &str| members.get(name).and_then(Node::text).is_some_and(|text| known.contains(&text));
            if members.contains_key("name") && (refers("id") || refers("name")) {
                dropped += 1;
                // Not the id either: some are the person's own number.
                members.retain(|name, _| name == "roles");
            }
            dropped + members.values_mut().map(|inner| drop_known(inner, known)).sum::<usize>()
        }
    }
}

/// Whether an organisation is a natural person, as far as its publisher's data tell.
fn is_natural(members: &BTreeMap<String, Node>) -> bool {
    let word = |path: [&str; 2]| {
        let found = members.get(path[0])?;
        let text = if path[1].is_empty() { found.text() } else { found.get(path[1]).and_then(Node::text) }?;
        Some(text.trim().to_owned())
    };
    let Some(name) = word(["name", ""]) else { return false };
    let said =
        [["details", "legalEntityTypeDetail"], ["details", "entityType"], ["details", "type"], ["details", "kind"]];
    let says = |text: String| {
        let plain: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        NATURAL.contains(&plain.as_str())
    };
    name.starts_with("NATURAL-PERSON-")
        || said.into_iter().filter_map(word).any(says)
        || (word(["identifier", "scheme"]).zip(word(["identifier", "id"])))
            .is_some_and(|(scheme, id)| is_persons_number(&scheme, &id))
}

/// Registers that number natural persons and companies alike, and how a person's number is told: Mexico's RFC has 13 characters
/// for a person and 12 for a company; Ukraine's taxpayer number of a person has 10 digits, a company's code 8.
fn is_persons_number(scheme: &str, id: &str) -> bool {
    let length = id.chars().filter(|c| c.is_alphanumeric()).count();
    match scheme {
        "MX-RFC" => length == 13,
        "UA-EDR" | "UA-EDRPOU" => length == 10 && id.chars().all(|c| c.is_ascii_digit()),
        "UA-IPN" => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn dropped(value: Value) -> (Value, usize) {
        let mut node = Node::read(&value.to_string()).expect("JSON");
        let count = drop_from(&mut node);
        (serde_json::to_value(&node).expect("JSON"), count)
    }

    #[test]
    fn people_are_taken_out_and_companies_stay() {
        let company = json!({"id": "1", "name": "Acme Ltd", "identifier": {"scheme": "GB-COH", "id": "1234"}});
        assert_eq!(dropped(company.clone()), (company, 0));
        let with =
            json!({"parties": [{"name": "Acme", "contactPoint": {"name": "A. Person", "email": "a@example.org"}}]});
        assert_eq!(dropped(with), (json!({"parties": [{"name": "Acme"}]}), 1));
        for person in [
            json!({"name": "NATURAL-PERSON-1a2b"}),
            json!({"name": "A. Person", "details": {"entityType": "Natural person"}}),
            json!({"name": "A. Person", "identifier": {"scheme": "MX-RFC", "id": "VECJ880326XXX"}}),
            json!({"name": "A. Person", "identifier": {"scheme": "UA-EDR", "id": "1234567890"}}),
        ] {
            assert_eq!(dropped(json!({"suppliers": [person]})), (json!({"suppliers": [{}]}), 1), "{person}");
        }
    }

    #[test]
    fn who_is_a_person_in_one_place_is_one_in_all() {
        let party = json!({"id": "7", "name": "A. Person", "details": {"entityType": "individual"}});
        let release = json!({"parties": [party], "awards": [{"suppliers": [{"id": "7", "name": "A. PERSON"}]}]});
        assert_eq!(dropped(release), (json!({"parties": [{}], "awards": [{"suppliers": [{}]}]}), 2));
    }

    #[test]
    fn an_empty_contact_is_nobodys() {
        assert_eq!(dropped(json!({"contactPoint": null})).1, 0);
    }
}
