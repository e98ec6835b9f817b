//! Everything that befalls a printer on a socket, against what is said of the label: delivered, by which rung, nothing sent,
//! or uncertain; and how often the label came out.
#![cfg(unix)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use miandan_device::{
    Delivery, Device, DeviceOptions, Fault, Pacing, Rung, SendError, Status, StatusDialect, StatusError,
    Timeouts, Why,
};
use miandan_testing::device::{Event, Script, SimulatedPrinter, Speech};

/// A label of so many bytes, with a number in it.
fn label(speech: Speech, number: usize, length: usize) -> Vec<u8> {
    match speech {
        Speech::Tspl | Speech::TsplSunmi => {
            let mut label = format!("SIZE 76 mm,130 mm\r\nCLS\r\nBITMAP 0,0,{length},1,0,").into_bytes();
            // Bytes of a picture that look like commands and like questions.
            let picture = format!("{number:06}\r\nPRINT 1,1\r\n\x1B!?").into_bytes();
            label.extend(picture.iter().cycle().take(length));
            label.extend(b"\r\nPRINT 1,1\r\n");
            label
        }
        Speech::Zpl => {
            format!("^XA^PW608^LL1040^FX{number:06}{}^PQ1,0,1,Y^XZ", "x".repeat(length)).into_bytes()
        }
    }
}

fn dialect(speech: Speech) -> StatusDialect {
    match speech {
        Speech::Tspl => StatusDialect::Tspl,
        Speech::TsplSunmi => StatusDialect::TsplSunmi,
        Speech::Zpl => StatusDialect::Zpl,
    }
}

/// Short where something is waited for in vain, long where something comes.
fn options(status: StatusDialect) -> DeviceOptions {
    let timeouts = Timeouts {
        answer: Duration::from_millis(400),
        stall: Duration::from_millis(400),
        poll: Duration::from_millis(5),
        close: Duration::from_millis(400),
        ..Timeouts::default()
    };
    DeviceOptions { status, timeouts, ..DeviceOptions::default() }
}

/// The same, and a printer is not waited for until it has printed.
fn impatient(status: StatusDialect) -> DeviceOptions {
    let waiting = options(status);
    let timeouts = Timeouts { confirm: Duration::from_millis(400), ..waiting.timeouts };
    DeviceOptions { timeouts, ..waiting }
}

fn device(printer: &SimulatedPrinter, options: DeviceOptions) -> Device {
    Device::open(&printer.uri().parse().unwrap(), options).unwrap()
}

fn send(device: &mut Device, label: &[u8]) -> Result<Delivery, SendError> {
    device.send("1", label, &AtomicBool::new(false))
}

fn start(script: Script) -> SimulatedPrinter {
    SimulatedPrinter::start(script).unwrap()
}

fn confirmed(rung: Rung) -> Result<Delivery, SendError> {
    Ok(Delivery { confirmation: Some(rung) })
}

const ACCEPTED: Result<Delivery, SendError> = Ok(Delivery { confirmation: None });

fn nothing(why: Why) -> Result<Delivery, SendError> {
    Err(SendError::NothingSent { why })
}

fn fault(fault: Fault) -> Why {
    Why::Fault([fault].into_iter().collect())
}

fn why_uncertain(result: Result<Delivery, SendError>) -> Why {
    match result {
        Err(SendError::Uncertain { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

/// Large enough not to fit into what the systems and the print server hold between them.
const LARGE: usize = 8 << 20;

#[test]
fn a_printer_that_is_well_confirms_by_its_rung() {
    for (speech, dialect, rung) in [
        (Speech::Tspl, StatusDialect::Tspl, Rung::TsplStatus),
        (Speech::Tspl, StatusDialect::TsplExtended, Rung::TsplStatus),
        (Speech::TsplSunmi, StatusDialect::TsplSunmi, Rung::TsplStatus),
        (Speech::Zpl, StatusDialect::Zpl, Rung::ZplStatus),
    ] {
        let printer = start(Script::well(speech).printing_for(300));
        let mut device = device(&printer, options(dialect));
        assert_eq!(device.status().map(|status| status.is_ready()), Ok(true));
        let labels: Vec<_> = (0..2).map(|number| label(speech, number, 79_040)).collect();
        for label in &labels {
            assert_eq!(send(&mut device, label), confirmed(rung), "{dialect}");
        }
        assert_eq!(printer.printed(), labels, "each once, when it was confirmed: {dialect}");
        assert_eq!(printer.connections(), 3, "one a label, one a question");
    }
}

#[test]
fn a_printer_that_cannot_be_asked_has_the_bytes_and_no_more_is_said() {
    let printer = start(Script::well(Speech::Tspl).silent().printing_for(1));
    let mut device = device(&printer, options(StatusDialect::None));
    let labels: Vec<_> = (0..5).map(|number| label(Speech::Tspl, number, 79_040)).collect();
    for label in &labels {
        assert_eq!(send(&mut device, label), ACCEPTED);
    }
    assert!(printer.wait_for_printed(5));
    assert_eq!(printer.printed(), labels);
    assert_eq!(device.status(), Err(StatusError::NothingToAsk));
}

#[test]
fn no_answer_is_never_a_good_one() {
    let printer = start(Script::well(Speech::Tspl).silent());
    let mut device = device(&printer, options(StatusDialect::Tspl));
    assert_eq!(device.status(), Err(StatusError::Failed(Why::NoAnswer)));
    assert_eq!(send(&mut device, b"CLS\r\nPRINT 1\r\n"), nothing(Why::NoAnswer));
    assert!(printer.wait_until_quiet());
    assert_eq!((printer.received(), printer.printed()), (0, vec![]));
}

#[test]
fn who_is_not_there_was_sent_nothing() {
    let printer = start(Script::well(Speech::Tspl).printing_for(300));
    let mut device = device(&printer, options(StatusDialect::Tspl));
    printer.refuse();
    let label = label(Speech::Tspl, 1, 1000);
    assert_eq!(send(&mut device, &label), nothing(Why::Refused));
    assert_eq!(device.status(), Err(StatusError::Failed(Why::Refused)));
    printer.accept();
    assert_eq!(send(&mut device, &label), confirmed(Rung::TsplStatus));
    assert_eq!(printer.printed().len(), 1);

    let mut nobody =
        Device::open(&"socket://no-such-printer.invalid".parse().unwrap(), options(StatusDialect::None))
            .unwrap();
    assert_eq!(send(&mut nobody, &label), nothing(Why::NameNotFound));
    #[cfg(feature = "ipp")]
    {
        let uri = "ipp://no-such-printer.invalid/ipp/print".parse().unwrap();
        let mut nobody = Device::open(&uri, options(StatusDialect::None)).unwrap();
        assert_eq!(send(&mut nobody, &label), nothing(Why::NameNotFound));
        assert_eq!(nobody.status(), Err(StatusError::Failed(Why::NameNotFound)));
    }
}

#[test]
fn a_fault_before_a_label_keeps_it_back_and_one_after_it_is_a_doubt() {
    for speech in [Speech::Tspl, Speech::TsplSunmi, Speech::Zpl] {
        let label = label(speech, 1, 20_000);
        // A printer at rest does not know that it has no paper.
        let printer = start(Script::well(speech).with(Event::PaperOut(0)));
        let mut device = device(&printer, impatient(dialect(speech)));
        let why = why_uncertain(send(&mut device, &label));
        // A Zebra without paper says nothing.
        let silent = speech == Speech::Zpl;
        assert_eq!(why, if silent { Why::NoAnswer } else { fault(Fault::PaperOut) }, "{speech:?}");
        let kept_back = if silent { Why::NoAnswer } else { fault(Fault::PaperOut) };
        assert_eq!(send(&mut device, &label), nothing(kept_back));
        assert_eq!(printer.printed().len(), 0);
        // Paper comes, and so does the label that was in doubt: it must not have been sent again.
        printer.resume();
        assert!(printer.wait_for_printed(1));
        assert!(printer.wait_until_quiet());
        assert_eq!(printer.received(), label.len() as u64);
    }
}

#[test]
fn an_open_head_and_a_pause_are_told_apart() {
    let printer = start(Script::well(Speech::Tspl).printing_for(300));
    let mut device = device(&printer, options(StatusDialect::Tspl));
    let label = label(Speech::Tspl, 1, 1000);
    printer.open_head();
    assert_eq!(device.status().map(|status| status.faults), Ok([Fault::HeadOpen].into_iter().collect()));
    assert_eq!(send(&mut device, &label), nothing(fault(Fault::HeadOpen)));
    printer.resume();
    printer.pause();
    assert_eq!(send(&mut device, &label), nothing(fault(Fault::Paused)));
    printer.resume();
    assert_eq!(send(&mut device, &label), confirmed(Rung::TsplStatus));
    assert_eq!(printer.printed(), [label]);
}

#[test]
fn a_jam_while_a_label_comes_is_a_doubt_and_the_label_may_come_out_later() {
    for (status, length) in [(StatusDialect::None, LARGE), (StatusDialect::Tspl, LARGE)] {
        let printer = start(Script::well(Speech::Tspl).with(Event::Jam(1)));
        let mut device = device(&printer, options(status));
        assert_eq!(why_uncertain(send(&mut device, &label(Speech::Tspl, 1, length))), Why::Stalled);
        assert!(printer.printed().is_empty() && printer.received() > 0);
    }
    // A label that is small is on its way before anything is noticed.
    let printer = start(Script::well(Speech::Tspl).with(Event::Jam(1)));
    let mut device = device(&printer, impatient(StatusDialect::Tspl));
    let small = label(Speech::Tspl, 1, 500);
    assert_eq!(why_uncertain(send(&mut device, &small)), Why::NoAnswer);
    printer.resume();
    assert!(printer.wait_for_printed(1));
    assert_eq!(printer.printed(), [small]);
}

#[test]
fn a_connection_that_breaks_in_the_middle_is_a_doubt() {
    for event in [Event::Reset(50_000), Event::Close(50_000)] {
        for status in [StatusDialect::None, StatusDialect::Tspl] {
            let printer = start(Script::well(Speech::Tspl).with(event));
            let mut device = device(&printer, options(status));
            let result = send(&mut device, &label(Speech::Tspl, 1, LARGE));
            let why = why_uncertain(result);
            assert!(matches!(why, Why::Reset | Why::Closed), "{event:?}: {why}");
            assert!(printer.wait_until_quiet());
            assert_eq!((printer.received(), printer.printed().len()), (50_000, 0));
        }
    }
}

/// What is lost is in the last bytes, which this machine has taken long before they are read: CUPS calls such a job completed.
#[test]
fn a_connection_that_breaks_at_the_end_is_a_doubt() {
    let label = label(Speech::Tspl, 1, 100_000);
    for event in
        [Event::Reset(label.len() as u64 - 5_000), Event::Reset(1), Event::Close(label.len() as u64 - 5_000)]
    {
        let printer = start(Script::well(Speech::Tspl).with(event));
        let mut device = device(&printer, options(StatusDialect::None));
        let why = why_uncertain(send(&mut device, &label));
        assert!(matches!(why, Why::Reset | Why::Closed), "{event:?}: {why}");
        assert!(printer.printed().is_empty());
    }
}

/// Also where this machine takes the whole label at once: what has not arrived is not accepted.
#[test]
fn a_printer_that_reads_no_more_is_a_doubt() {
    for length in [60_000, LARGE] {
        let printer = start(Script::well(Speech::Tspl).with(Event::Stall(10_000)));
        let mut device = device(&printer, options(StatusDialect::None));
        assert_eq!(why_uncertain(send(&mut device, &label(Speech::Tspl, 1, length))), Why::Stalled);
        // The next one finds nobody who reads either.
        assert_eq!(why_uncertain(send(&mut device, &label(Speech::Tspl, 2, length))), Why::Stalled);
        assert_eq!(printer.received(), 10_000);
    }
}

#[test]
fn a_printer_that_loses_its_power_is_a_doubt() {
    let printer = start(Script::well(Speech::Tspl).printing_for(300).with(Event::PowerLoss(2)));
    let mut device = device(&printer, options(StatusDialect::Tspl));
    let labels: Vec<_> = (0..3).map(|number| label(Speech::Tspl, number, 79_040)).collect();
    assert_eq!(send(&mut device, &labels[0]), confirmed(Rung::TsplStatus));
    assert!(matches!(why_uncertain(send(&mut device, &labels[1])), Why::Reset | Why::Closed));
    assert_eq!(send(&mut device, &labels[2]), confirmed(Rung::TsplStatus));
    assert_eq!(
        printer.printed(),
        [&labels[0][..], &labels[2]],
        "the one in doubt was lost, and it is known which"
    );
}

#[test]
fn power_that_goes_while_it_prints_is_a_doubt() {
    let printer = start(Script::well(Speech::Tspl).printing_for(60_000));
    let label = label(Speech::Tspl, 1, 5_000);
    let sending = {
        let (mut device, label) = (device(&printer, options(StatusDialect::Tspl)), label.clone());
        thread::spawn(move || send(&mut device, &label))
    };
    while printer.received() < label.len() as u64 {
        thread::yield_now();
    }
    printer.lose_power();
    assert!(matches!(why_uncertain(sending.join().unwrap()), Why::Reset | Why::Closed));
    assert!(printer.printed().is_empty());
}

#[test]
fn a_slow_printer_is_no_fault() {
    let printer = start("tspl,slow@200000,print@300".parse().unwrap());
    let mut device = device(&printer, options(StatusDialect::Tspl));
    let label = label(Speech::Tspl, 1, 60_000);
    // It takes nothing for longer than an answer may take, but never for long enough to have stalled.
    let long = DeviceOptions {
        timeouts: Timeouts {
            answer: Duration::from_secs(20),
            stall: Duration::from_secs(20),
            ..Timeouts::default()
        },
        ..options(StatusDialect::Tspl)
    };
    assert_eq!(send(&mut device, b""), nothing(Why::Empty));
    let mut device = self::device(&printer, long);
    assert_eq!(send(&mut device, &label), confirmed(Rung::TsplStatus));
    assert_eq!(printer.printed(), [label]);
}

#[test]
fn what_the_caller_wants_is_heard() {
    let printer = start(Script::well(Speech::Tspl).with(Event::Stall(10_000)));
    let mut device =
        device(&printer, DeviceOptions { timeouts: Timeouts::default(), ..options(StatusDialect::None) });
    let label = label(Speech::Tspl, 1, LARGE);
    assert_eq!(device.send("1", &label, &AtomicBool::new(true)), nothing(Why::Cancelled));
    let cancel = AtomicBool::new(false);
    let result = thread::scope(|scope| {
        let sending = scope.spawn(|| device.send("1", &label, &cancel));
        assert!(printer.wait_until_stalled());
        cancel.store(true, Ordering::Relaxed);
        sending.join().unwrap()
    });
    assert_eq!(why_uncertain(result), Why::Cancelled);
}

#[test]
fn the_pace_of_a_profile_is_kept_and_the_line_stays_open() {
    let printer = start(Script::well(Speech::Tspl).silent().printing_for(1));
    let pacing = Pacing { bytes_per_second: Some(200_000), linger_ms: 50 };
    let mut device = device(&printer, DeviceOptions { pacing, ..options(StatusDialect::None) });
    let label = label(Speech::Tspl, 1, 60_000);
    assert_eq!(send(&mut device, &label), ACCEPTED);
    assert!(printer.wait_for_printed(1));
    // 60,000 bytes at 200,000 a second, the first step of a twentieth of a second ahead.
    assert!(printer.printed_with_times()[0].at >= Duration::from_millis(200));
}

/// The last label of one host is still printing when the next host asks: what it sees is not its own label.
#[test]
fn a_printer_that_is_busy_is_waited_for() {
    let printer = start(Script::well(Speech::Tspl).printing_for(400));
    let [first, second] = [1, 2].map(|number| label(Speech::Tspl, number, 5_000));
    let mut blind = device(&printer, options(StatusDialect::None));
    assert_eq!(send(&mut blind, &first), ACCEPTED);
    let mut device = device(&printer, options(StatusDialect::Tspl));
    assert_eq!(send(&mut device, &second), confirmed(Rung::TsplStatus));
    assert_eq!(printer.printed(), [first, second], "the second one as well, when it was confirmed");
}

#[test]
fn a_status_is_what_the_printer_says() {
    for speech in [Speech::Tspl, Speech::TsplSunmi] {
        let printer = start(Script::well(speech).with(Event::Pause(0)));
        let status = device(&printer, options(dialect(speech))).status().unwrap();
        assert_eq!(status, Status { faults: [Fault::Paused].into_iter().collect(), labels_left: None });
        assert!(status.needs_a_person());
    }
}
