//! The conversation about one label, over whatever carries bytes both ways: ask, write, ask until it is printed.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use miandan_core::printer::{Pacing, StatusDialect};

use crate::error::{SendError, Why};
use crate::options::{DeviceOptions, Timeouts};
use crate::status::{Answer, Fault, Status, question, read_answer};
use crate::{Delivery, Rung};

/// How long a wait is at most until the caller's wish to stop is looked at.
const TICK: Duration = Duration::from_millis(50);

/// The most bytes that are handed on at once: a wish to stop or a printer that has gone is noticed in between.
const CHUNK: usize = 16 << 10;

/// What came from the other end.
pub(crate) enum Heard {
    /// Nothing yet.
    Nothing,
    /// So many bytes.
    Bytes(usize),
    /// The end: the other side says no more.
    Closed,
}

/// Something that carries bytes to a printer and back.
pub(crate) trait Wire {
    /// Hands on what is taken within the time; 0 if nothing is.
    fn write(&mut self, bytes: &[u8], wait: Duration) -> io::Result<usize>;

    /// What has come, or comes within the time.
    fn read(&mut self, into: &mut [u8], wait: Duration) -> io::Result<Heard>;

    /// Whether a write that fails has handed on nothing. A socket says how much it took; a device may have begun.
    fn fails_cleanly(&self) -> bool;
}

/// Sends a label over a wire and waits for what the printer says of it. Leaves the wire open.
pub(crate) fn deliver(
    wire: &mut dyn Wire,
    label: &[u8],
    options: &DeviceOptions,
    cancel: &AtomicBool,
) -> Result<Delivery, SendError> {
    let nothing_sent = |why| SendError::NothingSent { why };
    if label.is_empty() {
        return Err(nothing_sent(Why::Empty));
    }
    let rung = rung(options.status);
    if rung.is_some() {
        wait_until_free(wire, options, cancel).map_err(nothing_sent)?;
    }
    write_label(wire, label, options, cancel)?;
    if let Some(rung) = rung {
        let uncertain = |why| SendError::Uncertain { written: label.len() as u64, why };
        wait_until_printed(wire, options, cancel).map_err(uncertain)?;
        return Ok(Delivery { confirmation: Some(rung) });
    }
    Ok(Delivery { confirmation: None })
}

/// Asks once.
pub(crate) fn ask(
    wire: &mut dyn Wire,
    dialect: StatusDialect,
    timeouts: &Timeouts,
    cancel: &AtomicBool,
) -> Result<Status, Why> {
    let asked = Instant::now();
    let mut answer = Vec::new();
    let mut buffer = [0; 512];
    // What was said before the question is no answer to it.
    while let Heard::Bytes(_) = wire.read(&mut buffer, Duration::ZERO).map_err(|error| Why::of(&error))? {
        if asked.elapsed() > timeouts.answer {
            return Err(Why::Unreadable);
        }
    }
    let mut question = question(dialect);
    loop {
        if is_set(cancel) {
            return Err(Why::Cancelled);
        }
        // The time is looked at only when nothing came: what is there is read, however long this program was held up.
        let heard = if question.is_empty() {
            wire.read(&mut buffer, TICK).map_err(|error| Why::of(&error))?
        } else {
            let taken = wire.write(question, TICK).map_err(|error| Why::of(&error))?;
            question = &question[taken..];
            if taken > 0 {
                continue;
            }
            Heard::Nothing
        };
        match heard {
            Heard::Nothing if asked.elapsed() > timeouts.answer => return Err(Why::NoAnswer),
            Heard::Nothing => continue,
            Heard::Closed => return Err(Why::Closed),
            Heard::Bytes(count) => answer.extend_from_slice(&buffer[..count]),
        }
        match read_answer(dialect, &answer) {
            Answer::Incomplete if asked.elapsed() > timeouts.answer => return Err(Why::Unreadable),
            Answer::Incomplete => {}
            Answer::Whole(status) => return Ok(status),
            Answer::Unreadable => return Err(Why::Unreadable),
        }
    }
}

/// Before a label: a printer that is well and has nothing else to do. What it prints after that is ours.
fn wait_until_free(wire: &mut dyn Wire, options: &DeviceOptions, cancel: &AtomicBool) -> Result<(), Why> {
    let timeouts = &options.timeouts;
    let began = Instant::now();
    loop {
        let status = ask(wire, options.status, timeouts, cancel)?;
        if status.needs_a_person() {
            return Err(Why::Fault(status.faults));
        }
        if status.is_ready() {
            return Ok(());
        }
        if began.elapsed() > timeouts.confirm {
            return Err(Why::Busy);
        }
        pause(timeouts.poll, cancel);
    }
}

/// After a label: it has to be seen at work and then at rest. At rest alone it may not have begun; and what is printed after
/// a fault may be half a label, so the first fault ends the wait.
fn wait_until_printed(wire: &mut dyn Wire, options: &DeviceOptions, cancel: &AtomicBool) -> Result<(), Why> {
    let timeouts = &options.timeouts;
    let began = Instant::now();
    let mut last_doubt;
    let mut was_printing = false;
    loop {
        match ask(wire, options.status, timeouts, cancel) {
            Ok(status) if status.needs_a_person() => return Err(Why::Fault(status.faults)),
            Ok(status) if status.is_done(options.status) && was_printing => return Ok(()),
            Ok(status) => {
                was_printing |= status.faults.contains(Fault::Printing);
                last_doubt = if was_printing { Why::Unfinished } else { Why::NeverPrinting };
            }
            // Some are silent while they print, and some while something is wrong: which, the end of the wait shows.
            Err(why @ (Why::NoAnswer | Why::Unreadable)) => last_doubt = why,
            Err(why) => return Err(why),
        }
        if began.elapsed() > timeouts.confirm {
            return Err(last_doubt);
        }
        pause(timeouts.poll, cancel);
    }
}

fn write_label(
    wire: &mut dyn Wire,
    label: &[u8],
    options: &DeviceOptions,
    cancel: &AtomicBool,
) -> Result<(), SendError> {
    let began = Instant::now();
    let mut progressed = began;
    let mut written = 0;
    let mut scratch = [0; 512];
    while written < label.len() {
        // A write that fails may have begun, unless the wire says otherwise.
        let after_failure = |why: Why, clean: bool| match written {
            0 if clean => SendError::NothingSent { why },
            written => SendError::Uncertain { written: written as u64, why },
        };
        if is_set(cancel) {
            return Err(after_failure(Why::Cancelled, true));
        }
        match wire.read(&mut scratch, Duration::ZERO) {
            // Printers that repeat what they read, or say that they are on: nobody asked.
            Ok(Heard::Nothing | Heard::Bytes(_)) => {}
            Ok(Heard::Closed) => return Err(after_failure(Why::Closed, true)),
            Err(error) => return Err(after_failure(Why::of(&error), true)),
        }
        let allowed = allowed(options.pacing, began.elapsed(), written).min(label.len() - written).min(CHUNK);
        if allowed == 0 {
            thread::sleep(Duration::from_millis(5));
            progressed = Instant::now();
            continue;
        }
        match wire.write(&label[written..written + allowed], TICK) {
            Ok(0) if progressed.elapsed() > options.timeouts.stall => {
                return Err(after_failure(Why::Stalled, true));
            }
            Ok(0) => {}
            Ok(taken) => {
                written += taken;
                progressed = Instant::now();
            }
            Err(error) => return Err(after_failure(Why::of(&error), wire.fails_cleanly())),
        }
    }
    Ok(())
}

/// How many bytes may be written now: what the time that has gone by allows, in steps of a twentieth of a second.
fn allowed(pacing: Pacing, elapsed: Duration, written: usize) -> usize {
    let Some(rate) = pacing.bytes_per_second else { return usize::MAX };
    let steps = elapsed.as_millis() / 50 + 1;
    let due = steps.saturating_mul(u128::from(rate)).div_ceil(20);
    usize::try_from(due).unwrap_or(usize::MAX).saturating_sub(written)
}

/// Waits, but not longer than until the caller wants to stop.
pub(crate) fn pause(wait: Duration, cancel: &AtomicBool) {
    let began = Instant::now();
    while !is_set(cancel) {
        let left = wait.saturating_sub(began.elapsed());
        if left.is_zero() {
            return;
        }
        thread::sleep(left.min(TICK));
    }
}

pub(crate) fn is_set(cancel: &AtomicBool) -> bool {
    cancel.load(Ordering::Relaxed)
}

/// What an answer in a dialect is worth.
fn rung(dialect: StatusDialect) -> Option<Rung> {
    match dialect {
        StatusDialect::None => None,
        StatusDialect::Tspl | StatusDialect::TsplExtended | StatusDialect::TsplSunmi => {
            Some(Rung::TsplStatus)
        }
        StatusDialect::Zpl => Some(Rung::ZplStatus),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;
    use crate::status::Faults;

    /// A printer that answers from a list, and takes so many bytes of labels before it fails.
    #[derive(Default)]
    struct Played {
        answers: VecDeque<Option<u8>>,
        takes: Option<usize>,
        clean: bool,
        taken: Vec<u8>,
        said: VecDeque<u8>,
        cancels_at: Option<(usize, &'static AtomicBool)>,
        closes_at: Option<usize>,
    }

    impl Wire for Played {
        fn write(&mut self, bytes: &[u8], _wait: Duration) -> io::Result<usize> {
            if bytes == b"\x1B!?" {
                if let Some(answer) = self.answers.pop_front() {
                    self.said.extend(answer);
                }
                return Ok(bytes.len());
            }
            let room = self.takes.map_or(bytes.len(), |takes| takes - self.taken.len()).min(bytes.len());
            if room == 0 {
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            self.taken.extend_from_slice(&bytes[..room]);
            if let Some((at, cancel)) = self.cancels_at {
                cancel.store(self.taken.len() >= at, Ordering::Relaxed);
            }
            Ok(room)
        }

        fn read(&mut self, into: &mut [u8], _wait: Duration) -> io::Result<Heard> {
            match self.said.pop_front() {
                Some(byte) => {
                    into[0] = byte;
                    Ok(Heard::Bytes(1))
                }
                None if self.closes_at.is_some_and(|at| self.taken.len() >= at) => Ok(Heard::Closed),
                None => Ok(Heard::Nothing),
            }
        }

        fn fails_cleanly(&self) -> bool {
            self.clean
        }
    }

    fn options(status: StatusDialect) -> DeviceOptions {
        let instant = Duration::from_millis(2);
        let timeouts = Timeouts {
            answer: instant,
            confirm: instant,
            poll: Duration::ZERO,
            stall: instant,
            ..Timeouts::default()
        };
        DeviceOptions { status, timeouts, ..DeviceOptions::default() }
    }

    fn sent(answers: &[Option<u8>], label: &[u8]) -> (Result<Delivery, SendError>, usize) {
        let mut wire = Played { answers: answers.iter().copied().collect(), ..Played::default() };
        let result = deliver(&mut wire, label, &options(StatusDialect::Tspl), &AtomicBool::new(false));
        (result, wire.taken.len())
    }

    fn faults(faults: &[Fault]) -> Why {
        Why::Fault(faults.iter().copied().collect::<Faults>())
    }

    #[test]
    fn a_label_is_confirmed_by_work_that_ends() {
        let confirmed = Ok(Delivery { confirmation: Some(Rung::TsplStatus) });
        assert_eq!(sent(&[Some(0), Some(0x20), Some(0)], b"label"), (confirmed.clone(), 5));
        // It may take a while to begin.
        assert_eq!(sent(&[Some(0), Some(0), Some(0x20), Some(0x20), Some(0)], b"label").0, confirmed);
        // What it did before has to end first.
        assert_eq!(sent(&[Some(0x20), Some(0), Some(0x20), Some(0)], b"label").0, confirmed);
    }

    #[test]
    fn before_a_label_every_doubt_is_that_nothing_was_sent() {
        for (answers, why) in [
            (&[Some(0x04)][..], faults(&[Fault::PaperOut])),
            (&[Some(0x31)], faults(&[Fault::HeadOpen, Fault::Paused, Fault::Printing])),
            (&[None], Why::NoAnswer),
            (&[], Why::NoAnswer),
        ] {
            assert_eq!(sent(answers, b"label"), (Err(SendError::NothingSent { why }), 0), "{answers:?}");
        }
        assert_eq!(sent(&[], b"").0, Err(SendError::NothingSent { why: Why::Empty }));
    }

    #[test]
    fn after_a_label_every_doubt_is_a_doubt() {
        for (answers, why) in [
            (&[Some(0), Some(0x24)][..], faults(&[Fault::PaperOut, Fault::Printing])),
            (&[Some(0), Some(0x20), Some(0x02)], faults(&[Fault::PaperJam])),
            (&[Some(0), None], Why::NoAnswer),
            (&[Some(0), Some(0x20)], Why::NoAnswer),
        ] {
            let expected = (Err(SendError::Uncertain { written: 5, why }), 5);
            assert_eq!(sent(answers, b"label"), expected, "{answers:?}");
        }
        // At rest from first to last: it may not have begun, and it may have swallowed it.
        let (result, _) = sent(&vec![Some(0); 1_000_000], b"label");
        assert_eq!(result, Err(SendError::Uncertain { written: 5, why: Why::NeverPrinting }));
        let (result, _) = sent(&[&[Some(0)][..], &vec![Some(0x20); 1_000_000]].concat(), b"label");
        assert_eq!(result, Err(SendError::Uncertain { written: 5, why: Why::Unfinished }));
    }

    #[test]
    fn a_write_that_fails_may_have_begun_unless_the_wire_says_otherwise() {
        for (takes, clean, nothing_sent) in [(0, true, true), (0, false, false), (3, true, false)] {
            let mut wire = Played { takes: Some(takes), clean, ..Played::default() };
            let result = deliver(&mut wire, b"label", &options(StatusDialect::None), &AtomicBool::new(false));
            let expected = if nothing_sent {
                SendError::NothingSent { why: Why::Reset }
            } else {
                SendError::Uncertain { written: takes as u64, why: Why::Reset }
            };
            assert_eq!(result, Err(expected));
        }
    }

    #[test]
    fn a_printer_that_says_no_more_before_it_has_everything_is_heard() {
        let send = |closes_at| {
            let mut wire = Played { closes_at: Some(closes_at), ..Played::default() };
            deliver(&mut wire, &vec![1; 3 * CHUNK], &options(StatusDialect::None), &AtomicBool::new(false))
        };
        assert_eq!(send(0), Err(SendError::NothingSent { why: Why::Closed }));
        assert_eq!(send(CHUNK), Err(SendError::Uncertain { written: CHUNK as u64, why: Why::Closed }));
        assert_eq!(send(3 * CHUNK), Ok(Delivery { confirmation: None }));
    }

    #[test]
    fn a_wish_to_stop_is_heard_before_and_in_the_middle() {
        static CANCEL: AtomicBool = AtomicBool::new(true);
        let mut wire = Played::default();
        let result = deliver(&mut wire, b"label", &options(StatusDialect::None), &CANCEL);
        assert_eq!(result, Err(SendError::NothingSent { why: Why::Cancelled }));
        CANCEL.store(false, Ordering::Relaxed);
        let mut wire = Played { cancels_at: Some((CHUNK, &CANCEL)), ..Played::default() };
        let result = deliver(&mut wire, &vec![1; 3 * CHUNK], &options(StatusDialect::None), &CANCEL);
        assert_eq!(result, Err(SendError::Uncertain { written: CHUNK as u64, why: Why::Cancelled }));
    }

    proptest! {
        /// No more than the pace allows with one step ahead, and all of it in the end.
        #[test]
        fn the_pace_is_kept(rate in 1u32.., milliseconds in 0u64..100_000, written in 0usize..1_000_000) {
            let pacing = Pacing { bytes_per_second: Some(rate), linger_ms: 0 };
            let total = written + allowed(pacing, Duration::from_millis(milliseconds), written);
            let due = u64::from(rate) * (milliseconds + 50) / 1000 + 1;
            prop_assert!(total <= written.max(due as usize));
            prop_assert!(allowed(pacing, Duration::from_millis(milliseconds), 0) as u64 * 1000 >= u64::from(rate) * milliseconds);
        }

        /// Whatever a printer answers, nothing is said not to be sent once a byte of it was taken, and nothing is confirmed
        /// that was not taken whole.
        #[test]
        fn no_byte_is_denied(
            answers in proptest::collection::vec(proptest::option::of(prop_oneof![Just(0), Just(0x20), any::<u8>()]), 0..6),
            takes in proptest::option::of(0usize..40),
            label in proptest::collection::vec(any::<u8>(), 0..40),
        ) {
            prop_assume!(label != b"\x1B!?");
            let mut wire = Played { answers: answers.into(), takes, clean: true, ..Played::default() };
            let result = deliver(&mut wire, &label, &options(StatusDialect::Tspl), &AtomicBool::new(false));
            match result {
                Ok(_) => prop_assert_eq!(wire.taken, label),
                Err(SendError::NothingSent { .. }) => prop_assert!(wire.taken.is_empty()),
                Err(SendError::Uncertain { written, .. }) => prop_assert_eq!(wire.taken.len() as u64, written),
            }
        }
    }
}
