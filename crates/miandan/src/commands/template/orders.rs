//! The made-up orders that a template is looked at with.

use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

use miandan_core::waybill::Waybill;
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

/// Where the order of a template of one's own is looked for.
pub(super) fn beside(template: &str) -> PathBuf {
    Path::new(template).with_file_name("sample.json")
}
