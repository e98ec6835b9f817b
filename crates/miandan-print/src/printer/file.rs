//! A profile as TOML.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use miandan_core::label::{Micrometres, Resolution};
use miandan_core::printer::{Graphics, Language, Media, Polarity, Profile, ProfileError};
use serde::Deserialize;

use super::{Pacing, PrinterProfile, StatusDialect};

/// The longest file, in bytes: a profile is a screenful.
pub const MAX_PROFILE: usize = 64 << 10;

/// The text of a file, for [`PrinterProfile::parse`]. No more of it is read than a byte beyond [`MAX_PROFILE`], so that one that
/// is too long, or has no end, is told from one that is not.
///
/// # Errors
/// If it cannot be read, or is not UTF-8 (`InvalidData`).
pub fn read_profile(path: &Path) -> io::Result<String> {
    let mut source = String::new();
    fs::File::open(path)?.take(MAX_PROFILE as u64 + 1).read_to_string(&mut source)?;
    Ok(source)
}

/// Why a profile cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileFileError {
    /// The file is longer than any profile.
    #[error("longer than 64 KiB")]
    TooLong,
    /// No TOML, a key that does not exist, or a value of another kind.
    #[error("line {line}: {why}")]
    Syntax {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        why: String,
    },
    /// A word or a number that a setting does not know.
    #[error("{setting}: {allowed} is possible")]
    Value {
        /// The setting.
        setting: &'static str,
        /// What it knows.
        allowed: String,
    },
    /// A setting that means nothing beside another one.
    #[error("{setting} means nothing where {because}")]
    Beside {
        /// The setting.
        setting: &'static str,
        /// The other one and its value.
        because: &'static str,
    },
    /// The language of the printer has no such thing.
    #[error(transparent)]
    Contradiction(#[from] ProfileError),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    about: String,
    #[serde(default)]
    about_zh: String,
    language: String,
    dpi: u32,
    head_dots: u16,
    black: Option<u8>,
    graphics: Option<String>,
    media: Option<String>,
    gap_mm: Option<f64>,
    gap_offset_mm: Option<f64>,
    feed_mm: Option<f64>,
    speed: Option<u8>,
    darkness: Option<i16>,
    #[serde(default)]
    turned: bool,
    #[serde(default)]
    offset_mm: [f64; 2],
    #[serde(default)]
    qr_offset_dots: i16,
    reprint: Option<bool>,
    #[serde(default)]
    pacing: PacingTable,
    #[serde(default)]
    status: StatusTable,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct PacingTable {
    bytes_per_second: Option<u32>,
    #[serde(default)]
    linger_ms: u16,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusTable {
    dialect: Option<String>,
}

impl PrinterProfile {
    /// Reads a profile.
    ///
    /// # Errors
    /// [`ProfileFileError`]. What a profile does not say is what is plainest in its language
    /// ([`Profile::plain`]).
    pub fn parse(source: &str) -> Result<Self, ProfileFileError> {
        if source.len() > MAX_PROFILE {
            return Err(ProfileFileError::TooLong);
        }
        let file: File = toml::from_str(source).map_err(|error| ProfileFileError::Syntax {
            line: error.span().map_or(1, |span| source[..span.start].matches('\n').count() + 1),
            why: error.message().to_owned(),
        })?;
        let pacing = file.pacing()?;
        let profile = file.profile()?;
        let status = file.status(profile.language)?;
        Ok(PrinterProfile { about: file.about, about_zh: file.about_zh, profile, pacing, status })
    }
}

impl File {
    fn profile(&self) -> Result<Profile, ProfileFileError> {
        let words = |words: &[&str]| words.join(", ");
        let language = self.language.parse().map_err(|()| ProfileFileError::Value {
            setting: "language",
            allowed: words(&Language::ALL.map(Language::as_str)),
        })?;
        let resolution = Resolution::from_dpi(self.dpi)
            .ok_or_else(|| ProfileFileError::Value { setting: "dpi", allowed: words(&["203", "300"]) })?;
        let mut profile = Profile::plain(language, resolution, self.head_dots);
        if let Some(name) = &self.graphics {
            profile.graphics = name.parse().map_err(|()| ProfileFileError::Value {
                setting: "graphics",
                allowed: words(&Graphics::ALL.map(Graphics::as_str)),
            })?;
        }
        profile.polarity = match self.black {
            None => profile.polarity,
            Some(1) => Polarity::BlackIsOne,
            Some(0) => Polarity::BlackIsZero,
            Some(_) => {
                return Err(ProfileFileError::Value { setting: "black", allowed: words(&["0", "1"]) });
            }
        };
        profile.media = self.media(profile.media)?;
        profile.speed = self.speed;
        profile.darkness = self.darkness;
        profile.turned = self.turned;
        let [right, down] = self.offset_mm;
        profile.offset = [micrometres("offset_mm", right)?, micrometres("offset_mm", down)?];
        profile.qr_offset = self.qr_offset_dots;
        profile.reprint = self.reprint;
        profile.check()?;
        Ok(profile)
    }

    fn media(&self, plain: Media) -> Result<Media, ProfileFileError> {
        let length = |setting, value: Option<f64>, otherwise| {
            value.map_or(Ok(otherwise), |value| micrometres(setting, value))
        };
        let kind = match (&self.media, plain) {
            (Some(kind), _) => kind,
            (None, Media::Continuous { .. }) => "continuous",
            (None, _) => "gap",
        };
        if kind == "continuous" {
            for (setting, value) in [("gap_mm", self.gap_mm), ("gap_offset_mm", self.gap_offset_mm)] {
                if value.is_some() {
                    return Err(ProfileFileError::Beside { setting, because: "media = \"continuous\"" });
                }
            }
            return Ok(Media::Continuous { feed: length("feed_mm", self.feed_mm, 0)? });
        }
        let because = if kind == "gap" { "media = \"gap\"" } else { "media = \"mark\"" };
        if self.feed_mm.is_some() {
            return Err(ProfileFileError::Beside { setting: "feed_mm", because });
        }
        let height = length("gap_mm", self.gap_mm, 2000)?;
        let offset = length("gap_offset_mm", self.gap_offset_mm, 0)?;
        match kind {
            "gap" => Ok(Media::Gap { height, offset }),
            "mark" => Ok(Media::Mark { height, offset }),
            _ => {
                let allowed = "gap, mark, continuous".to_owned();
                Err(ProfileFileError::Value { setting: "media", allowed })
            }
        }
    }

    fn pacing(&self) -> Result<Pacing, ProfileFileError> {
        let PacingTable { bytes_per_second, linger_ms } = self.pacing;
        if bytes_per_second == Some(0) {
            let allowed = "1..".to_owned();
            return Err(ProfileFileError::Value { setting: "bytes_per_second", allowed });
        }
        Ok(Pacing { bytes_per_second, linger_ms })
    }

    fn status(&self, language: Language) -> Result<StatusDialect, ProfileFileError> {
        let Some(name) = &self.status.dialect else { return Ok(StatusDialect::None) };
        let possible = || StatusDialect::ALL.into_iter().filter(|dialect| dialect.suits(language));
        // One of another language is refused with those of this one: the question would be printed as text.
        possible().find(|dialect| dialect.as_str() == name).ok_or_else(|| ProfileFileError::Value {
            setting: "dialect",
            allowed: possible().map(StatusDialect::as_str).collect::<Vec<_>>().join(", "),
        })
    }
}

/// A length of at most ten metres; the bounds of each setting are narrower.
fn micrometres(setting: &'static str, millimetres: f64) -> Result<Micrometres, ProfileFileError> {
    if millimetres.abs() <= 10_000.0 {
        return Ok((millimetres * 1e3).round() as Micrometres);
    }
    Err(ProfileFileError::Value { setting, allowed: "0..100 mm".to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "language = \"tspl\"\ndpi = 203\nhead_dots = 832\n";

    fn with(more: &str) -> Result<PrinterProfile, ProfileFileError> {
        PrinterProfile::parse(&format!("{LEAST}{more}"))
    }

    #[test]
    fn three_lines_are_a_profile() {
        let read = with("").unwrap();
        assert_eq!(read.profile, Profile::plain(Language::Tspl, Resolution::Dpi203, 832));
        assert_eq!(read.pacing, Pacing::default());
        assert_eq!(read.status, StatusDialect::None);
    }

    #[test]
    fn every_setting_is_read() {
        let read = with(concat!(
            "black = 1\ngraphics = \"zlib\"\nmedia = \"mark\"\ngap_mm = 3\ngap_offset_mm = 0.5\nspeed = 6\n",
            "darkness = 10\nturned = true\noffset_mm = [1.25, 2]\nqr_offset_dots = -12\nreprint = false\nabout = \"a\"\n",
            "[pacing]\nbytes_per_second = 20000\nlinger_ms = 5\n[status]\ndialect = \"tspl-sunmi\"\n"
        ));
        let expected = Profile {
            polarity: Polarity::BlackIsOne,
            graphics: Graphics::Zlib,
            media: Media::Mark { height: 3000, offset: 500 },
            speed: Some(6),
            darkness: Some(10),
            turned: true,
            offset: [1250, 2000],
            qr_offset: -12,
            reprint: Some(false),
            ..Profile::plain(Language::Tspl, Resolution::Dpi203, 832)
        };
        let read = read.unwrap();
        assert_eq!(read.profile, expected);
        assert_eq!(read.pacing, Pacing { bytes_per_second: Some(20000), linger_ms: 5 });
        assert_eq!(read.status, StatusDialect::TsplSunmi);
        assert_eq!(read.about, "a");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let value = |more: &str| match with(more) {
            Err(ProfileFileError::Value { setting, .. }) => setting,
            other => panic!("{more}: {other:?}"),
        };
        assert_eq!(value("graphics = \"jpeg\""), "graphics");
        assert_eq!(value("black = 2"), "black");
        assert_eq!(value("media = \"cloth\""), "media");
        assert_eq!(value("gap_mm = 1e300"), "gap_mm");
        assert_eq!(value("gap_mm = nan"), "gap_mm");
        assert_eq!(value("offset_mm = [0, inf]"), "offset_mm");
        assert_eq!(value("[pacing]\nbytes_per_second = 0"), "bytes_per_second");
        assert_eq!(value("[status]\ndialect = \"snmp\""), "dialect");
        assert_eq!(value("[status]\ndialect = \"zpl\""), "dialect", "of another language");
        for (source, setting) in [
            ("language = \"pcl\"\ndpi = 203\nhead_dots = 1", "language"),
            ("language = \"zpl\"\ndpi = 600\nhead_dots = 832", "dpi"),
        ] {
            let error = PrinterProfile::parse(source).unwrap_err();
            assert!(matches!(error, ProfileFileError::Value { setting: of, .. } if of == setting), "{error}");
        }
    }

    #[test]
    fn contradictions_are_errors() {
        for (more, setting) in [
            ("graphics = \"z64\"", "graphics"),
            ("speed = 19", "speed"),
            ("gap_mm = 30", "gap_mm"),
            ("gap_mm = -1", "gap_mm"),
            ("offset_mm = [-0.5, 0]", "offset_mm"),
        ] {
            let error = with(more).unwrap_err();
            assert!(
                matches!(error, ProfileFileError::Contradiction(ProfileError { setting: of, .. }) if of == setting),
                "{more}: {error}"
            );
        }
        for (more, setting) in [
            ("media = \"continuous\"\ngap_mm = 2", "gap_mm"),
            ("media = \"continuous\"\ngap_offset_mm = 2", "gap_offset_mm"),
            ("feed_mm = 2", "feed_mm"),
        ] {
            let error = with(more).unwrap_err();
            assert!(matches!(error, ProfileFileError::Beside { setting: of, .. } if of == setting), "{more}");
        }
    }

    #[test]
    fn what_is_no_profile_is_told_by_its_line() {
        for (more, line) in [("speeed = 4", 4), ("speed = 256", 4), ("\n\nspeed = \"fast\"", 6), ("[[", 4)] {
            let error = with(more).unwrap_err();
            assert!(
                matches!(error, ProfileFileError::Syntax { line: of, .. } if of == line),
                "{more}: {error}"
            );
        }
        for nested in [format!("black = {}", "[".repeat(60_000)), "[a.".repeat(20_000), "a.".repeat(30_000)] {
            assert!(matches!(with(&nested), Err(ProfileFileError::Syntax { .. })));
        }
        assert!(matches!(PrinterProfile::parse(""), Err(ProfileFileError::Syntax { line: 1, .. })));
        assert_eq!(with(&"#".repeat(MAX_PROFILE)), Err(ProfileFileError::TooLong));
    }
}
