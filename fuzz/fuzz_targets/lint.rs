//! The linter of templates. It looks at dots, so a case may take longer than others: libFuzzer's ten seconds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_lint::{Orders, lint};
use miandan_render::shipped;

fuzz_target!(|data: &[u8]| {
    let report = lint(data, Orders { ordinary: &shipped::sample(), others: &[] });
    assert!(report.findings.iter().all(|finding| finding.line > 0 && finding.column > 0));
});
