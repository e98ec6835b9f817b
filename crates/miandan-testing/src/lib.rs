//! Looking for texts that must not be anywhere: [`Needles`] has every form in which a text could lie about, [`memory`]
//! what a process holds. Reading what label printers are sent: [`printer`]; printers that are not there: [`device`]. And [`Random`], for inputs made by chance
//! that are the same every time.
//!
//! For tests only: no program depends on this, and it is not published. It knows nothing of orders.

#[cfg(unix)]
pub mod device;
pub mod forms;
#[cfg(target_os = "linux")]
pub mod memory;
pub mod printer;
mod random;

pub use forms::Needles;
pub use random::Random;
