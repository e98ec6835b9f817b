//! What all lists have in common: the orders that they are made from, and how they can fail.

use std::io;

use miandan_core::Code;
use miandan_seal::ClearHeader;

use crate::orders::Orders;

/// Why a list could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListError {
    /// The orders cannot be read any more.
    #[error("the orders cannot be read: {0}")]
    Read(io::Error),
    /// An order that could be read before cannot now: the file was changed, or the sequence is of another input.
    #[error("order {} is not what it was: {code}", index + 1)]
    Changed {
        /// The order, counted from 0.
        index: u32,
        /// What is wrong with it.
        code: Code,
    },
    /// The list cannot be written.
    #[error("the list cannot be written: {0}")]
    Write(io::Error),
    /// A page cannot be laid out, which is a defect of ours.
    #[error("a page of the list cannot be laid out: {0}")]
    Layout(Code),
}

/// Reads the clear part of one order of an input, counted from 0. `buffer` is replaced.
///
/// # Errors
/// The outer one if there is no such order or the input cannot be read, the inner one if the order cannot.
pub fn clear_header(
    orders: &Orders,
    index: u32,
    buffer: &mut Vec<u8>,
) -> io::Result<Result<ClearHeader, Code>> {
    let index = index as usize;
    if index >= orders.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    orders.read(index..index + 1, buffer)?;
    Ok(miandan_seal::clear_header(buffer))
}
