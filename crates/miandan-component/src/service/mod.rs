//! The service: a supervisor that accepts hosts and gives each a component of its own.
//!
//! It runs as a user of its own, who alone can read the station's keys. Hosts of other users connect to a Unix socket;
//! who may is decided by the permissions of the socket, which is to say by membership in a group. So a host cannot read
//! the key, cannot start the component under a tracer or with a library of its own in it, and cannot look into its
//! memory: here, and only here, it may be said that a host *cannot* see what is in an order.
//!
//! The supervisor opens no key and no order. It passes frames between a host and the locked component that it started
//! for it, and keeps what a component cannot: the time ([`memory`]), how often an order was printed ([`counts`]), and
//! what the component asks to be remembered. It puts its own time into every request, so no host can print an order
//! that has expired by saying that it is yesterday.
//!
//! What comes from a host is bounded before anything is made of it ([`frames`]): its length, how long it may take, how
//! many hosts there are and how many of one user ([`places`]). What is no request ends the connection, and nothing else.
//! A component that dies or hangs ends the connection of its host alone; the next connection gets a fresh one, which
//! reads keys, lists and policy again as they are then.

mod clock;
mod connection;
mod counts;
mod frames;
mod listener;
mod memory;
mod places;
mod system;
mod worker;

use std::io;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use miandan_core::Code;
use miandan_core::pipe::{Answer, Subject};

use crate::arguments::Service;
use crate::{REFUSED, complain};
use memory::Memory;
use places::Places;
use worker::{StartFailure, Worker};

/// What the threads of the hosts share.
pub(super) struct Shared {
    arguments: Service,
    memory: Memory,
    places: Places,
}

/// How long to wait before the next host is accepted when that has failed: out of descriptors, most likely.
const RELIEF: Duration = Duration::from_millis(100);

/// A thread passes frames on; it needs little.
const STACK: usize = 256 << 10;

/// Serves until the process is ended. Answers only if it cannot start.
pub(crate) fn run(arguments: Service) -> ExitCode {
    match start(arguments) {
        Ok((listener, shared)) => accept(&listener, &shared),
        Err(reason) => {
            complain(&format!("error: {reason}\n"));
            ExitCode::from(REFUSED)
        }
    }
}

fn start(arguments: Service) -> Result<(UnixListener, Arc<Shared>), String> {
    // A defect in one conversation must not end the others, nor say what it was about.
    std::panic::set_hook(Box::new(|_| {}));
    system::harden().map_err(|error| format!("the service cannot protect itself: {error}"))?;
    let listener = listener::take(arguments.listen.as_deref())?;
    let folder = memory::folder(arguments.state_folder.as_deref())?;
    let memory = Memory::open(&folder, clock::now())?;
    let places = Places::new(arguments.most, arguments.most_for_user);
    let shared = Arc::new(Shared { arguments, memory, places });
    try_out(&shared)?;
    system::tell_ready();
    let limits = format!("{} hosts, {} of one user", shared.arguments.most, shared.arguments.most_for_user);
    complain(&format!("ready: {}; at most {limits}\n", listener::name(&listener)));
    Ok((listener, shared))
}

/// Starts one component and ends it: a key that cannot be used is said now, not to the first host.
fn try_out(shared: &Shared) -> Result<(), String> {
    match Worker::start(&shared.arguments.serve, &shared.memory) {
        Ok(_) => Ok(()),
        Err(failure) => Err(format!("no component can be started: {}", failure.words())),
    }
}

fn accept(listener: &UnixListener, shared: &Arc<Shared>) -> ! {
    loop {
        match listener.accept() {
            Ok((host, _)) => admit(host, shared),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => {
                complain(&format!("warning: a host could not be accepted: {error}\n"));
                thread::sleep(RELIEF);
            }
        }
    }
}

fn admit(host: UnixStream, shared: &Arc<Shared>) {
    let Ok(user) = system::peer(&host) else { return };
    let Some(place) = shared.places.take(user) else {
        complain(&format!("warning: user {user}: turned away, every place is taken\n"));
        refuse(&host, Code::Limit, Subject::Nothing);
        return;
    };
    let shared_with_host = Arc::clone(shared);
    let conversation = move || {
        let ended = connection::serve(&host, &shared_with_host);
        complain(&format!("user {user}: {ended}\n"));
        drop(place);
    };
    if thread::Builder::new().stack_size(STACK).spawn(conversation).is_err() {
        complain(&format!("warning: user {user}: turned away, there is no thread for it\n"));
    }
}

fn refuse(host: &UnixStream, code: Code, subject: Subject) {
    let mut frame = Vec::new();
    Answer::Refused { code, subject }.encode(&mut frame);
    // It fits into the buffer of the socket, so this does not wait.
    let _ = frames::send(host, &frame, RELIEF);
}

impl StartFailure {
    fn tell(&self, host: &UnixStream) {
        complain(&format!("error: no component can be started: {}\n", self.words()));
        match *self {
            // Which file of the service it is, is no business of a host.
            StartFailure::Refused { code, .. } => refuse(host, code, Subject::Nothing),
            _ => refuse(host, Code::Internal, Subject::Nothing),
        }
    }
}
