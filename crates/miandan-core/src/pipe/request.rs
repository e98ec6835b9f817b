//! What a host asks of a component.

use super::codec::{FrameReader, FrameWriter, PipeError};
use super::content::{RenderLabel, STAMP, TemplateKind};
use super::{FONT_PART, FaceUse, MAX_BLOCK};
use crate::font::MissingGlyph;
use crate::label::{Format, Purpose, Resolution};
use crate::printer::Profile;

/// What a host asks. Borrowed from the frame: orders are not copied on their way in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request<'b> {
    /// Take a font, which is drawn from after those before it; answered by [`Answer::Font`](super::Answer::Font). A
    /// template that needs it comes after it.
    Font {
        /// A part of the file, of at most [`FONT_PART`] bytes.
        part: &'b [u8],
        /// Whether it is the last part.
        last: bool,
    },
    /// Compile a template; answered by [`Answer::Template`](super::Answer::Template). Templates are numbered from 0
    /// in the order in which they were accepted.
    Template {
        /// What its labels are made of.
        kind: TemplateKind,
        /// The template as it came from the caller: UTF-8 XML in the CNPL dialect.
        source: &'b [u8],
    },
    /// Render a block of labels; answered by [`Answer::Labels`](super::Answer::Labels).
    Render {
        /// Number of an accepted template.
        template: u16,
        /// In which form.
        format: Format,
        /// For which dot grid.
        resolution: Resolution,
        /// To be printed or only looked at.
        purpose: Purpose,
        /// What stands for a character that no font has.
        missing: MissingGlyph,
        /// Seconds since 1970, as the host believes.
        now: u64,
        /// At most [`MAX_BLOCK`] of them.
        labels: Vec<RenderLabel<'b>>,
    },
    /// Subset the fonts of a finished PDF; answered by [`Answer::Fonts`](super::Answer::Fonts).
    Fonts {
        /// What was drawn, as the union of all answers.
        used: Vec<FaceUse>,
    },
    /// Say what is to be remembered; answered by [`Answer::State`](super::Answer::State).
    State {
        /// Seconds since 1970, as the host believes.
        now: u64,
    },
}

const TEMPLATE: u8 = 1;
const RENDER: u8 = 2;
const FONTS: u8 = 3;
const STATE: u8 = 4;
const FONT: u8 = 5;

impl<'b> Request<'b> {
    /// Replaces `frame` by the whole frame, length and kind included.
    pub fn encode(&self, frame: &mut Vec<u8>) {
        match self {
            Request::Template { kind, source } => {
                let mut writer = FrameWriter::new(frame, TEMPLATE);
                kind.encode(&mut writer);
                writer.bytes(source);
                writer.finish();
            }
            Request::Font { part, last } => {
                let mut writer = FrameWriter::new(frame, FONT);
                writer.u8((*last).into());
                writer.bytes(part);
                writer.finish();
            }
            Request::Render { template, format, resolution, purpose, missing, now, labels } => {
                let mut writer = FrameWriter::new(frame, RENDER);
                writer.u16(*template);
                writer.u32(resolution.dpi());
                match format {
                    Format::Pdf => writer.u8(0),
                    Format::Png => writer.u8(1),
                    Format::Printer(profile) => {
                        writer.u8(2);
                        profile.encode(&mut writer);
                    }
                    Format::Frame => writer.u8(3),
                }
                writer.u8(match purpose {
                    Purpose::Print => 0,
                    Purpose::Preview => 1,
                });
                writer.u8(match missing {
                    MissingGlyph::Refuse => 0,
                    MissingGlyph::Box => 1,
                });
                writer.u64(*now);
                writer.u32(labels.len() as u32);
                for label in labels {
                    label.encode(&mut writer);
                }
                writer.finish();
            }
            Request::Fonts { used } => {
                let mut writer = FrameWriter::new(frame, FONTS);
                FaceUse::encode_all(used, &mut writer);
                writer.finish();
            }
            Request::State { now } => {
                let mut writer = FrameWriter::new(frame, STATE);
                writer.u64(*now);
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
        let request = match kind {
            TEMPLATE => {
                Request::Template { kind: TemplateKind::decode(&mut reader)?, source: reader.bytes()? }
            }
            FONT => {
                let last = match reader.u8()? {
                    0 => false,
                    1 => true,
                    _ => return Err(PipeError::Unknown),
                };
                let part = reader.bytes()?;
                if part.len() > FONT_PART {
                    return Err(PipeError::TooLong);
                }
                Request::Font { part, last }
            }
            RENDER => {
                let template = reader.u16()?;
                let resolution = Resolution::from_dpi(reader.u32()?).ok_or(PipeError::Unknown)?;
                let format = match reader.u8()? {
                    0 => Format::Pdf,
                    1 => Format::Png,
                    2 => Format::Printer(Profile::decode(&mut reader, resolution)?),
                    3 => Format::Frame,
                    _ => return Err(PipeError::Unknown),
                };
                let purpose = match reader.u8()? {
                    0 => Purpose::Print,
                    1 => Purpose::Preview,
                    _ => return Err(PipeError::Unknown),
                };
                let missing = match reader.u8()? {
                    0 => MissingGlyph::Refuse,
                    1 => MissingGlyph::Box,
                    _ => return Err(PipeError::Unknown),
                };
                let now = reader.u64()?;
                let count = reader.count(STAMP + 7)?;
                if count > MAX_BLOCK {
                    return Err(PipeError::TooLong);
                }
                let mut labels = Vec::with_capacity(count);
                for _ in 0..count {
                    labels.push(RenderLabel::decode(&mut reader)?);
                }
                Request::Render { template, format, resolution, purpose, missing, now, labels }
            }
            FONTS => Request::Fonts { used: FaceUse::decode_all(&mut reader)? },
            STATE => Request::State { now: reader.u64()? },
            _ => return Err(PipeError::Unknown),
        };
        reader.finish()?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelNumber;
    use crate::number::RunningNumber;
    use crate::pipe::{LabelArea, LabelContent};
    use crate::printer::{Graphics, Language, Media, Polarity};
    use crate::stamp::Stamp;

    fn through(request: &Request<'_>) {
        let mut frame = Vec::new();
        request.encode(&mut frame);
        assert_eq!(Request::decode(frame[4], &frame[5..]).as_ref(), Ok(request));
        for cut in 5..frame.len() {
            assert!(Request::decode(frame[4], &frame[5..cut]).is_err(), "cut at {cut}");
        }
        frame.push(0);
        assert_eq!(Request::decode(frame[4], &frame[5..]), Err(PipeError::Trailing));
    }

    #[test]
    fn requests_survive_the_frame() {
        for kind in [TemplateKind::Waybill, TemplateKind::Free] {
            through(&Request::Template { kind, source: b"<page/>" });
        }
        through(&Request::Fonts { used: vec![FaceUse { face: 1, cids: vec![3, 70, 4000] }] });
        through(&Request::State { now: 1_794_355_200 });
        through(&Request::Font { part: b"\0\x01\0\0", last: true });
        let number = LabelNumber { index: 12, count: 200 };
        let first = Stamp::first(number, 1_794_000_000);
        for format in [Format::Pdf, Format::Png, Format::Frame] {
            through(&Request::Render {
                template: 0,
                format,
                resolution: Resolution::Dpi300,
                purpose: Purpose::Preview,
                missing: MissingGlyph::Box,
                now: 1_794_355_200,
                labels: vec![
                    RenderLabel::sealed(
                        Stamp { running: RunningNumber::new(261_111, 3, 12), copy: 2, ..first },
                        b"{}",
                    ),
                    RenderLabel::sealed(Stamp { printed_at: 0, ..first }, b""),
                    RenderLabel {
                        sender: Some(b"{}"),
                        areas: vec![
                            LabelArea { template: 1, data: b"{}" },
                            LabelArea { template: 65_535, data: b"" },
                        ],
                        ..RenderLabel::sealed(first, b"{}")
                    },
                    RenderLabel {
                        stamp: first,
                        content: LabelContent::Plain(b"[1]"),
                        sender: Some(b""),
                        areas: Vec::new(),
                    },
                ],
            });
        }
    }

    fn for_printer(profile: Profile) -> Request<'static> {
        Request::Render {
            template: 0,
            format: Format::Printer(profile),
            resolution: profile.resolution,
            purpose: Purpose::Print,
            missing: MissingGlyph::Refuse,
            now: 0,
            labels: Vec::new(),
        }
    }

    #[test]
    fn printers_survive_the_frame() {
        for language in Language::ALL {
            through(&for_printer(Profile::plain(language, Resolution::Dpi203, 640)));
        }
        through(&for_printer(Profile::plain(Language::Zpl, Resolution::Dpi300, 1280)));
        through(&for_printer(Profile {
            graphics: Graphics::Zlib,
            polarity: Polarity::BlackIsOne,
            media: Media::Mark { height: 3000, offset: 500 },
            speed: Some(18),
            darkness: Some(15),
            turned: true,
            offset: [1000, 250],
            qr_offset: -12,
            reprint: Some(false),
            ..Profile::plain(Language::Tspl, Resolution::Dpi300, 1280)
        }));
        through(&for_printer(Profile {
            darkness: Some(-99),
            media: Media::Continuous { feed: 8000 },
            ..Profile::plain(Language::Cpcl, Resolution::Dpi203, 576)
        }));
    }

    #[test]
    fn a_printer_that_makes_no_sense_is_refused() {
        let mut frame = Vec::new();
        for_printer(Profile::plain(Language::Zpl, Resolution::Dpi203, 0)).encode(&mut frame);
        assert_eq!(Request::decode(frame[4], &frame[5..]), Err(PipeError::Unknown));
        for_printer(Profile::plain(Language::Zpl, Resolution::Dpi203, 832)).encode(&mut frame);
        // Whatever a byte of the profile says, there is an answer, and what is accepted makes sense.
        for place in 12..frame.len() {
            for value in 0..=u8::MAX {
                let mut changed = frame.clone();
                changed[place] = value;
                if let Ok(Request::Render { format: Format::Printer(profile), .. }) =
                    Request::decode(changed[4], &changed[5..])
                {
                    assert_eq!(profile.check(), Ok(()), "{value} at {place}");
                }
            }
        }
    }

    fn block(labels: Vec<RenderLabel<'_>>) -> Request<'_> {
        let (format, resolution) = (Format::Pdf, Resolution::Dpi203);
        let (purpose, missing) = (Purpose::Print, MissingGlyph::Refuse);
        Request::Render { template: 0, format, resolution, purpose, missing, now: 0, labels }
    }

    fn label(running: Option<RunningNumber>) -> RenderLabel<'static> {
        let number = LabelNumber { index: 1, count: 1 };
        RenderLabel::sealed(Stamp { running, ..Stamp::first(number, 0) }, b"")
    }

    #[test]
    fn a_running_number_that_is_none_is_refused() {
        let mut frame = Vec::new();
        block(vec![label(RunningNumber::new(261_111, 3, 12))]).encode(&mut frame);
        // Behind the count of labels and `n/m`: day, batch, position.
        let day = 26 + 8;
        assert_eq!(frame[day..day + 4], 261_111u32.to_le_bytes());
        for (place, bytes) in [(day, &[0; 4][..]), (day, &[0xff; 4]), (day + 4, &[0; 2]), (day + 6, &[0; 4])]
        {
            let mut changed = frame.clone();
            changed[place..place + bytes.len()].copy_from_slice(bytes);
            assert_eq!(Request::decode(changed[4], &changed[5..]), Err(PipeError::Unknown), "at {place}");
        }
        frame[day..day + 10].fill(0);
        assert_eq!(Request::decode(frame[4], &frame[5..]), Ok(block(vec![label(None)])));
    }

    #[test]
    fn a_block_has_a_limit_and_a_lie_about_it_costs_nothing() {
        let mut frame = Vec::new();
        block(vec![label(None); MAX_BLOCK + 1]).encode(&mut frame);
        assert_eq!(Request::decode(frame[4], &frame[5..]), Err(PipeError::TooLong));
        frame[22..26].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Request::decode(frame[4], &frame[5..]), Err(PipeError::Truncated));
    }
}
