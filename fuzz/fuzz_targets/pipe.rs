//! Frames on the pipe, both ways: what can be read is written again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_core::pipe::{Answer, Request};
use miandan_fuzz::watched;

fuzz_target!(|data: &[u8]| watched(|| {
    let [kind, body @ ..] = data else { return };
    let mut frame = Vec::new();
    if let Ok(request) = Request::decode(*kind, body) {
        request.encode(&mut frame);
        assert_eq!(Request::decode(frame[4], &frame[5..]), Ok(request));
    }
    if let Ok(answer) = Answer::decode(*kind, body) {
        answer.encode(&mut frame);
        assert_eq!(Answer::decode(frame[4], &frame[5..]), Ok(answer));
    }
}));
