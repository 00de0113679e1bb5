//! Words: both languages say the same things, and no page, error or rule lacks its text.

use crate::people::{Applicant, PASSWORD};
use crate::world::World;
use app::web::text::keys_of;
use std::collections::BTreeSet;
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

fn known(language: &str) -> BTreeSet<String> {
    let files =
        sources("ftl").into_iter().filter(|(path, _)| path.to_string_lossy().ends_with(&format!(".{language}.ftl")));
    files.flat_map(|(_, text)| keys_of(&text).map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn both_languages_have_the_same_keys() {
    let (zh, en) = (known("zh"), known("en"));
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in English");
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in Chinese");
}

#[test]
fn every_text_that_a_template_or_an_error_names_is_there() {
    let known = known("zh");
    let mut missing = BTreeSet::new();
    let mut need = |path: &Path, key: String| {
        let plain = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if plain && !known.contains(&key) {
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
        let product = text.split("#[cfg(test)]").next().unwrap_or_default();
        for call in ["Error::conflict(\"", "Error::forbidden(\"", "Error::malformed(\""] {
            between(product, call, "\"").for_each(|code| need(&path, format!("error-{code}")));
        }
        between(product, "Broken::rule(\"", "\"").for_each(|code| need(&path, format!("field-{code}")));
        for call in between(product, "refuse(\"", ")").chain(between(product, "fields.wrong(\"", ")")) {
            let code = call.split('"').nth(2).unwrap_or_default();
            need(&path, if code.is_empty() { String::new() } else { format!("field-{code}") });
        }
    }
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
        (&member, vec!["/", "/me", "/company", "/session"]),
        (&operator, vec!["/", "/me", "/operator/companies", "/operator/companies?state=refused", &review]),
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
