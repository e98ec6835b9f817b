//! Templates that are not ours, half-written or hostile: findings with a place, and an end.

use miandan_core::waybill::Waybill;
use miandan_lint::{Orders, lint};
use miandan_templates::{Case, LABELS};
use proptest::prelude::*;

fn look(source: &[u8]) {
    let sample = LABELS[0].sample();
    let others: [(&str, Waybill); 2] =
        [("bare", sample.waybill(Case::Bare)), ("longest", sample.waybill(Case::Longest))];
    let report = lint(source, Orders { ordinary: &sample.waybill(Case::Ordinary), others: &others });
    let lines = source.iter().filter(|&&byte| byte == b'\n').count() as u32 + 1;
    for finding in report.findings.iter().chain(&report.allowed) {
        assert!(finding.line >= 1 && finding.line <= lines && finding.column >= 1, "{finding:?}");
    }
}

#[test]
fn odd_ones() {
    for source in [
        &b""[..],
        b"\xFF\xFE",
        b"<page/>",
        b"<page width=\"1\" height=\"1\"/>",
        b"<page width=\"1\" height=\"1\"><text>x</text><barcode type=\"qrcode\" value=\"1\" allowFailure=\"true\"/></page>",
        b"<page width=\"1200\" height=\"1200\"><% for (var i = 0; i < 3000; i++) { %><text left=\"-1900\" top=\"1900\">x</text><% } %></page>",
        b"<page width=\"76\" height=\"130\"><layout left=\"-2000\" top=\"2000\" width=\"2000\" height=\"2000\"><layout left=\"-2000\" top=\"2000\" style=\"rotation:90\"><text style=\"fontSize:2000\">x</text></layout></layout></page>",
        b"<page width=\"76\" height=\"130\"><% for (;;) {} %></page>",
        b"<page width=\"76\" height=\"130\" splitable=\"true\"><table><% for (var i = 0; i < 900; i++) { %><tr><td><text><%=_data.waybillCode%></text></td></tr><% } %></table></page>",
        b"<layout><text style=\"fontColor:\">x</text></layout>",
    ] {
        look(source);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// A template that is shipped, with pieces cut out, doubled or replaced, as a person leaves it behind half-way.
    #[test]
    fn half_written_ones(
        label in 0..LABELS.len(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..60_usize, "[-0-9a-z<>%=\"{};/ ]{0,6}"), 1..6),
    ) {
        let mut text: Vec<char> = LABELS[label].template.chars().collect();
        for (at, cut, put) in edits {
            let at = at.index(text.len());
            let end = (at + cut).min(text.len());
            text.splice(at..end, put.chars());
        }
        look(String::from_iter(text).as_bytes());
    }

    /// Numbers of another size in the same template.
    #[test]
    fn other_numbers(label in 0..LABELS.len(), seed in any::<u64>()) {
        let mut state = seed | 1;
        let mut out = String::new();
        for piece in LABELS[label].template.split_inclusive('"') {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let number = piece.strip_suffix('"').filter(|text| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
            match number {
                Some(_) if state >> 60 == 0 => out.push_str(["0\"", "-5\"", "300\"", "0.01\"", "2000\""][(state >> 32) as usize % 5]),
                _ => out.push_str(piece),
            }
        }
        look(out.as_bytes());
    }
}
