//! What a person should know about one label.

use super::codec::PipeError;
use crate::field::FieldId;
use crate::masking::Warning;

/// What a person should know about a label that was drawn, beside its fields: a closed set that carries nothing of an
/// order, so it may leave the component and be said in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LabelWarning {
    /// A barcode had no room for modules of the usual width, and has narrower ones.
    NarrowBarcode,
    /// A barcode that may fail was left out.
    BarcodeLeftOut,
    /// A picture that may fail was left out.
    ImageLeftOut,
}

impl LabelWarning {
    /// Every warning. The place in this list is the number on the pipe.
    pub const ALL: &'static [LabelWarning] =
        &[LabelWarning::NarrowBarcode, LabelWarning::BarcodeLeftOut, LabelWarning::ImageLeftOut];

    /// The word in JSON; it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            LabelWarning::NarrowBarcode => "NARROW_BARCODE",
            LabelWarning::BarcodeLeftOut => "BARCODE_LEFT_OUT",
            LabelWarning::ImageLeftOut => "IMAGE_LEFT_OUT",
        }
    }
}

/// At most one warning for each field that was masked, which and never of what text, and those of the label as a whole.
///
/// Two bits a field, in the order of [`FieldId::ALL`], 0 for no warning, and from bit 48 one bit for each
/// [`LabelWarning`]; and one bit a field for a character that no font has. Twelve bytes whatever the label, so that a
/// block of labels needs no lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    bits: u64,
    boxed: u32,
}

/// Beside the fields: text of the label that belongs to no person.
const ELSEWHERE: u32 = 1 << 31;

/// The first bit of the warnings of a label.
const LABEL: u32 = 48;

const _: () =
    assert!(FieldId::ALL.len() * 2 <= LABEL as usize && Warning::ALL.len() <= 3, "two bits a field");
const _: () = assert!(FieldId::ALL.len() < 32, "a bit a field");
const _: () = assert!(LabelWarning::ALL.len() <= 64 - LABEL as usize, "a bit for each");

impl Warnings {
    /// No warning.
    pub const NONE: Warnings = Warnings { bits: 0, boxed: 0 };

    /// Sets the warning of a field.
    pub fn set(&mut self, field: FieldId, warning: Warning) {
        // A warning that this set does not know would be lost, so it counts as the gravest one.
        let number =
            Warning::ALL.iter().position(|&known| known == warning).map_or(1, |place| place as u64 + 1);
        self.bits = self.bits & !(3 << shift(field)) | number << shift(field);
    }

    /// Sets a warning of the label as a whole.
    pub const fn note(&mut self, warning: LabelWarning) {
        self.bits |= 1 << (LABEL + warning as u32);
    }

    /// Adds the warnings of another set; a field that has one in both keeps the other's.
    #[must_use]
    pub fn and(self, other: Warnings) -> Warnings {
        let both =
            Warnings { bits: self.bits | other.bits >> LABEL << LABEL, boxed: self.boxed | other.boxed };
        other.iter().fold(both, |mut all, (field, warning)| {
            all.set(field, warning);
            all
        })
    }

    /// The warnings of the label as a whole.
    pub fn notes(self) -> impl Iterator<Item = LabelWarning> {
        LabelWarning::ALL
            .iter()
            .copied()
            .filter(move |&warning| self.bits >> (LABEL + warning as u32) & 1 == 1)
    }

    /// Whether there is no warning.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.bits == 0 && self.boxed == 0
    }

    /// The fields that have a warning, in the order of the format.
    pub fn iter(self) -> impl Iterator<Item = (FieldId, Warning)> {
        FieldId::ALL.iter().filter_map(move |&field| {
            let number = self.bits >> shift(field) & 3;
            Some((field, *Warning::ALL.get(usize::try_from(number).ok()?.checked_sub(1)?)?))
        })
    }

    /// Notes that a box stands for a character of a field, or of text that belongs to no person.
    pub fn set_boxed(&mut self, field: Option<FieldId>) {
        self.boxed |= field.map_or(ELSEWHERE, |field| 1 << field as u8);
    }

    /// Where a box stands for a character that no font has: which fields, and `None` for text that belongs to no person.
    pub fn boxed(self) -> impl Iterator<Item = Option<FieldId>> {
        let fields = FieldId::ALL.iter().copied().filter(move |&field| self.boxed & 1 << field as u8 != 0);
        fields.map(Some).chain((self.boxed & ELSEWHERE != 0).then_some(None))
    }

    pub(super) const fn bits(self) -> (u64, u32) {
        (self.bits, self.boxed)
    }

    /// Only fields that a label can show have been masked, so only they can have a warning.
    pub(super) fn from_bits(bits: u64, boxed: u32) -> Result<Self, PipeError> {
        let printable = || FieldId::ALL.iter().filter(|field| field.is_printable());
        let notes = ((1 << LabelWarning::ALL.len()) - 1) << LABEL;
        let may_warn = printable().fold(notes, |possible, &field| possible | 3 << shift(field));
        let may_box = printable().fold(ELSEWHERE, |possible, &field| possible | 1 << field as u8);
        let possible = bits & !may_warn == 0 && boxed & !may_box == 0;
        if possible { Ok(Warnings { bits, boxed }) } else { Err(PipeError::Unknown) }
    }
}

fn shift(field: FieldId) -> u32 {
    u32::from(field as u8) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_keeps_its_warning() {
        let mut warnings = Warnings::NONE;
        let mut expected = Vec::new();
        for (place, &field) in FieldId::ALL.iter().enumerate().filter(|(_, field)| field.is_printable()) {
            let warning = Warning::ALL[place % Warning::ALL.len()];
            warnings.set(field, Warning::HiddenWhole);
            warnings.set(field, warning);
            expected.push((field, warning));
        }
        assert_eq!(warnings.iter().collect::<Vec<_>>(), expected);
        let (bits, boxed) = warnings.bits();
        assert_eq!(Warnings::from_bits(bits, boxed), Ok(warnings));
        assert!(Warnings::NONE.is_empty() && Warnings::NONE.iter().next().is_none());
    }

    #[test]
    fn warnings_of_the_label_stand_beside_those_of_its_fields() {
        let mut fields = Warnings::NONE;
        fields.set(FieldId::RecipientDetail, Warning::NoDoorFound);
        for &warning in LabelWarning::ALL {
            let mut label = Warnings::NONE;
            label.note(warning);
            assert!(!label.is_empty() && label.iter().next().is_none());
            let both = label.and(fields);
            assert_eq!(both, fields.and(label));
            assert_eq!(both.notes().collect::<Vec<_>>(), [warning]);
            assert_eq!(both.iter().collect::<Vec<_>>(), [(FieldId::RecipientDetail, Warning::NoDoorFound)]);
            let (bits, boxed) = both.bits();
            assert_eq!(Warnings::from_bits(bits, boxed), Ok(both));
        }
    }

    #[test]
    fn a_field_that_is_never_masked_has_no_warning() {
        for bits in [1 << shift(FieldId::BuyerEmail), 1 << 46, 1 << 51, u64::MAX] {
            assert_eq!(Warnings::from_bits(bits, 0), Err(PipeError::Unknown), "{bits:x}");
        }
        for boxed in [1 << FieldId::BuyerEmail as u8, 1 << 30, u32::MAX] {
            assert_eq!(Warnings::from_bits(0, boxed), Err(PipeError::Unknown), "{boxed:x}");
        }
    }

    #[test]
    fn boxes_are_told_with_their_fields() {
        let mut warnings = Warnings::NONE;
        warnings.set_boxed(Some(FieldId::RecipientName));
        warnings.set_boxed(None);
        assert!(!warnings.is_empty() && warnings.iter().next().is_none());
        assert_eq!(warnings.boxed().collect::<Vec<_>>(), [Some(FieldId::RecipientName), None]);
        let (bits, boxed) = warnings.bits();
        assert_eq!(Warnings::from_bits(bits, boxed), Ok(warnings));
        assert_eq!(Warnings::NONE.and(warnings), warnings);
    }
}
