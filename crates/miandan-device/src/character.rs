//! Device files and pipes: what is written to them has reached a driver or a reader, not yet a printer.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

use crate::Delivery;
use crate::error::{SendError, Why};
use crate::options::DeviceOptions;
use crate::status::Status;
use crate::talk::{self, Heard, Wire};

/// Sends a label to a device, or into a pipe that somebody reads.
pub(crate) fn send(
    path: &Path,
    options: &DeviceOptions,
    label: &[u8],
    cancel: &AtomicBool,
) -> Result<Delivery, SendError> {
    let mut special = Special::open(path).map_err(|why| SendError::NothingSent { why })?;
    if special.is_pipe && options.status != miandan_core::printer::StatusDialect::None {
        // A pipe carries one way. What is asked for and cannot be had is not passed over.
        return Err(SendError::NothingSent { why: Why::NoAnswer });
    }
    let delivery = talk::deliver(&mut special, label, options, cancel)?;
    talk::pause(Duration::from_millis(options.pacing.linger_ms.into()), cancel);
    // The driver of USB printers drops what is under way when the device is closed.
    special.wait_until_taken(options.timeouts.stall).map_err(|why| {
        let written = label.len() as u64;
        SendError::Uncertain { written, why }
    })?;
    Ok(delivery)
}

pub(crate) fn status(path: &Path, options: &DeviceOptions) -> Result<Status, Why> {
    let mut special = Special::open(path)?;
    if special.is_pipe {
        return Err(Why::NoAnswer);
    }
    talk::ask(&mut special, options.status, &options.timeouts, &AtomicBool::new(false))
}

/// Whether a path leads to a device or a pipe.
pub(crate) fn is_special(kind: std::fs::FileType) -> bool {
    kind.is_char_device() || kind.is_fifo()
}

struct Special {
    file: File,
    is_pipe: bool,
}

impl Special {
    fn open(path: &Path) -> Result<Self, Why> {
        let kind = std::fs::metadata(path).map_err(|error| Why::of(&error))?.file_type();
        if !is_special(kind) {
            return Err(Why::WrongKind);
        }
        let is_pipe = kind.is_fifo();
        // A label that a printer does not take must not hold the program; and a terminal must not become its own.
        let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits() as i32;
        let mut open = OpenOptions::new();
        let opened = open.write(true).read(!is_pipe).custom_flags(flags).open(path);
        let file = opened.map_err(|error| match rustix::io::Errno::from_io_error(&error) {
            // A pipe without a reader, a device without a printer.
            Some(rustix::io::Errno::NXIO | rustix::io::Errno::NODEV) => Why::Missing,
            _ => Why::of(&error),
        })?;
        // What is opened may be another file than what was looked at.
        let opened = file.metadata().map_err(|error| Why::of(&error))?.file_type();
        if opened != kind {
            return Err(Why::WrongKind);
        }
        Ok(Special { file, is_pipe })
    }

    /// Waits for the file to be ready; whether it is.
    fn wait(&self, for_what: PollFlags, wait: Duration) -> io::Result<bool> {
        let mut files = [PollFd::new(&self.file, for_what)];
        let timeout = Timespec { tv_sec: wait.as_secs() as i64, tv_nsec: wait.subsec_nanos().into() };
        match poll(&mut files, Some(&timeout)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => Ok(false),
            Ok(_) => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn wait_until_taken(&self, most: Duration) -> Result<(), Why> {
        let began = Instant::now();
        while began.elapsed() <= most {
            if self.wait(PollFlags::OUT, Duration::from_millis(50)).map_err(|error| Why::of(&error))? {
                return Ok(());
            }
        }
        Err(Why::Stalled)
    }
}

impl Wire for Special {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        if !self.wait(PollFlags::OUT, wait)? {
            return Ok(0);
        }
        match self.file.write(bytes) {
            Err(error) if is_nothing_yet(&error) => Ok(0),
            written => written,
        }
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<Heard> {
        if self.is_pipe || !self.wait(PollFlags::IN, wait)? {
            return Ok(Heard::Nothing);
        }
        match self.file.read(into) {
            // The driver of USB printers hands on packets without bytes: no end.
            Ok(0) => {
                std::thread::sleep(wait);
                Ok(Heard::Nothing)
            }
            Ok(count) => Ok(Heard::Bytes(count)),
            Err(error) if is_nothing_yet(&error) => Ok(Heard::Nothing),
            Err(error) => Err(error),
        }
    }

    /// A driver may have sent part of what it says it could not.
    fn fails_cleanly(&self) -> bool {
        false
    }
}

fn is_nothing_yet(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
