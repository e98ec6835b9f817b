//! Which personal fields an order can have, and of which types (`docs/mso1.md`, *Fields*).

use std::fmt;
use std::str::FromStr;

/// The type of a field. It is signed by the issuer and alone decides how the field is masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FieldType {
    /// Shop or chat name; never printed.
    Account,
    /// House number, estate, building, unit, room: what follows the town.
    Address,
    /// E-mail address; never printed.
    Email,
    /// Identity card number; never printed.
    IdCard,
    /// Fixed-line number, with or without extension.
    Landline,
    /// Mobile number.
    Mobile,
    /// Name of a person.
    Name,
    /// Name of an organisation; printed whole.
    Org,
    /// Province, city, district or town; printed clear.
    Region,
    /// Virtual number, main and extension; printed whole until it lapses.
    Virtual,
}

impl FieldType {
    /// Every type.
    pub const ALL: [FieldType; 10] = [
        FieldType::Account,
        FieldType::Address,
        FieldType::Email,
        FieldType::IdCard,
        FieldType::Landline,
        FieldType::Mobile,
        FieldType::Name,
        FieldType::Org,
        FieldType::Region,
        FieldType::Virtual,
    ];

    /// The name in the signed header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            FieldType::Account => "account",
            FieldType::Address => "address",
            FieldType::Email => "email",
            FieldType::IdCard => "idcard",
            FieldType::Landline => "landline",
            FieldType::Mobile => "mobile",
            FieldType::Name => "name",
            FieldType::Org => "org",
            FieldType::Region => "region",
            FieldType::Virtual => "virtual",
        }
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no field type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown field type")]
pub struct UnknownFieldType;

impl FromStr for FieldType {
    type Err = UnknownFieldType;

    fn from_str(text: &str) -> Result<Self, UnknownFieldType> {
        FieldType::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(UnknownFieldType)
    }
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $name:literal [$($kind:ident),+],)+) => {
        /// A personal field of an order.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum FieldId { $($(#[$doc])* $variant,)+ }

        impl FieldId {
            /// Every field, in the order of the format.
            pub const ALL: &'static [FieldId] = &[$(FieldId::$variant,)+];

            /// The id in the signed header and in the table of ciphertexts.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(FieldId::$variant => $name,)+ }
            }

            /// The types that the field may have.
            #[must_use]
            pub const fn types(self) -> &'static [FieldType] {
                match self { $(FieldId::$variant => &[$(FieldType::$kind),+],)+ }
            }
        }
    };
}

fields! {
    /// Name of the recipient.
    RecipientName = "recipient.name" [Name],
    /// Organisation of the recipient.
    RecipientOrg = "recipient.org" [Org],
    /// Mobile of the recipient.
    RecipientMobile = "recipient.mobile" [Mobile],
    /// Other phone of the recipient.
    RecipientPhone = "recipient.phone" [Mobile, Landline],
    /// Virtual number of the recipient.
    RecipientVirtual = "recipient.virtual" [Virtual],
    /// Province of the recipient.
    RecipientProvince = "recipient.province" [Region],
    /// City of the recipient.
    RecipientCity = "recipient.city" [Region],
    /// District of the recipient.
    RecipientDistrict = "recipient.district" [Region],
    /// Town or street office of the recipient.
    RecipientTown = "recipient.town" [Region],
    /// Rest of the recipient's address.
    RecipientDetail = "recipient.detail" [Address],
    /// Name of the sender.
    SenderName = "sender.name" [Name],
    /// Organisation of the sender.
    SenderOrg = "sender.org" [Org],
    /// Mobile of the sender.
    SenderMobile = "sender.mobile" [Mobile],
    /// Other phone of the sender.
    SenderPhone = "sender.phone" [Mobile, Landline],
    /// Virtual number of the sender.
    SenderVirtual = "sender.virtual" [Virtual],
    /// Province of the sender.
    SenderProvince = "sender.province" [Region],
    /// City of the sender.
    SenderCity = "sender.city" [Region],
    /// District of the sender.
    SenderDistrict = "sender.district" [Region],
    /// Town or street office of the sender.
    SenderTown = "sender.town" [Region],
    /// Rest of the sender's address.
    SenderDetail = "sender.detail" [Address],
    /// Shop or chat name of the buyer; never printed.
    BuyerAccount = "buyer.account" [Account],
    /// E-mail address of the buyer; never printed.
    BuyerEmail = "buyer.email" [Email],
    /// Identity card number of the buyer; never printed.
    BuyerIdCard = "buyer.idcard" [IdCard],
}

impl FieldId {
    /// Whether the field may have this type.
    #[must_use]
    pub fn allows(self, kind: FieldType) -> bool {
        self.types().contains(&kind)
    }

    /// Whether a label may show the field, masked. Account, e-mail and identity card are never shown.
    #[must_use]
    pub const fn is_printable(self) -> bool {
        !matches!(self, FieldId::BuyerAccount | FieldId::BuyerEmail | FieldId::BuyerIdCard)
    }
}

impl fmt::Display for FieldId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown field")]
pub struct UnknownField;

impl FromStr for FieldId {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, UnknownField> {
        FieldId::ALL.iter().copied().find(|id| id.as_str() == text).ok_or(UnknownField)
    }
}

/// A set of fields, as a template's needs or an order's contents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSet(u32);

impl FieldSet {
    /// The set with nothing in it.
    pub const EMPTY: FieldSet = FieldSet(0);

    /// Adds a field.
    pub const fn insert(&mut self, id: FieldId) {
        self.0 |= 1 << id as u32;
    }

    /// The fields of either set.
    #[must_use]
    pub const fn union(self, other: FieldSet) -> FieldSet {
        FieldSet(self.0 | other.0)
    }

    /// The fields of this set that are not in the other.
    #[must_use]
    pub const fn without(self, other: FieldSet) -> FieldSet {
        FieldSet(self.0 & !other.0)
    }

    /// Whether the field is in the set.
    #[must_use]
    pub const fn contains(self, id: FieldId) -> bool {
        self.0 & (1 << id as u32) != 0
    }

    /// Whether nothing is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The fields in the set, in the order of the format.
    pub fn iter(self) -> impl Iterator<Item = FieldId> {
        FieldId::ALL.iter().copied().filter(move |&id| self.contains(id))
    }
}

impl FromIterator<FieldId> for FieldSet {
    fn from_iter<I: IntoIterator<Item = FieldId>>(ids: I) -> Self {
        let mut set = FieldSet::EMPTY;
        ids.into_iter().for_each(|id| set.insert(id));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for &id in FieldId::ALL {
            assert_eq!(id.as_str().parse(), Ok(id));
        }
        for kind in FieldType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }

    #[test]
    fn only_the_buyer_is_never_printed() {
        let hidden: Vec<_> =
            FieldId::ALL.iter().filter(|id| !id.is_printable()).map(|id| id.as_str()).collect();
        assert_eq!(hidden, ["buyer.account", "buyer.email", "buyer.idcard"]);
    }

    #[test]
    fn set_holds_what_was_put_in() {
        let set: FieldSet = [FieldId::SenderDetail, FieldId::RecipientName].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [FieldId::RecipientName, FieldId::SenderDetail]);
        assert!(!set.contains(FieldId::BuyerEmail));
        let rest = set.without([FieldId::RecipientName, FieldId::BuyerEmail].into_iter().collect());
        assert_eq!(rest.iter().collect::<Vec<_>>(), [FieldId::SenderDetail]);
    }
}
