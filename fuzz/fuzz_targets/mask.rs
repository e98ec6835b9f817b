//! Masking of any text as anything: at least what the standard asks is hidden, and nothing else changes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::masking::Masking;
use miandan_fuzz::watched;

fuzz_target!(|data: &[u8]| watched(|| {
    let text = String::from_utf8_lossy(data);
    // Of any script: there are more digits than ten.
    let digits = |text: &str| text.chars().filter(|character| character.is_numeric()).count();
    for outcome in [
        miandan_mask::mobile(&text, Masking::DEFAULT.phone),
        miandan_mask::landline(&text, Masking::DEFAULT.phone),
    ] {
        let (before, after) = (digits(&text), digits(outcome.text.as_str()));
        assert!(before - after >= before.min(6), "fewer than six digits hidden");
    }
    let _ = miandan_mask::name(&text, Masking::DEFAULT.name);
    let _ = miandan_mask::address(&text, Masking::DEFAULT.address);
    let _ = miandan_mask::free_text(&text);
}));
