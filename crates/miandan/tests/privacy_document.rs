//! `docs/privacy.md` cites code and tests for every clause. Each citation is looked up, so that none outlives what it
//! names.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const ENGLISH: &str = include_str!("../../../docs/privacy.md");
const CHINESE: &str = include_str!("../../../docs/privacy.zh-CN.md");

/// What is cited between backticks: `path` or `path: name, name`.
fn citations(text: &str) -> Vec<(&str, Vec<&str>)> {
    let between = text.split('`').skip(1).step_by(2);
    let cited = between.filter(|text| text.starts_with("crates/"));
    let parts = cited.map(|text| match text.split_once(": ") {
        Some((path, names)) => (path, names.split(", ").collect()),
        None => (text, Vec::new()),
    });
    parts.collect()
}

fn read(path: &str) -> Option<String> {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).ok()
}

/// The line that defines a name.
fn definition(text: &str, name: &str) -> Option<usize> {
    let defines = |line: &str| {
        ["fn ", "struct ", "enum "].iter().any(|word| {
            line.find(word).is_some_and(|at| {
                let rest = &line[at + word.len()..];
                rest.strip_prefix(name)
                    .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
            })
        })
    };
    text.lines().position(defines)
}

/// Whether the attribute of a test stands above the line.
fn is_test(text: &str, line: usize) -> bool {
    let lines: Vec<_> = text.lines().collect();
    let above = lines[..line].iter().rev();
    above.take_while(|line| line.trim_start().starts_with(['#', '/'])).any(|line| line.trim() == "#[test]")
}

#[test]
fn every_path_and_test_that_is_cited_exists() {
    let mut wrong = Vec::new();
    for (path, names) in citations(ENGLISH) {
        let Some(text) = read(path) else {
            wrong.push(format!("there is no {path}"));
            continue;
        };
        for name in names {
            if definition(&text, name).is_none() {
                wrong.push(format!("{path} has no {name}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(citations(ENGLISH).len() > 40, "the citations were found");
}

#[test]
fn what_stands_in_the_column_of_tests_is_a_test() {
    let mut tests = BTreeSet::new();
    for document in [ENGLISH, CHINESE] {
        for row in document.lines().filter(|line| line.starts_with("| ")) {
            let columns: Vec<_> = row.trim_matches('|').split(" | ").collect();
            assert_eq!(columns.len(), 4, "{row}");
            for (path, names) in citations(columns[2]) {
                let text = read(path).unwrap_or_default();
                assert!(!names.is_empty(), "{path}: which test?");
                for name in names {
                    let line = definition(&text, name).unwrap_or_else(|| panic!("{path} has no {name}"));
                    assert!(is_test(&text, line), "{path}: {name} is no test");
                    tests.insert(name);
                }
            }
        }
    }
    assert!(tests.len() > 20, "{tests:?}");
}

#[test]
fn both_languages_cite_the_same() {
    assert_eq!(citations(ENGLISH), citations(CHINESE));
    let rows = |text: &str| text.lines().filter(|line| line.starts_with("| ")).count();
    assert_eq!(rows(ENGLISH), rows(CHINESE));
}

#[test]
fn what_is_not_there_is_noticed() {
    assert_eq!(citations("`crates/a.rs: b, c` and `d`"), [("crates/a.rs", vec!["b", "c"])]);
    assert!(read("crates/no-such-file.rs").is_none());
    let text = "#[test]\nfn one() {}\n\n/// Doc.\npub fn one_more() {}\n";
    assert!(is_test(text, definition(text, "one").unwrap()));
    assert!(!is_test(text, definition(text, "one_more").unwrap()));
    assert_eq!(definition(text, "on"), None);
}
