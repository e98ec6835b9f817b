//! Warm components that make labels as they are asked for, each with a thread of its own.
//!
//! A component is replaced after so many labels or so long; its successor is started beside it, so that nobody waits. One
//! that dies over labels is followed by another, which gets them one by one; a label over which components die twice more,
//! alone, is answered with `INTERNAL`.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::label::{Format, LabelSize, Purpose, Resolution};
use miandan_core::pipe::{
    Answer, Failure, LabelAnswer, LabelArea, LabelContent as Content, RenderLabel, Request, TemplateKind,
    TemplateReady, Warnings,
};
use miandan_core::stamp::Stamp;
use miandan_render::template::Problem;

use super::StationOptions;
use super::label::{LabelContent, LabelError, LabelRequest, TemplateSource};
use super::warm::{Refusal, Warm, WarmError};
use crate::worker::most_labels;

/// Labels that are asked for at once where many wait. Few: the first of them waits for the last.
const AT_ONCE: usize = 8;

/// How long a component that does not start is waited for before it is tried again.
const BREATH: Duration = Duration::from_secs(1);

/// A label that is to be made.
pub(super) struct Job {
    pub(super) label: Arc<LabelRequest>,
    pub(super) stamp: Stamp,
    pub(super) format: Format,
    pub(super) purpose: Purpose,
    /// Who gets it.
    pub(super) done: Box<dyn FnOnce(Result<Made, LabelError>) + Send>,
}

/// A label that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Made {
    /// Each of its pages.
    pub(super) pages: Vec<Vec<u8>>,
    pub(super) size: LabelSize,
    pub(super) warnings: Warnings,
    /// What the components took for it, together with those that were asked for with it.
    pub(super) took: Duration,
}

/// The components.
pub(super) struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    options: Arc<StationOptions>,
    jobs: Mutex<Jobs>,
    changed: Condvar,
}

#[derive(Default)]
struct Jobs {
    /// Labels that a printer waits for, and then those that somebody only looks at.
    to_print: VecDeque<Job>,
    to_show: VecDeque<Job>,
    closed: bool,
}

impl Jobs {
    /// Where the next one comes from.
    fn first(&mut self) -> &mut VecDeque<Job> {
        if self.to_print.is_empty() { &mut self.to_show } else { &mut self.to_print }
    }
}

impl Pool {
    /// Starts the first component, so that what is wrong with keys and lists is known at once, and threads for all of them.
    pub(super) fn start(options: &Arc<StationOptions>) -> Result<Self, WarmError> {
        let shared = Arc::new(Shared {
            options: Arc::clone(options),
            jobs: Mutex::default(),
            changed: Condvar::new(),
        });
        let mut first = Some(Warm::start(options)?);
        if let Some(warm) = &first {
            options.observer.ready(warm.component().ready(), warm.component().is_separate());
        }
        let threads = (0..options.components.max(1)).map(|_| {
            let (shared, warm) = (Arc::clone(&shared), first.take());
            let work = move || Worker { shared: &shared, warm, successor: None, spare: Vec::new() }.work();
            thread::Builder::new().name("component".to_owned()).spawn(work)
        });
        let threads = threads.collect::<Result<_, _>>().map_err(|_| WarmError::Died)?;
        Ok(Pool { shared, threads })
    }

    /// Has a label made. Labels are begun in the order in which they are asked for, those that are printed first.
    pub(super) fn make(&self, job: Job) {
        let mut jobs = self.shared.lock();
        match job.purpose {
            Purpose::Print => jobs.to_print.push_back(job),
            Purpose::Preview => jobs.to_show.push_back(job),
        }
        drop(jobs);
        self.shared.changed.notify_one();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        let waiting = {
            let mut jobs = self.shared.lock();
            jobs.closed = true;
            [std::mem::take(&mut jobs.to_print), std::mem::take(&mut jobs.to_show)]
        };
        self.shared.changed.notify_all();
        waiting.into_iter().flatten().for_each(|job| (job.done)(Err(LabelError::Stopping)));
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next labels that can be asked for together, once there are any; none when it is time to look at the component.
    fn take(&self, patience: Duration) -> Option<Vec<Job>> {
        let mut jobs = self.lock();
        if jobs.first().is_empty() && !jobs.closed {
            (jobs, _) = self.changed.wait_timeout(jobs, patience).unwrap_or_else(PoisonError::into_inner);
        }
        if jobs.closed {
            return None;
        }
        let waiting = jobs.first();
        let mut taken: Vec<Job> = waiting.pop_front().into_iter().collect();
        while let (Some(first), Some(next)) = (taken.first(), waiting.front())
            && taken.len() < AT_ONCE
            && first.goes_with(next)
        {
            taken.extend(waiting.pop_front());
        }
        Some(taken)
    }
}

impl Job {
    fn goes_with(&self, other: &Job) -> bool {
        (self.format, self.purpose) == (other.format, other.purpose)
            && self.label.template.id() == other.label.template.id()
    }

    fn resolution(&self) -> Resolution {
        match self.format {
            Format::Printer(profile) => profile.resolution,
            Format::Pdf | Format::Png | Format::Frame => Resolution::default(),
        }
    }
}

/// One component after the other.
struct Worker<'w> {
    shared: &'w Shared,
    warm: Option<Warm>,
    successor: Option<JoinHandle<Result<Warm, WarmError>>>,
    spare: Vec<u8>,
}

impl Worker<'_> {
    fn work(&mut self) {
        loop {
            self.freshen();
            let patience = self.warm.as_ref().map_or(BREATH, Warm::time_left).max(Duration::from_millis(10));
            let Some(jobs) = self.shared.take(patience) else { return };
            if !jobs.is_empty() {
                self.make(jobs);
            }
        }
    }

    /// Has a component ready, and its successor in time.
    fn freshen(&mut self) {
        let options = &self.shared.options;
        if self.successor.as_ref().is_some_and(JoinHandle::is_finished) {
            self.succeed();
        }
        match &self.warm {
            Some(warm) if warm.is_old() => {
                self.begin_successor();
                self.succeed();
            }
            Some(warm) if warm.ages() => self.begin_successor(),
            Some(_) => {}
            None => match Warm::start(options) {
                Ok(warm) => self.warm = Some(warm),
                Err(error) => options.observer.no_component(&error),
            },
        }
    }

    fn begin_successor(&mut self) {
        if self.successor.is_none() {
            let options = Arc::clone(&self.shared.options);
            let start = move || Warm::start(&options);
            self.successor = thread::Builder::new().name("successor".to_owned()).spawn(start).ok();
        }
    }

    /// Waits for the successor, if there is one, and lets the other go. If it does not start the old one is gone all the same:
    /// it has had its time.
    fn succeed(&mut self) {
        let Some(successor) = self.successor.take() else { return };
        self.warm = match successor.join() {
            Ok(Ok(warm)) => Some(warm),
            Ok(Err(error)) => {
                self.shared.options.observer.no_component(&error);
                None
            }
            Err(_) => None,
        };
    }

    fn make(&mut self, jobs: Vec<Job>) {
        let began = Instant::now();
        match self.ask(&jobs) {
            Ok(results) => {
                let took = began.elapsed();
                for (job, result) in jobs.into_iter().zip(results) {
                    (job.done)(result.map(|made| Made { took, ..made }));
                }
            }
            Err(_) => jobs.into_iter().for_each(|job| self.make_alone(job)),
        }
    }

    /// One label after a component has died over it or over its neighbours.
    fn make_alone(&mut self, job: Job) {
        let began = Instant::now();
        let jobs = [job];
        let mut deaths = 0;
        let result = loop {
            match self.ask(&jobs) {
                Ok(mut results) => break results.pop().unwrap_or(Err(LabelError::Component)),
                Err(WarmError::Died) => deaths += 1,
                Err(_) => break Err(LabelError::Component),
            }
            if deaths == 2 {
                break Err(LabelError::Refused(Failure::from(Code::Internal)));
            }
        };
        let took = began.elapsed();
        let [job] = jobs;
        (job.done)(result.map(|made| Made { took, ..made }));
    }

    /// Asks the component for labels that go together; in their order. If it dies, it is gone.
    fn ask(&mut self, jobs: &[Job]) -> Result<Vec<Result<Made, LabelError>>, WarmError> {
        let options = &self.shared.options;
        if self.warm.is_none() {
            self.warm = Some(Warm::start(options).inspect_err(|error| options.observer.no_component(error))?);
        }
        let Some(warm) = &mut self.warm else { return Err(WarmError::Died) };
        let asked = Asked { options, jobs }.of(warm, &mut self.spare);
        if asked.is_err() {
            self.warm = None;
        }
        asked
    }
}

/// Labels that go together, and what they are asked with.
struct Asked<'a> {
    options: &'a StationOptions,
    jobs: &'a [Job],
}

impl Asked<'_> {
    fn of(&self, warm: &mut Warm, spare: &mut Vec<u8>) -> Result<Vec<Result<Made, LabelError>>, WarmError> {
        let Some(first) = self.jobs.first() else { return Ok(Vec::new()) };
        let template = match self.template(warm, &first.label.template, None)? {
            Ok(template) => template,
            Err(error) => return Ok(vec![Err(error); self.jobs.len()]),
        };
        if let Format::Printer(profile) = first.format
            && let Err(error) = profile.fits(template.size)
        {
            return Ok(vec![Err(LabelError::Unfit(error)); self.jobs.len()]);
        }
        let mut results = vec![Err(LabelError::Component); self.jobs.len()];
        let mut labels = Vec::with_capacity(self.jobs.len());
        for (place, job) in self.jobs.iter().enumerate() {
            match self.label(warm, job, template)? {
                Ok(label) => labels.push((place, label)),
                Err(error) => results[place] = Err(error),
            }
        }
        let most = most_labels(first.format, template.size).max(1);
        for labels in labels.chunks(most) {
            let request = Request::Render {
                template: template.template,
                format: first.format,
                resolution: first.resolution(),
                purpose: first.purpose,
                missing: self.options.missing,
                now: (self.options.clock)(),
                labels: labels.iter().map(|(_, label)| label.clone()).collect(),
            };
            let (made, frame) = warm.render(&request, std::mem::take(spare), |answer| match answer {
                Answer::Labels { labels, .. } => {
                    Some(labels.into_iter().map(|label| made(label, template.size)).collect::<Vec<_>>())
                }
                _ => None,
            })?;
            *spare = frame;
            if made.len() != labels.len() {
                return Err(WarmError::Died);
            }
            for ((place, _), made) in labels.iter().zip(made) {
                results[*place] = made;
            }
        }
        Ok(results)
    }

    /// A label as the component is asked for it, once it has the templates of its areas.
    fn label<'j>(
        &self,
        warm: &mut Warm,
        job: &'j Job,
        template: TemplateReady,
    ) -> Result<Result<RenderLabel<'j>, LabelError>, WarmError> {
        let label = &*job.label;
        let content = match &label.content {
            LabelContent::Sealed(order) => Content::Sealed(order),
            // Looking is free: what is shown is masked, and data that has people in it does not come this far.
            LabelContent::Plain(..)
                if template.personal && !self.options.plain_waybills && job.purpose == Purpose::Print =>
            {
                return Ok(Err(LabelError::PersonalTemplate));
            }
            LabelContent::Plain(data, _) => Content::Plain(data.0.as_bytes()),
        };
        let mut areas = Vec::with_capacity(label.areas.len());
        for (place, area) in label.areas.iter().enumerate() {
            match self.template(warm, &area.template, Some(place))? {
                Ok(template) => {
                    areas.push(LabelArea { template: template.template, data: area.data.0.as_bytes() });
                }
                Err(error) => return Ok(Err(error)),
            }
        }
        let sender = label.sender.as_ref().map(|sender| sender.0.as_bytes());
        Ok(Ok(RenderLabel { stamp: job.stamp, content, sender, areas }))
    }

    fn template(
        &self,
        warm: &mut Warm,
        source: &TemplateSource,
        area: Option<usize>,
    ) -> Result<Result<TemplateReady, LabelError>, WarmError> {
        // What is drawn over a label is of data in clear, whatever somebody calls it.
        if area.is_some() && source.kind() != TemplateKind::Free {
            return Ok(Err(LabelError::PersonalTemplate));
        }
        Ok(warm.template(source)?.map_err(|refusal| match refusal {
            Refusal { problem: Problem::PersonInData, .. } if area.is_none() => LabelError::PersonalTemplate,
            Refusal { code, problem, line, column } => {
                LabelError::Template { code, area, problem, line, column }
            }
        }))
    }
}

fn made(label: LabelAnswer<'_>, size: LabelSize) -> Result<Made, LabelError> {
    match label {
        LabelAnswer::Done { label, warnings } => {
            let pages = label.iter().map(<[u8]>::to_vec).collect();
            Ok(Made { pages, size, warnings, took: Duration::ZERO })
        }
        LabelAnswer::Failed(failure) => Err(LabelError::Refused(failure)),
    }
}
