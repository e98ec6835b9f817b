//! The broker: where it is, who one is there, and a connection that outlives its failures.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::context::ContextBuilder;
use async_nats::{Client, ConnectErrorKind, ConnectOptions, Event};
use tokio::sync::watch;

use crate::FleetError;

/// How long the broker may take over an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a message may take to be stored. What is not acknowledged by then is sent again, and dropped where it was stored.
const ACKNOWLEDGED: Duration = Duration::from_secs(3);

/// How often a broker that is silent is asked whether it is there; after two times without an answer the line is down.
const PING: Duration = Duration::from_secs(5);

/// The longest file of a credential, in bytes.
const MOST: u64 = 64 << 10;

/// How the broker is reached.
#[derive(Clone)]
pub struct Access {
    /// `nats://HOST:PORT`, or `tls://` for TLS; several of one cluster with commas between.
    pub url: String,
    /// Who one is there; nobody in particular if there is none.
    pub credential: Option<Credential>,
    /// Whom to trust for TLS beside those that the system trusts: a PEM file.
    pub authority: Option<PathBuf>,
    /// What the connection is called in the broker's lists.
    pub name: String,
    /// Where answers come to. A station has a place of its own, so that it cannot listen to those of others.
    pub inbox: Option<String>,
}

/// Who one is at a broker. Its `Debug` shows nothing of it.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    /// A seed (`SU…`), the private half of an nkey.
    Nkey(String),
    /// A file of `nsc`: a JWT with its seed.
    Jwt(String),
    /// `USER:PASSWORD`.
    Password(String, String),
}

/// Why there is no way to the broker that is described.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AccessError {
    /// The address is none.
    #[error("not an address of a broker: nats://HOST:PORT or tls://HOST:PORT")]
    Url,
    /// The address holds a password, which would stand in lists of processes and logs.
    #[error("the address of a broker holds no user and no password: they stand in a file of their own")]
    UrlWithPassword,
    /// A file cannot be read.
    #[error("{}: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file holds no credential.
    #[error("{}: no credential: a seed (SU…), a file of nsc, or USER:PASSWORD", path.display())]
    Credential {
        /// The file.
        path: PathBuf,
    },
}

impl Access {
    /// A broker without credentials.
    #[must_use]
    pub fn new(url: &str) -> Self {
        Access {
            url: url.to_owned(),
            credential: None,
            authority: None,
            name: "miandan".to_owned(),
            inbox: None,
        }
    }

    /// Looks at the address and the files, and connects to nobody.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn check(&self) -> Result<(), AccessError> {
        for url in self.url.split(',') {
            let rest = ["nats://", "tls://"].iter().find_map(|scheme| url.strip_prefix(scheme));
            let host = rest.ok_or(AccessError::Url)?;
            if host.contains('@') {
                return Err(AccessError::UrlWithPassword);
            }
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]_".contains(&byte);
            if host.is_empty() || !host.bytes().all(plain) {
                return Err(AccessError::Url);
            }
        }
        match &self.authority {
            Some(path) => read(path).map(drop),
            None => Ok(()),
        }
    }

    fn options(&self) -> Result<ConnectOptions, AccessError> {
        self.check()?;
        let mut options = match self.credential.clone().map(|credential| credential.0) {
            None => ConnectOptions::new(),
            Some(Kind::Nkey(seed)) => ConnectOptions::with_nkey(seed),
            Some(Kind::Password(user, password)) => ConnectOptions::with_user_and_password(user, password),
            Some(Kind::Jwt(text)) => {
                let wrong = |_| AccessError::Credential { path: PathBuf::new() };
                ConnectOptions::with_credentials(&text).map_err(wrong)?
            }
        };
        if let Some(path) = &self.authority {
            options = options.add_root_certificates(path.clone());
        }
        if let Some(inbox) = &self.inbox {
            options = options.custom_inbox_prefix(inbox);
        }
        let wait = |attempts: usize| match attempts {
            0 | 1 => Duration::ZERO,
            more => Duration::from_millis(50 << more.min(5)),
        };
        Ok(options
            .name(&self.name)
            .require_tls(self.url.starts_with("tls://"))
            .connection_timeout(PATIENCE)
            .request_timeout(Some(PATIENCE))
            .ping_interval(PING)
            .reconnect_delay_callback(wait))
    }
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("url", &self.url).field("name", &self.name).finish_non_exhaustive()
    }
}

impl Credential {
    /// Reads a credential: an nkey seed, a file of `nsc`, or `USER:PASSWORD` on one line.
    ///
    /// # Errors
    /// [`AccessError::File`], [`AccessError::Credential`].
    pub fn read(path: &Path) -> Result<Self, AccessError> {
        let text = read(path)?;
        let wrong = || AccessError::Credential { path: path.to_path_buf() };
        if text.contains("BEGIN NATS USER JWT") {
            return Ok(Credential(Kind::Jwt(text)));
        }
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let (Some(line), None) = (lines.next(), lines.next()) else { return Err(wrong()) };
        if line.starts_with("SU") && nkeys::KeyPair::from_seed(line).is_ok() {
            return Ok(Credential(Kind::Nkey(line.to_owned())));
        }
        match line.split_once(':') {
            Some((user, password)) if !user.is_empty() && !password.is_empty() => {
                Ok(Credential(Kind::Password(user.to_owned(), password.to_owned())))
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential")
    }
}

fn read(path: &Path) -> Result<String, AccessError> {
    let unreadable = |error| AccessError::File { path: path.to_path_buf(), error };
    if fs::metadata(path).map_err(unreadable)?.len() > MOST {
        return Err(unreadable(io::ErrorKind::FileTooLarge.into()));
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// Whether there is a line to the broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// There is; which of the connections it is, from 1.
    Up(u32),
    /// There is none.
    Down,
    /// The broker refuses this credential or what was asked.
    Refused(String),
}

/// A connection to the broker that is made anew for as long as it takes.
#[derive(Clone)]
pub struct Hub {
    client: Client,
    line: watch::Receiver<Line>,
}

impl Hub {
    /// Connects.
    ///
    /// # Errors
    /// [`FleetError::Access`], [`FleetError::Unreachable`], [`FleetError::Refused`].
    pub async fn connect(access: &Access) -> Result<Self, FleetError> {
        let (options, line) = with_line(access.options()?);
        let client = options.connect(servers(&access.url)).await.map_err(|error| match error.kind() {
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => {
                FleetError::Refused(error.to_string())
            }
            _ => FleetError::Unreachable(error.to_string()),
        })?;
        Ok(Hub { client, line })
    }

    /// Gives a connection that may come later: for stations, which work whether there is a line or not.
    ///
    /// # Errors
    /// [`FleetError::Access`].
    pub async fn connect_whenever(access: &Access) -> Result<Self, FleetError> {
        let (options, line) = with_line(access.options()?);
        let connected = options.retry_on_initial_connect().connect(servers(&access.url)).await;
        let client = connected.map_err(|error| FleetError::Unreachable(error.to_string()))?;
        Ok(Hub { client, line })
    }

    /// The connection.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Whether there is a line.
    #[must_use]
    pub fn line(&self) -> watch::Receiver<Line> {
        self.line.clone()
    }

    /// JetStream of the server that one is connected to, or of the servers of a domain behind it.
    #[must_use]
    pub fn streams(&self, domain: Option<&str>) -> Context {
        let client = self.client.clone();
        match domain {
            None => ContextBuilder::new().timeout(PATIENCE).ack_timeout(ACKNOWLEDGED).build(client),
            Some(domain) => {
                let there = ContextBuilder::new().domain(domain);
                there.timeout(PATIENCE).ack_timeout(ACKNOWLEDGED).build(client)
            }
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("line", &*self.line.borrow()).finish_non_exhaustive()
    }
}

fn servers(url: &str) -> Vec<String> {
    url.split(',').map(str::to_owned).collect()
}

fn with_line(options: ConnectOptions) -> (ConnectOptions, watch::Receiver<Line>) {
    let (tell, line) = watch::channel(Line::Down);
    let connections = std::sync::atomic::AtomicU32::new(0);
    let options = options.event_callback(move |event| {
        let now = match event {
            Event::Connected => {
                Some(Line::Up(connections.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1))
            }
            Event::Disconnected | Event::Closed => Some(Line::Down),
            Event::ClientError(error) => refusal(&error.to_string()),
            Event::ServerError(error) => refusal(&error.to_string()),
            _ => None,
        };
        if let Some(now) = now {
            tell.send_replace(now);
        }
        std::future::ready(())
    });
    (options, line)
}

/// Of what a server or the client says, that one is not let in. A permission that is lacking for one subject is no such thing:
/// whoever asked for it hears of it by the lack of an answer.
fn refusal(said: &str) -> Option<Line> {
    let said = said.to_ascii_lowercase();
    (said.contains("authorization") || said.contains("authentication")).then_some(Line::Refused(said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_no_password() {
        for (url, is_good) in [
            ("nats://127.0.0.1:4222", true),
            ("tls://a.example:4222,tls://b.example:4222", true),
            ("nats://[::1]:4222", true),
            ("127.0.0.1:4222", false),
            ("nats://", false),
            ("http://127.0.0.1", false),
            ("nats://user:secret@host:4222", false),
            ("nats://a b", false),
        ] {
            assert_eq!(Access::new(url).check().is_ok(), is_good, "{url}");
        }
        let error = Access::new("nats://user:secret@host").check().unwrap_err().to_string();
        assert!(!error.contains("secret"));
    }

    #[test]
    fn credentials_are_read_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("credential");
        let seed = nkeys::KeyPair::new_user().seed().unwrap();
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            Credential::read(&path)
        };
        assert!(matches!(read(&format!("# station\n{seed}\n")).unwrap().0, Kind::Nkey(_)));
        assert!(matches!(read("st-01:secret\n").unwrap().0, Kind::Password(..)));
        assert_eq!(format!("{:?}", read("st-01:secret\n").unwrap()), "Credential");
        for text in ["", "SUNOSEED", "one\ntwo\n", ":secret", "user:"] {
            assert!(matches!(read(text), Err(AccessError::Credential { .. })), "{text}");
        }
        assert!(matches!(Credential::read(&folder.path().join("none")), Err(AccessError::File { .. })));
    }
}
