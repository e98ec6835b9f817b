//! What the acts are aimed at: a file, a victim, listeners, a segment; and how an attacker is started among them.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{SocketAddr, UnixListener, UnixStream};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use miandan_component::attack::LOCKED;
use miandan_core::sandbox::Layer;

use crate::attacker::{AS_ROOT, Attempt, Ended, NOT_AS_ROOT, STARTED};

/// A user that owns nothing.
const NOBODY: u32 = 65_534;

/// How long an act may take before the watchdog ends it.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Stage {
    folder: PathBuf,
    program: PathBuf,
    victims: [Option<Child>; 2],
    inherited: File,
    segment: i32,
    tcp: TcpListener,
    udp: UdpSocket,
    _listeners: [UnixListener; 2],
    available: Vec<Layer>,
}

impl Stage {
    pub(crate) fn set() -> Self {
        let number = std::process::id();
        let folder = std::env::temp_dir().join(format!("miandan-attacks-{number}"));
        fs::create_dir(&folder).expect("a scratch folder");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).expect("permissions");
        let program = folder.join("attacks");
        fs::copy(std::env::current_exe().expect("this program"), &program).expect("a copy of this program");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("permissions");
        let set_user_id = folder.join("who");
        fs::copy(&program, &set_user_id).expect("a copy of this program");
        fs::set_permissions(&set_user_id, fs::Permissions::from_mode(0o4755)).expect("permissions");
        let unix = UnixListener::bind(folder.join("socket")).expect("a socket");
        fs::set_permissions(folder.join("socket"), fs::Permissions::from_mode(0o666)).expect("permissions");
        let name = SocketAddr::from_abstract_name(format!("miandan-{number}")).expect("a name");
        fs::write(folder.join("inherited"), "inherited").expect("a file");
        let segment = 0x4d44_0000 | (number & 0xffff) as i32;
        // SAFETY: no memory is involved; the segment goes when the stage goes.
        assert!(unsafe { libc::shmget(segment, 4096, libc::IPC_CREAT | 0o666) } >= 0, "a segment");
        let mut stage = Stage {
            inherited: File::open(folder.join("inherited")).expect("a file"),
            folder,
            program,
            victims: [None, None],
            segment,
            tcp: TcpListener::bind("127.0.0.1:0").expect("a listener"),
            udp: UdpSocket::bind("127.0.0.1:0").expect("a socket"),
            _listeners: [unix, UnixListener::bind_addr(&name).expect("a socket")],
            available: Vec::new(),
        };
        for ordinary in [false, true] {
            let mut victim = stage.command(ordinary);
            stage.victims[usize::from(ordinary)] = Some(victim.arg("--victim").spawn().expect("a victim"));
        }
        stage.available = stage.attempt("nothing", true, &[]).on;
        println!("layers here, for an ordinary user: {:?}", stage.available);
        stage
    }

    pub(crate) fn is_root(&self) -> bool {
        // SAFETY: no memory is involved.
        unsafe { libc::geteuid() == 0 }
    }

    pub(crate) fn is_available(&self, layer: Layer) -> bool {
        self.available.contains(&layer)
    }

    /// This program, as root or as an ordinary user, without the limits of this process.
    pub(crate) fn command(&self, ordinary: bool) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(&self.folder).env_clear().stdout(Stdio::null());
        if ordinary && self.is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }

    /// Starts an attacker, waits until it is locked, and answers it with the pipe and the layers that are on.
    pub(crate) fn start(
        &self,
        act: &str,
        ordinary: bool,
        without: &[Layer],
    ) -> Option<(Child, BufReader<UnixStream>, Vec<Layer>)> {
        let secret = self.folder.join("secret");
        self.put_secret(ordinary);
        let (ours, theirs) = UnixStream::pair().expect("a pair of sockets");
        ours.set_read_timeout(Some(PATIENCE)).expect("a time limit");
        let victim = self.victims[usize::from(ordinary)].as_ref().map_or(0, Child::id);
        let mut command = self.command(ordinary);
        command.arg("--act").arg(act).arg(&secret).arg(victim.to_string());
        command.arg(self.tcp.local_addr().expect("a port").port().to_string());
        command.arg(self.udp.local_addr().expect("a port").port().to_string());
        command.arg(self.folder.join("socket")).arg(format!("miandan-{}", std::process::id()));
        command.arg(self.segment.to_string()).arg(self.folder.join("who"));
        if without.len() == Layer::ALL.len() {
            command.arg("everything");
        }
        command.args(without.iter().map(|layer| layer.as_str()));
        command.stdin(Stdio::from(OwnedFd::from(theirs))).stderr(Stdio::inherit());
        let inherited = self.inherited.as_raw_fd();
        // SAFETY: only system calls, which are safe after a fork: a descriptor that the component was never told of,
        // and no limit to cores but the component's own.
        unsafe {
            command.pre_exec(move || {
                libc::dup2(inherited, 9);
                let all = libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
                libc::setrlimit(libc::RLIMIT_CORE, &raw const all);
                Ok(())
            });
        }
        let mut child = command.spawn().expect("an attacker");
        drop(command);
        let mut pipe = BufReader::new(ours);
        let mut line = String::new();
        if pipe.read_line(&mut line).is_err() || !line.starts_with(LOCKED) {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        let on = Layer::ALL
            .iter()
            .copied()
            .filter(|layer| line.split_whitespace().any(|word| word == layer.as_str()));
        Some((child, pipe, on.collect()))
    }

    /// One act in a fresh process, under a watchdog.
    pub(crate) fn attempt(&self, act: &str, ordinary: bool, without: &[Layer]) -> Attempt {
        let Some((mut child, mut pipe, on)) = self.start(act, ordinary, without) else {
            return Attempt { on: Vec::new(), ended: Ended::Broken };
        };
        let mut line = String::new();
        let said = if act == "nothing" { Ok(0) } else { pipe.read_line(&mut line) };
        let ended = match said {
            Err(_) => Ended::Hung,
            Ok(0) if act == "nothing" => Ended::Done,
            // The pipe was closed: the process was killed, or became another program.
            Ok(0) => {
                let status = child.wait().expect("a child");
                match (status.signal(), status.code()) {
                    (Some(signal), _) => Ended::Killed(signal),
                    (_, Some(STARTED | AS_ROOT)) => Ended::Done,
                    (_, Some(NOT_AS_ROOT)) => Ended::Denied(libc::EPERM),
                    _ => Ended::Broken,
                }
            }
            Ok(_) => match line.trim().parse() {
                Ok(0) => Ended::Done,
                Ok(error) => Ended::Denied(error),
                Err(_) => Ended::Broken,
            },
        };
        let _ = child.kill();
        let _ = child.wait();
        Attempt { on, ended }
    }

    /// A fresh secret: acts unlink, move and truncate it.
    fn put_secret(&self, ordinary: bool) {
        let secret = self.folder.join("secret");
        for gone in ["secret", "secret.new", "secret.moved"] {
            let _ = fs::remove_file(self.folder.join(gone));
        }
        let _ = fs::remove_dir(self.folder.join("secret.folder"));
        fs::write(&secret, "a key that nobody should read").expect("a file");
        fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).expect("permissions");
        if ordinary && self.is_root() {
            std::os::unix::fs::chown(&secret, Some(NOBODY), Some(NOBODY)).expect("an owner");
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for victim in self.victims.iter_mut().flatten() {
            let _ = victim.kill();
            let _ = victim.wait();
        }
        // SAFETY: no memory of this process is involved; the segment was made by this process.
        unsafe { libc::shmctl(libc::shmget(self.segment, 0, 0), libc::IPC_RMID, std::ptr::null_mut()) };
        let _ = fs::remove_dir_all(&self.folder);
    }
}
