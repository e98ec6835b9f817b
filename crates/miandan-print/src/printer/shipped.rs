//! The files of `profiles/` as data.

use miandan_core::label::Resolution;
use miandan_core::printer::Language;

use super::{PrinterProfile, ProfileFileError};

/// A profile that is shipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The name of its file.
    pub name: &'static str,
    /// The file.
    pub source: &'static str,
}

impl Shipped {
    /// Reads it.
    ///
    /// # Errors
    /// None: a test reads every one.
    pub fn read(&self) -> Result<PrinterProfile, ProfileFileError> {
        PrinterProfile::parse(self.source)
    }
}

macro_rules! profiles {
    ($($name:literal,)+) => {
        /// Every profile that is shipped: by language, those that hold in general first.
        pub const PROFILES: &[Shipped] = &[$(Shipped {
            name: $name,
            source: include_str!(concat!("../../../../profiles/", $name, ".toml")),
        },)+];
    };
}

profiles! {
    "tspl",
    "tspl-300",
    "tsc",
    "gprinter",
    "hprt",
    "xprinter",
    "sunmi",
    "zpl",
    "zpl-300",
    "zebra",
    "zebra-300",
    "xprinter-zpl",
    "cpcl",
    "cpcl-58",
    "zebra-mobile",
    "epl2",
    "epl2-300",
    "intermec",
    "escpos",
    "escpos-58",
    "escpos-mark",
}

/// The profile of a name.
#[must_use]
pub fn find_profile(name: &str) -> Option<&'static Shipped> {
    PROFILES.iter().find(|profile| profile.name == name)
}

/// The profile that holds for printers of a language in general, if there are any of this resolution.
#[must_use]
pub fn general_profile(language: Language, resolution: Resolution) -> Option<&'static Shipped> {
    match resolution {
        Resolution::Dpi203 => find_profile(language.as_str()),
        Resolution::Dpi300 => find_profile(&format!("{language}-300")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_profile_can_be_read_and_says_for_which_printers_it_is() {
        for shipped in PROFILES {
            let read = shipped.read().unwrap_or_else(|error| panic!("{}: {error}", shipped.name));
            assert!(
                !read.about.is_empty() && read.about.is_ascii() && !read.about_zh.is_ascii(),
                "{}",
                shipped.name
            );
            assert_eq!(read.profile.check(), Ok(()));
        }
    }

    #[test]
    fn every_file_is_shipped() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../profiles");
        let files: BTreeSet<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        let shipped: BTreeSet<_> = PROFILES.iter().map(|shipped| format!("{}.toml", shipped.name)).collect();
        assert_eq!(files, shipped);
    }

    #[test]
    fn every_language_has_a_general_profile() {
        for language in Language::ALL {
            for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
                if let Some(shipped) = general_profile(language, resolution) {
                    let profile = shipped.read().unwrap().profile;
                    assert_eq!((profile.language, profile.resolution), (language, resolution));
                    assert_eq!(profile.graphics, language.graphics()[0], "what every printer understands");
                } else {
                    assert_eq!(resolution, Resolution::Dpi300);
                }
            }
        }
    }
}
