//! What only the carrier reads: the number to call and what the label hides of the address.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::door;

/// Bytes of the contents, always: how long they are says nothing of what is in them.
pub(crate) const LENGTH: usize = 30;

/// Flags of the first byte.
const VIRTUAL: u8 = 1;
const LONG_VIRTUAL: u8 = 2;
const VIRTUAL_LEFT_OUT: u8 = 4;
const DOOR_CUT: u8 = 8;
const KNOWN: u8 = VIRTUAL | LONG_VIRTUAL | VIRTUAL_LEFT_OUT | DOOR_CUT;

/// What only the carrier reads. Its texts are wiped when they are dropped, and it is never in a log.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// The virtual number: digits, and an extension after `-`. Empty if the order has none.
    pub virtual_number: Zeroizing<String>,
    /// For how many whole days after the token was issued the number can be called; 255 for that and longer.
    pub virtual_days: u8,
    /// What the label hides of the address, the parts in order with ` / ` between them. Empty if it hides nothing.
    pub door: Zeroizing<String>,
    /// Whether more is hidden than fitted, or a number was too long: then the courier has to ask the carrier.
    pub is_incomplete: bool,
}

/// Personal text does not get into a log by way of a format string.
impl fmt::Debug for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contents([redacted])")
    }
}

impl Contents {
    /// The parts that a label hides of an address, put together.
    #[must_use]
    pub fn join<'a>(parts: impl IntoIterator<Item = &'a str>) -> Zeroizing<String> {
        let mut door = Zeroizing::new(String::new());
        for part in parts {
            if !door.is_empty() {
                door.push_str(door::BETWEEN);
            }
            door.push_str(part);
        }
        door
    }

    /// In the form that is sealed. What does not fit is left out, and said to be.
    pub(crate) fn encode(&self) -> Zeroizing<[u8; LENGTH]> {
        let mut bytes = Zeroizing::new([0; LENGTH]);
        let mut flags = 0;
        let mut at = 1;
        match pack(&self.virtual_number) {
            Some(Packed { bytes: number, length }) => {
                flags |= if length == SHORT { VIRTUAL } else { VIRTUAL | LONG_VIRTUAL };
                bytes[at] = self.virtual_days;
                bytes[at + 1..][..length].copy_from_slice(&number[number.len() - length..]);
                at += 1 + length;
            }
            None if !self.virtual_number.is_empty() => flags |= VIRTUAL_LEFT_OUT,
            None => {}
        }
        if !door::encode(&self.door, &mut bytes[at..]) || self.is_incomplete {
            flags |= DOOR_CUT;
        }
        bytes[0] = flags;
        bytes
    }

    /// Reads what was sealed; `None` if that is not of this form.
    pub(crate) fn decode(bytes: &[u8]) -> Option<Self> {
        let (&flags, mut rest) = bytes.split_first().filter(|_| bytes.len() == LENGTH)?;
        if flags & !KNOWN != 0 || flags & (VIRTUAL | LONG_VIRTUAL) == LONG_VIRTUAL {
            return None;
        }
        let mut contents =
            Contents { is_incomplete: flags & (VIRTUAL_LEFT_OUT | DOOR_CUT) != 0, ..Contents::default() };
        if flags & VIRTUAL != 0 {
            let length = if flags & LONG_VIRTUAL == 0 { SHORT } else { LONG };
            let (&days, after) = rest.split_first()?;
            contents.virtual_days = days;
            contents.virtual_number = unpack(after.get(..length)?)?.into();
            rest = &after[length..];
        }
        contents.door = door::decode(rest)?.into();
        Some(contents)
    }
}

/// Bytes that hold every number of up to 18 characters, and of up to 22.
const SHORT: usize = 8;
const LONG: usize = 10;

struct Packed {
    bytes: [u8; 16],
    length: usize,
}

/// Digits and one `-` as a number to the base 11 with a 1 before it, so that leading zeros stay.
fn pack(number: &str) -> Option<Packed> {
    let mut value: u128 = 1;
    for character in number.bytes() {
        let digit = match character {
            b'0'..=b'9' => character - b'0',
            b'-' => 10,
            _ => return None,
        };
        value = value.checked_mul(11)?.checked_add(u128::from(digit))?;
    }
    let bits = 128 - value.leading_zeros() as usize;
    let length = [SHORT, LONG].into_iter().find(|&length| bits <= length * 8)?;
    (!number.is_empty()).then(|| Packed { bytes: value.to_be_bytes(), length })
}

fn unpack(bytes: &[u8]) -> Option<String> {
    let mut value = bytes.iter().fold(0_u128, |value, &byte| value << 8 | u128::from(byte));
    let mut digits = Vec::new();
    while value > 1 {
        digits.push(b"0123456789-"[(value % 11) as usize]);
        value /= 11;
    }
    let is_sound = value == 1 && !digits.is_empty() && (bytes.len() == SHORT || bytes[..2] != [0, 0]);
    is_sound.then(|| digits.into_iter().rev().map(char::from).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn contents(virtual_number: &str, virtual_days: u8, door: &str) -> Contents {
        let text = |text: &str| String::from(text).into();
        Contents {
            virtual_number: text(virtual_number),
            virtual_days,
            door: text(door),
            is_incomplete: false,
        }
    }

    #[track_caller]
    fn comes_back(contents: &Contents) {
        assert_eq!(Contents::decode(&*contents.encode()).as_ref(), Some(contents));
    }

    #[test]
    fn contents_come_back() {
        comes_back(&Contents::default());
        comes_back(&contents("", 0, "2 / 1501"));
        comes_back(&contents("17000000000-0042", 14, ""));
        comes_back(&contents("17000000000-0042", 14, "3号楼2单元1204室"));
        // 22 characters: two bytes fewer for the door.
        comes_back(&contents("0095013000000000-00421", 255, "3号楼2单元1204室"));
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_said_to_be() {
        let read = |contents: &Contents| Contents::decode(&*contents.encode()).unwrap();
        let long = read(&contents("17000000000-0042", 14, "东门口小卖部后面第三个院子里的白色平房"));
        assert_eq!((long.door.as_str(), long.is_incomplete), ("东门口小卖部后面第三个", true));
        assert_eq!(*long.virtual_number, "17000000000-0042");
        let long = read(&contents("95013000000000000000-00421", 14, "1501"));
        assert_eq!(
            (long.virtual_number.as_str(), long.door.as_str(), long.is_incomplete),
            ("", "1501", true)
        );
        let odd = read(&contents("+86 17000000000", 14, ""));
        assert_eq!((odd.virtual_number.as_str(), odd.is_incomplete), ("", true));
    }

    #[test]
    fn parts_stand_apart() {
        assert_eq!(*Contents::join(["2", "1501"]), "2 / 1501");
        assert_eq!(*Contents::join([]), "");
    }

    #[test]
    fn nothing_of_it_gets_into_a_log() {
        let text = alloc::format!("{:?}", contents("17000000000", 1, "1501"));
        assert_eq!(text, "Contents([redacted])");
    }

    #[test]
    fn another_form_is_refused() {
        let sound = contents("17000000000-0042", 14, "1501").encode();
        let changed = |place: usize, byte: u8| {
            let mut bytes = *sound;
            bytes[place] = byte;
            Contents::decode(&bytes)
        };
        assert!(changed(0, VIRTUAL).is_some());
        for flags in [16, 128, LONG_VIRTUAL] {
            assert!(changed(0, flags).is_none(), "{flags}");
        }
        assert!(changed(29, 1).is_none(), "after the end");
        assert!(Contents::decode(&sound[..29]).is_none() && Contents::decode(&[]).is_none());
        // A long number that would have fitted the short form.
        let mut long = [0; LENGTH];
        long[0] = VIRTUAL | LONG_VIRTUAL;
        long[11] = 11;
        assert!(Contents::decode(&long).is_none());
    }

    proptest! {
        #[test]
        fn bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 28..32)) {
            let _ = Contents::decode(&bytes);
        }
    }
}
