//! Service mode with the users that it is made for: what the user of the host is kept from, by the kernel.
//!
//! Three users without a name: the service, a host who is in the group that may print, and an outsider who is not.
//! Needs root to become them, and setpriv, python3 and a C compiler; so it is behind the feature `two-users`, and fails
//! where one of them is missing.
#![cfg(target_os = "linux")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the tests start the programs, and say how much was searched"
)]

#[path = "../common/mod.rs"]
mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use common::planted::PLANTED;
use common::{events, orders, said, service};
use miandan_testing::{Needles, memory};
use serde_json::Value;
use tempfile::TempDir;

/// Users and groups that no system gives to anybody.
const SERVICE: u32 = 64_011;
const HOST: u32 = 64_012;
const OUTSIDER: u32 = 64_013;
const MAY_PRINT: u32 = 64_014;

/// A service that runs as its user, with everything that it owns.
struct Stage {
    folder: TempDir,
    service: Child,
}

impl Stage {
    fn set() -> Self {
        Stage::with(&orders(30, 1))
    }

    /// With these orders for the host to print.
    fn with(orders: &[Value]) -> Self {
        assert!(is_root(), "this test becomes other users, which takes root");
        let folder = tempfile::tempdir().unwrap();
        let stage = |name: &str, owner: u32, group: u32, mode: u32| {
            let path = folder.path().join(name);
            fs::create_dir_all(&path).unwrap();
            chown(&path, Some(owner), Some(group)).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            path
        };
        stage("", 0, 0, 0o755);
        let programs = stage("programs", 0, 0, 0o755);
        for program in [env!("CARGO_BIN_EXE_miandan"), env!("CARGO_BIN_EXE_miandan-component")] {
            fs::copy(program, programs.join(Path::new(program).file_name().unwrap())).unwrap();
        }
        let secret = stage("secret", SERVICE, SERVICE, 0o700);
        let state = stage("state", SERVICE, SERVICE, 0o700);
        // What is made in it belongs to its group: the socket to those who may print.
        let run = stage("run", SERVICE, MAY_PRINT, 0o2750);
        stage("host", HOST, HOST, 0o755);
        stage("platform", 0, 0, 0o755);
        let at = |name: &str| folder.path().join(name);
        let key = secret.join("station.key");
        let keygen =
            ["keygen", "station", "--id", "ST-01", "--merchant", "SHOP-1", "--no-passphrase", "--out"];
        done(user(SERVICE, &[], &at("programs/miandan")).args(keygen).arg(&key));
        fs::copy(secret.join("station.key.pub"), at("platform/station.pub")).unwrap();
        let program = || Command::new(at("programs/miandan"));
        done(
            program().args(["keygen", "issuer", "--id", "platform", "--out"]).arg(at("platform/issuer.key")),
        );
        fs::set_permissions(at("platform/issuer.key.pub"), fs::Permissions::from_mode(0o644)).unwrap();
        let lines: Vec<String> = orders.iter().map(Value::to_string).collect();
        fs::write(at("platform/orders.jsonl"), lines.join("\n")).unwrap();
        let platform = at("platform");
        let seal =
            ["seal", "orders.jsonl", "--issuer", "issuer.key", "--to", "station.pub", "--merchant", "SHOP-1"];
        let out = at("host/orders.sealed.jsonl");
        done(program().current_dir(&platform).args(seal).args(["--max-prints", "9", "-o"]).arg(&out));
        fs::set_permissions(&out, fs::Permissions::from_mode(0o644)).unwrap();

        let mut service = user(SERVICE, &[], &at("programs/miandan-component"))
            .args(["--service", "--key"])
            .arg(&key)
            .arg("--trust")
            .arg(at("platform/issuer.key.pub"))
            .arg("--listen")
            .arg(run.join("component.sock"))
            .arg("--state-dir")
            .arg(&state)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(service.stderr.take().unwrap());
        let mut line = String::new();
        log.read_line(&mut line).unwrap();
        assert!(line.starts_with("ready: "), "{line}");
        // Somebody must go on reading, or the service would stop at a full pipe.
        std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Stage { folder, service }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program as the user of the host, in the host's folder, with what may print.
    fn host(&self, program: &Path) -> Command {
        let mut command = user(HOST, &[MAY_PRINT], program);
        command.current_dir(self.path("host"));
        command
    }

    fn print(&self, mut command: Command, file: &str) -> Output {
        let place = format!("unix:{}", self.path("run/component.sock").display());
        command.args(["print", "orders.sealed.jsonl", "--component", &place, "--out", file]);
        command.output().unwrap()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

/// A program as a user with these groups beside its own, and an environment of its own.
fn user(id: u32, groups: &[u32], program: &Path) -> Command {
    let groups: Vec<String> = [id].iter().chain(groups).map(u32::to_string).collect();
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &id.to_string(), "--regid", &id.to_string(), "--groups", &groups.join(",")]);
    command.arg("--").arg(program).env_clear().env("PATH", "/usr/bin:/bin").env("LC_ALL", "C");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn done(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", said(&output));
    output
}

#[test]
fn the_host_prints_and_the_outsider_does_not() {
    let stage = Stage::set();
    let program = stage.path("programs/miandan");
    let output = stage.print(stage.host(&program), "labels.pdf");
    assert!(output.status.success(), "{}", said(&output));
    // The same labels as library mode makes of the same key.
    let mut command = user(SERVICE, &[], &program);
    command.current_dir(stage.path("secret")).arg("print").arg(stage.path("host/orders.sealed.jsonl"));
    command.args(["--key", "station.key", "--out", "library.pdf", "--trust"]);
    done(command.arg(stage.path("platform/issuer.key.pub")));
    let same = fs::read(stage.path("host/labels.pdf")).unwrap()
        == fs::read(stage.path("secret/library.pdf")).unwrap();
    assert!(same, "the labels differ");

    let place = format!("unix:{}", stage.path("run/component.sock").display());
    let doctor = done(stage.host(&program).args(["doctor", "--json", "--component", &place]));
    let doctor = &events(&doctor)[0];
    assert_eq!((&doctor["mode"], &doctor["separate_user"]), (&"service".into(), &true.into()));
    let doctor = done(stage.host(&program).args(["doctor", "--component", &place]));
    assert!(said(&doctor).contains("this program cannot see what is in an order"), "{}", said(&doctor));

    let mut outsider = user(OUTSIDER, &[], &program);
    let output = outsider.args(["doctor", "--component", &place]).output().unwrap();
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("not in the group"), "{}", said(&output));
}

#[test]
fn the_host_can_read_nothing_of_the_service() {
    let stage = Stage::set();
    let output = stage.print(stage.host(&stage.path("programs/miandan")), "labels.pdf");
    assert!(output.status.success(), "{}", said(&output));
    for (tool, path) in [
        ("cat", "secret/station.key"),
        ("ls", "secret"),
        ("ls", "state"),
        ("cat", "state/counts"),
        ("cat", "state/state"),
        ("rm", "run/component.sock"),
        ("touch", "run/other.sock"),
        ("touch", "secret/other.key"),
    ] {
        let output = stage.host(Path::new(tool)).arg(stage.path(path)).output().unwrap();
        assert!(
            !output.status.success() && said(&output).contains("Permission denied"),
            "{tool} {path}: {}",
            said(&output)
        );
    }
    assert!(stage.path("state/counts").exists() && stage.path("run/component.sock").exists());
    // With the key out of reach, a component of the host's own is of no use.
    let mut command = stage.host(&stage.path("programs/miandan"));
    command
        .args(["print", "orders.sealed.jsonl", "--out", "no.pdf", "--key"])
        .arg(stage.path("secret/station.key"));
    command.arg("--trust").arg(stage.path("platform/issuer.key.pub"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(!stage.path("host/no.pdf").exists());
}

/// What a process of one user tries on another process; prints what worked.
const ATTEMPTS: &str = r#"
import ctypes, json, os, sys
process = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
def attempt(act):
    try:
        return bool(act())
    except OSError:
        return False
def read(name):
    return lambda: open(f"/proc/{process}/{name}", "rb").read(1) is not None
def memory():
    first = open(f"/proc/{process}/maps").readline().split("-")[0]
    with open(f"/proc/{process}/mem", "rb") as file:
        file.seek(int(first, 16))
        return len(file.read(16)) == 16
class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]
def across():
    first = int(open(f"/proc/{process}/maps").readline().split("-")[0], 16)
    room = ctypes.create_string_buffer(16)
    ours, theirs = Piece(ctypes.addressof(room), 16), Piece(first, 16)
    return libc.process_vm_readv(process, ctypes.byref(ours), 1, ctypes.byref(theirs), 1, 0) == 16
print(json.dumps({
    "maps": attempt(read("maps")),
    "environ": attempt(read("environ")),
    "memory": attempt(memory),
    "process_vm_readv": attempt(across),
    "descriptors": attempt(lambda: os.listdir(f"/proc/{process}/fd")),
    "root": attempt(lambda: os.listdir(f"/proc/{process}/root/")),
    "ptrace": libc.ptrace(16, process, 0, 0) == 0 and os.waitpid(process, 0) and libc.ptrace(17, process, 0, 0) == 0,
    "signal": attempt(lambda: os.kill(process, 0) is None),
}))
"#;

#[test]
fn the_host_can_neither_trace_nor_read_the_memory() {
    let stage = Stage::set();
    // A component that waits for its host.
    let waiting = UnixStream::connect(stage.path("run/component.sock")).unwrap();
    let supervisor = stage.service.id();
    let component = loop {
        if let Some(&found) = service::components(supervisor).first() {
            break found as u32;
        }
        std::thread::yield_now();
    };
    let script = stage.path("host/attempts.py");
    fs::write(&script, ATTEMPTS).unwrap();
    let attempts = |process: u32| -> Vec<(String, bool)> {
        let output = done(stage.host(Path::new("python3")).arg(&script).arg(process.to_string()));
        let Ok(Value::Object(tried)) = serde_json::from_slice(&output.stdout) else {
            panic!("{}", said(&output))
        };
        tried.into_iter().map(|(name, worked)| (name, worked.as_bool().unwrap())).collect()
    };
    for process in [supervisor, component] {
        let tried = attempts(process);
        assert_eq!(tried.len(), 8);
        assert!(tried.iter().all(|(_, worked)| !worked), "{tried:?}");
    }
    // The control: on a process of its own everything works, so there was something to refuse.
    let mut own = stage.host(Path::new("sleep")).arg("60").spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    let tried = attempts(own.id());
    let _ = own.kill();
    let _ = own.wait();
    assert!(tried.iter().all(|(_, worked)| *worked), "{tried:?}");
    drop(waiting);
}

#[test]
fn the_supervisor_holds_nothing_that_labels_hide() {
    let stage = Stage::with(&PLANTED.orders(1000));
    let output = stage.print(stage.host(&stage.path("programs/miandan")), "labels.pdf");
    assert!(output.status.success() && said(&output).contains("1000 labels"), "{}", said(&output));
    let found = memory::of(stage.service.id()).unwrap();
    println!("{} bytes searched", found.len());
    assert_eq!(Needles::new(&PLANTED.parts()).found(&found), [""; 0]);
    // The control: what it wrote to its counts a moment ago is there.
    let counts = fs::read_to_string(stage.path("state/counts")).unwrap();
    let last = counts.lines().last().unwrap().split(' ').next().unwrap().to_owned();
    let digest: Vec<u8> =
        (0..64).step_by(2).map(|at| u8::from_str_radix(&last[at..at + 2], 16).unwrap()).collect();
    assert!(found.windows(32).any(|window| window == digest), "the control");
}

/// A library that leaves a word wherever it is loaded.
const LOADED: &str = r#"
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void loaded(void) {
    char name[64] = {0};
    int comm = open("/proc/self/comm", O_RDONLY), out = open("LOADED", O_WRONLY | O_CREAT | O_APPEND, 0666);
    ssize_t length = read(comm, name, sizeof name);
    if (length > 0 && write(out, name, length) < 0) _exit(9);
}
"#;

#[test]
fn the_host_cannot_bring_a_library_into_the_component() {
    let stage = Stage::set();
    let trace = stage.path("host/loaded");
    let source = stage.path("platform/loaded.c");
    let library = stage.path("platform/loaded.so");
    fs::write(&source, LOADED.replace("LOADED", trace.to_str().unwrap())).unwrap();
    done(Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source));
    fs::write(&trace, "").unwrap();
    fs::set_permissions(&trace, fs::Permissions::from_mode(0o666)).unwrap();
    let program = stage.path("programs/miandan");
    let mut command = stage.host(&program);
    command.env("LD_PRELOAD", &library).env("LD_AUDIT", &library);
    let output = stage.print(command, "labels.pdf");
    assert!(output.status.success(), "{}", said(&output));
    let loaded = fs::read_to_string(&trace).unwrap();
    assert!(loaded.lines().any(|name| name == "miandan"), "the control: {loaded:?}");
    assert!(!loaded.contains("component"), "{loaded}");
}
