//! The program `miandan-agent`: see the crate of that name.
fn main() -> std::process::ExitCode {
    miandan_agent::main()
}
