//! Behind the signature: order header, fields and path are any bytes, and the issuer has signed them all the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_fuzz::{batch_of, open, signed_order, watched};

fuzz_target!(|data: &[u8]| watched(|| {
    let mut parts = data.splitn(3, |&byte| byte == b'\n');
    let (h, f) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let r = parts.next().unwrap_or(b"[]");
    let order = signed_order(batch_of(h, f).as_bytes(), r, h, f, "");
    open(order.as_bytes());
}));
