//! The importer of hiprint's designs: what comes out compiles, whatever goes in.
#![no_main]

use libfuzzer_sys::fuzz_target;
use miandan_hiprint::{ImportError, Mapping, Outcome, import};
use miandan_render::template::Template;

fuzz_target!(|data: &[u8]| {
    match import(data, &Mapping::default()) {
        Ok(import) => {
            let template = Template::compile(import.template.as_bytes()).unwrap();
            assert!(template.remarks().is_empty());
            assert!(template.fields().iter().all(|field| field.is_printable()));
            assert!(
                import
                    .report
                    .iter()
                    .all(|note| note.remarks.is_empty() == (note.outcome == Outcome::Carried))
            );
        }
        Err(error) => assert!(!matches!(error, ImportError::Refused(_)), "{error}"),
    }
});
