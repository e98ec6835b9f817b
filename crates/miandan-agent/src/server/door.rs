//! Who is let in: a request must have called this machine by one of its names, and a web page must be one that somebody let
//! in. Everything else is refused before a byte of it is read.

use std::collections::BTreeSet;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

use crate::config::OriginsConfig;
use crate::origin::{Origin, host_of, is_loopback};
use crate::pairing::Pairings;

/// Who may connect.
pub(crate) struct Door {
    hosts: BTreeSet<String>,
    allow: BTreeSet<String>,
    native: bool,
    pairings: std::sync::Arc<Pairings>,
}

/// Who is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Visitor {
    /// A program that is no browser.
    Program,
    /// A web page that was let in.
    Page(Origin),
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// They called another machine: DNS was bent to lead here.
    Host,
    /// A web page that nobody let in.
    Origin,
    /// A program that is no browser, where those are not wanted.
    Program,
    /// Headers that no client writes.
    Odd,
}

impl Door {
    pub(crate) fn new(config: &OriginsConfig, pairings: std::sync::Arc<Pairings>) -> Self {
        let OriginsConfig { allow, hosts, native } = config.clone();
        Door { hosts, allow, native, pairings }
    }

    /// Whether a request called this machine, at a port of it.
    pub(crate) fn is_for_us(&self, headers: &HeaderMap, uri: &Uri, port: u16) -> bool {
        let mut named = headers.get_all(HOST).iter();
        let (Some(host), None) = (named.next(), named.next()) else { return false };
        // A request that names another machine in its first line is for a proxy.
        if uri.authority().is_some() {
            return false;
        }
        let host = host.to_str().ok().and_then(|host| host_of(host, port));
        host.is_some_and(|host| is_loopback(&host) || self.hosts.contains(&host))
    }

    /// Lets a visitor in, or not. A page that nobody let in yet is kept in mind, so that a person can.
    pub(crate) fn admit(&self, headers: &HeaderMap, uri: &Uri, port: u16) -> Result<Visitor, TurnedAway> {
        if !self.is_for_us(headers, uri, port) {
            return Err(TurnedAway::Host);
        }
        let mut origins = headers.get_all(ORIGIN).iter();
        let origin = match (origins.next(), origins.next()) {
            (None, _) if self.native => return Ok(Visitor::Program),
            (None, _) => return Err(TurnedAway::Program),
            (Some(_), Some(_)) => return Err(TurnedAway::Odd),
            (Some(origin), None) => origin.to_str().ok().and_then(Origin::parse).ok_or(TurnedAway::Odd)?,
        };
        if self.allow.contains(origin.as_str()) || self.pairings.is_paired(&origin) {
            return Ok(Visitor::Page(origin));
        }
        // Nobody can tell which page `null` is: that of a file, or one in a frame without an origin.
        if origin.as_str() != "null" {
            self.pairings.knocked(&origin);
        }
        Err(TurnedAway::Origin)
    }
}

impl TurnedAway {
    /// A word for the log and for who was turned away.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            TurnedAway::Host => "host",
            TurnedAway::Origin => "origin",
            TurnedAway::Program => "program",
            TurnedAway::Odd => "headers",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn door(native: bool) -> (tempfile::TempDir, Door) {
        let folder = tempfile::tempdir().unwrap();
        let pairings = Arc::new(Pairings::open(folder.path()).unwrap());
        let config = OriginsConfig {
            allow: BTreeSet::from(["https://erp.example".to_owned()]),
            hosts: BTreeSet::from(["print.station.example".to_owned()]),
            native,
        };
        (folder, Door::new(&config, pairings))
    }

    fn ask(door: &Door, headers: &[(&'static str, &str)], uri: &str) -> Result<Visitor, TurnedAway> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        door.admit(&map, &uri.parse().unwrap(), 13528)
    }

    #[test]
    fn this_machine_is_called_by_its_names() {
        let (_folder, door) = door(true);
        for host in ["localhost:13528", "127.0.0.1:13528", "[::1]:13528", "print.station.example:13528"] {
            assert_eq!(ask(&door, &[("host", host)], "/"), Ok(Visitor::Program), "{host}");
        }
        for host in ["evil.example:13528", "localhost:80", "127.0.0.1.evil.example", "127.0.0.2:13528", ""] {
            assert_eq!(ask(&door, &[("host", host)], "/"), Err(TurnedAway::Host), "{host}");
        }
        assert_eq!(ask(&door, &[], "/"), Err(TurnedAway::Host));
        let twice = [("host", "localhost:13528"), ("host", "evil.example")];
        assert_eq!(ask(&door, &twice, "/"), Err(TurnedAway::Host));
        let proxied = ask(&door, &[("host", "localhost:13528")], "http://evil.example/");
        assert_eq!(proxied, Err(TurnedAway::Host));
    }

    #[test]
    fn a_page_is_let_in_by_a_person() {
        let (_folder, door) = door(false);
        let from = |origin| ask(&door, &[("host", "localhost:13528"), ("origin", origin)], "/");
        let erp = Origin::parse("https://erp.example").unwrap();
        assert_eq!(from("https://erp.example"), Ok(Visitor::Page(erp)));
        assert_eq!(from("https://other.example"), Err(TurnedAway::Origin));
        let other = Origin::parse("https://other.example").unwrap();
        assert_eq!(door.pairings.waiting(), std::slice::from_ref(&other));
        door.pairings.pair(&other).unwrap();
        assert_eq!(from("https://other.example"), Ok(Visitor::Page(other)));
        assert_eq!(from("https://other.example:8443"), Err(TurnedAway::Origin));
        assert_eq!(from("http://other.example"), Err(TurnedAway::Origin), "another scheme");
        assert_eq!(from("null"), Err(TurnedAway::Origin));
        assert_eq!(from("https://other.example/"), Err(TurnedAway::Odd));
        assert!(!door.pairings.waiting().iter().any(|origin| origin.as_str() == "null"));
        assert_eq!(ask(&door, &[("host", "localhost:13528")], "/"), Err(TurnedAway::Program));
        let two =
            [("host", "localhost:13528"), ("origin", "https://erp.example"), ("origin", "https://x.example")];
        assert_eq!(ask(&door, &two, "/"), Err(TurnedAway::Odd));
    }
}
