//! The conversation with the host: one request, one answer, until the host has had enough.

use miandan_core::Code;
use miandan_core::field::FieldSet;
use miandan_core::font::{FontProblem, MAX_FONT};
use miandan_core::free::FreeData;
use miandan_core::label::{Format, Purpose};
use miandan_core::pipe::{
    Answer, FaceUse, Failure, LabelArea, LabelContent, LabelPart, LabelsEncoder, MAX_ANSWER, PipeError,
    PrintLimit, RenderLabel, Request, Subject, TemplateKind, TemplateReady,
};
use miandan_mask::clear::{ClearError, PlainWaybill, Sender, free_data};
use miandan_render::Area;
use miandan_render::faces::Faces;
use miandan_render::pdf;
use miandan_render::template::Template;
use miandan_seal::limits::SKEW;
use miandan_unseal::OpenedOrder;

use crate::channel::Channel;
use crate::label::{Beside, Form, Labeller, Numbered};
use crate::station::Station;

/// Templates at most. A station has a handful; the limit keeps a host from filling the memory.
const MAX_TEMPLATES: usize = 64;

/// What an answer may keep of its memory for the next one. Blocks of labels fit; the fonts of a large batch do not
/// come often enough to hold on to it.
const KEPT: usize = 8 << 20;

/// Room for everything in an answer that is not a label: the characters that were drawn, and forms with pictures in them.
const AROUND_LABELS: usize = 2 << 20;

/// Serves until the pipe ends, and answers how it did.
pub(crate) fn serve(channel: &mut Channel, station: Station, labeller: Labeller) -> PipeError {
    let mut server = Server { station, labeller, templates: Vec::new(), font: Vec::new() };
    let mut request = Vec::new();
    let mut answer = Vec::new();
    loop {
        let served = channel.read(&mut request).and_then(|(kind, body)| {
            server.answer(&Request::decode(kind, body)?, &mut answer);
            channel.write(&answer)
        });
        if let Err(end) = served {
            return end;
        }
        answer.clear();
        answer.shrink_to(KEPT);
    }
}

/// The exit status for how the pipe ended: a host that closes it has finished, anything else is its fault or its
/// death.
pub(crate) fn exit_status(end: PipeError) -> u8 {
    match end {
        PipeError::Closed => 0,
        _ => 1,
    }
}

/// What is kept between requests.
struct Server {
    station: Station,
    labeller: Labeller,
    templates: Vec<Template>,
    /// A font of which the last part has not come.
    font: Vec<u8>,
}

impl Server {
    /// Replaces `frame` by the answer.
    fn answer(&mut self, request: &Request<'_>, frame: &mut Vec<u8>) {
        match request {
            Request::Template { kind, source } => self.template(*kind, source).encode(frame),
            Request::Font { part, last } => self.font(part, *last).encode(frame),
            Request::Render { template, format, resolution, purpose, missing, now, labels } => {
                let form =
                    Form { format: *format, resolution: *resolution, purpose: *purpose, missing: *missing };
                let now = self.station.advance(*now);
                self.labels(*template, form, now, labels, frame);
            }
            Request::Fonts { used } => fonts(self.labeller.faces(), used, frame),
            Request::State { now } => Answer::State(self.station.remember(*now)).encode(frame),
        }
    }

    /// Takes a part of a font, and reads the font once it is whole.
    fn font(&mut self, part: &[u8], last: bool) -> Answer<'static> {
        if self.font.len() + part.len() > MAX_FONT {
            self.font = Vec::new();
            return Answer::FontRefused(FontProblem::TooLarge);
        }
        self.font.extend_from_slice(part);
        if !last {
            return Answer::Font { face: None };
        }
        match self.labeller.add_font(std::mem::take(&mut self.font)) {
            Ok(face) => Answer::Font { face: Some(face.number()) },
            Err(problem) => Answer::FontRefused(problem),
        }
    }

    fn template(&mut self, kind: TemplateKind, source: &[u8]) -> Answer<'static> {
        if self.templates.len() == MAX_TEMPLATES {
            return refused(Code::Limit);
        }
        match Template::compile_as(kind, source, self.labeller.faces()) {
            Ok(template) => {
                let ready = TemplateReady {
                    template: self.templates.len() as u16,
                    size: template.size(),
                    reprint_cell: template.marks_copies(),
                    personal: template.names_courier_token() || !template.fields().is_empty(),
                };
                self.templates.push(template);
                Answer::Template(ready)
            }
            Err(error) => Answer::TemplateRefused {
                code: error.problem.code(),
                problem: error.problem.number(),
                line: error.line,
                column: error.column,
            },
        }
    }

    fn labels(
        &mut self,
        template: u16,
        form: Form,
        now: u64,
        labels: &[RenderLabel<'_>],
        frame: &mut Vec<u8>,
    ) {
        let Server { station, labeller, templates, .. } = self;
        let number = template;
        let Some(template) = templates.get(usize::from(number)) else {
            return refused(Code::TemplateRefused).encode(frame);
        };
        if let Format::Printer(profile) = form.format
            && profile.fits(template.size()).is_err()
        {
            // No order is opened for a label that the printer cannot print.
            return refused(Code::TemplateRefused).encode(frame);
        }
        let mut room = MAX_ANSWER - AROUND_LABELS;
        let mut limits = Vec::new();
        let mut encoder = LabelsEncoder::new(frame);
        for (place, label) in labels.iter().enumerate() {
            let mut limit = None;
            let drawn = in_clear(label).and_then(|InClear { sender, areas: data }| {
                let sender = sender.as_ref();
                let areas = &areas(&label.areas, &data, templates)?;
                let beside = Beside { stamp: &label.stamp, sender, areas };
                let numbered = Numbered { number, template };
                match label.content {
                    LabelContent::Plain(data) if template.kind() == TemplateKind::Free => {
                        labeller.data(&free_data(data).map_err(code)?, numbered, form, beside)
                    }
                    LabelContent::Sealed(_) if template.kind() == TemplateKind::Free => {
                        Err(Code::TemplateRefused.into())
                    }
                    LabelContent::Sealed(sealed) => {
                        let in_clear = sender.map_or(FieldSet::EMPTY, |_| Sender::fields());
                        let order = station.open(sealed, now, template, in_clear, form.purpose)?;
                        limit = print_limit(&order, place);
                        labeller.order(&order, station.courier(), numbered, form, beside, now)
                    }
                    LabelContent::Plain(data) => {
                        labeller.plain(PlainWaybill::read(data).map_err(code)?, numbered, form, beside)
                    }
                }
            });
            match drawn {
                Ok((drawn, warnings)) if drawn.length() <= room => {
                    room -= drawn.length();
                    encoder.done(&drawn.bytes, &drawn.breaks, warnings);
                    limits.extend(limit.filter(|_| form.purpose == Purpose::Print));
                }
                Ok(_) => encoder.failed(Failure::from(Code::Limit)),
                Err(failure) => encoder.failed(failure),
            }
        }
        let used = match form.format {
            Format::Pdf | Format::Frame => labeller.take_used(),
            Format::Png | Format::Printer(_) => Vec::new(),
        };
        encoder.finish(&used, &limits, &labeller.take_forms());
    }
}

/// What comes in clear with the content of a label.
struct InClear<'b> {
    sender: Option<Sender<'b>>,
    /// The data of its areas, in their order, masked.
    areas: Vec<FreeData>,
}

/// Reads it before anything is opened.
fn in_clear<'b>(label: &RenderLabel<'b>) -> Result<InClear<'b>, Failure> {
    let blamed = |part| move |error| Failure::from(code(error)).of_part(part);
    let sender = label.sender.map(Sender::read).transpose().map_err(blamed(LabelPart::Sender))?;
    let data = |(place, area): (usize, &LabelArea<'_>)| {
        free_data(area.data).map_err(blamed(LabelPart::Area(place as u8)))
    };
    Ok(InClear { sender, areas: label.areas.iter().enumerate().map(data).collect::<Result<_, _>>()? })
}

/// Areas with their templates, each of which must be there and be one of data in clear.
fn areas<'l>(
    asked: &[LabelArea<'_>],
    data: &'l [FreeData],
    templates: &'l [Template],
) -> Result<Vec<Area<'l>>, Failure> {
    let area = |(place, (asked, data)): (usize, (&LabelArea<'_>, &'l FreeData))| {
        let template = templates.get(usize::from(asked.template));
        let template = template.filter(|template| template.kind() == TemplateKind::Free);
        let missing = Failure::from(Code::TemplateRefused).of_part(LabelPart::Area(place as u8));
        Ok(Area { template: template.ok_or(missing)?, data })
    };
    asked.iter().zip(data).enumerate().map(area).collect()
}

/// The code of data in clear that was refused.
fn code(error: ClearError) -> Code {
    match error {
        ClearError::Malformed => Code::Malformed,
        ClearError::Limit => Code::Limit,
    }
}

/// How often the issuer lets this order be printed, if there is a limit.
fn print_limit(order: &OpenedOrder, place: usize) -> Option<PrintLimit> {
    let most = order.header().max?;
    let until = order.batch().exp.saturating_add(SKEW);
    Some(PrintLimit { place: place as u16, order: order.identity(), most, until })
}

/// A request that makes no sense here.
fn refused(code: Code) -> Answer<'static> {
    Answer::Refused { code, subject: Subject::Nothing }
}

fn fonts(faces: &Faces, used: &[FaceUse], frame: &mut Vec<u8>) {
    match pdf::subset(faces, used) {
        Ok(subsets) => Answer::Fonts(subsets.iter().map(pdf::OwnedSubset::borrow).collect()).encode(frame),
        // The host asks for what no page has drawn.
        Err(_) => refused(Code::GlyphMissing).encode(frame),
    }
}

#[cfg(test)]
mod tests;
