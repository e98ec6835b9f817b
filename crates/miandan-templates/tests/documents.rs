//! What the documentation says of the labels and cases is what there is.

use std::fs;
use std::path::Path;

use miandan_render::template::Template;
use miandan_templates::{Case, LABELS};

fn document(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)).expect("a document")
}

/// The rows of tables that begin with a word in code, cut into cells.
fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect()
}

#[test]
fn every_label_is_in_both_documents_with_its_size() {
    for name in ["docs/labels.md", "docs/labels.zh-CN.md"] {
        let text = document(name);
        let mut listed = rows(&text).into_iter();
        for label in LABELS {
            let row = listed.next().unwrap_or_else(|| panic!("{name}: {} is missing", label.name));
            let size = Template::compile(label.template.as_bytes()).expect("compiles").size();
            assert_eq!(row[0], format!("`{}`", label.name), "{name}");
            assert_eq!(
                row[1],
                format!("{} × {}", size.width / 1000, size.height / 1000),
                "{name} {}",
                label.name
            );
            // The name says the size as well.
            assert!(label.name.contains(&format!("{}x{}", size.width / 1000, size.height / 1000)));
        }
        let cases: Vec<_> = listed.skip(1).map(|row| row[0].trim_matches('`').to_owned()).collect();
        assert_eq!(cases, Case::ALL.map(|case| case.as_str().to_owned()), "{name}");
    }
}

#[test]
fn every_folder_says_what_its_label_is_and_where_it_comes_from() {
    for label in LABELS {
        let text = document(&format!("templates/{}/README.md", label.name));
        for needed in ["# ", "Where its layout comes from: ", "template.xml", "sample.json", label.name] {
            assert!(text.contains(needed), "{}: {needed}", label.name);
        }
    }
}
