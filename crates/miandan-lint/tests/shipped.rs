//! Nothing is found in what is shipped, at any severity.

use miandan_core::waybill::Waybill;
use miandan_lint::{Orders, Rule, lint};
use miandan_templates::{Case, LABELS, Label};

/// The other cases of a label by name.
fn others(label: &Label) -> Vec<(&'static str, Waybill)> {
    let cases = Case::ALL.into_iter().filter(|&case| case != Case::Ordinary);
    cases.map(|case| (case.as_str(), label.sample().waybill(case))).collect()
}

#[test]
fn nothing_is_found() {
    let mut found = Vec::new();
    for label in LABELS {
        let ordinary = label.sample().waybill(Case::Ordinary);
        let report = lint(label.template.as_bytes(), Orders { ordinary: &ordinary, others: &others(label) });
        let findings = report.findings.iter().map(|finding| {
            let problem = finding.problem.map(|problem| problem.to_string()).unwrap_or_default();
            let name = finding.name.as_deref().unwrap_or_default();
            format!(
                "{}:{}:{} {} {:?} {problem} {name}",
                label.name,
                finding.line,
                finding.column,
                finding.rule.id(),
                finding.measure
            )
        });
        found.extend(findings);
        assert_eq!(report.is_waybill, !label.name.contains("list"), "{}", label.name);
        // On a narrow sheet the courier's token has three dots a module, where four would be better.
        let narrow = ordinary.carrier == "JD" || label.name.contains("76x130");
        assert!(report.allowed.iter().all(|finding| finding.rule == Rule::MatrixModule), "{}", label.name);
        assert_eq!(report.allowed.is_empty(), !narrow, "{}", label.name);
    }
    assert!(found.is_empty(), "{found:#?}");
}
