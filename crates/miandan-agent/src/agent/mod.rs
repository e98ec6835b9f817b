//! What the agent does with a message, whichever socket it came from.

pub(crate) mod client;
mod labels;
mod previewing;
mod printing;
mod problem;
mod registry;
mod running;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use miandan_print::station::Station;

use crate::config::Limits;
use crate::log::{self, Level, Name, Value};
use crate::previews::Previews;
use crate::protocol::{
    Command, Dialect, DocumentProgress, Printer, PrinterSettings, Problem, Request, TaskProgress,
};
use crate::templates::TemplateMap;
use client::Client;
use problem::PrinterNames;
use registry::Registry;

/// The version of this program, as clients are told.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The longest message that is read, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// A station, and what is known of its clients' tasks.
pub(crate) struct Agent {
    pub(crate) station: Station,
    pub(crate) previews: Previews,
    templates: TemplateMap,
    default_printer: Option<String>,
    plain_waybills: bool,
    limits: Limits,
    /// The port of previews.
    preview_port: u16,
    tasks: Registry,
    printer_names: Arc<PrinterNames>,
    /// Labels that are being made to be looked at.
    previewing: AtomicUsize,
    settings: Mutex<HashMap<String, PrinterSettings>>,
    notify_on_failure: AtomicBool,
}

/// What an agent is made from, beside its station.
pub(crate) struct Parts {
    pub(crate) previews: Previews,
    pub(crate) templates: TemplateMap,
    pub(crate) default_printer: Option<String>,
    pub(crate) plain_waybills: bool,
    pub(crate) limits: Limits,
    pub(crate) preview_port: u16,
}

impl Agent {
    pub(crate) fn new(station: Station, parts: Parts) -> Self {
        let Parts { previews, templates, default_printer, plain_waybills, limits, preview_port } = parts;
        Agent {
            printer_names: Arc::new(PrinterNames::new(&station)),
            station,
            previews,
            templates,
            default_printer,
            plain_waybills,
            limits,
            preview_port,
            tasks: Registry::default(),
            previewing: AtomicUsize::new(0),
            settings: Mutex::default(),
            notify_on_failure: AtomicBool::new(true),
        }
    }

    /// Does what a message asks. What there is to say goes to the client; of a task also later, from other threads. May wait
    /// for the disk.
    pub(crate) fn receive(self: &Arc<Self>, client: &Arc<Client>, dialect: Dialect, message: &str) {
        if message.len() > LONGEST {
            let problem = Problem::TooLong;
            return client.send([dialect.refuse_unread(problem)]);
        }
        match dialect.read(message) {
            Ok(request) => self.answer(client, dialect, request),
            Err(refused) => client.send([dialect.refuse(&refused)]),
        }
    }

    fn answer(self: &Arc<Self>, client: &Arc<Client>, dialect: Dialect, request: Request) {
        let refuse = |problem| dialect.refuse(&dialect.refusal(&request, problem));
        let id = &request.id;
        let answer = match &request.command {
            Command::Printers => dialect.printers(id, &self.printers(), self.default_printer.as_deref()),
            Command::PrinterConfig { printer } => match self.printer(Some(printer)) {
                Some(name) => {
                    let settings = self.settings().get(&name).cloned().unwrap_or_default();
                    dialect.printer_config(id, &name, &settings)
                }
                None => refuse(Problem::UnknownPrinter),
            },
            Command::SetPrinterConfig { printer, settings } => match self.printer(Some(printer)) {
                Some(name) => {
                    self.set(name, settings);
                    dialect.done(&request)
                }
                None => refuse(Problem::UnknownPrinter),
            },
            // There is no window to show: to say otherwise would leave a person waiting for it.
            Command::ConfigWindow => refuse(Problem::Unsupported),
            Command::TaskStatus { tasks } => {
                let (known, unknown) = self.tasks(tasks);
                dialect.task_status(id, &known, &unknown)
            }
            Command::DocumentStatus { documents } => self.documents(dialect, &request, documents),
            Command::GlobalConfig => {
                dialect.global_config(id, self.notify_on_failure.load(Ordering::Relaxed))
            }
            Command::SetGlobalConfig { notify_on_failure } => {
                if let Some(notify) = notify_on_failure {
                    self.notify_on_failure.store(*notify, Ordering::Relaxed);
                }
                dialect.done(&request)
            }
            Command::AgentInfo => dialect.agent_info(id, VERSION),
            Command::Print(_) => return self.print(client, dialect, request),
        };
        client.send([answer]);
    }

    /// The templates.
    pub(crate) fn templates(&self) -> &TemplateMap {
        &self.templates
    }

    /// The printers, as clients are told of them.
    fn printers(&self) -> Vec<Printer> {
        let printers = self.station.printers().into_iter();
        printers.map(|printer| Printer { enabled: printer.held.is_none(), name: printer.name }).collect()
    }

    /// The name of a printer that a client means; the default one if it names none.
    pub(crate) fn printer(&self, name: Option<&str>) -> Option<String> {
        match name.map(str::trim).filter(|name| !name.is_empty()) {
            Some(name) => self.station.printer(name).map(|_| name.to_owned()),
            None => self.default_printer.clone(),
        }
    }

    /// What a printer is called, whose place the journal has.
    pub(crate) fn name_of(&self, place: &str) -> String {
        self.printer_names.of(place)
    }

    /// Keeps what a client has set, and moves labels as it says, as far as the printer can.
    fn set(&self, name: String, new: &PrinterSettings) {
        let mut all = self.settings();
        let kept = all.entry(name.clone()).or_default();
        let PrinterSettings { horizontal_offset, vertical_offset, .. } = new;
        kept.take(new);
        if horizontal_offset.is_some() || vertical_offset.is_some() {
            let micrometres = |millimetres: Option<f64>| {
                let millimetres = millimetres.unwrap_or(0.0).clamp(-100.0, 100.0);
                (millimetres * 1e3).round() as i32
            };
            let by = [kept.horizontal_offset, kept.vertical_offset].map(micrometres);
            drop(all);
            if let Err(error) = self.station.move_labels(&name, by) {
                let values = [("printer", Value::Name(Name(&name))), ("why", Value::Error(&error))];
                log::line(Level::Warning, "printer.offset", &values);
            }
        }
    }

    fn settings(&self) -> MutexGuard<'_, HashMap<String, PrinterSettings>> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tasks(&self, ids: &[String]) -> (Vec<TaskProgress>, Vec<String>) {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            match self.tasks.get(id) {
                Some(task) => known.push(task.progress()),
                None => unknown.push(id.clone()),
            }
        }
        (known, unknown)
    }

    fn documents(&self, dialect: Dialect, request: &Request, ids: &[String]) -> String {
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for id in ids {
            match self.tasks.of_document(id) {
                Some(task) => known.push((id, task.progress())),
                None => unknown.push(id.clone()),
            }
        }
        let known: Vec<(&TaskProgress, &DocumentProgress)> = known
            .iter()
            .filter_map(|(id, task)| {
                task.documents
                    .iter()
                    .find(|document| document.document == **id)
                    .map(|document| (task, document))
            })
            .collect();
        dialect.document_status(&request.id, &known, &unknown)
    }
}
