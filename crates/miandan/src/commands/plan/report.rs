//! The plan in words. What is long is cut; `--json` has all of it.

use std::collections::BTreeMap;
use std::fmt::Display;

use miandan_print::work::{Line, clear_header, lines};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::super::journal::shown::table;
use super::super::print::plan::NAMED;
use super::Plan;
use crate::exit::Failure;
use crate::files;
use crate::language::Text;
use crate::messages::{self, journal::COMMA, plan as texts};

/// How many labels are shown of the beginning of the batch, and of its end.
const ENDS: usize = 5;

/// How wide the goods of a label are, in columns.
const GOODS: usize = 40;

/// Says what `print` would do, what matters for the whole batch first.
pub(super) fn tell(plan: &Plan<'_>) -> Result<(), Failure> {
    let report = Report { plan };
    report.batch()?;
    report.labels()?;
    report.carriers()?;
    report.kinds()?;
    report.sequence()?;
    report.merges()?;
    report.refused()?;
    report.failing()
}

struct Report<'p> {
    plan: &'p Plan<'p>,
}

impl Report<'_> {
    fn say(&self, text: Text, values: &[(&str, &dyn Display)]) -> Result<(), Failure> {
        self.plan.console.data(&self.plan.console.fill(text, values))
    }

    fn join(&self, words: impl IntoIterator<Item = String>) -> String {
        words.into_iter().collect::<Vec<_>>().join(COMMA.get(self.plan.console.language))
    }

    /// A list with its heading, cut after [`NAMED`] entries. Nothing if it is empty.
    fn list(
        &self,
        heading: Text,
        count: usize,
        entries: impl Iterator<Item = String>,
    ) -> Result<(), Failure> {
        let console = self.plan.console;
        if count == 0 {
            return Ok(());
        }
        self.say(heading, &[("count", &count)])?;
        for entry in entries.take(NAMED) {
            console.data(&format_args!("  {entry}"))?;
        }
        if count > NAMED {
            let more = console.fill(texts::AND_MORE, &[("count", &(count - NAMED))]);
            console.data(&format_args!("  {more}"))?;
        }
        Ok(())
    }

    /// How many labels of which batch.
    fn batch(&self) -> Result<(), Failure> {
        let plan = self.plan;
        let count = plan.found.kept.len();
        let (file, orders) = (plan.input.display(), plan.orders.len());
        let printable = plan.found.printable();
        let values: [(&str, &dyn Display); 4] =
            [("file", &file), ("orders", &orders), ("labels", &count), ("printable", &printable)];
        self.say(texts::INPUT, &values)?;
        let Some(journal) = &plan.journal else {
            return self.say(texts::NO_JOURNAL, &[("count", &count)]);
        };
        if let Some(batch) = journal.batch {
            let name = plan.work.batch.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let (first, last) = (plan.number(1), plan.number(count as u32));
            let values: [(&str, &dyn Display); 4] =
                [("batch", &batch), ("name", &name), ("first", &first), ("last", &last)];
            self.say(texts::BATCH, &values)?;
        }
        let text = if journal.exists { texts::JOURNAL } else { texts::NEW_JOURNAL };
        self.say(text, &[("file", &journal.path.display())])
    }

    /// What a label is, and where it goes.
    fn labels(&self) -> Result<(), Failure> {
        let plan = self.plan;
        let millimetres = |length: i32| f64::from(length) / 1e3;
        let (width, height) = (millimetres(plan.size.width), millimetres(plan.size.height));
        let mut values: Vec<(&str, &dyn Display)> =
            vec![("template", &plan.template), ("width", &width), ("height", &height), ("dpi", &plan.dpi)];
        match &plan.format {
            Some(format) => {
                values.push(("format", format));
                self.say(texts::LABEL_FORMAT, &values)?;
            }
            None => self.say(texts::LABEL, &values)?,
        }
        match plan.target.out.as_deref().or(plan.target.dir.as_deref()) {
            Some(target) => self.say(texts::TARGET, &[("target", &files::text(target))]),
            None if plan.printers.is_none() => self.say(texts::NO_TARGET, &[]),
            None => Ok(()),
        }
    }

    /// Which printers get how many labels of which carriers; without printers the carriers alone.
    fn carriers(&self) -> Result<(), Failure> {
        let plan = self.plan;
        let console = plan.console;
        let found = &plan.found;
        let names = |counts: &BTreeMap<String, usize>| self.join(counts.keys().cloned());
        if !found.issuers.is_empty() {
            let values: [(&str, &dyn Display); 2] =
                [("issuers", &names(&found.issuers)), ("merchants", &names(&found.merchants))];
            self.say(texts::PARTIES, &values)?;
        }
        let head = |text: Text| text.get(console.language).to_owned();
        if plan.printers.is_none() && !found.carriers.is_empty() {
            let mut rows = vec![vec![head(texts::CARRIER), head(texts::LABELS)]];
            rows.extend(
                found.carriers.iter().map(|(carrier, count)| vec![carrier.clone(), count.to_string()]),
            );
            return table(&rows, &[1]).iter().try_for_each(|line| console.data(line));
        }
        let shares = plan.shares();
        if shares.is_empty() {
            return Ok(());
        }
        let mut rows = vec![vec![head(texts::PRINTER), head(texts::LABELS), head(texts::OF_CARRIERS)]];
        for share in shares {
            let name = match share.printers.is_empty() {
                true => head(texts::NO_PRINTER),
                false => share.printers.join(texts::SHARED.get(console.language)),
            };
            let count: usize = share.carriers.values().sum();
            let carriers =
                self.join(share.carriers.iter().map(|(carrier, count)| format!("{carrier} {count}")));
            rows.push(vec![name, count.to_string(), carriers]);
        }
        table(&rows, &[1]).iter().try_for_each(|line| console.data(line))
    }

    /// How much there is to pick for a label, and how often labels may be printed.
    fn kinds(&self) -> Result<(), Failure> {
        let found = &self.plan.found;
        if self.plan.work.group.is_some() {
            let values: [(&str, &dyn Display); 3] =
                [("single", &found.single), ("several", &found.several), ("without", &found.without_goods)];
            self.say(texts::KINDS, &values)?;
        }
        if found.limits.is_empty() {
            return Ok(());
        }
        let console = self.plan.console;
        let limit =
            |(most, count): (&u32, &usize)| console.fill(texts::TIMES, &[("most", most), ("count", count)]);
        self.say(texts::LIMITS, &[("limits", &self.join(found.limits.iter().map(limit)))])
    }

    /// The first and the last labels.
    fn sequence(&self) -> Result<(), Failure> {
        let plan = self.plan;
        let console = plan.console;
        let kept = &plan.found.kept;
        if plan.found.carriers.is_empty() {
            return Ok(());
        }
        self.say(texts::SEQUENCE, &[("how", &self.how())])?;
        // Columns stand below each other over the gap, which is a line of its own.
        let gap = if kept.len() > 2 * ENDS + 1 { ENDS..kept.len() - ENDS } else { 0..0 };
        let mut rows = Vec::new();
        let mut buffer = Vec::new();
        for (place, &index) in kept.iter().enumerate().filter(|(place, _)| !gap.contains(place)) {
            let header = clear_header(plan.orders, index, &mut buffer)
                .map_err(|error| files::unreadable(console, plan.input, &error))?;
            let mut row = vec![format!("  {}", plan.number(place as u32 + 1))];
            match header {
                Ok(header) => {
                    row.extend([header.carrier, header.waybill_no]);
                    if self.is_by_goods() {
                        row.push(goods(&lines(header.items)));
                    }
                }
                Err(code) => row.push(code.to_string()),
            }
            rows.push(row);
        }
        for (line, text) in table(&rows, &[]).iter().enumerate() {
            if line == ENDS && !gap.is_empty() {
                self.say(texts::BETWEEN, &[("count", &gap.len())])?;
            }
            console.data(text)?;
        }
        Ok(())
    }

    fn is_by_goods(&self) -> bool {
        let work = self.plan.work;
        work.group.is_some() || work.sort.iter().any(|key| key == "goods")
    }

    /// What the order of printing follows from, in brackets.
    fn how(&self) -> String {
        let (console, work) = (self.plan.console, self.plan.work);
        let mut words = Vec::new();
        if work.group.is_some() {
            words.push(texts::HOW_SINGLE.get(console.language).to_owned());
        }
        if !work.sort.is_empty() {
            let keys = work.sort.join(texts::THEN.get(console.language));
            words.push(console.fill(texts::HOW_SORTED, &[("keys", &keys)]));
        }
        if work.reverse {
            words.push(texts::HOW_REVERSED.get(console.language).to_owned());
        }
        if words.is_empty() {
            return String::new();
        }
        console.fill(texts::HOW, &[("how", &self.join(words))])
    }

    fn merges(&self) -> Result<(), Failure> {
        let merges = &self.plan.found.merges;
        let numbers = |places: &Vec<u32>| {
            let mut numbers: Vec<_> =
                places.iter().take(NAMED).map(|&place| self.plan.number(place)).collect();
            if places.len() > NAMED {
                numbers.push("…".to_owned());
            }
            self.join(numbers)
        };
        self.list(texts::MERGES, merges.len(), merges.iter().map(numbers))
    }

    fn refused(&self) -> Result<(), Failure> {
        let (console, found) = (self.plan.console, &self.plan.found);
        self.list(texts::REFUSED, found.refused.len(), found.refused.iter().map(|one| one.text(console)))?;
        if self.plan.journal.is_some() {
            return Ok(());
        }
        let again = |&(index, first): &(u32, u32)| {
            console.fill(texts::AGAIN, &[("index", &(index + 1)), ("first", &(first + 1))])
        };
        self.list(texts::REPEATED, found.repeats.len(), found.repeats.iter().map(again))
    }

    fn failing(&self) -> Result<(), Failure> {
        let (console, found) = (self.plan.console, &self.plan.found);
        let mut all: Vec<_> = found.unreadable.iter().chain(&found.dated).collect();
        all.sort_by_key(|(index, _)| *index);
        let line = |&(index, code): &(u32, miandan_core::Code)| {
            let why = messages::meaning(code).get(console.language);
            let number = found.place_of(index).map(|place| self.plan.number(place));
            let order = index + 1;
            let mut values: Vec<(&str, &dyn Display)> =
                vec![("index", &order), ("code", &code), ("why", &why)];
            match &number {
                Some(number) => {
                    values.push(("number", number));
                    console.fill(texts::DATED, &values)
                }
                None => console.fill(texts::LINE, &values),
            }
        };
        self.list(texts::FAILING, found.failing(), all.into_iter().map(line))
    }
}

/// The goods of a label in a few words: by SKU, or by name where there is none.
fn goods(lines: &[Line]) -> String {
    let line = |line: &Line| {
        let name = if line.goods.sku.is_empty() { &line.goods.name } else { &line.goods.sku };
        // Names of goods come from outside: nothing in them moves a cursor.
        let name: String = name.chars().filter(|character| !character.is_control()).collect();
        format!("{name} ×{}", line.pieces)
    };
    cut(&lines.iter().map(line).collect::<Vec<_>>().join(", "), GOODS)
}

/// A text in so many columns, with an ellipsis if it is wider.
fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut left = columns - 1;
    let fits = |character: &char| {
        let width = character.width().unwrap_or(0);
        left.checked_sub(width).map(|rest| left = rest).is_some()
    };
    text.chars().take_while(fits).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use miandan_print::work::Goods;

    use super::*;

    fn line(sku: &str, name: &str, pieces: u32) -> Line {
        Line { goods: Goods { sku: sku.to_owned(), name: name.to_owned() }, pieces }
    }

    #[test]
    fn goods_are_said_in_a_few_words() {
        assert_eq!(goods(&[]), "");
        assert_eq!(goods(&[line("C-1", "杯", 2), line("", "碗", 1)]), "C-1 ×2, 碗 ×1");
        assert_eq!(goods(&[line("C\u{1b}[2J\n1", "", 1)]), "C[2J1 ×1");
        let many = goods(&[line("", &"杯".repeat(30), 1)]);
        assert_eq!((many.width(), many.ends_with("杯…")), (39, true));
    }

    #[test]
    fn a_text_is_cut_where_it_is_wider_than_its_column() {
        assert_eq!(cut("abcd", 4), "abcd");
        assert_eq!(cut("abcde", 4), "abc…");
        assert_eq!(cut("杯碗盘", 5), "杯碗…");
        assert_eq!(cut("杯碗盘", 4), "杯…");
    }
}
