//! `first-page-bytes`: what a visitor's browser loads before the first page stands, compressed, heads included.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

/// Loads a page and what its head asks for. Answers bytes and requests.
///
/// # Panics
/// When the server does not answer.
pub fn weigh(address: SocketAddr, path: &str) -> (usize, usize) {
    let plain = load(address, path, "identity");
    let page = String::from_utf8_lossy(&plain);
    let assets = assets(&page);
    assert!(!assets.is_empty(), "a page of ours has a style sheet");
    let bytes = load(address, path, "br").len() + assets.iter().map(|at| load(address, at, "br").len()).sum::<usize>();
    (bytes, assets.len() + 1)
}

fn load(address: SocketAddr, path: &str, encoding: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\naccept: */*\r\naccept-encoding: {encoding}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "GET {path}: {}", String::from_utf8_lossy(&answer[..40]));
    answer
}

/// Style sheets, scripts and icons: each address once, without the part after `#`.
fn assets(page: &str) -> BTreeSet<&str> {
    let values = [" href=\"", " src=\""].into_iter().flat_map(|name| page.split(name).skip(1));
    let addresses = values.filter_map(|rest| rest.split(['"', '#']).next());
    addresses.filter(|address| address.starts_with("/assets/")).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_asset_is_loaded_once() {
        let page = r##"<link rel="stylesheet" href="/assets/app.1.css"><script src="/assets/app.2.js"></script>
            <use href="/assets/icons.svg#ok"/><use href="/assets/icons.svg#x"/><a href="/notices">"##;
        let found: Vec<_> = super::assets(page).into_iter().collect();
        assert_eq!(found, ["/assets/app.1.css", "/assets/app.2.js", "/assets/icons.svg"]);
    }
}
