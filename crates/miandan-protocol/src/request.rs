//! What a client asks, whatever the dialect it was asked in.

use std::collections::HashSet;

use serde_json::Value;

/// A message of a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// What answers to it are marked with.
    pub id: RequestId,
    /// What is asked.
    pub command: Command,
}

/// The mark of a request, with the type it had: a string, a number, or nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RequestId(pub Value);

/// What is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Which printers there are.
    Printers,
    /// How a printer is set; of the default printer if the name is empty.
    PrinterConfig {
        /// The printer.
        printer: String,
    },
    /// Set a printer.
    SetPrinterConfig {
        /// The printer; the default one if the name is empty.
        printer: String,
        /// What is to be changed. What it does not have stays as it is.
        settings: PrinterSettings,
    },
    /// Show a window with the settings: there is none.
    ConfigWindow,
    /// Print, or show, a task.
    Print(Task),
    /// What became of tasks.
    TaskStatus {
        /// Their ids.
        tasks: Vec<String>,
    },
    /// What became of documents.
    DocumentStatus {
        /// Their ids.
        documents: Vec<String>,
    },
    /// The settings of the station.
    GlobalConfig,
    /// Change them.
    SetGlobalConfig {
        /// Whether somebody is told, and the printer held, when a task fails.
        notify_on_failure: Option<bool>,
    },
    /// Which program and version this is.
    AgentInfo,
}

/// Settings of a printer, those that clients know.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PrinterSettings {
    /// Whether the carrier's logo is printed on the upper part.
    pub top_logo: Option<bool>,
    /// Whether it is printed on the lower part.
    pub bottom_logo: Option<bool>,
    /// By how much labels are moved to the right, in millimetres.
    pub horizontal_offset: Option<f64>,
    /// By how much labels are moved down, in millimetres.
    pub vertical_offset: Option<f64>,
    /// Whether margins of the driver are ignored.
    pub no_page_margins: Option<bool>,
    /// Whether the size of the paper follows the label.
    pub auto_page_size: Option<bool>,
    /// 0 for upright, 1 for lying.
    pub orientation: Option<u8>,
    /// Whether that follows the label.
    pub auto_orientation: Option<bool>,
    /// Width and height of the paper in whole millimetres.
    pub paper: Option<(u32, u32)>,
}

/// Documents that are printed together.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// Its id, unique at the client.
    pub id: String,
    /// Where to; the default printer if there is none.
    pub printer: Option<String>,
    /// Whether it is only looked at, and in which form.
    pub preview: Option<PreviewForm>,
    /// What the client wants to be told of.
    pub notify: Notify,
    /// Which document of a batch the first one is, from 1.
    pub first: Option<u32>,
    /// How many documents the batch has.
    pub total: Option<u32>,
    /// The documents, at least one.
    pub documents: Vec<Document>,
}

/// In which form a preview is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreviewForm {
    /// One PDF.
    Pdf,
    /// A picture of each page.
    Image,
}

/// What a client wants to be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notify {
    /// That labels were made.
    pub rendered: bool,
    /// That they were printed, or not.
    pub printed: bool,
    /// Whether each document is told of by itself, in place of the task as a whole.
    pub each: bool,
}

/// One label.
#[derive(Clone, PartialEq)]
pub struct Document {
    /// Its id: the waybill number of a waybill, anything of another label.
    pub id: String,
    /// The waybill number, if the client says it beside the id.
    pub waybill: Option<String>,
    /// What is printed.
    pub content: Content,
    /// By which template: the address that the client names. It is looked up, never fetched.
    pub template: String,
    /// What the client lays over the sender of a sealed order, as it came: JSON, personal, not to be logged.
    pub sender: Option<String>,
    /// What is drawn over the label.
    pub areas: Vec<Area>,
    /// How many are wanted.
    pub copies: u32,
}

/// What a label is made of.
#[derive(Clone, PartialEq)]
pub enum Content {
    /// A sealed order in our format (MSO1): one JSON object.
    Sealed(Vec<u8>),
    /// Data in clear, as JSON. Maybe personal, so it has no `Debug`.
    Plain(String),
    /// A ciphertext of somebody else, which nobody here can read.
    Foreign,
}

/// A custom area.
#[derive(Clone, PartialEq)]
pub struct Area {
    /// By which template, as of a document.
    pub template: String,
    /// What it shows, as JSON. Maybe personal, so it has no `Debug`.
    pub data: String,
}

impl Document {
    /// Whether no two have the same id.
    pub(crate) fn differ(documents: &[Document]) -> bool {
        let ids: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
        ids.len() == documents.len()
    }
}

impl std::fmt::Debug for Document {
    /// Without the sender, who is a person.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("id", &self.id)
            .field("waybill", &self.waybill)
            .field("content", &self.content)
            .field("template", &self.template)
            .field("areas", &self.areas)
            .field("copies", &self.copies)
            .finish_non_exhaustive()
    }
}

impl PrinterSettings {
    /// Takes over what the other has; what it has not stays as it is.
    pub fn take(&mut self, new: &PrinterSettings) {
        fn over<T: Copy>(kept: &mut Option<T>, new: Option<T>) {
            *kept = new.or(*kept);
        }
        over(&mut self.top_logo, new.top_logo);
        over(&mut self.bottom_logo, new.bottom_logo);
        over(&mut self.horizontal_offset, new.horizontal_offset);
        over(&mut self.vertical_offset, new.vertical_offset);
        over(&mut self.no_page_margins, new.no_page_margins);
        over(&mut self.auto_page_size, new.auto_page_size);
        over(&mut self.orientation, new.orientation);
        over(&mut self.auto_orientation, new.auto_orientation);
        over(&mut self.paper, new.paper);
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Content::Sealed(_) => "Sealed(..)",
            Content::Plain(_) => "Plain(..)",
            Content::Foreign => "Foreign",
        })
    }
}

impl std::fmt::Debug for Area {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Area").field("template", &self.template).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::Dialect;

    #[test]
    fn nothing_personal_is_shown_while_debugging() {
        let message = r#"{"cmd":"print","requestID":"r1","task":{"taskID":"t1","documents":[{"documentID":"D1","contents":[
            {"data":{"recipient":{"name":"测试乙"}},"templateURL":"x","addData":{"sender":{"name":"测试甲"}}},
            {"data":{"memo":"测试丙"},"templateURL":"y"}]}]}}"#;
        let request = Dialect::named("cainiao").unwrap().read(message).unwrap();
        let shown = format!("{request:?}");
        assert!(shown.contains("D1") && !shown.contains("测试"), "{shown}");
    }
}
