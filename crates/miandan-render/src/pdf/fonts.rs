//! Font dictionaries (ISO 32000-1, 9.7): a composite font whose character codes are character ids.

use miandan_core::pipe::FontSubset;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo};
use pdf_writer::{Chunk, Filter, Finish, Name, Rect, Ref, Str};

use super::subset::DEFAULT_WIDTH;

/// Character ids are numbers of their own, of no published collection.
pub(super) const SYSTEM_INFO: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// The objects of one font.
pub(super) const OBJECTS: i32 = 6;

/// Writes the font of a face as the objects from `first` to `first + OBJECTS - 1`, handing over each as it is done.
pub(super) fn write<E>(
    subset: &FontSubset<'_>,
    first: i32,
    mut object: impl FnMut(Chunk) -> Result<(), E>,
) -> Result<(), E> {
    let [font, cid_font, descriptor, file, cid_to_gid, to_unicode]: [Ref; OBJECTS as usize] =
        std::array::from_fn(|index| Ref::new(first + index as i32));
    let name = Name(subset.base_font.as_bytes());

    let mut chunk = compact();
    chunk
        .type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid_font)
        .to_unicode(to_unicode);
    object(chunk)?;

    let mut chunk = compact();
    let mut dictionary = chunk.cid_font(cid_font);
    dictionary
        .subtype(CidFontType::Type2)
        .base_font(name)
        .system_info(SYSTEM_INFO)
        .font_descriptor(descriptor)
        .default_width(DEFAULT_WIDTH.into())
        .cid_to_gid_map_stream(cid_to_gid);
    if !subset.widths.is_empty() {
        let mut runs = dictionary.widths();
        for (first, widths) in &subset.widths {
            runs.consecutive(*first, widths.iter().map(|&width| f32::from(width)));
        }
        runs.finish();
    }
    dictionary.finish();
    object(chunk)?;

    let mut chunk = compact();
    let [left, bottom, right, top] = subset.bounds.map(|edge| edge as f32);
    chunk
        .font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(0.0)
        .ascent(subset.ascent as f32)
        .descent(subset.descent as f32)
        .cap_height(subset.cap_height as f32)
        .stem_v(subset.stem_v as f32)
        .font_file2(file);
    object(chunk)?;

    let mut chunk = compact();
    chunk
        .stream(file, subset.file)
        .filter(Filter::FlateDecode)
        .pair(Name(b"Length1"), i32::try_from(subset.file_length).unwrap_or(i32::MAX));
    object(chunk)?;
    for (id, stream) in [(cid_to_gid, subset.cid_to_gid), (to_unicode, subset.to_unicode)] {
        let mut chunk = compact();
        chunk.stream(id, stream).filter(Filter::FlateDecode);
        object(chunk)?;
    }
    Ok(())
}

/// A chunk without padding and indentation.
pub(super) fn compact() -> Chunk {
    Chunk::with_settings(pdf_writer::Settings { pretty: false })
}
