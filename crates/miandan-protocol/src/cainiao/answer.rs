//! Answers to what is asked.

use super::flavour::Flavour;
use super::read::command;
use super::tell::{detail, status_and_text};
use crate::json::Answer;
use crate::{
    Command, Dialect, DocumentProgress, Platform, Printer, PrinterSettings, Problem, Refused, Request,
    RequestId, TaskProgress, words,
};

/// The head of an answer: what was asked, and the mark of the request as it came.
pub(super) fn head(command: &str, id: &RequestId) -> Answer {
    let answer = Answer::object().with("cmd", command);
    if id.0.is_null() { answer } else { answer.with("requestID", id.0.clone()) }
}

/// What newer components put into every answer.
pub(super) fn well(flavour: &Flavour) -> Answer {
    let answer = Answer::object().with("status", "success").with("msg", flavour.no_error);
    if flavour.tells_documents { answer.with("errorCode", 0u32) } else { answer }
}

fn well_if_every(flavour: &Flavour) -> Answer {
    if flavour.every_status { well(flavour) } else { Answer::object() }
}

pub(crate) fn refuse(dialect: Dialect, refused: &Refused) -> String {
    // Clients know this one by its text.
    let text = match &refused.problem {
        Problem::NoDocuments => "document not found".to_owned(),
        problem => problem.text(dialect.language),
    };
    head(&refused.command, &refused.id)
        .maybe("taskID", refused.task.as_deref())
        .with("status", "failed")
        .with("msg", text)
        .with("errorCode", refused.problem.number())
        .with("detail", detail(&refused.problem))
        .line()
}

pub(crate) fn printers(
    dialect: Dialect,
    id: &RequestId,
    printers: &[Printer],
    default: Option<&str>,
) -> String {
    let flavour = Flavour::of(dialect);
    let printer = |printer: &Printer| {
        let answer = Answer::object()
            .with("name", printer.name.as_str())
            .with("status", if printer.enabled { "enable" } else { "disable" });
        match flavour.every_status {
            false => answer.with("type", "thermal"),
            true if flavour.tells_documents => {
                answer.with("type", "RAW").with("printerType", "NORMAL").with("supportRfid", false)
            }
            true => answer.with("type", "RAW"),
        }
    };
    head("getPrinters", id)
        .join(well_if_every(&flavour))
        .with("defaultPrinter", default.unwrap_or_default())
        .with("printers", printers.iter().map(printer).collect::<Vec<_>>())
        .line()
}

pub(crate) fn printer_config(
    dialect: Dialect,
    id: &RequestId,
    printer: &str,
    settings: &PrinterSettings,
) -> String {
    let flavour = Flavour::of(dialect);
    let (top, bottom) = flavour.logos;
    let paper =
        settings.paper.map(|(width, height)| Answer::object().with("width", width).with("height", height));
    let printer = Answer::object()
        .with("name", printer)
        .maybe(top, settings.top_logo)
        .maybe(bottom, settings.bottom_logo)
        .maybe("horizontalOffset", settings.horizontal_offset)
        .maybe("verticalOffset", settings.vertical_offset)
        .maybe("forceNoPageMargins", settings.no_page_margins)
        .maybe("autoPageSize", settings.auto_page_size)
        .maybe("orientation", settings.orientation)
        .maybe("autoOrientation", settings.auto_orientation)
        .maybe("paperSize", paper);
    head("getPrinterConfig", id).join(well(&flavour)).with("printer", printer).line()
}

pub(crate) fn done(dialect: Dialect, request: &Request) -> String {
    let flavour = Flavour::of(dialect);
    let answer = head(command(&request.command), &request.id).join(well(&flavour));
    match &request.command {
        Command::SetPrinterConfig { printer, .. } if flavour.tells_documents && !printer.is_empty() => {
            answer.with("printer", printer.as_str()).line()
        }
        _ => answer.line(),
    }
}

pub(crate) fn task_status(
    dialect: Dialect,
    id: &RequestId,
    tasks: &[TaskProgress],
    unknown: &[String],
) -> String {
    let known = tasks.iter().map(|task| {
        let documents = task.documents.iter().map(|document| document_of(dialect, task, document));
        Answer::object()
            .with("taskID", task.task.as_str())
            .with("detailStatus", documents.collect::<Vec<_>>())
    });
    let unknown = unknown.iter().map(|task| {
        Answer::object()
            .with("taskID", task.as_str())
            .with("status", "failed")
            .with("msg", words::NO_SUCH_TASK.get(dialect.language))
            .with("detailStatus", Vec::new())
    });
    head("getTaskStatus", id)
        .join(well_if_every(&Flavour::of(dialect)))
        .with("printStatus", known.chain(unknown).collect::<Vec<_>>())
        .line()
}

pub(crate) fn document_status(
    dialect: Dialect,
    id: &RequestId,
    documents: &[(&TaskProgress, &DocumentProgress)],
    unknown: &[String],
) -> String {
    let known = documents
        .iter()
        .map(|(task, document)| document_of(dialect, task, document).with("taskID", task.task.as_str()));
    let unknown = unknown.iter().map(|document| {
        Answer::object()
            .with("documentID", document.as_str())
            .with("status", "failed")
            .with("msg", words::NO_SUCH_DOCUMENT.get(dialect.language))
    });
    head("getDocumentStatus", id)
        .join(well(&Flavour::of(dialect)))
        .with("printStatus", known.chain(unknown).collect::<Vec<_>>())
        .line()
}

fn document_of(dialect: Dialect, task: &TaskProgress, document: &DocumentProgress) -> Answer {
    let (status, text) = status_and_text(dialect, document);
    Answer::object()
        .with("documentID", document.document.as_str())
        .with("status", status)
        .with("msg", text)
        .with("printer", task.printer.as_str())
}

pub(crate) fn global_config(dialect: Dialect, id: &RequestId, notify: bool) -> String {
    let flavour = Flavour::of(dialect);
    let mut answer = head("getGlobalConfig", id).join(well(&flavour));
    for &name in flavour.notify_on_failure {
        answer = answer.with(name, notify);
    }
    // A label with a character that no font has is refused, so this is so.
    if flavour.tells_documents {
        answer = answer.with("ignoreFontCanNotDisplay", false);
    }
    answer.line()
}

pub(crate) fn agent_info(dialect: Dialect, id: &RequestId, own: &str) -> String {
    let flavour = Flavour::of(dialect);
    let answer = head("getAgentInfo", id).join(well(&flavour)).with("version", flavour.version);
    let answer = match dialect.platform {
        Platform::Pinduoduo => answer.with("AppVersion", flavour.version),
        _ => answer,
    };
    answer.with("agent", "miandan").with("agentVersion", own).line()
}
