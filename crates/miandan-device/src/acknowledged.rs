//! How many bytes of a connection its other end has not acknowledged.
//!
//! A write to a socket is done when this machine has the bytes. Whether the printer's end has them is known to the kernel,
//! which tells it without a call that needs unsafe code only in its table of connections (`proc_pid_net(5)`).

use std::net::TcpStream;

/// Bytes that are written and not acknowledged; none if the system does not say.
#[cfg(target_os = "linux")]
pub(crate) fn outstanding(stream: &TcpStream) -> Option<u64> {
    let (local, peer) = (stream.local_addr().ok()?, stream.peer_addr().ok()?);
    let table = if local.is_ipv4() { "/proc/self/net/tcp" } else { "/proc/self/net/tcp6" };
    // In this table a connection of IPv6 to an address of IPv4 stands among those of IPv6.
    find(&std::fs::read_to_string(table).ok()?, local, peer)
}

/// Bytes that are written and not acknowledged; none if the system does not say.
#[cfg(not(target_os = "linux"))]
pub(crate) fn outstanding(_stream: &TcpStream) -> Option<u64> {
    None
}

/// Looks a connection up: `sl local_address rem_address st tx_queue:rx_queue …`.
#[cfg(target_os = "linux")]
fn find(table: &str, local: std::net::SocketAddr, peer: std::net::SocketAddr) -> Option<u64> {
    let (local, peer) = (written(local), written(peer));
    let line = table.lines().find(|line| {
        let mut words = line.split_ascii_whitespace().skip(1);
        words.next() == Some(&local) && words.next() == Some(&peer)
    })?;
    let queues = line.split_ascii_whitespace().nth(4)?;
    u64::from_str_radix(queues.split_once(':')?.0, 16).ok()
}

/// As the kernel writes an address: words of four bytes as this machine has them in memory.
#[cfg(target_os = "linux")]
fn written(address: std::net::SocketAddr) -> String {
    use std::fmt::Write;
    let octets = match address.ip() {
        std::net::IpAddr::V4(ip) => ip.octets().to_vec(),
        std::net::IpAddr::V6(ip) => ip.octets().to_vec(),
    };
    let mut text = String::new();
    for word in octets.chunks(4) {
        let word = word.try_into().map_or(0, u32::from_ne_bytes);
        let _ = write!(text, "{word:08X}");
    }
    let _ = write!(text, ":{:04X}", address.port());
    text
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_nobody_reads_is_outstanding_and_what_has_arrived_is_not() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            // Not every machine has both.
            let Ok(listener) = TcpListener::bind(host) else { continue };
            let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut far, _) = listener.accept().unwrap();
            assert_eq!(outstanding(&near), Some(0));
            near.set_write_timeout(Some(Duration::from_millis(20))).unwrap();
            let mut written = 0;
            while let Ok(count) = near.write(&[7; 65536]) {
                written += count;
            }
            assert!(
                outstanding(&near).unwrap() > 0,
                "{written} bytes are more than an end takes that does not read"
            );
            let mut buffer = vec![0; 65536];
            while written > 0 {
                written -= far.read(&mut buffer).unwrap();
            }
            while outstanding(&near) != Some(0) {
                std::thread::yield_now();
            }
        }
    }

    #[test]
    fn a_connection_is_found_by_both_of_its_ends() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n\
                     0: 0100007F:238C 0100007F:1234 01 00000010:00000000 01:00000014 00000000\n\
                     1: 0100007F:238C 0100007F:1235 01 000000FF:00000001 01:00000014 00000000\n";
        let find = |local: &str, peer: &str| find(table, local.parse().unwrap(), peer.parse().unwrap());
        if cfg!(target_endian = "little") {
            assert_eq!(find("127.0.0.1:9100", "127.0.0.1:4661"), Some(255));
        }
        assert_eq!(find("127.0.0.1:9100", "127.0.0.2:4661"), None);
        assert_eq!(super::find("no table", "[::1]:1".parse().unwrap(), "[::1]:2".parse().unwrap()), None);
    }
}
