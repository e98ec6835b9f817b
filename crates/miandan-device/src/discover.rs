//! Which printers there are: those at USB, and the queues of this machine's CUPS, or of the one that `CUPS_SERVER` names.

use std::fs;
use std::path::Path;

use crate::uri::DeviceUri;
#[cfg(feature = "ipp")]
use crate::uri::IppUri;

/// A printer that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Where it is.
    pub uri: DeviceUri,
    /// What it says that it is: make and model, or what the queue is called. Empty if it does not say.
    pub about: String,
}

/// Looks for printers: device files of USB printers on Linux, and the queues of a CUPS, where one answers: that of this
/// machine, or the one that the environment names in `CUPS_SERVER` as for every other client of it. What cannot be looked at
/// has none.
#[must_use]
pub fn discover() -> Vec<Found> {
    let found = at_usb(Path::new("/sys/class/usbmisc"), Path::new("/dev/usb")).into_iter();
    #[cfg(feature = "ipp")]
    let found = found.chain(queues());
    found.collect()
}

#[cfg(feature = "ipp")]
fn queues() -> Vec<Found> {
    let named = std::env::var("CUPS_SERVER").ok().filter(|named| !named.is_empty());
    server(named.as_deref()).map_or_else(Vec::new, |server| crate::ipp::queues(&server))
}

/// The print server that `CUPS_SERVER` names: `HOST`, `HOST:PORT`, with the version of IPP behind a slash or without. `None` if it
/// is a socket of this machine, to which we have no way.
#[cfg(feature = "ipp")]
fn server(named: Option<&str>) -> Option<IppUri> {
    let host = named.unwrap_or("localhost").split("/version=").next()?;
    match format!("ipp://{host}").parse() {
        Ok(DeviceUri::Ipp(server)) if server.path == "/" => {
            Some(IppUri { port: server.port.or(Some(631)), ..server })
        }
        _ => None,
    }
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

    #[cfg(feature = "ipp")]
    #[test]
    fn the_print_server_is_named_as_cups_has_it() {
        let named = |text| server(text).map(|server| server.to_string());
        assert_eq!(named(None).as_deref(), Some("ipp://localhost:631/"));
        assert_eq!(named(Some("print.example")).as_deref(), Some("ipp://print.example:631/"));
        assert_eq!(
            named(Some("[2001:db8::7]:8631/version=1.1")).as_deref(),
            Some("ipp://[2001:db8::7]:8631/")
        );
        assert_eq!(named(Some("/run/cups/cups.sock")), None);
    }

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
