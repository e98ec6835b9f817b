//! A batch that is being printed, as JavaScript follows it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use miandan_print::Summary;
use napi::bindgen_prelude::{Buffer, Either, Object, Uint32Array};
use napi::{Env, JsDeferred};
use napi_derive::napi;

use crate::at_exit::AtWork;
use crate::background::Resolver;
use crate::component::ReadyComponent;
use crate::failed::Failed;
use crate::label::SaidOfLabel;
use crate::told::{End, Letters, Told};

/// A batch that is being printed. It is cancelled when nobody holds it any more.
#[napi]
pub struct Run {
    shared: Arc<Printing>,
}

/// What JavaScript and the thread that prints share.
pub(crate) struct Printing {
    pub(crate) letters: Letters,
    pub(crate) cancel: AtomicBool,
}

/// Labels as they came, one after the other, and what came of the batch after the last of them.
///
/// Most labels are alike: they have a size, one page, and nothing more is said of them. So lists of what they have are handed
/// over and no object for each, which would cost more than all the rest.
#[napi(object, object_from_js = false)]
pub struct Handful {
    /// The place of the first in the batch, from 1.
    pub first: u32,
    /// How many there are in the batch.
    pub count: u32,
    /// How long each is, in bytes.
    pub sizes: Uint32Array,
    /// Those of which there is more to say.
    pub said: Vec<SaidOfLabel>,
    /// The pages of all of them, if they were asked for.
    pub pages: Vec<Buffer>,
    /// How many pages each has, unless all have one.
    pub page_counts: Option<Uint32Array>,
    /// The end, if this is it.
    pub end: Option<BatchEnd>,
}

/// What came of a batch: either of these.
#[napi(object, object_from_js = false)]
pub struct BatchEnd {
    /// Why it was not printed.
    pub failed: Option<Failed>,
    /// What was printed.
    pub summary: Option<BatchSummary>,
}

/// What was printed.
#[napi(object, object_from_js = false)]
pub struct BatchSummary {
    /// Labels.
    pub done: u32,
    /// Orders without a label.
    pub failed: u32,
    /// Pages of all labels.
    pub pages: u32,
    /// Labels of which a person should know something.
    pub warned: u32,
    /// What the component says of itself.
    pub component: ReadyComponent,
}

impl Run {
    pub(crate) fn new(shared: Arc<Printing>) -> Self {
        Run { shared }
    }
}

#[napi]
impl Run {
    /// What is there of labels, at once, or a promise of it. The one before has to be settled.
    #[napi(catch_unwind)]
    pub fn next<'e>(&self, env: &'e Env) -> napi::Result<Either<Handful, Object<'e>>> {
        let mut made = Ok(None);
        self.shared.letters.ask(|| match env.create_deferred() {
            Ok((deferred, promise)) => {
                made = Ok(Some(promise));
                Some(self.call(deferred))
            }
            Err(error) => {
                made = Err(error);
                None
            }
        });
        Ok(match made? {
            Some(promise) => Either::B(promise),
            None => Either::A(self.shared.handful()),
        })
    }

    /// Has it end soon. Labels that are not taken yet are lost; its end is still told.
    #[napi(catch_unwind)]
    pub fn cancel(&self) {
        self.shared.give_up();
    }

    fn call(&self, deferred: JsDeferred<Handful, Resolver<Handful>>) -> Box<dyn FnOnce() + Send> {
        let shared = Arc::clone(&self.shared);
        // What is there when JavaScript comes, which is more than what it was called for.
        Box::new(move || deferred.resolve(Box::new(move |_| Ok(shared.handful()))))
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.shared.give_up();
    }
}

impl Printing {
    /// Makes no further label, and waits for nobody who reads.
    fn give_up(&self) {
        self.cancel.store(true, Ordering::Relaxed);
        self.letters.close();
    }

    fn handful(&self) -> Handful {
        let (told, end) = self.letters.take();
        let sizes: Vec<u32> = told.iter().map(Told::size).collect();
        let counts: Vec<u32> = told.iter().map(Told::page_count).collect();
        Handful {
            first: told.first().map_or(0, |label| label.index),
            count: told.first().map_or(0, |label| label.count),
            sizes: Uint32Array::new(sizes),
            said: told.iter().filter_map(SaidOfLabel::new).collect(),
            page_counts: counts.iter().any(|&count| count != 1).then(|| Uint32Array::new(counts)),
            // Handed over as they are; they are freed when JavaScript has let go of them.
            pages: told.into_iter().filter_map(|label| label.pages).flatten().map(Buffer::from).collect(),
            end: end.map(BatchEnd::from),
        }
    }
}

impl AtWork for Printing {
    fn end(self: Arc<Self>) {
        self.give_up();
    }

    fn wait(&self, until: Instant) {
        self.letters.wait_until_over(until);
    }
}

impl From<End> for BatchEnd {
    fn from(end: End) -> Self {
        match end {
            Ok(summary) => BatchEnd { failed: None, summary: Some(BatchSummary::from(&summary)) },
            Err(failed) => BatchEnd { failed: Some(failed), summary: None },
        }
    }
}

impl From<&Summary> for BatchSummary {
    fn from(summary: &Summary) -> Self {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        BatchSummary {
            done: count(summary.done),
            failed: count(summary.failed),
            pages: count(summary.pages),
            warned: count(summary.warned),
            component: ReadyComponent::new(&summary.ready, None),
        }
    }
}
