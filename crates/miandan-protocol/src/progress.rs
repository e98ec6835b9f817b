//! How far a task came, whatever the dialect in which it is told.

use super::{Notify, PreviewForm, Problem, RequestId};

/// A task that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskProgress {
    /// The request that brought it.
    pub request: RequestId,
    /// Its id.
    pub task: String,
    /// Where it is printed.
    pub printer: String,
    /// Whether it is only looked at, and in which form.
    pub preview: Option<PreviewForm>,
    /// What the client wants to be told of.
    pub notify: Notify,
    /// Its documents.
    pub documents: Vec<DocumentProgress>,
}

/// One document of it.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentProgress {
    /// Its id.
    pub document: String,
    /// The waybill number, where it is known.
    pub waybill: Option<String>,
    /// How far it came.
    pub state: DocumentState,
    /// Of a preview that is ready, where it is: one address, or one for each page of a picture. The pictures themselves, as
    /// `data:image/png;base64,…`, where the platform has them so ([`Platform::previews_inline`](super::Platform)).
    pub urls: Vec<String>,
    /// What it took until now.
    pub spent: Spent,
    /// When its label began to be made, in milliseconds since 1970; 0 before that.
    pub began: u64,
}

/// How far a document came.
#[derive(Clone, Debug, PartialEq)]
pub enum DocumentState {
    /// It waits.
    Pending,
    /// Its label is made.
    Rendered,
    /// It is printed, as far as that can be known; of a preview, it can be looked at.
    Printed,
    /// It surely was not printed.
    Failed(Problem),
    /// It may have been printed: somebody has to look.
    Unknown(Problem),
}

/// What a document took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// To make its label.
    pub rendering: u32,
    /// Waiting.
    pub pending: u32,
    /// From when it was taken in.
    pub total: u32,
}

/// What has just happened to a task. The state of its documents says the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was accepted: always first, and told before anything else.
    Accepted,
    /// The label of the document at this place was made; or it failed before it was, and then `Printed` does not follow. Once
    /// for each document.
    Rendered(usize),
    /// The document at this place was printed, or failed after its label was made; of a preview, it can be looked at.
    Printed(usize),
    /// All documents are settled: always last.
    Ended,
}

impl DocumentState {
    /// Whether nothing more becomes of it.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, DocumentState::Printed | DocumentState::Failed(_) | DocumentState::Unknown(_))
    }
}
