//! Words: both languages say the same things, and no page, error or rule lacks its text.

use crate::people::{Applicant, PASSWORD};
use crate::world::World;
use app::web::text::keys_of;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// All source files of the product with this ending.
fn sources(ending: &str) -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, ending: &str, into: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, ending, into);
            } else if path.extension().is_some_and(|found| found == ending) {
                let text = std::fs::read_to_string(&path).unwrap();
                into.push((path, text));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), ending, &mut found);
    found
}

/// What stands between these two in a text, wherever they do.
fn between<'t>(text: &'t str, before: &'t str, after: &'t str) -> impl Iterator<Item = &'t str> {
    text.split(before).skip(1).filter_map(move |rest| rest.split(after).next())
}

/// Every text of a language: its key, and the variables in it.
fn known(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let ending = format!(".{language}.ftl");
    for (path, text) in sources("ftl").into_iter().filter(|(path, _)| path.to_string_lossy().ends_with(&ending)) {
        let mut key = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(next) = keys_of(line).next() {
                key = next.to_owned();
                assert!(!all.contains_key(&key), "{key} stands twice: {}", path.display());
            }
            let name =
                |rest: &str| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().map(str::to_owned);
            all.entry(key.clone()).or_default().extend(line.split('$').skip(1).filter_map(name));
        }
    }
    all
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (known("zh"), known("en"));
    let only = |one: &BTreeMap<String, _>, other: &BTreeMap<String, _>| {
        one.keys().filter(|key| !other.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&zh, &en), Vec::<String>::new(), "missing in English");
    assert_eq!(only(&en, &zh), Vec::<String>::new(), "missing in Chinese");
    let differ: Vec<_> = zh.iter().filter(|(key, variables)| en[*key] != **variables).collect();
    assert!(differ.is_empty(), "English has other variables: {differ:?}");
}

/// Where code names a text by its key or its code, and what the key has in front.
const NAMED: [(&str, &str); 12] = [
    ("Error::conflict(\"", "error-"),
    ("Error::forbidden(\"", "error-"),
    ("Error::malformed(\"", "error-"),
    ("Broken::rule(\"", "field-"),
    ("self.wrong(field, \"", "field-"),
    ("map_err(|_| \"", "field-"),
    ("Page::new(\"", ""),
    ("Page::public(\"", ""),
    (".on(\"", ""),
    ("word: \"", ""),
    ("words.text(\"", ""),
    ("?done=", "done-"),
];

#[test]
fn every_text_that_a_template_or_code_names_is_there() {
    let known = known("zh");
    let (mut missing, mut named) = (BTreeSet::new(), 0);
    let mut need = |path: &Path, key: String| {
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        named += usize::from(plain);
        if plain && !known.contains_key(&key) {
            missing.insert(format!("{key} ({})", path.file_name().unwrap().to_string_lossy()));
        }
    };
    for (path, text) in sources("html") {
        let shown: String = text.split("{#").map(|part| part.rsplit("#}").next().unwrap_or_default()).collect();
        for part in shown.split("\"|t").collect::<Vec<_>>().split_last().unwrap().1 {
            need(&path, part.rsplit('"').next().unwrap_or_default().to_owned());
        }
    }
    for (path, text) in sources("rs") {
        let product = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (before, prefix) in NAMED {
            let codes = product.split(before).skip(1).filter_map(|rest| rest.split(['"', '#', '&']).next());
            codes.filter(|code| !code.is_empty()).for_each(|code| need(&path, format!("{prefix}{code}")));
        }
        for call in between(product, "refuse(\"", ")").chain(between(product, "fields.wrong(\"", ")")) {
            let code = call.split('"').nth(2).unwrap_or_default();
            need(&path, if code.is_empty() { String::new() } else { format!("field-{code}") });
        }
        if product.contains("impl Parse for") {
            let rules = between(product, "Err(\"", "\"").chain(between(product, "ok_or(\"", "\""));
            rules.for_each(|code| need(&path, format!("field-{code}")));
        }
    }
    assert!(named > 300, "only {named} were found");
    assert_eq!(missing, BTreeSet::new());
}

#[tokio::test]
async fn no_page_lacks_a_word_in_either_language() {
    let world = World::new().await;
    let who = Applicant::new("both");
    let visitor = world.visitor();
    let registration = visitor.post("/registrations", Applicant::new("buyer").form()).await.ok();
    let reset = visitor.post("/password-resets", serde_json::json!({ "account": who.phone })).await.ok();
    let (member, operator) = (world.applicant(&who).await, world.operator().await);
    let company = member.get("/company").await.json()["company"]["id"].as_str().unwrap().to_owned();
    let review = format!("/operator/companies/{company}");
    let (registration, reset) = (registration.header("location"), reset.header("location"));
    let pages = [
        (
            &visitor,
            vec!["/", "/registration", registration, "/session/new", "/session", "/password-reset", reset, "/policy"],
        ),
        (
            &member,
            vec![
                "/",
                "/me",
                "/me/data",
                "/me/contact",
                "/me/export",
                "/me/complaints",
                "/me/accesses",
                "/me/consents",
                "/me/cancellation",
                "/company",
                "/session",
            ],
        ),
        (
            &operator,
            vec![
                "/",
                "/me",
                "/me/accesses",
                "/me/consents",
                "/me/cancellation",
                "/desk/privacy/cases",
                "/operator/companies",
                "/desk/privacy",
                "/desk/privacy/records",
                "/operator/companies?state=refused",
                &review,
            ],
        ),
    ];
    for (browser, paths) in &pages {
        for (path, language) in paths.iter().flat_map(|path| [(path, "zh-CN"), (path, "en")]) {
            let mark = if path.contains('?') { '&' } else { '?' };
            let page = browser.page(&format!("{path}{mark}lang={language}")).await.ok();
            assert!(!page.text.contains('⟦'), "{path} {language}: {}", page.text);
            assert!(page.text.contains("class=\"because\""), "{path} does not say why it may be seen");
            if language == "en" {
                let config = world.app.config();
                let names = ["中文", &who.company, &config.operator_name, &config.privacy_contact, "资"];
                let visible = names.iter().fold(page.text.clone(), |text, name| text.replace(name, ""));
                let chinese = visible.chars().find(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
                assert_eq!(chinese, None, "{path} in English");
            }
        }
    }
    for fields in [vec![("account", ""), ("password", "")], vec![("account", "x"), ("password", PASSWORD), ("a", "b")]]
    {
        let page = visitor.submit("/session", &fields).await;
        assert!(page.status == 422 && !page.text.contains('⟦'), "{}", page.text);
    }
}
