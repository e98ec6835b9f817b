//! Printers and queues that speak IPP (RFC 8010, RFC 8011): one job a label, from Create-Job until it is done.
//!
//! Before Send-Document nothing of the label has left. From it on every doubt is one, whatever is answered: a server that
//! refuses a document may have passed on part of it.

mod states;
#[cfg(feature = "ipps")]
mod tls;

use std::io::Cursor;
use std::net::ToSocketAddrs;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use ipp::attribute::{IppAttribute, IppAttributeGroup};
use ipp::error::IppError;
use ipp::prelude::{
    DelimiterTag, IppClient, IppOperationBuilder, IppPayload, IppRequestResponse, IppValue, Uri,
};

use self::states::{Printer, Progress};
use crate::discover::Found;
use crate::error::{SendError, Why};
use crate::options::{DeviceOptions, Document, Timeouts};
use crate::status::{Fault, Status};
use crate::talk::{is_set, pause};
use crate::uri::IppUri;
use crate::{Delivery, Rung};

/// The port of IPP, in clear and over TLS.
const IPP_PORT: u16 = 631;

/// What is asked of a printer.
const ATTRIBUTES: [&str; 4] =
    ["printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported"];

/// The forms in which a raw label is known to queues, the one that says most first.
const RAW: [&str; 2] = ["application/vnd.cups-raw", "application/octet-stream"];

pub(crate) fn send(
    uri: &IppUri,
    options: &DeviceOptions,
    job: &str,
    label: &[u8],
    cancel: &AtomicBool,
) -> Result<Delivery, SendError> {
    let nothing_sent = |why| SendError::NothingSent { why };
    let server = Server::new(uri, &options.timeouts).map_err(nothing_sent)?;
    let format = server.check(options.document).map_err(nothing_sent)?;
    if is_set(cancel) {
        return Err(nothing_sent(Why::Cancelled));
    }
    let id = server.create_job(job).map_err(nothing_sent)?;
    if is_set(cancel) {
        server.cancel(id);
        return Err(nothing_sent(Why::Cancelled));
    }
    let done = server
        .send_document(id, format, label)
        .and_then(|()| server.wait_until_done(id, &options.timeouts, cancel));
    done.map_err(|why| {
        // What is still in the queue must not come out later. Whether it can be stopped is not known.
        server.cancel(id);
        SendError::Uncertain { written: label.len() as u64, why }
    })?;
    Ok(Delivery { confirmation: Some(Rung::IppJob) })
}

pub(crate) fn status(uri: &IppUri, options: &DeviceOptions) -> Result<Status, Why> {
    let printer = Server::new(uri, &options.timeouts)?.printer()?;
    let mut status = printer.status();
    if !printer.accepting {
        // It would be refused what it is sent, however well it is.
        status.faults.add(Fault::Paused);
    }
    Ok(status)
}

/// The queues of a CUPS.
pub(crate) fn queues(server: &IppUri) -> Vec<Found> {
    let timeouts =
        Timeouts { connect: Duration::from_secs(1), stall: Duration::from_secs(2), ..Timeouts::default() };
    let Ok(server) = Server::new(server, &timeouts) else { return Vec::new() };
    let Ok(answer) = server.call(IppOperationBuilder::cups().get_printers()) else { return Vec::new() };
    let queue = |queue: &IppAttributeGroup| {
        let uri = match queue.get("printer-uri-supported")?.value() {
            IppValue::Uri(uri) => uri.as_str().parse().ok()?,
            IppValue::Array(uris) => match uris.first()? {
                IppValue::Uri(uri) => uri.as_str().parse().ok()?,
                _ => return None,
            },
            _ => return None,
        };
        let about = queue.get("printer-info").map_or_else(String::new, |info| info.value().to_string());
        Some(Found { uri, about: about.chars().filter(|sign| !sign.is_control()).take(100).collect() })
    };
    answer.attributes().groups_of(DelimiterTag::PrinterAttributes).filter_map(queue).collect()
}

struct Server {
    uri: Uri,
    client: IppClient,
}

impl Server {
    fn new(uri: &IppUri, timeouts: &Timeouts) -> Result<Self, Why> {
        #[cfg(feature = "ipps")]
        if uri.secure {
            tls::prepare();
        }
        // The client takes the port of HTTPS for IPP over TLS.
        let port = uri.port.unwrap_or(IPP_PORT);
        // The client says of a name that nobody knows only that something is wrong.
        (uri.host.as_str(), port).to_socket_addrs().map_err(|_| Why::NameNotFound)?;
        let uri = &IppUri { port: Some(port), ..uri.clone() };
        let uri: Uri = uri.to_string().parse().map_err(|_| Why::NameNotFound)?;
        // A connection, and a label or an answer on it.
        let client =
            IppClient::builder(uri.clone()).request_timeout(timeouts.connect + timeouts.stall).build();
        Ok(Server { uri, client })
    }

    /// Whether the printer takes a label now, and in which form.
    fn check(&self, document: Document) -> Result<&'static str, Why> {
        let printer = self.printer()?;
        printer.check()?;
        let wanted: &[&str] = match document {
            Document::Raw => &RAW,
            Document::Pdf => &["application/pdf"],
        };
        wanted.iter().find(|format| printer.takes(format)).copied().ok_or(Why::Format)
    }

    fn printer(&self) -> Result<Printer, Why> {
        let request =
            IppOperationBuilder::get_printer_attributes(self.uri.clone()).attributes(ATTRIBUTES).build();
        let answer = self.call(request.map_err(|_| Why::Protocol)?)?;
        let printer = group(&answer, DelimiterTag::PrinterAttributes)?;
        Ok(Printer {
            state: number(printer.get("printer-state")).ok_or(Why::Protocol)?,
            reasons: words(printer.get("printer-state-reasons")),
            accepting: !matches!(
                printer.get("printer-is-accepting-jobs").map(IppAttribute::value),
                Some(IppValue::Boolean(false))
            ),
            formats: words(printer.get("document-format-supported")),
        })
    }

    fn create_job(&self, name: &str) -> Result<i32, Why> {
        let request = IppOperationBuilder::create_job(self.uri.clone()).job_name(name).build();
        let answer = self.call(request.map_err(|_| Why::Protocol)?)?;
        let job = group(&answer, DelimiterTag::JobAttributes)?;
        number(job.get("job-id")).ok_or(Why::Protocol)
    }

    fn send_document(&self, id: i32, format: &str, label: &[u8]) -> Result<(), Why> {
        let payload = IppPayload::new(Cursor::new(label.to_vec()));
        let request = IppOperationBuilder::send_document(self.uri.clone(), id, payload)
            .document_format(format)
            .last(true)
            .build();
        self.call(request.map_err(|_| Why::Protocol)?).map(|_| ())
    }

    fn wait_until_done(&self, id: i32, timeouts: &Timeouts, cancel: &AtomicBool) -> Result<(), Why> {
        let began = Instant::now();
        loop {
            match self.progress(id)? {
                Progress::Done => return Ok(()),
                Progress::Failed(why) => return Err(why),
                Progress::Waiting => {}
            }
            if is_set(cancel) {
                return Err(Why::Cancelled);
            }
            if began.elapsed() > timeouts.confirm {
                return Err(Why::Unfinished);
            }
            // Each question is a connection.
            pause(timeouts.poll.max(Duration::from_millis(50)), cancel);
        }
    }

    fn progress(&self, id: i32) -> Result<Progress, Why> {
        let request = IppOperationBuilder::get_job_attributes(self.uri.clone(), id).build();
        let answer = self.call(request.map_err(|_| Why::Protocol)?)?;
        let job = group(&answer, DelimiterTag::JobAttributes)?;
        let state = number(job.get("job-state")).ok_or(Why::Protocol)?;
        Ok(states::progress(state, &words(job.get("job-state-reasons"))))
    }

    /// Cancels a job if that can be done. What becomes of the label is as uncertain as before.
    fn cancel(&self, id: i32) {
        if let Ok(request) = IppOperationBuilder::cancel_job(self.uri.clone(), id).build() {
            let _ = self.call(request);
        }
    }

    fn call(&self, request: impl Into<IppRequestResponse>) -> Result<IppRequestResponse, Why> {
        let answer = self.client.send(request).map_err(|error| why(&error))?;
        let status = answer.header().operation_or_status as u16;
        // RFC 8011 B.1.2: all of 0x0000 to 0x00FF is success.
        if status <= 0xFF { Ok(answer) } else { Err(states::refusal(status)) }
    }
}

fn why(error: &IppError) -> Why {
    match error {
        IppError::IoError(error) => why_of_io(error),
        IppError::ClientError(error) => why_of_http(error),
        _ => Why::Protocol,
    }
}

fn why_of_io(error: &std::io::Error) -> Why {
    #[cfg(feature = "ipps")]
    if let Some(why) = tls::why_of_io(error) {
        return why;
    }
    Why::of(error)
}

fn why_of_http(error: &ureq::Error) -> Why {
    match error {
        ureq::Error::Io(error) => why_of_io(error),
        #[cfg(feature = "ipps")]
        ureq::Error::Rustls(error) => tls::why(error),
        ureq::Error::Tls(_) | ureq::Error::TlsRequired => Why::Tls,
        ureq::Error::HostNotFound => Why::NameNotFound,
        ureq::Error::Timeout(ureq::Timeout::Connect) => Why::NoConnection,
        ureq::Error::Timeout(_) => Why::NoAnswer,
        ureq::Error::ConnectionFailed => Why::Unreachable,
        ureq::Error::StatusCode(401 | 403) => Why::Denied,
        ureq::Error::StatusCode(404) => Why::Missing,
        ureq::Error::StatusCode(503) => Why::Busy,
        _ => Why::Protocol,
    }
}

fn group(answer: &IppRequestResponse, tag: DelimiterTag) -> Result<&IppAttributeGroup, Why> {
    answer.attributes().first_of(tag).ok_or(Why::Protocol)
}

fn number(attribute: Option<&IppAttribute>) -> Option<i32> {
    match attribute?.value() {
        IppValue::Integer(number) | IppValue::Enum(number) => Some(*number),
        _ => None,
    }
}

/// The keywords or forms of an attribute, one or many.
fn words(attribute: Option<&IppAttribute>) -> Vec<String> {
    let word = |value: &IppValue| match value {
        IppValue::Keyword(word) => Some(word.as_str().to_owned()),
        IppValue::MimeMediaType(form) => Some(form.as_str().to_owned()),
        _ => None,
    };
    attribute.into_iter().flat_map(|attribute| attribute.value()).filter_map(word).collect()
}
