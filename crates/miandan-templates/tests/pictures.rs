//! What is shipped looks as it did when a person last looked at it: every label in every case, at both resolutions, and
//! the sheet of all labels in the documentation. `UPDATE_SNAPSHOTS=1` draws them anew; look at them then.

use std::fs;
use std::path::{Path, PathBuf};

use miandan_core::label::Resolution;
use miandan_render::template::Template;
use miandan_templates::{Case, LABELS};

mod drawing;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares the dots of a file with a picture, or writes it. Answers what is wrong.
fn compare(path: &Path, picture: &[u8]) -> Option<String> {
    // The dots, not the bytes: another release of the compressor makes no other picture.
    let kept = fs::read(path).ok().and_then(|kept| drawing::read(&kept));
    if kept.is_some() && kept == drawing::read(picture) {
        return None;
    }
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(path.parent().expect("a file in a folder")).expect("a folder of the repository");
        fs::write(path, picture).expect("a file of the repository");
        return None;
    }
    Some(path.strip_prefix(root()).unwrap_or(path).display().to_string())
}

#[test]
fn labels_look_as_they_did() {
    let mut other = Vec::new();
    let mut drawn = 0;
    for label in LABELS {
        let template = Template::compile(label.template.as_bytes()).unwrap_or_else(|error| {
            panic!("{}: {error}", label.name);
        });
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            let folder = root().join("templates").join(label.name).join(resolution.dpi().to_string());
            let mut known = Vec::new();
            for case in Case::ALL {
                let pages = drawing::pages(&template, &label.sample().waybill(case), resolution);
                let pages = pages.unwrap_or_else(|why| panic!("{} {}: {why}", label.name, case.as_str()));
                for (index, bitmap) in pages.iter().enumerate() {
                    let page = if index == 0 { String::new() } else { format!("-{}", index + 1) };
                    let name = format!("{}{page}.png", case.as_str());
                    other.extend(compare(&folder.join(&name), &drawing::one_bit(bitmap)));
                    known.push(name);
                    drawn += 1;
                }
            }
            // No picture is left over from a case or a page that is gone.
            for entry in fs::read_dir(&folder).expect("a folder of pictures") {
                let name = entry.expect("an entry").file_name().into_string().expect("a name");
                assert!(known.contains(&name), "{}/{name} is of nothing", folder.display());
            }
        }
    }
    assert!(drawn >= 2 * Case::ALL.len() * LABELS.len());
    assert!(other.is_empty(), "look at these, and draw them anew with UPDATE_SNAPSHOTS=1: {other:#?}");
}

#[test]
fn the_sheet_of_all_labels_is_current() {
    let mut pictures = Vec::new();
    for label in LABELS {
        let template = Template::compile(label.template.as_bytes()).expect("compiles");
        let pages = drawing::pages(&template, &label.sample().waybill(Case::Ordinary), Resolution::Dpi203);
        pictures.push((label.name.to_owned(), drawing::Grey::of(&pages.expect("drawn")[0], 2)));
    }
    let sheet = drawing::sheet(&pictures, 1676).png();
    assert_eq!(compare(&root().join("docs/labels.png"), &sheet), None);
}

/// What is ordinary fits, and so does the longest that people write.
#[test]
fn no_text_is_cut() {
    for label in LABELS {
        let template = Template::compile(label.template.as_bytes()).expect("compiles");
        for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
            for case in Case::ALL {
                let cut = template.overflows(&label.sample().waybill(case), resolution);
                assert!(cut.is_empty(), "{} {} {:?}: {}", label.name, case.as_str(), resolution, cut[0]);
            }
        }
    }
}
