//! Drawing one label before the lock, with the template and the sample that we ship.
//!
//! What a program does for the first time can need more than what it does later: the standard library asks the
//! system for randomness once, tables are built, memory is mapped, pages of the program are read from disk. All of
//! that is done here, while it may still be done, and the first label of a host finds it done.
//! Nothing that came from outside is looked at.

use std::hash::{BuildHasher, RandomState};

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, Purpose, Resolution};
use miandan_core::printer::{Graphics, Language, Profile};
use miandan_render::shipped::{ONE_PART_76X130, sample};
use miandan_render::template::Template;

use crate::label::{Form, Labeller, Numbered};

/// Draws the label in each form, and answers what drew it, to be used again.
pub(crate) fn up() -> Labeller {
    // The keys of every hash map of this thread derive from here; the first one asks the system for randomness.
    RandomState::new().hash_one(0);

    let mut labeller = Labeller::default();
    let template = Template::compile(ONE_PART_76X130.as_bytes()).expect("the template that we ship is sound");
    // Of the printers' languages the one that needs most; the others copy a picture.
    let plain = Profile::plain(Language::Zpl, Resolution::Dpi203, 832);
    let printer = Profile { graphics: Graphics::Z64, ..plain };
    for format in [Format::Pdf, Format::Png, Format::Frame, Format::Printer(printer)] {
        let form = Form {
            format,
            resolution: Resolution::Dpi203,
            purpose: Purpose::Print,
            missing: MissingGlyph::Refuse,
        };
        labeller
            .waybill(&sample(), Numbered { number: 0, template: &template }, form)
            .expect("the sample that we ship can be drawn");
    }
    labeller.forget_used();
    labeller
}
