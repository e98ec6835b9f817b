//! Labels of a batch one by one, as they are made: for programs that do something of their own with each.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, LabelSize, Purpose, Resolution};
use miandan_core::pipe::{Failure, FontSubset, Pages, Warnings};

use crate::batch::{Batch, LabelOutcome, Observer, PrintError, Summary};
use crate::options::ComponentOptions;
use crate::orders::Orders;
use crate::output::{Output, OutputError};

/// How many finished labels wait for whoever takes them. More would be memory without use: a component makes a block of them
/// in a few milliseconds.
const WAITING: usize = 64;

/// What a batch is made of, in a value that owns all of it and can go to another thread. [`Batch`] says what each means.
#[derive(Clone, Debug)]
pub struct BatchOptions {
    /// The sealed orders.
    pub orders: Arc<Orders>,
    /// How components are started.
    pub component: ComponentOptions,
    /// The template, UTF-8 XML.
    pub template: Arc<[u8]>,
    /// [`Batch::fonts`].
    pub fonts: Vec<Vec<u8>>,
    /// [`Batch::missing`].
    pub missing: MissingGlyph,
    /// [`Batch::resolution`].
    pub resolution: Resolution,
    /// [`Batch::purpose`].
    pub purpose: Purpose,
    /// [`Batch::now`].
    pub now: u64,
    /// [`Batch::printed_at`].
    pub printed_at: Option<u64>,
    /// [`Batch::workers`].
    pub workers: usize,
}

impl BatchOptions {
    /// As [`Batch::new`]: at 203 dpi, with one worker for each processor and at time 0, which the caller replaces.
    #[must_use]
    pub fn new(orders: Arc<Orders>, component: ComponentOptions, template: impl Into<Arc<[u8]>>) -> Self {
        BatchOptions {
            orders,
            component,
            template: template.into(),
            fonts: Vec::new(),
            missing: MissingGlyph::default(),
            resolution: Resolution::default(),
            purpose: Purpose::default(),
            now: 0,
            printed_at: None,
            workers: thread::available_parallelism().map_or(1, usize::from),
        }
    }

    /// The batch of these options. It ends early once `cancel` is set.
    #[must_use]
    pub fn batch<'a>(&'a self, cancel: &'a AtomicBool) -> Batch<'a> {
        let mut batch = Batch::new(&self.orders, &self.component, &self.template);
        batch.fonts.clone_from(&self.fonts);
        batch.missing = self.missing;
        batch.resolution = self.resolution;
        batch.purpose = self.purpose;
        batch.now = self.now;
        batch.printed_at = self.printed_at;
        batch.workers = self.workers;
        batch.cancel = Some(cancel);
        batch
    }
}

/// One label of a batch, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// Its place in the batch, from 1, and how many there are.
    pub number: LabelNumber,
    /// Its pages, in the form that was asked for: a PNG each, or what a printer is sent.
    pub pages: Result<Vec<Vec<u8>>, Failure>,
    /// What a person should know about its fields.
    pub warnings: Warnings,
}

/// The labels of a batch in their order, while it is printed by a thread of its own.
///
/// An error ends it. Dropping it cancels the batch and waits until its components are gone, which takes as long as the labels
/// that they are at.
///
/// ```no_run
/// use std::sync::Arc;
/// use miandan_print::{BatchOptions, ComponentOptions, LabelForm, Labels, Orders, component_path};
///
/// let mut component = ComponentOptions::new(component_path(None)?);
/// component.keys.push("station.key".into());
/// component.trust.push("issuer.pub".into());
/// let orders = Arc::new(Orders::open("orders.sealed.jsonl".as_ref())?);
/// let mut batch = BatchOptions::new(orders, component, std::fs::read("label.xml")?);
/// batch.now = 1_794_355_200; // seconds since 1970
///
/// for label in Labels::start(batch, LabelForm::Png)? {
///     let label = label?;
///     match label.pages {
///         Ok(pages) => std::fs::write(format!("{}.png", label.number.index), &pages[0])?,
///         Err(failure) => eprintln!("no. {}: {}", label.number.index, failure.code),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Labels {
    /// `None` once the last one was taken.
    labels: Option<Receiver<Label>>,
    cancel: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<Summary, PrintError>>>,
    summary: Summary,
}

/// In which form labels are handed over one by one. A PDF is a file of its own ([`PdfOutput`](crate::PdfOutput)): its labels
/// share fonts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelForm {
    /// A picture for each page.
    Png,
    /// What a printer is sent for each page.
    Printer(miandan_core::printer::Profile),
}

/// Cancels a batch from anywhere.
#[derive(Clone, Debug)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// The batch makes no further label; its labels end with [`PrintError::Cancelled`].
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether there is anything left to cancel.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

impl Labels {
    /// Begins to print a batch.
    ///
    /// # Errors
    /// If the system starts no thread. Everything else comes with the labels.
    pub fn start(batch: BatchOptions, form: LabelForm) -> std::io::Result<Self> {
        let (sender, labels) = mpsc::sync_channel(WAITING);
        let cancel = Arc::new(AtomicBool::new(false));
        let cancelled = Arc::clone(&cancel);
        let print = move || {
            let made = Arc::default();
            let mut told = Handed { sender, made: Arc::clone(&made) };
            batch.batch(&cancelled).print(Made { form, made }, &mut told)
        };
        let thread = thread::Builder::new().name("batch".to_owned()).spawn(print)?;
        Ok(Labels { labels: Some(labels), cancel, thread: Some(thread), summary: Summary::default() })
    }

    /// What cancels this batch.
    #[must_use]
    pub fn cancel(&self) -> Cancel {
        Cancel(Arc::clone(&self.cancel))
    }

    /// What came of the batch, once its last label was taken; nothing before.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The next label, if it comes within this time: for callers who have something else to look at meanwhile.
    pub fn next_within(&mut self, within: Duration) -> Poll<Option<Result<Label, PrintError>>> {
        match self.labels.as_ref().map(|labels| labels.recv_timeout(within)) {
            Some(Ok(label)) => Poll::Ready(Some(Ok(label))),
            Some(Err(RecvTimeoutError::Timeout)) => Poll::Pending,
            Some(Err(RecvTimeoutError::Disconnected)) | None => Poll::Ready(self.after_the_last()),
        }
    }

    /// What comes where a label would: an error once, or nothing.
    fn after_the_last(&mut self) -> Option<Result<Label, PrintError>> {
        match self.end()? {
            Ok(summary) => {
                self.summary = summary;
                None
            }
            Err(error) => Some(Err(error)),
        }
    }

    fn end(&mut self) -> Option<Result<Summary, PrintError>> {
        self.labels = None;
        // A panic of the thread is a defect of ours, and the caller's thread is not to die of it.
        self.thread.take().map(|thread| thread.join().unwrap_or(Err(PrintError::Component)))
    }
}

impl Iterator for Labels {
    type Item = Result<Label, PrintError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.labels.as_ref().map(Receiver::recv) {
            Some(Ok(label)) => Some(Ok(label)),
            Some(Err(_)) | None => self.after_the_last(),
        }
    }
}

impl Drop for Labels {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
        drop(self.end());
    }
}

/// The pages of the label that was made last, until the observer is told of it.
type Pending = Arc<Mutex<Vec<Vec<u8>>>>;

/// Where the batch puts its labels.
struct Made {
    form: LabelForm,
    made: Pending,
}

impl Output for Made {
    fn format(&self) -> Format {
        match self.form {
            LabelForm::Png => Format::Png,
            LabelForm::Printer(profile) => Format::Printer(profile),
        }
    }

    fn begin(&mut self, _size: LabelSize) -> Result<(), OutputError> {
        Ok(())
    }

    fn label(&mut self, _number: u32, label: Pages<'_>) -> Result<(), OutputError> {
        let pages = label.iter().map(<[u8]>::to_vec).collect();
        *self.made.lock().unwrap_or_else(PoisonError::into_inner) = pages;
        Ok(())
    }

    fn finish(self, _fonts: &[FontSubset<'_>]) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Hands each label to whoever takes them.
struct Handed {
    sender: SyncSender<Label>,
    made: Pending,
}

impl Observer for Handed {
    fn label(&mut self, label: &LabelOutcome) {
        let pages = std::mem::take(&mut *self.made.lock().unwrap_or_else(PoisonError::into_inner));
        let pages = label.result.map(|_| pages);
        // Nobody takes them any more: then the batch is cancelled as well.
        let _ = self.sender.send(Label { number: label.number, pages, warnings: label.warnings });
    }
}
