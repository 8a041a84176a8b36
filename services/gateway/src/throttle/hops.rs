//! Whose address a request comes from, when proxies stand in between.
//!
//! A proxy writes who called it behind whatever the header said before, and the caller may have made
//! that up. So the header is read from its end, and only for as long as the one who wrote there is
//! trusted: the first address that is no proxy of ours is the caller's. One header is read, the one the
//! proxies write: another would pass them as the caller sent it.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName, header};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// How many hops are looked at; nobody has more proxies in a row.
const MOST: usize = 16;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The header in which proxies say who called them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: addresses, the last caller last.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239): the addresses are in `for`.
    Forwarded,
}

/// The proxies that are believed, and where they say who called them.
#[derive(Clone, Debug, Default)]
pub struct Hops {
    /// The networks of our own proxies. None: whoever connects is the caller.
    pub trusted: Vec<IpNet>,
    /// What they write.
    pub header: ProxyHeader,
}

impl Hops {
    /// Whose address it is, when `peer` connected and sent `headers`. Where a trusted proxy names nobody
    /// that can be read, its own.
    pub fn caller(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut caller = peer.to_canonical();
        let name = match self.header {
            ProxyHeader::XForwardedFor => X_FORWARDED_FOR,
            ProxyHeader::Forwarded => header::FORWARDED,
        };
        let values: Vec<&str> = headers
            .get_all(name)
            .iter()
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        let hops = values.iter().rev().flat_map(|value| value.rsplit(','));
        for hop in hops.take(MOST) {
            let address = match self.header {
                ProxyHeader::XForwardedFor => address(hop),
                ProxyHeader::Forwarded => forwarded_for(hop),
            };
            match address {
                Some(address) if self.trusts(caller) => caller = address,
                _ => break,
            }
        }
        caller
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted
            .iter()
            .any(|network| network.contains(&address))
    }
}

/// The address in one element of `Forwarded`.
fn forwarded_for(element: &str) -> Option<IpAddr> {
    let mut parameters = element
        .split(';')
        .filter_map(|parameter| parameter.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("for"))?;
    address(value.trim().trim_matches('"'))
}

/// An address, with or without a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|at| at.ip());
    alone.or_else(with_port).map(|at| at.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hops(header: ProxyHeader) -> Hops {
        let trusted = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network"));
        Hops {
            trusted: trusted.to_vec(),
            header,
        }
    }

    fn caller(header: ProxyHeader, peer: &str, sent: &[(&'static str, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, value) in sent {
            headers.append(*name, value.parse().expect("a header"));
        }
        let peer = peer.parse().expect("an address");
        hops(header).caller(peer, &headers).to_string()
    }

    fn by_x(peer: &str, values: &[&str]) -> String {
        let sent: Vec<_> = values.iter().map(|v| ("x-forwarded-for", *v)).collect();
        caller(ProxyHeader::XForwardedFor, peer, &sent)
    }

    #[test]
    fn whoever_connects_directly_is_the_caller_whatever_they_say() {
        assert_eq!(by_x("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(by_x("192.0.2.1", &["10.0.0.1, 198.51.100.7"]), "192.0.2.1");
        assert_eq!(by_x("192.0.2.1", &[]), "192.0.2.1");
    }

    #[test]
    fn the_last_that_is_no_proxy_of_ours_is_the_caller() {
        assert_eq!(by_x("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        let made_up = "1.1.1.1, 198.51.100.7, 10.0.0.2";
        assert_eq!(by_x("10.0.0.1", &[made_up]), "198.51.100.7");
        let in_two = ["1.1.1.1", "198.51.100.7, 10.9.9.9"];
        assert_eq!(by_x("10.0.0.1", &in_two), "198.51.100.7");
        assert_eq!(by_x("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(by_x("fd00::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(by_x("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(by_x("10.0.0.1", &["[2001:db8::7]:4711"]), "2001:db8::7");
    }

    #[test]
    fn what_cannot_be_read_is_the_doing_of_the_last_who_could_be() {
        assert_eq!(by_x("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(by_x("10.0.0.1", &["198.51.100.7, unknown"]), "10.0.0.1");
        assert_eq!(by_x("10.0.0.1", &["1.1.1.1, , 10.0.0.2"]), "10.0.0.2");
        assert_eq!(by_x("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), "10.0.0.3");
    }

    #[test]
    fn forwarded_is_read_the_same_way() {
        let by = |value| caller(ProxyHeader::Forwarded, "10.0.0.1", &[("forwarded", value)]);
        assert_eq!(by("for=198.51.100.7"), "198.51.100.7");
        assert_eq!(
            by("for=1.1.1.1, proto=https;For=\"198.51.100.7:80\", for=10.0.0.2;by=10.0.0.1"),
            "198.51.100.7"
        );
        assert_eq!(by("for=\"[2001:db8::7]:4711\""), "2001:db8::7");
        assert_eq!(by("for=1.1.1.1, for=_hidden"), "10.0.0.1");
        assert_eq!(by("for=\"1.1.1.1, for=198.51.100.7"), "198.51.100.7");
        assert_eq!(by("proto=https"), "10.0.0.1");
    }

    #[test]
    fn the_header_that_our_proxies_do_not_write_is_not_read() {
        let both = [("forwarded", "for=1.1.1.1"), ("x-forwarded-for", "2.2.2.2")];
        let by = |header| caller(header, "10.0.0.1", &both);
        assert_eq!(by(ProxyHeader::XForwardedFor), "2.2.2.2");
        assert_eq!(by(ProxyHeader::Forwarded), "1.1.1.1");
        let other = [("forwarded", "for=1.1.1.1")];
        assert_eq!(
            caller(ProxyHeader::XForwardedFor, "10.0.0.1", &other),
            "10.0.0.1"
        );
    }
}
