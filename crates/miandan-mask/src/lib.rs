//! Masks the personal fields of a waybill as GB/T 41833-2022 asks.
//!
//! The clause, in our words: the label shows no complete personal information of sender or recipient; of a *name* at
//! least one Chinese character is hidden, of a *phone* at least six digits, of an *address* the unit, household and
//! room number (单元户室号).
//!
//! Every function is pure, borrows its text, never panics and takes time linear in its length, but for the sorting of names
//! in [`clear`]. Masking fails closed:
//! what is not understood and looks like a number of a person or a door is hidden. One `*` stands for one hidden
//! character, counted with what belongs to it; [`Outcome::hidden`] says which bytes of the source it was.
//!
//! It does not guess what a field is: the signed [`FieldType`] decides, and of data in clear, which nobody signs, the place
//! where a text stands ([`clear`]). It does not tell a virtual number from a real
//! one, does not know which setting an issuer may sign, and opens, prints and logs nothing. Names of people cannot be
//! found in free text, nor in an address, but where the writing gives them away.
//!
//! Accounts, e-mails and identity documents are never printed, so [`field`] has no masked form of them. With the cargo
//! feature `profiles` there are `account`, `email` and `identity`, and other ways to mask (`Profile`), for what a
//! merchant exports for itself. The component is built without that feature.
//!
//! ```
//! use miandan_core::field::FieldType;
//! use miandan_core::masking::Masking;
//!
//! let masked = |kind, text| miandan_mask::field(kind, text, &Masking::DEFAULT).map(|outcome| outcome.text);
//! let name = masked(FieldType::Name, "欧阳娜娜").unwrap();
//! let mobile = masked(FieldType::Mobile, "12000001234").unwrap();
//! let detail = masked(FieldType::Address, "海棠路88号幸福小区17号楼2单元1501室").unwrap();
//!
//! assert_eq!(name.as_str(), "欧***");
//! assert_eq!(mobile.as_str(), "*******1234");
//! assert_eq!(detail.as_str(), "海棠路88号幸福小区17号楼*单元****室");
//! assert!(masked(FieldType::IdCard, "110101190001011234").is_none(), "never printed");
//! ```

#![forbid(unsafe_code)]

use miandan_core::field::FieldType;
use miandan_core::masking::Masking;

#[cfg(feature = "profiles")]
pub use account::account;
pub use address::address;
#[cfg(feature = "profiles")]
pub use email::email;
pub use free_text::free_text;
#[cfg(feature = "profiles")]
pub use identity::identity;
pub use name::name;
pub use outcome::{Outcome, Part, Warning};
pub use phone::{landline, mobile};
#[cfg(feature = "profiles")]
pub use profile::{MARKER, Profile, ProfileError};
pub use whole::{organisation, region, virtual_number};

pub mod clear;

mod outcome;

mod address;
mod free_text;
mod name;
mod phone;
mod whole;

#[cfg(feature = "profiles")]
mod account;
#[cfg(feature = "profiles")]
mod email;
#[cfg(feature = "profiles")]
mod identity;
#[cfg(feature = "profiles")]
mod profile;

mod area_codes;
mod character;
mod stray;

/// Masks one field as its signed type says; `None` for the types that are never printed.
#[must_use]
pub fn field(kind: FieldType, text: &str, masking: &Masking) -> Option<Outcome> {
    Some(match kind {
        FieldType::Account | FieldType::Email | FieldType::IdCard => return None,
        FieldType::Name => name(text, masking.name),
        FieldType::Mobile => mobile(text, masking.phone),
        FieldType::Landline => landline(text, masking.phone),
        FieldType::Address => address(text, masking.address),
        FieldType::Org => organisation(text),
        FieldType::Region => region(text),
        FieldType::Virtual => virtual_number(text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_decide() {
        let text = "12000001234";
        let shown =
            |kind| field(kind, text, &Masking::DEFAULT).map(|outcome| outcome.text.as_str().to_owned());
        for (kind, expected) in [
            (FieldType::Account, None),
            (FieldType::Email, None),
            (FieldType::IdCard, None),
            (FieldType::Name, Some("***********")),
            (FieldType::Mobile, Some("*******1234")),
            (FieldType::Landline, Some("*******1234")),
            (FieldType::Address, Some("***********")),
            (FieldType::Org, Some(text)),
            (FieldType::Region, Some(text)),
            (FieldType::Virtual, Some(text)),
        ] {
            assert_eq!(shown(kind).as_deref(), expected, "{kind}");
        }
    }
}
