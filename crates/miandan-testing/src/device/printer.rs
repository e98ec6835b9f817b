//! A simulated printer with its port.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::net::{AddressFamily, SocketType, bind, socket, sockopt};

use super::Script;
use super::head::{Shared, State};
use super::line::serve;

/// Longer than anything that is waited for.
const LONG: Duration = Duration::from_secs(30);

/// As many bytes as the print server of a printer holds: more, and no jam would ever reach who sends.
const RECEIVE_BUFFER: usize = 8 << 10;

/// A label that came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    /// When, since the printer was started.
    pub at: Duration,
    /// What it was sent for it, without ends of lines before it.
    pub label: Vec<u8>,
}

/// A label printer on a port of this machine. It ends when it is dropped.
#[derive(Debug)]
pub struct SimulatedPrinter {
    shared: Arc<Shared>,
    address: SocketAddr,
    threads: Vec<JoinHandle<()>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("script", &self.script).finish_non_exhaustive()
    }
}

impl SimulatedPrinter {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// If there is no port.
    pub fn start(script: Script) -> io::Result<Self> {
        Self::start_at(0, script, |_| {})
    }

    /// Starts one on a port, which hands every label to a function at the moment at which it comes out.
    ///
    /// # Errors
    /// If the port is taken.
    pub fn start_at(
        port: u16,
        script: Script,
        sink: impl FnMut(&Printed) + Send + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared::new(script));
        let (head, door) = (Arc::clone(&shared), Arc::clone(&shared));
        let threads = vec![
            thread::spawn(move || head.print(sink)),
            thread::spawn(move || accept(&door, listener, address)),
        ];
        let printer = SimulatedPrinter { shared, address, threads };
        printer.wait_for(|state| state.listening == state.wanted);
        Ok(printer)
    }

    /// Where it is.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it is, as a device URI.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("socket://{}", self.address)
    }

    /// Every label that came out, in order.
    #[must_use]
    pub fn printed(&self) -> Vec<Vec<u8>> {
        self.shared.lock().printed.iter().map(|printed| printed.label.clone()).collect()
    }

    /// The same with the times.
    #[must_use]
    pub fn printed_with_times(&self) -> Vec<Printed> {
        self.shared.lock().printed.clone()
    }

    /// How many bytes it has read that were no questions.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.shared.lock().received
    }

    /// How many connections it has taken.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.shared.lock().connections
    }

    /// Waits until so many labels came out in all; whether they did.
    #[must_use]
    pub fn wait_for_printed(&self, labels: usize) -> bool {
        self.wait_for(|state| state.printed.len() >= labels)
    }

    /// Waits until it reads nothing any more: nobody is connected, or it is stalled. Whether that came.
    #[must_use]
    pub fn wait_until_quiet(&self) -> bool {
        self.wait_for(|state| !state.busy || state.stalled)
    }

    /// Waits until it has jammed or stalled; whether it did.
    #[must_use]
    pub fn wait_until_stalled(&self) -> bool {
        self.wait_for(|state| state.stalled)
    }

    /// Somebody has put in paper, closed the head, taken out what was stuck: it goes on where it was.
    pub fn resume(&self) {
        self.shared.change(|state| {
            state.condition = Default::default();
            state.paper = None;
            state.stalled = false;
        });
    }

    /// Somebody opens the head.
    pub fn open_head(&self) {
        self.shared.change(|state| state.condition.head_open = true);
    }

    /// Somebody takes out the paper, and it notices.
    pub fn take_paper(&self) {
        self.shared.change(|state| state.condition.paper_out = true);
    }

    /// Somebody pauses it.
    pub fn pause(&self) {
        self.shared.change(|state| state.condition.paused = true);
    }

    /// It refuses connections from now on.
    pub fn refuse(&self) {
        self.shared.change(|state| state.wanted = false);
        self.knock();
        self.wait_for(|state| !state.listening);
    }

    /// It takes connections again.
    pub fn accept(&self) {
        self.shared.change(|state| state.wanted = true);
        self.wait_for(|state| state.listening);
    }

    /// Its power goes and comes back: what it was to print is forgotten.
    pub fn lose_power(&self) {
        self.shared.change(State::lose_power);
    }

    fn wait_for(&self, holds: impl Fn(&State) -> bool) -> bool {
        self.shared.wait(LONG, holds)
    }

    /// Wakes the thread that waits for connections.
    fn knock(&self) {
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_millis(200));
    }
}

impl Drop for SimulatedPrinter {
    fn drop(&mut self) {
        self.shared.change(|state| state.ended = true);
        self.knock();
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Takes connections, one after the other, while they are wanted.
fn accept(shared: &Shared, listener: TcpListener, address: SocketAddr) {
    let mut half = 1000;
    let mut door = Some(listener);
    loop {
        let (wanted, ended) = {
            let state = shared.lock();
            (state.wanted, state.ended)
        };
        if ended {
            return;
        }
        if !wanted {
            drop(door.take());
            // Nobody else gets the port in the meantime.
            let kept = keep(address);
            shared.change(|state| state.listening = false);
            shared.wait(Duration::from_secs(3600), |state| state.wanted || state.ended);
            drop(kept);
            continue;
        }
        let Some(listener) = &door else {
            door = TcpListener::bind(address).ok();
            if door.is_none() {
                thread::sleep(Duration::from_millis(1));
            }
            continue;
        };
        let _ = sockopt::set_socket_recv_buffer_size(listener, RECEIVE_BUFFER);
        shared.change(|state| state.listening = true);
        let Ok((stream, _)) = listener.accept() else { continue };
        // Perhaps it was only woken.
        let state = shared.lock();
        let woken = state.ended || !state.wanted;
        drop(state);
        if !woken {
            serve(shared, stream, &mut half);
        }
    }
}

/// A socket that has the port and refuses whoever comes.
fn keep(address: SocketAddr) -> Option<OwnedFd> {
    let kept = socket(AddressFamily::INET, SocketType::STREAM, None).ok()?;
    sockopt::set_socket_reuseaddr(&kept, true).ok()?;
    bind(&kept, &SocketAddrV4::new(Ipv4Addr::LOCALHOST, address.port())).ok()?;
    Some(kept)
}
