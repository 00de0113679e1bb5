//! The compiled release: what all releases of a process say together, by the standard's merge routine. Of lists of objects
//! with ids those with the same id are one, any other list is replaced whole, and `null` takes a field away.

use super::json::Node;
use std::collections::BTreeMap;

/// Merges the releases of a process, the oldest first; none of nothing.
///
/// # Errors
/// When a body is no JSON.
pub fn compiled(bodies: &[String]) -> serde_json::Result<Option<Node>> {
    let mut whole: Option<Node> = None;
    for body in bodies {
        let release = Node::read(body)?;
        whole = Some(match whole {
            None => cleared(release),
            Some(before) => merged(before, release),
        });
    }
    Ok(whole.map(signed))
}

/// What of a merged release is of its own.
fn signed(whole: Node) -> Node {
    let word = |name: &str| whole.get(name).and_then(Node::text).unwrap_or_default();
    let id = format!("{}-{}", word("ocid"), word("date"));
    let Node::Object(mut members) = whole else { return whole };
    members.insert("id".to_owned(), Node::text_of(&id));
    members.insert("tag".to_owned(), Node::List(vec![Node::text_of("compiled")]));
    Node::Object(members)
}

/// The later value in the place of the earlier one.
fn merged(before: Node, after: Node) -> Node {
    match (before, after) {
        (Node::Object(before), Node::Object(after)) => Node::Object(members(before, after)),
        (Node::List(before), Node::List(after)) if of_ids(&before) && of_ids(&after) => {
            Node::List(items(before, after))
        }
        (_, after) => cleared(after),
    }
}

fn members(mut before: BTreeMap<String, Node>, after: BTreeMap<String, Node>) -> BTreeMap<String, Node> {
    for (name, value) in after {
        let earlier = before.remove(&name);
        if value.is_null() {
            continue;
        }
        let whole = match earlier {
            None => cleared(value),
            Some(earlier) => merged(earlier, value),
        };
        before.insert(name, whole);
    }
    before
}

fn items(mut before: Vec<Node>, after: Vec<Node>) -> Vec<Node> {
    for item in after {
        let id = id(&item);
        match before.iter().position(|earlier| self::id(earlier) == id) {
            Some(at) => {
                let earlier = std::mem::replace(&mut before[at], Node::List(Vec::new()));
                before[at] = merged(earlier, item);
            }
            None => before.push(cleared(item)),
        }
    }
    before
}

/// The value without its `null` members.
fn cleared(value: Node) -> Node {
    match value {
        Node::Object(inner) => Node::Object(members(BTreeMap::new(), inner)),
        Node::List(inner) if of_ids(&inner) => Node::List(items(Vec::new(), inner)),
        other => other,
    }
}

fn of_ids(items: &[Node]) -> bool {
    !items.is_empty() && items.iter().all(|item| item.is_object() && item.get("id").is_some())
}

fn id(item: &Node) -> Option<String> {
    item.get("id").and_then(|id| id.text().or_else(|| id.number().map(str::to_owned)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn merge(releases: &[Value]) -> Value {
        let bodies: Vec<_> = releases.iter().map(Value::to_string).collect();
        serde_json::to_value(compiled(&bodies).expect("JSON")).expect("JSON")
    }

    #[test]
    fn later_fields_replace_earlier_ones_and_ids_find_each_other() {
        let one = json!({"ocid": "o", "id": "1", "date": "a", "tag": ["tender"], "tender": {"id": "t", "title": "x",
            "lots": [{"id": "1", "title": "a", "status": "active"}, {"id": "2", "status": "active"}], "roles": ["a", "b"]}});
        let two = json!({"ocid": "o", "id": "2", "date": "b", "tag": ["tenderUpdate"], "tender": {"id": "t", "title": null,
            "lots": [{"id": "2", "status": "complete"}, {"id": "3", "status": "active"}], "roles": ["c"]}});
        let whole = json!({"ocid": "o", "id": "o-b", "date": "b", "tag": ["compiled"], "tender": {"id": "t", "lots": [
            {"id": "1", "title": "a", "status": "active"}, {"id": "2", "status": "complete"},
            {"id": "3", "status": "active"}], "roles": ["c"]}});
        assert_eq!(merge(&[one, two]), whole);
        assert_eq!(merge(&[]), Value::Null);
    }

    #[test]
    fn an_integer_and_a_text_are_one_id() {
        let one = json!({"date": "a", "lots": [{"id": 1, "a": 1}]});
        let two = json!({"date": "b", "lots": [{"id": "1", "b": 2}]});
        assert_eq!(merge(&[one, two])["lots"].as_array().map(Vec::len), Some(1));
    }
}
