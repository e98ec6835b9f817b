//! A service that runs for a test, and a host that speaks to it frame by frame.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use miandan_core::font::MissingGlyph;
use miandan_core::label::{Format, LabelNumber, Purpose, Resolution};
use miandan_core::pipe::{self, Answer, MAX_ANSWER, PipeError, RenderLabel, Request, TemplateKind};
use miandan_core::stamp::Stamp;
use tempfile::TempDir;

use super::Station;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A service with the key of a station, its state and its socket in a folder of their own.
pub struct Service {
    pub child: Child,
    folder: TempDir,
    log: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// Starts a service that prints what is sealed to this station, with further options.
    pub fn start(station: &Station, options: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("state")).unwrap();
        Service::in_folder(station, folder, options)
    }

    /// Ends the service and starts it again with the state that it left.
    pub fn restart(mut self, station: &Station, options: &[&str]) -> Self {
        self.end();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Service::in_folder(station, folder, options)
    }

    fn in_folder(station: &Station, folder: TempDir, options: &[&str]) -> Self {
        let state = folder.path().join("state");
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).unwrap();
        let mut command = program();
        command.arg("--service").arg("--key").arg(station.path("station.key"));
        if !options.contains(&"--trust") {
            command.arg("--trust").arg(station.path("issuer.key.pub"));
        }
        command.arg("--listen").arg(folder.path().join("socket")).arg("--state-dir").arg(&state);
        let mut child = command.args(options).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::default();
        follow(&mut child, &log);
        let service = Service { child, folder, log };
        service.wait_for("ready: ");
        service
    }

    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }

    pub fn state(&self, name: &str) -> PathBuf {
        self.folder.path().join("state").join(name)
    }

    /// What `--component` takes.
    pub fn place(&self) -> String {
        format!("unix:{}", self.socket().display())
    }

    /// Prints `orders.sealed.jsonl` of the station through the service.
    pub fn print(&self, station: &Station, options: &[&str]) -> Output {
        let place = self.place();
        station.run(&[&["print", "orders.sealed.jsonl", "--component", &place], options].concat())
    }

    /// A connection that has been told that its component is ready.
    pub fn connect(&self) -> Host {
        let mut host = Host::new(UnixStream::connect(self.socket()).unwrap());
        host.read(|answer| assert!(matches!(answer, Answer::Ready(_)), "{answer:?}")).unwrap();
        host
    }

    /// Waits until the log has a line with these words, and answers it.
    pub fn wait_for(&self, words: &str) -> String {
        let began = Instant::now();
        loop {
            let log = self.log.lock().unwrap();
            if let Some(line) = log.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            assert!(began.elapsed() < PATIENCE, "no {words:?} in {log:#?}");
            drop(log);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// The components that run now.
    pub fn components(&self) -> Vec<i32> {
        components(self.child.id())
    }

    pub fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end();
    }
}

/// The components that a supervisor has started, as the kernel lists them: each is the child of one of its threads.
pub fn components(supervisor: u32) -> Vec<i32> {
    let threads = fs::read_dir(format!("/proc/{supervisor}/task")).unwrap();
    let children = threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok());
    children
        .flat_map(|line| line.split(' ').filter_map(|word| word.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// The component's program, with nothing that an environment may say.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_miandan-component"));
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    command
}

fn follow(child: &mut Child, log: &Arc<Mutex<Vec<String>>>) {
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let log = Arc::clone(log);
    thread::spawn(move || lines.map_while(Result::ok).for_each(|line| log.lock().unwrap().push(line)));
}

/// A host that speaks to a service by hand.
pub struct Host {
    pub stream: UnixStream,
    buffer: Vec<u8>,
}

impl Host {
    pub fn new(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Host { stream, buffer: Vec::new() }
    }

    /// Reads one answer.
    pub fn read<T>(&mut self, take: impl FnOnce(Answer<'_>) -> T) -> Result<T, PipeError> {
        let (kind, body) = pipe::read_frame(&mut self.stream, &mut self.buffer, MAX_ANSWER)?;
        Answer::decode(kind, body).map(take)
    }

    pub fn ask<T>(
        &mut self,
        request: &Request<'_>,
        take: impl FnOnce(Answer<'_>) -> T,
    ) -> Result<T, PipeError> {
        let mut frame = Vec::new();
        request.encode(&mut frame);
        pipe::write_frame(&mut self.stream, &frame)?;
        self.read(take)
    }

    /// Hands over a label of one line.
    pub fn template(&mut self) {
        let source = miandan_render_source();
        let accepted = self.ask(&Request::Template { kind: TemplateKind::Waybill, source }, |answer| {
            matches!(answer, Answer::Template(_))
        });
        assert_eq!(accepted, Ok(true));
    }

    /// Prints one order at a time that the host makes up.
    pub fn print<T>(
        &mut self,
        sealed: &[u8],
        now: u64,
        take: impl FnOnce(Answer<'_>) -> T,
    ) -> Result<T, PipeError> {
        let stamp = Stamp::first(LabelNumber { index: 1, count: 1 }, 0);
        let labels = vec![RenderLabel::sealed(stamp, sealed)];
        let (format, resolution, purpose) = (Format::Pdf, Resolution::Dpi203, Purpose::Print);
        let missing = MissingGlyph::Refuse;
        self.ask(&Request::Render { template: 0, format, resolution, purpose, missing, now, labels }, take)
    }

    pub fn write(&mut self, bytes: &[u8]) {
        // The service may be gone before it is all written.
        let _ = self.stream.write_all(bytes);
    }

    /// Whether the service has closed the connection, answering nothing.
    pub fn is_closed(&mut self) -> bool {
        let read = pipe::read_frame(&mut self.stream, &mut self.buffer, MAX_ANSWER).map(|(kind, _)| kind);
        matches!(read, Err(PipeError::Closed | PipeError::Io(std::io::ErrorKind::ConnectionReset)))
    }
}

fn miandan_render_source() -> &'static [u8] {
    include_bytes!("../../../../templates/one-part-76x130/template.xml")
}
