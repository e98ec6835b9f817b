//! Which barcode a template asks for.

use super::attributes::{Attributes, word};
use crate::symbol::qr::Level;
use crate::symbol::{Linear, pdf417};
use crate::template::Problem;
use crate::template::source::Fault;
use crate::template::statements::Compiler;

/// Which barcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Symbology {
    Linear(Linear),
    Matrix(MatrixKind),
    /// With a level of correction, if one is asked for.
    Pdf417(Option<u8>),
}

/// Which matrix symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MatrixKind {
    Qr(Level),
    DataMatrix,
    Gs1DataMatrix,
    Aztec,
}

/// Types of linear barcodes, in lower case. Code sets A and B are no choice of a template: a reader answers the same
/// text from the shortest symbol. `gs128linear` is GS1-128 by the name of its older standard.
const LINEAR: &[(&str, Linear)] = &[
    ("code128", Linear::Code128),
    ("code128a", Linear::Code128),
    ("code128b", Linear::Code128),
    ("code128c", Linear::Code128),
    ("ean128", Linear::Gs1),
    ("gs128linear", Linear::Gs1),
    ("code39", Linear::Code39),
    ("code93", Linear::Code93),
    ("ean13", Linear::Ean13),
    ("ean8", Linear::Ean8),
    ("upca", Linear::UpcA),
    ("upce", Linear::UpcE),
    ("c25inter", Linear::Interleaved),
    ("itf14", Linear::Itf14),
    ("codabar", Linear::Codabar),
];

/// Types of barcodes in the dialect that are not drawn, in lower case. Code 11, POSTNET and RM4SCC are read by none of the
/// readers that we test with; MaxiCode has hexagons, and no crate that draws it.
const NOT_DRAWN: &[&str] = &["code11", "postnet", "maxicode", "hibcaztec", "rm4scc"];

pub(super) fn symbology(
    compiler: &mut Compiler,
    attributes: &mut Attributes,
    offset: usize,
) -> Result<Symbology, Fault> {
    let level = attributes.take("errorcorrection");
    let level = match word(compiler, level).as_deref() {
        Some("0") => Level::L,
        Some("2") => Level::Q,
        Some("3") => Level::H,
        _ => Level::M,
    };
    let kind = attributes.take("type").ok_or(Fault::new(Problem::MissingAttribute, offset))?;
    let place = kind.value_offset;
    match word(compiler, Some(kind)).as_deref() {
        Some("qrcode") => Ok(Symbology::Matrix(MatrixKind::Qr(level))),
        Some("datamatrix") => Ok(Symbology::Matrix(MatrixKind::DataMatrix)),
        Some("pdf417") => {
            let level = attributes.take("mode");
            let level = word(compiler, level).and_then(|word| word.parse().ok());
            Ok(Symbology::Pdf417(level.filter(|level| *level <= pdf417::MAX_LEVEL)))
        }
        Some("aztec") => Ok(Symbology::Matrix(MatrixKind::Aztec)),
        Some("gs1datamatrix") => Ok(Symbology::Matrix(MatrixKind::Gs1DataMatrix)),
        Some(other) if NOT_DRAWN.contains(&other) => Err(Fault::new(Problem::SymbologyNotSupported, place)),
        Some(other) if let Some(&(_, linear)) = LINEAR.iter().find(|(name, _)| *name == other) => {
            Ok(Symbology::Linear(linear))
        }
        _ => Err(Fault::new(Problem::UnknownSymbology, place)),
    }
}
