//! A raw TCP port: one connection a label.
//!
//! A printer that is sent its labels so acknowledges nothing. What can be known is that its end of the connection has every
//! byte, and, where it can be asked, what it says.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream, ToSocketAddrs};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use crate::Delivery;
use crate::acknowledged;
use crate::error::{SendError, Why};
use crate::options::DeviceOptions;
use crate::status::Status;
use crate::talk::{self, Heard, Wire, is_set};

pub(crate) fn send(
    host: &str,
    port: u16,
    options: &DeviceOptions,
    label: &[u8],
    cancel: &AtomicBool,
) -> Result<Delivery, SendError> {
    if label.is_empty() {
        return Err(SendError::NothingSent { why: Why::Empty });
    }
    if is_set(cancel) {
        return Err(SendError::NothingSent { why: Why::Cancelled });
    }
    let mut line = Line::connect(host, port, options).map_err(|why| SendError::NothingSent { why })?;
    let delivery = talk::deliver(&mut line, label, options, cancel)?;
    match delivery.confirmation {
        // It has printed; how it closes the line says nothing more.
        Some(_) => line.close(Duration::from_millis(200)),
        None => line.settle(options, cancel).map_err(|why| {
            let written = label.len() as u64;
            SendError::Uncertain { written, why }
        })?,
    }
    Ok(delivery)
}

pub(crate) fn status(host: &str, port: u16, options: &DeviceOptions) -> Result<Status, Why> {
    let mut line = Line::connect(host, port, options)?;
    let status = talk::ask(&mut line, options.status, &options.timeouts, &AtomicBool::new(false));
    line.close(Duration::from_millis(200));
    status
}

/// Whether somebody takes connections there.
pub(crate) fn reach(host: &str, port: u16, options: &DeviceOptions) -> Result<(), Why> {
    Line::connect(host, port, options).map(|mut line| line.close(Duration::from_millis(200)))
}

struct Line(TcpStream);

impl Line {
    fn connect(host: &str, port: u16, options: &DeviceOptions) -> Result<Self, Why> {
        let addresses = (host, port).to_socket_addrs().map_err(|_| Why::NameNotFound)?;
        let mut last = Why::NameNotFound;
        for address in addresses {
            match TcpStream::connect_timeout(&address, options.timeouts.connect.max(Duration::from_millis(1)))
            {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(|error| Why::of(&error))?;
                    keep_alive(&stream);
                    return Ok(Line(stream));
                }
                Err(error) if error.kind() == io::ErrorKind::TimedOut => last = Why::NoConnection,
                Err(error) => last = Why::of(&error),
            }
        }
        Err(last)
    }

    /// Makes sure that the printer's end has every byte, leaves the line open as long as the printer wants it, and closes
    /// it. Print servers lose the end of a label that is followed by the end of the connection at once.
    fn settle(&mut self, options: &DeviceOptions, cancel: &AtomicBool) -> Result<(), Why> {
        let known = self.wait_until_acknowledged(options.timeouts.stall, cancel)?;
        let linger = Duration::from_millis(options.pacing.linger_ms.into());
        self.listen(linger, cancel)?;
        let _ = self.0.shutdown(Shutdown::Write);
        // Where the system does not say what has arrived, the printer's own end of the connection does.
        let wait = if known { options.timeouts.close } else { options.timeouts.stall };
        let closed = self.listen(wait, cancel)?;
        if closed || known { Ok(()) } else { Err(Why::Stalled) }
    }

    /// Whether all has arrived; `false` if the system cannot tell.
    fn wait_until_acknowledged(&mut self, most: Duration, cancel: &AtomicBool) -> Result<bool, Why> {
        let began = Instant::now();
        let mut wait = Duration::from_micros(200);
        loop {
            match acknowledged::outstanding(&self.0) {
                None => return Ok(false),
                Some(0) => return Ok(true),
                Some(_) => {}
            }
            if is_set(cancel) {
                return Err(Why::Cancelled);
            }
            if began.elapsed() > most {
                return Err(Why::Stalled);
            }
            // One that has closed its side may still be reading; one that is gone resets.
            self.read(&mut [0; 512], Duration::ZERO).map_err(|error| Why::of(&error))?;
            std::thread::sleep(wait);
            wait = (wait * 2).min(Duration::from_millis(20));
        }
    }

    /// Waits for the end of what the printer says: whether it came.
    fn listen(&mut self, wait: Duration, cancel: &AtomicBool) -> Result<bool, Why> {
        let began = Instant::now();
        let mut scratch = [0; 512];
        loop {
            let left = wait.saturating_sub(began.elapsed());
            if left.is_zero() {
                return Ok(false);
            }
            if is_set(cancel) {
                return Err(Why::Cancelled);
            }
            match self.read(&mut scratch, left.min(Duration::from_millis(50))) {
                Ok(Heard::Closed) => return Ok(true),
                Ok(Heard::Nothing | Heard::Bytes(_)) => {}
                Err(error) => return Err(Why::of(&error)),
            }
        }
    }

    /// Closes without a further question: what is to be known is known.
    fn close(&mut self, wait: Duration) {
        let _ = self.0.shutdown(Shutdown::Write);
        let _ = self.listen(wait, &AtomicBool::new(false));
    }
}

impl Wire for Line {
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize> {
        self.0.set_write_timeout(Some(wait.max(Duration::from_millis(1))))?;
        match self.0.write(bytes) {
            Ok(0) => Err(io::ErrorKind::WriteZero.into()),
            Err(error) if is_nothing_yet(&error) => Ok(0),
            written => written,
        }
    }

    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<Heard> {
        let heard = if wait.is_zero() {
            self.0.set_nonblocking(true)?;
            let heard = self.0.read(into);
            self.0.set_nonblocking(false)?;
            heard
        } else {
            self.0.set_read_timeout(Some(wait))?;
            self.0.read(into)
        };
        match heard {
            Ok(0) => Ok(Heard::Closed),
            Ok(count) => Ok(Heard::Bytes(count)),
            Err(error) if is_nothing_yet(&error) => Ok(Heard::Nothing),
            Err(error) => Err(error),
        }
    }

    /// The system says how much of a write it took: of one that fails, nothing.
    fn fails_cleanly(&self) -> bool {
        true
    }
}

fn is_nothing_yet(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(error.kind(), Kind::WouldBlock | Kind::TimedOut | Kind::Interrupted)
}

/// Lets the system find out that a printer has lost its power while it is waited for. Does no harm where it cannot.
fn keep_alive(stream: &TcpStream) {
    #[cfg(unix)]
    let _ = rustix::net::sockopt::set_socket_keepalive(stream, true);
    #[cfg(target_os = "linux")]
    {
        use rustix::net::sockopt;
        let _ = sockopt::set_tcp_keepidle(stream, Duration::from_secs(5));
        let _ = sockopt::set_tcp_keepintvl(stream, Duration::from_secs(2));
        let _ = sockopt::set_tcp_keepcnt(stream, 3);
    }
    #[cfg(not(unix))]
    let _ = stream;
}
