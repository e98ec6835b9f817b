//! Who is at the other end: the origin that a browser says, and the name by which this machine was called.

use std::fmt;

/// The origin of a web page (RFC 6454, section 6.2): scheme, host and port, or `null`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Origin(String);

/// The longest origin that is kept.
const LONGEST: usize = 300;

impl Origin {
    /// An origin as a browser writes it. Case of scheme and host does not count, a port that the scheme has anyway is left
    /// out, and whatever has a path, a user or odd characters is none.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text == "null" {
            return Some(Origin("null".to_owned()));
        }
        if text.len() > LONGEST {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let (host, port) = split_port(rest)?;
        let is_scheme = |scheme: &str| {
            scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
        };
        if !is_scheme(scheme) || !is_host(host) {
            return None;
        }
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let port = port.filter(|&port| !matches!((&*scheme, port), ("http", 80) | ("https", 443)));
        Some(Origin(match port {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        }))
    }

    /// As a browser writes it.
    #[must_use]
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a `Host` header (RFC 9110, section 7.2), in small letters and without its port; `None` if it is none, or if
/// the port is another one than that of the listener. A browser that was led here by a name that somebody else owns (DNS
/// rebinding) says that name.
#[must_use]
pub(crate) fn host_of(header: &str, port: u16) -> Option<String> {
    let (host, named) = split_port(header)?;
    (is_host(host) && named.unwrap_or(port) == port).then(|| host.to_ascii_lowercase())
}

/// Whether a name can only be this machine's.
#[must_use]
pub(crate) fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

fn split_port(text: &str) -> Option<(&str, Option<u16>)> {
    let after_host = match text.strip_prefix('[') {
        Some(rest) => rest.find(']')? + 2,
        None => text.find(':').unwrap_or(text.len()),
    };
    let (host, port) = text.split_at(after_host);
    match port.strip_prefix(':') {
        None if port.is_empty() => Some((host, None)),
        None => None,
        Some(port) if !port.is_empty() && port.bytes().all(|c| c.is_ascii_digit()) => {
            port.parse().ok().map(|port| (host, Some(port)))
        }
        Some(_) => None,
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_what_browsers_write() {
        let read = |text: &str| Origin::parse(text).map(|origin| origin.to_string());
        for (text, same) in [
            ("https://erp.example", "https://erp.example"),
            ("HTTPS://ERP.Example:443", "https://erp.example"),
            ("http://192.0.2.7:8080", "http://192.0.2.7:8080"),
            ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080"),
            ("null", "null"),
            ("chrome-extension://abcdefgh", "chrome-extension://abcdefgh"),
        ] {
            assert_eq!(read(text).as_deref(), Some(same), "{text}");
        }
        for none in [
            "",
            "erp.example",
            "https://",
            "https://erp.example/",
            "https://erp.example:",
            "https://erp.example:99999",
            "https://user@erp.example",
            "https://erp.example evil",
            "https://erp.example\n",
            "https://erp。example",
            "https://[::1",
            "https://[x]",
            "NULL",
            "://x",
        ] {
            assert_eq!(read(none), None, "{none:?}");
        }
        assert_eq!(read(&format!("https://{}", "a".repeat(400))), None);
    }

    #[test]
    fn hosts_without_their_port() {
        let read = |text: &str| host_of(text, 13528);
        assert_eq!(read("LocalHost:13528").as_deref(), Some("localhost"));
        assert_eq!(read("127.0.0.1").as_deref(), Some("127.0.0.1"));
        assert_eq!(read("[::1]:13528").as_deref(), Some("[::1]"));
        assert_eq!(read("localhost:80"), None, "another port");
        for none in ["", ":13528", "localhost:", "localhost:x", "a b", "[::1]x", "localhost:13528:1"] {
            assert_eq!(read(none), None, "{none:?}");
        }
        assert!(
            is_loopback("localhost") && !is_loopback("localhost.evil.example") && !is_loopback("0.0.0.0")
        );
    }
}
