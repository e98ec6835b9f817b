//! The conversations in `transcripts`: what clients say, what happens, and what they are told.
//!
//! A line that begins with `>` is a message of a client, `!` an event at the station, `<` a message of ours, `=` how the message
//! was understood, `#` a remark. `UPDATE_SNAPSHOTS=1 cargo test -p miandan-protocol` writes `<` and `=` anew; read the difference
//! before you commit it.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use miandan_protocol::{
    Command, Content, Dialect, DocumentProgress, DocumentState, Event, Generation, PreviewForm, Printer,
    PrinterSettings, Problem, Request, Spent, Task, TaskProgress,
};
use serde_json::Value;

/// When labels are made, in milliseconds since 1970.
const BEGAN: u64 = 1_794_355_200_000;

fn folders() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transcripts");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

fn dialect(folder: &Path) -> Dialect {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let (platform, generation) = name.split_once('-').unwrap_or((name, "v1"));
    let generation = if generation == "v0" { Generation::V0 } else { Generation::V1 };
    Dialect { generation, ..Dialect::named(platform).unwrap() }
}

#[test]
fn conversations_go_as_they_went() {
    let mut count = 0;
    for folder in folders() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let before = fs::read_to_string(&path).unwrap();
            let now = Conversation::new(dialect(&folder)).replay(&before);
            if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
                fs::write(&path, &now).unwrap();
            } else {
                assert_eq!(
                    now,
                    before,
                    "{} is not as it was; UPDATE_SNAPSHOTS=1 writes it anew",
                    path.display()
                );
            }
            count += 1;
        }
    }
    assert!(count >= 40, "{count} conversations");
}

struct Conversation {
    dialect: Dialect,
    request: Option<Request>,
    tasks: Vec<TaskProgress>,
    out: String,
}

impl Conversation {
    fn new(dialect: Dialect) -> Self {
        Conversation { dialect, request: None, tasks: Vec::new(), out: String::new() }
    }

    fn replay(mut self, text: &str) -> String {
        for line in text.lines().filter(|line| !line.starts_with(['<', '='])) {
            writeln!(self.out, "{line}").unwrap();
            if let Some(message) = line.strip_prefix("> ") {
                self.message(message);
            } else if let Some(event) = line.strip_prefix("! ") {
                self.event(event);
            } else {
                assert!(line.is_empty() || line.starts_with('#'), "{line}");
            }
        }
        self.out
    }

    fn message(&mut self, message: &str) {
        match self.dialect.read(message) {
            Ok(request) => {
                writeln!(self.out, "= {}", understood(&request.command)).unwrap();
                self.request = Some(request);
            }
            Err(refused) => {
                let answer = self.dialect.refuse(&refused);
                self.say(answer);
            }
        }
    }

    fn event(&mut self, event: &str) {
        let words: Vec<&str> = event.split(' ').collect();
        let place = || words[1].parse::<usize>().unwrap() - 1;
        let messages = match words[0] {
            "accepted" => {
                let Some(Request { id, command: Command::Print(task) }) = &self.request else {
                    panic!("nothing is printed")
                };
                self.tasks.push(progress(id, task));
                self.tell(Event::Accepted)
            }
            "rendered" => {
                let task = self.tasks.last_mut().unwrap();
                let document = &mut task.documents[place()];
                document.state = state(&words[2..], DocumentState::Rendered);
                document.began = BEGAN;
                document.spent = Spent { rendering: 160, pending: 45, total: 205 };
                self.tell(Event::Rendered(place()))
            }
            "printed" => {
                let task = self.tasks.last_mut().unwrap();
                let document = &mut task.documents[place()];
                document.state = state(&words[2..], DocumentState::Printed);
                document.spent.total = 220;
                self.tell(Event::Printed(place()))
            }
            "shown" => {
                let task = self.tasks.last_mut().unwrap();
                let document = &mut task.documents[place()];
                document.state = DocumentState::Printed;
                document.spent.total = 220;
                document.urls = words[2..].iter().map(|&url| url.to_owned()).collect();
                self.tell(Event::Printed(place()))
            }
            "ended" => self.tell(Event::Ended),
            "refused" => {
                let refused = self.dialect.refusal(self.request.as_ref().unwrap(), problem(words[1]));
                vec![self.dialect.refuse(&refused)]
            }
            "answered" => vec![self.answer()],
            _ => panic!("{event}"),
        };
        messages.into_iter().for_each(|message| self.say(message));
    }

    fn tell(&self, event: Event) -> Vec<String> {
        self.dialect.tell(self.tasks.last().unwrap(), event)
    }

    fn answer(&self) -> String {
        let request = self.request.as_ref().unwrap();
        let (dialect, id) = (self.dialect, &request.id);
        match &request.command {
            Command::Printers => {
                let printer = |name: &str, enabled| Printer { name: name.to_owned(), enabled };
                dialect.printers(id, &[printer("P1", true), printer("P2", false)], Some("P1"))
            }
            Command::PrinterConfig { printer } => {
                let settings = PrinterSettings {
                    top_logo: Some(false),
                    bottom_logo: Some(false),
                    horizontal_offset: Some(1.0),
                    vertical_offset: Some(-0.5),
                    paper: Some((76, 130)),
                    ..PrinterSettings::default()
                };
                dialect.printer_config(id, if printer.is_empty() { "P1" } else { printer }, &settings)
            }
            Command::SetPrinterConfig { .. } | Command::SetGlobalConfig { .. } => dialect.done(request),
            Command::TaskStatus { tasks } => {
                let known: Vec<_> =
                    self.tasks.iter().filter(|task| tasks.contains(&task.task)).cloned().collect();
                let unknown = tasks.iter().filter(|task| known.iter().all(|known| known.task != **task));
                dialect.task_status(id, &known, &unknown.cloned().collect::<Vec<_>>())
            }
            Command::DocumentStatus { documents } => {
                let known: Vec<_> = self
                    .tasks
                    .iter()
                    .flat_map(|task| task.documents.iter().map(move |document| (task, document)))
                    .filter(|(_, document)| documents.contains(&document.document))
                    .collect();
                let unknown =
                    documents.iter().filter(|id| known.iter().all(|(_, known)| known.document != **id));
                dialect.document_status(id, &known, &unknown.cloned().collect::<Vec<_>>())
            }
            Command::GlobalConfig => dialect.global_config(id, true),
            Command::AgentInfo => dialect.agent_info(id, "0.1.0"),
            Command::ConfigWindow | Command::Print(_) => panic!("{request:?}"),
        }
    }

    fn say(&mut self, message: String) {
        assert!(!message.contains(['\n', '\r', '\u{2028}', '\u{2029}']), "{message}");
        let value: Value = serde_json::from_str(&message).unwrap();
        assert!(value.is_object());
        writeln!(self.out, "< {message}").unwrap();
    }
}

fn progress(id: &miandan_protocol::RequestId, task: &Task) -> TaskProgress {
    let document = |document: &miandan_protocol::Document| DocumentProgress {
        document: document.id.clone(),
        waybill: document.waybill.clone(),
        state: DocumentState::Pending,
        urls: Vec::new(),
        spent: Spent::default(),
        began: 0,
    };
    TaskProgress {
        request: id.clone(),
        task: task.id.clone(),
        printer: task.printer.clone().unwrap_or_else(|| "P1".to_owned()),
        preview: task.preview,
        notify: task.notify,
        documents: task.documents.iter().map(document).collect(),
    }
}

fn state(words: &[&str], good: DocumentState) -> DocumentState {
    match words {
        [] => good,
        ["failed", name] => DocumentState::Failed(problem(name)),
        ["unknown", name] => DocumentState::Unknown(problem(name)),
        _ => panic!("{words:?}"),
    }
}

fn problem(name: &str) -> Problem {
    match name {
        "FOREIGN_CIPHERTEXT" => Problem::Foreign,
        "UNSUPPORTED" => Problem::Unsupported,
        "UNKNOWN_PRINTER" => Problem::UnknownPrinter,
        "UNKNOWN_TEMPLATE" => Problem::UnknownTemplate,
        "PLAIN_REFUSED" => Problem::PlainRefused,
        "DUPLICATE" => Problem::Duplicate {
            number: "261111-003-012".to_owned(),
            when: BEGAN / 1000,
            printer: "P1".to_owned(),
        },
        "PRINTER" => Problem::Printer("out of paper".to_owned()),
        "UNCERTAIN" => Problem::Uncertain("the connection broke".to_owned()),
        "STOPPING" => Problem::Stopping,
        code => Problem::Refused(code.parse().unwrap()),
    }
}

fn understood(command: &Command) -> String {
    let Command::Print(task) = command else { return format!("{command:?}") };
    let mut text = match task.preview {
        None => "print".to_owned(),
        Some(PreviewForm::Pdf) => "show as PDF".to_owned(),
        Some(PreviewForm::Image) => "show as picture".to_owned(),
    };
    let _ = write!(text, " task {}, {:?}", task.id, task.printer.as_deref().unwrap_or("default printer"));
    if task.first.is_some() || task.total.is_some() {
        let _ = write!(text, ", from {:?} of {:?}", task.first.unwrap_or(0), task.total.unwrap_or(0));
    }
    for document in &task.documents {
        let content = match &document.content {
            Content::Sealed(order) => format!("sealed, {} bytes", order.len()),
            Content::Plain(data) => format!("plain {data}"),
            Content::Foreign => "foreign".to_owned(),
        };
        let _ = write!(text, "; {}: {content}, by {:?}", document.id, document.template);
        if let Some(sender) = &document.sender {
            let _ = write!(text, ", sender {sender}");
        }
        for area in &document.areas {
            let _ = write!(text, ", area {} by {:?}", area.data, area.template);
        }
        if document.copies > 1 {
            let _ = write!(text, ", {} copies", document.copies);
        }
    }
    text
}
