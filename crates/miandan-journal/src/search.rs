//! Physical labels that are looked for over all batches, the newest first, in pages.

use rusqlite::types::Value;

use crate::JournalError;
use crate::apply::number_of;
use crate::error::OrJournal;
use crate::label::Print;
use crate::reader::{PRINT, PRINTS, Reader, column, print_of, state_of};
use crate::state::State;
use crate::status::Counts;
use miandan_core::number::{Day, RunningNumber};

/// What is looked for. What is not said does not matter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Search<'s> {
    /// In one of these states.
    pub states: &'s [State],
    /// Sent last to this printer.
    pub printer: Option<&'s str>,
    /// Of a waybill whose number begins so.
    pub waybill: Option<&'s str>,
    /// In a batch of this day.
    pub day: Option<Day>,
    /// Before this one in the answer: the last of a page, for the next page.
    pub after: Option<(RunningNumber, u32)>,
}

impl Reader {
    /// Physical labels, reprints too; at most `limit`, the newest batch and the highest place first.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn search(&self, search: &Search<'_>, limit: u32) -> Result<Vec<Print>, JournalError> {
        let mut sql = format!(
            "SELECT {PRINT}, b.day, b.number FROM {PRINTS} CROSS JOIN batches AS b ON b.id = p.batch WHERE 1"
        );
        let mut values = Vec::new();
        if !search.states.is_empty() {
            let names: Vec<_> = search.states.iter().map(|state| format!("'{}'", state.as_str())).collect();
            sql += &format!(" AND p.state IN ({})", names.join(", "));
        }
        let mut and = |condition: &str, value: Value| {
            values.push(value);
            let place = format!("?{}", values.len());
            sql += " AND ";
            sql += &condition.replace('?', &place);
        };
        if let Some(printer) = search.printer {
            and("p.printer = ?", Value::Text(printer.to_owned()));
        }
        if let Some(waybill) = search.waybill {
            and("substr(l.waybill, 1, length(?)) = ?", Value::Text(waybill.to_owned()));
        }
        if let Some(day) = search.day {
            and("p.batch IN (SELECT id FROM batches WHERE day = ?)", Value::Integer(day.yymmdd().into()));
        }
        if let Some((number, copy)) = search.after {
            let Some(batch) = self.numbered(number.batch)? else { return Ok(Vec::new()) };
            // Three values that are numbers, so that one comparison of rows walks the key of the table.
            let (batch, position) = (batch.id.0, number.position);
            sql += &format!(" AND (p.batch, p.position, p.copy) < ({batch}, {position}, {copy})");
        }
        sql += &format!(" ORDER BY p.batch DESC, p.position DESC, p.copy DESC LIMIT {limit}");
        let mut select = self.connection.prepare_cached(&sql).or_journal()?;
        let mut rows = select.query(rusqlite::params_from_iter(values)).or_journal()?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().or_journal()? {
            let batch = number_of(column(row, 11)?, column(row, 12)?)?;
            found.push(print_of(row, batch)?);
        }
        Ok(found)
    }

    /// How many physical labels of the batches of a day are in each state, and how many of them are reprints.
    ///
    /// # Errors
    ///
    /// As [`Reader::look_up`].
    pub fn counts_of(&self, day: Day) -> Result<(Counts, u32), JournalError> {
        let sql = "SELECT p.state, count(*), sum(p.copy > 0) FROM batches AS b CROSS JOIN prints AS p ON p.batch = b.id
                   WHERE b.day = ?1 GROUP BY p.state";
        let mut select = self.connection.prepare_cached(sql).or_journal()?;
        let mut rows = select.query([day.yymmdd()]).or_journal()?;
        let (mut counts, mut reprints) = (Counts::default(), 0);
        while let Some(row) = rows.next().or_journal()? {
            counts.add(state_of(row, 0)?, column(row, 1)?);
            reprints += column::<u32>(row, 2)?;
        }
        Ok((counts, reprints))
    }
}
