//! Who may use the API: programs with the owner's token, and browsers in which somebody has typed a code that only who may read
//! that token can get.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miandan_seal::encoding::sha256;
use ring::rand::{SecureRandom, SystemRandom};

/// How long a code can be typed.
const CODE: Duration = Duration::from_secs(300);

/// How long a session lasts after it was used last.
pub(super) const SESSION: Duration = Duration::from_secs(12 * 3_600);

/// Sessions at once.
const SESSIONS: usize = 100;

/// Wrong codes before none is taken for a while: of a hundred million codes nobody guesses one in twenty tries in five minutes.
const WRONG: u32 = 20;

/// The name of the cookie.
const COOKIE: &str = "miandan_session";

/// The owner's token, as far as it must be known to check it, and what it has led to.
pub(crate) struct Admin {
    hash: [u8; 32],
    random: SystemRandom,
    state: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    codes: HashMap<[u8; 32], Instant>,
    sessions: HashMap<[u8; 32], Instant>,
    wrong: u32,
    wrong_since: Option<Instant>,
}

/// Why a code leads to no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoSession {
    /// It is none, or not any more.
    Wrong,
    /// Too many wrong ones were typed.
    TooMany,
    /// The system has no randomness.
    NoRandomness,
}

impl Admin {
    /// The token in a file, which is made if it is not there.
    pub(crate) fn open(file: &Path) -> io::Result<Self> {
        let token = match read_token(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => make_token(file)?,
            read => read?,
        };
        Ok(Admin { hash: sha256(token.as_bytes()), random: SystemRandom::new(), state: Mutex::default() })
    }

    /// Whether a program has the token. Hashes are compared: how long that takes says nothing of the token.
    pub(super) fn has_token(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|given| given.to_str().ok());
        let token = given.and_then(|given| given.strip_prefix("Bearer "));
        token.is_some_and(|token| sha256(token.trim().as_bytes()) == self.hash)
    }

    /// Whether a browser has a session, which lasts longer for it.
    pub(super) fn has_session(&self, headers: &HeaderMap) -> bool {
        let Some(cookie) = cookie(headers) else { return false };
        let mut state = self.lock();
        state.forget();
        match state.sessions.get_mut(&sha256(cookie.as_bytes())) {
            Some(used) => {
                *used = Instant::now();
                true
            }
            None => false,
        }
    }

    /// A code that leads to a session once, within minutes.
    pub(super) fn code(&self) -> Option<String> {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes).ok()?;
        let code = format!("{:08}", u64::from_le_bytes(bytes) % 100_000_000);
        let mut state = self.lock();
        state.forget();
        state.codes.insert(sha256(code.as_bytes()), Instant::now());
        Some(code)
    }

    /// Begins a session: answers the cookie.
    pub(super) fn begin(&self, code: &str) -> Result<String, NoSession> {
        let mut state = self.lock();
        state.forget();
        if state.wrong >= WRONG {
            return Err(NoSession::TooMany);
        }
        let digits: String = code.chars().filter(char::is_ascii_digit).collect();
        if state.codes.remove(&sha256(digits.as_bytes())).is_none() {
            state.wrong += 1;
            state.wrong_since.get_or_insert_with(Instant::now);
            return Err(NoSession::Wrong);
        }
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes).map_err(|_| NoSession::NoRandomness)?;
        let session = URL_SAFE_NO_PAD.encode(bytes);
        while state.sessions.len() >= SESSIONS {
            let oldest = state.sessions.iter().min_by_key(|(_, used)| **used).map(|(session, _)| *session);
            oldest.and_then(|oldest| state.sessions.remove(&oldest));
        }
        state.sessions.insert(sha256(session.as_bytes()), Instant::now());
        let seconds = SESSION.as_secs();
        Ok(format!("{COOKIE}={session}; HttpOnly; SameSite=Strict; Path=/; Max-Age={seconds}"))
    }

    /// Ends the session of a browser: answers the cookie that takes it away.
    pub(super) fn end(&self, headers: &HeaderMap) -> String {
        if let Some(cookie) = cookie(headers) {
            self.lock().sessions.remove(&sha256(cookie.as_bytes()));
        }
        format!("{COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0")
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions {
    fn forget(&mut self) {
        self.codes.retain(|_, made| made.elapsed() < CODE);
        self.sessions.retain(|_, used| used.elapsed() < SESSION);
        if self.wrong_since.is_some_and(|since| since.elapsed() >= CODE) {
            (self.wrong, self.wrong_since) = (0, None);
        }
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).find_map(|cookie| {
        let (name, value) = cookie.trim().split_once('=')?;
        (name == COOKIE).then_some(value)
    })
}

/// Reads the token in a file.
///
/// # Errors
/// As of files; `InvalidData` if it is no token.
pub(crate) fn read_token(file: &Path) -> io::Result<String> {
    let mut token = String::new();
    fs::File::open(file)?.take(1_024).read_to_string(&mut token)?;
    let token = token.trim();
    if token.len() < 32 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(token.to_owned())
}

fn make_token(file: &Path) -> io::Result<String> {
    let mut bytes = [0; 32];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("the system has no randomness"))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file)?;
    writeln!(made, "{token}")?;
    made.sync_data()?;
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admin() -> (tempfile::TempDir, Admin) {
        let folder = tempfile::tempdir().unwrap();
        let admin = Admin::open(&folder.path().join("admin.token")).unwrap();
        (folder, admin)
    }

    fn with(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().unwrap())])
    }

    #[test]
    fn a_token_is_made_once_and_is_private() {
        let (folder, admin) = admin();
        let file = folder.path().join("admin.token");
        let token = read_token(&file).unwrap();
        assert_eq!(Admin::open(&file).unwrap().hash, admin.hash);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let given = |value: &str| admin.has_token(&with(header::AUTHORIZATION, value));
        assert!(given(&format!("Bearer {token}")));
        for wrong in ["Bearer ", "", "Basic x", &token, &format!("Bearer {token}x")] {
            assert!(!given(wrong), "{wrong}");
        }
        assert!(!admin.has_token(&HeaderMap::new()));
        fs::write(&file, "short").unwrap();
        assert_eq!(Admin::open(&file).err().map(|error| error.kind()), Some(io::ErrorKind::InvalidData));
    }

    #[test]
    fn a_code_leads_to_one_session() {
        let (_folder, admin) = admin();
        let code = admin.code().unwrap();
        let typed = format!("{} {}", &code[..4], &code[4..]);
        let cookie = admin.begin(&typed).unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"));
        assert_eq!(admin.begin(&code), Err(NoSession::Wrong), "once");
        let session = with(header::COOKIE, &format!("other=1; {}", cookie.split(';').next().unwrap()));
        assert!(admin.has_session(&session));
        assert!(!admin.has_session(&with(header::COOKIE, "miandan_session=guess")));
        admin.end(&session);
        assert!(!admin.has_session(&session));
    }

    #[test]
    fn nobody_guesses_a_code() {
        let (_folder, admin) = admin();
        let code = admin.code().unwrap();
        for wrong in 0..WRONG {
            assert_eq!(admin.begin(&format!("{wrong}")), Err(NoSession::Wrong));
        }
        assert_eq!(admin.begin(&code), Err(NoSession::TooMany), "not even the right one");
    }
}
