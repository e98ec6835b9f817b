//! What a client is told of a task, and when.

use super::answer::{head, well};
use super::flavour::{Flavour, Preview};
use crate::json::Answer;
use crate::{
    Dialect, DocumentProgress, DocumentState, Event, Platform, PreviewForm, Problem, Spent, TaskProgress,
    words,
};

pub(crate) fn tell(dialect: Dialect, task: &TaskProgress, event: Event) -> Vec<String> {
    let teller = Teller { dialect, flavour: Flavour::of(dialect), task };
    let messages = match event {
        Event::Accepted => teller.accepted(),
        Event::Rendered(place) => teller.rendered(place),
        Event::Printed(place) => teller.printed(place),
        Event::Ended => teller.ended(),
    };
    messages.iter().map(Answer::line).collect()
}

/// The state of a document in the words of the family, and what people are told of it.
pub(super) fn status_and_text(dialect: Dialect, document: &DocumentProgress) -> (&'static str, String) {
    match &document.state {
        DocumentState::Pending | DocumentState::Rendered => ("pending", String::new()),
        DocumentState::Printed => ("success", Flavour::of(dialect).no_error.to_owned()),
        DocumentState::Failed(Problem::Stopping) => ("canceled", Problem::Stopping.text(dialect.language)),
        DocumentState::Failed(problem) => ("failed", problem.text(dialect.language)),
        // Never success: the parcel would go out with a label that may not be there.
        DocumentState::Unknown(problem) => ("failed", problem.text_of_unknown(dialect.language)),
    }
}

/// The number and the name of a problem, for support.
pub(super) fn detail(problem: &Problem) -> String {
    format!("{} {}", problem.number(), problem.name())
}

/// The number of what is wrong with a document; 0 for nothing. What may be on paper has one number, whatever the reason.
fn number(document: &DocumentProgress) -> u32 {
    match &document.state {
        DocumentState::Failed(problem) => problem.number(),
        DocumentState::Unknown(_) => Problem::Uncertain(String::new()).number(),
        _ => 0,
    }
}

/// Why a document is not printed, or may not be.
const fn problem(document: &DocumentProgress) -> Option<&Problem> {
    match &document.state {
        DocumentState::Failed(problem) | DocumentState::Unknown(problem) => Some(problem),
        _ => None,
    }
}

struct Teller<'a> {
    dialect: Dialect,
    flavour: Flavour,
    task: &'a TaskProgress,
}

impl Teller<'_> {
    fn accepted(&self) -> Vec<Answer> {
        if self.task.preview.is_some() && self.flavour.preview == Preview::FirstAnswer {
            return Vec::new();
        }
        let acknowledged = self.answer().join(well(&self.flavour));
        if !self.flavour.tells_documents {
            return vec![acknowledged];
        }
        // Recordings have these two in either order. Clients that take the first message with their mark for the answer want
        // the answer first.
        vec![acknowledged, self.task_result("initial")]
    }

    fn rendered(&self, place: usize) -> Vec<Answer> {
        let Some(document) = self.task.documents.get(place) else { return Vec::new() };
        let (notify, printing) = (self.task.notify, self.task.preview.is_none());
        let failed = problem(document).is_some();
        let mut messages = Vec::new();
        if self.flavour.tells_documents && (notify.rendered || failed) {
            messages.push(self.document_result(document, "rendered"));
        }
        if printing && notify.each {
            if failed {
                messages.push(self.result(&[document], self.outcome(&[document])));
            } else if self.is_told_rendered() {
                messages.push(self.result(&[document], "rendered"));
            }
        } else if printing && self.is_told_rendered() {
            let all: Vec<_> = self.task.documents.iter().collect();
            let made = all.iter().all(|document| document.state != DocumentState::Pending);
            if made && all.iter().any(|document| problem(document).is_none()) {
                messages.push(self.result(&all, "rendered"));
            }
        }
        messages
    }

    /// Whether a message says that labels are made: where it is usual, or where a client has asked for that and nothing else.
    const fn is_told_rendered(&self) -> bool {
        self.task.notify.rendered && (self.flavour.tells_rendered || !self.task.notify.printed)
    }

    fn printed(&self, place: usize) -> Vec<Answer> {
        let Some(document) = self.task.documents.get(place) else { return Vec::new() };
        if !self.task.notify.printed && problem(document).is_none() {
            return Vec::new();
        }
        let mut messages = Vec::new();
        if self.flavour.tells_documents {
            messages.push(self.document_result(document, "printed"));
        }
        if self.task.preview.is_none() && self.task.notify.each {
            messages.push(self.result(&[document], self.outcome(&[document])));
        }
        messages
    }

    fn ended(&self) -> Vec<Answer> {
        let all: Vec<_> = self.task.documents.iter().collect();
        let failed = all.iter().any(|document| document.state != DocumentState::Printed);
        let mut messages = Vec::new();
        if self.task.preview.is_some() {
            messages.push(self.preview(&all, failed));
        } else if !self.task.notify.each && (self.task.notify.printed || failed) {
            messages.push(self.result(&all, self.outcome(&all)));
        }
        if self.flavour.tells_documents {
            messages.push(self.task_result(if failed { "completeFailed" } else { "completeSuccess" }));
        }
        messages
    }

    /// What the labels came to, in the words of the platform.
    fn outcome(&self, documents: &[&DocumentProgress]) -> &'static str {
        let done = documents.iter().filter(|document| document.state == DocumentState::Printed).count();
        match done {
            done if done == documents.len() => "printed",
            1.. if self.dialect.platform == Platform::Kuaishou => "partPrinted",
            _ => "failed",
        }
    }

    /// The head of an answer to the request.
    fn answer(&self) -> Answer {
        head("print", &self.task.request).with("taskID", self.task.task.as_str())
    }

    /// The preview, or why there is none.
    fn preview(&self, documents: &[&DocumentProgress], failed: bool) -> Answer {
        let head = match self.flavour.preview {
            // Not `printed`: nothing is on paper, and somebody might take it for that.
            Preview::Result => self.result(documents, if failed { "failed" } else { "rendered" }),
            _ if failed => {
                let first = documents.iter().find(|document| problem(document).is_some());
                self.answer()
                    .with("status", "failed")
                    .with("msg", self.first_text(documents))
                    .with("errorCode", first.map_or(Problem::Station.number(), |document| number(document)))
            }
            _ => self.answer().join(well(&self.flavour)),
        };
        let responses = || {
            let one = |document: &&DocumentProgress| {
                Answer::object()
                    .with("documentId", document.document.as_str())
                    .with("urls", document.urls.as_slice())
            };
            documents.iter().map(one).collect::<Vec<_>>()
        };
        // One PDF of a whole task is the preview of each of its documents.
        let mut urls: Vec<String> = documents.iter().flat_map(|document| document.urls.clone()).collect();
        urls.dedup();
        let head = head.maybe("responses", self.flavour.tells_documents.then(responses));
        match (self.task.preview, urls.first()) {
            (_, None) => head,
            (Some(PreviewForm::Image), _) => head.with("previewImage", urls.as_slice()),
            (_, Some(url)) => head.with("previewURL", url.as_str()),
        }
    }

    /// `notifyPrintResult`, or what the platform calls it: what became of these documents.
    fn result(&self, documents: &[&DocumentProgress], outcome: &'static str) -> Answer {
        let (task, flavour) = (self.task, &self.flavour);
        let failed = documents.iter().position(|document| problem(document).is_some());
        let good = outcome == "printed" || outcome == "rendered";
        let mut answer = Answer::object().with("cmd", flavour.result);
        if flavour.result_is_marked && !task.request.0.is_null() {
            answer = answer.with("requestID", task.request.0.clone());
        }
        answer = answer.with("taskID", task.task.as_str());
        if flavour.tells_documents {
            // A number here, and a word everywhere else.
            answer = answer.with("status", u8::from(!good)).with("msg", self.first_text(documents));
        } else if flavour.every_status {
            let status = if good { "success" } else { "failed" };
            answer = answer.with("status", status).with("msg", self.first_text(documents));
        }
        answer = answer.with("taskStatus", outcome).with("printer", task.printer.as_str());
        if flavour.tells_documents {
            let spent = spent(documents);
            answer = answer
                .with("evaluationSpendTime", spent.rendering)
                .with("pendingSpendTime", spent.pending)
                .with("downloadingSpendTime", 0u32)
                .with("totalSpendTime", spent.total);
        }
        if let (Platform::Pinduoduo, Some(place)) = (self.dialect.platform, failed) {
            let place = self.task.documents.iter().position(|one| one.document == documents[place].document);
            answer = answer.with("firstFailedDocSN", place.map_or(0, |place| place as u64 + 1));
        }
        answer.with(
            "printStatus",
            documents.iter().map(|document| self.status(document, outcome)).collect::<Vec<_>>(),
        )
    }

    /// An element of `printStatus`.
    fn status(&self, document: &DocumentProgress, outcome: &'static str) -> Answer {
        let (status, text) = match document.state {
            DocumentState::Rendered | DocumentState::Printed if outcome == "rendered" => {
                ("success", self.flavour.no_error.to_owned())
            }
            _ => status_and_text(self.dialect, document),
        };
        let detail = match &document.state {
            DocumentState::Failed(problem) => detail(problem),
            DocumentState::Unknown(_) => detail(&Problem::Uncertain(String::new())),
            _ => String::new(),
        };
        let answer = Answer::object()
            .with("documentID", document.document.as_str())
            .with("status", status)
            .with("msg", text.as_str())
            .with("detail", detail);
        match self.dialect.platform {
            _ if self.flavour.tells_documents => answer
                .with("printer", self.task.printer.as_str())
                .with("renderingSpendTime", document.spent.rendering)
                .with("renderingStartTime", began(document)),
            Platform::Douyin => {
                let done = u32::from(status == "success");
                answer
                    .with("detailString", text)
                    .with("errorcode", number(document))
                    .with("successCount", done)
                    .with("failCount", 1 - done)
                    .with("trackNo", document.waybill.as_deref().unwrap_or(&document.document))
            }
            Platform::Kuaishou => {
                answer.with("waybillCode", document.waybill.as_deref().unwrap_or(&document.document))
            }
            _ => answer,
        }
    }

    /// `notifyDocResult`. It spells the ids in its own way.
    fn document_result(&self, document: &DocumentProgress, status: &'static str) -> Answer {
        let answer = head("notifyDocResult", &self.task.request)
            .with("status", status)
            .with("printer", self.task.printer.as_str())
            .with("taskId", self.task.task.as_str())
            .with("documentId", document.document.as_str());
        let answer = match &document.state {
            DocumentState::Failed(Problem::Foreign) => answer
                .with("code", Problem::Foreign.number())
                .with("detail", "Unknown encryption type.")
                .with("from", Answer::object().with("source", "decrypt")),
            DocumentState::Failed(_) | DocumentState::Unknown(_) => answer
                .with("code", number(document))
                .with("detail", status_and_text(self.dialect, document).1),
            _ => answer.with("code", 0u32).with("detail", "success"),
        };
        if status == "printed" { answer.with("spendTime", spend_time(document.spent)) } else { answer }
    }

    /// `notifyTaskResult`.
    fn task_result(&self, status: &'static str) -> Answer {
        let answer = head("notifyTaskResult", &self.task.request)
            .with("status", status)
            .with("printer", self.task.printer.as_str())
            .with("taskId", self.task.task.as_str());
        if status == "initial" {
            return answer;
        }
        let all: Vec<_> = self.task.documents.iter().collect();
        let documents = all.iter().fold(Answer::object(), |documents, document| {
            // What failed before there was a label was never told of as printed.
            let last = match document.state {
                DocumentState::Failed(Problem::Printer(_)) => "printed",
                DocumentState::Failed(_) => "rendered",
                _ => "printed",
            };
            let last = self.document_result(document, last);
            documents.with(document.document.clone(), last)
        });
        answer.with("spendTime", spend_time(spent(&all))).with("docs", documents)
    }

    /// What is said of the whole: of the first document that has something to say.
    fn first_text(&self, documents: &[&DocumentProgress]) -> String {
        let first = documents.iter().find(|document| problem(document).is_some());
        match first {
            Some(document) => status_and_text(self.dialect, document).1,
            None => self.flavour.no_error.to_owned(),
        }
    }
}

/// What documents took: their labels are made one after another, and wait together.
fn spent(documents: &[&DocumentProgress]) -> Spent {
    documents.iter().fold(Spent::default(), |sum, document| Spent {
        rendering: sum.rendering.saturating_add(document.spent.rendering),
        pending: sum.pending.max(document.spent.pending),
        total: sum.total.max(document.spent.total),
    })
}

fn began(document: &DocumentProgress) -> String {
    if document.began == 0 { String::new() } else { words::moment(document.began) }
}

fn spend_time(spent: Spent) -> Answer {
    Answer::object()
        .with("downloading", 0u32)
        .with("rendering", spent.rendering)
        .with("pending", spent.pending)
        .with("total", spent.total)
}
