//! What a station may do at the broker: take from the queues of its own printers, report in its own name, and nothing else.
//!
//! `nats-server` is told in its configuration, per user (<https://docs.nats.io/running-a-nats-service/configuration/securing_nats/authorization>).
//! Every subject is a whole: a station cannot listen to the queue of another one, nor answer for it, nor see what others are
//! answered, since its inbox is its own.

use std::fmt::Write;

use crate::member::Control;
use crate::place::StationPlace;
use crate::streams;

/// The inbox of a station, where answers come to.
#[must_use]
pub fn inbox(station: &StationPlace) -> String {
    format!("_INBOX_{}_{}", station.site, station.station)
}

/// What a station may publish.
#[must_use]
pub fn publish(station: &StationPlace, printers: &[String]) -> Vec<String> {
    let (print, control) = (streams::print(&station.site), streams::control(&station.site));
    let mut allowed = Vec::new();
    for printer in printers {
        let place = station.printer(printer);
        let (consumer, queue) = (place.consumer(), place.queue());
        allowed.push(format!("$JS.API.CONSUMER.CREATE.{print}.{consumer}.{queue}"));
        allowed.push(format!("$JS.API.CONSUMER.MSG.NEXT.{print}.{consumer}"));
        allowed.push(format!("$JS.API.CONSUMER.INFO.{print}.{consumer}"));
        // With a domain and an account in it since ADR-15, and without.
        allowed.push(format!("$JS.ACK.{print}.{consumer}.>"));
        allowed.push(format!("$JS.ACK.*.*.{print}.{consumer}.>"));
    }
    // Whether it is drained, and what was moved from it; that of its neighbours as well, which says nothing of orders.
    allowed.push(format!("$JS.API.STREAM.MSG.GET.{control}"));
    allowed.push(format!("result.{}.>", station.tokens()));
    allowed.push(format!("state.{}", station.tokens()));
    allowed
}

/// What a station may listen to.
#[must_use]
pub fn subscribe(station: &StationPlace) -> Vec<String> {
    vec![format!("{}.>", inbox(station)), Control::subject(station)]
}

/// The entry of a station among the `users` of an account in the configuration of `nats-server`. `who` is what it is known by:
/// `nkey: U…`, or `user` and `password`.
#[must_use]
pub fn entry(station: &StationPlace, printers: &[String], who: &str) -> String {
    let list = |subjects: &[String]| {
        let quoted = subjects.iter().map(|subject| format!("        \"{subject}\"\n"));
        quoted.collect::<String>()
    };
    let mut text = String::new();
    let _ = write!(
        text,
        "{{ # {station}\n  {who}\n  permissions: {{\n    publish: {{ allow: [\n{}    ] }}\n    subscribe: {{ allow: [\n{}    ] }}\n  }}\n}}\n",
        list(&publish(station, printers)),
        list(&subscribe(station)),
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_another_station_is_allowed() {
        let station = StationPlace::new("hz", "st-01").unwrap();
        let printers = ["desk".to_owned(), "发货台".to_owned()];
        for subject in publish(&station, &printers).iter().chain(&subscribe(&station)) {
            let control = subject == "$JS.API.STREAM.MSG.GET.CONTROL-hz";
            assert!(control || subject.contains("st-01"), "{subject}");
            // Wild cards stand behind the station's name only, or for the domain and the account of an acknowledgement.
            let before = subject.split("st-01").next().unwrap_or_default();
            assert!(!before.contains(['*', '>']) || before.starts_with("$JS.ACK.*.*.PRINT-hz."), "{subject}");
        }
    }
}
