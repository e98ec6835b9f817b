//! IPP over TLS (RFC 7472): what the client needs for it, and what its errors mean.
//!
//! The certificate of a printer is checked as that of any server: an authority that this system trusts has to vouch for it, and for
//! the name or the address under which the printer is asked for.

use std::io;
use std::sync::Once;

use crate::error::Why;

/// Lets TLS work with ring, as everything else here does. Where a program has chosen otherwise already it stays so.
pub(super) fn prepare() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

pub(super) fn why(error: &rustls::Error) -> Why {
    match error {
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => Why::Certificate,
        _ => Why::Tls,
    }
}

/// What was found out while a connection was made comes inside an error of the system.
pub(super) fn why_of_io(error: &io::Error) -> Option<Why> {
    error.get_ref()?.downcast_ref().map(why)
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::TcpListener;
    use std::thread;

    use super::*;
    use crate::{Device, DeviceOptions, SendError, StatusError};

    #[test]
    fn errors_say_what_a_person_can_do() {
        let io = |error: rustls::Error| io::Error::new(io::ErrorKind::InvalidData, error);
        let unknown = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        assert_eq!(why_of_io(&io(unknown)), Some(Why::Certificate));
        assert_eq!(why_of_io(&io(rustls::Error::HandshakeNotComplete)), Some(Why::Tls));
        assert_eq!(why_of_io(&io::ErrorKind::ConnectionReset.into()), None);
    }

    /// A printer that speaks no TLS is sent nothing in clear.
    #[test]
    fn what_is_no_tls_is_sent_nothing() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let uri = format!("ipps://{}/ipp/print", listener.local_addr().unwrap());
        let heard = thread::spawn(move || {
            let mut heard = Vec::new();
            for stream in listener.incoming().take(2) {
                let mut stream = stream.unwrap();
                let mut bytes = [0; 512];
                let count = io::Read::read(&mut stream, &mut bytes).unwrap();
                heard.push(bytes[..count].to_vec());
                let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            }
            heard
        });
        let mut device = Device::open(&uri.parse().unwrap(), DeviceOptions::default()).unwrap();
        assert_eq!(device.status(), Err(StatusError::Failed(Why::Tls)));
        let sent = device.send("1", b"label", &std::sync::atomic::AtomicBool::new(false));
        assert_eq!(sent, Err(SendError::NothingSent { why: Why::Tls }));
        for bytes in heard.join().unwrap() {
            // The first of a handshake (RFC 8446 5.1).
            assert_eq!(bytes[0], 22);
            assert!(!bytes.windows(5).any(|window| window == b"label" || window == b"POST "));
        }
    }
}
