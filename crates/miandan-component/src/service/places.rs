//! How many hosts there may be, and how many of one user: nobody keeps everybody else out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The places that hosts can take.
pub(super) struct Places {
    most: usize,
    most_for_user: usize,
    taken: Arc<Mutex<HashMap<u32, usize>>>,
}

/// A place that is taken; free again when the value goes.
pub(super) struct Place {
    user: u32,
    taken: Arc<Mutex<HashMap<u32, usize>>>,
}

impl Places {
    pub(super) fn new(most: usize, most_for_user: usize) -> Self {
        Places { most, most_for_user, taken: Arc::default() }
    }

    /// Takes a place for a user, if there is one.
    pub(super) fn take(&self, user: u32) -> Option<Place> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.get(&user).copied().unwrap_or(0);
        if all >= self.most || own >= self.most_for_user {
            return None;
        }
        taken.insert(user, own + 1);
        Some(Place { user, taken: Arc::clone(&self.taken) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.user) {
            Some(own) if *own > 1 => *own -= 1,
            _ => {
                taken.remove(&self.user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_cannot_take_every_place() {
        let places = Places::new(3, 2);
        let first = places.take(7).unwrap();
        let _second = places.take(7).unwrap();
        assert!(places.take(7).is_none(), "its share is taken");
        let other = places.take(8).unwrap();
        assert!(places.take(9).is_none(), "every place is taken");
        drop(other);
        assert!(places.take(7).is_none());
        drop(first);
        assert!(places.take(7).is_some());
        assert!(places.take(9).is_some());
    }
}
