//! Whose passkeys they are: the relying party (依赖方) of WebAuthn, which follows from the address that people know.

use super::Config;
use url::{Host, Url};

/// The relying party: browsers bind passkeys to `id`, and answer challenges on pages of `origin` alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// A domain.
    pub id: String,
    /// Scheme, domain and port.
    pub origin: Url,
}

impl Party {
    /// Of an address. WebAuthn (Level 3, § 5.1.2 and § 13.4.9) takes a domain reached by HTTPS, or `localhost`: a server on loopback
    /// goes by that name. None for another IP address, and for plain HTTP.
    pub fn of(address: &str) -> Option<Self> {
        let mut origin = Url::parse(address).ok()?;
        let is_here = match origin.host()? {
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
            Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
        };
        if is_here && origin.domain().is_none() {
            origin.set_host(Some("localhost")).ok()?;
        }
        origin.set_path("");
        let id = origin.domain()?.to_owned();
        (origin.scheme() == "https" || is_here).then_some(Self { id, origin })
    }

    /// The origin as browsers write it.
    pub fn origin(&self) -> String {
        self.origin.origin().ascii_serialization()
    }
}

impl Config {
    /// The relying party of this installation's passkeys; none where browsers would refuse them.
    pub fn party(&self) -> Option<Party> {
        Party::of(&self.address("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(address: &str) -> Option<(String, String)> {
        Party::of(address).map(|party| (party.id.clone(), party.origin()))
    }

    #[test]
    fn a_domain_by_https_is_one_and_so_is_this_machine() {
        let own = |id: &str, origin: &str| Some((id.to_owned(), origin.to_owned()));
        assert_eq!(told("https://ziyun.example/"), own("ziyun.example", "https://ziyun.example"));
        assert_eq!(told("https://ziyun.example:8443"), own("ziyun.example", "https://ziyun.example:8443"));
        for here in ["http://127.0.0.1:8080/", "http://[::1]:8080/", "http://localhost:8080/"] {
            assert_eq!(told(here), own("localhost", "http://localhost:8080"), "{here}");
        }
    }

    #[test]
    fn an_address_or_plain_http_is_none() {
        for other in
            ["http://ziyun.example", "https://192.0.2.7", "https://[2001:db8::7]:8443", "http://0.0.0.0:8080", "x"]
        {
            assert_eq!(told(other), None, "{other}");
        }
    }
}
