//! `miandan template check` as a program: exit codes, several templates, orders of one's own, and SARIF.

use serde_json::Value;

mod common;

use common::{Station, events, said};

const LABEL: &str = include_str!("../../../templates/one-part-76x130/template.xml");
const ORDER: &str = include_str!("../../../templates/one-part-76x130/sample.json");

fn check(station: &Station, arguments: &[&str]) -> std::process::Output {
    station.run(&[&["template", "check"], arguments].concat())
}

#[test]
fn what_is_shipped_is_clean_and_the_exit_code_says_what_is_not() {
    let station = Station::new();
    let names: Vec<_> = miandan_templates::LABELS.iter().map(|label| label.name).collect();
    let output = check(&station, &[&names[..], &["--strict"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert_eq!(said(&output).matches(": nothing found").count(), names.len());

    station.write("warns.xml", LABEL.replace("签收人", "日期").as_bytes());
    assert_eq!(check(&station, &["warns.xml"]).status.code(), Some(0));
    assert_eq!(check(&station, &["warns.xml", "--strict"]).status.code(), Some(4));
    station.write("fails.xml", LABEL.replace("width=\"68\"", "width=\"50\"").as_bytes());
    let output = check(&station, &["warns.xml", "fails.xml", "one-part-76x130"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(said(&output).contains("errors 2, warnings 0, notes 0"), "{}", said(&output));
    assert_eq!(check(&station, &["no.xml"]).status.code(), Some(3));
}

#[test]
fn a_custom_area_is_checked_as_a_template_of_data() {
    let station = Station::new();
    let area = |inside: &str| {
        format!("<layout id='CUSTOM_AREA' left='0' top='140' width='60' height='20'>{inside}</layout>")
    };
    let code =
        area("<barcode left='3' top='1' width='54' height='14' type='code128'><%=_data.ORDER_ID%></barcode>");
    station.write("code.xml", code.as_bytes());
    // Without data the barcode has no content, which is no finding; with too much of it there is one.
    let output = check(&station, &["code.xml", "--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    station.write("data.json", br#"{"ORDER_ID":"AB-CD-EF-GH-IJ-KL-MN-OP-QR-ST-UV-WX"}"#);
    let output = check(&station, &["code.xml", "--data", "data.json", "--json"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(events(&output).iter().any(|event| event["rule"] == "label-refused"), "{}", said(&output));
    station.write("person.xml", area("<text><%=_data.recipient.name%></text>").as_bytes());
    let output = check(&station, &["person.xml"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(said(&output).contains("data in clear has no persons"), "{}", said(&output));
}

#[test]
fn orders_come_from_beside_the_template_or_from_a_file() {
    let station = Station::new();
    station.write("label.xml", LABEL.as_bytes());
    // A number that needs more room than the label has.
    let long = ORDER.replace("MD7000000000012", "MD70000000000-12-AB");
    station.write("long.json", long.as_bytes());
    assert_eq!(check(&station, &["label.xml"]).status.code(), Some(0));
    let output = check(&station, &["label.xml", "--data", "long.json", "--json"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(events(&output).iter().any(|event| event["rule"] == "module-narrow"), "{}", said(&output));
    station.write("sample.json", long.as_bytes());
    assert_eq!(check(&station, &["label.xml"]).status.code(), Some(4));
    station.write("sample.json", b"{\"order_id\": 7}");
    let output = check(&station, &["label.xml"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(said(&output).contains("line 1, column 14"), "{}", said(&output));
}

/// What the schema of SARIF 2.1.0 requires of what we write, and what makes a result useful.
#[test]
fn findings_come_as_sarif() {
    let station = Station::new();
    let planted = LABEL.replace("width=\"68\"", "width=\"50\"").replace(
        "<layout id=\"REPRINT_MARK\" left=\"36\"",
        "<!-- miandan-lint: allow reprint-mark-taken so --><layout id=\"REPRINT_MARK\" left=\"30\"",
    );
    station.write("a b.xml", planted.as_bytes());
    let output = check(&station, &["a b.xml", "--sarif", "out.sarif"]);
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    let log: Value = serde_json::from_slice(&std::fs::read(station.path("out.sarif")).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert_eq!(driver["name"], "miandan");
    let rules = driver["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5, "{results:#?}");
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        assert_eq!(rule["defaultConfiguration"]["level"], result["level"]);
        assert!(["note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.xml");
        let line = place["region"]["startLine"].as_u64().unwrap() as usize;
        let column = place["region"]["startColumn"].as_u64().unwrap() as usize;
        let text: String = planted.lines().nth(line - 1).unwrap().chars().skip(column - 1).collect();
        assert!(text.starts_with('<'), "{text}");
    }
    let allowed = results.iter().filter(|result| result["suppressions"][0]["kind"] == "inSource");
    let allowed: Vec<_> = allowed.map(|result| result["ruleId"].as_str().unwrap()).collect();
    // The template allows small modules itself, at both resolutions.
    assert_eq!(allowed, ["reprint-mark-taken", "matrix-module", "matrix-module"]);
}
