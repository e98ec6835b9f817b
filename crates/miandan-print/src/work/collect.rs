//! Reads the clear part of every order once and keeps what work is arranged by.

use std::cmp::Ordering;
use std::io;

use miandan_core::Code;
use miandan_journal::{LabelKey, NewLabel};
use miandan_seal::limits::SKEW;
use miandan_seal::{ClearHeader, clear_header};

use super::goods::{Goods, lines};
use super::intern::Interner;
use super::natural::natural;
use super::repeats::{self, Mark, MergeMark, Repeat};
use crate::orders::Orders;

/// Orders that are read at once.
const BLOCK: usize = 64;

/// What is known of the orders of an input without opening them.
#[derive(Debug)]
pub struct Work {
    /// The orders that are printed, in the order of the input.
    pub(super) entries: Vec<Entry>,
    /// The goods of all orders, those of one in the order of `goods`.
    lines: Vec<EntryLine>,
    /// All goods, in their order.
    pub(super) goods: Vec<Goods>,
    pub(super) carriers: Vec<String>,
    /// Issuers and merchants.
    pub(super) parties: Vec<[String; 2]>,
    unreadable: Vec<(u32, Code)>,
    out_of_date: Vec<(u32, Code)>,
    repeats: Vec<Repeat>,
    merges: Vec<Vec<u32>>,
}

/// An order. Its numbers are places in the sorted values of the [`Work`], so that to compare them is to compare the texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) index: u32,
    pub(super) carrier: u32,
    pub(super) party: u32,
    pub(super) region: u32,
    pub(super) route: u32,
    /// Where its goods begin.
    lines: u32,
    /// How many kinds of goods it has.
    pub(super) kinds: u32,
    /// How often it may be printed.
    pub(super) limit: Option<u32>,
}

/// A line of goods of an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct EntryLine {
    /// Place in the goods of the [`Work`].
    pub(super) goods: u32,
    pub(super) pieces: u32,
}

impl Work {
    /// Reads the clear part of every order. `now` is the time in seconds since 1970.
    ///
    /// # Errors
    /// If the input has become shorter or cannot be read.
    pub fn read(orders: &Orders, now: u64) -> io::Result<Work> {
        let mut collector = Collector::new(orders.len(), now);
        let mut buffer = Vec::new();
        for start in (0..orders.len()).step_by(BLOCK) {
            let block = start..orders.len().min(start + BLOCK);
            for place in orders.read(block, &mut buffer)? {
                collector.add(clear_header(&buffer[place]));
            }
        }
        Ok(collector.finish())
    }

    /// The same of headers that the caller has read, one for each order of the input.
    pub fn from_headers(headers: impl IntoIterator<Item = Result<ClearHeader, Code>>, now: u64) -> Work {
        let headers = headers.into_iter();
        let mut collector = Collector::new(headers.size_hint().0, now);
        headers.for_each(|header| collector.add(header));
        collector.finish()
    }

    /// The orders that cannot be read, counted from 0, and why not.
    #[must_use]
    pub fn unreadable(&self) -> &[(u32, Code)] {
        &self.unreadable
    }

    /// The orders that say of themselves that they may not be printed yet or not any more
    /// ([`Code::NotYetValid`], [`Code::Expired`]). They are in the sequence: the component decides, by its own time.
    #[must_use]
    pub fn out_of_date(&self) -> &[(u32, Code)] {
        &self.out_of_date
    }

    /// The orders whose waybill stands in the input before them, by their index.
    #[must_use]
    pub fn repeats(&self) -> &[Repeat] {
        &self.repeats
    }

    /// Groups of two orders and more that go to one consignee of one merchant, by what the issuer has signed (the merge key):
    /// a hint that their goods could go into one parcel, and nothing more. Orders are counted from 0.
    #[must_use]
    pub fn merges(&self) -> &[Vec<u32>] {
        &self.merges
    }

    /// How many labels are to be printed.
    #[must_use]
    pub fn labels(&self) -> usize {
        self.entries.len()
    }

    /// The carrier of an order that is to be printed, counted from 0 as in the input.
    #[must_use]
    pub fn carrier(&self, index: u32) -> Option<&str> {
        self.entry(index).map(|entry| self.carriers[entry.carrier as usize].as_str())
    }

    pub(super) fn entry(&self, index: u32) -> Option<&Entry> {
        let place = self.entries.binary_search_by_key(&index, |entry| entry.index).ok()?;
        self.entries.get(place)
    }

    pub(super) fn lines_of(&self, entry: &Entry) -> &[EntryLine] {
        &self.lines[entry.lines as usize..][..entry.kinds as usize]
    }
}

/// Whether an order says of itself that it may not be printed yet ([`Code::NotYetValid`]) or not any more
/// ([`Code::Expired`]), at `now` in seconds since 1970. The component decides the same (`docs/mso1.md`, checks 21 and 22),
/// by its own time.
#[must_use]
pub fn out_of_date(header: &ClearHeader, now: u64) -> Option<Code> {
    if now.saturating_add(SKEW) < header.not_before {
        Some(Code::NotYetValid)
    } else if now >= header.expires.saturating_add(SKEW) {
        Some(Code::Expired)
    } else {
        None
    }
}

/// An order as a journal has it.
#[must_use]
pub fn journal_label(header: &ClearHeader) -> NewLabel {
    NewLabel {
        key: LabelKey {
            carrier: header.carrier.clone(),
            waybill: header.waybill_no.clone(),
            parcel: header.parcel.index,
        },
        order_id: header.order_id.clone(),
        identity: header.identity,
        content: header.content,
    }
}

/// Where a parcel is sacked: code, name, destination mark.
type Region = [String; 3];

/// Takes orders one after the other.
struct Collector {
    now: u64,
    next: u32,
    entries: Vec<Entry>,
    lines: Vec<EntryLine>,
    goods: Interner<Goods>,
    carriers: Interner<String>,
    parties: Interner<[String; 2]>,
    regions: Interner<Region>,
    routes: Interner<String>,
    unreadable: Vec<(u32, Code)>,
    out_of_date: Vec<(u32, Code)>,
    marks: Vec<Mark>,
    merges: Vec<MergeMark>,
}

impl Collector {
    fn new(orders: usize, now: u64) -> Collector {
        Collector {
            now,
            next: 0,
            entries: Vec::with_capacity(orders),
            lines: Vec::with_capacity(orders),
            goods: Interner::default(),
            carriers: Interner::default(),
            parties: Interner::default(),
            regions: Interner::default(),
            routes: Interner::default(),
            unreadable: Vec::new(),
            out_of_date: Vec::new(),
            marks: Vec::with_capacity(orders),
            merges: Vec::new(),
        }
    }

    fn add(&mut self, header: Result<ClearHeader, Code>) {
        let index = self.next;
        self.next += 1;
        let header = match header {
            Ok(header) => header,
            Err(code) => return self.unreadable.push((index, code)),
        };
        self.out_of_date.extend(out_of_date(&header, self.now).map(|code| (index, code)));
        self.marks.push(Mark::of(index, &header));
        self.merges.extend(MergeMark::of(index, &header));
        let lines = lines(header.items);
        let routing = header.routing;
        self.entries.push(Entry {
            index,
            carrier: self.carriers.number(header.carrier),
            party: self.parties.number([header.issuer, header.merchant]),
            region: self.regions.number([
                routing.consolidation_code,
                routing.consolidation_name,
                routing.sortation,
            ]),
            route: self.routes.number(routing.code),
            lines: self.lines.len() as u32,
            kinds: lines.len() as u32,
            limit: header.print_limit,
        });
        for line in lines {
            let goods = self.goods.number(line.goods);
            self.lines.push(EntryLine { goods, pieces: line.pieces });
        }
    }

    fn finish(self) -> Work {
        let Collector { mut entries, mut lines, unreadable, mut out_of_date, marks, mut merges, .. } = self;
        let repeats = repeats::find(marks);
        let repeated = |index: u32| repeats.binary_search_by_key(&index, |repeat| repeat.index).is_ok();
        entries.retain(|entry| !repeated(entry.index));
        out_of_date.retain(|&(index, _)| !repeated(index));
        merges.retain(|mark| !repeated(mark.index()));
        let merges = repeats::merges(merges);

        let goods = self.goods.ranked(Goods::order);
        let carriers = self.carriers.ranked(|one, other| natural(one, other));
        let parties = self.parties.ranked(Ord::cmp);
        let regions = self.regions.ranked(region_order);
        let routes = self.routes.ranked(|one, other| empty_last(one, other));
        for entry in &mut entries {
            entry.carrier = carriers.place(entry.carrier);
            entry.party = parties.place(entry.party);
            entry.region = regions.place(entry.region);
            entry.route = routes.place(entry.route);
            let lines = &mut lines[entry.lines as usize..][..entry.kinds as usize];
            lines.iter_mut().for_each(|line| line.goods = goods.place(line.goods));
            lines.sort_unstable_by_key(|line| line.goods);
        }
        Work {
            entries,
            lines,
            goods: goods.values,
            carriers: carriers.values,
            parties: parties.values,
            unreadable,
            out_of_date,
            repeats,
            merges,
        }
    }
}

fn region_order(one: &Region, other: &Region) -> Ordering {
    one.iter()
        .zip(other)
        .fold(Ordering::Equal, |order, (one, other)| order.then_with(|| empty_last(one, other)))
}

fn empty_last(one: &str, other: &str) -> Ordering {
    one.is_empty().cmp(&other.is_empty()).then_with(|| natural(one, other))
}
