//! Where a printer is, as a person types it.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The port of printers that take what they are sent as it is.
const RAW_PORT: u16 = 9100;

/// Longer than any name of a printer.
const MOST: usize = 4096;

/// Where a printer is.
///
/// | Written | Is |
/// |---|---|
/// | `file:PATH` | a file to which labels are appended, a pipe, or a device |
/// | `file:DIR/` | a folder that takes one file a label |
/// | `socket://HOST[:PORT]` | a raw port, 9100 if none is said; IPv6 in brackets |
/// | `ipp://HOST[:PORT]/QUEUE`, `ipps://…` | a printer or queue that speaks IPP (RFC 8011), in clear or over TLS (RFC 7472) |
/// | `usb:/dev/usb/lp0` | a printer's character device |
/// | `winspool:NAME` | a printer of Windows: understood, and refused when it is opened |
///
/// What [`Display`](fmt::Display) writes reads as the same place again. A URI stands in journals and logs, so one with a
/// user or a password in it is refused.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeviceUri {
    /// A regular file, a pipe or a device.
    File(PathBuf),
    /// A folder.
    Folder(PathBuf),
    /// A raw TCP port.
    Socket {
        /// A name or an address; IPv6 without brackets.
        host: String,
        /// The port.
        port: u16,
    },
    /// A printer that speaks IPP.
    Ipp(IppUri),
    /// A character device that is a printer.
    Usb(PathBuf),
    /// A printer of the Windows spooler.
    Winspool(String),
}

/// Where a printer is that speaks IPP.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IppUri {
    /// Whether it is spoken to over TLS (`ipps`).
    pub secure: bool,
    /// A name or an address; IPv6 without brackets.
    pub host: String,
    /// The port: that of IPP, 631, if none is said, over TLS as well (RFC 7472 4.2).
    pub port: Option<u16>,
    /// From the slash on: `/ipp/print`, `/printers/NAME`.
    pub path: String,
}

/// Why a text is no device URI.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UriError {
    /// No scheme.
    #[error("a device begins with file:, socket://, ipp://, ipps://, usb: or winspool:")]
    NoScheme,
    /// A scheme that is not known.
    #[error("{0}: is not known: file:, socket://, ipp://, ipps://, usb: and winspool: are")]
    UnknownScheme(String),
    /// A character that has no place in a URI, or a URI without end.
    #[error("a device has no control characters and at most 4096 bytes")]
    Characters,
    /// No path, or a host where a path has to be.
    #[error("{0}: is followed by a path, such as {0}:/dev/usb/lp0")]
    Path(&'static str),
    /// No host, or what no host is called.
    #[error("{0}:// is followed by a host, such as {0}://192.0.2.7 or {0}://[2001:db8::7]")]
    Host(&'static str),
    /// No port from 1 to 65535.
    #[error("a port is a number from 1 to 65535")]
    Port,
    /// A path, a query or a fragment where there is none.
    #[error("nothing follows the port of socket://")]
    AfterPort,
    /// A user or a password. It would stand in journals and logs.
    #[error("a device has no user and no password in it: they would stand in every log")]
    Credentials,
    /// A query or a fragment, or a space.
    #[error("the path of {0}:// has no query, no fragment and no spaces")]
    Query(&'static str),
    /// No name.
    #[error("winspool: is followed by the name of a printer")]
    Name,
}

impl FromStr for DeviceUri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, UriError> {
        if text.len() > MOST || text.chars().any(char::is_control) {
            return Err(UriError::Characters);
        }
        let (scheme, rest) = text.split_once(':').ok_or(UriError::NoScheme)?;
        // A path of Windows has a letter before its colon.
        if scheme.len() < 2 || !scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(UriError::NoScheme);
        }
        match scheme.to_ascii_lowercase().as_str() {
            "file" => {
                let path = path("file", rest)?;
                let folder = path.ends_with('/') || path.ends_with("/.");
                Ok(if folder { DeviceUri::Folder(path.into()) } else { DeviceUri::File(path.into()) })
            }
            "usb" => {
                let path = path("usb", rest)?;
                if path.ends_with('/') {
                    return Err(UriError::Path("usb"));
                }
                Ok(DeviceUri::Usb(path.into()))
            }
            "socket" => {
                let (host, port, rest) = authority("socket", rest)?;
                if !rest.is_empty() && rest != "/" {
                    return Err(UriError::AfterPort);
                }
                Ok(DeviceUri::Socket { host, port: port.unwrap_or(RAW_PORT) })
            }
            "ipp" => ipp("ipp", rest, false).map(DeviceUri::Ipp),
            "ipps" => ipp("ipps", rest, true).map(DeviceUri::Ipp),
            "winspool" if rest.is_empty() => Err(UriError::Name),
            "winspool" => Ok(DeviceUri::Winspool(rest.to_owned())),
            other => Err(UriError::UnknownScheme(other.to_owned())),
        }
    }
}

/// A path as it is, or after an empty host (RFC 8089).
fn path<'t>(scheme: &'static str, rest: &'t str) -> Result<&'t str, UriError> {
    let path = match rest.strip_prefix("//") {
        Some(after) if after.starts_with('/') => after,
        Some(_) => return Err(UriError::Path(scheme)),
        None => rest,
    };
    if path.is_empty() { Err(UriError::Path(scheme)) } else { Ok(path) }
}

/// Host and port, and what follows them.
fn authority<'t>(scheme: &'static str, rest: &'t str) -> Result<(String, Option<u16>, &'t str), UriError> {
    let rest = rest.strip_prefix("//").ok_or(UriError::Host(scheme))?;
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err(UriError::Credentials);
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(bracketed) => {
            let (host, port) = bracketed.split_once(']').ok_or(UriError::Host(scheme))?;
            let (address, zone) = host.split_once('%').unwrap_or((host, "0"));
            address.parse::<Ipv6Addr>().map_err(|_| UriError::Host(scheme))?;
            if zone.is_empty() || !zone.bytes().all(is_of_name) {
                return Err(UriError::Host(scheme));
            }
            (host, if port.is_empty() { None } else { Some(port.strip_prefix(':').ok_or(UriError::Port)?) })
        }
        None => {
            let (host, port) = match authority.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (authority, None),
            };
            // An address of IPv6 without brackets has a second colon.
            if host.is_empty() || port.is_some_and(|port| port.contains(':')) || !is_host(host) {
                return Err(UriError::Host(scheme));
            }
            (host, port)
        }
    };
    let port = port.map(|port| {
        let digits = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let port = if digits { port.parse::<u16>().ok() } else { None };
        port.filter(|port| *port > 0).ok_or(UriError::Port)
    });
    Ok((host.to_owned(), port.transpose()?, path))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)
}

/// A name of the domain name system, or an address of IPv4. Four numbers are an address and no name.
fn is_host(host: &str) -> bool {
    let numbers = host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    host.bytes().all(is_of_name) && host.len() <= 253 && (!numbers || host.parse::<Ipv4Addr>().is_ok())
}

fn ipp(scheme: &'static str, rest: &str, secure: bool) -> Result<IppUri, UriError> {
    let (host, port, path) = authority(scheme, rest)?;
    if path.bytes().any(|byte| b"?# \"<>\\^`{|}".contains(&byte) || !byte.is_ascii()) {
        return Err(UriError::Query(scheme));
    }
    let path = if path.is_empty() { "/" } else { path };
    Ok(IppUri { secure, host, port, path: path.to_owned() })
}

impl fmt::Display for DeviceUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeviceUri::File(path) | DeviceUri::Folder(path) => write!(f, "file:{}", unambiguous(path)),
            DeviceUri::Usb(path) => write!(f, "usb:{}", unambiguous(path)),
            DeviceUri::Socket { host, port } => write!(f, "socket://{}:{port}", Bracketed(host)),
            DeviceUri::Ipp(uri) => uri.fmt(f),
            DeviceUri::Winspool(name) => write!(f, "winspool:{name}"),
        }
    }
}

impl fmt::Display for IppUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "ipps" } else { "ipp" };
        write!(f, "{scheme}://{}", Bracketed(&self.host))?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(&self.path)
    }
}

/// A path that begins with two slashes would read as a host.
fn unambiguous(path: &Path) -> String {
    let path = path.display().to_string();
    if path.starts_with("//") { format!("//{path}") } else { path }
}

struct Bracketed<'h>(&'h str);

impl fmt::Display for Bracketed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.contains(':') { write!(f, "[{}]", self.0) } else { f.write_str(self.0) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> DeviceUri {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn socket(host: &str, port: u16) -> DeviceUri {
        DeviceUri::Socket { host: host.to_owned(), port }
    }

    #[test]
    fn every_kind_of_device_is_read_and_written() {
        let ipp = |secure, host: &str, port, path: &str| {
            DeviceUri::Ipp(IppUri { secure, host: host.to_owned(), port, path: path.to_owned() })
        };
        for (text, device, written) in [
            ("file:labels.tspl", DeviceUri::File("labels.tspl".into()), "file:labels.tspl"),
            ("file:///tmp/a b", DeviceUri::File("/tmp/a b".into()), "file:/tmp/a b"),
            ("FILE:labels/", DeviceUri::Folder("labels/".into()), "file:labels/"),
            ("file:////x", DeviceUri::File("//x".into()), "file:////x"),
            ("usb:/dev/usb/lp0", DeviceUri::Usb("/dev/usb/lp0".into()), "usb:/dev/usb/lp0"),
            ("socket://printer-7", socket("printer-7", 9100), "socket://printer-7:9100"),
            ("socket://192.0.2.7:9101/", socket("192.0.2.7", 9101), "socket://192.0.2.7:9101"),
            ("socket://[2001:db8::7]", socket("2001:db8::7", 9100), "socket://[2001:db8::7]:9100"),
            ("socket://[fe80::1%eth0]:1", socket("fe80::1%eth0", 1), "socket://[fe80::1%eth0]:1"),
            ("ipp://host", ipp(false, "host", None, "/"), "ipp://host/"),
            (
                "ipp://host:631/printers/a%20b",
                ipp(false, "host", Some(631), "/printers/a%20b"),
                "ipp://host:631/printers/a%20b",
            ),
            ("ipps://[::1]/ipp/print", ipp(true, "::1", None, "/ipp/print"), "ipps://[::1]/ipp/print"),
            ("winspool:Label 4", DeviceUri::Winspool("Label 4".to_owned()), "winspool:Label 4"),
        ] {
            assert_eq!(read(text), device, "{text}");
            assert_eq!(device.to_string(), written);
            assert_eq!(read(written), device, "{written}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, error) in [
            ("", UriError::NoScheme),
            ("labels.tspl", UriError::NoScheme),
            ("C:\\labels", UriError::NoScheme),
            ("http://host", UriError::UnknownScheme("http".to_owned())),
            ("file:", UriError::Path("file")),
            ("file://host/labels", UriError::Path("file")),
            ("usb:", UriError::Path("usb")),
            ("usb:/dev/", UriError::Path("usb")),
            ("socket:host", UriError::Host("socket")),
            ("socket://", UriError::Host("socket")),
            ("socket://a b", UriError::Host("socket")),
            ("socket://2001:db8::7", UriError::Host("socket")),
            ("socket://[192.0.2.7]", UriError::Host("socket")),
            ("socket://[::1", UriError::Host("socket")),
            ("socket://[::1%]", UriError::Host("socket")),
            ("socket://192.0.2.700", UriError::Host("socket")),
            ("socket://host:0", UriError::Port),
            ("socket://host:65536", UriError::Port),
            ("socket://host:+91", UriError::Port),
            ("socket://host:", UriError::Port),
            ("socket://[::1]9100", UriError::Port),
            ("socket://host/queue", UriError::AfterPort),
            ("ipp://user:secret@host/", UriError::Credentials),
            ("socket://user@host", UriError::Credentials),
            ("ipp://host/a?b", UriError::Query("ipp")),
            ("ipps://host/a b", UriError::Query("ipps")),
            ("winspool:", UriError::Name),
            ("file:a\nb", UriError::Characters),
        ] {
            assert_eq!(text.parse::<DeviceUri>(), Err(error), "{text:?}");
        }
        let long = format!("file:{}", "a".repeat(MOST));
        assert_eq!(long.parse::<DeviceUri>(), Err(UriError::Characters));
    }

    #[test]
    fn no_message_repeats_a_password() {
        let error = "ipp://user:secret@host/".parse::<DeviceUri>().unwrap_err();
        assert!(!error.to_string().contains("secret"));
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_so_that_it_reads_the_same(
            text in r"(file|usb|socket|ipp|ipps|winspool):(//)?[a-z0-9.:/\[\]%@ -]{0,40}"
        ) {
            if let Ok(device) = text.parse::<DeviceUri>() {
                let written = device.to_string();
                prop_assert_eq!(written.parse::<DeviceUri>(), Ok(device), "{}", written);
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,60}") {
            let _ = text.parse::<DeviceUri>();
        }
    }
}
