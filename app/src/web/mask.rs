//! Numbers of identity documents as they are shown: never whole (clause 2.5).

use policy::Control;

/// The number of an identity document, with its middle masked.
///
/// GB/T 35273 asks for masking where personal data are shown and leaves the places open. Of 18 characters the first three and
/// the last four are what forms of the trade show: neither the county nor any digit of the birthday. Shorter numbers show one
/// and two, so that at least five are hidden.
pub fn masked(number: &str) -> String {
    if !policy::holds(Control::IdNumberMasked) {
        return number.to_owned();
    }
    let length = number.chars().count();
    let (first, last) = if length >= 15 { (3, 4) } else { (1, 2) };
    let shown = |(at, c): (usize, char)| if at < first || at + last >= length { c } else { '*' };
    number.chars().enumerate().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn the_middle_is_masked() {
        assert_eq!(masked("110101190003070000"), "110***********0000");
        assert_eq!(masked("H12345678"), "H******78");
        assert_eq!(masked("E1234567"), "E*****67");
    }
}
