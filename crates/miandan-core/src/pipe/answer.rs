//! What a component answers.

use super::PROTOCOL;
use super::codec::{FrameReader, FrameWriter, PipeError};
use super::fonts::{FaceUse, FontSubset};
use super::form::PageForm;
use super::labels::{LabelAnswer, LabelsEncoder};
use super::limit::PrintLimit;
use super::state::{StateAnswer, Subject};
use crate::code::Code;
use crate::font::FontProblem;
use crate::label::LabelSize;
use crate::sandbox::{Layer, LayerState, SandboxReport};

/// What a component answers. Labels are borrowed from the frame: the host only appends them to its output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'b> {
    /// The component is locked and waits for requests.
    Ready(Ready),
    /// The component does not start, or cannot do what was asked as a whole.
    Refused {
        /// Why.
        code: Code,
        /// Which of the things that the host named.
        subject: Subject,
    },
    /// A part of a font was taken, or the whole of it.
    Font {
        /// The number of the face, once it is whole.
        face: Option<u8>,
    },
    /// The font cannot be used.
    FontRefused(FontProblem),
    /// The template was compiled.
    Template(TemplateReady),
    /// The template was refused, with the place of the fault.
    TemplateRefused {
        /// `TEMPLATE_REFUSED` or `FIELD_NOT_PRINTABLE`.
        code: Code,
        /// The fault, as a number of `miandan_render::template::Problem`.
        problem: u16,
        /// Line in the template, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
    /// The labels of a block, in the order of the request.
    Labels {
        /// One for each label asked for.
        labels: Vec<LabelAnswer<'b>>,
        /// For PDF: what was drawn and had not been reported by this component before.
        used: Vec<FaceUse>,
        /// Which of the labels count against a limit, in their order; never those of a preview.
        limits: Vec<PrintLimit>,
        /// For PDF: what pages name as forms and had not been reported by this component before.
        forms: Vec<PageForm<'b>>,
    },
    /// The fonts of a finished PDF.
    Fonts(Vec<FontSubset<'b>>),
    /// What is to be remembered.
    State(StateAnswer),
}

/// The state of a component that has started.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// [`PROTOCOL`] of the component.
    pub protocol: u16,
    /// Version of the component's program.
    pub version: String,
    /// Id of the station whose key was read; empty without a key.
    pub station: String,
    /// Every layer of the sandbox.
    pub sandbox: SandboxReport,
}

/// A template that was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TemplateReady {
    /// Its number in requests.
    pub template: u16,
    /// The size of the label.
    pub size: LabelSize,
    /// Whether it has a cell for the mark of a reprint that the mark fits. Without one every copy is refused.
    pub reprint_cell: bool,
    /// Whether it names a personal field or the courier's token.
    pub personal: bool,
}

const READY: u8 = 128;
const REFUSED: u8 = 129;
const TEMPLATE: u8 = 130;
const TEMPLATE_REFUSED: u8 = 131;
pub(super) const LABELS: u8 = 132;
const FONTS: u8 = 133;
const STATE: u8 = 134;
const FONT: u8 = 135;
const FONT_REFUSED: u8 = 136;

impl<'b> Answer<'b> {
    /// Replaces `frame` by the whole frame, length and kind included.
    pub fn encode(&self, frame: &mut Vec<u8>) {
        match self {
            Answer::Ready(ready) => {
                let mut writer = FrameWriter::new(frame, READY);
                writer.u16(ready.protocol);
                writer.bytes(ready.version.as_bytes());
                writer.bytes(ready.station.as_bytes());
                for (layer, state) in ready.sandbox.layers() {
                    writer.u8(layer as u8);
                    writer.u8(state.number());
                }
                writer.finish();
            }
            Answer::Refused { code, subject } => {
                let mut writer = FrameWriter::new(frame, REFUSED);
                writer.u8(code.number());
                subject.encode(&mut writer);
                writer.finish();
            }
            Answer::Font { face } => {
                let mut writer = FrameWriter::new(frame, FONT);
                // A caller's face is never number 0.
                writer.u8(face.unwrap_or(0));
                writer.finish();
            }
            Answer::FontRefused(problem) => {
                let mut writer = FrameWriter::new(frame, FONT_REFUSED);
                writer.u8(problem.number());
                writer.finish();
            }
            Answer::Template(ready) => {
                let mut writer = FrameWriter::new(frame, TEMPLATE);
                writer.u16(ready.template);
                writer.i32(ready.size.width);
                writer.i32(ready.size.height);
                writer.u8(ready.reprint_cell.into());
                writer.u8(ready.personal.into());
                writer.finish();
            }
            Answer::TemplateRefused { code, problem, line, column } => {
                let mut writer = FrameWriter::new(frame, TEMPLATE_REFUSED);
                writer.u8(code.number());
                writer.u16(*problem);
                writer.u32(*line);
                writer.u32(*column);
                writer.finish();
            }
            Answer::Labels { labels, used, limits, forms } => {
                let mut encoder = LabelsEncoder::new(frame);
                for label in labels {
                    match label {
                        LabelAnswer::Done { label, warnings } => encoder.pages(*label, *warnings),
                        LabelAnswer::Failed(failure) => encoder.failed(*failure),
                    }
                }
                encoder.finish(used, limits, forms);
            }
            Answer::Fonts(subsets) => {
                let mut writer = FrameWriter::new(frame, FONTS);
                writer.u32(subsets.len() as u32);
                subsets.iter().for_each(|subset| subset.encode(&mut writer));
                writer.finish();
            }
            Answer::State(state) => {
                let mut writer = FrameWriter::new(frame, STATE);
                state.encode(&mut writer);
                writer.finish();
            }
        }
    }

    /// Reads the body of a frame.
    ///
    /// # Errors
    /// Any [`PipeError`] but `Closed` and `Io`.
    pub fn decode(kind: u8, body: &'b [u8]) -> Result<Self, PipeError> {
        let mut reader = FrameReader::new(body);
        let answer = match kind {
            READY => match Ready::decode(&mut reader)? {
                // What else another version says in this answer is not known here, and not wanted.
                ready if ready.protocol != PROTOCOL => return Ok(Answer::Ready(ready)),
                ready => Answer::Ready(ready),
            },
            REFUSED => Answer::Refused { code: code(&mut reader)?, subject: Subject::decode(&mut reader)? },
            FONT => Answer::Font { face: Some(reader.u8()?).filter(|&face| face != 0) },
            FONT_REFUSED => {
                Answer::FontRefused(FontProblem::from_number(reader.u8()?).ok_or(PipeError::Unknown)?)
            }
            TEMPLATE => Answer::Template(TemplateReady {
                template: reader.u16()?,
                size: LabelSize { width: reader.i32()?, height: reader.i32()? },
                reprint_cell: flag(&mut reader)?,
                personal: flag(&mut reader)?,
            }),
            TEMPLATE_REFUSED => Answer::TemplateRefused {
                code: code(&mut reader)?,
                problem: reader.u16()?,
                line: reader.u32()?,
                column: reader.u32()?,
            },
            LABELS => {
                let count = reader.count(11)?;
                let labels: Vec<_> =
                    (0..count).map(|_| LabelAnswer::decode(&mut reader)).collect::<Result<_, _>>()?;
                let used = FaceUse::decode_all(&mut reader)?;
                let limits = PrintLimit::decode_all(&mut reader, labels.len())?;
                Answer::Labels { labels, used, limits, forms: PageForm::decode_all(&mut reader)? }
            }
            FONTS => {
                let count = reader.count(1)?;
                Answer::Fonts((0..count).map(|_| FontSubset::decode(&mut reader)).collect::<Result<_, _>>()?)
            }
            STATE => Answer::State(StateAnswer::decode(&mut reader)?),
            _ => return Err(PipeError::Unknown),
        };
        reader.finish()?;
        Ok(answer)
    }
}

pub(super) fn code(reader: &mut FrameReader<'_>) -> Result<Code, PipeError> {
    Code::from_number(reader.u8()?).ok_or(PipeError::Unknown)
}

fn flag(reader: &mut FrameReader<'_>) -> Result<bool, PipeError> {
    match reader.u8()? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(PipeError::Unknown),
    }
}

impl Ready {
    fn decode(reader: &mut FrameReader<'_>) -> Result<Self, PipeError> {
        let protocol = reader.u16()?;
        if protocol != PROTOCOL {
            return Ok(Ready { protocol, ..Ready::default() });
        }
        let version = reader.text()?.to_owned();
        let station = reader.text()?.to_owned();
        let mut sandbox = SandboxReport::default();
        for &layer in Layer::ALL {
            // Every layer once, in their order: a report that leaves one out is none.
            if Layer::from_number(reader.u8()?) != Some(layer) {
                return Err(PipeError::Unknown);
            }
            let state = LayerState::from_number(reader.u8()?).ok_or(PipeError::Unknown)?;
            sandbox.record(layer, state);
        }
        Ok(Ready { protocol, version, station, sandbox })
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::LabelPart;
    use super::super::labels::{Failure, Place};
    use super::super::pages::Pages;
    use super::super::warnings::Warnings;
    use super::*;
    use crate::field::FieldId;
    use crate::masking::Warning;
    use crate::pipe::StatusOfIssuer;

    fn through(answer: &Answer<'_>) {
        let mut frame = Vec::new();
        answer.encode(&mut frame);
        assert_eq!(u32::from_le_bytes(frame[..4].try_into().unwrap()) as usize, frame.len() - 4);
        assert_eq!(Answer::decode(frame[4], &frame[5..]).as_ref(), Ok(answer));
        for cut in 5..frame.len() {
            assert!(Answer::decode(frame[4], &frame[5..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn answers_survive_the_frame() {
        let mut sandbox = SandboxReport::default();
        Layer::ALL.iter().for_each(|&layer| sandbox.record(layer, LayerState::On));
        let (version, station) = ("0.1.0".to_owned(), "ST-01".to_owned());
        through(&Answer::Ready(Ready { protocol: PROTOCOL, version, station, sandbox }));
        // Whatever another version writes behind its number.
        let other = [&(PROTOCOL + 1).to_le_bytes()[..], b"\x09layers"].concat();
        let other = Answer::decode(READY, &other).unwrap();
        assert_eq!(other, Answer::Ready(Ready { protocol: PROTOCOL + 1, ..Ready::default() }));
        through(&Answer::Refused { code: Code::SandboxUnavailable, subject: Subject::Nothing });
        let lists = [Subject::StatusList(0), Subject::CarrierList(7)];
        for subject in [Subject::Key(1), Subject::Trust(255), Subject::State].into_iter().chain(lists) {
            through(&Answer::Refused { code: Code::AuthFailed, subject });
        }
        let status = [("p", None, true), ("平台", Some(1_800_000_000), false)];
        let status = status.map(|(issuer, issued_at, stale)| StatusOfIssuer {
            issuer: issuer.to_owned(),
            issued_at,
            stale,
        });
        through(&Answer::State(StateAnswer { state: b"{}".to_vec(), time: 7, status: status.to_vec() }));
        for (reprint_cell, personal) in [(false, true), (true, false)] {
            let size = LabelSize::millimetres(76, 130);
            through(&Answer::Template(TemplateReady { template: 1, size, reprint_cell, personal }));
        }
        let code = Code::TemplateRefused;
        through(&Answer::TemplateRefused { code, problem: 7, line: 12, column: 5 });
        let mut warnings = Warnings::NONE;
        warnings.set(FieldId::SenderDetail, Warning::NoDoorFound);
        through(&Answer::Labels {
            labels: vec![
                LabelAnswer::Done { label: Pages::one(b"page"), warnings: Warnings::NONE },
                LabelAnswer::Done { label: Pages::one(b""), warnings },
                LabelAnswer::Failed(Code::Expired.into()),
                LabelAnswer::Failed(Failure::of_field(Code::GlyphMissing, FieldId::BuyerIdCard)),
                LabelAnswer::Failed(Failure {
                    place: Some(Place { line: 300_000, column: 1 }),
                    ..Failure::from(code)
                }),
                LabelAnswer::Failed(Failure::from(Code::Malformed).of_part(LabelPart::Sender)),
                LabelAnswer::Failed(Failure::from(code).of_part(LabelPart::Area(3))),
            ],
            used: vec![FaceUse { face: 0, cids: vec![1, 2] }],
            limits: vec![PrintLimit { place: 0, order: [7; 32], most: 2, until: 1_800_000_000 }],
            forms: vec![PageForm { number: 1, stream: b"form" }, PageForm { number: 0, stream: b"" }],
        });
        through(&Answer::Fonts(vec![FontSubset {
            face: 1,
            base_font: "ABCDEF+NotoSansSC-Bold",
            bounds: [-10, -200, 1000, 900],
            ascent: 880,
            descent: -120,
            cap_height: 733,
            stem_v: 90,
            widths: vec![(5, vec![500, 600]), (900, vec![1000])],
            file: b"file",
            file_length: 40,
            cid_to_gid: b"map",
            to_unicode: b"cmap",
        }]));
    }

    #[test]
    fn a_limit_names_a_label_of_its_block() {
        let limit = |place| PrintLimit { place, order: [1; 32], most: 1, until: 9 };
        for (limits, holds) in [
            (vec![limit(0), limit(1)], true),
            (vec![limit(2)], false),
            (vec![limit(1), limit(0)], false),
            (vec![limit(1), limit(1)], false),
        ] {
            let mut frame = Vec::new();
            let done = |label| LabelAnswer::Done { label, warnings: Warnings::NONE };
            let labels = vec![done(Pages::one(b"one")), done(Pages::one(b"two"))];
            Answer::Labels { labels, used: vec![], limits: limits.clone(), forms: vec![] }.encode(&mut frame);
            assert_eq!(Answer::decode(frame[4], &frame[5..]).is_ok(), holds, "{limits:?}");
        }
    }
}
