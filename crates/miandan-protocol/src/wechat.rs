//! The component of WeChat shops: one answer to each request, with what became of each label.
//!
//! What it calls a task is a label; its request is what the others call a task.

use super::cainiao::{encrypted, sender};
use super::json::{self, Answer, Object};
use super::{
    Area, Command, Content, Dialect, Document, DocumentState, Event, Notify, Platform, PreviewForm, Printer,
    Problem, Refused, Request, RequestId, Task, TaskProgress,
};

const PRINT: &str = "print";
const PREVIEW: &str = "preview";
const PRINTERS: &str = "getPrinterList";
const AGENT_INFO: &str = "getAppInfo";

/// The version of the component that is spoken like.
const VERSION: &str = "2.0.0";

#[expect(clippy::result_large_err, reason = "a request is larger")]
pub(super) fn read(text: &str) -> Result<Request, Refused> {
    let (message, name, refused) = json::begin(text, &["requestID", "requestId"], "command")?;
    let command = match name.as_str() {
        PRINTERS => Ok(Command::Printers),
        AGENT_INFO => Ok(Command::AgentInfo),
        PRINT => print(&message, &refused.id, None).map(Command::Print),
        PREVIEW => print(&message, &refused.id, Some(PreviewForm::Image)).map(Command::Print),
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
        Command::AgentInfo => AGENT_INFO,
        Command::Print(Task { preview: Some(_), .. }) => PREVIEW,
        _ => PRINT,
    }
}

fn print(message: &Object<'_>, id: &RequestId, preview: Option<PreviewForm>) -> Result<Task, Problem> {
    // Anything at all, as HTML.
    if message.count(&["printType"])?.is_some_and(|kind| kind != 1) {
        return Err(Problem::Unsupported);
    }
    let tasks = message.list(&["taskList"])?.unwrap_or_default();
    Platform::Wechat.check_count(tasks.len())?;
    let (mut documents, mut counts) = (Vec::with_capacity(tasks.len()), Vec::with_capacity(tasks.len()));
    for raw in tasks {
        let task = Object::read(raw.get()).ok_or(Problem::Missing("taskList"))?;
        counts.push(count(&task)?);
        documents.push(document(&task)?);
    }
    if !Document::differ(&documents) {
        return Err(Problem::Missing("taskID"));
    }
    let id = json::text(&id.0.to_string()).filter(|id| json::is_id(id));
    Ok(Task {
        id: id.unwrap_or_else(|| documents[0].id.clone()),
        printer: message.printer(&["printer"])?,
        preview,
        notify: Notify { rendered: false, printed: true, each: false },
        first: counts[0].0,
        total: counts[0].1,
        documents,
    })
}

/// Which label of how many it is.
fn count(task: &Object<'_>) -> Result<(Option<u32>, Option<u32>), Problem> {
    let Some(number) = task.object(&["printNum"])? else { return Ok((None, None)) };
    let positive = |name| Ok(number.count(&[name])?.filter(|&count| count > 0));
    Ok((positive("curNum")?, positive("sumNum")?))
}

fn document(task: &Object<'_>) -> Result<Document, Problem> {
    let info = task.get(&["printInfo"]).filter(|raw| raw.get() != "\"\"");
    let info = info.ok_or(Problem::Missing("printInfo"))?;
    let content = match json::json(info.get()) {
        Some(plain) => Content::Plain(plain),
        None => encrypted("printInfo", info)?,
    };
    let area = match task.object(&["customInfo"])? {
        Some(custom) => custom.address(&["templateUrl", "templateURL"])?.map(|template| {
            let data = custom.json(&["data"])?.unwrap_or_else(|| "{}".to_owned());
            Ok(Area { template, data })
        }),
        None => None,
    };
    Ok(Document {
        id: task.id(&["taskID", "taskId"])?,
        waybill: None,
        content,
        // The platform keeps the template, and its clients name none.
        template: task.address(&["templateURL", "templateUrl"])?.unwrap_or_default(),
        sender: sender(task, "extendData")?,
        areas: area.transpose()?.into_iter().collect(),
        copies: 1,
    })
}

/// Both spellings: older clients look for one, newer for the other.
fn head(command: &str, id: &RequestId) -> Answer {
    let answer = Answer::object().with("command", command);
    if id.0.is_null() {
        return answer;
    }
    answer.with("requestID", id.0.clone()).with("requestId", id.0.clone())
}

pub(super) fn refuse(dialect: Dialect, refused: &Refused) -> String {
    head(&refused.command, &refused.id)
        .with("success", false)
        .with("failureReason", refused.problem.text(dialect.language))
        .with("errorCode", refused.problem.number())
        .line()
}

pub(super) fn printers(id: &RequestId, printers: &[Printer]) -> String {
    // The states of IPP (RFC 8011, 5.4.12): 3 is idle, 5 is stopped.
    let printer = |printer: &Printer| {
        Answer::object()
            .with("name", printer.name.as_str())
            .with("displayName", printer.name.as_str())
            .with("status", if printer.enabled { 3u8 } else { 5 })
    };
    head(PRINTERS, id).with("printerList", printers.iter().map(printer).collect::<Vec<_>>()).line()
}

pub(super) fn agent_info(id: &RequestId, own: &str) -> String {
    let info = Answer::object().with("version", VERSION).with("agent", "miandan").with("agentVersion", own);
    head(AGENT_INFO, id).with("appInfo", info).line()
}

pub(super) fn tell(dialect: Dialect, task: &TaskProgress, event: Event) -> Vec<String> {
    if event != Event::Ended {
        return Vec::new();
    }
    let results = task.documents.iter().map(|document| {
        let (done, why) = match &document.state {
            DocumentState::Printed => (true, String::new()),
            DocumentState::Unknown(problem) => (false, problem.text_of_unknown(dialect.language)),
            DocumentState::Failed(problem) => (false, problem.text(dialect.language)),
            DocumentState::Pending | DocumentState::Rendered => {
                (false, Problem::Station.text(dialect.language))
            }
        };
        let result = Answer::object()
            .with("taskID", document.document.as_str())
            .with("success", done)
            .with("failureReason", why);
        // The component opens a window; there is none, so it is said where the picture is.
        if document.urls.is_empty() { result } else { result.with("previewImage", document.urls.as_slice()) }
    });
    let results = results.collect::<Vec<_>>();
    let command = if task.preview.is_some() { PREVIEW } else { PRINT };
    vec![head(command, &task.request).with("results", results).line()]
}
