//! The folders of `templates/` as data.

use crate::Sample;

/// A label that is shipped.
#[derive(Clone, Copy, Debug)]
pub struct Label {
    /// The name of its folder.
    pub name: &'static str,
    /// The source of the template.
    pub template: &'static str,
    /// The ordinary order, as JSON.
    sample: &'static str,
}

macro_rules! labels {
    ($($name:literal,)+) => {
        /// Every label that is shipped: sheets of one, two and three parts, then those for carriers, then lists.
        pub const LABELS: &[Label] = &[$(Label {
            name: $name,
            template: include_str!(concat!("../../../templates/", $name, "/template.xml")),
            sample: include_str!(concat!("../../../templates/", $name, "/sample.json")),
        },)+];
    };
}

labels! {
    "one-part-76x130",
    "one-part-76x130-merchant",
    "two-part-100x150",
    "two-part-100x180",
    "three-part-100x210",
    "zto-76x130",
    "yto-76x130",
    "sto-100x180",
    "yunda-76x130",
    "jt-76x130",
    "sf-100x150",
    "ems-76x130",
    "jd-100x110",
    "deppon-100x177",
    "packing-list-100x150",
    "pick-list-100x150",
}

/// The label of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Label> {
    LABELS.iter().find(|label| label.name == name)
}

impl Label {
    /// The order that the label is looked at with.
    ///
    /// # Panics
    /// Never: a test reads all of them.
    #[must_use]
    pub fn sample(&self) -> Sample {
        Sample::from_json(self.sample).expect("the sample orders are read by a test")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Case;

    #[test]
    fn every_sample_is_an_order_in_every_case() {
        for label in LABELS {
            for case in Case::ALL {
                let waybill = label.sample().waybill(case);
                assert!(!waybill.waybill_no.is_empty(), "{} {}", label.name, case.as_str());
            }
        }
    }

    /// What a component warms up with is what is shipped.
    #[test]
    fn the_first_label_is_that_of_the_component() {
        assert_eq!(LABELS[0].template, miandan_render::shipped::ONE_PART_76X130);
        assert_eq!(LABELS[0].sample().waybill(Case::Ordinary), miandan_render::shipped::sample());
    }

    /// A folder that is not listed is not shipped, whatever stands in it.
    #[test]
    fn every_folder_is_shipped() {
        let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../templates");
        let mut folders: Vec<_> = std::fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().unwrap().is_dir())
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect();
        folders.sort_unstable();
        let mut names: Vec<_> = LABELS.iter().map(|label| label.name).collect();
        names.sort_unstable();
        assert_eq!(folders, names);
    }
}
