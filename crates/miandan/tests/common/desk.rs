//! A station with an agent, a simulated printer and another that writes a file, and its owner, who asks its web API.

use miandan_testing::device::{Script, SimulatedPrinter, Speech};
use serde_json::{Value, json};

use super::agent::{Agent, Ports, configuration, run};
use super::{Station, orders, said};

pub struct Desk {
    pub agent: Agent,
    pub printer: SimulatedPrinter,
    /// Sealed orders.
    pub orders: Vec<String>,
    pub station: Station,
}

impl Desk {
    pub fn new(count: usize, script: Script) -> Self {
        Desk::named(count, script, ["desk", "file"])
    }

    /// With printers of these names: the simulated one, and the file.
    pub fn named(count: usize, script: Script, [first, second]: [&str; 2]) -> Self {
        let station = Station::new();
        station.seal(&orders(count, 23), &[]);
        let sealed = String::from_utf8(station.read("orders.sealed.jsonl")).unwrap();
        let printer = SimulatedPrinter::start(script).unwrap();
        let ports = Ports::free();
        let options = format!(
            "default_template = \"one-part-76x130\"\npatience = \"10s\"\ndefault_printer = \"{first}\""
        );
        let (first, second) = (format!("\"{first}\""), format!("\"{second}\""));
        let printers = [(&*first, &*printer.uri(), "tsc"), (&*second, "file:labels.tspl", "tsc")];
        let more = "[templates]\n\"cloudprint.example/standard\" = \"yto-76x130\"\n";
        let agent = Agent::start(&station, ports, &configuration(ports, &options, &printers, more));
        Desk { agent, printer, orders: sealed.lines().map(str::to_owned).collect(), station }
    }

    pub fn get(&self, path: &str) -> Value {
        let (status, body) = self.agent.api(&self.station, "GET", path, None);
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.agent.api(&self.station, "POST", path, Some(body))
    }

    /// Prints all orders on the default printer, and answers their numbers.
    pub fn print_all(&self) -> Vec<String> {
        let orders: Vec<_> = self.orders.iter().map(|text| order(text)).collect();
        let (status, taken) = self.post("/api/v1/print", &json!({ "orders": orders }));
        assert_eq!(status, 200, "{taken}");
        let numbers = taken["labels"].as_array().unwrap().iter();
        numbers.map(|label| label["number"].as_str().unwrap().to_owned()).collect()
    }

    /// A header with the owner's token.
    pub fn bearer(&self) -> String {
        let token = String::from_utf8(self.station.read("agent/admin.token")).unwrap();
        format!("Authorization: Bearer {}\r\n", token.trim())
    }

    /// A code for a browser.
    pub fn code(&self) -> String {
        let shown = said(&run(&self.station, &["console"]));
        let code = shown.split("#code=").nth(1).unwrap_or_else(|| panic!("{shown}"));
        code[..8].to_owned()
    }

    /// A header with the cookie of a browser in which a code was typed.
    pub fn cookie(&self) -> String {
        let code = json!({ "code": self.code() });
        let (status, head, _) =
            self.agent.ask_api("POST", "/api/v1/session", Some(&code), "X-Miandan: 1\r\n");
        assert_eq!(status, 204, "{head}");
        let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).unwrap();
        format!("Cookie: {}\r\n", cookie.split(';').next().unwrap())
    }

    /// Whether the journal holds together.
    pub fn verifies(&self) -> bool {
        self.station.run(&["journal", "verify", "--journal", "agent/journal.db"]).status.success()
    }
}

pub fn well() -> Script {
    Script::well(Speech::Tspl).printing_for(40)
}

pub fn order(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
