//! What a notice is about: about sixty categories of our own in a handful of groups, and how a text finds its own.
//!
//! The list is data (`categories.toml`): code, both names, and the words that speak for a category. A word counts by
//! its length, for a longer one is rarely there by chance, and four times as much in the title. The category with the
//! most weight wins; without any it is [`other`].

use crate::web::Locale;
use serde::Deserialize;
use std::sync::LazyLock;

const DATA: &str = include_str!("categories.toml");
const TITLE_COUNTS: usize = 4;

static LIST: LazyLock<Vec<Group>> = LazyLock::new(|| {
    let data: Data = toml::from_str(DATA).expect("categories.toml is part of the program and tested");
    data.group
});

#[derive(Deserialize)]
struct Data {
    group: Vec<Group>,
}

/// Categories that belong together.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Its code: `it`.
    pub code: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// Its categories.
    pub category: Vec<Category>,
}

/// What a notice is about.
#[derive(Debug, PartialEq, Eq, Deserialize)]
pub struct Category {
    /// Its code: `it-software`.
    pub code: String,
    /// Its Chinese name.
    pub zh: String,
    /// Its English name.
    pub en: String,
    /// What speaks for it in a text.
    words: Vec<String>,
}

/// The groups with their categories, in the order in which they are shown.
pub fn groups() -> &'static [Group] {
    &LIST
}

/// All of them with their groups, for a field to choose from: code and name.
pub fn choices(locale: &Locale) -> Vec<(String, String)> {
    let name = |zh: &str, en: &str| locale.pick(zh, en).to_owned();
    let all = groups().iter().flat_map(|group| group.category.iter().map(move |one| (group, one)));
    all.map(|(group, one)| (one.code.clone(), format!("{} / {}", name(&group.zh, &group.en), name(&one.zh, &one.en))))
        .collect()
}

/// The category of a code.
pub fn by_code(code: &str) -> Option<&'static Category> {
    all().find(|category| category.code == code)
}

/// Whether there is a category or a group of that code.
pub fn is_code(code: &str) -> bool {
    groups().iter().any(|group| group.code == code) || by_code(code).is_some()
}

/// The codes of the categories that a code means: its own, or those of its group.
pub fn within(code: &str) -> impl Iterator<Item = &'static str> {
    all().filter(move |category| category.code == code || category.group() == code).map(|one| one.code.as_str())
}

/// The category of texts that speak for none: the last one.
pub fn other() -> &'static Category {
    all().last().expect("the list is not empty, as a test shows")
}

/// The category that title and content speak for most; of equals the first in the list.
pub fn classify(title: &str, content: &str) -> &'static Category {
    let mut best = (0, other());
    for category in all() {
        let weight = category.weight(title) * TITLE_COUNTS + category.weight(content);
        if weight > best.0 {
            best = (weight, category);
        }
    }
    best.1
}

fn all() -> impl Iterator<Item = &'static Category> {
    LIST.iter().flat_map(|group| &group.category)
}

impl Category {
    /// The code of its group: the part before the hyphen.
    pub fn group(&self) -> &str {
        self.code.split('-').next().unwrap_or_default()
    }

    fn weight(&self, text: &str) -> usize {
        let found = self.words.iter().filter(|word| text.contains(word.as_str()));
        found.map(|word| word.chars().count()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_list_is_sound() {
        let mut codes = HashSet::new();
        for group in groups() {
            for category in &group.category {
                assert!(codes.insert(&category.code), "{} twice", category.code);
                assert_eq!(category.group(), group.code);
                assert!(!category.zh.is_empty() && category.en.is_ascii() && !category.en.is_empty());
                assert!(category.code == "other" || !category.words.is_empty(), "{}", category.code);
                assert!(category.words.iter().all(|word| word.chars().count() >= 2), "{}", category.code);
            }
        }
        assert!((55..=66).contains(&codes.len()), "{} categories", codes.len());
        assert!((6..=10).contains(&groups().len()));
        assert_eq!(other().code, "other");
        assert_eq!(by_code("it-software").map(|category| category.zh.as_str()), Some("软件开发"));
        assert_eq!(by_code("nothing"), None);
    }

    #[test]
    fn texts_find_their_category() {
        for (title, content, code) in [
            ("岚河通信2026年掌上营业厅软件开发服务采购项目", "", "it-software"),
            ("东岑铁塔机房专用空调维保服务", "", "telecom-facility"),
            ("某分公司办公楼保洁服务", "保洁、绿化", "office-property"),
            ("南屿移动等级保护测评服务询价公告", "", "security-assessment"),
            ("沅北分公司2026年员工体检服务", "", "people-health"),
            ("某县汽车充电站建设采购项目", "充电桩", "energy-charging"),
            ("2026年第三方结算审计服务项目", "", "business-audit"),
            ("甲乙丙丁", "", "other"),
        ] {
            assert_eq!(classify(title, content).code, code, "{title}");
        }
    }
}
