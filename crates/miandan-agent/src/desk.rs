//! What a person at the station does from a terminal: a client of the admin API of the running agent.

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::config::Config;
use crate::protocol::Language;
use crate::server::read_token;

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum DeskError {
    /// The agent does not run, or on another port.
    #[error("the agent does not answer at port {port}: {why}")]
    NoAgent {
        /// The port of the admin API.
        port: u16,
        /// Why.
        why: String,
    },
    /// The token cannot be read: only who may run the agent can.
    #[error("{path}: {error}")]
    Token {
        /// The file.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// The agent refuses.
    #[error("the agent refuses: {0}")]
    Refused(String),
    /// The terminal cannot be read or written.
    #[error(transparent)]
    Terminal(#[from] io::Error),
}

/// The running agent, as its owner talks to it.
pub(crate) struct Desk {
    client: ureq::Agent,
    port: u16,
    token: String,
    language: Language,
}

impl Desk {
    /// The agent of a configuration.
    pub(crate) fn of(config: &Config) -> Result<Self, DeskError> {
        let file = config.token_file();
        let token = read_token(&file)
            .map_err(|error| DeskError::Token { path: file.display().to_string(), error })?;
        let client = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .new_agent();
        Ok(Desk { client, port: config.admin, token, language: config.language })
    }

    /// Shows where the console is, with a code that opens it.
    pub(crate) fn console(&self, out: &mut dyn Write) -> Result<(), DeskError> {
        let made = self.post("codes", &Value::Null)?;
        let code = made["code"].as_str().unwrap_or_default();
        writeln!(out, "http://127.0.0.1:{}/#code={code}", self.port)?;
        let (one, two) = code.split_at_checked(4).unwrap_or_default();
        writeln!(out, "{}: {one} {two}", self.say("the code, for five minutes", "验证码，五分钟内有效"))?;
        Ok(())
    }

    /// Shows the printers.
    pub(crate) fn status(&self, out: &mut dyn Write) -> Result<(), DeskError> {
        let status = self.get("status")?;
        let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        for printer in status["printers"].as_array().into_iter().flatten() {
            let state = match printer["state"].as_str().unwrap_or_default() {
                "ready" => self.say("ready", "就绪"),
                "printing" => self.say("printing", "正在打印"),
                "waiting" => self.say("takes nothing", "无法接收"),
                "held" => self.say("held", "已暂停"),
                "unknown" => self.say("a label may be on paper", "有面单可能已打出"),
                _ => self.say("the journal cannot be written", "打印日志无法写入"),
            };
            let more: Vec<_> = ["label", "sending", "trouble"]
                .into_iter()
                .filter_map(|member| printer[member].as_str())
                .collect();
            let more = if more.is_empty() { String::new() } else { format!(" ({})", more.join(", ")) };
            let waits = self.say("waiting", "等待");
            writeln!(out, "{}: {state}{more}; {waits} {}", text(&printer["name"]), printer["waiting"])?;
        }
        Ok(())
    }

    /// Lets a printer get no more labels, or some again.
    pub(crate) fn printer(&self, name: &str, does: &str) -> Result<(), DeskError> {
        let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        self.post(&format!("printers/{name}/{does}"), &Value::Null).map(drop)
    }

    /// Lets a page in, or no more.
    pub(crate) fn origin(&self, origin: &str, does: &str) -> Result<(), DeskError> {
        self.post(&format!("origins/{does}"), &json!({ "origin": origin })).map(drop)
    }

    /// Shows the pages that were let in, and asks of each that waits whether it may.
    pub(crate) fn pair(&self, ask: bool, out: &mut dyn Write) -> Result<(), DeskError> {
        let origins = self.get("origins")?;
        let list = |name: &str| -> Vec<String> {
            let all = origins[name].as_array().into_iter().flatten();
            all.filter_map(|origin| origin.as_str().map(str::to_owned)).collect()
        };
        let (paired, waiting) = (list("paired"), list("waiting"));
        let title = |out: &mut dyn Write, text: &dyn Display, all: &[String]| {
            writeln!(out, "{text}")?;
            all.iter().try_for_each(|origin| writeln!(out, "  {origin}"))
        };
        title(out, &self.say("let in:", "已允许的网页："), &paired)?;
        title(out, &self.say("waiting:", "等待允许的网页："), &waiting)?;
        if !ask || waiting.is_empty() || !io::stdin().is_terminal() {
            return Ok(());
        }
        for origin in waiting {
            let question = self.say("may print here? [y/N]", "允许在此打印？[y/N]");
            write!(out, "{origin} {question} ")?;
            out.flush()?;
            let mut answer = String::new();
            io::stdin().lock().read_line(&mut answer)?;
            if matches!(answer.trim(), "y" | "Y" | "yes" | "是") {
                self.origin(&origin, "allow")?;
            }
        }
        Ok(())
    }

    fn say(&self, en: &'static str, zh: &'static str) -> &'static str {
        match self.language {
            Language::English => en,
            Language::Chinese => zh,
        }
    }

    fn get(&self, path: &str) -> Result<Value, DeskError> {
        let asked = self.client.get(self.url(path)).header("Authorization", self.bearer()).call();
        let mut answer = asked.map_err(|error| self.no_agent(&error))?;
        let text = answer.body_mut().read_to_string().map_err(|error| self.no_agent(&error))?;
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        if answer.status().is_success() { Ok(body) } else { Err(refused(&body)) }
    }

    fn post(&self, path: &str, body: &Value) -> Result<Value, DeskError> {
        let request = self.client.post(self.url(path)).header("Authorization", self.bearer());
        let asked = request.header("Content-Type", "application/json").send(body.to_string());
        let mut answer = asked.map_err(|error| self.no_agent(&error))?;
        let text = answer.body_mut().read_to_string().map_err(|error| self.no_agent(&error))?;
        let body: Value = serde_json::from_str(&text).unwrap_or_default();
        if answer.status().is_success() { Ok(body) } else { Err(refused(&body)) }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}/api/v1/{path}", self.port)
    }

    fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    fn no_agent(&self, error: &ureq::Error) -> DeskError {
        DeskError::NoAgent { port: self.port, why: error.to_string() }
    }
}

fn refused(problem: &Value) -> DeskError {
    DeskError::Refused(problem["code"].as_str().unwrap_or("-").to_owned())
}
