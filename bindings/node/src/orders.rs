//! Sealed orders.

use std::path::PathBuf;
use std::sync::Arc;

use miandan_print::Status;
use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi_derive::napi;

use crate::background::{Work, promise};
use crate::failed::Failed;

/// Sealed orders, until they are closed.
#[napi]
pub struct Orders {
    inner: Option<Arc<miandan_print::Orders>>,
}

impl Orders {
    fn new(orders: miandan_print::Orders) -> Self {
        Orders { inner: Some(Arc::new(orders)) }
    }

    /// The orders, which whoever has them keeps open.
    pub(crate) fn get(&self) -> Result<Arc<miandan_print::Orders>, Failed> {
        self.inner.clone().ok_or_else(|| Failed::new(Status::BadHandle, "the orders were closed"))
    }
}

#[napi]
impl Orders {
    /// How many there are.
    #[napi(catch_unwind)]
    pub fn count(&self) -> u32 {
        self.inner.as_ref().map_or(0, |orders| u32::try_from(orders.len()).unwrap_or(u32::MAX))
    }

    /// Closes their file, once no batch reads it any more.
    #[napi(catch_unwind)]
    pub fn close(&mut self) {
        self.inner = None;
    }
}

/// The orders of a file.
#[napi(catch_unwind)]
pub fn open_orders(path: String) -> AsyncTask<Work<Orders>> {
    promise(move || {
        let opened = miandan_print::Orders::open(&PathBuf::from(&path));
        opened.map(Orders::new).map_err(|error| {
            let failed = Failed::of(&error);
            Failed { message: format!("{path}: {}", failed.message), ..failed }
        })
    })
}

/// Orders that are in memory. They are put aside in a temporary file, still sealed.
#[napi(catch_unwind)]
pub fn spool_orders(orders: Buffer) -> AsyncTask<Work<Orders>> {
    // Copied: a program may go on writing into its buffer.
    let orders = orders.to_vec();
    promise(move || {
        let spooled = miandan_print::Orders::spool(orders.as_slice());
        spooled.map(Orders::new).map_err(|error| Failed::of(&error))
    })
}
