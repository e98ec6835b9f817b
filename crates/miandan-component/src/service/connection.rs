//! One host: frames between it and its component, one request and one answer at a time.

use std::fmt;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use miandan_core::pipe::{Answer, Failure, LabelAnswer, MAX_REQUEST, Request};

use super::Shared;
use super::frames::{self, End};
use super::worker::Worker;

/// How long a host may take over one frame, and over reading one.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a connection lives. A host that still has work connects again, and its component has then read the lists of
/// today.
const LIFE: Duration = Duration::from_secs(600);

/// What a connection keeps of its memory from one frame to the next.
const KEPT: usize = 1 << 20;

/// What came of a connection, for the log.
#[derive(Debug, Default)]
pub(super) struct Ended {
    labels: u64,
    refused: u64,
    why: Why,
}

#[derive(Clone, Copy, Debug, Default)]
enum Why {
    /// The host has finished.
    #[default]
    Done,
    /// The host broke off, said nothing for too long, or took too long to say it.
    Host(End),
    /// What the host said is no request.
    NoRequest,
    /// The component ended or hung over a request.
    Component,
    /// The connection has lived long enough.
    Life,
    /// There was no component.
    NotStarted,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.why {
            Why::Done => "done",
            Why::Host(End::Slow) => "the host took too long",
            Why::Host(End::Length) => "the host sent a frame of a length that is not allowed",
            Why::Host(End::Broken | End::Closed) => "the host broke off",
            Why::NoRequest => "the host sent something that is no request",
            Why::Component => "the component ended over a request",
            Why::Life => "asked to connect again",
            Why::NotStarted => "there was no component",
        };
        write!(f, "{} labels, {} refused: {why}", self.labels, self.refused)
    }
}

/// Serves a host until it has finished, or cannot be served any longer.
pub(super) fn serve(host: &UnixStream, shared: &Shared) -> Ended {
    let mut ended = Ended::default();
    let (mut worker, ready) = match Worker::start(&shared.arguments.serve, &shared.memory) {
        Ok(started) => started,
        Err(failure) => {
            failure.tell(host);
            ended.why = Why::NotStarted;
            return ended;
        }
    };
    ended.why = match frames::send(host, &ready, PATIENCE) {
        Ok(()) => converse(host, shared, &mut worker, &mut ended),
        Err(end) => Why::Host(end),
    };
    if ended.labels > 0 && !matches!(ended.why, Why::Component) {
        remember(shared, &mut worker);
    }
    ended
}

fn converse(host: &UnixStream, shared: &Shared, worker: &mut Worker, ended: &mut Ended) -> Why {
    let began = Instant::now();
    let (mut frame, mut request, mut answer) = (Vec::new(), Vec::new(), Vec::new());
    while began.elapsed() < LIFE {
        match frames::receive(host, &mut frame, shared.arguments.idle, PATIENCE, MAX_REQUEST) {
            Ok(()) => {}
            Err(End::Closed) => return Why::Done,
            Err(end) => return Why::Host(end),
        }
        let Ok(mut asked) = Request::decode(frame[4], &frame[5..]) else { return Why::NoRequest };
        // The time is not the host's to say.
        if let Request::Render { now, .. } | Request::State { now } = &mut asked {
            *now = shared.memory.now();
        }
        asked.encode(&mut request);
        if worker.ask(&request, &mut answer).is_err() || !inspect(shared, worker, &mut answer, ended) {
            return Why::Component;
        }
        if let Err(end) = frames::send(host, &answer, PATIENCE) {
            return Why::Host(end);
        }
        for buffer in [&mut frame, &mut request, &mut answer] {
            buffer.clear();
            buffer.shrink_to(KEPT);
        }
    }
    Why::Life
}

/// Looks at an answer before it leaves: counts prints, keeps what is to be remembered. Answers `false` if it is none.
fn inspect(shared: &Shared, worker: &Worker, frame: &mut Vec<u8>, ended: &mut Ended) -> bool {
    let mut replacement = Vec::new();
    match Answer::decode(frame[4], &frame[5..]) {
        Ok(Answer::Labels { mut labels, used, mut limits, forms }) => {
            let refused = if limits.is_empty() { Vec::new() } else { shared.memory.count(&limits) };
            for &(place, code) in &refused {
                labels[usize::from(place)] = LabelAnswer::Failed(Failure::from(code));
                limits.retain(|limit| limit.place != place);
            }
            let done = labels.iter().filter(|label| matches!(label, LabelAnswer::Done { .. })).count();
            ended.labels += done as u64;
            ended.refused += (labels.len() - done) as u64;
            if !refused.is_empty() {
                Answer::Labels { labels, used, limits, forms }.encode(&mut replacement);
            }
        }
        Ok(Answer::State(mut state)) => {
            shared.memory.keep(worker.number, &state);
            // It is kept here; a host has no use for it.
            state.state.clear();
            Answer::State(state).encode(&mut replacement);
        }
        Ok(_) => {}
        Err(_) => return false,
    }
    if !replacement.is_empty() {
        *frame = replacement;
    }
    true
}

/// Asks for what is to be remembered once more, at the end.
fn remember(shared: &Shared, worker: &mut Worker) {
    let (mut request, mut answer) = (Vec::new(), Vec::new());
    Request::State { now: shared.memory.now() }.encode(&mut request);
    if worker.ask(&request, &mut answer).is_ok()
        && let Ok(Answer::State(state)) = Answer::decode(answer[4], &answer[5..])
    {
        shared.memory.keep(worker.number, &state);
    }
}
