//! How numbers, times and tables are shown to people.

use unicode_width::UnicodeWidthStr;

use crate::console::Console;
use crate::messages::{devices, journal as texts};

/// Why a label is in its state. What the journal itself says is translated, what a person typed is not.
pub fn reason(console: Console, reason: &str) -> String {
    match reason {
        "interrupted" => texts::INTERRUPTED.get(console.language).to_owned(),
        "not confirmed" => texts::NOT_CONFIRMED.get(console.language).to_owned(),
        other => devices::recorded(console.language, other),
    }
}

/// Places of a batch, rising, as they are typed: `012-015, 020`.
#[derive(Default)]
pub struct Places(Vec<(u32, u32)>);

impl Places {
    pub fn push(&mut self, position: u32) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == position => *last = position,
            _ => self.0.push((position, position)),
        }
    }

    pub fn runs(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// The first runs, and an ellipsis for the others.
    pub fn shown(&self, most: usize) -> String {
        let run = |&(first, last): &(u32, u32)| {
            if first == last { format!("{first:03}") } else { format!("{first:03}-{last:03}") }
        };
        let mut runs: Vec<_> = self.0.iter().take(most).map(run).collect();
        if self.0.len() > most {
            runs.push("…".to_owned());
        }
        runs.join(", ")
    }
}

/// Rows with their columns one below the other; those that `right` names stand at the right. A column with nothing in it
/// is left out.
pub fn table(rows: &[Vec<String>], right: &[usize]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
    let widths: Vec<_> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &Vec<String>| {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate().filter(|(column, _)| widths[*column] > 0) {
            let gap = " ".repeat(widths[column].saturating_sub(cell.width()));
            let (before, behind) =
                if right.contains(&column) { (gap, String::new()) } else { (String::new(), gap) };
            line.push_str(if column == 0 { "" } else { "  " });
            line.extend([before.as_str(), cell, &behind]);
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// The same below headings, of which one with nothing below it is left out with its column.
pub fn table_below(headings: &[&str], mut rows: Vec<Vec<String>>, right: &[usize]) -> Vec<String> {
    let is_used = |column: usize| rows.iter().any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
    let heading = |(column, heading): (usize, &&str)| {
        if is_used(column) { (*heading).to_owned() } else { String::new() }
    };
    let headings = headings.iter().enumerate().map(heading).collect();
    rows.insert(0, headings);
    table(&rows, right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other_in_chinese_too() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        let rows = [row(["批次", "名称", "张数"]), row(["261111-003", "早", "12"])];
        assert_eq!(table(&rows, &[2]), ["批次        名称  张数", "261111-003  早      12"]);
        let rows = [row(["a", "", "b"]), row(["", "", "c"])];
        assert_eq!(table(&rows, &[]), ["a  b", "   c"]);
        assert!(table(&[], &[]).is_empty());
        let rows = || vec![vec!["desk".to_owned(), String::new(), "7".to_owned()]];
        assert_eq!(
            table_below(&["printer", "stopped", "sent"], rows(), &[2]),
            ["printer  sent", "desk        7"]
        );
        assert_eq!(table_below(&["", "b", "c"], rows(), &[]), ["      c", "desk  7"]);
    }

    #[test]
    fn places_are_shortened() {
        let mut places = Places::default();
        [1, 2, 3, 7, 9, 10].into_iter().for_each(|place| places.push(place));
        assert_eq!(places.shown(9), "001-003, 007, 009-010");
        assert_eq!(places.shown(2), "001-003, 007, …");
        assert_eq!(Places::default().shown(2), "");
    }
}
