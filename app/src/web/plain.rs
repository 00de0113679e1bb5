//! Characters that nobody sees: with them one name passes for another, or is read in another order than it is written.

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Whether a character shows nothing of its own: controls, formats (among them those that turn the direction of writing,
/// and spaces without width), separators of lines. Unicode's categories Cc, Cf, Zl, Zp.
pub fn hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator};
    matches!(c.general_category(), Control | Format | LineSeparator | ParagraphSeparator)
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn what_turns_or_hides_is_found() {
        for c in "\0\u{7}\n\r\t\u{7f}\u{85}\u{ad}\u{61c}\u{200b}\u{200d}\u{200e}\u{202a}\u{202e}\u{2028}\u{2066}\u{2069}\u{feff}\u{e0041}"
            .chars()
        {
            assert!(hidden(c), "{c:?}");
        }
        assert!(!"衡川数维 GmbH & Co. KG（北京）·é𠮷 1〇\u{3000}\u{a0}".chars().any(hidden));
    }
}
