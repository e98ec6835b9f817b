//! Which printers there are: those at USB, and the queues of this machine's CUPS.

use std::fs;
use std::path::Path;

use crate::uri::DeviceUri;

/// A printer that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub uri: DeviceUri,
    /// What it says that it is: make and model, or what the queue is called. Empty if it does not say.
    pub about: String,
}

/// Looks for printers: device files of USB printers on Linux, and the queues of a CUPS on this machine, where one answers. What
/// cannot be looked at has none.
#[must_use]
pub fn discover() -> Vec<Found> {
    let found = at_usb(Path::new("/sys/class/usbmisc"), Path::new("/dev/usb")).into_iter();
    #[cfg(feature = "ipp")]
    let found = found.chain(crate::ipp::queues());
    found.collect()
}

/// Printers that the driver of USB printers has: `lp0` and so on, with what IEEE 1284 lets them say.
fn at_usb(classes: &Path, devices: &Path) -> Vec<Found> {
    let Ok(entries) = fs::read_dir(classes) else { return Vec::new() };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut numbers: Vec<u32> = names.filter_map(|name| name.strip_prefix("lp")?.parse().ok()).collect();
    numbers.sort_unstable();
    let found = numbers.into_iter().map(|number| {
        let id = fs::read_to_string(classes.join(format!("lp{number}/device/ieee1284_id")));
        Found {
            uri: DeviceUri::Usb(devices.join(format!("lp{number}"))),
            about: id.map_or_else(|_| String::new(), |id| make_and_model(&id)),
        }
    });
    found.collect()
}

/// `MFG:Xprinter;CMD:TSPL;MDL:XP-420B;` to `Xprinter XP-420B`. The keys have a long form too.
fn make_and_model(id: &str) -> String {
    let value = |short: &str, long: &str| {
        let values = id.trim().split(';').filter_map(|pair| pair.trim().split_once(':'));
        let mut values = values.filter(|(key, _)| [short, long].contains(key)).map(|(_, value)| value);
        // It comes from a device and goes to a terminal.
        values
            .next()
            .map(|value| value.chars().filter(|sign| !sign.is_control()).take(100).collect::<String>())
    };
    let parts = [value("MFG", "MANUFACTURER"), value("MDL", "MODEL")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printers_at_usb_say_what_they_are() {
        let folder = tempfile::tempdir().unwrap();
        for (name, id) in [
            ("lp10", "MANUFACTURER:Zebra;MODEL:ZD421\n"),
            ("lp2", "MFG:X\u{1b}[2J;CMD:TSPL;MDL:XP-420B;"),
            ("hiddev0", ""),
        ] {
            let device = folder.path().join(name).join("device");
            fs::create_dir_all(&device).unwrap();
            fs::write(device.join("ieee1284_id"), id).unwrap();
        }
        fs::create_dir(folder.path().join("lp3")).unwrap();
        let found = at_usb(folder.path(), Path::new("/dev/usb"));
        let found: Vec<_> = found.iter().map(|found| (found.uri.to_string(), found.about.as_str())).collect();
        let expected = [
            ("usb:/dev/usb/lp2", "X[2J XP-420B"),
            ("usb:/dev/usb/lp3", ""),
            ("usb:/dev/usb/lp10", "Zebra ZD421"),
        ];
        assert_eq!(found, expected.map(|(uri, about)| (uri.to_owned(), about)));
        assert_eq!(at_usb(Path::new("/no/such/folder"), Path::new("/dev/usb")), []);
    }
}
