//! What is found out of the orders of an input. Of each order a few bytes stay, so that a large input can be planned.

use std::collections::BTreeMap;
use std::io;

use miandan_core::Code;
use miandan_journal::NewLabel;
use miandan_print::Orders;
use miandan_print::work::{Work, clear_header, lines, out_of_date};
use miandan_seal::ClearHeader;

use super::super::print::choose::{Chosen, Refusal, Why};
use super::super::print::plan::NAMED;
use crate::exit::Failure;

/// The orders of an input. They are counted from 0, places in the order of printing from 1.
#[derive(Default)]
pub(super) struct Found {
    pub(super) now: u64,
    /// The orders that are printed, in the order of printing.
    pub(super) kept: Vec<u32>,
    /// The places of all orders, 0 for one that has none.
    places: Vec<u32>,
    pub(super) carriers: BTreeMap<String, usize>,
    pub(super) issuers: BTreeMap<String, usize>,
    pub(super) merchants: BTreeMap<String, usize>,
    /// How many labels may be printed so many times in all.
    pub(super) limits: BTreeMap<u32, usize>,
    /// Orders of one kind of goods, of several, and of none that is named.
    pub(super) single: usize,
    pub(super) several: usize,
    pub(super) without_goods: usize,
    pub(super) refused: Vec<Refusal>,
    pub(super) unreadable: Vec<(u32, Code)>,
    /// Orders that get a place and are refused by the component: it is too early for them, or too late.
    pub(super) dated: Vec<(u32, Code)>,
    /// Orders that stand in the input before as well, and where.
    pub(super) repeats: Vec<(u32, u32)>,
    /// Places whose parcels go to one consignee.
    pub(super) merges: Vec<Vec<u32>>,
}

impl Found {
    pub(super) fn new(now: u64) -> Self {
        Found { now, ..Found::default() }
    }

    /// Orders that nobody leaves out, and that have no label in the end all the same.
    pub(super) fn failing(&self) -> usize {
        self.unreadable.len() + self.dated.len()
    }

    /// Labels that come out, as far as can be seen from outside: those that have a place, and nothing against them.
    pub(super) fn printable(&self) -> usize {
        let failing = self.unreadable.iter().chain(&self.dated);
        self.kept.len() - failing.filter(|&&(index, _)| self.place_of(index).is_some()).count()
    }

    /// The place of an order that is printed.
    pub(super) fn place_of(&self, index: u32) -> Option<u32> {
        self.places.get(index as usize).copied().filter(|&place| place > 0)
    }

    /// Gives the orders that are kept their places.
    pub(super) fn place(&mut self, orders: usize) {
        self.places = vec![0; orders];
        for (&index, place) in self.kept.iter().zip(1..) {
            self.places[index as usize] = place;
        }
    }

    /// Keeps every order, whatever is said against it: nobody keeps a journal.
    pub(super) fn all(&mut self, read: &Work, orders: &Orders) -> io::Result<()> {
        let mut buffer = Vec::new();
        for index in 0..orders.len() as u32 {
            match clear_header(orders, index, &mut buffer)? {
                Ok(header) => self.count(index, header),
                Err(code) => self.unreadable.push((index, code)),
            }
            self.kept.push(index);
        }
        self.repeats = read.repeats().iter().map(|repeat| (repeat.index, repeat.first)).collect();
        self.place(orders.len());
        self.merge(read, orders)
    }

    /// Finds the labels that could go into one parcel, among those that are printed.
    pub(super) fn merge(&mut self, read: &Work, orders: &Orders) -> io::Result<()> {
        let mut buffer = Vec::new();
        for group in read.merges() {
            let kept: Vec<u32> =
                group.iter().copied().filter(|&index| self.place_of(index).is_some()).collect();
            // Where one was left out, the others may be parcels of one order, which are meant to be several.
            let mut order_ids = Vec::new();
            if kept.len() < group.len() {
                for &index in &kept {
                    order_ids.extend(clear_header(orders, index, &mut buffer)?.map(|header| header.order_id));
                }
                order_ids.dedup();
            }
            if kept.len() > 1 && (kept.len() == group.len() || order_ids.len() > 1) {
                let mut places: Vec<u32> =
                    kept.into_iter().filter_map(|index| self.place_of(index)).collect();
                places.sort_unstable();
                self.merges.push(places);
            }
        }
        self.merges.sort_unstable();
        Ok(())
    }

    fn count(&mut self, index: u32, header: ClearHeader) {
        self.dated.extend(out_of_date(&header, self.now).map(|code| (index, code)));
        if let Some(most) = header.print_limit {
            *self.limits.entry(most).or_default() += 1;
        }
        match lines(header.items).len() {
            0 => self.without_goods += 1,
            1 => self.single += 1,
            _ => self.several += 1,
        }
        *self.carriers.entry(header.carrier).or_default() += 1;
        *self.issuers.entry(header.issuer).or_default() += 1;
        *self.merchants.entry(header.merchant).or_default() += 1;
    }
}

impl Chosen for Found {
    fn unreadable(&mut self, index: u32, code: Code) -> Result<(), Failure> {
        self.unreadable.push((index, code));
        Ok(())
    }

    fn refused(&mut self, mut refusal: Refusal) -> Result<(), Failure> {
        if let Why::Twice { first, .. } = refusal.why {
            self.repeats.push((refusal.index, first));
        }
        // Nobody is told the order ids of more.
        if self.refused.len() >= NAMED {
            refusal.order = String::new();
        }
        self.refused.push(refusal);
        Ok(())
    }

    fn kept(&mut self, index: u32, header: ClearHeader, _: NewLabel) -> Result<(), Failure> {
        self.kept.push(index);
        self.count(index, header);
        Ok(())
    }
}
