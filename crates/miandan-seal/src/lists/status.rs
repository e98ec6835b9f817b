//! Withdrawal: which authorisations no longer hold, and what to do when nobody can say.

use std::borrow::Cow;
use std::fmt;

use miandan_core::Code;
use miandan_core::order::Consent;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{ListHead, ListKind, Unchecked};
use crate::encoding::KeyId;
use crate::header::is_identifier;
use crate::strict::{self, AsObject};
use crate::trust::TrustSet;

/// The authorisations of one issuer that were withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusList {
    head: ListHead,
    withdrawn: Withdrawn,
}

impl StatusList {
    /// Reads a list and checks its signature.
    ///
    /// # Errors
    /// [`Code::Limit`], [`Code::Malformed`], [`Code::UnknownIssuer`], [`Code::BadSignature`], in this order of checks.
    pub fn verify(file: &[u8], trust: &TrustSet) -> Result<Self, Code> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Body {
            iss: String,
            ikid: KeyId,
            iat: u64,
            next: u64,
            withdrawn: Withdrawn,
        }

        let unchecked = Unchecked::read(file, ListKind::Status)?;
        let Body { iss, ikid, iat, next, withdrawn } =
            strict::from_slice(&unchecked.body).map_err(|_| Code::Malformed)?;
        let head = ListHead { iss, ikid, iat, next };
        unchecked.check(ListKind::Status, &head, trust)?;
        Ok(StatusList { head, withdrawn })
    }

    /// Who signed it, and when.
    #[must_use]
    pub fn head(&self) -> &ListHead {
        &self.head
    }

    /// How many authorisations it names.
    #[must_use]
    pub fn len(&self) -> usize {
        self.withdrawn.entries.len()
    }

    /// Whether it names none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the authorisation of this epoch is withdrawn.
    #[must_use]
    pub fn covers(&self, consent: &Consent) -> bool {
        self.withdrawn.epoch(&consent.reference).is_some_and(|highest| consent.epoch <= highest)
    }

    fn is_stale(&self, now: u64, policy: &StatusPolicy) -> bool {
        let is_too_old = |age| now >= self.head.iat.saturating_add(age);
        now >= self.head.fresh_until() || policy.max_age.is_some_and(is_too_old)
    }
}

/// Entries in one piece of text, since there may be a hundred thousand of them. Ascending, so that one is found by
/// halving and none can stand twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Withdrawn {
    text: String,
    /// Where each reference ends in the text, and the highest epoch that is withdrawn.
    entries: Vec<(u32, u32)>,
}

impl Withdrawn {
    fn reference(&self, index: usize) -> &str {
        let start = index.checked_sub(1).map_or(0, |before| self.entries[before].0 as usize);
        &self.text[start..self.entries[index].0 as usize]
    }

    fn epoch(&self, reference: &str) -> Option<u32> {
        let (mut low, mut high) = (0, self.entries.len());
        while low < high {
            let middle = low.midpoint(high);
            match self.reference(middle).cmp(reference) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(self.entries[middle].1),
            }
        }
        None
    }

    /// Adds an entry, unless it is no reference or does not come after the one before it.
    fn push(&mut self, reference: &str, epoch: u32) -> Result<(), strict::Malformed> {
        let last = self.entries.len().checked_sub(1).map(|last| self.reference(last));
        if !is_identifier(reference) || last.is_some_and(|last| last >= reference) {
            return Err(strict::Malformed);
        }
        self.text.push_str(reference);
        // A list has 8 MiB at most.
        self.entries.push((self.text.len() as u32, epoch));
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Withdrawn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Fields<'a> {
            #[serde(borrow, rename = "ref")]
            reference: Cow<'a, str>,
            epoch: u32,
        }

        /// An entry that must be an object.
        struct Entry<'a>(Fields<'a>);

        impl<'de> Deserialize<'de> for Entry<'de> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Fields::deserialize(AsObject(deserializer)).map(Entry)
            }
        }

        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Withdrawn;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of withdrawn authorisations in ascending order")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Withdrawn, A::Error> {
                let mut withdrawn = Withdrawn::default();
                while let Some(Entry(entry)) = items.next_element()? {
                    withdrawn.push(&entry.reference, entry.epoch).map_err(serde::de::Error::custom)?;
                }
                Ok(withdrawn)
            }
        }

        deserializer.deserialize_seq(Entries)
    }
}

/// How much a station wants to know before it prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Enforcement {
    /// Withdrawals are not asked for.
    Off,
    /// What is known to be withdrawn is refused; a list that is missing or too old is only reported.
    #[default]
    Warn,
    /// An order is refused unless a list that is not too old says that it was not withdrawn.
    Required,
}

impl Enforcement {
    /// Every policy, from the least to the most.
    pub const ALL: [Enforcement; 3] = [Enforcement::Off, Enforcement::Warn, Enforcement::Required];

    /// The word for it on command lines: `off`, `warn` or `required`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Enforcement::Off => "off",
            Enforcement::Warn => "warn",
            Enforcement::Required => "required",
        }
    }

    /// The policy of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Enforcement::ALL.into_iter().find(|policy| policy.as_str() == word)
    }

    /// The policy of a station: the one that it names, else lists are obeyed if it has any. `None` if it requires lists and has
    /// none: it would print nothing.
    #[must_use]
    pub fn chosen(named: Option<Self>, has_lists: bool) -> Option<Self> {
        match named {
            None if has_lists => Some(Enforcement::Warn),
            None => Some(Enforcement::Off),
            Some(Enforcement::Required) if !has_lists => None,
            named => named,
        }
    }
}

/// What a station asks of status lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatusPolicy {
    /// What happens without a good list.
    pub enforcement: Enforcement,
    /// How old a list may be, in seconds since it was signed, if the station wants it fresher than its issuer
    /// promises.
    pub max_age: Option<u64>,
}

/// What a station knows of the list of one issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusReport {
    /// The issuer.
    pub iss: String,
    /// When its list was signed; `None` if there is no list of it.
    pub iat: Option<u64>,
    /// Whether the list is missing or too old.
    pub stale: bool,
}

/// The status lists of a station and its policy. One issuer cannot withdraw what another was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatusLists {
    lists: Vec<StatusList>,
    policy: StatusPolicy,
}

impl StatusLists {
    /// No lists, and a policy.
    #[must_use]
    pub fn new(policy: StatusPolicy) -> Self {
        StatusLists { lists: Vec::new(), policy }
    }

    /// Adds a list. Of two lists of one issuer the newer one counts.
    pub fn insert(&mut self, list: StatusList) {
        match self.lists.iter_mut().find(|known| known.head.iss == list.head.iss) {
            Some(known) if known.head.iat >= list.head.iat => {}
            Some(known) => *known = list,
            None => self.lists.push(list),
        }
    }

    /// The lists, one an issuer.
    pub fn iter(&self) -> impl Iterator<Item = &StatusList> {
        self.lists.iter()
    }

    /// Whether an order of this issuer may be printed as far as withdrawal goes. `now` is in seconds since 1970 (UTC).
    ///
    /// # Errors
    /// [`Code::Withdrawn`]; [`Code::StaleStatus`] if the policy requires a list and there is no fresh one of this
    /// issuer.
    pub fn check(&self, iss: &str, consent: Option<&Consent>, now: u64) -> Result<(), Code> {
        if self.policy.enforcement == Enforcement::Off {
            return Ok(());
        }
        let list = self.lists.iter().find(|list| list.head.iss == iss);
        if let (Some(list), Some(consent)) = (list, consent)
            && list.covers(consent)
        {
            return Err(Code::Withdrawn);
        }
        let stale = list.is_none_or(|list| list.is_stale(now, &self.policy));
        if stale && self.policy.enforcement == Enforcement::Required {
            return Err(Code::StaleStatus);
        }
        Ok(())
    }

    /// What is known of each issuer of the trust set, in the order of their names.
    #[must_use]
    pub fn report(&self, trust: &TrustSet, now: u64) -> Vec<StatusReport> {
        if self.policy.enforcement == Enforcement::Off {
            return Vec::new();
        }
        let mut issuers: Vec<&str> = trust.iter().map(|issuer| issuer.iss.as_str()).collect();
        issuers.sort_unstable();
        issuers.dedup();
        let report = |iss: &str| {
            let list = self.lists.iter().find(|list| list.head.iss == iss);
            StatusReport {
                iss: iss.to_owned(),
                iat: list.map(|list| list.head.iat),
                stale: list.is_none_or(|list| list.is_stale(now, &self.policy)),
            }
        };
        issuers.into_iter().map(report).collect()
    }
}
