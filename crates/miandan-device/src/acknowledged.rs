//! How many bytes of a connection its other end has not acknowledged.
//!
//! A write to a socket is done when this machine has the bytes. Whether the printer's end has them is known to the kernel. It
//! says so of one connection over netlink (`sock_diag(7)`), in microseconds; where that is not allowed, in its table of all
//! connections (`proc_pid_net(5)`), which takes milliseconds to write where there is room for many. Neither is a call that
//! needs unsafe code, as `SIOCOUTQ` does.

use std::net::TcpStream;
#[cfg(target_os = "linux")]
use std::net::{IpAddr, SocketAddr};

/// Bytes that are written and not acknowledged; none if the system does not say.
#[cfg(target_os = "linux")]
pub(crate) fn outstanding(stream: &TcpStream) -> Option<u64> {
    let (local, peer) = (stream.local_addr().ok()?, stream.peer_addr().ok()?);
    ask(local, peer).or_else(|| look_up(local, peer))
}

/// Asks the kernel about one connection.
#[cfg(target_os = "linux")]
fn ask(local: SocketAddr, peer: SocketAddr) -> Option<u64> {
    use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, netlink, recv, send, socket};

    let kernel = socket(AddressFamily::NETLINK, SocketType::DGRAM, Some(netlink::SOCK_DIAG)).ok()?;
    let question = question(local, peer);
    send(&kernel, &question, SendFlags::empty()).ok()?;
    let mut answer = [0; 1024];
    // It has answered before the question is sent.
    let (length, _) = recv(&kernel, &mut answer[..], RecvFlags::DONTWAIT).ok()?;
    read_answer(answer.get(..length)?, &question)
}

/// The head of a message (netlink(7)), and its type: a question about a socket, and an answer to one.
#[cfg(target_os = "linux")]
const HEAD: usize = 16;
#[cfg(target_os = "linux")]
const SOCK_DIAG_BY_FAMILY: u16 = 20;

/// `inet_diag_req_v2` of `linux/inet_diag.h`, about one connection of TCP.
#[cfg(target_os = "linux")]
fn question(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    const LENGTH: u32 = 72;
    const REQUEST: u16 = 1;
    let octets = |ip: IpAddr| {
        let mut octets = [0; 16];
        match ip {
            IpAddr::V4(ip) => octets[..4].copy_from_slice(&ip.octets()),
            IpAddr::V6(ip) => octets = ip.octets(),
        }
        octets
    };
    let (family, interface) = match local {
        SocketAddr::V4(_) => (2, 0),
        SocketAddr::V6(local) => (10, local.scope_id()),
    };
    let mut message = Vec::with_capacity(LENGTH as usize);
    message.extend(LENGTH.to_ne_bytes());
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(REQUEST.to_ne_bytes());
    // Its number, and ours, which the kernel gives.
    message.extend([0; 8]);
    // Of TCP, with no extensions, in whatever state.
    message.extend([family, 6, 0, 0]);
    message.extend(u32::MAX.to_ne_bytes());
    message.extend(local.port().to_be_bytes());
    message.extend(peer.port().to_be_bytes());
    message.extend(octets(local.ip()));
    message.extend(octets(peer.ip()));
    message.extend(interface.to_ne_bytes());
    // `INET_DIAG_NOCOOKIE`
    message.extend([u8::MAX; 8]);
    message
}

/// What is not acknowledged, from `inet_diag_msg`: `idiag_wqueue`.
#[cfg(target_os = "linux")]
fn read_answer(answer: &[u8], question: &[u8]) -> Option<u64> {
    // Both ends: where there is no such connection, who listens at the port is answered for.
    const ENDS: usize = 36;
    let kind = answer.get(4..6)?.try_into().map(u16::from_ne_bytes).ok()?;
    let is_of_it = answer.get(HEAD + 4..)?.get(..ENDS)? == question.get(HEAD + 8..)?.get(..ENDS)?;
    let queue = answer.get(HEAD + 60..HEAD + 64)?.try_into().map(u32::from_ne_bytes).ok()?;
    (kind == SOCK_DIAG_BY_FAMILY && is_of_it).then_some(u64::from(queue))
}

/// Looks a connection up in the table of all of them.
#[cfg(target_os = "linux")]
fn look_up(local: SocketAddr, peer: SocketAddr) -> Option<u64> {
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
fn find(table: &str, local: SocketAddr, peer: SocketAddr) -> Option<u64> {
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
fn written(address: SocketAddr) -> String {
    use std::fmt::Write;
    let octets = match address.ip() {
        IpAddr::V4(ip) => ip.octets().to_vec(),
        IpAddr::V6(ip) => ip.octets().to_vec(),
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
            let (local, peer) = (near.local_addr().unwrap(), near.peer_addr().unwrap());
            // Bytes are still on their way into the buffer of the other end for a moment.
            assert!((0..1000).any(|_| ask(local, peer) == look_up(local, peer)), "both say the same");
            let mut buffer = vec![0; 65536];
            while written > 0 {
                written -= far.read(&mut buffer).unwrap();
            }
            while outstanding(&near) != Some(0) {
                std::thread::yield_now();
            }
            assert_eq!((ask(local, peer), look_up(local, peer)), (Some(0), Some(0)));
            assert_eq!(ask(peer, "192.0.2.1:9".parse().unwrap()), None, "there is no such connection");
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
