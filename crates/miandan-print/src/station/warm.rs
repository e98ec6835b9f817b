//! A warm component: started, with the templates that it was given, and how long it is still used.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use miandan_core::Code;
use miandan_core::pipe::{Answer, PipeError, Request, StateAnswer, TemplateKind, TemplateReady};
use miandan_render::template::Problem;

use super::StationOptions;
use super::label::TemplateSource;
use crate::component::{Component, FontError, StartError, TemplateError};
use crate::state;

/// After so many labels a component is replaced: what it may have kept of orders by a defect is not kept for long.
const LABELS: usize = 1_000;

/// After so long it is replaced, whether it has made labels or not.
const AGE: Duration = Duration::from_secs(600);

/// So many labels before its end its successor is started.
const AHEAD: usize = 100;

/// So long before its end its successor is started.
const AHEAD_TIME: Duration = Duration::from_secs(5);

/// Templates that a component takes. One that needs another is replaced.
const TEMPLATES: usize = 64;

/// Templates that it gets before the first label, at most: the others still have room beside them.
const GIVEN: usize = TEMPLATES / 2;

/// A component at work.
pub(super) struct Warm {
    component: Component,
    templates: HashMap<(TemplateKind, [u8; 32]), Result<TemplateReady, Refusal>>,
    accepted: usize,
    labels: usize,
    since: Instant,
}

/// Why a template is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) problem: Problem,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// Why there is no component, or no more.
#[derive(Debug, thiserror::Error)]
pub enum WarmError {
    /// It does not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// It takes a font not.
    #[error("font {0}: {1}")]
    Font(usize, FontError),
    /// It died.
    #[error("the print component broke the conversation")]
    Died,
}

impl From<PipeError> for WarmError {
    fn from(_: PipeError) -> Self {
        WarmError::Died
    }
}

impl Warm {
    /// Starts a component and hands it the fonts, what it is to know of time, and the templates that are known before.
    pub(super) fn start(options: &StationOptions) -> Result<Self, WarmError> {
        let mut warm = Warm::bare(options)?;
        for source in options.templates.iter().take(GIVEN) {
            // A template that is refused is answered to its own labels, and so is one over which components die.
            if warm.template(source).is_err() {
                return Warm::bare(options);
            }
        }
        Ok(warm)
    }

    fn bare(options: &StationOptions) -> Result<Self, WarmError> {
        let mut component = Component::start(&options.component)?;
        let StateAnswer { state, .. } = component.state((options.clock)())?;
        if let Some(path) = &options.component.state {
            // The next one starts with what the file had before.
            let _ = state::keep(path, &state);
        }
        for (place, font) in options.fonts.iter().enumerate() {
            component.font(font).map_err(|error| WarmError::Font(place, error))?;
        }
        let (templates, since) = (HashMap::new(), Instant::now());
        Ok(Warm { component, templates, accepted: 0, labels: 0, since })
    }

    /// What it said of itself.
    pub(super) fn component(&self) -> &Component {
        &self.component
    }

    /// Whether its successor should be started.
    pub(super) fn ages(&self) -> bool {
        self.labels + AHEAD >= LABELS || self.since.elapsed() + AHEAD_TIME >= AGE
    }

    /// Whether it makes no more labels.
    pub(super) fn is_old(&self) -> bool {
        self.labels >= LABELS || self.since.elapsed() >= AGE || self.accepted >= TEMPLATES
    }

    /// How long until it ages.
    pub(super) fn time_left(&self) -> Duration {
        AGE.saturating_sub(AHEAD_TIME).saturating_sub(self.since.elapsed())
    }

    /// What a component of its own makes of a template, once.
    pub(super) fn template(
        &mut self,
        source: &TemplateSource,
    ) -> Result<Result<TemplateReady, Refusal>, WarmError> {
        if let Some(&known) = self.templates.get(&source.id()) {
            return Ok(known);
        }
        let taken = match self.component.template(source.kind(), source.bytes()) {
            Ok(ready) => Ok(ready),
            Err(TemplateError::Refused { code, problem, line, column }) => {
                Err(Refusal { code, problem, line, column })
            }
            Err(TemplateError::Died(_)) => return Err(WarmError::Died),
        };
        self.accepted += usize::from(taken.is_ok());
        self.templates.insert(source.id(), taken);
        Ok(taken)
    }

    /// Makes labels: hands the answer to `take`, which is [`Answer::Labels`] or nothing that makes sense.
    pub(super) fn render<T>(
        &mut self,
        request: &Request<'_>,
        spare: Vec<u8>,
        take: impl FnOnce(Answer<'_>) -> Option<T>,
    ) -> Result<(T, Vec<u8>), WarmError> {
        let Request::Render { labels, .. } = request else { return Err(WarmError::Died) };
        self.labels += labels.len();
        let frame = self.component.render(request, spare)?;
        let (&kind, body) = frame.split_first().ok_or(WarmError::Died)?;
        let taken = take(Answer::decode(kind, body)?).ok_or(WarmError::Died)?;
        Ok((taken, frame))
    }
}
