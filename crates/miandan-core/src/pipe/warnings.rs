//! What a person should know about the fields of one label.

use super::codec::PipeError;
use crate::field::FieldId;
use crate::masking::Warning;

/// At most one warning for each field that was masked: which, never of what text.
///
/// Two bits a field, in the order of [`FieldId::ALL`], 0 for no warning, and one more for a character that no font has;
/// twelve bytes whatever the label, so that a block of labels needs no lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldWarnings {
    masked: u64,
    boxed: u32,
}

/// Beside the fields: text of the label that belongs to no person.
const ELSEWHERE: u32 = 1 << 31;

const _: () = assert!(FieldId::ALL.len() < 32 && Warning::ALL.len() <= 3, "two bits a field");

impl FieldWarnings {
    /// No warning for any field.
    pub const NONE: FieldWarnings = FieldWarnings { masked: 0, boxed: 0 };

    /// Sets the warning of a field.
    pub fn set(&mut self, field: FieldId, warning: Warning) {
        // A warning that this set does not know would be lost, so it counts as the gravest one.
        let number =
            Warning::ALL.iter().position(|&known| known == warning).map_or(1, |place| place as u64 + 1);
        self.masked = self.masked & !(3 << shift(field)) | number << shift(field);
    }

    /// Whether there is no warning.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.masked == 0 && self.boxed == 0
    }

    /// The fields that have a warning, in the order of the format.
    pub fn iter(self) -> impl Iterator<Item = (FieldId, Warning)> {
        FieldId::ALL.iter().filter_map(move |&field| {
            let number = self.masked >> shift(field) & 3;
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
        (self.masked, self.boxed)
    }

    /// Only fields that a label can show have been masked, so only they can have a warning.
    pub(super) fn from_bits(masked: u64, boxed: u32) -> Result<Self, PipeError> {
        let printable = || FieldId::ALL.iter().filter(|field| field.is_printable());
        let may_mask = printable().fold(0, |possible, &field| possible | 3 << shift(field));
        let may_box = printable().fold(ELSEWHERE, |possible, &field| possible | 1 << field as u8);
        let possible = masked & !may_mask == 0 && boxed & !may_box == 0;
        if possible { Ok(FieldWarnings { masked, boxed }) } else { Err(PipeError::Unknown) }
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
        let mut warnings = FieldWarnings::NONE;
        let mut expected = Vec::new();
        for (place, &field) in FieldId::ALL.iter().enumerate().filter(|(_, field)| field.is_printable()) {
            let warning = Warning::ALL[place % Warning::ALL.len()];
            warnings.set(field, Warning::HiddenWhole);
            warnings.set(field, warning);
            expected.push((field, warning));
        }
        assert_eq!(warnings.iter().collect::<Vec<_>>(), expected);
        let (masked, boxed) = warnings.bits();
        assert_eq!(FieldWarnings::from_bits(masked, boxed), Ok(warnings));
        assert!(FieldWarnings::NONE.is_empty() && FieldWarnings::NONE.iter().next().is_none());
    }

    #[test]
    fn a_field_that_is_never_masked_has_no_warning() {
        for bits in [1 << shift(FieldId::BuyerEmail), 1 << 46, u64::MAX] {
            assert_eq!(FieldWarnings::from_bits(bits, 0), Err(PipeError::Unknown), "{bits:x}");
        }
        for bits in [1 << FieldId::BuyerEmail as u8, 1 << 30, u32::MAX] {
            assert_eq!(FieldWarnings::from_bits(0, bits), Err(PipeError::Unknown), "{bits:x}");
        }
    }

    #[test]
    fn boxes_are_told_with_their_fields() {
        let mut warnings = FieldWarnings::NONE;
        warnings.set_boxed(Some(FieldId::RecipientName));
        warnings.set_boxed(None);
        assert!(!warnings.is_empty() && warnings.iter().next().is_none());
        assert_eq!(warnings.boxed().collect::<Vec<_>>(), [Some(FieldId::RecipientName), None]);
        let (masked, boxed) = warnings.bits();
        assert_eq!(FieldWarnings::from_bits(masked, boxed), Ok(warnings));
    }
}
