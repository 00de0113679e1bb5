//! `ziyun import ocds`: every release is a notice or reported, none is lost, and a second run changes nothing.

use super::shared;
use crate::world::World;
use app::reach::notice::importing::Outcome;
use app::reach::ocds::import::{Report, RowReport, Rule, import};
use app::web::Locale;
use app::web::text::Words;
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};

async fn run(world: &World, path: &Path) -> (Report, Vec<RowReport>) {
    let mut rows = Vec::new();
    let report = import(world.app.db(), path, |_, told| rows.extend_from_slice(told)).await.expect("an import");
    world.settle().await;
    let sum = report.sums.imported + report.sums.unchanged + report.sums.conflicts + report.sums.refused;
    assert_eq!(sum, report.sums.read, "none is lost: {report:?}");
    (report, rows)
}

fn file(folder: &tempfile::TempDir, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

fn release(number: usize) -> Value {
    json!({
        "ocid": format!("ocds-b5fd17-{number}"), "id": format!("r-{number}"), "date": "2026-11-20T09:00:00Z", "tag": ["tender"],
        "buyer": {"name": "Met Office"},
        "parties": [{"name": "Met Office", "contactPoint": {"name": "A. Person", "email": "person@met.example"}}],
        "tender": {"id": format!("T-{number}"), "title": format!("Weather station maintenance {number}"),
            "value": {"amount": 1250.5, "currency": "GBP"}},
    })
}

fn package(releases: &[Value]) -> Value {
    json!({"uri": "https://met.example/releases/1", "publisher": {"name": "Contracts Finder"}, "version": "1.1",
        "publishedDate": "2026-11-21T00:00:00Z", "releases": releases})
}

#[tokio::test]
async fn a_package_becomes_notices_without_people_and_once() {
    let (world, folder) = (World::new().await, tempfile::tempdir().expect("a folder"));
    let mut bad = release(3);
    bad["ocid"] = json!("");
    let path = file(&folder, "package.json", package(&[release(1), release(2), bad]).to_string());
    let (first, rows) = run(&world, &path).await;
    assert_eq!((first.sums.read, first.sums.imported, first.sums.refused, first.personal), (3, 2, 1, 2));
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.path.as_str(), row.field, row.rule), ("releases/2", "ocid", Some("missing")));
    let (second, _) = run(&world, &path).await;
    assert_eq!((second.sums.imported, second.sums.unchanged), (0, 2));
    let visitor = world.visitor();
    let list = visitor.get("/notices?words=weather+station").await.ok().json();
    assert_eq!(list["total"], 2);
    let address = list["notices"][0]["address"].as_str().expect("an address").to_owned();
    let notice = visitor.get(&address).await.ok().json();
    assert_eq!(
        (&notice["source"], &notice["url"]),
        (&json!("Contracts Finder"), &json!("https://met.example/releases/1"))
    );
    assert_eq!((&notice["kind"], &notice["budget_words"]), (&json!("tender"), &json!("1250.5 GBP")));
    let page = visitor.page(&address).await.ok().text;
    assert!(page.contains("1250.5 GBP") && !page.contains('⟦'), "{page}");
    world.rows(|table, cell| {
        assert!(!String::from_utf8_lossy(cell).contains("person@met.example"), "{table}");
    });
    assert_eq!(super::releases(&world).await.len(), 0, "others' releases are not ours");
}

#[tokio::test]
async fn the_same_release_from_elsewhere_is_the_same_notice_and_another_version_is_told() {
    let (world, folder) = (World::new().await, tempfile::tempdir().expect("a folder"));
    run(&world, &file(&folder, "a.json", package(&[release(1)]).to_string())).await;
    let record = json!({"records": [{"ocid": "ocds-b5fd17-1", "compiledRelease": release(1), "releases": [
        {"url": "https://met.example/r", "date": "2026-11-20T09:00:00Z"}]}]});
    let (again, _) = run(&world, &file(&folder, "b.json", record.to_string())).await;
    assert_eq!(
        (again.sums.read, again.sums.unchanged, again.linked),
        (1, 1, 1),
        "without its publisher, from a record"
    );
    let mut changed = release(1);
    changed["tender"]["title"] = json!("Something else");
    let (other, rows) = run(&world, &file(&folder, "c.json", changed.to_string())).await;
    assert_eq!((other.sums.conflicts, rows[0].outcome), (1, Outcome::Conflict));
}

#[tokio::test]
async fn lines_are_rows_each_with_its_number() {
    let (world, folder) = (World::new().await, tempfile::tempdir().expect("a folder"));
    let wrapped = json!({"path": "a.json", "kind": "release", "data": release(1)});
    let long = format!("{{\"ocid\":\"{}\"}}", "x".repeat(17 << 20));
    let text = format!("\u{feff}{wrapped}\n\n{{broken\n{long}\n{}\n[]\n7\n{}", json!([release(2), 5]), release(3));
    for name in ["lines.jsonl", "lines.txt"] {
        let (report, rows) = run(&world, &file(&folder, name, &text)).await;
        assert_eq!(
            (report.sums.read, report.sums.imported + report.sums.unchanged, report.sums.refused),
            (8, 3, 5),
            "{name}"
        );
        let places: Vec<_> = rows.iter().map(|row| (row.line, row.path.as_str(), row.rule)).collect();
        let expected =
            [(3, "", "object"), (4, "", "object"), (5, "1", "release"), (6, "", "release"), (7, "", "release")];
        assert_eq!(places, expected.map(|(line, path, rule)| (Some(line), path, Some(rule))), "{name}");
    }
}

#[tokio::test]
async fn broken_documents_are_told_and_what_stands_before_the_break_counts() {
    let (world, folder) = (World::new().await, tempfile::tempdir().expect("a folder"));
    for (name, content) in
        [("empty.json", &b""[..]), ("half.json", b"{\"releases\": ["), ("latin.json", b"{\"a\": \"\xE9\"}")]
    {
        let (report, rows) = run(&world, &file(&folder, name, content)).await;
        assert_eq!((report.sums.read, report.sums.refused, rows[0].rule), (1, 1, Some("object")), "{name}");
    }
    // Larger than what is read whole, and cut off in the middle of its last release.
    let releases: Vec<_> = (0..12)
        .map(|number| {
            let mut one = release(number);
            one["tender"]["description"] = json!("wind ".repeat(400_000));
            one
        })
        .collect();
    let whole = package(&releases).to_string();
    let (report, _) = run(&world, &file(&folder, "large.json", &whole)).await;
    assert_eq!((report.sums.read, report.sums.imported), (12, 12));
    let (cut, rows) = run(&world, &file(&folder, "cut.json", &whole[..whole.len() - 100])).await;
    assert_eq!((cut.sums.read, cut.sums.refused), (12, 1), "eleven, and one that says where it breaks");
    assert_eq!((cut.sums.unchanged + cut.sums.conflicts, rows.last().and_then(|row| row.rule)), (11, Some("object")));
}

/// The program's highest use of memory so far, in KB, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok())
}

/// A document of so many releases of 10 KB: ten are notices, the others these again, and every second one is none.
fn many(folder: &tempfile::TempDir, count: usize) -> PathBuf {
    let path = folder.path().join(format!("many-{count}.json"));
    let mut out = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
    write!(out, "{{\"version\":\"1.1\",\"releases\":[").expect("written");
    let padding = "x".repeat(10_000);
    for number in 0..count {
        let mut one = release(number % 20);
        one["padding"] = json!(padding);
        if number % 2 == 1 {
            one["id"] = json!(null);
        }
        write!(out, "{}{one}", if number == 0 { "" } else { "," }).expect("written");
    }
    write!(out, "],\"publisher\":{{\"name\":\"Late\"}}}}").expect("written");
    out.into_inner().expect("flushed");
    path
}

#[tokio::test]
async fn a_document_three_times_as_large_needs_no_more_memory() {
    let (world, folder) = (World::new().await, tempfile::tempdir().expect("a folder"));
    let first = import(world.app.db(), &many(&folder, 2_000), |_, _| {}).await.expect("an import");
    assert_eq!((first.sums.imported, first.sums.unchanged, first.sums.refused), (10, 990, 1_000));
    let before = peak();
    let larger = many(&folder, 6_000);
    let second = import(world.app.db(), &larger, |_, _| {}).await.expect("an import");
    // Before the search index takes memory of its own.
    let after = peak();
    assert_eq!((second.sums.read, second.sums.unchanged, second.sums.refused), (6_000, 3_000, 3_000));
    world.settle().await;
    let list = world.visitor().get("/notices").await.json();
    assert_eq!(list["notices"][0]["source"], "Late", "told behind the releases");
    let (Some(before), Some(after)) = (before, after) else { return };
    assert!(after - before < 20_000, "{} KB more for 40 MB more", after - before);
}

#[tokio::test]
async fn every_rule_has_its_words_in_both_languages() {
    let world = World::new().await;
    for locale in [Locale::Zh, Locale::En] {
        let words = Words::new(world.app.catalogue(), locale);
        for rule in Rule::ALL {
            for part in ["rule", "way"] {
                let told = words.text(&format!("ocds-{part}-{}", rule.code()), &[]);
                assert!(!told.contains('⟦'), "{told}");
            }
        }
    }
}

/// How many rows a value of the examples has, counted another way than the program does.
fn rows(value: &Value) -> usize {
    let of = |record: &Value| {
        let embedded =
            record["releases"].as_array().map_or(0, |all| all.iter().filter(|one| one.get("url").is_none()).count());
        embedded.max(1)
    };
    match value["records"].as_array() {
        Some(records) => records.iter().map(of).sum(),
        None if value.get("releases").is_some() => of(value),
        None => 1,
    }
}

#[tokio::test]
async fn real_examples_lose_no_row_and_change_nothing_a_second_time() {
    let Some(folder) = shared("real-examples") else {
        eprintln!("skipped: 0 real releases, since there is no folder with real data");
        return;
    };
    let mut files: Vec<_> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("one").path()).collect();
    files.sort();
    let world = World::new().await;
    let mut totals = [Report::default(), Report::default()];
    for path in &files {
        let text = std::fs::read_to_string(path).expect("a file");
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        let expected: usize = lines.map(|line| rows(&line["data"])).sum();
        let (first, told) = run(&world, path).await;
        assert_eq!(first.sums.read, expected, "{}", path.display());
        assert_eq!(told.iter().filter(|row| row.outcome == Outcome::Refused).count(), first.sums.refused);
        let (second, _) = run(&world, path).await;
        assert_eq!(
            (second.sums.read, second.sums.imported, second.sums.refused),
            (first.sums.read, 0, first.sums.refused),
            "{}",
            path.display()
        );
        assert_eq!(
            second.sums.unchanged + second.sums.conflicts,
            first.sums.imported + first.sums.unchanged + first.sums.conflicts
        );
        eprintln!("{}: {first:?}", path.file_name().expect("a name").to_string_lossy());
        totals[0].add(&first);
        totals[1].add(&second);
    }
    let [first, _] = totals;
    eprintln!("{} files: {first:?}", files.len());
    assert!(first.sums.refused * 50 <= first.sums.read, "few rows are notices: {first:?}");
}
