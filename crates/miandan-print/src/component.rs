//! One running component: started or connected to, asked in lock step, ended.

use std::io::{self, Read};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use miandan_core::Code;
use miandan_core::font::{FontProblem, MAX_FONT};
use miandan_core::pipe::{
    self, Answer, FONT_PART, FaceUse, FontSubset, MAX_ANSWER, PROTOCOL, PipeError, Ready, Request,
    StateAnswer, Subject, TemplateKind, TemplateReady,
};
use miandan_render::template::Problem;

use crate::locate::ComponentPlace;
use crate::options::ComponentOptions;
use crate::service;
use crate::spawn;
use crate::stream::Stream;

/// How long a component may take over one answer before it counts as hung. A block takes milliseconds; a passphrase
/// takes tens of them.
const PATIENCE: Duration = Duration::from_secs(30);

/// How often a service is asked again that has no place: that of a connection which has just ended may not be free yet.
const TRIES: u32 = 6;

/// How long to wait before the first of them; each time twice as long.
const BREATH: Duration = Duration::from_millis(10);

/// Why a component did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The program could not be started.
    #[error("the print component could not be started: {0}")]
    Spawn(io::Error),
    /// The service cannot be reached: it does not run, or this user may not connect to it.
    #[error("the print service cannot be reached: {0}")]
    Connect(io::Error),
    /// It started, looked around, and refused. A service that has no place for another host refuses with `LIMIT`.
    #[error("the print component refused to start: {code}")]
    Refused {
        /// Why.
        code: Code,
        /// Which of the files that were named.
        subject: Subject,
        /// What it said on standard error, which file for instance; English, may be empty.
        said: String,
    },
    /// It ended, or broke the conversation, before it was ready.
    #[error("the print component ended before it was ready")]
    Died {
        /// What it, or the system that started it, said on standard error; may be empty.
        said: String,
    },
    /// It is of another build.
    #[error("the print component speaks version {found} of the protocol, this program speaks {PROTOCOL}")]
    Protocol {
        /// What the component speaks.
        found: u16,
    },
}

/// Why a template was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// The template has a fault.
    #[error("{line}:{column}: {problem}")]
    Refused {
        /// `TEMPLATE_REFUSED` or `FIELD_NOT_PRINTABLE`.
        code: Code,
        /// What is wrong.
        problem: Problem,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
    },
    /// The component died over it.
    #[error("the print component died over the template: {0}")]
    Died(PipeError),
}

/// Why a font was not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FontError {
    /// The font cannot be used.
    #[error(transparent)]
    Refused(FontProblem),
    /// The component died over it.
    #[error("the print component died over the font: {0}")]
    Died(PipeError),
}

/// A component that is locked and waits for work. It ends when this value is dropped.
#[derive(Debug)]
pub struct Component {
    link: Link,
    stream: Stream,
    ready: Ready,
    request: Vec<u8>,
    answer: Vec<u8>,
}

/// What is at the other end of the pipe.
#[derive(Debug)]
enum Link {
    /// A program that this process started.
    Program(Child),
    /// A service, and whether it is that of another user.
    Service {
        /// See [`Component::is_separate`].
        separate: bool,
    },
}

impl Component {
    /// Starts a component, or connects to a service, and waits until the component is locked.
    ///
    /// # Errors
    /// [`StartError`]; in particular `Refused` with `SANDBOX_UNAVAILABLE`, `TRACED`, or the code of a key or trust
    /// file that cannot be used.
    pub fn start(options: &ComponentOptions) -> Result<Self, StartError> {
        match &options.place {
            ComponentPlace::Program(program) => {
                let arguments = options.arguments().map_err(StartError::Spawn)?;
                let (child, stream) = spawn::component(program, arguments, options.ask_passphrase)
                    .map_err(StartError::Spawn)?;
                // Somebody who looks for a passphrase may take as long as they like.
                let patience = (!options.ask_passphrase).then_some(PATIENCE);
                Component::begin(Link::Program(child), stream, patience)
            }
            ComponentPlace::Service(socket) => Component::connect(socket),
        }
    }

    fn connect(socket: &Path) -> Result<Self, StartError> {
        let mut tries = 0;
        loop {
            let (stream, separate) = service::connect(socket).map_err(StartError::Connect)?;
            match Component::begin(Link::Service { separate }, stream, Some(PATIENCE)) {
                Err(StartError::Refused { code: Code::Limit, .. }) if tries < TRIES => {
                    thread::sleep(BREATH * 2_u32.pow(tries));
                    tries += 1;
                }
                connected => return connected,
            }
        }
    }

    /// Waits for the first answer. Dropping the value ends what was started, whatever the answer is.
    fn begin(link: Link, stream: Stream, patience: Option<Duration>) -> Result<Self, StartError> {
        let (request, answer) = (Vec::new(), Vec::new());
        let mut component = Component { link, stream, ready: Ready::default(), request, answer };
        component.be_patient(patience).map_err(StartError::Spawn)?;
        let started = component.read();
        match started {
            Ok(Answer::Ready(ready)) if ready.protocol == PROTOCOL => component.ready = ready,
            Ok(Answer::Ready(ready)) => return Err(StartError::Protocol { found: ready.protocol }),
            Ok(Answer::Refused { code, subject }) => {
                return Err(StartError::Refused { code, subject, said: component.last_words() });
            }
            Ok(_) | Err(_) => return Err(StartError::Died { said: component.last_words() }),
        }
        component.be_patient(Some(PATIENCE)).map_err(StartError::Spawn)?;
        Ok(component)
    }

    fn be_patient(&self, patience: Option<Duration>) -> io::Result<()> {
        self.stream.set_read_timeout(patience).and(self.stream.set_write_timeout(patience))
    }

    /// What the component said of itself once it was locked.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// The process id, for looking at the component from outside; `None` of a service.
    #[must_use]
    pub fn process_id(&self) -> Option<u32> {
        match &self.link {
            Link::Program(child) => Some(child.id()),
            Link::Service { .. } => None,
        }
    }

    /// Of a service, whether another user than that of this process listens on its socket, as the kernel says
    /// (`SO_PEERCRED`). If not, or if this process is root's, the service keeps nothing from it. `None` of a program.
    #[must_use]
    pub fn is_separate(&self) -> Option<bool> {
        match self.link {
            Link::Program(_) => None,
            Link::Service { separate } => Some(separate),
        }
    }

    /// Hands over a template of a kind.
    ///
    /// # Errors
    /// [`TemplateError`], with the place of the fault.
    pub fn template(&mut self, kind: TemplateKind, source: &[u8]) -> Result<TemplateReady, TemplateError> {
        match self.ask(&Request::Template { kind, source }).map_err(TemplateError::Died)? {
            Answer::Template(ready) => Ok(ready),
            Answer::TemplateRefused { code, problem, line, column } => Err(TemplateError::Refused {
                code,
                problem: Problem::from_number(problem).ok_or(TemplateError::Died(PipeError::Unknown))?,
                line,
                column,
            }),
            _ => Err(TemplateError::Died(PipeError::Unknown)),
        }
    }

    /// Hands over a font from which characters are drawn that those before it do not have. Templates that need it come
    /// after it.
    ///
    /// # Errors
    /// [`FontError`].
    pub fn font(&mut self, file: &[u8]) -> Result<(), FontError> {
        if file.len() > MAX_FONT {
            return Err(FontError::Refused(FontProblem::TooLarge));
        }
        let mut parts = file.chunks(FONT_PART).peekable();
        loop {
            let part = parts.next().unwrap_or_default();
            let last = parts.peek().is_none();
            match self.ask(&Request::Font { part, last }).map_err(FontError::Died)? {
                Answer::Font { face: Some(_) } if last => return Ok(()),
                Answer::Font { face: None } if !last => {}
                Answer::FontRefused(problem) => return Err(FontError::Refused(problem)),
                _ => return Err(FontError::Died(PipeError::Unknown)),
            }
        }
    }

    /// Asks for a block of labels and answers the frame as it came ([`Answer::Labels`]), kind first, so that it can be
    /// handed to another thread without being copied. `spare` becomes the buffer of the next answer.
    ///
    /// # Errors
    /// [`PipeError`]: the component is of no more use.
    pub(crate) fn render(&mut self, request: &Request<'_>, spare: Vec<u8>) -> Result<Vec<u8>, PipeError> {
        self.answer = spare;
        self.ask(request)?;
        Ok(std::mem::take(&mut self.answer))
    }

    /// Asks for the font subsets of a finished PDF.
    ///
    /// # Errors
    /// [`PipeError`]: the component is of no more use.
    pub fn fonts(&mut self, used: Vec<FaceUse>) -> Result<Vec<FontSubset<'_>>, PipeError> {
        match self.ask(&Request::Fonts { used })? {
            Answer::Fonts(fonts) => Ok(fonts),
            _ => Err(PipeError::Unknown),
        }
    }

    /// What the component remembers once this time (seconds since 1970) has been seen, and what it knows of withdrawals.
    ///
    /// # Errors
    /// [`PipeError`]: the component is of no more use.
    pub fn state(&mut self, now: u64) -> Result<StateAnswer, PipeError> {
        match self.ask(&Request::State { now })? {
            Answer::State(state) => Ok(state),
            _ => Err(PipeError::Unknown),
        }
    }

    /// Ends the component and answers the first line of what it said, without the word `error`.
    fn last_words(&mut self) -> String {
        // A service keeps its words for its own log.
        let Link::Program(child) = &mut self.link else { return String::new() };
        let _ = child.kill();
        let _ = child.wait();
        let mut said = Vec::new();
        if let Some(stderr) = child.stderr.take() {
            let _ = stderr.take(4096).read_to_end(&mut said);
        }
        let said = String::from_utf8_lossy(&said);
        let line = said.lines().next().unwrap_or_default();
        line.strip_prefix("error: ").unwrap_or(line).to_owned()
    }

    fn ask(&mut self, request: &Request<'_>) -> Result<Answer<'_>, PipeError> {
        request.encode(&mut self.request);
        pipe::write_frame(&mut self.stream, &self.request)?;
        self.read()
    }

    fn read(&mut self) -> Result<Answer<'_>, PipeError> {
        let (kind, body) = pipe::read_frame(&mut self.stream, &mut self.answer, MAX_ANSWER)?;
        Answer::decode(kind, body)
    }
}

impl Drop for Component {
    fn drop(&mut self) {
        // A locked component holds nothing that it would have to put in order: the kernel wipes its memory. A service ends
        // its component when the stream is closed.
        if let Link::Program(child) = &mut self.link {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
