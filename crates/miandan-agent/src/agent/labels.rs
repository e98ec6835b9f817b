//! From a document of a client to a label of the station: which template its address means, and what the journal is to know.

use std::collections::HashMap;

use miandan_core::label::LabelNumber;
use miandan_core::pipe::TemplateKind;
use miandan_journal::{LabelKey, NewLabel};
use miandan_print::station::{AreaRequest, LabelContent, LabelRequest, Personal};
use miandan_seal::encoding::sha256;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Agent;
use crate::protocol::{Content, Document, Problem, Task};
use crate::templates::TemplateMap;

/// The carrier of labels that are of no carrier, in the journal.
const NO_CARRIER: &str = "-";

/// What decides how labels are made.
#[derive(Clone, Copy)]
pub(super) struct Rules<'r> {
    pub(super) templates: &'r TemplateMap,
    /// Whether labels are made of personal data in clear.
    pub(super) plain_waybills: bool,
}

impl Agent {
    pub(super) fn rules(&self) -> Rules<'_> {
        Rules { templates: &self.templates, plain_waybills: self.plain_waybills }
    }
}

impl Rules<'_> {
    /// The label of the document at a place of a task, or why there is none.
    pub(super) fn label(
        &self,
        task: &Task,
        place: usize,
        document: &Document,
    ) -> Result<LabelRequest, Problem> {
        if document.copies > 1 {
            // A copy bears a mark and needs a reason: it is a person's to ask for.
            return Err(Problem::Unsupported);
        }
        let (content, kind) = match &document.content {
            Content::Foreign => return Err(Problem::Foreign),
            Content::Sealed(order) => (LabelContent::Sealed(order.clone()), TemplateKind::Waybill),
            Content::Plain(data) => self.plain(task, document, data)?,
        };
        let template = self.templates.label(&document.template).ok_or(Problem::UnknownTemplate)?;
        let area = |area: &crate::protocol::Area| {
            let template = self.templates.find(&area.template).ok_or(Problem::UnknownTemplate)?;
            let template = template.of_kind(TemplateKind::Free).clone();
            Ok(AreaRequest { template, data: Personal(area.data.clone()) })
        };
        Ok(LabelRequest {
            content,
            template: template.of_kind(kind).clone(),
            sender: document.sender.clone().map(Personal),
            areas: document.areas.iter().map(area).collect::<Result<_, Problem>>()?,
            number: number(task, place),
            running: None,
        })
    }

    /// Data in clear. What has a sender or a recipient in it is a waybill, and personal.
    fn plain(
        &self,
        task: &Task,
        document: &Document,
        data: &str,
    ) -> Result<(LabelContent, TemplateKind), Problem> {
        // Of data that is a list, or no JSON at all, the component says what is wrong.
        let members: HashMap<String, IgnoredAny> = serde_json::from_str(data).unwrap_or_default();
        let is_personal = ["recipient", "sender"].iter().any(|member| members.contains_key(*member));
        if is_personal && !self.plain_waybills {
            return Err(Problem::PlainRefused);
        }
        let kind = if is_personal { TemplateKind::Waybill } else { TemplateKind::Free };
        let key = is_personal.then(|| waybill(data)).flatten().unwrap_or_else(|| {
            let parts = [&*task.id, &*document.id, data].map(|part| sha256(part.as_bytes())).concat();
            LabelKey { carrier: NO_CARRIER.to_owned(), waybill: short(&sha256(&parts)), parcel: 0 }
        });
        let identity = sha256(format!("plain\0{}\0{}", key.carrier, key.waybill).as_bytes());
        let content = sha256(data.as_bytes());
        let label = NewLabel { key, order_id: NO_CARRIER.to_owned(), identity, content };
        Ok((LabelContent::Plain(Personal(data.to_owned()), label), kind))
    }
}

/// By what a waybill in clear is known.
fn waybill(data: &str) -> Option<LabelKey> {
    let data: Value = serde_json::from_str(data).ok()?;
    let text = |member: &str| match data.get(member) {
        Some(Value::String(text)) => Some(text.clone()).filter(|text| !text.is_empty()),
        Some(Value::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let carrier = text("cpCode").unwrap_or_else(|| NO_CARRIER.to_owned());
    Some(LabelKey { carrier, waybill: text("waybillCode")?, parcel: 0 })
}

/// The first half of a hash, in hexadecimal digits: what stands in the journal for ids that clients have made up, since those
/// may say more than a number.
fn short(hash: &[u8; 32]) -> String {
    hash[..16].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which label of how many: as the client counts, else in its task.
fn number(task: &Task, place: usize) -> LabelNumber {
    let place = u32::try_from(place).unwrap_or(u32::MAX);
    let index = task.first.unwrap_or(1).max(1).saturating_add(place);
    let count =
        task.total.unwrap_or(0).max(u32::try_from(task.documents.len()).unwrap_or(u32::MAX)).max(index);
    LabelNumber { index, count }
}

/// What a task is, apart from who asks for it and how it is marked: two with the same one are the same.
pub(super) fn fingerprint(task: &Task) -> [u8; 32] {
    let mut all = Vec::new();
    for document in &task.documents {
        let content: &[u8] = match &document.content {
            Content::Sealed(order) => order,
            Content::Plain(data) => data.as_bytes(),
            Content::Foreign => b"",
        };
        let sender = document.sender.as_deref().unwrap_or_default();
        for part in [document.id.as_bytes(), content, document.template.as_bytes(), sender.as_bytes()] {
            all.extend_from_slice(&sha256(part));
        }
        for area in &document.areas {
            all.extend_from_slice(&sha256(area.template.as_bytes()));
            all.extend_from_slice(&sha256(area.data.as_bytes()));
        }
    }
    sha256(&all)
}
