//! How much of a field stays readable.
//!
//! The component knows one printing profile, `gbt41833`, whose floor is that of GB/T 41833-2022: at least one
//! character of a name hidden, at least six digits of a phone, the unit, household and room of an address.
//! An issuer may sign a stricter setting for its batch; for the address alone it may also say [`ShownAddress::Full`].
//! Nobody else can change it.

/// What stays readable of the fields of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Masking {
    /// Of a name.
    pub name: ShownName,
    /// Of a phone.
    pub phone: ShownPhone,
    /// Of the detail line of an address.
    pub address: ShownAddress,
}

impl Masking {
    /// What holds where the issuer signed nothing: first character, last four digits, all but unit and room.
    pub const DEFAULT: Masking =
        Masking { name: ShownName::First, phone: ShownPhone::Tail4, address: ShownAddress::Unit };
}

impl Default for Masking {
    fn default() -> Self {
        Masking::DEFAULT
    }
}

/// What a person should know about a masked field: a closed set that carries none of its text, so it may leave the
/// component and be said in messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Warning {
    /// The field could not be understood, so nothing but punctuation is left of it.
    HiddenWhole,
    /// An address in which no unit, household or room was found: a village house, or a way of writing that is not
    /// known yet. Only phones, codes and names, if any, are hidden.
    NoDoorFound,
    /// An address in a script that the rules do not read: all its numbers are hidden.
    NumbersHidden,
}

impl Warning {
    /// Every warning. The place in this list, from 1, is the number on the pipe.
    pub const ALL: &'static [Warning] = &[Warning::HiddenWhole, Warning::NoDoorFound, Warning::NumbersHidden];

    /// The word in JSON; it never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Warning::HiddenWhole => "HIDDEN_WHOLE",
            Warning::NoDoorFound => "NO_DOOR_FOUND",
            Warning::NumbersHidden => "NUMBERS_HIDDEN",
        }
    }
}

macro_rules! shown {
    ($(#[$doc:meta])* $kind:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $kind { $($(#[$variant_doc])* $variant,)+ }

        impl $kind {
            /// Every setting.
            pub const ALL: &'static [$kind] = &[$($kind::$variant,)+];

            /// The word in the signed batch header.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $($kind::$variant => $name,)+ }
            }

            /// The setting of a word, if there is one.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|shown| shown.as_str() == word)
            }
        }
    };
}

shown! {
    /// What stays readable of a name.
    ShownName {
        /// The first character.
        First = "first",
        /// Nothing.
        None = "none",
    }
}

shown! {
    /// What stays readable of a phone.
    ShownPhone {
        /// The last four digits, if six others are hidden.
        Tail4 = "tail4",
        /// The last two digits, if six others are hidden.
        Tail2 = "tail2",
        /// Nothing.
        None = "none",
    }
}

shown! {
    /// What stays readable of the detail line of an address.
    ShownAddress {
        /// Everything. Only an issuer can sign this, for carriers whose couriers must find the door from the paper.
        Full = "full",
        /// Everything but unit, household and room.
        Unit = "unit",
        /// Everything but digits and what stands for them.
        Digits = "digits",
        /// Nothing of the detail line.
        Detail = "detail",
    }
}
