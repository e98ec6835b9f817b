//! IPP against a printer that we did not write: `ippeveprinter` of CUPS. It announces itself, and does not start where it
//! cannot: each test brings a message bus and an avahi of its own. Needs `cups-ipp-utils`, `dbus` and `avahi-daemon`, and to
//! be root, as avahi does.
#![cfg(all(feature = "foreign-tools", feature = "ipp", target_os = "linux"))]
#![allow(clippy::disallowed_methods, reason = "the tests start the printer")]

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use miandan_device::{
    Delivery, Device, DeviceOptions, Document, Fault, Rung, SendError, StatusError, Timeouts, Why,
};

/// There is one avahi on a machine.
static ALONE: Mutex<()> = Mutex::new(());

const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path=BUS</listen><auth>EXTERNAL</auth><policy context="default">
<allow user="*"/><allow own="*"/><allow send_type="method_call"/><allow send_type="signal"/><allow send_destination="*"/>
<allow receive_sender="*"/><allow send_requested_reply="true"/><allow receive_requested_reply="true"/>
</policy></busconfig>"#;

struct Printer {
    processes: Vec<Child>,
    folder: tempfile::TempDir,
    port: u16,
    _alone: MutexGuard<'static, ()>,
}

impl Printer {
    /// A printer that takes documents of some forms and hands each to a script.
    fn start(formats: &str, script: &str) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_path_buf();
        let path = |name: &str| root.join(name);
        let bus = path("bus");
        fs::write(path("bus.conf"), BUS.replace("BUS", bus.to_str().unwrap())).unwrap();
        fs::write(path("avahi.conf"), "[server]\nuse-ipv6=no\nallow-interfaces=lo\n").unwrap();
        fs::write(
            path("print"),
            format!("#!/bin/sh\ncat \"$1\" >>\"$(dirname \"$0\")/printed\"\n{script}\n"),
        )
        .unwrap();
        fs::set_permissions(path("print"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(path("spool")).unwrap();
        // Free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("unix:path={}", bus.display());
        let start = |command: &mut Command| {
            let command = command.env("DBUS_SYSTEM_BUS_ADDRESS", &address).stdin(Stdio::null());
            let output = fs::File::options().create(true).append(true).open(path("log")).unwrap();
            let errors = output.try_clone().unwrap();
            command.stdout(output).stderr(errors).spawn().expect("the program is installed")
        };
        let mut config = std::ffi::OsString::from("--config-file=");
        config.push(path("bus.conf"));
        let mut printer = Printer { processes: Vec::new(), folder, port, _alone: alone };
        printer.processes.push(start(Command::new("dbus-daemon").arg(config).arg("--nofork")));
        wait_until("there is a bus", || path("bus").exists());
        printer.processes.push(start(
            Command::new("avahi-daemon")
                .args(["--no-chroot", "--no-drop-root", "--no-rlimits", "-f"])
                .arg(path("avahi.conf")),
        ));
        wait_until("avahi is up", || {
            fs::read_to_string(path("log")).is_ok_and(|log| log.contains("startup complete"))
        });
        printer.processes.push(start(
            Command::new("ippeveprinter")
                .args(["-n", "localhost", "-M", "Test", "-m", "Label", "-f", formats, "-p"])
                .arg(port.to_string())
                .arg("-d")
                .arg(path("spool"))
                .arg("-c")
                .arg(path("print"))
                .arg("Label printer"),
        ));
        wait_until("the printer is up", || printer.device(Document::Raw).status().is_ok());
        printer
    }

    fn device(&self, document: Document) -> Device {
        let timeouts = Timeouts { confirm: Duration::from_secs(20), ..Timeouts::default() };
        let options = DeviceOptions { document, timeouts, ..DeviceOptions::default() };
        let uri = format!("ipp://localhost:{}/ipp/print", self.port);
        Device::open(&uri.parse().unwrap(), options).unwrap()
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// What the script was handed in all.
    fn printed(&self) -> Vec<u8> {
        fs::read(self.path("printed")).unwrap_or_default()
    }

    fn kill(&mut self) {
        for mut process in self.processes.drain(..).rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.kill();
    }
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(30), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

fn send(device: &mut Device, label: &[u8]) -> Result<Delivery, SendError> {
    device.send("261111-003-012", label, &AtomicBool::new(false))
}

/// What is called `application/octet-stream` it looks at itself, and refuses what it does not know.
const BOTH: &str = "application/vnd.cups-raw,application/pdf";

const DONE: Result<Delivery, SendError> = Ok(Delivery { confirmation: Some(Rung::IppJob) });

#[test]
fn a_job_that_is_completed_is_confirmed_by_it() {
    let printer = Printer::start(BOTH, "exit 0");
    assert!(printer.device(Document::Raw).status().unwrap().is_ready());
    let label: Vec<u8> = (0..100_000u32).map(|number| (number * 7 % 251) as u8).collect();
    assert_eq!(send(&mut printer.device(Document::Raw), &label), DONE);
    assert!(printer.printed() == label);
    assert_eq!(send(&mut printer.device(Document::Pdf), b"%PDF-1.7 not much of one"), DONE);
    assert!(printer.printed().ends_with(b"%PDF-1.7 not much of one"));
}

#[test]
fn a_job_that_fails_is_a_doubt() {
    let printer = Printer::start(BOTH, "exit 1");
    let result = send(&mut printer.device(Document::Raw), b"label");
    assert_eq!(result, Err(SendError::Uncertain { written: 5, why: Why::JobFailed }));
}

#[test]
fn paper_that_is_out_keeps_the_next_label_back() {
    let printer = Printer::start(BOTH, "echo 'STATE: +media-empty-error' >&2; exit 0");
    let mut device = printer.device(Document::Raw);
    let _ = send(&mut device, b"label");
    let why = Why::Fault([Fault::PaperOut].into_iter().collect());
    assert_eq!(send(&mut device, b"label"), Err(SendError::NothingSent { why }));
    assert!(device.status().unwrap().faults.contains(Fault::PaperOut));
    assert_eq!(printer.printed(), b"label", "once");
}

#[test]
fn a_form_of_label_that_the_printer_does_not_take_is_not_sent() {
    let printer = Printer::start("application/vnd.cups-raw", "exit 0");
    let result = send(&mut printer.device(Document::Pdf), b"label");
    assert_eq!(result, Err(SendError::NothingSent { why: Why::Format }));
    assert!(printer.printed().is_empty());
}

#[test]
fn a_wish_to_stop_and_a_printer_that_dies_are_doubts() {
    let mut printer = Printer::start(BOTH, "touch \"$(dirname \"$0\")/begun\"; exec sleep 60");
    let begun = |printer: &Printer| Path::exists(&printer.path("begun"));
    let cancel = AtomicBool::new(false);
    let mut device = printer.device(Document::Raw);
    let result = thread::scope(|scope| {
        let sending = scope.spawn(|| device.send("1", b"label", &cancel));
        wait_until("it prints", || begun(&printer));
        cancel.store(true, Ordering::Relaxed);
        sending.join().unwrap()
    });
    assert_eq!(result, Err(SendError::Uncertain { written: 5, why: Why::Cancelled }));
    assert_eq!(
        device.send("1", b"label", &AtomicBool::new(true)),
        Err(SendError::NothingSent { why: Why::Cancelled })
    );

    printer.kill();
    assert_eq!(send(&mut device, b"label"), Err(SendError::NothingSent { why: Why::Refused }));
    assert_eq!(device.status(), Err(StatusError::Failed(Why::Refused)));
}

#[test]
fn a_printer_that_dies_with_the_job_is_a_doubt() {
    let mut printer = Printer::start(BOTH, "touch \"$(dirname \"$0\")/begun\"; exec sleep 60");
    let mut device = printer.device(Document::Raw);
    let sending = thread::spawn(move || send(&mut device, b"label"));
    wait_until("it prints", || Path::exists(&printer.path("begun")));
    printer.kill();
    let result = sending.join().unwrap();
    assert!(matches!(result, Err(SendError::Uncertain { written: 5, .. })), "{result:?}");
}
