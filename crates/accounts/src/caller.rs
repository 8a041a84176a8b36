//! Where a request comes from: as much of it as its owner needs to recognise it, and no more.

use std::net::{IpAddr, Ipv6Addr};

/// Who asks, as far as the connection tells.
#[derive(Clone, Copy, Debug, Default)]
pub struct Caller {
    address: Option<IpAddr>,
    agent: Agent,
}

impl Caller {
    /// Somebody at `address` with a browser that calls itself `user_agent`.
    pub fn new(address: IpAddr, user_agent: &str) -> Self {
        let address = Some(address.to_canonical());
        let agent = Agent::of(user_agent);
        Self { address, agent }
    }

    /// Somebody at the machine itself: the command line.
    pub fn local() -> Self {
        Self::default()
    }

    /// The network the address is in, such as `192.0.2.0/24`: what is written down.
    pub fn network(&self) -> Option<String> {
        let address = self.address?;
        Some(match address {
            IpAddr::V4(v4) => {
                let [a, b, c, _] = v4.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(v6) => format!("{}/48", first_bits(v6, 48)),
        })
    }

    /// What attempts are counted by: an IPv4 address, or the 64 bits of an IPv6 one that its owner did not choose.
    pub(crate) fn counted_as(&self) -> Option<String> {
        Some(match self.address? {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("{}/64", first_bits(v6, 64)),
        })
    }

    /// Browser and system, in a word each.
    pub fn agent(&self) -> String {
        self.agent.to_string()
    }
}

fn first_bits(address: Ipv6Addr, bits: u32) -> Ipv6Addr {
    Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - bits)))
}

/// A browser and what it runs on, of a few that are known: nothing a browser says of itself is stored.
#[derive(Clone, Copy, Debug, Default)]
struct Agent {
    browser: Option<&'static str>,
    system: Option<&'static str>,
}

/// What a browser's name is recognised by. The order matters: most say they are several others as well.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
];

impl Agent {
    fn of(user_agent: &str) -> Self {
        let first = |known: &[(&str, &'static str)]| {
            let found = known.iter().find(|(mark, _)| user_agent.contains(mark));
            found.map(|(_, name)| *name)
        };
        Self {
            browser: first(&BROWSERS),
            system: first(&SYSTEMS),
        }
    }
}

impl std::fmt::Display for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.browser, self.system) {
            (Some(browser), Some(system)) => write!(f, "{browser} on {system}"),
            (Some(one), None) | (None, Some(one)) => f.write_str(one),
            (None, None) => f.write_str("another program"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(address: &str) -> Caller {
        Caller::new(address.parse().unwrap(), "")
    }

    #[test]
    fn of_an_address_only_its_network_is_written_down() {
        let written = |address| from(address).network().unwrap();
        assert_eq!(written("192.0.2.77"), "192.0.2.0/24");
        assert_eq!(written("::ffff:192.0.2.77"), "192.0.2.0/24");
        assert_eq!(written("2001:db8:aa:bb:cc::1"), "2001:db8:aa::/48");
        assert_eq!(Caller::local().network(), None);
    }

    #[test]
    fn addresses_that_one_household_can_choose_among_are_counted_as_one() {
        let counted = |address| from(address).counted_as().unwrap();
        assert_eq!(counted("2001:db8::1:2:3:4"), counted("2001:db8::5:6:7:8"));
        assert_ne!(counted("2001:db8:0:1::1"), counted("2001:db8:0:2::1"));
        assert_ne!(counted("192.0.2.1"), counted("192.0.2.2"));
        assert_eq!(counted("192.0.2.1"), counted("::ffff:192.0.2.1"));
    }

    #[test]
    fn a_browser_is_told_in_two_words_whatever_else_it_says() {
        let told = |text| Agent::of(text).to_string();
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0";
        assert_eq!(told(edge), "Edge on Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1 Version/17.5 Safari/604.1";
        assert_eq!(told(phone), "Safari on iPhone");
        assert_eq!(
            told("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"),
            "Firefox on Linux"
        );
        assert_eq!(told("curl/8 clerk@example.org"), "another program");
    }
}
