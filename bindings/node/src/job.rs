//! Labels that a station was asked for, as JavaScript follows them.

use std::sync::Arc;

use miandan_print::station::{LabelEvent, Watch};
use napi::bindgen_prelude::{Either, Object};
use napi::{Env, JsDeferred};
use napi_derive::napi;

use crate::background::Resolver;
use crate::failed::Failed;
use crate::label::{LabelWarning, warnings};
use crate::mailbox::Mailbox;
use crate::station::LastTrouble;

/// What happens to labels. It has no bound of its own: a label has a handful of events, and the station bounds the labels.
type Letters = Mailbox<(usize, LabelEvent), ()>;

/// Labels that a station was asked for.
#[napi]
pub struct Job {
    letters: Arc<Letters>,
    trouble: Arc<LastTrouble>,
}

/// What happened, as it came.
#[napi(object, object_from_js = false)]
pub struct Happened {
    /// The events.
    pub events: Vec<Event>,
    /// Whether nothing more will happen.
    pub is_over: bool,
}

/// Something that happened to a label.
#[napi(object, object_from_js = false)]
pub struct Event {
    /// Which label of the request, from 1.
    pub index: u32,
    /// What.
    pub kind: String,
    /// `planned`: its number.
    pub number: Option<String>,
    /// `made`: in so many milliseconds.
    pub took: Option<f64>,
    /// `made`: what a person should know.
    pub warnings: Option<Vec<LabelWarning>>,
    /// `waiting`: why.
    pub why: Option<String>,
    /// `waiting`: it is tried again after so many milliseconds.
    pub again: Option<f64>,
    /// `settled`: what says that it was printed.
    pub confirmation: Option<String>,
    /// `settled`: why it was not.
    pub failed: Option<Failed>,
}

/// Tells of labels; when the station has forgotten them, nothing more will happen.
struct Told(Arc<Letters>);

impl Watch for Told {
    fn event(&self, place: usize, event: LabelEvent) {
        self.0.put((place, event));
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        self.0.end(());
    }
}

impl Job {
    pub(crate) fn new(trouble: Arc<LastTrouble>) -> Self {
        Job { letters: Arc::new(Mailbox::new(usize::MAX)), trouble }
    }

    pub(crate) fn watch(&self) -> Arc<dyn Watch> {
        Arc::new(Told(Arc::clone(&self.letters)))
    }
}

#[napi]
impl Job {
    /// What has happened, at once, or a promise of what will. The one before has to be settled.
    #[napi(catch_unwind)]
    pub fn next<'e>(&self, env: &'e Env) -> napi::Result<Either<Happened, Object<'e>>> {
        let mut made = Ok(None);
        self.letters.ask(|| match env.create_deferred() {
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
            None => Either::A(happened(&self.letters, &self.trouble)),
        })
    }

    fn call(&self, deferred: JsDeferred<Happened, Resolver<Happened>>) -> Box<dyn FnOnce() + Send> {
        let (letters, trouble) = (Arc::clone(&self.letters), Arc::clone(&self.trouble));
        Box::new(move || deferred.resolve(Box::new(move |_| Ok(happened(&letters, &trouble)))))
    }
}

fn happened(letters: &Letters, trouble: &LastTrouble) -> Happened {
    let (events, end) = letters.take();
    let events = events.into_iter().map(|(place, event)| Event::new(place, event, trouble)).collect();
    Happened { events, is_over: end.is_some() }
}

impl Event {
    fn new(place: usize, event: LabelEvent, trouble: &LastTrouble) -> Self {
        let index = u32::try_from(place).unwrap_or(u32::MAX).saturating_add(1);
        let of = |kind: &str| Event {
            index,
            kind: kind.to_owned(),
            number: None,
            took: None,
            warnings: None,
            why: None,
            again: None,
            confirmation: None,
            failed: None,
        };
        match event {
            LabelEvent::Planned(number) => Event { number: Some(number.to_string()), ..of("planned") },
            LabelEvent::Made(took, warned) => {
                Event { took: Some(took.as_secs_f64() * 1e3), warnings: warnings(warned), ..of("made") }
            }
            LabelEvent::Sending => of("sending"),
            LabelEvent::Waiting(why, again) => {
                Event { why: Some(why.to_string()), again: Some(again.as_secs_f64() * 1e3), ..of("waiting") }
            }
            LabelEvent::Settled(Ok(rung)) => {
                Event { confirmation: rung.map(|rung| rung.as_str().to_owned()), ..of("settled") }
            }
            LabelEvent::Settled(Err(error)) => {
                Event { failed: Some(trouble.explain(&error)), ..of("settled") }
            }
            // What a later station may say.
            _ => of("other"),
        }
    }
}
