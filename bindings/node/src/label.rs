//! What is said of one label.

use miandan_core::Code;
use miandan_core::pipe::Warnings;
use napi_derive::napi;

use crate::failed::Failed;
use crate::told::Told;

/// What there is to say of a label beside its size and its pages.
#[napi(object, object_from_js = false)]
pub struct SaidOfLabel {
    /// Its place in the batch, from 1.
    pub index: u32,
    /// Why there is none.
    pub failed: Option<Failed>,
    /// What a person should know of it.
    pub warnings: Option<Vec<LabelWarning>>,
}

impl SaidOfLabel {
    /// Nothing, of most labels.
    pub(crate) fn new(label: &Told) -> Option<Self> {
        let failed = label.result.as_ref().err().map(Failed::label);
        let warnings = warnings(label.warnings);
        let index = label.index;
        (failed.is_some() || warnings.is_some()).then_some(SaidOfLabel { index, failed, warnings })
    }
}

/// What a person should know of a label.
#[napi(object, object_from_js = false)]
pub struct LabelWarning {
    /// The field, if it is about one.
    pub field: Option<String>,
    /// The word.
    pub warning: String,
}

/// The warnings of a label, as the command line says them with `--json`; nothing of a label without.
pub(crate) fn warnings(warnings: Warnings) -> Option<Vec<LabelWarning>> {
    if warnings.is_empty() {
        return None;
    }
    let warning = |field: Option<&str>, warning: &str| LabelWarning {
        field: field.map(str::to_owned),
        warning: warning.to_owned(),
    };
    let fields = warnings.iter().map(|(field, why)| warning(Some(field.as_str()), why.as_str()));
    let boxed =
        warnings.boxed().map(|field| warning(field.map(|field| field.as_str()), Code::GlyphMissing.as_str()));
    let notes = warnings.notes().map(|note| warning(None, note.as_str()));
    Some(fields.chain(boxed).chain(notes).collect())
}
