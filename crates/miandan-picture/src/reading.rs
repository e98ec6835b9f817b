//! Everything that is read of a page.

use crate::ink::Ink;
use crate::numbers::{self, Number};
use crate::page::{Area, Page};
use crate::symbol::Symbol;
use crate::{linear, matrix};

/// Tones so far from black and from white are grey.
const NEAR: u8 = 48;

/// What is on a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// The symbols, those higher up first.
    pub symbols: Vec<Symbol>,
    /// What looks like a phone number, those higher up first.
    pub numbers: Vec<Number>,
    /// The smallest area with all ink in it.
    pub extent: Option<Area>,
    /// How much of the page is ink: 0 to 1.
    pub black: f64,
    /// How much of the page is neither nearly black nor nearly white: 0 to 1.
    pub grey: f64,
}

/// Reads a page.
#[must_use]
pub fn read(page: &Page) -> Reading {
    let mut ink = Ink::of(page);
    let pixels = page.tones().len() as f64;
    let grey = page.tones().iter().filter(|&&tone| (NEAR..=u8::MAX - NEAR).contains(&tone)).count();
    let (extent, black) = (ink.extent(), ink.count() as f64 / pixels);
    let mut symbols = linear::take(page, &mut ink);
    symbols.extend(matrix::take(page, &mut ink));
    symbols.sort_by_key(|symbol| (symbol.area.top, symbol.area.left));
    let numbers = numbers::read(page, &ink);
    Reading { symbols, numbers, extent, black, grey: grey as f64 / pixels }
}
