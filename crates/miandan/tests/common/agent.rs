//! A running agent, and clients of it.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::{Message, WebSocket};

use super::Station;

/// How long something may take that takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// A `miandan-agent` with a configuration in the station's folder. It is killed when the value goes.
pub struct Agent {
    child: Child,
    pub ports: Ports,
    log: Arc<Mutex<Vec<String>>>,
}

/// Ports that nobody else has.
#[derive(Clone, Copy, Debug)]
pub struct Ports {
    pub ws: u16,
    pub wss: u16,
    pub previews: u16,
    pub admin: u16,
}

impl Ports {
    /// Below those that the system gives to connections that go out, so that nobody gets one while an agent is started anew.
    pub fn free() -> Self {
        static NEXT: AtomicU16 = AtomicU16::new(0);
        let next = || loop {
            let port =
                20_000 + (std::process::id() as u16 % 97) * 120 + NEXT.fetch_add(1, Ordering::Relaxed) % 120;
            if TcpListener::bind(("127.0.0.1", port)).is_ok() {
                return port;
            }
        };
        Ports { ws: next(), wss: next(), previews: next(), admin: next() }
    }
}

/// A configuration of a station: `first` is put before its tables, `more` behind them.
pub fn configuration(ports: Ports, first: &str, printers: &[(&str, &str, &str)], more: &str) -> String {
    let mut text = format!(
        "language = \"en\"\nfolder = \"agent\"\nkey = \"station.key\"\ntrust = \"issuer.key.pub\"\n{first}\n"
    );
    for (name, uri, profile) in printers {
        text += &format!("[printers.{name}]\nuri = \"{uri}\"\nprofile = \"{profile}\"\n");
    }
    text += &format!("[previews]\nport = {}\n[admin]\nport = {}\n", ports.previews, ports.admin);
    if !more.contains("[dialects.") {
        text += &format!("[dialects.cainiao]\nws = {}\n", ports.ws);
    }
    text + more
}

/// The program with a configuration in `agent.toml`.
pub fn command(station: &Station, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_miandan-agent"));
    command.args(["--config", "agent.toml"]).args(arguments).current_dir(station.path(""));
    command.env_remove("MIANDAN_COMPONENT").env_remove("STATE_DIRECTORY").env_remove("JOURNAL_STREAM");
    command.stdin(Stdio::null());
    command
}

impl Agent {
    /// Starts one, and waits until it listens.
    pub fn start(station: &Station, ports: Ports, configuration: &str) -> Self {
        station.write("agent.toml", configuration.as_bytes());
        Agent::again(station, ports)
    }

    /// Starts one with the configuration that is there.
    pub fn again(station: &Station, ports: Ports) -> Self {
        let mut child = command(station, &[]).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let log = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::clone(&log);
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
            }
        });
        let agent = Agent { child, ports, log };
        agent.wait_for_line(" started ");
        agent
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said until now.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }

    pub fn wait_for_line(&self, part: &str) {
        let began = Instant::now();
        while !self.log().contains(part) {
            assert!(began.elapsed() < PATIENCE, "no `{part}` in\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// A client that is no browser.
    pub fn client(&self) -> Client {
        self.connect(&[]).unwrap()
    }

    /// A client with further headers.
    pub fn connect(&self, headers: &[(&'static str, &str)]) -> Result<Client, tungstenite::Error> {
        self.connect_to(&format!("ws://127.0.0.1:{}/", self.ports.ws), headers)
    }

    pub fn connect_to(
        &self,
        url: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Client, tungstenite::Error> {
        let mut request = url.into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let port = request.uri().port_u16().unwrap();
        let stream = TcpStream::connect(("127.0.0.1", port)).map_err(tungstenite::Error::Io)?;
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        match tungstenite::client(request, stream) {
            Ok((socket, _)) => Ok(Client { socket, before: VecDeque::new() }),
            Err(tungstenite::HandshakeError::Failure(error)) => Err(error),
            Err(tungstenite::HandshakeError::Interrupted(_)) => panic!("the socket waits"),
        }
    }

    /// Sends a request to a port by hand, and answers all that comes back.
    pub fn http(&self, port: u16, request: &str) -> String {
        use std::io::{Read, Write};
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks the API, with the owner's token; answers the status and the body.
    pub fn api(&self, station: &Station, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        self.api_with(station, method, path, body, "")
    }

    /// The same, with further headers.
    pub fn api_with(
        &self,
        station: &Station,
        method: &str,
        path: &str,
        body: Option<&Value>,
        more: &str,
    ) -> (u16, Value) {
        let token = String::from_utf8(station.read("agent/admin.token")).unwrap();
        let headers = format!("Authorization: Bearer {}\r\n{more}", token.trim());
        let (status, _, body) = self.ask_api(method, path, body, &headers);
        (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
    }

    /// Asks the API with these headers and no others; answers the status, the headers and the body.
    pub fn ask_api(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        headers: &str,
    ) -> (u16, String, Vec<u8>) {
        use std::io::{Read, Write};
        let port = self.ports.admin;
        let body = body.map(Value::to_string).unwrap_or_default();
        let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}{kind}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(answer.len() - 4);
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        (head[9..12].parse().unwrap(), head, answer[end + 4..].to_vec())
    }

    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Ends it as systemd does, and answers whether it ended well.
    #[cfg(target_os = "linux")]
    pub fn terminate(mut self) -> (bool, String) {
        let id = nix::unistd::Pid::from_raw(i32::try_from(self.child.id()).unwrap());
        nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGTERM).unwrap();
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(began.elapsed() < PATIENCE, "it does not end:\n{}", self.log());
            thread::sleep(Duration::from_millis(5));
        };
        thread::sleep(Duration::from_millis(50));
        (status.success(), self.log())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if thread::panicking() {
            #[expect(clippy::print_stderr, reason = "for who reads why the test failed")]
            let () = eprintln!("the agent said:\n{}", self.log());
        }
    }
}

/// An order system.
pub struct Client {
    socket: WebSocket<TcpStream>,
    before: VecDeque<Value>,
}

impl Client {
    pub fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    pub fn send_text(&mut self, message: &str) {
        self.socket.send(Message::text(message)).unwrap();
    }

    /// A frame of bytes, which nobody should send.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.socket.send(Message::binary(bytes.to_vec())).unwrap();
    }

    /// The next message.
    pub fn next(&mut self) -> Value {
        if let Some(message) = self.before.pop_front() {
            return message;
        }
        self.read()
    }

    fn read(&mut self) -> Value {
        loop {
            match self.socket.read().unwrap() {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Close(close) => panic!("closed: {close:?}"),
                _ => {}
            }
        }
    }

    /// The next message with this command; those before it are kept for [`Client::next`].
    pub fn wait_for(&mut self, command: &str) -> Value {
        let mut kept = VecDeque::new();
        let found = loop {
            let message = self.next();
            if message["cmd"] == command {
                break message;
            }
            kept.push_back(message);
        };
        kept.append(&mut self.before);
        self.before = kept;
        found
    }

    /// Asks, and answers what is said to it.
    pub fn ask(&mut self, message: &Value) -> Value {
        self.send(message);
        self.answer()
    }

    /// The next message that is no notice.
    pub fn answer(&mut self) -> Value {
        loop {
            let message = self.next();
            if !message["cmd"].as_str().is_some_and(|command| command.starts_with("notify")) {
                return message;
            }
        }
    }

    /// Prints a task and answers how it ended.
    pub fn print(&mut self, task: &Value) -> Value {
        self.send(&print(task));
        let id = &task["taskID"];
        loop {
            let message = self.wait_for("notifyPrintResult");
            if message["taskID"] == *id {
                self.before.clear();
                return message;
            }
        }
    }
}

/// A request that prints a task.
pub fn print(task: &Value) -> Value {
    json!({ "cmd": "print", "requestID": format!("r-{}", task["taskID"]), "version": "1.0", "task": task })
}

/// A task of one document, of a sealed order.
pub fn task(id: &str, document: &str, order: &str) -> Value {
    json!({ "taskID": id, "preview": false, "printer": "", "documents": [sealed(document, order)] })
}

/// A document of a sealed order.
pub fn sealed(document: &str, order: &str) -> Value {
    let data = format!("MSO1:{}", URL_SAFE_NO_PAD.encode(order));
    json!({
        "documentID": document,
        "contents": [{ "encryptedData": data, "templateURL": "http://cloudprint.example/template/standard/1/2" }],
    })
}

/// What a command of the agent says.
pub fn run(station: &Station, arguments: &[&str]) -> Output {
    command(station, arguments).output().unwrap()
}
