//! What an order may look like on the day.

/// A variant of an order to look at a label with. What it changes stands in `templates/cases.json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Case {
    /// The order as it is.
    #[default]
    Ordinary,
    /// The issuer let the address be printed in full.
    AddressInFull,
    /// The issuer hides all of the address but the region.
    AddressHidden,
    /// Everything that an order can say: cash on delivery, insured value, one parcel of several, virtual numbers.
    Everything,
    /// The longest texts that people write.
    Longest,
    /// Rare characters, and a name with a point in it.
    Rare,
    /// No more than a carrier accepts: no routing code, no sender, no goods.
    Bare,
    /// Printed once more: the first copy, with its mark.
    Reprinted,
}

impl Case {
    /// Every case.
    pub const ALL: [Case; 8] = [
        Case::Ordinary,
        Case::AddressInFull,
        Case::AddressHidden,
        Case::Everything,
        Case::Longest,
        Case::Rare,
        Case::Bare,
        Case::Reprinted,
    ];

    /// The name, on the command line and in `templates/cases.json`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Case::Ordinary => "ordinary",
            Case::AddressInFull => "address-in-full",
            Case::AddressHidden => "address-hidden",
            Case::Everything => "everything",
            Case::Longest => "longest",
            Case::Rare => "rare",
            Case::Bare => "bare",
            Case::Reprinted => "reprinted",
        }
    }

    /// The case of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Case::ALL.into_iter().find(|case| case.as_str() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for case in Case::ALL {
            assert_eq!(Case::from_name(case.as_str()), Some(case));
        }
        assert_eq!(Case::from_name("hostile"), None);
    }
}
