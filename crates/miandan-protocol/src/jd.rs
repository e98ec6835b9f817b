//! JD's component, version 2: one answer to each request, when all is done.
//!
//! Nothing in it has an id but the request, so the request is the task, and its labels are counted.

use super::cainiao::{encrypted, sender};
use super::json::{self, Answer, Object};
use super::{
    Area, Command, Content, Dialect, Document, DocumentProgress, DocumentState, Event, Notify, Platform,
    PreviewForm, Printer, Problem, Refused, Request, RequestId, Task, TaskProgress,
};

const PRINT: &str = "PRINT";
const PRINTERS: &str = "GET_Printers";
const PREVIEW: &str = "PRE_View";
const PREVIEW_ALL: &str = "PRE_View:multi";

#[expect(clippy::result_large_err, reason = "a request is larger")]
pub(super) fn read(text: &str) -> Result<Request, Refused> {
    let (message, name, refused) = json::begin(text, &["key", "requestID", "requestId"], "orderType")?;
    let command = match name.as_str() {
        PRINTERS => Ok(Command::Printers),
        PRINT => print(&message, None).map(Command::Print),
        PREVIEW => print(&message, Some(false)).map(Command::Print),
        PREVIEW_ALL => print(&message, Some(true)).map(Command::Print),
        _ => Err(Problem::UnknownCommand),
    };
    match command {
        Ok(command) => Ok(Request { id: refused.id, command }),
        Err(problem) => Err(Refused { problem, ..refused }),
    }
}

/// What a client wrote to ask for this.
pub(super) const fn command(command: &Command) -> &'static str {
    match command {
        Command::Printers => PRINTERS,
        Command::Print(Task { preview: Some(_), .. }) => PREVIEW,
        _ => PRINT,
    }
}

/// `preview`: none to print, else whether all labels are looked at or only the first.
fn print(message: &Object<'_>, preview: Option<bool>) -> Result<Task, Problem> {
    // There is no other id of the task.
    let id = message.id(&["key", "requestID", "requestId"])?;
    let parameters = message.object(&["parameters"])?.ok_or(Problem::Missing("parameters"))?;
    let contents = parameters.list(&["contents"])?.unwrap_or_default();
    Platform::Jd.check_count(contents.len())?;
    let documents = contents.into_iter().enumerate().map(|(place, raw)| {
        let content = Object::read(raw.get()).ok_or(Problem::Missing("contents"))?;
        document(format!("{id}-{}", place + 1), &content)
    });
    let mut documents: Vec<Document> = documents.collect::<Result<_, _>>()?;
    if preview == Some(false) {
        documents.truncate(1);
    }
    Ok(Task {
        printer: parameters.printer(&["printName"])?,
        preview: preview.map(|_| PreviewForm::Image),
        notify: Notify { rendered: false, printed: true, each: false },
        first: None,
        total: u32::try_from(documents.len()).ok(),
        documents,
        id,
    })
}

fn document(id: String, content: &Object<'_>) -> Result<Document, Problem> {
    let data = content.get(&["printData"]).ok_or(Problem::Missing("printData"))?;
    let content_of_label = match json::json(data.get()) {
        // Data in clear says of itself that it is: a ciphertext is no JSON. Some clients write `dataType` for all or for none.
        Some(plain) => Content::Plain(plain),
        None => match encrypted("printData", data)? {
            Content::Foreign if content.text(&["dataType"])?.as_deref() == Some("app") => {
                return Err(Problem::Missing("printData"));
            }
            content => content,
        },
    };
    let template = content.address(&["tempUrl"])?;
    let template = match (template, &content_of_label) {
        (Some(template), _) => template,
        (None, Content::Foreign) => String::new(),
        (None, _) => return Err(Problem::Missing("tempUrl")),
    };
    let area = match content.address(&["customTempUrl"])? {
        Some(template) => {
            let data = content.json(&["customData"])?.unwrap_or_else(|| "{}".to_owned());
            Some(Area { template, data })
        }
        None => None,
    };
    Ok(Document {
        id,
        waybill: None,
        content: content_of_label,
        template,
        sender: sender(content, "addData")?,
        areas: area.into_iter().collect(),
        copies: 1,
    })
}

pub(super) fn refuse(dialect: Dialect, refused: &Refused) -> String {
    let code = match refused.command.as_str() {
        PRINTERS => "6",
        PREVIEW | PREVIEW_ALL => "8",
        _ => "2",
    };
    let status = match refused.problem {
        Problem::Malformed | Problem::UnknownCommand | Problem::Missing(_) => "503",
        _ => "502",
    };
    let text = refused.problem.text(dialect.language);
    head(code, &refused.id, false, status, &text)
        .with("content", "")
        .with("detailinfo", Answer::object().with("errorCode", refused.problem.number()))
        .line()
}

pub(super) fn printers(id: &RequestId, printers: &[Printer], default: Option<&str>) -> String {
    let names: Vec<String> = printers.iter().map(|printer| printer.name.clone()).collect();
    head("6", id, true, "500", "")
        .with("content", names.join(","))
        .with(
            "detailinfo",
            Answer::object()
                .with("printers", names.as_slice())
                .with("defaultPrinter", default.unwrap_or_default()),
        )
        .line()
}

pub(super) fn tell(dialect: Dialect, task: &TaskProgress, event: Event) -> Vec<String> {
    if event != Event::Ended {
        return Vec::new();
    }
    let failed: Vec<(usize, String)> = task
        .documents
        .iter()
        .enumerate()
        .filter_map(|(place, document)| Some((place, failure(dialect, document)?)))
        .collect();
    let good = failed.is_empty();
    let text = failed.first().map(|(_, text)| text.as_str()).unwrap_or_default();
    let status = if good { "500" } else { "502" };
    let numbered = |(place, text): &(usize, String)| {
        // Labels are counted from 1, in texts.
        Answer::object().with("seq", (place + 1).to_string()).with("msg", text.as_str())
    };
    let errors: Vec<Answer> = failed.iter().map(numbered).collect();
    let answer = if task.preview.is_some() {
        preview(head("8", &task.request, good, status, text), task, errors)
    } else {
        let all = task.documents.len();
        let done = (0..all).filter(|place| failed.iter().all(|(failed, _)| failed != place));
        let detail = Answer::object()
            .with("total", format!("{all}-{}", all - failed.len()))
            .with("detail", done.map(|place| numbered(&(place, String::new()))).collect::<Vec<_>>())
            .with("errors", errors)
            .with("info", "");
        head("2", &task.request, good, status, text).with("content", "").with("detailinfo", detail)
    };
    vec![answer.line()]
}

/// The pictures themselves, since clients show what is in the answer; of one label as a text, of several as a list.
fn preview(head: Answer, task: &TaskProgress, errors: Vec<Answer>) -> Answer {
    let urls = || task.documents.iter().flat_map(|document| &document.urls);
    let pictures: Vec<String> =
        urls().filter_map(|url| url.strip_prefix("data:image/png;base64,")).map(str::to_owned).collect();
    let paths: Vec<String> = urls().filter(|url| !url.starts_with("data:")).cloned().collect();
    let listed = |mut list: Vec<String>| match list.len() {
        0 => "".into(),
        1 => list.remove(0).into(),
        _ => Answer::from(list.as_slice()),
    };
    let first = pictures.first().cloned().unwrap_or_default();
    let detail = Answer::object()
        .with("imgdata", listed(pictures))
        .with("imgpath", listed(paths))
        .with("errors", errors);
    head.with("content", first).with("detailinfo", detail)
}

fn failure(dialect: Dialect, document: &DocumentProgress) -> Option<String> {
    match &document.state {
        DocumentState::Printed => None,
        DocumentState::Unknown(problem) => Some(problem.text_of_unknown(dialect.language)),
        DocumentState::Failed(problem) => Some(problem.text(dialect.language)),
        DocumentState::Pending | DocumentState::Rendered => Some(Problem::Station.text(dialect.language)),
    }
}

/// What every answer has. `success` is a text.
fn head(code: &str, key: &RequestId, good: bool, status: &str, text: &str) -> Answer {
    Answer::object()
        .with("code", code)
        .with("key", key.0.clone())
        .with("success", if good { "true" } else { "false" })
        .with("status", status)
        .with("message", text)
}
