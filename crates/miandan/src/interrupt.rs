//! Ctrl-C. A batch is told to stop and gives its output up in order; asked a second time, the program ends at once.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::exit::Exit;

/// From now on SIGINT and SIGTERM set the flag instead of ending the program.
///
/// # Errors
/// If the system does not allow it; the program then ends as any program does.
pub fn watch() -> io::Result<Arc<AtomicBool>> {
    let asked = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal finds the flag not set yet.
        flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&asked))?;
        flag::register(signal, Arc::clone(&asked))?;
    }
    Ok(asked)
}
