//! A `nats-server`, started, killed and started again, with its disk kept.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::common::wait_for;
use crate::support::free_port;

const LONG: Duration = Duration::from_secs(20);

/// A broker. It is killed when the value goes.
pub struct Broker {
    folder: TempDir,
    pub port: u16,
    host: String,
    /// What is put in front of the program: `ip netns exec …`.
    pub wrapped: Vec<String>,
    child: Option<Child>,
}

impl Broker {
    /// Starts one without credentials.
    pub fn start() -> Self {
        Broker::with("")
    }

    /// Starts one with more in its configuration.
    pub fn with(more: &str) -> Self {
        Broker::at("127.0.0.1", &[], None, more)
    }

    /// Starts one at an address, inside of something, with a JetStream domain.
    pub fn at(host: &str, wrapped: &[String], domain: Option<&str>, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let store = folder.path().join("store");
        let domain = domain.map(|domain| format!("domain: {domain}")).unwrap_or_default();
        let text = format!(
            "listen: \"{host}:{port}\"\nserver_name: \"broker-{port}\"\n\
             jetstream {{ store_dir: \"{}\"\n{domain}\n}}\n{more}\n",
            store.display()
        );
        fs::write(folder.path().join("nats.conf"), text).unwrap();
        let wrapped = wrapped.to_vec();
        let mut broker = Broker { folder, port, host: host.to_owned(), wrapped, child: None };
        broker.start_again();
        broker
    }

    pub fn url(&self) -> String {
        format!("nats://{}:{}", self.host, self.port)
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn start_again(&mut self) {
        let before = self.log().matches("Server is ready").count();
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        let mut words = self.wrapped.clone();
        words.push("nats-server".to_owned());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).arg("-c").arg(self.path("nats.conf"));
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        self.child = Some(child.expect("nats-server is installed (apt install nats-server)"));
        wait_for("a broker that is ready", LONG, || self.log().matches("Server is ready").count() > before);
    }

    /// SIGKILL.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Publishes a message by hand, with headers or without, as anybody could who may.
    pub fn publish(&self, subject: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut line = TcpStream::connect((self.host.as_str(), self.port)).unwrap();
        line.set_read_timeout(Some(LONG)).unwrap();
        let mut reader = BufReader::new(line.try_clone().unwrap());
        let mut said = String::new();
        reader.read_line(&mut said).unwrap();
        assert!(said.starts_with("INFO "));
        line.write_all(b"CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true}\r\n").unwrap();
        let head: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!("NATS/1.0\r\n{head}\r\n");
        let total = head.len() + body.len();
        let mut message = format!("HPUB {subject} {} {total}\r\n{head}", head.len()).into_bytes();
        message.extend_from_slice(body);
        message.extend_from_slice(b"\r\nPING\r\n");
        line.write_all(&message).unwrap();
        // What comes before the answer to the ping is what the broker has against it.
        let mut answer = [0; 6];
        reader.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"PONG\r\n");
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<_> = log.lines().collect();
            eprintln!("the broker said last:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"));
        }
    }
}
