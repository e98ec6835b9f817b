//! The objects of `printpdf` to a file: deflated by ours, since the library takes three quarters of its time for that, and
//! named by what is in it, since the library's own names are random and an output is to depend on its input alone.

use lopdf::{Document, Object, StringFormat, dictionary};
use printpdf::{PdfDocument, PdfParseErrorSeverity, PdfSaveOptions, PdfWarnMsg};

use super::PrintPdfError;
use crate::deflate::{Deflater, Effort};

pub(super) fn write(document: &PdfDocument, id: [u8; 16]) -> Result<Vec<u8>, PrintPdfError> {
    let mut warnings: Vec<PdfWarnMsg> = Vec::new();
    let options = PdfSaveOptions { optimize: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut objects = document.to_lopdf_document(&options, &mut warnings);
    if warnings.iter().any(|warning| warning.severity == PdfParseErrorSeverity::Error) {
        return Err(PrintPdfError::Library);
    }
    objects.version = "1.7".to_owned();
    name(&mut objects, id).map_err(|_| PrintPdfError::Library)?;
    let mut deflater = Deflater::new(Effort::Label);
    for object in objects.objects.values_mut() {
        if let Object::Stream(stream) = object
            && !stream.dict.has(b"Filter")
        {
            let mut deflated = Vec::new();
            deflater.deflate(&stream.content, &mut deflated);
            stream.dict.set("Filter", "FlateDecode");
            stream.set_content(deflated);
        }
    }
    let mut file = Vec::new();
    objects.save_to(&mut file).map_err(|_| PrintPdfError::Library)?;
    Ok(file)
}

/// What the file says of itself: who made it, and nothing of when and of what.
fn name(objects: &mut Document, id: [u8; 16]) -> Result<(), lopdf::Error> {
    let information = objects.trailer.get(b"Info")?.as_reference()?;
    let producer = concat!("Miandan ", env!("CARGO_PKG_VERSION"), " (printpdf)");
    objects.set_object(information, dictionary! { "Producer" => Object::string_literal(producer) });
    let id = || Object::String(id.to_vec(), StringFormat::Hexadecimal);
    objects.trailer.set("ID", vec![id(), id()]);
    // A label is printed at its own size, never fitted to the paper.
    objects.catalog_mut()?.set("ViewerPreferences", dictionary! { "PrintScaling" => "None" });
    Ok(())
}
