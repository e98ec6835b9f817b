//! `miandan mask`: masks standard input line by line.

use std::io::{self, BufRead};

use miandan_core::masking::{Masking, ShownAddress, ShownName, ShownPhone};
use miandan_mask::{Outcome as Masked, Warning};
use serde_json::json;

use crate::args::{Mask, MaskKind};
use crate::console::{Console, without_nulls};
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::language::Text;
use crate::messages;

pub fn run(console: Console, arguments: &Mask) -> Outcome {
    let masking = Masking {
        name: ShownName::from_word(&arguments.name).unwrap_or(Masking::DEFAULT.name),
        phone: ShownPhone::from_word(&arguments.phone).unwrap_or(Masking::DEFAULT.phone),
        address: ShownAddress::from_word(&arguments.address).unwrap_or(Masking::DEFAULT.address),
    };
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
        let masked = mask(arguments.kind, text, &masking);
        let warning = masked.warning.map(warning);
        if console.json {
            let warning = warning.map(|text| text.en);
            console.data(&without_nulls(json!({"masked": masked.text.as_str(), "warning": warning})))?;
        } else {
            console.data(&masked.text.as_str())?;
            if let Some(text) = warning {
                let values: [(&str, &dyn std::fmt::Display); 2] =
                    [("line", &line), ("warning", &text.get(console.language))];
                console.say(&console.fill(messages::MASK_WARNING, &values));
            }
        }
    }
}

fn mask(kind: MaskKind, text: &str, masking: &Masking) -> Masked {
    match kind {
        MaskKind::Name => miandan_mask::name(text, masking.name),
        MaskKind::Mobile => miandan_mask::mobile(text, masking.phone),
        MaskKind::Landline => miandan_mask::landline(text, masking.phone),
        MaskKind::Address => miandan_mask::address(text, masking.address),
        MaskKind::Text => miandan_mask::free_text(text),
    }
}

fn warning(warning: Warning) -> Text {
    match warning {
        Warning::NoDoorFound => messages::MASK_NO_DOOR,
        Warning::NumbersHidden => messages::MASK_NUMBERS,
        _ => messages::MASK_WHOLE,
    }
}

fn not_text(console: Console, line: usize) -> Failure {
    Failure::new(Exit::Input, "INPUT", console.fill(messages::NOT_TEXT, &[("line", &line)]))
        .hint(messages::NOT_TEXT_HINT.get(console.language))
}
