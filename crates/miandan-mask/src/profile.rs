//! Other ways to mask than the one that prints, for a merchant's own exports and for comparison.
//!
//! Labels know one profile, `gbt41833`. The component is built without this module (cargo feature `profiles`), so no
//! order, template or caller can ask it for another.
//!
//! A platform's profile shows what its order interface is seen to show. Where no source says how a platform masks a
//! type, `gbt41833` is used and [`Profile::is_documented`] says so; nothing is invented. One `*` stands for one hidden
//! character here too, though platforms put a fixed number of stars in some places.
//!
//! | | name | mobile | address | account |
//! |---|---|---|---|---|
//! | `gbt41833` | first character | last four | all but unit, household, room | first, last |
//! | `taobao` | first character¹ | last four¹ | no digits; of a word before 街道 or 路 the first character¹ | first, last² |
//! | `douyin` | first character³ | first, last two³ | – | – |
//! | `pinduoduo` | of three characters the first and the last⁴ | first, last⁴ | no digits⁴ | – |
//!
//! – is not documented: as `gbt41833`. So are landlines, e-mails and identity documents with every platform, and names
//! of other lengths with `pinduoduo`. Platforms' masks of mobiles are known for eleven digits alone; a number with a
//! prefix or an extension, and several numbers, are masked as `gbt41833` masks them.
//!
//! 1. Two order payloads in public code (`receiver_name`, `receiver_mobile`, `receiver_address`). They disagree about
//!    names of estates, which are left as `gbt41833` has them.
//! 2. Alibaba Dataphin, rule for 淘宝昵称 (help.aliyun.com, document 2343053).
//! 3. Annotations of the 抖店 SDK (`mask_post_receiver`: `王**`; `mask_post_tel`: `1********35`, and for instant
//!    retail the last four). Of `mask_post_addr` one payload was found, from which no rule follows.
//! 4. One order payload in public code (`receiver_name_mask`: `林*坤`, `receiver_phone_mask`: `1*********5`,
//!    `receiver_address_mask`: `…路*号`).
//!
//! The number of hidden characters that each guarantees is [`Profile::minimum`]. `keep` with `3,4` makes the usual
//! `120****1234`, which hides four digits and does not meet GB/T 41833-2022, and of an address it may show the room.

use std::fmt;
use std::str::FromStr;

use miandan_core::field::FieldType;
use miandan_core::masking::Masking;

use crate::outcome::Outcome;
use crate::{account, email, identity};

mod keep;
mod platform;

/// A text that is in every program that masks with a [`Profile`], and in no other: a test looks for it.
pub const MARKER: &str = "miandan-mask:this-program-has-profiles-that-never-print:5d7a08c3e1f94b26";

/// A way to mask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Profile {
    /// The one that prints (GB/T 41833-2022), with its default settings.
    #[default]
    Gbt41833,
    /// As order data of Taobao and Tmall.
    Taobao,
    /// As order data of 抖店.
    Douyin,
    /// As order data of Pinduoduo.
    Pinduoduo,
    /// So many characters stay at the front and at the end, whatever they are, as most libraries mask.
    Keep {
        /// At the front.
        first: u16,
        /// At the end.
        last: u16,
    },
}

impl Profile {
    /// Masks a field. Types that name no person ([`FieldType::Org`], [`FieldType::Region`], [`FieldType::Virtual`]) stay
    /// whole in every profile.
    ///
    /// ```
    /// use miandan_core::field::FieldType;
    /// use miandan_mask::Profile;
    ///
    /// let masked = |profile: Profile| profile.mask(FieldType::Mobile, "12000001234").text;
    /// assert_eq!(masked(Profile::Gbt41833).as_str(), "*******1234");
    /// assert_eq!(masked(Profile::Douyin).as_str(), "1********34");
    /// assert_eq!(masked(Profile::Pinduoduo).as_str(), "1*********4");
    /// assert_eq!(masked(Profile::Keep { first: 3, last: 4 }).as_str(), "120****1234");
    /// ```
    #[must_use]
    pub fn mask(self, kind: FieldType, text: &str) -> Outcome {
        std::hint::black_box(MARKER);
        if names_nobody(kind) {
            return standard(kind, text);
        }
        match (self, kind) {
            (Profile::Keep { first, last }, _) => keep::keep(text, first.into(), last.into()),
            (Profile::Taobao, FieldType::Address) => platform::taobao_address(text),
            (Profile::Douyin, FieldType::Mobile) => platform::mobile(text, 1, 2),
            (Profile::Pinduoduo, FieldType::Mobile) => platform::mobile(text, 1, 1),
            (Profile::Pinduoduo, FieldType::Name) => platform::pinduoduo_name(text),
            (Profile::Pinduoduo, FieldType::Address) => platform::address_without_digits(text),
            _ => standard(kind, text),
        }
    }

    /// Whether a source says how this profile masks the type. Where not, it is masked as by [`Profile::Gbt41833`].
    #[must_use]
    pub const fn is_documented(self, kind: FieldType) -> bool {
        match self {
            Profile::Gbt41833 | Profile::Keep { .. } => true,
            Profile::Taobao => {
                matches!(kind, FieldType::Name | FieldType::Mobile | FieldType::Address | FieldType::Account)
            }
            Profile::Douyin => matches!(kind, FieldType::Name | FieldType::Mobile),
            Profile::Pinduoduo => matches!(kind, FieldType::Name | FieldType::Mobile | FieldType::Address),
        }
    }

    /// How many characters are hidden at least; of a text that has fewer to hide, all are.
    ///
    /// Counted are characters with what belongs to them, white space and punctuation never; of phones digits, but by
    /// `keep`. For an address it is 0 (by `keep` 1): what is hidden of it is a part, unit, household and room or every
    /// digit, and not a number of characters.
    #[must_use]
    pub const fn minimum(self, kind: FieldType) -> usize {
        match (self, kind) {
            (_, FieldType::Org | FieldType::Region | FieldType::Virtual) => 0,
            (Profile::Keep { .. }, _) => 1,
            (_, FieldType::Address) => 0,
            (_, FieldType::Name | FieldType::Account | FieldType::Email) => 1,
            (_, FieldType::Mobile | FieldType::Landline | FieldType::IdCard) => 6,
        }
    }
}

fn names_nobody(kind: FieldType) -> bool {
    matches!(kind, FieldType::Org | FieldType::Region | FieldType::Virtual)
}

/// What prints, and for the types that never print the one way that there is.
fn standard(kind: FieldType, text: &str) -> Outcome {
    match kind {
        FieldType::Account => account(text),
        FieldType::Email => email(text),
        FieldType::IdCard => identity(text),
        _ => crate::field(kind, text, &Masking::DEFAULT).unwrap_or_else(|| keep::keep(text, 0, 0)),
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Profile::Gbt41833 => "gbt41833",
            Profile::Taobao => "taobao",
            Profile::Douyin => "douyin",
            Profile::Pinduoduo => "pinduoduo",
            Profile::Keep { first, last } => return write!(f, "keep:{first},{last}"),
        })
    }
}

/// The text names no profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileError {
    /// There is no profile of this name.
    Unknown,
    /// `keep` without two numbers from 0 to 65535.
    Keep,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ProfileError::Unknown => "expected gbt41833, taobao, douyin, pinduoduo or keep:FIRST,LAST",
            ProfileError::Keep => "expected two numbers of characters behind keep, such as keep:3,4",
        })
    }
}

impl std::error::Error for ProfileError {}

impl FromStr for Profile {
    type Err = ProfileError;

    /// `gbt41833`, `taobao`, `douyin`, `pinduoduo` or `keep:FIRST,LAST`.
    fn from_str(text: &str) -> Result<Self, ProfileError> {
        Ok(match text {
            "gbt41833" => Profile::Gbt41833,
            "taobao" => Profile::Taobao,
            "douyin" => Profile::Douyin,
            "pinduoduo" => Profile::Pinduoduo,
            _ => {
                let rest = text.strip_prefix("keep").ok_or(ProfileError::Unknown)?;
                let (first, last) =
                    rest.strip_prefix(':').and_then(|pair| pair.split_once(',')).ok_or(ProfileError::Keep)?;
                Profile::Keep { first: count(first)?, last: count(last)? }
            }
        })
    }
}

/// Digits alone: `+3` is none, though it parses.
fn count(text: &str) -> Result<u16, ProfileError> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits).ok_or(ProfileError::Keep)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways() {
        for name in ["gbt41833", "taobao", "douyin", "pinduoduo", "keep:3,4", "keep:0,0", "keep:65535,0"] {
            assert_eq!(name.parse::<Profile>().unwrap().to_string(), name);
        }
        for wrong in ["", "Taobao", "jd", "kee"] {
            assert_eq!(wrong.parse::<Profile>(), Err(ProfileError::Unknown), "{wrong}");
        }
        for wrong in
            ["keep", "keep:", "keep:3", "keep:3,", "keep:+3,4", "keep:3,4,5", "keep:65536,1", "keep3,4"]
        {
            assert_eq!(wrong.parse::<Profile>(), Err(ProfileError::Keep), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_documented_is_masked_as_it_prints() {
        let texts =
            ["张三丰", "12000001234", "010-12345678", "海棠路8号2栋301室", "云上小店", "li.si@example.com"];
        for profile in [Profile::Gbt41833, Profile::Taobao, Profile::Douyin, Profile::Pinduoduo] {
            for kind in FieldType::ALL.into_iter().filter(|&kind| !profile.is_documented(kind)) {
                for text in texts {
                    assert_eq!(profile.mask(kind, text), standard(kind, text), "{profile} {kind}");
                }
            }
        }
    }

    #[test]
    fn what_names_nobody_stays_whole() {
        let keep = Profile::Keep { first: 0, last: 0 };
        for kind in [FieldType::Org, FieldType::Region, FieldType::Virtual] {
            assert_eq!(keep.mask(kind, "山海小店").text.as_str(), "山海小店");
        }
    }
}
