//! Addresses of databases and mail servers, which may hold a password.

use url::Url;

/// The address without its password. What cannot be read as an address, and might hold one, is masked whole.
pub fn masked(address: &str) -> String {
    if address.starts_with("sqlite:") {
        return address.to_owned();
    }
    let Ok(mut url) = Url::parse(address) else { return "***".into() };
    if url.password().is_some() && url.set_password(Some("***")).is_err() {
        return "***".into();
    }
    let pairs: Vec<(String, String)> = url.query_pairs().map(|(name, value)| (name.into(), value.into())).collect();
    if pairs.iter().any(|(name, _)| is_secret(name)) {
        let shown = |name: &str, value: String| if is_secret(name) { "***".into() } else { value };
        url.query_pairs_mut().clear().extend_pairs(pairs.into_iter().map(|(name, value)| {
            let value = shown(&name, value);
            (name, value)
        }));
    }
    url.to_string()
}

fn is_secret(name: &str) -> bool {
    name.to_lowercase().contains("pass")
}
