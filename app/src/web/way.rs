//! Where a reader wanted to go before signing in, or was: a path of ours and nothing else.

/// Refuses what would lead to another site: `https://…`, `//host`, `/\host`, anything with control characters.
///
/// # Errors
/// The rule `local-path`.
pub fn local_path(text: &str) -> Result<String, &'static str> {
    let foreign = text.starts_with("//") || text.contains('\\') || text.chars().any(char::is_control);
    let local = text.starts_with('/') && !foreign && text.is_ascii() && text.len() <= 2000;
    if local { Ok(text.to_owned()) } else { Err("local-path") }
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_our_own_paths() {
        assert!(local_path("/tenders?state=open&words=%E6%9C%BA").is_ok());
        for foreign in
            ["//evil.example", "/\\evil.example", "https://evil.example", "tenders", "/a\nb", "\t//evil.example"]
        {
            assert!(local_path(foreign).is_err(), "{foreign:?}");
        }
    }
}
