//! Our packages against the JSON Schemas of OCDS 1.1.5. They lie outside the project; without them that is said.

use super::{Life, releases, shared};
use crate::amendment::later;
use crate::sourcing::text;
use crate::world::World;
use serde_json::Value;
use std::path::Path;

const BASE: &str = "https://standard.open-contracting.org/schema/1__1__5/";

fn read(folder: &Path, name: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(name)).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator(folder: &Path, name: &str) -> jsonschema::Validator {
    let mut options = jsonschema::options();
    let mut registry = jsonschema::Registry::new();
    for part in ["release-schema.json", "versioned-release-validation-schema.json"] {
        registry = registry.add(format!("{BASE}{part}"), read(folder, part)).expect("a resource");
    }
    let registry = registry.prepare().expect("schemas that name each other");
    options = options.with_registry(&registry).should_validate_formats(true);
    options.build(&read(folder, name)).expect("a schema")
}

#[tokio::test]
async fn packages_are_valid_by_the_standards_own_schemas() {
    let Some(folder) = shared("standard-1.1.5").map(|folder| folder.join("schema")) else {
        eprintln!("skipped: 0 packages against the schemas of OCDS 1.1.5, which are not here");
        return;
    };
    let world = World::new().await;
    let life = Life::begin(&world, "open").await;
    life.answer(&world).await;
    life.buyer
        .post(&format!("/tenders/{}/amendment", life.tender), later(&life.buyer, &life.tender, 2).await)
        .await
        .ok();
    let bids = life.bid(&world).await;
    life.open(&world, 12).await;
    life.award(&world, &bids[1]).await;
    let all = releases(&world).await;
    let record = format!("/ocds/records/{}", text(&all[0], "ocid"));
    let single = format!("/ocds/releases/{}", text(&all[0], "id"));
    for (path, schema) in [
        ("/ocds/releases", "release-package-schema.json"),
        (&*single, "release-package-schema.json"),
        (&*record, "record-package-schema.json"),
    ] {
        let package = world.visitor().get(path).await.ok().json();
        let validator = validator(&folder, schema);
        let errors: Vec<_> =
            validator.iter_errors(&package).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert_eq!(errors, [""; 0], "{path}");
        let mut broken = package.clone();
        broken["publisher"] = Value::Null;
        assert!(!validator.is_valid(&broken), "it would not notice");
    }
    eprintln!("{} releases in 3 packages are valid", all.len());
}
