//! The C ABI from C: a program that a C compiler makes of the header reads every vector of `fixtures/courier`.
//!
//! It stays where cargo keeps what tests leave (`target/tmp/courier_c`), so that it can be run under another checker.
#![allow(clippy::disallowed_methods)] // the test starts a C compiler

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use miandan_courier::CarrierId;
use miandan_courier_capi::Status;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vectors {
    keys: Keys,
    files: Files,
    tokens: Vec<Case>,
    refused: Vec<Refused>,
}

#[derive(Deserialize)]
struct Keys {
    carriers: Vec<Carrier>,
}

#[derive(Deserialize)]
struct Carrier {
    file: String,
    code: String,
}

#[derive(Deserialize)]
struct Files {
    issuers: String,
    stations: String,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    claims: Claims,
    contents: Option<Contents>,
    damage: Option<String>,
    text: String,
    checks: Vec<Check>,
    opens: Vec<Open>,
}

#[derive(Deserialize)]
struct Claims {
    carrier: String,
    waybill_no: String,
    issued: u64,
    lifetime: u64,
    serial: u32,
    copy: u32,
}

#[derive(Default, Deserialize)]
struct Contents {
    virtual_number: String,
    virtual_days: u32,
    door: String,
    is_incomplete: bool,
}

#[derive(Deserialize)]
struct Check {
    now: u64,
    waybill_no: Option<String>,
    verdict: String,
    station: Option<String>,
    is_list_old: bool,
}

#[derive(Deserialize)]
struct Open {
    file: String,
    status: String,
    contents: Option<Contents>,
}

#[derive(Deserialize)]
struct Refused {
    text: String,
    reason: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/courier")
}

/// A literal of C: what is not plain ASCII by its bytes, each in a literal of its own, since `\x` has no end.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' | b'?' => _ = write!(out, "\\{}", char::from(byte)),
            0x20..=0x7E => out.push(char::from(byte)),
            _ => _ = write!(out, "\\x{byte:02x}\"\""),
        }
    }
    out + "\""
}

fn optional(text: Option<&str>) -> String {
    text.map_or_else(|| "NULL".into(), literal)
}

fn array(name: &str, file: &str) -> String {
    let bytes = fs::read(folder().join(file)).unwrap();
    let bytes: Vec<String> = bytes.iter().map(u8::to_string).collect();
    format!("static const uint8_t {name}[] = {{{}}};\n", bytes.join(","))
}

fn key_array(file: &str) -> String {
    file.replace(['-', '.'], "_").to_uppercase()
}

fn verdict(word: &str) -> String {
    format!("MIANDAN_COURIER_{}", word.replace('-', "_").to_uppercase())
}

/// The vectors as C: every check of a token, every key that is tried on it, every text that is refused.
fn header() -> String {
    let vectors = fs::read_to_string(folder().join("vectors.json")).unwrap();
    let vectors: Vectors = serde_json::from_str(&vectors).unwrap();
    let mut out = format!("#define VERSION {}\n", literal(env!("CARGO_PKG_VERSION")));
    out += &array("ISSUERS", &vectors.files.issuers);
    out += &array("STATIONS", &vectors.files.stations);
    for carrier in &vectors.keys.carriers {
        out += &array(&key_array(&carrier.file), &carrier.file);
    }
    out += "struct check { const char *name, *text; uint64_t now; const char *waybill_no; int32_t verdict;\n\
            const char *word, *station; bool is_list_old, is_damaged; const char *number, *carrier_id;\n\
            uint64_t issued_at, expires_at; uint32_t serial, copy; bool is_sealed; };\n\
            static const struct check CHECKS[] = {\n";
    for case in &vectors.tokens {
        for check in &case.checks {
            let Claims { carrier, waybill_no, issued, lifetime, serial, copy } = &case.claims;
            let row = [
                literal(&case.name),
                literal(&case.text),
                format!("{}u", check.now),
                optional(check.waybill_no.as_deref()),
                verdict(&check.verdict),
                literal(&check.verdict),
                optional(check.station.as_deref()),
                check.is_list_old.to_string(),
                case.damage.is_some().to_string(),
                literal(waybill_no),
                literal(&CarrierId::of(carrier).to_string()),
                format!("{}u", issued * 3600),
                format!("{}u", (issued + lifetime) * 3600),
                serial.to_string(),
                copy.to_string(),
                case.contents.is_some().to_string(),
            ];
            let _ = writeln!(out, "{{{}}},", row.join(", "));
        }
    }
    out += "};\nstruct opens { const char *name, *text; const uint8_t *key; size_t key_length; const char *code;\n\
            int32_t status; const char *virtual_number; uint32_t virtual_days; const char *door; bool is_incomplete; };\n\
            static const struct opens OPENS[] = {\n";
    for case in &vectors.tokens {
        for open in &case.opens {
            let status = match open.status.as_str() {
                "opened" => "MIANDAN_COURIER_OK",
                "nothing" => "MIANDAN_COURIER_NOTHING_SEALED",
                "other-carrier" => "MIANDAN_COURIER_OTHER_CARRIER",
                "other-key" => "MIANDAN_COURIER_OTHER_KEY",
                other => panic!("{other}"),
            };
            let carrier = vectors.keys.carriers.iter().find(|carrier| carrier.file == open.file).unwrap();
            let key = key_array(&open.file);
            let nothing = Contents::default();
            let contents = open.contents.as_ref().unwrap_or(&nothing);
            let row = [
                literal(&case.name),
                literal(&case.text),
                key.clone(),
                format!("sizeof {key}"),
                literal(&carrier.code),
                status.into(),
                literal(&contents.virtual_number),
                contents.virtual_days.to_string(),
                literal(&contents.door),
                contents.is_incomplete.to_string(),
            ];
            let _ = writeln!(out, "{{{}}},", row.join(", "));
        }
    }
    out += "};\nstatic const struct { const char *text; int32_t status; } REFUSED[] = {\n";
    for refused in &vectors.refused {
        let status = match refused.reason.as_str() {
            "other" => "NOT_A_TOKEN",
            "version" => "UNKNOWN_VERSION",
            "malformed" => "MALFORMED",
            other => panic!("{other}"),
        };
        let _ = writeln!(out, "{{{}, MIANDAN_COURIER_{status}}},", literal(&refused.text));
    }
    out + "};\n"
}

/// The static library that cargo has made with this test: beside it, or a folder up.
fn library() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let folders = here.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join("libmiandan_courier_capi.a")).find(|path| path.exists());
    found.expect("the static library, which is made with the tests")
}

/// A C compiler that forgives nothing.
fn compiler() -> Command {
    let mut compiler = Command::new(std::env::var("CC").unwrap_or_else(|_| "cc".into()));
    compiler.args(["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror"]);
    compiler
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

#[test]
fn a_program_in_c_reads_every_vector_and_misuses_every_function() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let made = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(made.join("vectors.h"), header()).unwrap();
    let program = made.join("courier_c");
    let output = run(compiler()
        .args(["-g", "-o"])
        .arg(&program)
        .arg(here.join("tests/c/check.c"))
        .arg("-I")
        .arg(here.join("include"))
        .arg("-I")
        .arg(made)
        .arg(library())
        // What Rust's library needs of the system's.
        .args(["-lpthread", "-ldl", "-lm"]));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let output = run(&mut Command::new(&program));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let checked: u32 = String::from_utf8_lossy(&output.stdout).trim().parse().unwrap();
    assert!(checked > 600, "{checked}");
}

#[test]
fn the_example_in_the_documentation_is_c() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(here.join("../../docs/courier-apps.md")).unwrap();
    let example = text.split("```c\n").nth(1).unwrap().split("```").next().unwrap();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("example.c");
    fs::write(&file, example).unwrap();
    let output = run(compiler().arg("-fsyntax-only").arg("-I").arg(here.join("include")).arg(&file));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// What stands after a mark on lines of a file, to the first character that ends a name.
fn names(text: &str, mark: &str) -> Vec<String> {
    let name =
        |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect::<String>();
    let mut names: Vec<_> = text.match_indices(mark).map(|(place, _)| name(&text[place..])).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn the_header_has_every_function_that_is_exported_and_no_other() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let header = fs::read_to_string(here.join("include/miandan_courier.h")).unwrap();
    let mut exported = Vec::new();
    for file in ["lib.rs", "trust.rs", "answer.rs", "sealed.rs"] {
        let text = fs::read_to_string(here.join("src").join(file)).unwrap();
        exported.extend(names(&text, "miandan_courier_"));
        assert_eq!(text.matches("no_mangle").count(), text.matches("extern \"C\" fn").count(), "{file}");
    }
    exported.sort();
    exported.dedup();
    let mut declared = names(&header, "miandan_courier_");
    // Types.
    declared.retain(|name| {
        !["trust", "answer", "carrier", "opened", "status", "verdict"]
            .iter()
            .any(|kind| name == &format!("miandan_courier_{kind}"))
    });
    assert_eq!(declared, exported);
    assert!(exported.len() > 25, "{exported:?}");
}

#[test]
fn the_numbers_of_the_header_are_those_of_the_library() {
    let header =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("include/miandan_courier.h")).unwrap();
    let number = |name: &str| {
        let line =
            header.lines().find(|line| line.trim_start().starts_with(&format!("MIANDAN_COURIER_{name} = ")));
        let line = line.unwrap_or_else(|| panic!("{name}"));
        line.split(" = ").nth(1).unwrap().trim_end_matches(',').parse::<i32>().unwrap()
    };
    let statuses = [
        ("OK", Status::Ok),
        ("BAD_ARGUMENT", Status::BadArgument),
        ("NOT_UTF8", Status::NotUtf8),
        ("INTERNAL", Status::Internal),
        ("NOT_A_TOKEN", Status::NotAToken),
        ("UNKNOWN_VERSION", Status::UnknownVersion),
        ("MALFORMED", Status::Malformed),
        ("NO_ISSUER", Status::NoIssuer),
        ("NO_LIST", Status::NoList),
        ("UNKNOWN_ISSUER", Status::UnknownIssuer),
        ("BAD_SIGNATURE", Status::BadSignature),
        ("OLDER_LIST", Status::OlderList),
        ("BAD_KEY", Status::BadKey),
        ("NOTHING_SEALED", Status::NothingSealed),
        ("OTHER_CARRIER", Status::OtherCarrier),
        ("OTHER_KEY", Status::OtherKey),
    ];
    for (name, status) in statuses {
        assert_eq!(number(name), status as i32, "{name}");
    }
}
