//! The labels of a block: each done, or failed with a code and a place.

use super::FaceUse;
use super::PageForm;
use super::answer::LABELS;
use super::codec::{FrameReader, FrameWriter, PipeError};
use super::content::LabelPart;
use super::limit::PrintLimit;
use super::pages::Pages;
use super::warnings::Warnings;
use crate::code::Code;
use crate::field::FieldId;

/// One label of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelAnswer<'b> {
    /// There is a label.
    Done {
        /// The label in the form asked for.
        label: Pages<'b>,
        /// What a person should know about its fields.
        warnings: Warnings,
    },
    /// Why there is none.
    Failed(Failure),
}

/// Why a label was not made: a code and where, never what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The code.
    pub code: Code,
    /// The field that is missing, broken, or has a character without a glyph.
    pub field: Option<FieldId>,
    /// Where in the template of that part, if the template is at fault.
    pub place: Option<Place>,
    /// Which part of the label is at fault.
    pub part: LabelPart,
}

/// A place in a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Failure {
    /// The same failure as one of a part of the label.
    #[must_use]
    pub fn of_part(self, part: LabelPart) -> Self {
        Failure { part, ..self }
    }

    /// A failure of one field.
    #[must_use]
    pub fn of_field(code: Code, field: FieldId) -> Self {
        Failure { field: Some(field), ..Failure::from(code) }
    }
}

impl From<Code> for Failure {
    fn from(code: Code) -> Self {
        Failure { code, field: None, place: None, part: LabelPart::Content }
    }
}

/// Writes [`Answer::Labels`](super::Answer::Labels) label by label, so that each is copied into the frame once and then wiped.
pub struct LabelsEncoder<'b> {
    writer: FrameWriter<'b>,
    place: usize,
    count: u32,
}

impl<'b> LabelsEncoder<'b> {
    /// Replaces `frame` by a frame that has no labels yet.
    #[must_use]
    pub fn new(frame: &'b mut Vec<u8>) -> Self {
        let mut writer = FrameWriter::new(frame, LABELS);
        let place = writer.reserve_u32();
        LabelsEncoder { writer, place, count: 0 }
    }

    /// Adds a finished label: its pages one after the other, and where each but the first begins.
    pub fn done(&mut self, label: &[u8], breaks: &[u32], warnings: Warnings) {
        self.writer.u8(0);
        let (masked, boxed) = warnings.bits();
        self.writer.u64(masked);
        self.writer.u32(boxed);
        self.writer.u32(breaks.len() as u32);
        breaks.iter().for_each(|&at| self.writer.u32(at));
        self.writer.bytes(label);
        self.count += 1;
    }

    pub(super) fn pages(&mut self, pages: Pages<'_>, warnings: Warnings) {
        let breaks: Vec<u32> = pages.breaks().collect();
        self.done(pages.bytes, &breaks, warnings);
    }

    /// Adds a label that could not be made.
    pub fn failed(&mut self, failure: Failure) {
        self.writer.u8(failure.code.number());
        self.writer.u8(failure.field.map_or(0, |id| id as u8 + 1));
        let place = failure.place.unwrap_or(Place { line: 0, column: 0 });
        self.writer.u32(place.line);
        self.writer.u32(place.column);
        self.writer.u8(failure.part.number());
        self.count += 1;
    }

    /// Ends the frame.
    pub fn finish(mut self, used: &[FaceUse], limits: &[PrintLimit], forms: &[PageForm<'_>]) {
        self.writer.fill_u32(self.place, self.count);
        FaceUse::encode_all(used, &mut self.writer);
        PrintLimit::encode_all(limits, &mut self.writer);
        PageForm::encode_all(forms, &mut self.writer);
        self.writer.finish();
    }
}

impl<'b> LabelAnswer<'b> {
    pub(super) fn decode(reader: &mut FrameReader<'b>) -> Result<Self, PipeError> {
        match reader.u8()? {
            0 => {
                let warnings = Warnings::from_bits(reader.u64()?, reader.u32()?)?;
                Ok(LabelAnswer::Done { label: Pages::decode(reader)?, warnings })
            }
            number => {
                let code = Code::from_number(number).ok_or(PipeError::Unknown)?;
                let field = match reader.u8()? {
                    0 => None,
                    id => Some(*FieldId::ALL.get(usize::from(id) - 1).ok_or(PipeError::Unknown)?),
                };
                let place = match (reader.u32()?, reader.u32()?) {
                    (0, 0) => None,
                    (0, _) | (_, 0) => return Err(PipeError::Unknown),
                    (line, column) => Some(Place { line, column }),
                };
                let part = LabelPart::from_number(reader.u8()?).ok_or(PipeError::Unknown)?;
                Ok(LabelAnswer::Failed(Failure { code, field, place, part }))
            }
        }
    }
}
