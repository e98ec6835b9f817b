//! Work off the event loop: on libuv's threads what only waits for a disk, on a thread of its own what may take longer. A
//! handful of the latter would otherwise stop every file and name look-up of the host.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use miandan_print::Status;
use napi::bindgen_prelude::{AsyncTask, Either, Object, ToNapiValue, TypeName};
use napi::{Env, JsDeferred, Task};

use crate::failed::Failed;

/// What is answered to JavaScript.
pub(crate) type Answer<T> = Either<Failed, T>;

/// How a promise is resolved.
pub(crate) type Resolver<T> = Box<dyn FnOnce(Env) -> napi::Result<T> + Send>;

/// The answer of what may fail.
pub(crate) fn answer<T>(result: Result<T, Failed>) -> Answer<T> {
    match result {
        Ok(value) => Either::B(value),
        Err(failed) => Either::A(failed),
    }
}

/// A panic is a defect of ours, and the host is not to die of it.
pub(crate) fn guarded<T>(work: impl FnOnce() -> Result<T, Failed>) -> Result<T, Failed> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Failed::internal()))
}

/// Work for a thread of libuv.
pub struct Work<T>(Option<Box<dyn FnOnce() -> Result<T, Failed> + Send>>);

/// A promise of what a thread of libuv makes.
pub(crate) fn promise<T>(work: impl FnOnce() -> Result<T, Failed> + Send + 'static) -> AsyncTask<Work<T>>
where
    T: Send + ToNapiValue + TypeName + 'static,
{
    AsyncTask::new(Work(Some(Box::new(work))))
}

impl<T: Send + ToNapiValue + TypeName + 'static> Task for Work<T> {
    type Output = Answer<T>;
    type JsValue = Answer<T>;

    fn compute(&mut self) -> napi::Result<Self::Output> {
        // Taken, so that nothing of it is left to be dropped on the event loop.
        Ok(answer(self.0.take().map_or_else(|| Err(Failed::internal()), guarded)))
    }

    fn resolve(&mut self, _: Env, output: Self::Output) -> napi::Result<Self::JsValue> {
        Ok(output)
    }
}

/// A promise of what a thread of its own makes.
pub(crate) fn thread_promise<'e, T>(
    env: &'e Env,
    name: &str,
    work: impl FnOnce() -> Result<T, Failed> + Send + 'static,
) -> napi::Result<Object<'e>>
where
    T: Send + ToNapiValue + 'static,
{
    let (deferred, promise): (JsDeferred<Answer<T>, Resolver<Answer<T>>>, _) = env.create_deferred()?;
    // A promise that is given up would keep the process alive for ever, so it is not lost with a thread that does not start.
    let deferred = Arc::new(Mutex::new(Some(deferred)));
    let theirs = Arc::clone(&deferred);
    let settle = |deferred: &Mutex<Option<JsDeferred<_, Resolver<_>>>>, made: Answer<T>| {
        if let Some(deferred) = deferred.lock().unwrap_or_else(PoisonError::into_inner).take() {
            deferred.resolve(Box::new(move |_| Ok(made)));
        }
    };
    let run = move || settle(&theirs, answer(guarded(work)));
    if let Err(error) = thread::Builder::new().name(name.to_owned()).spawn(run) {
        settle(&deferred, Either::A(no_thread(&error)));
    }
    Ok(promise)
}

/// The system starts no more threads.
pub(crate) fn no_thread(error: &std::io::Error) -> Failed {
    Failed::new(Status::ComponentFailed, format!("no thread can be started: {error}"))
}
