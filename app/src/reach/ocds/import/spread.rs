//! From a value of a file to its rows: whatever stands around releases is taken off.

use super::super::json::Node;
use super::{Flaw, Rule};

/// What a package says of all its releases.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Who publishes.
    pub publisher: Option<String>,
    /// Its address.
    pub uri: Option<String>,
    /// When it was published.
    pub published: Option<String>,
}

impl Package {
    /// What a value says; what it does not say is as around it.
    pub fn of(value: &Node, around: &Package) -> Package {
        let word = |path: &str| value.at(path).and_then(Node::text).filter(|text| !text.trim().is_empty());
        Package {
            publisher: word("publisher/name").or_else(|| around.publisher.clone()),
            uri: word("uri").or_else(|| around.uri.clone()),
            published: word("publishedDate").or_else(|| around.published.clone()),
        }
    }
}

/// Where a row is found, and what it is.
pub struct Found<'a> {
    /// Where: `data/releases/0`.
    pub path: String,
    /// The package around it.
    pub package: Package,
    /// The release, or why there is none.
    pub release: Result<&'a Node, Flaw>,
}

/// The rows of a value, and how many releases it only links to.
#[derive(Default)]
pub struct Rows<'a> {
    /// The rows, in order.
    pub found: Vec<Found<'a>>,
    /// Links.
    pub linked: usize,
}

impl<'a> Rows<'a> {
    /// Of any value: each has one row at least, so that nothing vanishes.
    pub fn of(value: &'a Node, path: &str, around: &Package) -> Rows<'a> {
        let mut rows = Rows::default();
        rows.value(value, path.to_owned(), around);
        rows
    }

    fn value(&mut self, value: &'a Node, path: String, around: &Package) {
        let package = Package::of(value, around);
        let before = self.found.len();
        match value {
            Node::List(items) => items.iter().enumerate().for_each(|(at, item)| {
                self.value(item, inside(&path, &at.to_string()), around);
            }),
            Node::Object(members) if members.contains_key("data") && members.contains_key("kind") => {
                self.value(&members["data"], inside(&path, "data"), &package);
            }
            Node::Object(_) if value.get("records").is_some() => {
                for (at, record) in value.list("records").iter().enumerate() {
                    self.record(record, inside(&path, &format!("records/{at}")), &package);
                }
            }
            // A release has neither; some publishers' records stand alone, or call themselves packages.
            Node::Object(_) if value.get("releases").is_some() || value.get("compiledRelease").is_some() => {
                self.record(value, path.clone(), &package);
            }
            Node::Object(_) => self.push(path.clone(), &package, Ok(value)),
            Node::Leaf(_) => {}
        }
        if self.found.len() == before {
            self.push(path, &package, Err(Flaw { field: "", rule: Rule::Release }));
        }
    }

    fn record(&mut self, record: &'a Node, path: String, package: &Package) {
        let (before, links) = (self.found.len(), self.linked);
        for (at, release) in record.list("releases").iter().enumerate() {
            if is_link(release) {
                self.linked += 1;
            } else {
                self.push(inside(&path, &format!("releases/{at}")), package, Ok(release));
            }
        }
        if self.found.len() > before {
            return;
        }
        match record.get("compiledRelease") {
            Some(compiled) => self.push(inside(&path, "compiledRelease"), package, Ok(compiled)),
            None => {
                let rule = if self.linked > links { Rule::Linked } else { Rule::Release };
                self.push(path, package, Err(Flaw { field: "", rule }));
            }
        }
    }

    fn push(&mut self, path: String, package: &Package, release: Result<&'a Node, Flaw>) {
        let release = release.and_then(|release| {
            if release.is_object() { Ok(release) } else { Err(Flaw { field: "", rule: Rule::Release }) }
        });
        self.found.push(Found { path, package: package.clone(), release });
    }
}

/// A link to a release has an address and neither ocid nor id.
fn is_link(release: &Node) -> bool {
    release.get("url").is_some() && release.get("ocid").is_none() && release.get("id").is_none()
}

fn inside(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn paths(value: &Value) -> (Vec<(String, bool)>, usize) {
        let node = Node::read(&value.to_string()).expect("JSON");
        let rows = Rows::of(&node, "", &Package::default());
        (rows.found.into_iter().map(|row| (row.path, row.release.is_ok())).collect(), rows.linked)
    }

    #[test]
    fn releases_are_found_wherever_they_stand() {
        let (release, link) = (json!({"ocid": "o", "id": "1"}), json!({"url": "https://a.example", "date": "x"}));
        let one = |path: &str, is: bool| vec![(path.to_owned(), is)];
        for (value, expected) in [
            (release.clone(), (one("", true), 0)),
            (json!([release]), (one("0", true), 0)),
            (json!({"releases": [release]}), (one("releases/0", true), 0)),
            (json!({"path": "a", "kind": "release", "data": release}), (one("data", true), 0)),
            (
                json!({"records": [{"ocid": "o", "releases": [release], "compiledRelease": release}]}),
                (one("records/0/releases/0", true), 0),
            ),
            (
                json!({"records": [{"ocid": "o", "releases": [link, link], "compiledRelease": release}]}),
                (one("records/0/compiledRelease", true), 2),
            ),
            (json!({"records": [{"ocid": "o", "releases": [link]}]}), (one("records/0", false), 1)),
            (json!({"releases": []}), (one("", false), 0)),
            (json!({"records": []}), (one("", false), 0)),
            (json!({"releases": [7]}), (one("releases/0", false), 0)),
            (json!([]), (one("", false), 0)),
            (json!(7), (one("", false), 0)),
        ] {
            assert_eq!(paths(&value), expected, "{value}");
        }
    }

    #[test]
    fn the_publisher_is_that_of_the_package_around() {
        let value = json!({"publisher": {"name": "P"}, "uri": "https://p.example/1", "releases": [{"ocid": "o"}]});
        let node = Node::read(&value.to_string()).expect("JSON");
        let rows = Rows::of(&node, "", &Package::default());
        assert_eq!(rows.found[0].package.publisher.as_deref(), Some("P"));
        assert_eq!(rows.found[0].package.uri.as_deref(), Some("https://p.example/1"));
    }
}
