//! One connection to a simulated printer.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::Event;
use super::answers::answer;
use super::head::{Shared, State};
use super::splitter::{Item, Splitter};

/// How long is waited for bytes until it is looked whether something happened.
const TICK: Duration = Duration::from_millis(10);

const LONG: Duration = Duration::from_secs(3600);

/// Reads until the other side or fate ends it.
pub(super) fn serve(shared: &Shared, stream: TcpStream, half: &mut usize) {
    let outages = shared.change(|state| {
        state.connections += 1;
        state.busy = true;
        state.outages
    });
    let mut splitter = Splitter::new(shared.script.speech);
    let end = read(shared, &stream, &mut splitter, half, outages);
    splitter.end();
    if end == End::Reset {
        reset(&stream);
    }
    drop(stream);
    shared.change(|state| {
        state.received += splitter.taken();
        state.busy = false;
    });
}

#[derive(PartialEq, Eq)]
enum End {
    Closed,
    Reset,
}

fn read(
    shared: &Shared,
    mut stream: &TcpStream,
    splitter: &mut Splitter,
    half: &mut usize,
    outages: u64,
) -> End {
    let script = &shared.script;
    if stream.set_read_timeout(Some(TICK)).is_err() {
        return End::Closed;
    }
    let is_over = |state: &State| state.ended || state.outages != outages;
    let mut buffer = [0; 16 << 10];
    loop {
        // No room: it reads nothing until it has printed something.
        shared.wait(LONG, |state| is_over(state) || !state.condition(script.buffer).buffer_full);
        let mut most = buffer.len();
        let (mut jam, mut stall) = (false, false);
        {
            let mut state = shared.lock();
            if is_over(&state) {
                return End::Reset;
            }
            let (received, number) = (state.received, state.came + 1);
            // Not a byte more than until the next event.
            for event in state.events.clone() {
                let left = match event {
                    Event::Reset(at) | Event::Close(at) | Event::Stall(at) => {
                        at.saturating_sub(received) as usize
                    }
                    Event::Jam(at) | Event::PowerLoss(at) if at == number => {
                        half.saturating_sub(splitter.begun())
                    }
                    _ => continue,
                };
                if left > 0 {
                    most = most.min(left);
                    continue;
                }
                state.happens(|other| *other == event);
                match event {
                    Event::Reset(_) => return End::Reset,
                    Event::Close(_) => return End::Closed,
                    Event::PowerLoss(_) => {
                        state.lose_power();
                        return End::Reset;
                    }
                    Event::Jam(_) => jam = true,
                    _ => stall = true,
                }
            }
        }
        if jam || stall {
            stop_reading(shared, jam, outages);
            continue;
        }
        let count = match stream.read(&mut buffer[..most]) {
            Ok(0) => return End::Closed,
            Ok(count) => count,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => continue,
            Err(_) => return End::Closed,
        };
        if let Some(rate) = script.bytes_per_second {
            let wait = Duration::from_secs_f64(count as f64 / f64::from(rate));
            shared.wait(wait, is_over);
        }
        let items = splitter.feed(&buffer[..count]);
        shared.change(|state| state.received += splitter.taken());
        for item in items {
            match item {
                Item::Label(label) => {
                    *half = (label.len() / 2).max(1);
                    let jams = take(shared, label);
                    if jams {
                        stop_reading(shared, true, outages);
                    }
                }
                Item::Question(which) => {
                    let condition = {
                        let state = shared.lock();
                        // One without power says nothing, least of all that it is at rest.
                        if is_over(&state) {
                            return End::Reset;
                        }
                        state.condition(script.buffer)
                    };
                    let said = if script.answers { answer(script.speech, which, &condition) } else { None };
                    if said.is_some_and(|said| stream.write_all(&said).is_err()) {
                        return End::Closed;
                    }
                }
            }
        }
    }
}

/// Takes a label that came whole. One that was to jam, and was so short that it came at once, waits with the jam.
fn take(shared: &Shared, label: Vec<u8>) -> bool {
    shared.change(|state| {
        state.came += 1;
        let number = state.came;
        if state.happens(|event| *event == Event::PowerLoss(number)).is_some() {
            state.lose_power();
            return false;
        }
        let jams = state.happens(|event| *event == Event::Jam(number)).is_some();
        state.condition.jam |= jams;
        state.queue.push_back(label);
        jams
    })
}

/// Reads nothing until it is resumed. A jam is there before the bell rings.
fn stop_reading(shared: &Shared, jam: bool, outages: u64) {
    shared.change(|state| {
        state.condition.jam |= jam;
        state.stalled = true;
    });
    shared.wait(LONG, |state| state.ended || state.outages != outages || !state.stalled);
}

/// Makes the end of the connection a reset.
fn reset(stream: &TcpStream) {
    let _ = rustix::net::sockopt::set_socket_linger(stream, Some(Duration::ZERO));
}
