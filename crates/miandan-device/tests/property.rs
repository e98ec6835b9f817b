//! The guarantee of this crate, against printers to which anything happens.
#![cfg(unix)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use miandan_device::{Device, DeviceOptions, SendError, StatusDialect, Timeouts};
use miandan_testing::device::{Event, Script, SimulatedPrinter, Speech};
use proptest::prelude::*;

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        (1usize..4).prop_map(Event::Jam),
        (0usize..3).prop_map(Event::PaperOut),
        (0usize..3).prop_map(Event::HeadOpen),
        (0usize..3).prop_map(Event::Pause),
        (0usize..3).prop_map(Event::Refuse),
        (1usize..4).prop_map(Event::PowerLoss),
        (0u64..3000).prop_map(Event::Reset),
        (0u64..3000).prop_map(Event::Close),
        (0u64..3000).prop_map(Event::Stall),
    ]
}

fn script() -> impl Strategy<Value = Script> {
    let speech = prop_oneof![Just(Speech::Tspl), Just(Speech::TsplSunmi), Just(Speech::Zpl)];
    (speech, proptest::bool::weighted(0.8), 0u64..20, proptest::collection::vec(event(), 0..3)).prop_map(
        |(speech, answers, milliseconds, events)| Script {
            answers,
            events,
            ..Script::well(speech).printing_for(milliseconds)
        },
    )
}

fn label() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 1..200),
        proptest::collection::vec(any::<u8>(), 2000..3000),
        (1usize..2000).prop_map(|length| {
            let picture = vec![b'x'; length];
            [format!("CLS\r\nBITMAP 0,0,{length},1,0,").as_bytes(), &picture, b"\r\nPRINT 1,1\r\n"].concat()
        }),
        "[ -~]{0,300}".prop_map(|text| format!("^XA{text}^XZ").into_bytes()),
    ]
}

/// How the printer is asked: in its own way or not at all. (In another's it would take the question for part of a label.)
fn dialect(speech: Speech, choice: usize) -> StatusDialect {
    let possible = match speech {
        Speech::Tspl => [StatusDialect::None, StatusDialect::Tspl, StatusDialect::TsplExtended],
        Speech::TsplSunmi => [StatusDialect::None, StatusDialect::TsplSunmi, StatusDialect::TsplSunmi],
        Speech::Zpl => [StatusDialect::None, StatusDialect::Zpl, StatusDialect::Zpl],
    };
    possible[choice]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// For any printer and any bytes: what is said not to be sent was not received, not a byte of it.
    #[test]
    fn no_byte_that_was_received_is_denied(
        script in script(),
        choice in 0usize..3,
        labels in proptest::collection::vec(label(), 1..4),
        cancel_after in proptest::option::weighted(0.2, 0u64..1500),
    ) {
        let status = dialect(script.speech, choice);
        let printer = SimulatedPrinter::start(script).unwrap();
        let short = Duration::from_millis(60);
        let timeouts = Timeouts {
            connect: Duration::from_secs(5),
            stall: short,
            answer: short,
            confirm: short,
            poll: Duration::from_millis(2),
            close: short,
        };
        let options = DeviceOptions { status, timeouts, ..DeviceOptions::default() };
        let mut device = Device::open(&printer.uri().parse().unwrap(), options).unwrap();
        for label in &labels {
            prop_assert!(printer.wait_until_quiet());
            let (before, out) = (printer.received(), printer.printed().len());
            let cancel = AtomicBool::new(false);
            let result = thread::scope(|scope| {
                let sending = scope.spawn(|| device.send("1", label, &cancel));
                if let Some(after) = cancel_after {
                    while printer.received() < before + after && !sending.is_finished() {
                        thread::yield_now();
                    }
                    cancel.store(true, Ordering::Relaxed);
                }
                sending.join().unwrap()
            });
            prop_assert!(printer.wait_until_quiet());
            let received = printer.received() - before;
            match result {
                Err(SendError::NothingSent { .. }) => prop_assert_eq!(received, 0),
                Err(SendError::Uncertain { written, .. }) => prop_assert!(written <= label.len() as u64),
                // A printer that tells the truth confirms nothing that has not come out.
                Ok(delivery) => prop_assert!(delivery.confirmation.is_none() || printer.printed().len() > out),
            }
        }
    }
}
