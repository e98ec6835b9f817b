//! Lists as comma-separated values (RFC 4180) that a spreadsheet opens right and that cannot make it do anything.
//!
//! UTF-8 with a byte order mark, without which Excel takes Chinese for another encoding; lines end with carriage return and
//! line feed. A text that a spreadsheet would take for a formula gets an apostrophe in front: one that begins with `=`,
//! `+`, `-` or `@`, their full-width forms, a tab or a line end. Such an apostrophe is shown, and a program that reads the
//! file has to take it away.

use std::io::{self, Write};

/// Begins a list with its headings.
pub(super) fn begin(headings: &[&str], out: &mut impl Write) -> io::Result<()> {
    out.write_all("\u{FEFF}".as_bytes())?;
    row(headings, out)
}

/// Writes a row of texts.
pub(super) fn row(cells: &[&str], out: &mut impl Write) -> io::Result<()> {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        write_cell(cell, out)?;
    }
    out.write_all(b"\r\n")
}

fn write_cell(text: &str, out: &mut impl Write) -> io::Result<()> {
    let guard = if is_formula(text) { "'" } else { "" };
    if text.contains([',', '"', '\r', '\n']) {
        write!(out, "\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        write!(out, "{guard}{text}")
    }
}

/// What spreadsheets calculate rather than show (OWASP, *CSV Injection*).
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut out = Vec::new();
        row(cells, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(
            written(&["a", "", "杯, 白", "2\" \"x\"", "两\n行"]),
            "a,,\"杯, 白\",\"2\"\" \"\"x\"\"\",\"两\n行\"\r\n"
        );
    }

    #[test]
    fn a_list_begins_with_a_byte_order_mark() {
        let mut out = Vec::new();
        begin(&["编码", "商品"], &mut out).unwrap();
        assert_eq!(out, "\u{FEFF}编码,商品\r\n".as_bytes());
    }

    #[test]
    fn formulas_are_texts() {
        for text in ["=1+1", "+1", "-20%", "@x", "＝1", "＋1", "－1", "＠x", "\tx"] {
            assert_eq!(written(&[text]), format!("'{text}\r\n"));
        }
        assert_eq!(written(&["=A1,\"B\""]), "\"'=A1,\"\"B\"\"\"\r\n");
        assert_eq!(written(&["\r=1"]), "\"'\r=1\"\r\n");
    }

    /// A reader of RFC 4180, for the tests.
    fn read(text: &str) -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        let mut characters = text.strip_suffix("\r\n").unwrap().chars().peekable();
        while let Some(c) = characters.next() {
            let cell = cells.last_mut().unwrap();
            match c {
                '"' if quoted && characters.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                c => cell.push(c),
            }
        }
        cells
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(cells in proptest::collection::vec("[=+@,\"\r\n\ta杯-]{0,6}", 1..5)) {
            let texts: Vec<&str> = cells.iter().map(String::as_str).collect();
            let seen = read(&written(&texts));
            prop_assert_eq!(seen.len(), cells.len());
            for (seen, cell) in seen.iter().zip(&cells) {
                prop_assert!(!is_formula(seen), "{:?}", seen);
                prop_assert!(seen == cell || seen.strip_prefix('\'') == Some(cell));
            }
        }
    }
}
