//! What printers answer about their status, in every dialect, and what people type as a device.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_device::status::{Answer, read_answer};
use miandan_device::{DeviceUri, StatusDialect};
use miandan_fuzz::watched;

fuzz_target!(|data: &[u8]| watched(|| {
    for dialect in StatusDialect::ALL {
        let whole = read_answer(dialect, data);
        // An answer is read from the front: once it is there, or cannot be one, nothing that follows changes that. The
        // longest has fewer bytes than are tried here.
        let first = (0..data.len().min(300)).map(|end| read_answer(dialect, &data[..end]));
        if let Some(first) = first.into_iter().find(|answer| *answer != Answer::Incomplete) {
            assert_eq!(first, whole, "{dialect}");
        }
        if let Answer::Whole(status) = whole {
            assert!(!data.is_empty() && dialect != StatusDialect::None);
            assert!(!status.is_ready() || !status.needs_a_person());
            assert_eq!(status.faults.iter().collect::<miandan_device::Faults>(), status.faults);
        }
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(uri) = text.parse::<DeviceUri>() {
        assert_eq!(uri.to_string().parse(), Ok(uri));
    }
}));
