//! Findings in the Static Analysis Results Interchange Format, for editors and code hosts (SARIF 2.1.0, OASIS 2020).

use miandan_lint::{Finding, Rule};
use serde_json::{Value, json};

use super::check::{Checked, message};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

/// One run over all templates.
pub(super) fn log(all: &[Checked]) -> Value {
    let rules: Vec<Value> = Rule::ALL
        .iter()
        .map(|rule| {
            json!({
                "id": rule.id(),
                "shortDescription": {"text": rule.what()},
                "fullDescription": {"text": rule.why()},
                "help": {"text": rule.fix()},
                "defaultConfiguration": {"level": rule.severity().as_str()},
            })
        })
        .collect();
    let results: Vec<Value> = all
        .iter()
        .flat_map(|Checked { name, report }| {
            let findings = report.findings.iter().map(|finding| result(name, finding, false));
            findings.chain(report.allowed.iter().map(|finding| result(name, finding, true)))
        })
        .collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "miandan", "version": env!("CARGO_PKG_VERSION"), "rules": rules}},
            // Columns count characters, not UTF-16 units.
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn result(name: &str, finding: &Finding, allowed: bool) -> Value {
    let index = Rule::ALL.iter().position(|rule| *rule == finding.rule);
    let mut result = json!({
        "ruleId": finding.rule.id(),
        "ruleIndex": index,
        "level": finding.severity().as_str(),
        "message": {"text": message(finding)},
        "locations": [{
            "physicalLocation": {
                "artifactLocation": {"uri": uri(name)},
                "region": {"startLine": finding.line, "startColumn": finding.column},
            },
        }],
    });
    if allowed {
        result["suppressions"] = json!([{"kind": "inSource"}]);
    }
    result
}

/// The path of a file as the path of a URI (RFC 3986 §3.3).
fn uri(name: &str) -> String {
    let mut uri = String::new();
    for byte in name.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("labels/one-part.xml"), "labels/one-part.xml");
        assert_eq!(uri("labels\\a b.xml"), "labels/a%20b.xml");
        assert_eq!(uri("面.xml"), "%E9%9D%A2.xml");
    }
}
