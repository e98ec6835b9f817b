//! The made-up orders that a template is looked at with.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use miandan_core::free::FreeData;
use miandan_core::pipe::MAX_DATA;
use miandan_core::waybill::Waybill;
use miandan_mask::clear::{self, ClearError};
use miandan_templates::{Case, LABELS, Sample, SampleError};

use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::messages::lint as texts;

/// The order of a template and its variants.
pub(super) struct Sampled(Sample);

impl Sampled {
    /// The order in a file; else that of a label that is shipped; else the `sample.json` beside the template; else that of
    /// the first label.
    pub(super) fn find(console: Console, template: &str, data: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = data {
            let text =
                std::fs::read_to_string(path).map_err(|error| files::unreadable(console, path, &error))?;
            return Self::read(console, path, &text);
        }
        if let Some(label) = miandan_templates::find(template) {
            return Ok(Sampled(label.sample()));
        }
        let beside = beside(template);
        match std::fs::read_to_string(&beside) {
            Ok(text) => Self::read(console, &beside, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Sampled(LABELS[0].sample())),
            Err(error) => Err(files::unreadable(console, &beside, &error)),
        }
    }

    fn read(console: Console, path: &Path, text: &str) -> Result<Self, Failure> {
        Sample::from_json(text).map(Sampled).map_err(|error| {
            let SampleError { line, column, reason } = error;
            let values: [(&str, &dyn Display); 4] =
                [("file", &path.display()), ("line", &line), ("column", &column), ("why", &reason)];
            Failure::new(Exit::Input, "INPUT", console.fill(texts::BAD_DATA, &values))
                .hint(texts::BAD_DATA_HINT.get(console.language))
        })
    }

    /// The order of a case.
    pub(super) fn waybill(&self, case: Case) -> Waybill {
        self.0.waybill(case)
    }

    /// The order as it is.
    pub(super) fn ordinary(&self) -> Waybill {
        self.waybill(Case::Ordinary)
    }

    /// Its variants by name.
    pub(super) fn others(&self) -> Vec<(&'static str, Waybill)> {
        let cases = Case::ALL.into_iter().filter(|&case| case != Case::Ordinary);
        cases.map(|case| (case.as_str(), self.waybill(case))).collect()
    }
}

/// The data in a file, for a template of data in clear: as a print component sees it, masked.
pub(super) fn data(console: Console, path: &Path) -> Result<FreeData, Failure> {
    let text = std::fs::read(path).map_err(|error| files::unreadable(console, path, &error))?;
    if text.len() > MAX_DATA {
        return Err(bad_data(console, path, ClearError::Limit));
    }
    clear::free_data(&text).map_err(|error| bad_data(console, path, error))
}

fn bad_data(console: Console, path: &Path, error: ClearError) -> Failure {
    let text = match error {
        ClearError::Malformed => texts::NO_JSON,
        ClearError::Limit => texts::TOO_MUCH_DATA,
    };
    Failure::new(Exit::Input, "INPUT", console.fill(text, &[("file", &path.display())]))
        .hint(texts::FREE_DATA_HINT.get(console.language))
}

/// Where the order of a template of one's own is looked for.
pub(super) fn beside(template: &str) -> PathBuf {
    Path::new(template).with_file_name("sample.json")
}
