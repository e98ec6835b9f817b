//! A task to be printed: accepted, told so, and handed to the station.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Agent;
use super::client::Client;
use super::labels::fingerprint;
use super::problem;
use super::running::{Printing, Running};
use crate::log::{self, Level, Name, Value};
use crate::protocol::{
    Command, Dialect, Document, DocumentProgress, DocumentState, Problem, Request, Spent, Task, TaskProgress,
};

impl Agent {
    /// Prints a task, or shows it. What was printed already is not printed again: a task that is asked for twice is told of
    /// twice.
    pub(super) fn print(self: &Arc<Self>, client: &Arc<Client>, dialect: Dialect, request: Request) {
        let refuse = |problem| client.send([dialect.refuse(&dialect.refusal(&request, problem))]);
        let Command::Print(task) = &request.command else { return };
        let Some(printer) = self.printer(task.printer.as_deref()) else {
            return refuse(Problem::UnknownPrinter);
        };
        let waiting = client.waiting.load(Ordering::Relaxed);
        if waiting + task.documents.len() > self.limits.waiting_of_one {
            return refuse(Problem::Busy);
        }
        let values = [
            ("printer", Value::Name(Name(&printer))),
            ("documents", Value::Number(task.documents.len() as u64)),
            ("dialect", Value::Word(dialect.platform.name())),
        ];
        if task.preview.is_some() {
            return self.preview(client, dialect, &request, task, printer);
        }
        let fingerprint = fingerprint(task);
        let known = self.tasks.get(&task.id).filter(|known| known.is_printing(&fingerprint));
        if let Some(known) = &known
            && (!known.is_settled() || !known.progress().documents.iter().any(may_be_tried_again))
        {
            log::line(Level::Info, "task.again", &values);
            return known.listen(client, dialect, request.id.clone());
        }
        log::line(Level::Info, "task.accepted", &values);
        let before = known.map(|known| known.progress().documents);
        let mut progress = progress(&request, task, printer.clone());
        let rules = self.rules();
        let (mut labels, mut places) = (Vec::new(), Vec::new());
        for (place, document) in task.documents.iter().enumerate() {
            let settled = before.as_ref().and_then(|before| before.get(place));
            if let Some(settled) = settled.filter(|settled| !may_be_tried_again(settled)) {
                progress.documents[place] = settled.clone();
                continue;
            }
            match rules.label(task, place, document) {
                Ok(label) => {
                    labels.push(label);
                    places.push(place);
                }
                Err(problem) => progress.documents[place].state = DocumentState::Failed(problem),
            }
        }
        let running = Arc::new(Running::new(fingerprint, progress));
        let documents = task.documents.iter().map(|document| document.id.clone());
        self.tasks.put(&task.id, documents, Arc::clone(&running));
        running.listen(client, dialect, request.id.clone());
        if labels.is_empty() {
            return;
        }
        let (task, printers) = (Arc::clone(&running), Arc::clone(&self.printer_names));
        let watch = Arc::new(Printing { task, printers, places: places.clone() });
        if let Err(error) = self.station.print(&printer, labels, watch) {
            log::line(Level::Error, "task.refused", &[("why", Value::Error(&error))]);
            for place in places {
                running.settle(place, DocumentState::Failed(problem::of_request(&error)));
            }
        }
    }
}

/// Surely nothing of it was printed, and it was not refused for good: whoever asks again means it.
fn may_be_tried_again(document: &DocumentProgress) -> bool {
    matches!(document.state, DocumentState::Failed(_))
}

/// A task of which nothing has happened.
pub(super) fn progress(request: &Request, task: &Task, printer: String) -> TaskProgress {
    let document = |document: &Document| DocumentProgress {
        document: document.id.clone(),
        waybill: document.waybill.clone(),
        state: DocumentState::Pending,
        urls: Vec::new(),
        spent: Spent::default(),
        began: 0,
    };
    TaskProgress {
        request: request.id.clone(),
        task: task.id.clone(),
        printer,
        preview: task.preview,
        notify: task.notify,
        documents: task.documents.iter().map(document).collect(),
    }
}
