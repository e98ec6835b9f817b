//! What a process holds. Linux only; needs the right to look into it.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant};

/// Every readable byte of a process.
///
/// # Errors
/// If the process has ended or may not be looked into.
pub fn of(process: u32) -> io::Result<Vec<u8>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps"))?;
    let memory = File::open(format!("/proc/{process}/mem"))?;
    let mut bytes = Vec::new();
    for (start, end) in maps.lines().filter_map(readable) {
        let place = bytes.len();
        bytes.resize(place + (end - start) as usize, 0);
        // A region that vanishes while it is read has nothing more to tell.
        if memory.read_exact_at(&mut bytes[place..], start).is_err() {
            bytes.truncate(place);
        }
    }
    Ok(bytes)
}

/// The range of a line of the map, if it can be read. The clock's pages (`[vvar]`) cannot, whatever the map says.
fn readable(line: &str) -> Option<(u64, u64)> {
    let mut words = line.split_whitespace();
    let (range, permissions) = (words.next()?, words.next()?);
    if !permissions.starts_with('r') || line.contains("[vv") {
        return None;
    }
    let (start, end) = range.split_once('-')?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
}

/// Waits until every thread of a process sleeps and stays asleep for a moment, or the process is gone.
///
/// # Panics
/// If it does not come to rest.
pub fn wait_until_asleep(process: u32) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut quiet = 0;
    while quiet < 5 {
        assert!(Instant::now() < deadline, "the program does not come to rest");
        std::thread::sleep(Duration::from_millis(10));
        let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { return };
        let states = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("stat")).ok());
        let asleep = states.into_iter().all(|stat| {
            stat.rsplit_once(')').is_some_and(|(_, rest)| rest.trim_start().starts_with(['S', 'D', 'Z']))
        });
        quiet = if asleep { quiet + 1 } else { 0 };
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // the test starts a program
mod tests {
    use std::io::Write;
    use std::process::{Command, Stdio};

    use super::*;
    use crate::Needles;

    /// The control of every search: another process holds each form, and each is found in its memory.
    #[test]
    fn every_form_is_found_in_the_memory_of_another_process() {
        let needles = Needles::new(&["阳隐匿甲", "1270918", "planted.hidden@example.com"]);
        let mut held: Vec<u8> = needles.iter().flat_map(|(_, bytes)| [bytes, b"\0"].concat()).collect();
        held = held.repeat((1 << 20) / held.len());
        // `cat` waits with what it has read, since nobody reads what it writes.
        let mut holder =
            Command::new("/bin/cat").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("cat");
        let mut input = holder.stdin.take().expect("its input");
        let writer = std::thread::spawn(move || input.write_all(&held));
        wait_until_asleep(holder.id());
        let memory = of(holder.id()).expect("its memory");
        let found = needles.found(&memory);
        let missing: Vec<_> =
            needles.iter().map(|(name, _)| name).filter(|name| !found.contains(name)).collect();
        holder.kill().expect("it runs");
        holder.wait().expect("it ended");
        let _ = writer.join();
        assert_eq!(missing, [""; 0], "{} bytes", memory.len());
        assert_eq!(Needles::new(&["隐匿乙丙"]).found(&memory), [""; 0]);
    }
}
