//! Industries by GB/T 4754-2017 (国民经济行业分类): twenty sections by letter, divisions of two digits in each, finer classes of
//! three and four.
//!
//! The sections and which divisions belong to which are facts of the standard, written down here by hand; of finer codes
//! only that they begin with a division of their section is checked.

use crate::web::Fields;

/// A section's letter, with its first and last division.
pub const SECTIONS: [(&str, u8, u8); 20] = [
    ("A", 1, 5),
    ("B", 6, 12),
    ("C", 13, 43),
    ("D", 44, 46),
    ("E", 47, 50),
    ("F", 51, 52),
    ("G", 53, 60),
    ("H", 61, 62),
    ("I", 63, 65),
    ("J", 66, 69),
    ("K", 70, 70),
    ("L", 71, 72),
    ("M", 73, 75),
    ("N", 76, 79),
    ("O", 80, 82),
    ("P", 83, 83),
    ("Q", 84, 85),
    ("R", 86, 90),
    ("S", 91, 96),
    ("T", 97, 97),
];

/// Whether digits are of a section: two to four, the first two one of its divisions.
pub fn is_of(section: &str, digits: &str) -> bool {
    let Some((_, first, last)) = SECTIONS.iter().find(|(letter, ..)| *letter == section) else { return false };
    let division = digits.get(..2).and_then(|two| two.parse::<u8>().ok());
    (2..=4).contains(&digits.len())
        && digits.bytes().all(|b| b.is_ascii_digit())
        && division.is_some_and(|division| (*first..=*last).contains(&division))
}

/// Takes section and digits from a form: `I`, or `I6513`. `None` is noted as a problem.
pub fn take(fields: &mut Fields) -> Option<String> {
    fields.one_of("section", SECTIONS.map(|(letter, ..)| letter));
    let known = |text: &str| SECTIONS.iter().map(|(letter, ..)| *letter).find(|letter| *letter == text);
    let section = fields.parse("section", |text| known(text).ok_or("choice"));
    fields.like("industry", "0111");
    let digits = fields.optional("industry", |text| match section {
        Some(section) if !is_of(section, text) => Err("industry"),
        _ => Ok(text.to_owned()),
    });
    Some(format!("{}{}", section?, digits?.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    #[test]
    fn divisions_follow_each_other_without_a_gap() {
        for pair in SECTIONS.windows(2) {
            assert_eq!(pair[0].2 + 1, pair[1].1, "{pair:?}");
            assert!(pair[0].0 < pair[1].0);
        }
    }

    #[test]
    fn a_code_is_of_the_section_that_its_division_is_of() {
        assert!(is_of("I", "6513") && is_of("I", "65") && is_of("A", "0111"));
        for (section, digits) in [("I", "6"), ("I", "65133"), ("I", "1311"), ("I", "65a"), ("X", "65"), ("I", "六五")]
        {
            assert!(!is_of(section, digits), "{section} {digits}");
        }
    }

    /// The published codes, where the data folder is there: they belong to others and are read only.
    #[test]
    fn the_published_codes_are_of_their_sections() {
        let beside = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data"));
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration; the folder is optional")]
        let folder = std::env::var_os("SHARED_DATA_DIR").map_or(beside, PathBuf::from);
        let Ok(table) = std::fs::read_to_string(folder.join("codes/gbt4754_2017.csv")) else {
            eprintln!("skipped: 0 codes, since there is no folder with real data");
            return;
        };
        let codes = table.lines().filter_map(|line| line.split(',').next()?.split_at_checked(1));
        let codes: Vec<_> =
            codes.filter(|(_, digits)| !digits.is_empty()).filter(|(letter, _)| *letter != "c").collect();
        assert!(codes.len() > 1_000, "{}", codes.len());
        let homeless: Vec<_> = codes.iter().filter(|(letter, digits)| !is_of(letter, digits)).collect();
        assert!(homeless.is_empty(), "{homeless:?}");
    }
}
