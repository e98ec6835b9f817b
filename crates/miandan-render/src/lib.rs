//! Draws waybills: a template in the CNPL dialect and a masked waybill become a [`frame::Frame`], and a frame becomes
//! a PDF page, a one-bit picture, or what a label printer is sent.
//!
//! This crate sees the masked view only. It does no I/O, asks no clock, and the same input gives the same bytes.

pub mod angle;
mod deflate;
pub mod faces;
pub mod frame;
pub mod image;
mod layout;
mod modules;
pub mod pdf;
pub mod printer;
#[cfg(feature = "printpdf")]
pub mod printpdf;
pub mod raster;
mod shape;
pub mod shipped;
pub mod symbol;
pub mod template;
pub mod wire;

/// What was laid out, element by element: for programs that say what is wrong with a template.
pub mod trace {
    pub use crate::layout::{Kind, Placed, Symbol, Trace};
}

pub use layout::{Area, mark_preview};
