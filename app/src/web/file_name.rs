//! Names of files, as their senders give them and others keep them.

use super::plain::hidden;

/// The most characters of a name that are kept, from its beginning and, for its type, its end.
const LONGEST: usize = 120;

/// Names that some systems keep for devices, whatever follows their first point (Microsoft, "Naming Files, Paths, and
/// Namespaces").
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// The name without the folders that a browser of another system may send, of a length that systems take, and never that
/// of a device or of a folder. Characters that nobody sees stay: [`is_plain`] refuses the name for them.
pub(super) fn base(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or("");
    let base = base.trim_start().trim_end_matches(['.', ' ']);
    let stem = base.split('.').next().unwrap_or("").trim_end().to_ascii_lowercase();
    match base {
        "" if name.is_empty() => String::new(),
        "" => "file".to_owned(),
        base if DEVICES.contains(&stem.as_str()) => shortened(&format!("_{base}")),
        base => shortened(base),
    }
}

/// Whether everybody sees all of a name, in the order in which it is written.
pub(super) fn is_plain(name: &str) -> bool {
    !name.chars().any(hidden)
}

/// Whether a name is as it would be kept: whole, plain, and no folder's or device's.
pub fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && base(name) == name && is_plain(name)
}

fn shortened(name: &str) -> String {
    let count = name.chars().count();
    if count <= LONGEST {
        return name.to_owned();
    }
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    let end = if (1..=16).contains(&kind.chars().count()) { format!(".{kind}") } else { String::new() };
    name.chars().take(LONGEST - end.chars().count()).chain(end.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_names_and_nothing_else() {
        for (given, kept) in [
            ("报价单.pdf", "报价单.pdf"),
            ("C:\\Users\\li\\报价.xlsx", "报价.xlsx"),
            ("../../etc/passwd", "passwd"),
            ("..", "file"),
            ("a/", "file"),
            ("", ""),
            (" . ", "file"),
            ("report.pdf. .", "report.pdf"),
            ("CON", "_CON"),
            ("nul.tar.gz", "_nul.tar.gz"),
            ("Aux .txt", "_Aux .txt"),
            ("console.txt", "console.txt"),
        ] {
            assert_eq!(base(given), kept, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_type() {
        let name = base(&format!("{}.pdf", "长".repeat(500)));
        assert!(name.chars().count() == LONGEST && name.ends_with("长.pdf"), "{name}");
        assert_eq!(base(&"a".repeat(500)).len(), LONGEST);
        assert_eq!(base(&format!("a.{}", "b".repeat(500))).len(), LONGEST);
    }
}
