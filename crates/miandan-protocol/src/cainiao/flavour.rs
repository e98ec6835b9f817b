//! What differs between the platforms of the family.

use crate::{Dialect, Generation, Platform, PreviewForm};

/// How a platform of the family talks.
pub(super) struct Flavour {
    /// What the message that says how a task ended is called.
    pub(super) result: &'static str,
    /// Whether that message carries the mark of the request.
    pub(super) result_is_marked: bool,
    /// Whether each document, and the beginning and the end of each task, are told of: `notifyDocResult`, `notifyTaskResult`.
    pub(super) tells_documents: bool,
    /// Whether it is told that the labels of a task are made, if a client has not asked for that alone.
    pub(super) tells_rendered: bool,
    /// Where clients look for a preview.
    pub(super) preview: Preview,
    /// The form of a preview if none is named.
    pub(super) preview_form: PreviewForm,
    /// Whether every answer has `status` and `msg`.
    pub(super) every_status: bool,
    /// What is said if nothing is wrong.
    pub(super) no_error: &'static str,
    /// The version of the component that is spoken like.
    pub(super) version: &'static str,
    /// What the setting is called that somebody is told when a task fails.
    pub(super) notify_on_failure: &'static [&'static str],
    /// What the settings for the logos are called.
    pub(super) logos: (&'static str, &'static str),
}

/// Where clients look for a preview.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Preview {
    /// In the answer to the request, which comes when the preview is ready.
    FirstAnswer,
    /// In a second answer to it.
    SecondAnswer,
    /// In the message that says how the task ended.
    Result,
}

impl Flavour {
    pub(super) const fn of(dialect: Dialect) -> Self {
        let old = Flavour {
            result: "notifyPrintResult",
            result_is_marked: false,
            tells_documents: false,
            tells_rendered: true,
            preview: Preview::FirstAnswer,
            preview_form: PreviewForm::Pdf,
            every_status: false,
            no_error: "",
            version: "0.2.8.3",
            notify_on_failure: &["notifyOnTaskFailure"],
            logos: ("needTopLogo", "needBottomLogo"),
        };
        let new = Flavour { result_is_marked: true, every_status: true, version: "1.5.3.0", ..old };
        match (dialect.platform, dialect.generation) {
            (Platform::Cainiao, Generation::V0) => old,
            (Platform::Douyin, _) => Flavour {
                tells_rendered: false,
                preview: Preview::Result,
                no_error: "no error",
                notify_on_failure: &["notifyOnTaskFailure", "TaskFailedNotify"],
                ..new
            },
            (Platform::Pinduoduo, _) => Flavour {
                result: "PrintResultNotify",
                result_is_marked: false,
                tells_rendered: false,
                notify_on_failure: &["TaskFailedNotify"],
                logos: ("PrintTopLogo", "PrintBottomLogo"),
                ..new
            },
            (Platform::Kuaishou, _) => {
                Flavour { tells_rendered: false, preview_form: PreviewForm::Image, ..new }
            }
            (Platform::Xiaohongshu, _) => new,
            _ => Flavour {
                tells_documents: true,
                tells_rendered: false,
                preview: Preview::SecondAnswer,
                no_error: "no error",
                ..new
            },
        }
    }
}
