//! `miandan mask`: masks standard input line by line.

use std::fmt::Display;
use std::io::{self, BufRead};

use clap::ValueEnum;
use miandan_core::field::FieldType;
use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_mask::{Outcome as Masked, Profile, ProfileError};
use serde_json::json;

use crate::args::{Mask, MaskKind};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages;

pub fn run(console: Console, arguments: &Mask) -> Outcome {
    let way = Way::find(console, arguments)?;
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    let mut line = 0;
    loop {
        bytes.clear();
        let read = input.read_until(b'\n', &mut bytes);
        if read.map_err(|error| files::unreadable(console, "-".as_ref(), &error))? == 0 {
            return Ok(Exit::Done);
        }
        line += 1;
        let ended = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let text = std::str::from_utf8(ended.strip_suffix(b"\r").unwrap_or(ended));
        let text = text.map_err(|_| not_text(console, line))?;
        let masked = way.mask(text);
        let warning = masked.warning.map(messages::warning);
        if console.json {
            let warning = warning.map(|text| text.en);
            console.data(&without_nulls(json!({"masked": masked.text.as_str(), "warning": warning})))?;
        } else {
            console.data(&masked.text.as_str())?;
            if let Some(text) = warning {
                let values: [(&str, &dyn Display); 2] =
                    [("line", &line), ("warning", &text.get(console.language))];
                console.say(&console.fill(messages::MASK_WARNING, &values));
            }
        }
    }
}

/// How every line is masked.
enum Way {
    /// As it prints, with a setting that an issuer could sign.
    Standard(FieldType, Masking),
    /// By a profile that never prints.
    Profile(FieldType, Profile),
    /// As the memo of an order.
    Text,
}

impl Way {
    fn find(console: Console, arguments: &Mask) -> Result<Self, Failure> {
        let Mask { kind, profile, name, phone, address } = arguments;
        let profile = parse(console, profile)?;
        let Some(field) = field_type(*kind) else {
            return match profile {
                Profile::Gbt41833 => Ok(Way::Text),
                _ => Err(usage(
                    console,
                    &console.fill(messages::PROFILE_TEXT, &[("profile", &profile)]),
                    messages::PROFILE_TEXT_HINT,
                )),
            };
        };
        let settings = [("name", name), ("phone", phone), ("address", address)];
        if profile == Profile::Gbt41833 && !is_never_printed(field) {
            let word = |word: &Option<String>| word.clone().unwrap_or_default();
            let masking = Masking {
                name: ShownName::from_word(&word(name)).unwrap_or(Masking::DEFAULT.name),
                phone: ShownPhone::from_word(&word(phone)).unwrap_or(Masking::DEFAULT.phone),
                address: ShownAddress::from_word(&word(address)).unwrap_or(Masking::DEFAULT.address),
            };
            return Ok(Way::Standard(field, masking));
        }
        if let Some((option, _)) =
            settings.iter().find(|(_, word)| profile != Profile::Gbt41833 && word.is_some())
        {
            let values: [(&str, &dyn Display); 2] = [("option", option), ("profile", &profile)];
            return Err(usage(
                console,
                &console.fill(messages::PROFILE_SETTING, &values),
                messages::PROFILE_SETTING_HINT,
            ));
        }
        if !profile.is_documented(field) {
            let kind = kind.to_possible_value();
            let kind = kind.as_ref().map_or("", |kind| kind.get_name());
            let values: [(&str, &dyn Display); 2] = [("profile", &profile), ("kind", &kind)];
            console.say(&console.fill(messages::PROFILE_UNDOCUMENTED, &values));
        }
        Ok(Way::Profile(field, profile))
    }

    fn mask(&self, text: &str) -> Masked {
        match *self {
            Way::Standard(kind, masking) => match kind {
                FieldType::Name => miandan_mask::name(text, masking.name),
                FieldType::Mobile => miandan_mask::mobile(text, masking.phone),
                FieldType::Landline => miandan_mask::landline(text, masking.phone),
                _ => miandan_mask::address(text, masking.address),
            },
            Way::Profile(kind, profile) => profile.mask(kind, text),
            Way::Text => miandan_mask::free_text(text),
        }
    }
}

/// The type of field that the lines are; notes are none.
fn field_type(kind: MaskKind) -> Option<FieldType> {
    Some(match kind {
        MaskKind::Name => FieldType::Name,
        MaskKind::Mobile => FieldType::Mobile,
        MaskKind::Landline => FieldType::Landline,
        MaskKind::Address => FieldType::Address,
        MaskKind::Account => FieldType::Account,
        MaskKind::Email => FieldType::Email,
        MaskKind::IdCard => FieldType::IdCard,
        MaskKind::Text => return None,
    })
}

fn is_never_printed(kind: FieldType) -> bool {
    matches!(kind, FieldType::Account | FieldType::Email | FieldType::IdCard)
}

fn parse(console: Console, name: &str) -> Result<Profile, Failure> {
    name.parse().map_err(|error| {
        let (text, hint) = match error {
            ProfileError::Keep => (messages::PROFILE_KEEP, messages::PROFILE_KEEP_HINT),
            _ => (messages::NO_PROFILE, messages::NO_PROFILE_HINT),
        };
        usage(console, &console.fill(text, &[("profile", &name)]), hint)
    })
}

fn usage(console: Console, message: &str, hint: Text) -> Failure {
    Failure::new(Exit::Usage, "USAGE", message.to_owned()).hint(hint.get(console.language))
}

fn not_text(console: Console, line: usize) -> Failure {
    Failure::new(Exit::Input, "INPUT", console.fill(messages::NOT_TEXT, &[("line", &line)]))
        .hint(messages::NOT_TEXT_HINT.get(console.language))
}
