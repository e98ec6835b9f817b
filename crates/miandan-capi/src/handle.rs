//! Handles: numbers that stand for objects of this library, looked up with every call.
//!
//! A pointer that was freed is followed into whatever is there now; a number that was freed is not found. The table is the one
//! thing in this library that is shared by the whole program.

use std::any::Any;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use miandan_print::Status;

use crate::outcome::Failed;

/// Something that a handle stands for.
pub(crate) trait Object: Any + Send + Sync {
    /// What it is called in messages.
    const NAME: &'static str;

    /// Asks whatever it does to end: its handle was freed, and somebody may still be at work with it.
    fn freed(&self) {}
}

struct Slot {
    /// Handles of what was here before have another one.
    generation: u32,
    object: Option<Arc<dyn Any + Send + Sync>>,
}

struct Table {
    slots: Vec<Slot>,
    free: Vec<u32>,
    /// Where generations begin, so that a number from elsewhere, or from another run, is hardly ever a handle.
    first: u32,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(|| {
    let first = RandomState::new().hash_one("handles") as u32 | 1;
    RwLock::new(Table { slots: Vec::new(), free: Vec::new(), first })
});

/// Gives an object a handle, never 0.
pub(crate) fn give<T: Object>(object: T) -> u64 {
    let object: Arc<dyn Any + Send + Sync> = Arc::new(object);
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let place = table.free.pop().unwrap_or_else(|| {
        let generation = table.first;
        table.slots.push(Slot { generation, object: None });
        (table.slots.len() - 1) as u32
    });
    let slot = &mut table.slots[place as usize];
    slot.object = Some(object);
    u64::from(slot.generation) << 32 | u64::from(place)
}

/// What a handle stands for.
pub(crate) fn find<T: Object>(handle: u64) -> Result<Arc<T>, Failed> {
    let table = TABLE.read().unwrap_or_else(PoisonError::into_inner);
    let slot = table.slots.get(handle as u32 as usize);
    let slot = slot.filter(|slot| u64::from(slot.generation) == handle >> 32);
    let object = slot.and_then(|slot| slot.object.clone());
    object.and_then(|object| object.downcast().ok()).ok_or_else(bad::<T>)
}

/// Takes a handle back; what it stands for goes when the last call that uses it ends. 0 is nothing.
pub(crate) fn free<T: Object>(handle: u64) -> Result<(), Failed> {
    if handle == 0 {
        return Ok(());
    }
    // Looked up first, so that a handle of another kind is not freed.
    let object = find::<T>(handle)?;
    let mut table = TABLE.write().unwrap_or_else(PoisonError::into_inner);
    let slot = &mut table.slots[handle as u32 as usize];
    // Another thread may have been faster.
    if u64::from(slot.generation) != handle >> 32 {
        return Err(bad::<T>());
    }
    // A generation of 0 would make a handle of 0.
    slot.generation = slot.generation.wrapping_add(1).max(1);
    slot.object = None;
    table.free.push(handle as u32);
    drop(table);
    object.freed();
    Ok(())
}

fn bad<T: Object>() -> Failed {
    Failed::new(Status::BadHandle, format!("this is the handle of no {}, or of one that was freed", T::NAME))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Parcel(u8);

    impl Object for Parcel {
        const NAME: &'static str = "parcel";
    }

    #[derive(Debug)]
    struct Crate;

    impl Object for Crate {
        const NAME: &'static str = "crate";
    }

    #[test]
    fn a_handle_is_found_until_it_is_freed_and_by_its_kind_alone() {
        let (one, two) = (give(Parcel(1)), give(Parcel(2)));
        assert_eq!(find::<Parcel>(two).map(|parcel| parcel.0).unwrap(), 2);
        assert_eq!(find::<Crate>(one).unwrap_err().status, Status::BadHandle);
        assert_eq!(free::<Crate>(one).unwrap_err().status, Status::BadHandle);
        free::<Parcel>(one).unwrap();
        assert_eq!(free::<Parcel>(one).unwrap_err().status, Status::BadHandle);
        let again = give(Parcel(3));
        assert!(find::<Parcel>(one).is_err(), "its place may be another's by now");
        assert_eq!(find::<Parcel>(again).map(|parcel| parcel.0).unwrap(), 3);
        for wild in [1, u64::MAX, one ^ 1 << 40] {
            assert!(find::<Parcel>(wild).is_err());
        }
        free::<Parcel>(0).unwrap();
        assert!(find::<Parcel>(0).is_err());
    }

    #[test]
    fn what_is_in_use_outlives_its_handle() {
        let handle = give(Parcel(7));
        let used = find::<Parcel>(handle).unwrap();
        free::<Parcel>(handle).unwrap();
        assert_eq!(used.0, 7);
    }
}
