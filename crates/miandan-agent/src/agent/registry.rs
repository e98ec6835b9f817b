//! The tasks that were accepted, by their ids: those on their way, and the last of those that are settled.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::running::Running;

/// Settled tasks that are remembered, so that clients that were gone can ask what became of them.
const MOST: usize = 10_000;

/// The tasks.
#[derive(Default)]
pub(super) struct Registry(Mutex<Tasks>);

#[derive(Default)]
struct Tasks {
    by_id: HashMap<String, Arc<Running>>,
    /// The task of each document, by their ids.
    documents: HashMap<String, String>,
    /// Ids in the order in which they came.
    order: VecDeque<(String, Arc<Running>)>,
}

impl Registry {
    /// The task of an id.
    pub(super) fn get(&self, id: &str) -> Option<Arc<Running>> {
        self.lock().by_id.get(id).cloned()
    }

    /// The task that a document was in last.
    pub(super) fn of_document(&self, document: &str) -> Option<Arc<Running>> {
        let tasks = self.lock();
        tasks.by_id.get(tasks.documents.get(document)?).cloned()
    }

    /// Remembers a task. One with the same id that was there before is forgotten; it goes on all the same.
    pub(super) fn put(&self, id: &str, documents: impl Iterator<Item = String>, task: Arc<Running>) {
        let mut tasks = self.lock();
        for document in documents {
            tasks.documents.insert(document, id.to_owned());
        }
        tasks.by_id.insert(id.to_owned(), Arc::clone(&task));
        tasks.order.push_back((id.to_owned(), task));
        while tasks.order.len() > MOST {
            // One that is not settled is looked at again later: those that are older than it are not many.
            let Some((id, task)) = tasks.order.pop_front() else { return };
            if !task.is_settled() {
                tasks.order.push_back((id, task));
                return;
            }
            tasks.forget(&id, &task);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Tasks> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tasks {
    fn forget(&mut self, id: &str, task: &Arc<Running>) {
        if !self.by_id.get(id).is_some_and(|known| Arc::ptr_eq(known, task)) {
            return;
        }
        self.by_id.remove(id);
        for document in task.progress().documents {
            if self.documents.get(&document.document).is_some_and(|of| of == id) {
                self.documents.remove(&document.document);
            }
        }
    }
}
