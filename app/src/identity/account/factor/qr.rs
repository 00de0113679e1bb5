//! What an authenticator app is told, as text and as a code to be photographed.

use super::totp::Secret;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use qrcode::{Color, QrCode};
use std::fmt::Write;

const BUT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The address that apps read: `otpauth://totp/ISSUER:NAME?secret=…&issuer=…` (Key Uri Format of Google Authenticator).
pub fn address(issuer: &str, name: &str, secret: &Secret) -> String {
    let escaped = |text: &str| utf8_percent_encode(text, BUT).to_string();
    let (issuer, name) = (escaped(issuer), escaped(name));
    format!("otpauth://totp/{issuer}:{name}?secret={}&issuer={issuer}", *secret.text())
}

/// A QR code as the path of an SVG, and how many of its units a side has: four of them around it are light (ISO/IEC 18004).
/// Empty where the text is too long for one.
pub fn path(text: &str) -> (String, usize) {
    const QUIET: usize = 4;
    let Ok(code) = QrCode::new(text) else { return (String::new(), 0) };
    let width = code.width();
    let mut path = String::new();
    for (at, _) in code.to_colors().iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (x, y) = (at % width + QUIET, at / width + QUIET);
        write!(path, "M{x} {y}h1v1h-1z").expect("a string takes all");
    }
    (path, width + 2 * QUIET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        let secret = Secret::parse("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
        assert_eq!(
            address("资源 云", "a:b&c", &secret),
            "otpauth://totp/%E8%B5%84%E6%BA%90%20%E4%BA%91:a%3Ab%26c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\
             &issuer=%E8%B5%84%E6%BA%90%20%E4%BA%91"
        );
    }

    #[test]
    fn three_corners_have_their_mark() {
        let (path, side) = path("otpauth://totp/x:y?secret=GEZDGNBVGY3TQOJQ");
        let is_dark = |x: usize, y: usize| path.contains(&format!("M{x} {y}h1v1h-1z"));
        // Seven dark units in a row, and below them a light one between two dark.
        let has_mark = |x: usize, y: usize| {
            (x..x + 7).all(|x| is_dark(x, y)) && is_dark(x, y + 1) && !is_dark(x + 1, y + 1) && is_dark(x + 6, y + 1)
        };
        let far = side - 4 - 7;
        assert!(has_mark(4, 4) && has_mark(far, 4) && has_mark(4, far) && !has_mark(far, far));
        assert!(!(0..side).any(|at| is_dark(at, 3) || is_dark(3, at)), "a light edge");
    }
}
