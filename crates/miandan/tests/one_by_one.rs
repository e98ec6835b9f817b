//! Labels of a batch that are taken one by one, by a program that embeds the library.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods)] // the tests ask the clock

mod common;

use std::fs;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use common::{Station, list, orders};
use miandan_core::Code;
use miandan_print::{
    BatchOptions, ComponentOptions, Fault, FolderOutput, LabelForm, Labels, Orders, PrintError, Status,
};

/// A station with so many sealed orders, and the batch of them.
fn batch(count: usize) -> (Station, BatchOptions) {
    let station = Station::new();
    station.seal(&orders(count, 5), &[]);
    let batch = batch_of(&station);
    (station, batch)
}

fn batch_of(station: &Station) -> BatchOptions {
    let mut component = ComponentOptions::new(env!("CARGO_BIN_EXE_miandan-component").into());
    component.keys.push(station.path("station.key"));
    component.trust.push(station.path("issuer.key.pub"));
    let orders = Arc::new(Orders::open(&station.path("orders.sealed.jsonl")).unwrap());
    let template = miandan_render::shipped::ONE_PART_76X130.as_bytes();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    BatchOptions { now, workers: 2, ..BatchOptions::new(orders, component, template) }
}

#[test]
fn they_are_the_labels_of_a_folder_in_their_order() {
    let (station, batch) = batch(30);
    let folder = station.path("labels");
    let never = std::sync::atomic::AtomicBool::new(false);
    batch.batch(&never).print(FolderOutput::create(&folder).unwrap(), &mut ()).unwrap();

    let mut labels = Labels::start(batch, LabelForm::Png).unwrap();
    assert_eq!(labels.summary().done, 0, "nothing is known before the end");
    let taken: Vec<_> = labels.by_ref().map(Result::unwrap).collect();
    assert_eq!(
        taken.iter().map(|label| label.number.index).collect::<Vec<_>>(),
        (1..=30).collect::<Vec<_>>()
    );
    for (label, file) in taken.iter().zip(list(&folder)) {
        assert_eq!(label.pages.as_ref().unwrap(), &[fs::read(folder.join(file)).unwrap()]);
    }
    assert_eq!((labels.summary().done, labels.summary().pages), (30, 30));
    assert!(labels.next().is_none() && labels.next().is_none(), "the end is the end");
}

#[test]
fn an_order_that_is_broken_is_a_label_without_pages() {
    let station = Station::new();
    station.seal(&orders(9, 5), &[]);
    let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
    let mut lines: Vec<_> = sealed.lines().collect();
    lines[3] = "{\"broken\"";
    station.write("orders.sealed.jsonl", lines.join("\n").as_bytes());

    let labels = Labels::start(batch_of(&station), LabelForm::Png).unwrap();
    let taken: Vec<_> = labels.map(Result::unwrap).collect();
    assert_eq!(taken.len(), 9);
    for (place, label) in taken.iter().enumerate() {
        match &label.pages {
            Err(failure) => assert_eq!((place, failure.code), (3, Code::Malformed)),
            Ok(pages) => assert!(place != 3 && pages.len() == 1),
        }
    }
}

#[test]
fn what_ends_a_batch_comes_once_and_last() {
    let (_station, batch) = batch(3);
    let refused = BatchOptions { template: b"<page".as_slice().into(), ..batch.clone() };
    let mut labels = Labels::start(refused, LabelForm::Png).unwrap();
    assert_eq!(labels.next().unwrap().unwrap_err().status(), Status::Refused(Code::TemplateRefused));
    assert!(labels.next().is_none());

    let nobody = ComponentOptions::new("/nowhere/miandan-component".into());
    let mut labels = Labels::start(BatchOptions { component: nobody, ..batch }, LabelForm::Png).unwrap();
    assert_eq!(labels.next().unwrap().unwrap_err().status(), Status::ComponentMissing);
    assert!(labels.next().is_none());
}

#[test]
fn a_batch_that_is_cancelled_says_so_and_leaves_no_component() {
    let (station, batch) = batch(400);
    let mut labels = Labels::start(batch.clone(), LabelForm::Png).unwrap();
    let cancel = labels.cancel();
    labels.next().unwrap().unwrap();
    assert!(cancel.is_wanted() && components_of(&station) > 0);
    cancel.cancel();
    let (last, before): (Vec<_>, Vec<_>) = labels.by_ref().partition(Result::is_err);
    assert!(before.len() < 399, "components work ahead by a little");
    assert!(matches!(last.as_slice(), [Err(PrintError::Cancelled)]));
    drop(labels);
    assert!(!cancel.is_wanted());

    // Nobody takes the labels: whoever drops them waits for no one.
    drop(Labels::start(batch, LabelForm::Png).unwrap());
    assert_eq!(components_of(&station), 0, "a component outlived its batch");
}

/// Components that were started with the key of this station.
fn components_of(station: &Station) -> usize {
    let key = station.path("station.key").into_os_string().into_encoded_bytes();
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines.filter(|line| line.split(|&byte| byte == 0).any(|argument| argument == key)).count()
}
