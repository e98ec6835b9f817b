//! A print server that has queues, says how they are and takes jobs: as much of CUPS as a question about printers meets, and a
//! label. Over TLS too, with a certificate that only who trusts `tls/authority.pem` takes; it was made with openssl for this, and
//! the key of the authority was thrown away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A queue: its name, what it is called, its state (RFC 8011 5.4.11) and the reason for it.
#[derive(Clone, Copy)]
pub struct Queue {
    pub name: &'static str,
    pub info: &'static str,
    pub state: u32,
    pub reason: &'static str,
}

/// Starts a print server that is there until the test ends.
pub fn start(queues: &'static [Queue]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream, address, queues));
        }
    });
    address
}

/// The same over TLS, at an address of this machine. The certificate is for `localhost` and 127.0.0.1.
pub fn start_secure(host: &str, queues: &'static [Queue]) -> SocketAddr {
    let listener = TcpListener::bind((host, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/printer.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/printer.key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    let config = Arc::new(config.unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            thread::spawn(move || serve(StreamOwned::new(connection, stream), address, queues));
        }
    });
    address
}

/// Who vouches for the certificate.
pub fn authority() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/common/tls/authority.pem")
}

fn serve(stream: impl Read + Write, address: SocketAddr, queues: &[Queue]) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut chunked) = (0, false);
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "transfer-encoding" => chunked = value.trim() == "chunked",
            _ => {}
        }
    }
    let mut request = vec![0; length];
    while chunked {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let size = usize::from_str_radix(line.trim(), 16).ok()?;
        let begin = request.len();
        request.resize(begin + size + 2, 0);
        reader.read_exact(&mut request[begin..]).ok()?;
        request.truncate(begin + size);
        chunked = size > 0;
    }
    if length > 0 {
        reader.read_exact(&mut request).ok()?;
    }
    let answer = answer(&request, &path, address, queues);
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        answer.len()
    );
    let mut stream = reader.into_inner();
    stream.write_all(&[head.as_bytes(), &answer].concat()).ok()?;
    stream.flush().ok()
}

/// The answer to an operation (RFC 8010 3.1): the queues, or one of them.
fn answer(request: &[u8], path: &str, address: SocketAddr, queues: &[Queue]) -> Vec<u8> {
    let mut bytes = vec![1, 1, 0, 0];
    bytes.extend(&request[4..8]);
    bytes.push(0x01);
    attribute(&mut bytes, 0x47, "attributes-charset", b"utf-8");
    attribute(&mut bytes, 0x48, "attributes-natural-language", b"en");
    // Create-Job, Send-Document and Get-Job-Attributes: a job is done as soon as it is asked for.
    if matches!(request[2..4], [0, 0x05 | 0x06 | 0x09]) {
        bytes.push(0x02);
        attribute(&mut bytes, 0x21, "job-id", &7_u32.to_be_bytes());
        attribute(&mut bytes, 0x23, "job-state", &9_u32.to_be_bytes());
        attribute(&mut bytes, 0x44, "job-state-reasons", b"job-completed-successfully");
        bytes.push(0x03);
        return bytes;
    }
    let all = request[2..4] == [0x40, 0x02];
    for queue in queues {
        let place = format!("/printers/{}", queue.name);
        if !all && path != place {
            continue;
        }
        bytes.push(0x04);
        attribute(&mut bytes, 0x45, "printer-uri-supported", format!("ipp://{address}{place}").as_bytes());
        attribute(&mut bytes, 0x41, "printer-info", queue.info.as_bytes());
        attribute(&mut bytes, 0x23, "printer-state", &queue.state.to_be_bytes());
        attribute(&mut bytes, 0x44, "printer-state-reasons", queue.reason.as_bytes());
        attribute(&mut bytes, 0x22, "printer-is-accepting-jobs", &[1]);
    }
    bytes.push(0x03);
    bytes
}

fn attribute(bytes: &mut Vec<u8>, tag: u8, name: &str, value: &[u8]) {
    bytes.push(tag);
    for text in [name.as_bytes(), value] {
        bytes.extend((text.len() as u16).to_be_bytes());
        bytes.extend(text);
    }
}
