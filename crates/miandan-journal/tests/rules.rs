//! Whatever programs and people do, in whatever order: what may be on paper is not sent again, and the journal is whole.

use std::collections::HashMap;

use miandan_journal::*;
use proptest::prelude::*;

const NOW: u64 = 1_794_362_400;
const LABELS: u32 = 3;
const BYTES: [u8; 32] = [9; 32];

/// Something that a program or a person tries, whether it makes sense or not.
#[derive(Clone, Debug)]
enum Act {
    Record(u32, Transition),
    Settle(u32, Verdict),
    Reprint(u32),
    ResumeFrom(u32),
    /// The program ends, and another one opens the batch.
    Restart,
}

fn transition() -> impl Strategy<Value = Transition> {
    prop_oneof![
        2 => Just(Transition::Rendered { bytes: BYTES }),
        4 => any::<bool>().prop_map(|answers| Transition::Sending {
            printer: "bench-1".into(),
            bytes: BYTES,
            answers,
        }),
        3 => Just(Transition::Sent),
        1 => prop::sample::select(&Rung::ALL[..]).prop_map(|rung| Transition::Confirmed { rung }),
        1 => Just(Transition::Unknown { reason: "no answer".into() }),
        2 => Just(Transition::Failed { reason: "refused".into() }),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    let label = || 1..=LABELS;
    let verdict = prop::sample::select(&[Verdict::Printed, Verdict::Scanned, Verdict::NotPrinted][..]);
    prop_oneof![
        12 => (label(), transition()).prop_map(|(label, transition)| Act::Record(label, transition)),
        2 => (label(), verdict).prop_map(|(label, verdict)| Act::Settle(label, verdict)),
        2 => label().prop_map(Act::Reprint),
        1 => label().prop_map(Act::ResumeFrom),
        2 => Just(Act::Restart),
    ]
}

fn order(number: u32) -> NewLabel {
    let key = LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:010}"), parcel: 0 };
    NewLabel { key, order_id: format!("O-{number}"), identity: [1; 32], content: [2; 32] }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_may_be_on_paper_is_sent_again(acts in prop::collection::vec(act(), 1..40)) {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(&folder.path().join("journal.db")).unwrap();
        let batch = journal.plan(None, (1..=LABELS).map(order), NOW).unwrap();
        let mut open = Some(journal.open_batch(batch.id, NOW).unwrap());
        // What the world knows: which physical labels bytes went out for, and nobody took it back.
        let mut paper: HashMap<PrintId, bool> = HashMap::new();
        let mut now = NOW;
        for act in acts {
            now += 1;
            let latest = |position: u32| {
                let after = PrintId { position: position - 1, copy: u32::MAX };
                journal.reader().latest(batch.id, Some(after), 1).unwrap().remove(0)
            };
            let working = open.as_ref().unwrap();
            match act {
                Act::Record(position, transition) => {
                    let label = latest(position);
                    let (before, to) = (paper.get(&label.id).copied().unwrap_or(false), transition.to());
                    if working.record(label.id, transition, now).is_ok() {
                        prop_assert!(!(before && to == State::Sending), "{:?} was sent twice", label.id);
                        match to {
                            State::Sending => { paper.insert(label.id, true); }
                            // The sender is sure that nothing arrived: it says so before it says "sent" or "unknown".
                            State::Failed => {
                                prop_assert!(label.state != State::Sent && label.state != State::Unknown);
                                paper.insert(label.id, false);
                            }
                            _ => {}
                        }
                    }
                }
                Act::Settle(position, verdict) => {
                    let label = latest(position);
                    let settled = journal.settle(batch.id, &[label.id], verdict, "Operator 1", "looked", now);
                    prop_assert_eq!(
                        settled.is_ok(),
                        label.state == State::Unknown
                            || (label.state == State::Sent && verdict != Verdict::NotPrinted)
                    );
                    if settled.is_ok() && verdict == Verdict::NotPrinted {
                        paper.insert(label.id, false);
                    }
                }
                Act::Reprint(position) => {
                    let label = latest(position);
                    match working.reprint([position], "jam", "Operator 1", now) {
                        Ok(prints) => {
                            let copy = label.id.copy + u32::from(paper.get(&label.id) == Some(&true));
                            prop_assert_eq!(prints, [PrintId { position, copy }]);
                        }
                        Err(error) => prop_assert_eq!(error, JournalError::BeingSent(label.number)),
                    }
                }
                Act::ResumeFrom(position) => {
                    if let Ok(resumed) = working.resume_from(position, "jam", "Operator 1", now) {
                        let places: Vec<_> = resumed.to_print.iter().map(|print| print.position).collect();
                        prop_assert_eq!(places, (position..=LABELS).collect::<Vec<_>>());
                        for print in resumed.to_print {
                            prop_assert!(paper.get(&print) != Some(&true));
                        }
                    }
                }
                Act::Restart => {
                    drop(open.take());
                    open = Some(journal.open_batch(batch.id, now).unwrap());
                    prop_assert_eq!(journal.reader().status(batch.id).unwrap().counts.of(State::Sending), 0);
                }
            }
            // What the journal would send by itself is never what may be on paper, and the other way round.
            let waiting = journal.reader().to_print(batch.id, None, 100).unwrap();
            for position in 1..=LABELS {
                let label = latest(position).id;
                let waits = waiting.iter().any(|print| print.id == label);
                prop_assert_eq!(waits, paper.get(&label) != Some(&true), "{:?}", label);
            }
            prop_assert_eq!(journal.reader().status(batch.id).unwrap().counts.all(), LABELS);
        }
        let printed = paper.values().filter(|on_paper| **on_paper).count();
        prop_assert_eq!(journal.reader().prints(&[1; 32]).unwrap() as usize, printed);
        let verified = journal.reader().verify(None).unwrap();
        prop_assert_eq!((verified.damage, verified.notes), (vec![], vec![]));
    }
}
