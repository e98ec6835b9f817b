//! A component that the service starts for one host: this very program, which locks itself as it does for any host.
//!
//! It is started from what this process runs (`/proc/self/exe`), never from a path: an update of the files does not
//! bring two versions into one conversation. Nothing of the environment goes on.

#![allow(clippy::disallowed_methods, reason = "the service starts components, from its own program only")]

use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use miandan_core::Code;
use miandan_core::pipe::{Answer, MAX_ANSWER, Subject};

use super::frames::{self, End};
use super::memory::Memory;
use crate::arguments::{MAX_KEYS, MAX_TRUST, Passphrase, Serve};

/// How long a component may take over one answer before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is said of a state that the station's keys do not authenticate.
const FOREIGN_STATE: &str = ": no key of the station vouches for the file `state` in the state directory; \
                             if all the keys were replaced, remove it";

/// A locked component and the pipe to it. It ends when this value is dropped.
pub(super) struct Worker {
    child: Child,
    stream: UnixStream,
    /// Which component this is.
    pub(super) number: u64,
}

/// Why there is no component.
#[derive(Debug)]
pub(super) enum StartFailure {
    /// A folder of the service cannot be read, or holds too much.
    Folder(PathBuf, io::Error),
    /// The program cannot be started.
    Spawn(io::Error),
    /// It looked around and refused, because of this file if it is one of those that were named.
    Refused { code: Code, subject: Subject, file: Option<PathBuf> },
    /// It ended, hung, or said something else.
    Died,
}

impl Worker {
    /// Starts a component and answers it with its first frame, which says that it is ready. One that dies on the way is
    /// tried again: whatever ended it was not the host.
    pub(super) fn start(serve: &Serve, memory: &Memory) -> Result<(Self, Vec<u8>), StartFailure> {
        let mut tries = 0;
        loop {
            match Worker::start_once(serve, memory) {
                Err(StartFailure::Died) if tries < 2 => tries += 1,
                started => return started,
            }
        }
    }

    fn start_once(serve: &Serve, memory: &Memory) -> Result<(Self, Vec<u8>), StartFailure> {
        let number = memory.number();
        let serve = expanded(serve)?;
        let arguments = arguments(&serve, &memory.state());
        let (stream, theirs) = UnixStream::pair().map_err(StartFailure::Spawn)?;
        let mut command = Command::new("/proc/self/exe");
        command.args(arguments).env_clear().current_dir("/").stdout(Stdio::null());
        command.stdin(Stdio::from(OwnedFd::from(theirs)));
        let child = command.spawn().map_err(StartFailure::Spawn)?;
        let mut worker = Worker { child, stream, number };
        let mut frame = Vec::new();
        worker.answer(&mut frame).map_err(|_| StartFailure::Died)?;
        match Answer::decode(frame[4], &frame[5..]) {
            Ok(Answer::Ready(_)) => Ok((worker, frame)),
            Ok(Answer::Refused { code, subject }) => {
                Err(StartFailure::Refused { code, subject, file: named(subject, &serve) })
            }
            _ => Err(StartFailure::Died),
        }
    }

    /// Hands over a request and reads the answer, both whole frames.
    pub(super) fn ask(&mut self, request: &[u8], answer: &mut Vec<u8>) -> Result<(), End> {
        frames::send(&self.stream, request, PATIENCE)?;
        self.answer(answer)
    }

    fn answer(&mut self, frame: &mut Vec<u8>) -> Result<(), End> {
        frames::receive(&self.stream, frame, PATIENCE, PATIENCE, MAX_ANSWER)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // A locked component holds nothing that it would have to put in order: the kernel wipes its memory.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl StartFailure {
    /// For the log of the service, where the names of its own files may stand.
    pub(super) fn words(&self) -> String {
        match self {
            StartFailure::Folder(path, error) => format!("{}: {error}", path.display()),
            StartFailure::Spawn(error) => error.to_string(),
            StartFailure::Died => "it ended before it was ready".to_owned(),
            StartFailure::Refused { code, file: Some(file), .. } => format!("{code}: {}", file.display()),
            StartFailure::Refused { code, subject: Subject::State, .. } => format!("{code}{FOREIGN_STATE}"),
            StartFailure::Refused { code, .. } => code.to_string(),
        }
    }
}

/// The file that a refusal is about, among those that the component was given.
fn named(subject: Subject, serve: &Serve) -> Option<PathBuf> {
    let of = |files: &[PathBuf], number: u16| files.get(usize::from(number)).cloned();
    match subject {
        Subject::Key(number) => of(&serve.keys, number),
        Subject::Trust(number) => of(&serve.trust, number),
        Subject::StatusList(number) => of(&serve.status_lists, number),
        Subject::CarrierList(number) => of(&serve.carrier_lists, number),
        Subject::State | Subject::Nothing => None,
    }
}

/// The same with the files of every folder in its place, as they are now.
fn expanded(serve: &Serve) -> Result<Serve, StartFailure> {
    let mut keys = files(&serve.keys, MAX_KEYS, |name| name.extension().is_some_and(|end| end == "key"))?;
    // Whoever names keys by their month has the newest first.
    keys.iter_mut().for_each(|of_one| of_one.reverse());
    let lists = |paths| files(paths, MAX_TRUST, |_| true).map(|lists| lists.concat());
    Ok(Serve {
        keys: keys.concat(),
        passphrase: serve.passphrase.clone(),
        trust: lists(&serve.trust)?,
        status_lists: lists(&serve.status_lists)?,
        policy: serve.policy,
        courier_token: serve.courier_token,
        carrier_lists: lists(&serve.carrier_lists)?,
        state: None,
        switches: serve.switches.clone(),
    })
}

/// For each path the file itself or, of a folder, what is in it and wanted, in the order of names. Names that begin with a
/// dot are passed over: so a file can be written there and moved into its place.
fn files(
    paths: &[PathBuf],
    most: usize,
    wanted: impl Fn(&Path) -> bool,
) -> Result<Vec<Vec<PathBuf>>, StartFailure> {
    let mut found = Vec::new();
    for path in paths {
        let failed = |error| StartFailure::Folder(path.clone(), error);
        if !path.is_dir() {
            found.push(vec![path.clone()]);
            continue;
        }
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let hidden = file.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
            if !hidden && wanted(&file) {
                inside.push(file);
            }
        }
        inside.sort();
        found.push(inside);
    }
    if found.iter().map(Vec::len).sum::<usize>() > most {
        let path = paths.last().cloned().unwrap_or_default();
        return Err(StartFailure::Folder(
            path,
            io::Error::other(format!("there are more than {most} files")),
        ));
    }
    Ok(found)
}

fn arguments(serve: &Serve, state: &Path) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = Vec::new();
    let named = [
        ("--key", &serve.keys),
        ("--trust", &serve.trust),
        ("--status-list", &serve.status_lists),
        ("--carrier-list", &serve.carrier_lists),
    ];
    for (option, paths) in named {
        for path in paths {
            arguments.extend([option.into(), path.into()]);
        }
    }
    if let Passphrase::File(path) = &serve.passphrase {
        arguments.extend(["--passphrase-file".into(), path.into()]);
    }
    let policy = serve.policy.enforcement.as_str();
    arguments.extend(["--status-policy".into(), policy.into(), "--state".into(), state.into()]);
    if let Some(age) = serve.policy.max_age {
        arguments.extend(["--status-max-age".into(), age.to_string().into()]);
    }
    if serve.courier_token {
        arguments.push("--courier-token".into());
    }
    if serve.switches.everything {
        arguments.push("--dangerous-without-sandbox".into());
    }
    for layer in &serve.switches.layers {
        arguments.extend(["--dangerous-without-layer".into(), layer.as_str().into()]);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::{Command, parse};

    #[test]
    fn folders_are_read_again_for_each_component() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("keys")).unwrap();
        fs::create_dir(path("trust")).unwrap();
        let serve = Serve {
            keys: vec![path("keys")],
            trust: vec![path("trust"), path("one.pub")],
            ..Serve::default()
        };
        for name in ["keys/2026-10.key", "keys/2026-11.key", "keys/2026-11.key.pub", "trust/.half", "trust/b"]
        {
            fs::write(path(name), "").unwrap();
        }
        let now = expanded(&serve).unwrap();
        assert_eq!(now.keys, [path("keys/2026-11.key"), path("keys/2026-10.key")]);
        assert_eq!(now.trust, [path("trust/b"), path("one.pub")]);
        assert_eq!(named(Subject::Trust(1), &now), Some(path("one.pub")));
        fs::write(path("trust/a"), "").unwrap();
        assert_eq!(expanded(&serve).unwrap().trust.len(), 3);
        (0..8).for_each(|number| fs::write(path(&format!("keys/{number}.key")), "").unwrap());
        assert!(matches!(expanded(&serve), Err(StartFailure::Folder(..))));
    }

    #[test]
    fn what_is_passed_is_what_a_component_reads() {
        let line = "--service --key /k --passphrase-file /p --trust /t --trust /u --status-list /s \
                    --status-policy required --status-max-age 60 --courier-token --carrier-list /c \
                    --dangerous-without-layer landlock";
        let Ok(Command::Service(service)) = parse(line.split_whitespace().map(OsString::from)) else {
            panic!("{line}");
        };
        let passed = arguments(&service.serve, Path::new("/state"));
        let expected = Serve { state: Some("/state".into()), ..service.serve };
        assert_eq!(parse(passed), Ok(Command::Serve(expected)));
    }
}
