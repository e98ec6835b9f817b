//! What is shipped, and what numbers mean.

use miandan_core::Code;
use miandan_print::Status;
use miandan_print::printer::{PROFILES, PrinterProfile, find_profile};
use miandan_templates::LABELS;
use napi_derive::napi;

use crate::failed::Failed;

/// What a status means.
#[napi(object, object_from_js = false)]
pub struct StatusMeaning {
    /// Its number.
    pub number: i32,
    /// Its name.
    pub name: String,
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

/// A printer that is known by name.
#[napi(object, object_from_js = false)]
pub struct KnownProfile {
    /// Its name.
    pub name: String,
    /// For which printers it is, in English.
    pub about: String,
    /// In Chinese.
    pub about_zh: String,
    /// The language of the printer.
    pub language: String,
    /// Dots in an inch.
    pub dpi: u32,
}

/// The version of this module, which is that of the files around it or all is off.
#[napi(catch_unwind)]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Every status, in the order of their numbers.
#[napi(catch_unwind)]
pub fn statuses() -> Vec<StatusMeaning> {
    let codes = Code::ALL.iter().map(|&code| Status::Refused(code));
    let all = [Status::Ok].into_iter().chain(codes).chain(Status::OTHERS.iter().copied());
    all.map(|status| StatusMeaning {
        number: status.number(),
        name: status.as_str().to_owned(),
        en: status.meaning().en.to_owned(),
        zh: status.meaning().zh.to_owned(),
    })
    .collect()
}

/// The names of the templates that are shipped.
#[napi(catch_unwind)]
pub fn template_names() -> Vec<String> {
    LABELS.iter().map(|label| label.name.to_owned()).collect()
}

/// A template that is shipped.
#[napi(catch_unwind)]
pub fn template_source(name: String) -> Option<String> {
    miandan_templates::find(&name).map(|label| label.template.to_owned())
}

/// The printers that are known by name.
#[napi(catch_unwind)]
pub fn known_profiles() -> Vec<KnownProfile> {
    let read = PROFILES.iter().filter_map(|shipped| Some((shipped.name, shipped.read().ok()?)));
    read.map(|(name, read)| KnownProfile {
        name: name.to_owned(),
        about: read.about,
        about_zh: read.about_zh,
        language: read.profile.language.as_str().to_owned(),
        dpi: read.profile.resolution.dpi(),
    })
    .collect()
}

/// A printer by the name of its profile, or as TOML: every profile has a line `language = …`, and no name has a `=`.
pub(crate) fn profile(profile: &str) -> Result<PrinterProfile, Failed> {
    let read = match find_profile(profile) {
        Some(shipped) => shipped.read(),
        None if profile.contains('=') => PrinterProfile::parse(profile),
        None => return Err(Failed::new(Status::PrinterUnknown, format!("no profile is called {profile:?}"))),
    };
    read.map_err(|error| Failed::of(&error))
}
