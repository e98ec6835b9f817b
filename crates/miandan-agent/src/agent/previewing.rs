//! A task that somebody wants to look at: masked, with 预览 across it, and never printed.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use miandan_print::station::{LabelError, Picture};

use super::Agent;
use super::client::Client;
use super::labels::fingerprint;
use super::printing::progress;
use super::problem;
use super::running::Running;
use crate::picture;
use crate::previews::Preview;
use crate::protocol::{Dialect, DocumentState, PreviewForm, Problem, Request, Task};

/// Labels that are being made to be looked at, of everybody.
const PREVIEWS: usize = 1_000;

/// A task whose labels are being made.
struct Previewing {
    agent: Arc<Agent>,
    task: Arc<Running>,
    form: PreviewForm,
    /// Whether the pictures stand in the answer itself.
    inline: bool,
    /// Of a PDF, which has all labels in it: those that are made, by their documents.
    made: Mutex<Made>,
}

struct Made {
    pictures: Vec<Option<(Picture, u32)>>,
    left: usize,
}

impl Agent {
    /// Shows a task.
    pub(super) fn preview(
        self: &Arc<Self>,
        client: &Arc<Client>,
        dialect: Dialect,
        request: &Request,
        task: &Task,
        printer: String,
    ) {
        // Who only looks waits behind who prints, but not without end.
        let count = task.documents.len();
        if self.previewing.fetch_add(count, Ordering::Relaxed) + count > PREVIEWS {
            self.previewing.fetch_sub(count, Ordering::Relaxed);
            return client.send([dialect.refuse(&dialect.refusal(request, Problem::Busy))]);
        }
        let mut progress = progress(request, task, printer);
        let rules = self.rules();
        let mut labels = Vec::new();
        for (place, document) in task.documents.iter().enumerate() {
            match rules.label(task, place, document) {
                Ok(label) => labels.push((place, label)),
                Err(problem) => progress.documents[place].state = DocumentState::Failed(problem),
            }
        }
        self.previewing.fetch_sub(count - labels.len(), Ordering::Relaxed);
        let pictures = vec![None; progress.documents.len()];
        let running = Arc::new(Running::new(fingerprint(task), progress));
        let documents = task.documents.iter().map(|document| document.id.clone());
        self.tasks.put(&task.id, documents, Arc::clone(&running));
        running.listen(client, dialect, request.id.clone());
        let previewing = Arc::new(Previewing {
            agent: Arc::clone(self),
            task: running,
            form: task.preview.unwrap_or(PreviewForm::Pdf),
            inline: dialect.platform.previews_inline(),
            made: Mutex::new(Made { pictures, left: labels.len() }),
        });
        for (place, label) in labels {
            let (previewing, began) = (Arc::clone(&previewing), Instant::now());
            self.station.preview(label, move |made| {
                let took = u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX);
                previewing.take(place, made, took);
            });
        }
    }
}

impl Previewing {
    fn take(&self, place: usize, made: Result<Picture, LabelError>, took: u32) {
        let in_one = self.form == PreviewForm::Pdf && !self.inline;
        self.agent.previewing.fetch_sub(1, Ordering::Relaxed);
        match made {
            Err(error) => self.task.settle(place, problem::state_of(error, &self.agent.printer_names)),
            Ok(picture) if in_one => self.keep(place, picture, took),
            Ok(picture) => {
                let urls = picture.pages.iter().map(|page| self.picture(page)).collect::<Option<Vec<_>>>();
                self.show(place, took, urls);
            }
        }
        if in_one {
            self.bind();
        }
    }

    fn keep(&self, place: usize, picture: Picture, took: u32) {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = made.pictures.get_mut(place) {
            *kept = Some((picture, took));
        }
    }

    /// Once the last label is made or has failed: one PDF of them all.
    fn bind(&self) {
        let pictures = {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            made.left -= 1;
            if made.left > 0 {
                return;
            }
            std::mem::take(&mut made.pictures)
        };
        let pages = pictures
            .iter()
            .flatten()
            .flat_map(|(picture, _)| picture.pages.iter().map(|page| (&page[..], picture.size)));
        let url = picture::pdf(pages).and_then(|pdf| self.file("application/pdf", pdf, "pdf"));
        for (place, picture) in pictures.iter().enumerate() {
            if let Some((_, took)) = picture {
                self.show(place, *took, url.clone().map(|url| vec![url]));
            }
        }
    }

    fn show(&self, place: usize, took: u32, urls: Option<Vec<String>>) {
        match urls {
            Some(urls) => {
                self.task.made(place, took, urls);
                self.task.settle(place, DocumentState::Printed);
            }
            None => self.task.settle(place, DocumentState::Failed(Problem::Station)),
        }
    }

    fn picture(&self, png: &[u8]) -> Option<String> {
        if self.inline {
            return Some(format!("data:image/png;base64,{}", STANDARD.encode(png)));
        }
        self.file("image/png", png.to_vec(), "png")
    }

    /// Keeps a file, and answers where it can be looked at.
    fn file(&self, kind: &'static str, bytes: Vec<u8>, ending: &str) -> Option<String> {
        let name = self.agent.previews.put(Preview { kind, bytes: bytes.into() }, ending)?;
        Some(format!("http://localhost:{}/file/{name}", self.agent.preview_port))
    }
}
