//! Messages of clients.
//!
//! Clients of one platform differ as much as platforms do, so every spelling is taken from everybody.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::value::RawValue;

use super::flavour::Flavour;
use crate::json::{self, Object};
use crate::{
    Area, Command, Content, Dialect, Document, Notify, PreviewForm, PrinterSettings, Problem, Refused,
    Request, Task,
};

/// What our sealed orders begin with, before their base64url.
const SEALED: &str = "MSO1:";

/// Most custom areas of a label.
const AREAS: usize = 4;

/// Most copies of a label.
const COPIES: u32 = 99;

/// Most tasks or documents that are asked for at once.
const ASKED: usize = 1000;

const TEMPLATE: &[&str] = &["templateURL", "templateUrl"];
const DATA: &[&str] = &["data", "customData"];

#[expect(clippy::result_large_err, reason = "a request is larger")]
pub(crate) fn read(dialect: Dialect, text: &str) -> Result<Request, Refused> {
    let (message, name, mut refused) = json::begin(text, &["requestID", "requestId"], "cmd")?;
    let command = match name.as_str() {
        "getPrinters" => Ok(Command::Printers),
        "getPrinterConfig" => printer_name(&message).map(|printer| Command::PrinterConfig { printer }),
        "setPrinterConfig" => set_printer_config(dialect, &message),
        "printerConfig" => Ok(Command::ConfigWindow),
        "print" => print(dialect, &message, &mut refused.task).map(Command::Print),
        "getTaskStatus" => {
            message.ids(&["taskID", "taskIDs", "taskId"], ASKED).map(|tasks| Command::TaskStatus { tasks })
        }
        "getDocumentStatus" => {
            let documents = message.ids(&["documentIDs", "documentID", "documentIds"], ASKED);
            documents.map(|documents| Command::DocumentStatus { documents })
        }
        "getGlobalConfig" => Ok(Command::GlobalConfig),
        "setGlobalConfig" => {
            let told = message.flag(&["notifyOnTaskFailure", "TaskFailedNotify"]);
            told.map(|notify_on_failure| Command::SetGlobalConfig { notify_on_failure })
        }
        "getAgentInfo" => Ok(Command::AgentInfo),
        _ => Err(Problem::UnknownCommand),
    };
    match command {
        Ok(command) => Ok(Request { id: refused.id, command }),
        Err(problem) => Err(Refused { problem, ..refused }),
    }
}

/// What a client wrote to ask for this.
pub(crate) const fn command(command: &Command) -> &'static str {
    match command {
        Command::Printers => "getPrinters",
        Command::PrinterConfig { .. } => "getPrinterConfig",
        Command::SetPrinterConfig { .. } => "setPrinterConfig",
        Command::ConfigWindow => "printerConfig",
        Command::Print(_) => "print",
        Command::TaskStatus { .. } => "getTaskStatus",
        Command::DocumentStatus { .. } => "getDocumentStatus",
        Command::GlobalConfig => "getGlobalConfig",
        Command::SetGlobalConfig { .. } => "setGlobalConfig",
        Command::AgentInfo => "getAgentInfo",
    }
}

/// The printer that is asked for: a name, or an object that has one.
fn printer_name(message: &Object<'_>) -> Result<String, Problem> {
    let printer = match message.get(&["printer"]) {
        Some(raw) if raw.get().starts_with('{') => {
            message.object(&["printer"])?.map(|printer| printer.printer(&["name"])).transpose()?.flatten()
        }
        Some(_) => message.printer(&["printer"])?,
        None => message.printer(&["name"])?,
    };
    Ok(printer.unwrap_or_default())
}

/// Settings stand in `printer`, or beside it if that is the name.
fn set_printer_config(dialect: Dialect, message: &Object<'_>) -> Result<Command, Problem> {
    let inner = match message.get(&["printer"]) {
        Some(raw) if raw.get().starts_with('{') => message.object(&["printer"])?,
        _ => None,
    };
    let (top, bottom) = Flavour::of(dialect).logos;
    let from = inner.as_ref().unwrap_or(message);
    let paper = match from.object(&["paperSize"])? {
        Some(size) => {
            // Whole millimetres, which some clients write as 100.0 and others as 99.8.
            let side = |name| {
                let side = size.number(&[name])?;
                let in_range = |side: &f64| (0.0..=10_000.0).contains(side);
                if side.is_some_and(|side| !in_range(&side)) {
                    return Err(Problem::Missing("paperSize"));
                }
                Ok(side.map(|side| side.round() as u32).filter(|&side| side > 0))
            };
            side("width")?.zip(side("height")?)
        }
        None => None,
    };
    let orientation = from.count(&["orientation"])?;
    if orientation.is_some_and(|orientation| orientation > 1) {
        return Err(Problem::Missing("orientation"));
    }
    let settings = PrinterSettings {
        top_logo: from.flag(&[top, "needTopLogo", "PrintTopLogo"])?,
        bottom_logo: from.flag(&[bottom, "needBottomLogo", "PrintBottomLogo"])?,
        horizontal_offset: from.number(&["horizontalOffset"])?,
        vertical_offset: from.number(&["verticalOffset"])?,
        no_page_margins: from.flag(&["forceNoPageMargins"])?,
        auto_page_size: from.flag(&["autoPageSize"])?,
        orientation: orientation.map(|orientation| orientation as u8),
        auto_orientation: from.flag(&["autoOrientation"])?,
        paper,
    };
    Ok(Command::SetPrinterConfig { printer: printer_name(message)?, settings })
}

/// The task stands in `task`, or, of one published client, beside it.
fn print(dialect: Dialect, message: &Object<'_>, id: &mut Option<String>) -> Result<Task, Problem> {
    let flavour = Flavour::of(dialect);
    let inner = message.object(&["task"])?;
    let flat = inner.is_none();
    let task = inner.as_ref().unwrap_or(message);
    if flat && task.get(&["taskID", "taskId"]).is_none() && task.get(&["documents"]).is_none() {
        return Err(Problem::Missing("task"));
    }
    let task_id = task.id(&["taskID", "taskId"])?;
    *id = Some(task_id.clone());
    let documents = task.list(&["documents"])?.unwrap_or_default();
    dialect.platform.check_count(documents.len())?;
    let documents: Vec<Document> = documents.into_iter().map(document).collect::<Result<_, _>>()?;
    if !Document::differ(&documents) {
        return Err(Problem::Missing("documentID"));
    }
    let form = match task.text(&["previewType"])?.as_deref() {
        Some("image") => PreviewForm::Image,
        Some("pdf" | "pdf/image") => PreviewForm::Pdf,
        _ => flavour.preview_form,
    };
    let printer = match task.printer(&["printer"])? {
        None if !flat => message.printer(&["printer"])?,
        printer => printer,
    };
    Ok(Task {
        id: task_id,
        printer,
        preview: task.flag(&["preview"])?.unwrap_or(false).then_some(form),
        notify: notify(task)?,
        first: task.count(&["firstDocumentNumber"])?.filter(|&number| number > 0),
        total: task.count(&["totalDocumentCount"])?.filter(|&count| count > 0),
        documents,
    })
}

/// Both, if nothing is said; none is not allowed.
fn notify(task: &Object<'_>) -> Result<Notify, Problem> {
    let each = task.text(&["notifyMode"])?.as_deref() == Some("oneByOne");
    let Some(raw) = task.get(&["notifyType"]) else {
        return Ok(Notify { rendered: true, printed: true, each });
    };
    let kinds = match json::text(raw.get()) {
        Some(kind) => vec![kind],
        None => {
            let list = task.list(&["notifyType"])?.unwrap_or_default();
            let kind = |raw: &RawValue| json::text(raw.get()).ok_or(Problem::Missing("notifyType"));
            list.into_iter().map(kind).collect::<Result<_, _>>()?
        }
    };
    let named = |name| kinds.iter().any(|kind| kind == name);
    let (rendered, printed) = (named("render"), named("print"));
    if !rendered && !printed {
        return Err(Problem::Missing("notifyType"));
    }
    Ok(Notify { rendered, printed, each })
}

fn document(raw: &RawValue) -> Result<Document, Problem> {
    let document = Object::read(raw.get()).ok_or(Problem::Missing("documents"))?;
    let id = document.id(&["documentID", "documentId"])?;
    let waybill = document.text(&["waybillCode"])?.filter(|waybill| json::is_id(waybill));
    let copies = document.count(&["copy"])?.unwrap_or(1).max(1);
    if copies > COPIES {
        return Err(Problem::Missing("copy"));
    }
    let contents = document.list(&["contents"])?.ok_or(Problem::Missing("contents"))?;
    let contents: Vec<Part> = contents
        .into_iter()
        .filter(|raw| raw.get() != "null")
        .map(|raw| part(raw.get()))
        .collect::<Result<_, _>>()?;
    // The label stands first. Where something in clear stands before what is sealed, that is the label all the same.
    let label = contents.iter().position(Part::is_encrypted).unwrap_or(0);
    if contents.iter().filter(|part| part.is_encrypted()).count() > 1 || contents.len() > 1 + AREAS {
        return Err(Problem::Missing("contents"));
    }
    let mut areas = Vec::new();
    let mut found = None;
    for (place, part) in contents.into_iter().enumerate() {
        if place == label {
            found = Some(part);
            continue;
        }
        let data = match part.content {
            Some(Content::Plain(data)) => data,
            _ => "{}".to_owned(),
        };
        areas.push(Area { template: part.template.ok_or(Problem::Missing("templateURL"))?, data });
    }
    let Part { content, template, sender } = found.ok_or(Problem::Missing("contents"))?;
    let content = content.ok_or(Problem::Missing("encryptedData"))?;
    let template = match (template, &content) {
        (Some(template), _) => template,
        (None, Content::Foreign) => String::new(),
        (None, _) => return Err(Problem::Missing("templateURL")),
    };
    Ok(Document { id, waybill, content, template, sender, areas, copies })
}

/// One element of `contents`.
struct Part {
    content: Option<Content>,
    template: Option<String>,
    sender: Option<String>,
}

impl Part {
    const fn is_encrypted(&self) -> bool {
        matches!(self.content, Some(Content::Sealed(_) | Content::Foreign))
    }
}

/// An object, or the text of one: `print_data` of some interfaces is handed on as it came.
fn part(raw: &str) -> Result<Part, Problem> {
    let text = json::json(raw).ok_or(Problem::Missing("contents"))?;
    let part = Object::read(&text).ok_or(Problem::Missing("contents"))?;
    let content = match part.get(&["encryptedData"]) {
        Some(raw) if raw.get() != "\"\"" => Some(encrypted("encryptedData", raw)?),
        _ => part.json(DATA)?.map(Content::Plain),
    };
    Ok(Part { content, template: part.address(TEMPLATE)?, sender: sender(&part, "addData")? })
}

/// What is encrypted: for us, or for somebody else.
pub(crate) fn encrypted(name: &'static str, raw: &RawValue) -> Result<Content, Problem> {
    let text: String = serde_json::from_str(raw.get()).map_err(|_| Problem::Missing(name))?;
    match text.strip_prefix(SEALED) {
        Some(order) => URL_SAFE_NO_PAD.decode(order).map(Content::Sealed).map_err(|_| Problem::Malformed),
        None => Ok(Content::Foreign),
    }
}

/// What is laid over the sender, as it came; none if nothing is said in it.
pub(crate) fn sender(part: &Object<'_>, name: &'static str) -> Result<Option<String>, Problem> {
    Ok(part.json(&[name])?.filter(|sender| !json::says_nothing(sender)))
}
