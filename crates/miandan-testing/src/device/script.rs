//! What a simulated printer is, and what befalls it.

use std::str::FromStr;
use std::time::Duration;

/// How a printer speaks: where its labels end, and how it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// TSPL, `ESC ! ?` as TSC and Gprinter have it, and `ESC ! S`.
    Tspl,
    /// TSPL, `ESC ! ?` as Sunmi has it.
    TsplSunmi,
    /// ZPL, `~HS`, and silence while paper, ribbon or head are not as they should be.
    Zpl,
}

/// What befalls a printer, each once. Labels are counted from 1 in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// While this label comes it jams, half of it taken: it reads no more until it is resumed. The label is printed then.
    Jam(usize),
    /// After so many labels there is no paper. It notices when the next one is to be printed.
    PaperOut(usize),
    /// After so many labels the head is opened.
    HeadOpen(usize),
    /// After so many labels it is paused.
    Pause(usize),
    /// After so many labels it refuses connections until it is told to accept them.
    Refuse(usize),
    /// While this label comes it loses its power, half of it taken, and with it everything that it was to print. It is
    /// back at once.
    PowerLoss(usize),
    /// After so many bytes of labels it resets the connection.
    Reset(u64),
    /// After so many bytes of labels it closes the connection.
    Close(u64),
    /// After so many bytes of labels it reads no more until it is resumed.
    Stall(u64),
}

/// A printer, as it behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// How it speaks.
    pub speech: Speech,
    /// Whether it answers at all.
    pub answers: bool,
    /// How long it prints a label.
    pub print_time: Duration,
    /// The most bytes that it takes in a second.
    pub bytes_per_second: Option<u32>,
    /// How many labels it holds that are not printed yet. While it holds more it reads nothing.
    pub buffer: usize,
    /// What befalls it.
    pub events: Vec<Event>,
}

impl Script {
    /// A printer that is well.
    #[must_use]
    pub fn well(speech: Speech) -> Self {
        Script {
            speech,
            answers: true,
            print_time: Duration::from_millis(100),
            bytes_per_second: None,
            buffer: 4,
            events: Vec::new(),
        }
    }

    /// The same, and this befalls it.
    #[must_use]
    pub fn with(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// The same, with so many milliseconds for a label.
    #[must_use]
    pub fn printing_for(mut self, milliseconds: u64) -> Self {
        self.print_time = Duration::from_millis(milliseconds);
        self
    }

    /// The same, but it never answers.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.answers = false;
        self
    }
}

/// Words between commas: `tspl` (as is where none is named), `tspl-sunmi` or `zpl`; `silent`; `print@MS`, `slow@BYTES`,
/// `buffer@LABELS`; `jam@N`, `paper-out@N`, `head-open@N`, `pause@N`, `refuse@N`, `power@N` for labels; `reset@N`, `close@N`,
/// `stall@N` for bytes.
impl FromStr for Script {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut script = Script::well(Speech::Tspl);
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let Some((what, number)) = word.split_once('@') else {
                match word {
                    "tspl" => script.speech = Speech::Tspl,
                    "tspl-sunmi" => script.speech = Speech::TsplSunmi,
                    "zpl" => script.speech = Speech::Zpl,
                    "silent" => script.answers = false,
                    _ => return Err(format!("{word} is not known")),
                }
                continue;
            };
            let number: u32 = number.parse().map_err(|_| format!("{word}: a number is wanted"))?;
            let (labels, bytes) = (number as usize, u64::from(number));
            script.events.push(match what {
                "print" => {
                    script.print_time = Duration::from_millis(bytes);
                    continue;
                }
                "slow" => {
                    script.bytes_per_second = Some(number.max(1));
                    continue;
                }
                "buffer" => {
                    script.buffer = labels.max(1);
                    continue;
                }
                "jam" => Event::Jam(labels),
                "paper-out" => Event::PaperOut(labels),
                "head-open" => Event::HeadOpen(labels),
                "pause" => Event::Pause(labels),
                "refuse" => Event::Refuse(labels),
                "power" => Event::PowerLoss(labels),
                "reset" => Event::Reset(bytes),
                "close" => Event::Close(bytes),
                "stall" => Event::Stall(bytes),
                _ => return Err(format!("{what} is not known")),
            });
        }
        Ok(script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read() {
        let script: Script = "zpl, silent, print@7, slow@9,buffer@2,jam@12,reset@20000".parse().unwrap();
        let expected = Script {
            bytes_per_second: Some(9),
            buffer: 2,
            ..Script::well(Speech::Zpl)
                .silent()
                .printing_for(7)
                .with(Event::Jam(12))
                .with(Event::Reset(20000))
        };
        assert_eq!(script, expected);
        for wrong in ["jam", "jam@x", "fire@3", "pcl"] {
            assert!(wrong.parse::<Script>().is_err(), "{wrong}");
        }
    }
}
