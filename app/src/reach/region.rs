//! Divisions of China by GB/T 2260: provinces (2 digits), cities (4), areas (6).
//!
//! The table comes from a maintained package (see its head and `regions/build.mjs`); English names of provinces are
//! ours. A place lies in another if its code begins with the other's.

use crate::web::Locale;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../../regions/divisions.tsv");

/// Official English names; in Chinese order of codes.
const ENGLISH: [(&str, &str); 34] = [
    ("11", "Beijing"),
    ("12", "Tianjin"),
    ("13", "Hebei"),
    ("14", "Shanxi"),
    ("15", "Inner Mongolia"),
    ("21", "Liaoning"),
    ("22", "Jilin"),
    ("23", "Heilongjiang"),
    ("31", "Shanghai"),
    ("32", "Jiangsu"),
    ("33", "Zhejiang"),
    ("34", "Anhui"),
    ("35", "Fujian"),
    ("36", "Jiangxi"),
    ("37", "Shandong"),
    ("41", "Henan"),
    ("42", "Hubei"),
    ("43", "Hunan"),
    ("44", "Guangdong"),
    ("45", "Guangxi"),
    ("46", "Hainan"),
    ("50", "Chongqing"),
    ("51", "Sichuan"),
    ("52", "Guizhou"),
    ("53", "Yunnan"),
    ("54", "Tibet"),
    ("61", "Shaanxi"),
    ("62", "Gansu"),
    ("63", "Qinghai"),
    ("64", "Ningxia"),
    ("65", "Xinjiang"),
    ("71", "Taiwan"),
    ("81", "Hong Kong"),
    ("82", "Macao"),
];

/// What follows a place's name proper; the longest first.
const ENDINGS: [&str; 8] = ["维吾尔自治区", "壮族自治区", "回族自治区", "特别行政区", "自治区", "省", "市", "地区"];

static REGIONS: LazyLock<Vec<Region>> = LazyLock::new(|| {
    let mut regions: Vec<Region> = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(read).collect();
    regions.sort_by_key(|region| region.code);
    regions
});

/// A province, city or area.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// 2, 4 or 6 digits.
    pub code: &'static str,
    /// Official name: 江西省.
    pub name_zh: &'static str,
    /// English name; below provinces, which have one, the Chinese name.
    pub name_en: &'static str,
}

/// The region of that code.
pub fn by_code(code: &str) -> Option<&'static Region> {
    let at = REGIONS.binary_search_by_key(&code, |region| region.code).ok()?;
    Some(&REGIONS[at])
}

/// The region called so, in full or in short (江西省, 江西). A name that several places of the highest rank share
/// means none of them.
pub fn by_name(name: &str) -> Option<&'static Region> {
    let called = |region: &&Region| region.name_zh == name || region.short_zh() == name;
    [2, 4, 6].into_iter().find_map(|digits| {
        let mut found = REGIONS.iter().filter(|region| region.code.len() == digits).filter(called);
        let first = found.next()?;
        found.next().is_none().then_some(first)
    })
}

/// All provinces, by code.
pub fn provinces() -> impl Iterator<Item = &'static Region> {
    REGIONS.iter().filter(|region| region.code.len() == 2)
}

/// The provinces, for a field to choose from: code and name.
pub fn choices(locale: &Locale) -> Vec<(&'static str, &'static str)> {
    provinces().map(|one| (one.code, locale.pick(one.name_zh, one.name_en))).collect()
}

/// The place that a text names first, in full: 侯马市教育体育局 names 侯马市. Names that several places share, or of
/// fewer than three characters, are not looked for.
pub fn mentioned(text: &str) -> Option<&'static Region> {
    let places = REGIONS.iter().filter(|region| region.name_zh.chars().count() >= 3 && !region.is_filler());
    let mut found: Vec<_> = places.filter_map(|region| Some((text.find(region.name_zh)?, region))).collect();
    found.sort_by_key(|(at, region)| (*at, region.code));
    found.into_iter().map(|(_, region)| region).find(|region| by_name(region.name_zh) == Some(region))
}

impl Region {
    /// The region that this one lies in; none for a province.
    pub fn parent(&self) -> Option<&'static Region> {
        by_code(self.code.get(..self.code.len() - 2)?)
    }

    /// The province that this region is or lies in.
    pub fn province(&self) -> &'static Region {
        by_code(&self.code[..2]).expect("every code in the table begins with a province's")
    }

    /// The name without what kind of place it is: 江西, 内蒙古.
    pub fn short_zh(&self) -> &'static str {
        let ending = ENDINGS.iter().find(|ending| self.name_zh.ends_with(**ending));
        ending.and_then(|ending| self.name_zh.strip_suffix(*ending)).unwrap_or(self.name_zh)
    }

    /// The name with those of the places it lies in: 江西省吉安市吉州区.
    pub fn full_name_zh(&self) -> String {
        let above = self.parent().map(Region::full_name_zh).unwrap_or_default();
        let own = if self.is_filler() { "" } else { self.name_zh };
        above + own
    }

    /// Rows that only hold a level together and that nobody calls by name.
    fn is_filler(&self) -> bool {
        self.code.len() == 4 && (matches!(self.name_zh, "市辖区" | "县") || self.name_zh.ends_with("行政区划"))
    }
}

fn read(line: &'static str) -> Option<Region> {
    let mut columns = line.split('\t');
    let (code, _parent, name_zh) = (columns.next()?, columns.next()?, columns.next()?);
    let english = ENGLISH.iter().find(|(province, _)| *province == code);
    Some(Region { code, name_zh, name_en: english.map_or(name_zh, |(_, name)| name) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert_eq!(provinces().count(), 34);
        assert_eq!(REGIONS.iter().filter(|r| r.code.len() == 4).count(), 342);
        assert!(REGIONS.len() > 3_300);
        for region in REGIONS.iter() {
            assert!(region.code.len() == 2 || region.parent().is_some(), "{} hangs in the air", region.code);
            assert!(matches!(region.code.len(), 2 | 4 | 6));
        }
        assert!(provinces().all(|province| province.name_en.is_ascii()), "every province has an English name");
    }

    #[test]
    fn a_province_is_found_by_code_and_by_either_name() {
        let jiangxi = by_code("36").expect("a province");
        assert_eq!((jiangxi.name_zh, jiangxi.name_en, jiangxi.short_zh()), ("江西省", "Jiangxi", "江西"));
        for name in ["江西", "江西省"] {
            assert_eq!(by_name(name), Some(jiangxi));
        }
        for (name, code) in
            [("内蒙古", "15"), ("新疆", "65"), ("广西壮族自治区", "45"), ("北京", "11"), ("香港", "81"), ("吉林", "22")]
        {
            assert_eq!(by_name(name).map(|region| region.code), Some(code), "{name}");
        }
        assert_eq!(by_name("部委"), None);
        assert_eq!(by_code("99"), None);
        assert_eq!(by_code(""), None);
    }

    #[test]
    fn a_shared_name_means_nobody() {
        assert_eq!(by_name("鼓楼区"), None);
        assert_eq!(by_name("吉安市").map(|region| region.code), Some("3608"));
    }

    #[test]
    fn a_full_name_leaves_out_rows_that_only_hold_a_level_together() {
        assert_eq!(by_code("110101").expect("an area").full_name_zh(), "北京市东城区");
        assert_eq!(by_code("360802").expect("an area").full_name_zh(), "江西省吉安市吉州区");
        assert_eq!(by_code("360802").expect("an area").province().code, "36");
    }

    #[test]
    fn the_first_place_named_in_full_is_mentioned() {
        assert_eq!(mentioned("侯马市教育体育局体育馆").map(|region| region.province().code), Some("14"));
        assert_eq!(mentioned("浙江省分公司2026年宁波市分公司").map(|region| region.code), Some("33"));
        assert_eq!(mentioned("鼓楼区某学校"), None);
        assert_eq!(mentioned("办公用品"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_upsets_it(text in "\\PC{0,40}") {
            let _ = (by_name(&text), by_code(&text), mentioned(&text));
        }
    }
}
