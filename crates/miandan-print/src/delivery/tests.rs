//! Printers at work on labels that are made already, against simulated printers.

use std::sync::atomic::AtomicUsize;

use miandan_journal::{Journal, LabelKey, NewLabel, State};
use miandan_testing::device::{Event as Misfortune, Script, SimulatedPrinter, Speech};

use super::queue::Made;
use super::*;
use crate::printer::find_profile;

const NOW: u64 = 1_794_362_400;
const PATIENCE: Duration = Duration::from_secs(20);

/// A journal with a batch of so many labels.
struct Desk {
    _folder: tempfile::TempDir,
    journal: Journal,
    batch: OpenBatch,
    prints: Vec<PrintId>,
}

impl Desk {
    fn new(labels: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let orders = (1..=labels).map(|number| NewLabel {
            key: LabelKey { carrier: "SF".into(), waybill: format!("SF{number:010}"), parcel: 0 },
            order_id: format!("O-{number}"),
            identity: [number as u8; 32],
            content: [number as u8; 32],
        });
        let batch = journal.plan(None, orders, NOW).unwrap();
        let batch = journal.open_batch(batch.id, NOW).unwrap();
        Desk { _folder: folder, journal, batch, prints: (1..=labels).map(PrintId::first).collect() }
    }

    /// Sends all labels, as a batch that makes them would have them sent.
    fn send(&self, printers: &[Printer], stop: &AtomicBool, events: &dyn DeliveryObserver) -> Delivered {
        let delivery = Delivery {
            batch: &self.batch,
            prints: &self.prints,
            printers,
            clock: &|| NOW,
            stop,
            cancel: &AtomicBool::new(false),
            patience: PATIENCE,
        };
        let queue = Queue::new(printers.len());
        let delivered = Mutex::new(Delivered::default());
        thread::scope(|scope| {
            for (place, printer) in printers.iter().enumerate() {
                let (delivery, queue, delivered) = (&delivery, &queue, &delivered);
                scope.spawn(move || printer::run(delivery, place, printer, queue, delivered, events));
            }
            for &print in &self.prints {
                if !queue.put(Made { print, bytes: label(print.position) }) {
                    break;
                }
            }
            queue.close();
        });
        assert_eq!(queue.failure(), None);
        delivered.into_inner().unwrap()
    }

    fn states(&self) -> Vec<State> {
        let reader = self.journal.reader();
        self.prints
            .iter()
            .map(|&print| reader.print(self.batch.batch().id, print).unwrap().unwrap().state)
            .collect()
    }
}

fn label(number: u32) -> Vec<u8> {
    let mut label = b"SIZE 76 mm,130 mm\r\nCLS\r\nBITMAP 0,0,100,20,0,".to_vec();
    label.extend(std::iter::repeat_n(number as u8, 2000));
    label.extend(format!("\r\nREM {number:06}\r\nPRINT 1,1\r\n").bytes());
    label
}

/// Which labels came out, by their numbers.
fn printed(printer: &SimulatedPrinter) -> Vec<u32> {
    let number = |label: &Vec<u8>| {
        let text = String::from_utf8_lossy(label);
        text.split("REM ").nth(1).unwrap()[..6].parse().unwrap()
    };
    printer.printed().iter().map(number).collect()
}

fn open(printer: &SimulatedPrinter, profile: &str) -> Printer {
    Printer::open(&printer.uri(), find_profile(profile).unwrap().read().unwrap()).unwrap()
}

fn quick() -> Script {
    Script::well(Speech::Tspl).printing_for(40)
}

#[test]
fn every_label_comes_out_once_and_in_order() {
    let desk = Desk::new(12);
    let simulated = SimulatedPrinter::start(quick()).unwrap();
    let delivered = desk.send(&[open(&simulated, "tsc")], &AtomicBool::new(false), &());
    assert!(simulated.wait_for_printed(12));
    assert_eq!(printed(&simulated), (1..=12).collect::<Vec<_>>());
    assert_eq!((delivered.sent, delivered.confirmed, delivered.unknown), (12, 12, 0));
    assert_eq!(desk.states(), [State::Confirmed; 12]);
    assert!(desk.journal.reader().verify(None).unwrap().is_whole());
}

#[test]
fn printers_share_labels_and_none_comes_out_twice() {
    let desk = Desk::new(30);
    let simulated: Vec<_> = (0..3).map(|_| SimulatedPrinter::start(quick()).unwrap()).collect();
    let printers: Vec<_> = simulated.iter().map(|printer| open(printer, "tsc")).collect();
    let delivered = desk.send(&printers, &AtomicBool::new(false), &());
    assert_eq!(delivered.sent, 30);
    let each: Vec<_> = simulated.iter().map(printed).collect();
    assert!(each.iter().all(|labels| !labels.is_empty() && labels.is_sorted()), "{each:?}");
    let mut all = each.concat();
    all.sort_unstable();
    assert_eq!(all, (1..=30).collect::<Vec<_>>());
}

#[test]
fn a_label_that_may_be_on_paper_stops_its_printer_and_nothing_is_sent_again() {
    for misfortune in [Misfortune::Reset(5_000), Misfortune::PowerLoss(3), Misfortune::Close(5_000)] {
        let desk = Desk::new(8);
        let simulated = SimulatedPrinter::start(quick().with(misfortune)).unwrap();
        let delivered = desk.send(&[open(&simulated, "tsc")], &AtomicBool::new(false), &());
        let states = desk.states();
        let unknown = states.iter().position(|&state| state == State::Unknown).unwrap();
        assert_eq!(delivered.unknown, 1, "{misfortune:?}: {states:?}");
        assert!(
            matches!(&delivered.stopped[..], [(0, Stopped::Unknown(number, _))] if number.position == unknown as u32 + 1)
        );
        assert!(states[..unknown].iter().all(|&state| state == State::Confirmed), "{states:?}");
        assert!(states[unknown + 1..].iter().all(|&state| state == State::Planned), "{states:?}");
        let mut labels = printed(&simulated);
        labels.dedup();
        assert_eq!(labels.len(), simulated.printed().len(), "{misfortune:?}: something came out twice");
        assert!(labels.len() <= unknown + 1);
    }
}

/// Puts in paper when it is told that a printer waits.
struct Clerk<'a> {
    printer: &'a SimulatedPrinter,
    waited: AtomicUsize,
}

impl DeliveryObserver for Clerk<'_> {
    fn event(&self, _: usize, event: &Event) {
        if let Event::Waiting(..) = event {
            self.waited.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            self.printer.resume();
            self.printer.accept();
        }
    }
}

#[test]
fn a_printer_that_takes_nothing_is_waited_for() {
    let desk = Desk::new(6);
    let simulated = SimulatedPrinter::start(quick().with(Misfortune::Refuse(3))).unwrap();
    let clerk = Clerk { printer: &simulated, waited: AtomicUsize::new(0) };
    let delivered = desk.send(&[open(&simulated, "tsc")], &AtomicBool::new(false), &clerk);
    assert!(clerk.waited.into_inner() > 0);
    assert_eq!(printed(&simulated), (1..=6).collect::<Vec<_>>());
    assert_eq!((delivered.sent, delivered.unknown, desk.states()), (6, 0, vec![State::Confirmed; 6]));
}

#[test]
fn what_one_printer_cannot_be_sent_another_prints() {
    let desk = Desk::new(10);
    let simulated = SimulatedPrinter::start(quick()).unwrap();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("socket://{}", nobody.local_addr().unwrap());
    drop(nobody);
    let mut impatient = [
        Printer::open(&gone, find_profile("tsc").unwrap().read().unwrap()).unwrap(),
        open(&simulated, "tsc"),
    ];
    impatient.reverse();
    let delivery = desk.send(&impatient, &AtomicBool::new(false), &());
    // The one that is gone takes a label at most and gives it back when patience is over.
    let mut labels = printed(&simulated);
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), simulated.printed().len());
    assert_eq!(delivery.sent, labels.len());
    assert!(delivery.sent >= 9, "{delivery:?}");
    assert_eq!(desk.states().iter().filter(|&&state| state == State::Confirmed).count(), delivery.sent);
    assert!(desk.states().iter().all(|&state| state != State::Unknown));
}

/// Stops after some labels, as Ctrl-C does.
struct Impatient<'a> {
    stop: &'a AtomicBool,
    after: u32,
}

impl DeliveryObserver for Impatient<'_> {
    fn event(&self, _: usize, event: &Event) {
        if let Event::Sending(print) = event
            && print.position == self.after
        {
            self.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        }
    }
}

#[test]
fn a_stop_comes_after_the_label_in_flight() {
    let desk = Desk::new(20);
    let simulated = SimulatedPrinter::start(quick()).unwrap();
    let stop = AtomicBool::new(false);
    let delivered = desk.send(&[open(&simulated, "tsc")], &stop, &Impatient { stop: &stop, after: 7 });
    assert_eq!(printed(&simulated), (1..=7).collect::<Vec<_>>());
    assert_eq!((delivered.sent, delivered.unknown), (7, 0));
    let states = desk.states();
    assert_eq!(states[..7], [State::Confirmed; 7]);
    assert_eq!(states[7..], [State::Planned; 13]);
}

#[test]
fn a_printer_that_cannot_be_asked_leaves_labels_sent() {
    let desk = Desk::new(4);
    let simulated = SimulatedPrinter::start(quick().silent()).unwrap();
    let mut profile = find_profile("tspl").unwrap().read().unwrap();
    profile.status = miandan_core::printer::StatusDialect::None;
    let printer = Printer::open(&simulated.uri(), profile).unwrap();
    let delivered = desk.send(&[printer], &AtomicBool::new(false), &());
    assert_eq!((delivered.sent, delivered.confirmed), (4, 0));
    assert_eq!(desk.states(), [State::Sent; 4]);
}

#[test]
fn profiles_that_differ_share_no_labels() {
    let printers = ["tsc", "zebra"].map(|profile| {
        Printer::open("file:/dev/null", find_profile(profile).unwrap().read().unwrap()).unwrap()
    });
    let desk = Desk::new(1);
    let delivery = Delivery {
        batch: &desk.batch,
        prints: &desk.prints,
        printers: &printers,
        clock: &|| NOW,
        stop: &AtomicBool::new(false),
        cancel: &AtomicBool::new(false),
        patience: PATIENCE,
    };
    assert!(matches!(delivery.profile(), Err(DeliveryError::Profiles)));
    assert!(matches!(Delivery { printers: &[], ..delivery }.profile(), Err(DeliveryError::Profiles)));
}
