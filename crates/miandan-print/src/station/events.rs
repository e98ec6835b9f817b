//! What happens to labels as a queue that is read, for programs that would rather ask than be called.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::label::{LabelEvent, Watch};

/// Something that happened to a label.
#[derive(Clone, Debug, PartialEq)]
pub struct TaggedEvent {
    /// What [`Events::watch`] was given.
    pub tag: u64,
    /// Which label of the request it was, from 0.
    pub place: usize,
    /// What happened.
    pub event: LabelEvent,
}

/// A queue of what happens to labels. Several threads may read it; each event goes to one of them.
///
/// It has no bound of its own: a label has a handful of events, and the station bounds the labels.
#[derive(Debug, Default)]
pub struct Events(Arc<Queue>);

#[derive(Debug, Default)]
struct Queue {
    events: Mutex<VecDeque<TaggedEvent>>,
    came: Condvar,
}

impl Events {
    /// Puts what happens to the labels of a request into this queue, marked with a number of the caller's.
    #[must_use]
    pub fn watch(&self, tag: u64) -> Arc<dyn Watch> {
        Arc::new(Tagged { tag, queue: Arc::clone(&self.0) })
    }

    /// The next event; `None` if nothing happened for so long.
    #[must_use]
    pub fn next(&self, within: Duration) -> Option<TaggedEvent> {
        let events = self.0.events.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.0.came.wait_timeout_while(events, within, |events| events.is_empty());
        let (mut events, _) = waited.unwrap_or_else(PoisonError::into_inner);
        events.pop_front()
    }
}

struct Tagged {
    tag: u64,
    queue: Arc<Queue>,
}

impl Watch for Tagged {
    fn event(&self, place: usize, event: LabelEvent) {
        let event = TaggedEvent { tag: self.tag, place, event };
        self.queue.events.lock().unwrap_or_else(PoisonError::into_inner).push_back(event);
        self.queue.came.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_their_order_with_what_they_were_marked_with() {
        let events = Events::default();
        let (one, two) = (events.watch(1), events.watch(2));
        one.event(0, LabelEvent::Sending);
        two.event(5, LabelEvent::Settled(Ok(None)));
        drop((one, two));
        let next = || events.next(Duration::from_millis(1)).map(|event| (event.tag, event.place));
        assert_eq!([next(), next(), next()], [Some((1, 0)), Some((2, 5)), None]);
    }
}
