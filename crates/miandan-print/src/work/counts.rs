//! What there is to do, counted.

use std::collections::BTreeMap;

use super::collect::Work;
use super::goods::Goods;

/// How many labels of what are to be printed. Repeats are not counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts<'w> {
    /// Labels of each carrier.
    pub carriers: BTreeMap<&'w str, usize>,
    /// Labels of each issuer.
    pub issuers: BTreeMap<&'w str, usize>,
    /// Labels of each merchant.
    pub merchants: BTreeMap<&'w str, usize>,
    /// Goods, by SKU as people count.
    pub goods: Vec<GoodsCount<'w>>,
    /// Labels that the issuer lets be printed so many times; those without a limit are not here.
    pub print_limits: BTreeMap<u32, usize>,
    /// Labels of one kind of goods.
    pub single: usize,
    /// Labels that name no goods.
    pub without_goods: usize,
}

/// Goods and how many of them there are to fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoodsCount<'w> {
    /// Which.
    pub goods: &'w Goods,
    /// In how many labels they are.
    pub labels: usize,
    /// How many pieces.
    pub pieces: u64,
}

impl Work {
    /// Counts what is to be printed.
    #[must_use]
    pub fn counts(&self) -> Counts<'_> {
        let mut counts = Counts::default();
        let mut goods = vec![(0_usize, 0_u64); self.goods.len()];
        for entry in &self.entries {
            *counts.carriers.entry(self.carriers[entry.carrier as usize].as_str()).or_default() += 1;
            let [issuer, merchant] = &self.parties[entry.party as usize];
            *counts.issuers.entry(issuer.as_str()).or_default() += 1;
            *counts.merchants.entry(merchant.as_str()).or_default() += 1;
            if let Some(limit) = entry.limit {
                *counts.print_limits.entry(limit).or_default() += 1;
            }
            counts.single += usize::from(entry.kinds == 1);
            counts.without_goods += usize::from(entry.kinds == 0);
            for line in self.lines_of(entry) {
                let (labels, pieces) = &mut goods[line.goods as usize];
                *labels += 1;
                *pieces += u64::from(line.pieces);
            }
        }
        let goods = self.goods.iter().zip(goods).filter(|(_, (labels, _))| *labels > 0);
        counts.goods = goods.map(|(goods, (labels, pieces))| GoodsCount { goods, labels, pieces }).collect();
        counts
    }
}

#[cfg(test)]
mod tests {
    use miandan_core::Code;

    use super::super::samples::{NOW, Sample};
    use super::*;

    #[test]
    fn what_is_to_be_printed_is_counted() {
        let samples = [
            Sample { limit: Some(2), ..Sample::new(0).with(&[("A-10", 2), ("A-9", 0)]) },
            Sample { carrier: "ZTO", merchant: "SHOP-2", ..Sample::new(1).with(&[("A-10", 1)]) },
            Sample::new(2),
            // A duplicate.
            Sample { limit: Some(2), ..Sample::new(0).with(&[("A-10", 2), ("A-9", 0)]) },
        ];
        let headers = samples.iter().map(|sample| Ok(sample.header())).chain([Err(Code::Limit)]);
        let work = Work::from_headers(headers, NOW);
        assert_eq!(work.unreadable(), [(4, Code::Limit)]);
        assert_eq!((work.labels(), work.carrier(1), work.carrier(3)), (3, Some("ZTO"), None));
        let counts = work.counts();
        assert_eq!(counts.carriers, BTreeMap::from([("YTO", 2), ("ZTO", 1)]));
        assert_eq!(counts.issuers, BTreeMap::from([("platform", 3)]));
        assert_eq!(counts.merchants, BTreeMap::from([("SHOP-1", 2), ("SHOP-2", 1)]));
        assert_eq!(counts.print_limits, BTreeMap::from([(2, 1)]));
        assert_eq!((counts.single, counts.without_goods), (1, 1));
        let goods: Vec<_> =
            counts.goods.iter().map(|count| (count.goods.sku.as_str(), count.labels, count.pieces)).collect();
        assert_eq!(goods, [("A-9", 1, 1), ("A-10", 2, 3)]);
    }

    #[test]
    fn orders_out_of_date_are_named() {
        let expiring = |number, expires| Ok(Sample { expires, ..Sample::new(number) }.header());
        let headers = || [expiring(0, NOW - 301), expiring(1, NOW - 300), expiring(2, NOW - 299)];
        let work = Work::from_headers(headers(), NOW);
        assert_eq!(work.out_of_date(), [(0, Code::Expired), (1, Code::Expired)]);
        assert_eq!(work.labels(), 3);
        let early = Work::from_headers(headers(), NOW - 86_400 - 301);
        assert_eq!(early.out_of_date(), [0, 1, 2].map(|index| (index, Code::NotYetValid)));
        assert_eq!(Work::from_headers(headers(), NOW - 86_400 - 300).out_of_date(), []);
    }
}
