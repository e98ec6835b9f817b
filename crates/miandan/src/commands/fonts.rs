//! `miandan fonts`: which characters a label can show, and which of a text it cannot.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};

use miandan_core::font::{FontProblem, MAX_FONT};
use miandan_fonts::coverage::{BLOCKS, GENERAL_STANDARD, LEVELS};
use miandan_render::faces::{FaceRef, Faces};
use serde_json::json;

use crate::args::Fonts;
use crate::console::Console;
use crate::exit::{Exit, Failure, Outcome};
use crate::files;
use crate::messages::{self, fonts as texts};

/// A font that somebody named.
pub(super) struct FontFile {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// Reads the fonts that were named, and nothing of what is in them.
pub(super) fn read(console: Console, paths: &[PathBuf]) -> Result<Vec<FontFile>, Failure> {
    let read = |path: &PathBuf| {
        let file = files::open(console, path)?;
        let mut bytes = Vec::new();
        let most = MAX_FONT as u64 + 1;
        file.take(most).read_to_end(&mut bytes).map_err(|error| files::unreadable(console, path, &error))?;
        Ok(FontFile { path: path.clone(), bytes })
    };
    paths.iter().map(read).collect()
}

/// The bundled faces and those of the fonts that were named. No order is here, so they are read without a sandbox.
pub(super) fn faces(console: Console, paths: &[PathBuf]) -> Result<Faces, Failure> {
    let mut faces = Faces::default();
    for FontFile { path, bytes } in read(console, paths)? {
        faces.add(bytes).map_err(|problem| refused(console, &path, problem))?;
    }
    Ok(faces)
}

/// A font cannot be used.
pub(super) fn refused(console: Console, path: &Path, problem: FontProblem) -> Failure {
    let (why, hint) = texts::problem(problem);
    let values: [(&str, &dyn Display); 2] = [("file", &path.display()), ("why", &why.get(console.language))];
    Failure::new(Exit::Input, "INPUT", console.fill(texts::REFUSED, &values)).hint(hint.get(console.language))
}

pub fn run(console: Console, arguments: &Fonts) -> Outcome {
    let faces = faces(console, &arguments.font)?;
    match &arguments.input {
        Some(input) => missing(console, &faces, input),
        None => coverage(console, &faces),
    }
}

/// The faces, the table of characters for names and places, and the blocks of Unicode.
fn coverage(console: Console, all: &Faces) -> Outcome {
    let faces: Vec<_> =
        all.ids().filter_map(|id| all.get(id)).map(|face| (face.name(), characters(face))).collect();
    let mut rest = GENERAL_STANDARD.chars().filter(|&character| character != '\n');
    let levels = LEVELS.map(|size| {
        let of_level = rest.by_ref().take(size);
        (size, of_level.filter(|&character| all.has(character)).count())
    });
    if console.json {
        let levels = levels.iter().zip(1..).map(
            |(&(characters, covered), level)| json!({"level": level, "characters": characters, "covered": covered}),
        );
        let blocks = BLOCKS.iter().map(|block| {
            let (first, last) = block.range();
            json!({"name": block.name(), "first": first, "last": last, "covered": block.covered()})
        });
        let faces = faces.iter().map(|(name, characters)| json!({"name": name, "characters": characters}));
        console.data(&json!({
            "faces": faces.collect::<Vec<_>>(),
            "general_standard": levels.collect::<Vec<_>>(),
            "blocks": blocks.collect::<Vec<_>>(),
        }))?;
        return Ok(Exit::Done);
    }
    for (name, characters) in faces {
        let values: [(&str, &dyn Display); 2] = [("name", &name), ("characters", &characters)];
        console.data(&console.fill(texts::FACE, &values))?;
    }
    for ((size, covered), level) in levels.into_iter().zip(1..) {
        let values: [(&str, &dyn Display); 3] = [("level", &level), ("covered", &covered), ("size", &size)];
        console.data(&console.fill(texts::LEVEL, &values))?;
    }
    for block in BLOCKS {
        let (first, last) = block.range();
        let range = format!("U+{first:04X}–{last:04X}");
        console.data(&format_args!("{range:<14} {:>6}  {}", block.covered(), block.name()))?;
    }
    Ok(Exit::Done)
}

fn characters(face: FaceRef<'_>) -> usize {
    (0..=u16::MAX).filter(|&cid| face.character(cid).is_some()).count()
}

/// Where a character that cannot be shown first stands, and how often it does.
struct Missing {
    line: usize,
    count: usize,
}

/// The characters of a text that a label cannot show. What masking hides need not be shown, so this is the most that can
/// be missing.
fn missing(console: Console, faces: &Faces, input: &Path) -> Outcome {
    let mut bytes = Vec::new();
    let read = files::open(console, input)?.read_to_end(&mut bytes);
    read.map_err(|error| files::unreadable(console, input, &error))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        Failure::new(Exit::Input, "INPUT", console.fill(messages::NOT_TEXT, &[("line", &line)]))
            .hint(messages::NOT_TEXT_HINT.get(console.language))
    })?;
    let mut found: BTreeMap<char, Missing> = BTreeMap::new();
    for (line, number) in text.lines().zip(1..) {
        for character in line.chars().filter(|character| !character.is_control()) {
            if !faces.has(character) {
                found.entry(character).or_insert(Missing { line: number, count: 0 }).count += 1;
            }
        }
    }
    for (&character, Missing { line, count }) in &found {
        let code_point = format!("U+{:04X}", u32::from(character));
        if console.json {
            let character = character.to_string();
            console.data(
                &json!({"character": character, "code_point": code_point, "line": line, "count": count}),
            )?;
        } else {
            let values: [(&str, &dyn Display); 4] =
                [("character", &character), ("code_point", &code_point), ("line", line), ("count", count)];
            console.data(&console.fill(texts::MISSING, &values))?;
        }
    }
    if found.is_empty() {
        console.say(&texts::ALL_THERE.get(console.language));
        return Ok(Exit::Done);
    }
    Ok(Exit::SomeFailed)
}
