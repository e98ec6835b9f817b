//! What is at work when Node, or one of its worker threads, ends: batches are cancelled, so that nothing half-written is left,
//! and stations finish the label in flight, so that no person has to look for it.

use std::cell::RefCell;
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use napi::Env;
use napi_derive::napi;

/// How long all of it together is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// Something at work.
pub(crate) trait AtWork: Send + Sync {
    /// Has it end soon.
    fn end(self: Arc<Self>);

    /// Waits until it has ended, and not for ever.
    fn wait(&self, until: Instant);
}

thread_local! {
    /// Each environment of Node has a thread of its own.
    static AT_WORK: RefCell<Option<Vec<Weak<dyn AtWork>>>> = const { RefCell::new(None) };
}

/// Has it ended with this environment, unless it is dropped before.
pub(crate) fn end_with(env: &Env, work: Weak<dyn AtWork>) -> napi::Result<()> {
    AT_WORK.with_borrow_mut(|known| {
        if known.is_none() {
            env.add_env_cleanup_hook((), |()| end_all())?;
        }
        let known = known.get_or_insert_default();
        known.retain(|work| work.strong_count() > 0);
        known.push(work);
        Ok(())
    })
}

/// Has all of it end, and waits until it has.
#[napi(catch_unwind)]
pub fn end_all() {
    let known = AT_WORK.take().unwrap_or_default();
    let at_work: Vec<Arc<dyn AtWork>> = known.iter().filter_map(Weak::upgrade).collect();
    let until = Instant::now() + PATIENCE;
    at_work.iter().for_each(|work| Arc::clone(work).end());
    at_work.iter().for_each(|work| work.wait(until));
}
