//! Transcripts: what a person types and what comes back, to the letter. The files double as documentation.
//!
//! `TRYCMD=overwrite cargo test -p miandan --test transcripts` rewrites them; read the diff.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .env("LC_ALL", "C")
        .env("XDG_CONFIG_HOME", "/nonexistent")
        .case("tests/transcripts/*.md");
}
