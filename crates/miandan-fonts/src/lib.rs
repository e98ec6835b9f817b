//! The typeface that Miandan prints with: Noto Sans SC, Regular and Bold, as data with ready-made tables.
//!
//! Nothing is parsed when a program starts: character maps and advances were made when the typeface was
//! bundled (`bundle/bundle.py`) and are read in place.
//!
//! This crate does not parse fonts, draw outlines, make subsets, break lines or search for fonts of the system.
//! A font that a caller brings is none of its business.
//!
//! ```
//! use miandan_fonts::REGULAR;
//!
//! let cid = REGULAR.cid('收').expect("an everyday character");
//! assert_eq!(REGULAR.character(cid), Some('收'));
//!
//! // Width of the character at 8 pt, in pt.
//! let width = f32::from(REGULAR.advance(cid)) / f32::from(REGULAR.metrics().units_per_em) * 8.0;
//! assert_eq!(width, 8.0);
//! ```
//!
//! # CIDs: one number for each character
//!
//! Text in a PDF is written in CIDs, and copying it gives back characters, so a CID must know its character.
//! A glyph does not: U+2F29 (a radical) and 小 U+5C0F are drawn by one glyph.
//! So the preferred character of a glyph (the ordinary ideograph, else the lowest code point that is no
//! compatibility form) has the glyph id as its CID, and each further character has a CID of its own, from
//! [`Face::glyph_count`] upward. Both faces have the same map: a CID means the same character in either.
//!
//! # Coverage
//!
//! 30,890 characters: ASCII and Latin-1, fullwidth forms, all 8,105 characters of 通用规范汉字表, and every
//! two-byte character of GB18030 (private use aside) but one, ≒ (A850, U+2252).
//! Words and marks of labels (已验视 收 寄 集 补打 预览 □ ■ · × … —, ✓) are there; the ballot boxes ☐ ☑ ☒ and
//! ✔ ✗ are not. Some widths may surprise: · U+00B7, … and curly quotation marks are as wide as an ideograph,
//! — U+2014 is a little narrower.

mod characters;
pub mod coverage;
mod entries;
mod face;
mod metrics;

pub use face::{BOLD, Face, REGULAR};
pub use metrics::Metrics;

/// The SIL Open Font License 1.1 with the copyright line of the typeface; whoever passes the font on passes this on.
pub const LICENSE: &str = include_str!("../data/OFL.txt");
