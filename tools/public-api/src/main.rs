//! Lists the public items of a library, a line each, sorted: `miandan-public-api LIBRARY.json`.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(json) = std::env::args_os().nth(1) else {
        eprintln!("usage: miandan-public-api LIBRARY.json");
        return ExitCode::from(2);
    };
    // What every type has of the compiler (`Send`, `Freeze`, `From<T>` …) is said too: losing `Send` breaks callers as well, so
    // only what is implemented for everything is left out.
    match public_api::Builder::from_rustdoc_json(json).omit_blanket_impls(true).build() {
        Ok(api) => {
            for item in api.items() {
                println!("{item}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
