//! What a client sends to the station agent, in every dialect: it is answered, and so is whatever comes of it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::watched;
use miandan_protocol::{
    Command, Dialect, DocumentProgress, DocumentState, Event, Generation, Platform, Printer, PrinterSettings,
    Problem, Request, Spent, Task, TaskProgress,
};

/// One line of strict JSON, which is an object.
fn is_answer(line: &str) {
    assert!(!line.contains(['\n', '\r', '\u{2028}', '\u{2029}']));
    assert!(serde_json::from_str::<serde_json::Value>(line).is_ok_and(|value| value.is_object()));
}

fn answer(dialect: Dialect, request: &Request) -> String {
    let id = &request.id;
    match &request.command {
        Command::Printers => {
            dialect.printers(id, &[Printer { name: "P1".into(), enabled: true }], Some("P1"))
        }
        Command::PrinterConfig { printer } => {
            dialect.printer_config(id, printer, &PrinterSettings::default())
        }
        Command::SetPrinterConfig { settings, printer } => {
            is_answer(&dialect.printer_config(id, printer, settings));
            dialect.done(request)
        }
        Command::SetGlobalConfig { .. } => dialect.done(request),
        Command::TaskStatus { tasks } => dialect.task_status(id, &[], tasks),
        Command::DocumentStatus { documents } => dialect.document_status(id, &[], documents),
        Command::GlobalConfig => dialect.global_config(id, true),
        Command::AgentInfo => dialect.agent_info(id, "0"),
        Command::ConfigWindow | Command::Print(_) => {
            dialect.refuse(&dialect.refusal(request, Problem::Unsupported))
        }
    }
}

/// Tells of a task whose labels come to this and that, as the bytes have it.
fn tell(dialect: Dialect, request: &Request, task: &Task, fates: &[u8]) {
    assert!(!task.documents.is_empty() && task.documents.len() <= dialect.platform.most_documents());
    let document = |id: &str| DocumentProgress {
        document: id.to_owned(),
        waybill: None,
        state: DocumentState::Pending,
        urls: Vec::new(),
        spent: Spent { rendering: u32::MAX, pending: 1, total: u32::MAX },
        began: 1,
    };
    let mut progress = TaskProgress {
        request: request.id.clone(),
        task: task.id.clone(),
        printer: task.printer.clone().unwrap_or_default(),
        preview: task.preview,
        notify: task.notify,
        documents: task.documents.iter().map(|one| document(&one.id)).collect(),
    };
    let mut messages = dialect.tell(&progress, Event::Accepted);
    for place in 0..progress.documents.len() {
        let state = match fates.get(place).map_or(0, |fate| fate % 4) {
            0 => DocumentState::Printed,
            1 => DocumentState::Failed(Problem::Foreign),
            2 => DocumentState::Failed(Problem::Printer("jam".into())),
            _ => DocumentState::Unknown(Problem::Uncertain("?".into())),
        };
        progress.documents[place].state = DocumentState::Rendered;
        messages.extend(dialect.tell(&progress, Event::Rendered(place)));
        progress.documents[place].state = state;
        messages.extend(dialect.tell(&progress, Event::Printed(place)));
    }
    messages.extend(dialect.tell(&progress, Event::Ended));
    assert!(!messages.is_empty());
    messages.iter().for_each(|message| is_answer(message));
}

fuzz_target!(|data: &[u8]| watched(|| {
    let text = String::from_utf8_lossy(data);
    let mut dialects: Vec<Dialect> = Platform::ALL.iter().map(|&platform| Dialect::of(platform)).collect();
    dialects.push(Dialect { generation: Generation::V0, ..Dialect::of(Platform::Cainiao) });
    for dialect in dialects {
        match dialect.read(&text) {
            Ok(request) => {
                is_answer(&answer(dialect, &request));
                if let Command::Print(task) = &request.command {
                    tell(dialect, &request, task, &data[data.len().saturating_sub(8)..]);
                }
            }
            Err(refused) => is_answer(&dialect.refuse(&refused)),
        }
    }
}));
