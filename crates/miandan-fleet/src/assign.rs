//! Which printer gets which label: pure, so that it can be looked at without a broker.
//!
//! Labels keep the order of the input at each printer, whatever they are spread by, so that who picks the goods can walk along
//! with the paper.

use std::collections::HashMap;

use crate::place::Place;

/// What labels are spread by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spread {
    /// In runs of the input as long as each printer can do in the same time.
    #[default]
    Load,
    /// All labels of a carrier to the printers that take it.
    Carrier,
    /// All labels of a consolidation point (集包地) to one printer that takes it.
    Region,
    /// All labels with the same goods to one printer, beside whose shelf they lie.
    Goods,
}

/// A printer that labels may be given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Which one.
    pub place: Place,
    /// Labels that wait for it already.
    pub waiting: usize,
    /// How long it takes over a label, in milliseconds.
    pub pace: u64,
    /// The carriers that it takes; all if none is named.
    pub carriers: Vec<String>,
    /// The regions that it takes, by the beginning of a code or a name; all if none is named.
    pub regions: Vec<String>,
}

/// What is looked at of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traits {
    /// Carrier code.
    pub carrier: String,
    /// Code of the consolidation point.
    pub region_code: String,
    /// Its name.
    pub region_name: String,
    /// What is in the parcel, in one text that is the same for the same goods.
    pub goods: String,
}

impl Candidate {
    /// Whether it has paper and people for a label.
    #[must_use]
    pub fn takes(&self, label: &Traits) -> bool {
        let carrier = self.carriers.is_empty() || self.carriers.contains(&label.carrier);
        let begins = |region: &String| {
            label.region_code.starts_with(region.as_str()) || label.region_name.starts_with(region.as_str())
        };
        carrier && (self.regions.is_empty() || self.regions.iter().any(begins))
    }
}

/// Gives each label a printer, as its place among the candidates; `None` where no printer takes it.
#[must_use]
pub fn spread(by: Spread, candidates: &[Candidate], labels: &[Traits]) -> Vec<Option<usize>> {
    let mut load = Load::of(candidates);
    let mut given = vec![None; labels.len()];
    // Labels that the same printers take belong together, in whatever they are spread by.
    for (takers, places) in by_takers(candidates, labels) {
        if takers.is_empty() {
            continue;
        }
        match by {
            Spread::Load | Spread::Carrier => load.runs(&takers, &places, &mut given),
            Spread::Region => {
                let key = |place: usize| (&*labels[place].region_code, &*labels[place].region_name);
                load.groups(&takers, grouped(&places, key), &mut given);
            }
            Spread::Goods => {
                let key = |place: usize| &*labels[place].goods;
                load.groups(&takers, grouped(&places, key), &mut given);
            }
        }
    }
    given
}

/// Labels by which printers take them, in the order of the input. With [`Spread::Load`] a printer that is bound to a carrier still
/// gets nothing else.
fn by_takers(candidates: &[Candidate], labels: &[Traits]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let mut sets: Vec<(Vec<usize>, Vec<usize>)> = Vec::new();
    let mut known: HashMap<Vec<usize>, usize> = HashMap::new();
    for (place, label) in labels.iter().enumerate() {
        let takers: Vec<usize> = (0..candidates.len()).filter(|&at| candidates[at].takes(label)).collect();
        let at = *known.entry(takers).or_insert_with_key(|takers| {
            sets.push((takers.clone(), Vec::new()));
            sets.len() - 1
        });
        sets[at].1.push(place);
    }
    // Those that few take first: the others fill what is left.
    sets.sort_by_key(|(takers, _)| takers.len());
    sets
}

/// Groups in the order of their first label.
fn grouped<K: std::hash::Hash + Eq>(places: &[usize], key: impl Fn(usize) -> K) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut known = HashMap::new();
    for &place in places {
        let at = *known.entry(key(place)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        groups[at].push(place);
    }
    groups
}

/// When each printer would be done with what it has, in milliseconds.
struct Load<'c> {
    candidates: &'c [Candidate],
    busy: Vec<u64>,
}

impl<'c> Load<'c> {
    fn of(candidates: &'c [Candidate]) -> Self {
        let busy = candidates.iter().map(|printer| printer.waiting as u64 * printer.pace.max(1)).collect();
        Load { candidates, busy }
    }

    fn pace(&self, printer: usize) -> u64 {
        self.candidates[printer].pace.max(1)
    }

    /// Cuts labels into runs, so that all printers are done at about the same time.
    fn runs(&mut self, takers: &[usize], places: &[usize], given: &mut [Option<usize>]) {
        let mut share: Vec<usize> = vec![0; takers.len()];
        for _ in places {
            let done = |at: &usize| self.busy[takers[*at]] + self.pace(takers[*at]);
            let Some(at) = (0..takers.len()).min_by_key(done) else { return };
            share[at] += 1;
            self.busy[takers[at]] += self.pace(takers[at]);
        }
        let mut rest = places.iter();
        for (&printer, &count) in takers.iter().zip(&share) {
            rest.by_ref().take(count).for_each(|&place| given[place] = Some(printer));
        }
    }

    /// Gives whole groups, the largest first, each to who would be done with it first.
    fn groups(&mut self, takers: &[usize], mut groups: Vec<Vec<usize>>, given: &mut [Option<usize>]) {
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        for group in groups {
            let done = |printer: &usize| self.busy[*printer] + self.pace(*printer) * group.len() as u64;
            let Some(&printer) = takers.iter().min_by_key(|printer| done(printer)) else { return };
            self.busy[printer] = done(&printer);
            group.into_iter().for_each(|place| given[place] = Some(printer));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn printer(name: &str, waiting: usize, pace: u64) -> Candidate {
        let place = format!("hz/{name}/desk").parse().unwrap();
        Candidate { place, waiting, pace, carriers: Vec::new(), regions: Vec::new() }
    }

    fn label(carrier: &str, region: &str, goods: &str) -> Traits {
        Traits {
            carrier: carrier.into(),
            region_code: region.into(),
            region_name: String::new(),
            goods: goods.into(),
        }
    }

    fn counts(given: &[Option<usize>], printers: usize) -> Vec<usize> {
        (0..printers).map(|at| given.iter().filter(|&&to| to == Some(at)).count()).collect()
    }

    #[test]
    fn a_slow_printer_and_one_with_much_to_do_get_less() {
        let printers = [printer("a", 0, 1_000), printer("b", 0, 2_000), printer("c", 50, 1_000)];
        let labels = vec![label("SF", "", ""); 100];
        let given = spread(Spread::Load, &printers, &labels);
        assert_eq!(counts(&given, 3), [60, 30, 10]);
        assert!(given.is_sorted(), "each gets one run of the input");
    }

    #[test]
    fn a_carrier_goes_to_who_takes_it() {
        let sf = Candidate { carriers: vec!["SF".into()], ..printer("a", 0, 1_000) };
        let any = printer("b", 0, 1_000);
        let labels: Vec<_> = ["SF", "YTO", "SF", "ZTO"].map(|carrier| label(carrier, "", "")).to_vec();
        let given = spread(Spread::Carrier, &[sf.clone(), any], &labels);
        assert_eq!((given[1], given[3]), (Some(1), Some(1)));
        assert_eq!(spread(Spread::Carrier, &[sf], &labels), [Some(0), None, Some(0), None]);
    }

    #[test]
    fn goods_and_regions_stay_together() {
        let printers = [printer("a", 0, 1_000), printer("b", 0, 1_000)];
        let labels: Vec<_> =
            (0..90).map(|n| label("SF", ["571", "021", "755"][n % 3], ["cup", "pan"][n % 2])).collect();
        let goods = spread(Spread::Goods, &printers, &labels);
        assert_eq!(counts(&goods, 2), [45, 45]);
        assert!((0..88).all(|n| goods[n] == goods[n + 2]));
        let region = spread(Spread::Region, &printers, &labels);
        assert!((0..87).all(|n| region[n] == region[n + 3]));
        let south = Candidate { regions: vec!["755".into()], ..printers[0].clone() };
        let given = spread(Spread::Region, &[south, printers[1].clone()], &labels);
        assert!(labels.iter().zip(&given).all(|(label, &to)| to == Some(1) || label.region_code == "755"));
    }

    proptest! {
        #[test]
        fn every_label_that_is_taken_goes_to_a_printer_that_takes_it(
            by in prop::sample::select(vec![Spread::Load, Spread::Carrier, Spread::Region, Spread::Goods]),
            printers in prop::collection::vec((0usize..100, 0u64..5_000, 0usize..4), 0..6),
            labels in prop::collection::vec((0usize..3, 0usize..3, 0usize..3), 0..80),
        ) {
            let names = ["SF", "YTO", "ZTO"];
            let printers: Vec<_> = printers.iter().enumerate().map(|(at, &(waiting, pace, carrier))| Candidate {
                carriers: names.get(carrier).map(|name| (*name).to_owned()).into_iter().collect(),
                ..printer(&format!("p{at}"), waiting, pace)
            }).collect();
            let labels: Vec<_> =
                labels.iter().map(|&(c, r, g)| label(names[c], names[r], names[g])).collect();
            for (label, to) in labels.iter().zip(spread(by, &printers, &labels)) {
                match to {
                    Some(to) => prop_assert!(printers[to].takes(label)),
                    None => prop_assert!(!printers.iter().any(|printer| printer.takes(label))),
                }
            }
        }
    }
}
