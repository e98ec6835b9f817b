//! How the component starts and ends, seen from a host: what it reports, what it refuses, what is left open.
//!
//! Run as root, as another user, and where user namespaces are forbidden: only the mandatory layers are asserted.
#![cfg(target_os = "linux")]
#![allow(
    clippy::disallowed_methods,
    reason = "tests start the program directly, with arguments that no host passes"
)]

use std::fs;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use miandan_core::Code;
use miandan_core::pipe::{self, Answer, MAX_ANSWER, PROTOCOL, PipeError, Ready};
use miandan_core::sandbox::{Layer, LayerState, SandboxReport, Strength};

const PROGRAM: &str = env!("CARGO_BIN_EXE_miandan-component");

/// A component that was started as a host starts it.
struct Component {
    child: Child,
    stream: UnixStream,
}

impl Component {
    fn start(arguments: &[&str]) -> Self {
        Self::start_by(Command::new(PROGRAM).args(arguments))
    }

    fn start_by(command: &mut Command) -> Self {
        let (ours, theirs) = UnixStream::pair().unwrap();
        ours.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let child = command.stdin(OwnedFd::from(theirs)).stderr(Stdio::piped()).spawn().unwrap();
        // The other end lives on in the command; without this a dead component would not close the stream.
        command.stdin(Stdio::null());
        Component { child, stream: ours }
    }

    fn ready(&mut self) -> Ready {
        let mut buffer = Vec::new();
        let (kind, body) = pipe::read_frame(&mut self.stream, &mut buffer, MAX_ANSWER).unwrap();
        match Answer::decode(kind, body).unwrap() {
            Answer::Ready(ready) => ready,
            other => panic!("not ready: {other:?}"),
        }
    }

    /// The code of a refusal, the exit status, and what was said on standard error.
    fn refused(mut self) -> (Code, Option<i32>, String) {
        let mut buffer = Vec::new();
        let (kind, body) = pipe::read_frame(&mut self.stream, &mut buffer, MAX_ANSWER).unwrap();
        let Ok(Answer::Refused { code, .. }) = Answer::decode(kind, body) else { panic!("not refused") };
        let output = self.child.wait_with_output().unwrap();
        (code, output.status.code(), String::from_utf8(output.stderr).unwrap())
    }

    /// A line of `/proc/PID/status`, which every user may read.
    fn status(&self, name: &str) -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name}")).trim().to_owned()
    }

    /// Closes the pipe and answers the exit status.
    fn close(mut self) -> Option<i32> {
        drop(self.stream);
        self.child.wait().unwrap().code()
    }

    /// Sends bytes and answers the exit status of the component, which must end without an answer.
    fn ends_at(mut self, bytes: &[u8]) -> Option<i32> {
        self.stream.write_all(bytes).unwrap();
        let mut buffer = Vec::new();
        let end = pipe::read_frame(&mut self.stream, &mut buffer, MAX_ANSWER);
        assert!(matches!(end, Err(PipeError::Closed | PipeError::Io(_))), "{end:?}");
        self.child.wait().unwrap().code()
    }
}

/// A directory of its own for one test, empty.
fn directory(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("component_start").join(test);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn write(path: &Path, mode: u32, bytes: &[u8]) {
    let mut file = fs::File::options().write(true).create_new(true).mode(mode).open(path).unwrap();
    file.write_all(bytes).unwrap();
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn keygen(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).arg("keygen").args(arguments).output().unwrap()
}

fn mandatory_layers_hold(report: &SandboxReport) -> bool {
    report.strength() != Strength::Insufficient
}

#[test]
fn without_a_key_it_reports_every_layer() {
    let mut component = Component::start(&["--without-key"]);
    let ready = component.ready();
    assert_eq!(ready.protocol, PROTOCOL);
    assert_eq!(ready.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(ready.station, "");
    assert!(mandatory_layers_hold(&ready.sandbox), "{:?}", ready.sandbox);
    assert_eq!(ready.sandbox.state(Layer::ClosedDescriptors), LayerState::On);
    assert_eq!(ready.sandbox.state(Layer::ResourceLimits), LayerState::On);
    assert_eq!(component.close(), Some(0));
}

#[test]
fn the_kernel_says_the_same_as_the_report() {
    let mut component = Component::start(&["--without-key"]);
    component.ready();
    assert_eq!(component.status("Seccomp"), "2");
    assert_eq!(component.status("NoNewPrivs"), "1");
    assert_eq!(component.status("Threads"), "1");
    assert_eq!(component.status("CapEff"), "0000000000000000");
    let memory = fs::File::open(format!("/proc/{}/mem", component.child.id()));
    let root = fs::read_to_string("/proc/self/status").unwrap().contains("\nUid:\t0\t0\t");
    assert!(memory.is_err() || root, "another program of the same user can read the memory");
    assert_eq!(component.close(), Some(0));
}

#[test]
fn only_the_pipe_is_open_whatever_was_inherited() {
    let script = "exec 7</dev/null 200</dev/null; exec \"$0\" --without-key";
    let mut component = Component::start_by(Command::new("/bin/bash").args(["-c", script, PROGRAM]));
    assert_eq!(component.ready().sandbox.state(Layer::ClosedDescriptors), LayerState::On);
    // Only root may look into a process whose memory is hidden.
    if let Ok(entries) = fs::read_dir(format!("/proc/{}/fd", component.child.id())) {
        let mut open: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        open.sort();
        assert_eq!(open, ["0", "1", "2", "3"]);
    }
    assert_eq!(component.close(), Some(0));
}

#[test]
fn what_is_switched_off_is_reported() {
    let mut component = Component::start(&["--without-key", "--dangerous-without-layer", "landlock"]);
    let report = component.ready().sandbox;
    assert_eq!(report.state(Layer::Landlock), LayerState::DangerouslyOff);
    assert!(mandatory_layers_hold(&report));
    assert_eq!(component.close(), Some(0));

    let mut component = Component::start(&["--without-key", "--dangerous-without-layer", "seccomp"]);
    let report = component.ready().sandbox;
    assert_eq!(report.state(Layer::Seccomp), LayerState::DangerouslyOff);
    assert_eq!(report.strength(), Strength::Insufficient);
    assert_eq!(component.status("Seccomp"), "0");
    assert_eq!(component.close(), Some(0));

    let mut component = Component::start(&["--without-key", "--dangerous-without-sandbox"]);
    let report = component.ready().sandbox;
    assert!(report.layers().all(|(_, state)| state == LayerState::DangerouslyOff), "{report:?}");
    assert_eq!(component.close(), Some(0));
}

#[test]
fn a_host_that_breaks_the_rules_ends_it() {
    let locked = || {
        let mut component = Component::start(&["--without-key"]);
        component.ready();
        component
    };
    assert_eq!(locked().ends_at(b"GET / HTTP/1.1\r\n\r\n"), Some(1));
    assert_eq!(locked().ends_at(&[0, 0, 0, 0]), Some(1));
    assert_eq!(locked().ends_at(&[1, 0, 0, 0, 77]), Some(1));
    assert_eq!(locked().ends_at(&[5, 0, 0, 0, 1, 255, 255, 255, 255]), Some(1));
}

#[test]
fn a_key_that_cannot_be_used_is_refused() {
    let directory = directory("unusable");
    let (missing, open, broken) =
        (directory.join("missing"), directory.join("open.key"), directory.join("broken.key"));
    write(&open, 0o644, b"{}");
    fs::set_permissions(&open, fs::Permissions::from_mode(0o644)).unwrap();
    write(&broken, 0o600, b"{}");

    let (code, status, words) = Component::start(&["--key", text(&missing)]).refused();
    assert_eq!((code, status), (Code::UnknownKey, Some(6)));
    assert!(words.contains("there is no such file"), "{words}");
    let (code, status, words) = Component::start(&["--key", text(&open)]).refused();
    assert_eq!((code, status), (Code::UnknownKey, Some(6)));
    assert!(words.contains("others may read it"), "{words}");
    // Parsed behind the lock, where nothing can be said but the code.
    let (code, status, words) = Component::start(&["--key", text(&broken)]).refused();
    assert_eq!((code, status, words.as_str()), (Code::UnknownKey, Some(6), ""));
}

#[test]
fn an_issuers_file_that_cannot_be_used_is_refused() {
    let directory = directory("issuer");
    let broken = directory.join("issuer.pub");
    write(&broken, 0o644, b"{\"v\":\"nothing we know\"}");
    let (code, status, _) = Component::start(&["--without-key", "--trust", text(&broken)]).refused();
    assert_eq!((code, status), (Code::UnknownIssuer, Some(6)));
    let (code, status, words) = Component::start(&["--without-key", "--trust", "/no/such/file"]).refused();
    assert_eq!((code, status), (Code::UnknownIssuer, Some(6)));
    assert!(words.contains("there is no such file"), "{words}");
}

#[test]
fn a_new_key_is_for_its_owner_alone_and_never_overwrites() {
    let directory = directory("keygen");
    let key = directory.join("station.key");
    let arguments = ["station", "--out", text(&key), "--id", "wh-3", "--merchant", "m1", "--no-passphrase"];

    let output = keygen(&arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(line.starts_with('{') && line.ends_with("}\n") && line.contains("\"kid\":"), "{line}");
    assert_eq!(fs::read_to_string(directory.join("station.key.pub")).unwrap(), line);

    let before = fs::read(&key).unwrap();
    let again = keygen(&arguments);
    assert_eq!(again.status.code(), Some(6));
    assert!(again.stdout.is_empty());
    assert!(String::from_utf8_lossy(&again.stderr).starts_with("error: "));
    assert_eq!(fs::read(&key).unwrap(), before);

    let mut component = Component::start(&["--key", text(&key)]);
    let ready = component.ready();
    assert_eq!(ready.station, "wh-3");
    assert!(mandatory_layers_hold(&ready.sandbox));
    assert_eq!(component.close(), Some(0));
}

#[test]
fn a_public_file_that_is_there_already_stops_keygen() {
    let directory = directory("public");
    let key = directory.join("carrier.key");
    write(&directory.join("carrier.key.pub"), 0o644, b"somebody else's");
    let output = keygen(&["carrier", "--out", text(&key), "--id", "YTO"]);
    assert_eq!(output.status.code(), Some(6));
    assert!(!key.exists(), "half a pair was left");
    assert_eq!(fs::read(directory.join("carrier.key.pub")).unwrap(), b"somebody else's");
}

#[test]
fn a_passphrase_is_asked_for_and_checked_behind_the_lock() {
    let directory = directory("passphrase");
    let (key, right, wrong) = (directory.join("s.key"), directory.join("right"), directory.join("wrong"));
    write(&right, 0o600, b"correct horse battery staple\n");
    write(&wrong, 0o600, b"correct horse battery staples\n");
    let arguments = ["station", "--out", text(&key), "--id", "wh-4", "--merchant", "m1", "--passphrase-file"];
    let output = keygen(&[arguments.as_slice(), &[text(&right)]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut component = Component::start(&["--key", text(&key), "--passphrase-file", text(&right)]);
    assert_eq!(component.ready().station, "wh-4");
    assert_eq!(component.close(), Some(0));
    let component = Component::start(&["--key", text(&key), "--passphrase-file", text(&wrong)]);
    let (code, status, _) = component.refused();
    assert_eq!((code, status), (Code::AuthFailed, Some(6)));
    let (code, status, _) = Component::start(&["--key", text(&key)]).refused();
    assert_eq!((code, status), (Code::AuthFailed, Some(6)));
}

#[test]
fn started_by_hand_it_says_what_it_is_for() {
    let output = Command::new(PROGRAM).arg("--without-key").stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("not meant to be run by hand"));

    let output = Command::new(PROGRAM).args(["--key"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));

    let output = Command::new(PROGRAM).arg("--version").output().unwrap();
    let version = String::from_utf8(output.stdout).unwrap();
    assert_eq!(version, concat!("miandan-component ", env!("CARGO_PKG_VERSION"), "\n"));
}
