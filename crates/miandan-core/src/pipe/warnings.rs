//! What a person should know about the fields of one label.

use super::codec::PipeError;
use crate::field::FieldId;
use crate::masking::Warning;

/// At most one warning for each field that was masked: which, never of what text.
///
/// Two bits a field, in the order of [`FieldId::ALL`], 0 for no warning; eight bytes whatever the label, so that a
/// block of labels needs no lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FieldWarnings(u64);

const _: () = assert!(FieldId::ALL.len() * 2 <= 64 && Warning::ALL.len() <= 3, "two bits a field");

impl FieldWarnings {
    /// No warning for any field.
    pub const NONE: FieldWarnings = FieldWarnings(0);

    /// Sets the warning of a field.
    pub fn set(&mut self, field: FieldId, warning: Warning) {
        // A warning that this set does not know would be lost, so it counts as the gravest one.
        let number =
            Warning::ALL.iter().position(|&known| known == warning).map_or(1, |place| place as u64 + 1);
        self.0 = self.0 & !(3 << shift(field)) | number << shift(field);
    }

    /// Whether there is no warning.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The fields that have a warning, in the order of the format.
    pub fn iter(self) -> impl Iterator<Item = (FieldId, Warning)> {
        FieldId::ALL.iter().filter_map(move |&field| {
            let number = self.0 >> shift(field) & 3;
            Some((field, *Warning::ALL.get(usize::try_from(number).ok()?.checked_sub(1)?)?))
        })
    }

    pub(super) const fn bits(self) -> u64 {
        self.0
    }

    /// Only fields that a label can show have been masked, so only they can have a warning.
    pub(super) fn from_bits(bits: u64) -> Result<Self, PipeError> {
        let printable = FieldId::ALL.iter().filter(|field| field.is_printable());
        let possible = printable.fold(0, |possible, &field| possible | 3 << shift(field));
        if bits & !possible == 0 { Ok(FieldWarnings(bits)) } else { Err(PipeError::Unknown) }
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
        assert_eq!(FieldWarnings::from_bits(warnings.bits()), Ok(warnings));
        assert!(FieldWarnings::NONE.is_empty() && FieldWarnings::NONE.iter().next().is_none());
    }

    #[test]
    fn a_field_that_is_never_masked_has_no_warning() {
        for bits in [1 << shift(FieldId::BuyerEmail), 1 << 46, u64::MAX] {
            assert_eq!(FieldWarnings::from_bits(bits), Err(PipeError::Unknown), "{bits:x}");
        }
    }
}
