//! Bundled bytes seen as rows of fixed size, at compile time.

/// The rows of a table file. A file that is no whole number of rows stops the build.
pub(crate) const fn entries<const SIZE: usize>(bytes: &'static [u8]) -> &'static [[u8; SIZE]] {
    let (rows, rest) = bytes.as_chunks();
    assert!(rest.is_empty());
    rows
}
