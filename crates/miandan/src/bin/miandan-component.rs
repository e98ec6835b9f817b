//! The sandboxed print component. Started by `miandan` and `miandan-agent`, not by hand.
fn main() -> std::process::ExitCode {
    miandan_component::main()
}
