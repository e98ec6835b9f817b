//! One order, or data in clear, to one label: mask, lay out, encode.
//!
//! The label depends on the order, the template, the form, the stamp and the time alone, never on what was drawn
//! before. What was opened is gone, wiped by the allocator, when the next order comes.

use miandan_core::Code;
use miandan_core::field::{FieldId, FieldSet, FieldType};
use miandan_core::font::{FontProblem, MissingGlyph};
use miandan_core::free::FreeData;
use miandan_core::label::{Format, Purpose, Resolution};
use miandan_core::masking::{Masking, ShownAddress};
use miandan_core::pipe::{FaceUse, Failure, PageForm, Warnings};
use miandan_core::stamp::Stamp;
use miandan_core::waybill::Waybill;
use miandan_mask::Outcome;
use miandan_mask::clear::{PlainWaybill, Sender};
use miandan_render::Area;
use miandan_render::faces::Faces;
use miandan_render::frame::{FaceId, Frame};
use miandan_render::pdf::{Forms, PageEncoder};
use miandan_render::printer;
use miandan_render::raster::{self, Bitmap, Rasteriser};
use miandan_render::template::{Template, View};
use miandan_render::wire;
use miandan_unseal::OpenedOrder;

use crate::courier::Courier;

/// How a label is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub(crate) format: Format,
    pub(crate) resolution: Resolution,
    pub(crate) purpose: Purpose,
    pub(crate) missing: MissingGlyph,
}

/// Draws labels, with buffers and caches that are kept from one to the next.
#[derive(Default)]
pub(crate) struct Labeller {
    frame: Frame,
    pages: PageEncoder,
    forms: Vec<TemplateForms>,
    rasteriser: Rasteriser,
    bitmap: Bitmap,
    printer: printer::Encoder,
    label: Label,
}

/// What the pages of a template name as forms, made when the first is drawn.
struct TemplateForms {
    template: u16,
    resolution: Resolution,
    missing: MissingGlyph,
    forms: Forms,
    /// Whether the host has them.
    reported: bool,
}

impl TemplateForms {
    fn is_of(&self, template: u16, form: Form) -> bool {
        (self.template, self.resolution, self.missing) == (template, form.resolution, form.missing)
    }
}

/// A template and its number in requests.
#[derive(Clone, Copy)]
pub(crate) struct Numbered<'t> {
    pub(crate) number: u16,
    pub(crate) template: &'t Template,
}

/// What comes with the content of a label.
#[derive(Clone, Copy)]
pub(crate) struct Beside<'l> {
    pub(crate) stamp: &'l Stamp,
    /// The sender that stands for that of the content.
    pub(crate) sender: Option<&'l Sender<'l>>,
    /// What is drawn over it.
    pub(crate) areas: &'l [Area<'l>],
}

/// A label that was drawn.
#[derive(Default)]
pub(crate) struct Label {
    /// Its pages one after the other.
    pub(crate) bytes: Vec<u8>,
    /// Where each page but the first begins.
    pub(crate) breaks: Vec<u32>,
}

impl Label {
    /// What it takes in an answer.
    pub(crate) fn length(&self) -> usize {
        self.bytes.len() + 4 * self.breaks.len()
    }
}

impl Labeller {
    /// Masks an opened order and draws it. Beside the label, what a person should know about it.
    pub(crate) fn order(
        &mut self,
        order: &OpenedOrder,
        courier: Option<&Courier>,
        numbered: Numbered<'_>,
        form: Form,
        beside: Beside<'_>,
        now: u64,
    ) -> Result<(&Label, Warnings), Failure> {
        let template = numbered.template;
        require(template, order.header().fields.ids())?;
        let Beside { stamp, sender, areas } = beside;
        let MaskedOrder { mut waybill, mut warnings, detail } = mask(order, stamp, form.purpose, now)?;
        if let Some(sender) = sender {
            let masking = masking(order.masking(), form.purpose);
            sender.mask_into(template.fields(), &masking, &mut waybill, &mut warnings);
        }
        if let Some(courier) = courier.filter(|_| template.names_courier_token()) {
            waybill.courier_token = courier.token(order, detail.as_ref(), stamp, form.purpose, now);
        }
        self.masked(&waybill, areas, warnings, numbered, form)
    }

    /// Masks a waybill that came in clear and draws it. It gets no courier's token: nobody has vouched for it.
    pub(crate) fn plain(
        &mut self,
        plain: PlainWaybill<'_>,
        numbered: Numbered<'_>,
        form: Form,
        beside: Beside<'_>,
    ) -> Result<(&Label, Warnings), Failure> {
        let template = numbered.template;
        require(template, plain.fields())?;
        let Beside { stamp, sender, areas } = beside;
        let masking = masking(Masking::DEFAULT, form.purpose);
        let mut warnings = Warnings::NONE;
        let mut waybill = plain.mask(sender, template.fields(), &masking, &mut warnings);
        waybill.put_stamp(stamp);
        self.masked(&waybill, areas, warnings, numbered, form)
    }

    /// Draws data in clear that is masked, with a template of its own.
    pub(crate) fn data(
        &mut self,
        data: &FreeData,
        numbered: Numbered<'_>,
        form: Form,
        beside: Beside<'_>,
    ) -> Result<(&Label, Warnings), Failure> {
        let mut stamped = Waybill::default();
        stamped.put_stamp(beside.stamp);
        self.lay_out(View::of_data(data, &stamped), beside.areas, numbered.template, form)?;
        let mut warnings = self.frame.warnings;
        self.frame.boxed.iter().for_each(|_| warnings.set_boxed(None));
        Ok((self.draw(numbered, form)?, warnings))
    }

    /// Draws a waybill that has just been masked.
    fn masked(
        &mut self,
        waybill: &Waybill,
        areas: &[Area<'_>],
        mut warnings: Warnings,
        numbered: Numbered<'_>,
        form: Form,
    ) -> Result<(&Label, Warnings), Failure> {
        let template = numbered.template;
        self.lay_out(waybill.into(), areas, template, form)?;
        for &character in &self.frame.boxed {
            warnings.set_boxed(template.field_with(waybill, character));
        }
        let warnings = warnings.and(self.frame.warnings);
        Ok((self.draw(numbered, form)?, warnings))
    }

    /// Draws a waybill that is masked.
    pub(crate) fn waybill(
        &mut self,
        waybill: &Waybill,
        numbered: Numbered<'_>,
        form: Form,
    ) -> Result<&Label, Failure> {
        self.lay_out(waybill.into(), &[], numbered.template, form)?;
        self.draw(numbered, form)
    }

    fn lay_out<'a>(
        &mut self,
        view: View<'a>,
        areas: &[Area<'a>],
        template: &'a Template,
        form: Form,
    ) -> Result<(), Failure> {
        self.frame.faces.missing = form.missing;
        template.layout_with(view, areas, form.resolution, &mut self.frame)?;
        if form.purpose == Purpose::Preview {
            miandan_render::mark_preview(&mut self.frame);
        }
        Ok(())
    }

    fn draw(&mut self, numbered: Numbered<'_>, form: Form) -> Result<&Label, Failure> {
        let place = match form.format {
            Format::Pdf => self.forms_of(numbered, form),
            Format::Png | Format::Frame | Format::Printer(_) => 0,
        };
        let Label { bytes, breaks } = &mut self.label;
        bytes.clear();
        breaks.clear();
        for page in 0..self.frame.pages() {
            if page > 0 {
                breaks.push(bytes.len() as u32);
            }
            match form.format {
                Format::Pdf => self.pages.encode_with(&self.forms[place].forms, &self.frame, page, bytes),
                Format::Png => {
                    self.rasteriser.draw_page(&self.frame, page, &mut self.bitmap);
                    raster::png(&self.bitmap, bytes);
                }
                Format::Frame => {
                    wire::encode_page(&self.frame, page, bytes);
                    self.pages.note_page(&self.frame, page);
                }
                Format::Printer(profile) => {
                    self.rasteriser.draw_page(&self.frame, page, &mut self.bitmap);
                    raster::move_codes_aside(&self.frame, page, profile.qr_offset, &mut self.bitmap);
                    // The host has looked whether the template fits the printer, and so have we.
                    self.printer.encode(&profile, &self.bitmap, bytes).map_err(|_| Code::TemplateRefused)?;
                }
            }
        }
        Ok(&self.label)
    }

    /// The place of the forms of a template, which are made if they are not yet there.
    fn forms_of(&mut self, Numbered { number, template }: Numbered<'_>, form: Form) -> usize {
        self.forms.iter().position(|forms| forms.is_of(number, form)).unwrap_or_else(|| {
            let forms = Forms::new(template, number, form.resolution, &self.frame.faces);
            self.pages.note_forms(&forms);
            let Form { resolution, missing, .. } = form;
            self.forms.push(TemplateForms { template: number, resolution, missing, forms, reported: false });
            self.forms.len() - 1
        })
    }

    /// The forms that pages may name and that were not reported before.
    pub(crate) fn take_forms(&mut self) -> Vec<PageForm<'_>> {
        let fresh = |forms: &'_ mut TemplateForms| !std::mem::replace(&mut forms.reported, true);
        let fresh = self.forms.iter_mut().filter_map(|forms| fresh(forms).then_some(&forms.forms));
        fresh.flat_map(Forms::streams).collect()
    }

    /// What labels are set in.
    pub(crate) fn faces(&self) -> &Faces {
        &self.frame.faces
    }

    /// From now on labels may be set in this font as well.
    pub(crate) fn add_font(&mut self, file: Vec<u8>) -> Result<FaceId, FontProblem> {
        self.frame.faces.add(file)
    }

    /// What PDF pages drew, or will be drawn with, that was not reported before.
    pub(crate) fn take_used(&mut self) -> Vec<FaceUse> {
        self.pages.take_used()
    }

    /// Forgets what PDF pages drew and named.
    pub(crate) fn forget_used(&mut self) {
        self.pages = PageEncoder::new();
        self.forms.clear();
    }
}

/// Refuses a label that cannot be used.
fn require(template: &Template, has: FieldSet) -> Result<(), Failure> {
    match missing(template.fields(), |id| has.contains(id)) {
        Some(field) => Err(Failure::of_field(Code::FieldMissing, field)),
        None => Ok(()),
    }
}

/// The field without which a label of this template cannot be used, if the order does not have it.
///
/// A field that is absent prints as nothing: most orders have no organisation, many no town. Three things a courier
/// cannot do without, though, and a template that names them counts on them: a name, a number to call (one of those
/// that the template names), and the address after the town. They are asked of the recipient, not of the sender,
/// whom many platforms leave out. A virtual number that has lapsed is there, and prints as nothing.
fn missing(named: FieldSet, has: impl Fn(FieldId) -> bool) -> Option<FieldId> {
    const NEEDED: [&[FieldId]; 3] = [
        &[FieldId::RecipientName],
        &[FieldId::RecipientMobile, FieldId::RecipientPhone, FieldId::RecipientVirtual],
        &[FieldId::RecipientDetail],
    ];
    NEEDED.into_iter().find_map(|alternatives| {
        let mut named = alternatives.iter().copied().filter(|&id| named.contains(id)).peekable();
        let first = named.peek().copied()?;
        (!named.any(&has)).then_some(first)
    })
}

/// What masking gives of an order.
pub(crate) struct MaskedOrder {
    /// The view that a template may see. Fields that were not opened are empty in it.
    pub(crate) waybill: Waybill,
    /// What a person should know about it.
    pub(crate) warnings: Warnings,
    /// What became of the rest of the recipient's address, for the part that is sealed to the carrier.
    pub(crate) detail: Option<Outcome>,
}

/// What is shown for a purpose. Who only looks needs no door to deliver to, whatever a label shows.
fn masking(masking: Masking, purpose: Purpose) -> Masking {
    match purpose {
        Purpose::Print => masking,
        Purpose::Preview => Masking { address: ShownAddress::Detail, ..masking },
    }
}

/// Masks an order.
pub(crate) fn mask(
    order: &OpenedOrder,
    stamp: &Stamp,
    purpose: Purpose,
    now: u64,
) -> Result<MaskedOrder, Failure> {
    let header = order.header();
    let masking = masking(order.masking(), purpose);
    let mut waybill = Waybill {
        order_id: header.ord.clone(),
        payment_id: header.pay.clone().unwrap_or_default(),
        waybill_no: header.wbn.clone(),
        carrier: header.cp.clone(),
        service: header.service.clone(),
        routing: header.routing.clone(),
        parcel: header.parcel,
        items: header.items.clone(),
        memo: miandan_mask::free_text(&header.memo).text,
        ..Waybill::default()
    };
    waybill.put_stamp(stamp);
    let mut warnings = Warnings::NONE;
    let mut detail = None;
    for &id in FieldId::ALL {
        if let Some(mut outcome) = field(order, id, &masking, now)? {
            *waybill.masked_mut(id).ok_or(not_printable(id))? = std::mem::take(&mut outcome.text);
            outcome.warning.into_iter().for_each(|warning| warnings.set(id, warning));
            if id == FieldId::RecipientDetail {
                detail = Some(outcome);
            }
        }
    }
    Ok(MaskedOrder { waybill, warnings, detail })
}

/// One field, masked by its signed type; `None` if the order does not have it or it was not opened.
fn field(order: &OpenedOrder, id: FieldId, masking: &Masking, now: u64) -> Result<Option<Outcome>, Failure> {
    let Some((kind, text)) = order.expose(id) else { return Ok(None) };
    let outcome = if kind == FieldType::Virtual {
        let number = order.expose_virtual(id).ok_or(Failure::of_field(Code::Malformed, id))?;
        if now > number.until {
            return Ok(None);
        }
        miandan_mask::field(kind, &dialled(number.main, number.ext), masking)
    } else {
        miandan_mask::field(kind, text, masking)
    };
    outcome.map(Some).ok_or(not_printable(id))
}

/// A virtual number as people dial it.
pub(crate) fn dialled(main: &str, extension: &str) -> String {
    if extension.is_empty() { main.to_owned() } else { format!("{main}-{extension}") }
}

fn not_printable(id: FieldId) -> Failure {
    Failure::of_field(Code::FieldNotPrintable, id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(ids: &[FieldId]) -> FieldSet {
        ids.iter().copied().collect()
    }

    #[test]
    fn a_label_needs_a_name_a_number_and_a_door_if_the_template_names_them() {
        use FieldId::{
            RecipientDetail, RecipientMobile, RecipientName, RecipientOrg, RecipientPhone, RecipientVirtual,
            SenderDetail, SenderName,
        };
        let check = |named: &[FieldId], has: &[FieldId]| {
            let has = set(has);
            missing(set(named), |id| has.contains(id))
        };
        let all = [RecipientName, RecipientMobile, RecipientVirtual, RecipientDetail, RecipientOrg];
        assert_eq!(check(&all, &[RecipientName, RecipientVirtual, RecipientDetail]), None);
        assert_eq!(check(&all, &[RecipientMobile, RecipientDetail]), Some(RecipientName));
        assert_eq!(check(&all, &[RecipientName, RecipientDetail]), Some(RecipientMobile));
        // A number that the template does not show is of no use to a courier.
        assert_eq!(check(&all, &[RecipientName, RecipientPhone, RecipientDetail]), Some(RecipientMobile));
        assert_eq!(check(&all, &[RecipientName, RecipientMobile]), Some(RecipientDetail));
        assert_eq!(check(&[RecipientOrg, SenderName, SenderDetail], &[]), None);
        assert_eq!(check(&[], &[]), None);
    }

    #[test]
    fn an_extension_follows_its_number() {
        assert_eq!(dialled("17000000000", "0042"), "17000000000-0042");
        assert_eq!(dialled("17000000000", ""), "17000000000");
    }
}
