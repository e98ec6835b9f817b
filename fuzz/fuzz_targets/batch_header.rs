//! Behind the signature: the batch header is any bytes, and the issuer has signed it all the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::{member, open, signed_order, watched};
use miandan_seal::encoding::from_base64url;

fuzz_target!(|data: &[u8]| watched(|| {
    let part = |name| from_base64url(member(name)).expect("base64url");
    let order = signed_order(data, &part("r"), &part("h"), &part("f"), "");
    open(order.as_bytes());
}));
