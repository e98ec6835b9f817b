//! Grey pictures as poppler writes them.

use std::fs;
use std::path::Path;

/// A grey picture as `pdftoppm -gray` writes it (PGM, P5): width, height, one byte a dot.
pub(crate) fn grey(path: &Path) -> (usize, usize, Vec<u8>) {
    let bytes = fs::read(path).unwrap();
    let mut at = 0;
    let mut fields = Vec::new();
    while fields.len() < 4 {
        let end = at + bytes[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        fields.push(str::from_utf8(&bytes[at..end]).unwrap().to_owned());
        at = end + 1;
    }
    assert_eq!(fields[0], "P5");
    (fields[1].parse().unwrap(), fields[2].parse().unwrap(), bytes[at..].to_vec())
}
