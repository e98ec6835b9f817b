//! The courier's token: the longest text that stands in a code of a waybill.

use miandan_core::label::Resolution;
use miandan_core::waybill::{LONGEST_COURIER_TOKEN, SAMPLE_COURIER_TOKEN, Waybill};
use miandan_render::template::{Problem, Template, TemplateError};
use miandan_render::trace::Kind;

use crate::ink::place;
use crate::{Finding, Rule};

/// What a token begins with.
const PREFIX: &str = "W1:";

/// Base45 (RFC 9285, table 1).
const ALPHABET: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Whether the longest token fits wherever the template shows one. Where it does not, the label is refused, or comes out
/// without its token.
pub(crate) fn fits(template: &Template, order: &Waybill, findings: &mut Vec<Finding>) {
    if !template.names_courier_token() {
        return;
    }
    let courier_token: String = SAMPLE_COURIER_TOKEN.chars().cycle().take(LONGEST_COURIER_TOKEN).collect();
    let longest = Waybill { courier_token, ..order.clone() };
    let none = Waybill { courier_token: String::new(), ..order.clone() };
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let places = match template.trace(&longest, resolution) {
            // What is refused without a token as well is not refused for it.
            Err(error) => match template.trace(&none, resolution) {
                Err(other) if other == error => Vec::new(),
                _ => refused(error).into_iter().collect(),
            },
            Ok(trace) if trace.frame.pages() > 1 => Vec::new(),
            Ok(trace) => {
                let left_out = trace.elements.iter().filter(|element| {
                    matches!(element.kind, Kind::Barcode { .. })
                        && element.items.is_empty()
                        && element.content.contains(&longest.courier_token)
                });
                left_out.map(place).collect()
            }
        };
        for at in places {
            // It is the same refusal, by the name of its cause.
            findings
                .retain(|finding| finding.rule != Rule::LabelRefused || (finding.line, finding.column) != at);
            findings.push(Finding { resolution: Some(resolution), ..Finding::at(Rule::TokenModule, at) });
        }
    }
}

fn refused(error: TemplateError) -> Option<(u32, u32)> {
    matches!(error.problem, Problem::BarcodeDoesNotFit | Problem::BarcodeContent)
        .then_some((error.line, error.column))
}

/// Whether a text in a symbol is a courier's token. It holds the waybill number, and nothing of it can be read by itself.
pub(crate) fn is_token(text: &str) -> bool {
    text.strip_prefix(PREFIX).is_some_and(|digits| digits.chars().all(|digit| ALPHABET.contains(digit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_by_their_prefix_and_alphabet() {
        assert!(is_token(SAMPLE_COURIER_TOKEN));
        for other in ["MD7000000000012", "W1:abc", "W1", "https://shop.example.com/W1:", "W1:\u{8fd0}"] {
            assert!(!is_token(other), "{other}");
        }
    }
}
