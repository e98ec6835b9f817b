//! What is answered instead of a panic or an exception. The numbers are those of [`Status`], and part of the ABI.

use std::ffi::{CStr, c_char};

use miandan_core::Code;
use miandan_print::Status;

/// What became of a call, or of an order: 0, the number of a stable code (1 to 99), or what happened to the call itself.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MiandanStatus {
    /// It was done.
    Ok = 0,
    /// Not MSO1: broken JSON, unknown or duplicate members, bad base64url, trailing bytes.
    Malformed = 1,
    /// A limit of the format was passed (sizes, counts, lifetime).
    Limit = 2,
    /// The order names a cipher suite that this version does not have.
    UnsupportedSuite = 3,
    /// The issuer, or the key it signed with, is not in the trust list.
    UnknownIssuer = 4,
    /// The signature or the Merkle path does not hold.
    BadSignature = 5,
    /// The order is not sealed to a key of this station.
    UnknownKey = 6,
    /// Decryption failed. One code for every way in which it can fail.
    AuthFailed = 7,
    /// The authorisation is not valid yet.
    NotYetValid = 8,
    /// The authorisation has run out.
    Expired = 9,
    /// The order belongs to a merchant for whom this station does not print.
    WrongAudience = 10,
    /// The order names another station or group.
    WrongStation = 11,
    /// The order was not sealed for printing.
    WrongPurpose = 12,
    /// The person withdrew the authorisation.
    Withdrawn = 13,
    /// The status list is missing or too old for the policy in force.
    StaleStatus = 14,
    /// The order was printed as often as its issuer allows.
    PrintLimit = 15,
    /// The template cannot be compiled, or cannot be drawn for this order.
    TemplateRefused = 16,
    /// The template needs a field that the order does not have.
    FieldMissing = 17,
    /// The template names a field that is never printed (account, e-mail, identity card).
    FieldNotPrintable = 18,
    /// No font has a character of the label.
    GlyphMissing = 19,
    /// A mandatory layer of the sandbox could not be put up, so no key was read.
    SandboxUnavailable = 20,
    /// The component was being traced when it started, so no key was read.
    Traced = 21,
    /// A defect of Miandan, or a component that died.
    Internal = 22,
    /// An argument that means nothing: null, an empty text, a number out of its range.
    BadArgument = 101,
    /// A handle that was freed, or is of another kind, or never was one.
    BadHandle = 102,
    /// A text that is not UTF-8.
    NotUnicode = 103,
    /// There is no print component where it was looked for.
    ComponentMissing = 110,
    /// The print component is of another version.
    ComponentVersion = 111,
    /// The print component could not be started, or ended before its time.
    ComponentFailed = 112,
    /// The print service does not run, or may not be connected to.
    ServiceUnreachable = 113,
    /// A file cannot be read.
    Unreadable = 120,
    /// There is no order in the input.
    NoOrders = 121,
    /// The output cannot be written.
    Unwritable = 122,
    /// A font cannot be used.
    FontRefused = 123,
    /// There is no such printer, or its place or its profile makes no sense.
    PrinterUnknown = 130,
    /// The printer cannot print labels of this size.
    PrinterUnfit = 131,
    /// The printer takes nothing; surely nothing of the label was sent.
    PrinterUnavailable = 132,
    /// The label may be on paper, and nobody can tell: a person has to look.
    Uncertain = 133,
    /// The journal has the label already.
    Duplicate = 134,
    /// The waybill was printed with something else on the label.
    Conflict = 135,
    /// The label is on its way to a printer.
    InFlight = 136,
    /// The label waited for its printer for too long; surely nothing of it was sent.
    WaitedTooLong = 137,
    /// Too many labels wait.
    Busy = 138,
    /// The order is not in memory any more, so its label cannot be made again.
    OrderGone = 139,
    /// There is no label of this number.
    LabelUnknown = 140,
    /// Of the label there is no doubt, or not any more.
    NoDoubt = 141,
    /// The template shows personal fields, and the data is in clear.
    PersonalTemplate = 142,
    /// The journal cannot be read or written, or refuses.
    JournalFailed = 150,
    /// The journal is in use by another process.
    JournalInUse = 151,
    /// It was cancelled.
    Cancelled = 160,
    /// The station is stopping; surely nothing of the label was sent.
    Stopping = 161,
    /// There is nothing more.
    End = 170,
    /// Nothing happened within the time.
    Nothing = 171,
}

impl From<Status> for MiandanStatus {
    fn from(status: Status) -> Self {
        // A status that this ABI has no number for is a defect, which a test looks for.
        ALL.iter().copied().find(|known| *known as i32 == status.number()).unwrap_or(MiandanStatus::Internal)
    }
}

/// Every status.
const ALL: &[MiandanStatus] = &[
    MiandanStatus::Ok,
    MiandanStatus::Malformed,
    MiandanStatus::Limit,
    MiandanStatus::UnsupportedSuite,
    MiandanStatus::UnknownIssuer,
    MiandanStatus::BadSignature,
    MiandanStatus::UnknownKey,
    MiandanStatus::AuthFailed,
    MiandanStatus::NotYetValid,
    MiandanStatus::Expired,
    MiandanStatus::WrongAudience,
    MiandanStatus::WrongStation,
    MiandanStatus::WrongPurpose,
    MiandanStatus::Withdrawn,
    MiandanStatus::StaleStatus,
    MiandanStatus::PrintLimit,
    MiandanStatus::TemplateRefused,
    MiandanStatus::FieldMissing,
    MiandanStatus::FieldNotPrintable,
    MiandanStatus::GlyphMissing,
    MiandanStatus::SandboxUnavailable,
    MiandanStatus::Traced,
    MiandanStatus::Internal,
    MiandanStatus::BadArgument,
    MiandanStatus::BadHandle,
    MiandanStatus::NotUnicode,
    MiandanStatus::ComponentMissing,
    MiandanStatus::ComponentVersion,
    MiandanStatus::ComponentFailed,
    MiandanStatus::ServiceUnreachable,
    MiandanStatus::Unreadable,
    MiandanStatus::NoOrders,
    MiandanStatus::Unwritable,
    MiandanStatus::FontRefused,
    MiandanStatus::PrinterUnknown,
    MiandanStatus::PrinterUnfit,
    MiandanStatus::PrinterUnavailable,
    MiandanStatus::Uncertain,
    MiandanStatus::Duplicate,
    MiandanStatus::Conflict,
    MiandanStatus::InFlight,
    MiandanStatus::WaitedTooLong,
    MiandanStatus::Busy,
    MiandanStatus::OrderGone,
    MiandanStatus::LabelUnknown,
    MiandanStatus::NoDoubt,
    MiandanStatus::PersonalTemplate,
    MiandanStatus::JournalFailed,
    MiandanStatus::JournalInUse,
    MiandanStatus::Cancelled,
    MiandanStatus::Stopping,
    MiandanStatus::End,
    MiandanStatus::Nothing,
];

/// The status of a number, if there is one.
fn of_number(number: i32) -> Option<Status> {
    let code = u8::try_from(number).ok().and_then(Code::from_number).map(Status::Refused);
    let other = || Status::OTHERS.iter().copied().find(|status| status.number() == number);
    if number == 0 { Some(Status::Ok) } else { code.or_else(other) }
}

/// The name of a status, e.g. `UNKNOWN_KEY`: it never changes and is never translated. Null of a number that is none. It is
/// never freed.
#[allow(unsafe_code, reason = "a name that is exported is one for the whole program")]
#[unsafe(no_mangle)]
pub extern "C" fn miandan_status_name(status: i32) -> *const c_char {
    let name = of_number(status).and_then(|status| text(status, Text::Name));
    name.map_or(std::ptr::null(), CStr::as_ptr)
}

/// What a status means, for people: in Chinese (`chinese` is not 0) or in English. Null of a number that is none. It is never
/// freed.
#[allow(unsafe_code, reason = "a name that is exported is one for the whole program")]
#[unsafe(no_mangle)]
pub extern "C" fn miandan_status_meaning(status: i32, chinese: i32) -> *const c_char {
    let language = if chinese == 0 { Text::English } else { Text::Chinese };
    let meaning = of_number(status).and_then(|status| text(status, language));
    meaning.map_or(std::ptr::null(), CStr::as_ptr)
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Text {
    Name,
    English,
    Chinese,
}

/// A text with a NUL behind it. There are a few dozen, made when the first is asked for and kept.
fn text(status: Status, which: Text) -> Option<&'static CStr> {
    use std::collections::HashMap;
    use std::ffi::CString;
    use std::sync::LazyLock;

    static TEXTS: LazyLock<HashMap<(Status, Text), CString>> = LazyLock::new(|| {
        let codes = Code::ALL.iter().map(|&code| Status::Refused(code));
        let all = [Status::Ok].into_iter().chain(codes).chain(Status::OTHERS.iter().copied());
        let texts = all.flat_map(|status| {
            let meaning = status.meaning();
            let texts =
                [(Text::Name, status.as_str()), (Text::English, meaning.en), (Text::Chinese, meaning.zh)];
            texts.map(|(which, text)| ((status, which), CString::new(text).unwrap_or_default()))
        });
        texts.collect()
    });
    TEXTS.get(&(status, which)).map(CString::as_c_str)
}

#[cfg(test)]
#[allow(unsafe_code, reason = "as a caller would")]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_number_and_its_texts_here() {
        let codes = Code::ALL.iter().map(|&code| Status::Refused(code));
        for status in [Status::Ok].into_iter().chain(codes).chain(Status::OTHERS.iter().copied()) {
            assert_eq!(MiandanStatus::from(status) as i32, status.number(), "{status}");
            let name = miandan_status_name(status.number());
            let chinese = miandan_status_meaning(status.number(), 1);
            // SAFETY: both are texts that stay.
            unsafe {
                assert_eq!(CStr::from_ptr(name).to_str(), Ok(status.as_str()));
                assert_eq!(CStr::from_ptr(chinese).to_str(), Ok(status.meaning().zh));
            }
        }
        assert!(miandan_status_name(99).is_null() && miandan_status_meaning(-1, 0).is_null());
    }
}
