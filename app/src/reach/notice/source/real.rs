//! The readers, held against thousands of real notices. They lie outside the project; without them nothing is tested
//! here, and that is said.

use super::*;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The folder with the collections, if this machine has it.
fn folder() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration; the folder is optional")]
    let named = std::env::var_os("SHARED_DATA_DIR").map(PathBuf::from);
    let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
    let folder = named.unwrap_or(beside).join("cn-notices");
    folder.is_dir().then_some(folder)
}

fn lines() -> Vec<(String, String)> {
    let Some(folder) = folder() else {
        eprintln!("skipped: 0 real notices, since there is no folder with real data");
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    paths.sort();
    let file = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).expect("readable");
        text.lines().map(|line| (name.clone(), line.to_owned())).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(file).collect()
}

fn present(line: &str, field: &str) -> bool {
    let fields: serde_json::Value = serde_json::from_str(line).expect("JSON");
    fields.get(field).is_some_and(|value| !value.is_null() && value.as_str() != Some(""))
}

#[test]
fn budgets_and_deadlines_of_real_notices_are_read() {
    let (mut budgets, mut deadlines, mut sales) = ((0, 0), (0, 0), (0, 0));
    let all = lines();
    for (file, line) in &all {
        let notice = read(line).unwrap_or_else(|flaw| panic!("{file}: {flaw:?} in {line}"));
        let tally = |(there, parsed): &mut (usize, usize), field: &str, is: bool| {
            *there += usize::from(present(line, field));
            *parsed += usize::from(is);
        };
        tally(&mut budgets, "budget", notice.budget.is_some());
        tally(&mut deadlines, "deadline", notice.deadline.is_some());
        tally(&mut sales, "saleTime", notice.sale.is_some());
    }
    eprintln!(
        "{} notices; budgets {budgets:?}, deadlines {deadlines:?}, sale times {sales:?} (present, read)",
        all.len()
    );
    let enough = |(there, parsed): (usize, usize), percent: usize| parsed * 100 >= there * percent;
    assert!(enough(budgets, 98) && enough(deadlines, 95) && enough(sales, 95));
}

#[test]
fn real_notices_find_kind_region_and_category() {
    let all = lines();
    let (mut kinds, mut categories, mut without_region) = (BTreeMap::new(), BTreeMap::new(), 0);
    for (file, line) in &all {
        let notice = read(line).expect("tested above");
        assert!(notice.kind != Kind::Other || !notice.own_word.is_empty(), "no word for its kind: {line}");
        *kinds.entry((file.as_str(), notice.kind)).or_insert(0usize) += 1;
        *categories.entry(notice.category.code.as_str()).or_insert(0usize) += 1;
        without_region += usize::from(notice.region.is_none());
    }
    let others = categories.get("other").copied().unwrap_or(0);
    eprintln!("{} notices; without region {without_region}; without category {others}", all.len());
    eprintln!("kinds {kinds:#?}\ncategories {categories:?}");
    assert!(others * 100 <= all.len() * 8, "{others} of {} find no category", all.len());
    assert!(without_region * 100 <= all.len());
}
