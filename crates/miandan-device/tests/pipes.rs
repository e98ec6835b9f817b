//! Files that are none: pipes, terminals in place of a printer's device, a disk without room.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, reason = "the test makes a pipe with mkfifo")]

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use miandan_device::{Delivery, Device, DeviceOptions, Fault, Rung, SendError, StatusDialect, Timeouts, Why};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};

fn device(uri: &str, status: StatusDialect) -> Device {
    let timeouts =
        Timeouts { stall: Duration::from_millis(300), poll: Duration::from_millis(5), ..Timeouts::default() };
    Device::open(&uri.parse().unwrap(), DeviceOptions { status, timeouts, ..DeviceOptions::default() })
        .unwrap()
}

fn send(device: &mut Device, label: &[u8]) -> Result<Delivery, SendError> {
    device.send("1", label, &AtomicBool::new(false))
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("printer");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

const LARGE: usize = 1 << 20;

#[test]
fn a_pipe_that_nobody_reads_was_sent_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let mut device = device(&format!("file:{}", path.display()), StatusDialect::None);
    assert_eq!(send(&mut device, b"label"), Err(SendError::NothingSent { why: Why::Missing }));
}

#[test]
fn a_pipe_takes_labels_of_any_size_and_its_end_is_a_doubt() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let reader = {
        let path = path.clone();
        thread::spawn(move || {
            let mut read = vec![0; LARGE];
            let mut file = File::open(path).unwrap();
            file.read_exact(&mut read).unwrap();
            (file, read)
        })
    };
    let mut device = device(&format!("file:{}", path.display()), StatusDialect::None);
    let label: Vec<u8> = (0..LARGE).map(|number| (number % 251) as u8).collect();
    // The pipe has a reader once that is scheduled.
    let result = loop {
        match send(&mut device, &label) {
            Err(SendError::NothingSent { why: Why::Missing }) => thread::yield_now(),
            result => break result,
        }
    };
    assert_eq!(result, Ok(Delivery { confirmation: None }));
    let (file, read) = reader.join().unwrap();
    assert!(read == label);

    // Open, and not read: the pipe holds some of it.
    assert!(matches!(
        send(&mut device, &label),
        Err(SendError::Uncertain { why: Why::Stalled, written: 1.. })
    ));
    drop(file);
    assert_eq!(send(&mut device, &label), Err(SendError::NothingSent { why: Why::Missing }));
}

/// Both ends of a terminal without its habits, and the path of the second: a device that can be read and written.
fn terminal() -> (File, File, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let line = OpenOptions::new()
        .read(true)
        .write(true)
        .custom_flags(rustix::fs::OFlags::NOCTTY.bits() as i32)
        .open(&path)
        .unwrap();
    let mut habits = tcgetattr(&line).unwrap();
    habits.make_raw();
    tcsetattr(&line, OptionalActions::Now, &habits).unwrap();
    (File::from(master), line, path)
}

#[test]
fn a_device_file_is_asked_and_answers() {
    // The second end is kept open, so that the terminal stays as it is.
    let (mut master, _line, path) = terminal();
    let printer = thread::spawn(move || {
        let mut read = Vec::new();
        let mut byte = [0];
        let mut answers = [0x00, 0x20, 0x20, 0x00, 0x04].into_iter();
        while read.len() < 5 + 5 * 3 {
            master.read_exact(&mut byte).unwrap();
            read.push(byte[0]);
            if read.ends_with(b"\x1B!?") {
                master.write_all(&[answers.next().unwrap()]).unwrap();
            }
        }
        (master, read)
    });
    let mut device = device(&format!("usb:{path}"), StatusDialect::Tspl);
    assert_eq!(send(&mut device, b"label"), Ok(Delivery { confirmation: Some(Rung::TsplStatus) }));
    let why = Why::Fault([Fault::PaperOut].into_iter().collect());
    assert_eq!(send(&mut device, b"label"), Err(SendError::NothingSent { why }));
    let (_master, read) = printer.join().unwrap();
    assert_eq!(read, b"\x1B!?label\x1B!?\x1B!?\x1B!?\x1B!?");
}

/// Needs to be root: a limit of the process would end the test, so the folder is a file system of its own.
#[cfg(feature = "foreign-tools")]
#[test]
fn a_file_without_room_is_left_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mount = ["-t", "tmpfs", "-o", "size=64k", "tmpfs"];
    assert!(Command::new("mount").args(mount).arg(folder.path()).status().unwrap().success());
    let path = folder.path().join("labels");
    let mut file = device(&format!("file:{}", path.display()), StatusDialect::None);
    let mut into_folder = device(&format!("file:{}/", folder.path().display()), StatusDialect::None);
    let stored = Ok(Delivery { confirmation: Some(Rung::Stored) });
    let no_space = Err(SendError::NothingSent { why: Why::NoSpace });
    let results = [
        send(&mut file, &[1; 10_000]),
        send(&mut file, &[2; 100_000]),
        send(&mut into_folder, &[3; 100_000]),
    ];
    let left = std::fs::read(&path).unwrap();
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert!(Command::new("umount").arg(folder.path()).status().unwrap().success());
    assert_eq!(results, [stored, no_space.clone(), no_space]);
    assert!(left == [1; 10_000]);
    assert_eq!(files, 1, "nothing unfinished is left");
}
