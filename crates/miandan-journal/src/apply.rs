//! What an event does to the tables that follow from it: the one place that writes them, used when something is recorded
//! and again when all is replayed to be verified.

use rusqlite::{Connection, OptionalExtension, params};

use crate::JournalError;
use crate::error::OrJournal;
use crate::event::{Event, Kind};
use crate::label::BatchId;
use crate::state::{By, Rung, State, may_become};
use miandan_core::number::{BatchNumber, Day, RunningNumber};

/// Makes the tables what they are after the event, or says why the event cannot be.
pub(crate) fn apply(connection: &Connection, event: &Event<'_>) -> Result<(), JournalError> {
    match event.kind {
        Kind::Batch => batch(connection, event),
        Kind::Label => label(connection, event),
        Kind::Change(to) => change(connection, event, to),
        Kind::Reprint => reprint(connection, event),
    }
}

fn batch(connection: &Connection, event: &Event<'_>) -> Result<(), JournalError> {
    let sql = "INSERT INTO batches VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = params![event.batch, event.day, event.number, event.name, event.time];
    connection.prepare_cached(sql).and_then(|mut insert| insert.execute(row)).or_journal()?;
    Ok(())
}

fn label(connection: &Connection, event: &Event<'_>) -> Result<(), JournalError> {
    let sql = "INSERT INTO labels VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)";
    let row = params![
        event.batch,
        event.position,
        event.carrier,
        event.waybill,
        event.parcel,
        event.order_id,
        event.identity,
        event.content
    ];
    connection.prepare_cached(sql).and_then(|mut insert| insert.execute(row)).or_journal()?;
    new_print(connection, event)
}

fn new_print(connection: &Connection, event: &Event<'_>) -> Result<(), JournalError> {
    let sql =
        "INSERT INTO prints VALUES (?1, ?2, ?3, 'planned', 0, NULL, NULL, NULL, NULL, ?4, ?5, NULL, ?6)";
    let row = params![event.batch, event.position, event.copy, event.operator, event.reason, event.time];
    connection.prepare_cached(sql).and_then(|mut insert| insert.execute(row)).or_journal()?;
    Ok(())
}

fn change(connection: &Connection, event: &Event<'_>, to: State) -> Result<(), JournalError> {
    let from = state(connection, event)?.ok_or_else(|| unknown_label(connection, event))?;
    let by = if event.operator.is_some() { By::Person } else { By::Machine };
    // What confirms is named, and is of whoever says it; nothing else has a rung.
    let rung = event.rung.and_then(Rung::from_name).map(Rung::by);
    let fits = rung == (to == State::Confirmed).then_some(by) && rung.is_some() == event.rung.is_some();
    if !fits || !may_become(from, to, by) {
        return Err(JournalError::BadTransition { number: running_number(connection, event), from, to });
    }
    // What an event does not say of the printer and the bytes stays as it was; who and why are of this event alone.
    let sql = "UPDATE prints SET state = ?4, attempts = attempts + ?5, printer = coalesce(?6, printer),
                 bytes = coalesce(?7, bytes), answers = coalesce(?8, answers), rung = ?9, operator = ?10, reason = ?11,
                 started = coalesce(started, ?12), changed = ?13
               WHERE batch = ?1 AND position = ?2 AND copy = ?3";
    let sending = to == State::Sending;
    let row = params![
        event.batch,
        event.position,
        event.copy,
        to.as_str(),
        i64::from(sending),
        event.printer,
        event.bytes,
        event.answers,
        event.rung,
        event.operator,
        event.reason,
        sending.then_some(event.time),
        event.time
    ];
    connection.prepare_cached(sql).and_then(|mut update| update.execute(row)).or_journal()?;
    Ok(())
}

/// The copy before must be one that may be on paper: of what surely is not there can be no second one.
fn reprint(connection: &Connection, event: &Event<'_>) -> Result<(), JournalError> {
    let before = Event { copy: event.copy.map(|copy| copy - 1), ..*event };
    match state(connection, &before)? {
        Some(State::Sent | State::Confirmed | State::Unknown) => {}
        Some(State::Sending) => return Err(JournalError::BeingSent(running_number(connection, event))),
        Some(from) => {
            let (number, to) = (running_number(connection, event), State::Planned);
            return Err(JournalError::BadTransition { number, from, to });
        }
        None => return Err(unknown_label(connection, event)),
    }
    let sql = "UPDATE labels SET copies = ?3 WHERE batch = ?1 AND position = ?2 AND copies = ?3 - 1";
    let row = params![event.batch, event.position, event.copy];
    let changed = connection.prepare_cached(sql).and_then(|mut update| update.execute(row)).or_journal()?;
    if changed != 1 {
        return Err(unknown_label(connection, event));
    }
    new_print(connection, event)
}

fn state(connection: &Connection, event: &Event<'_>) -> Result<Option<State>, JournalError> {
    let sql = "SELECT state FROM prints WHERE batch = ?1 AND position = ?2 AND copy = ?3";
    let mut select = connection.prepare_cached(sql).or_journal()?;
    let mut rows = select.query(params![event.batch, event.position, event.copy]).or_journal()?;
    match rows.next().or_journal()? {
        None => Ok(None),
        Some(row) => {
            let name = row.get_ref(0).and_then(|name| Ok(name.as_str()?)).or_journal()?;
            let unheard = || JournalError::Damaged("a label is in a state that there is not".into());
            State::from_name(name).map(Some).ok_or_else(unheard)
        }
    }
}

fn unknown_label(connection: &Connection, event: &Event<'_>) -> JournalError {
    let copy = event.copy.and_then(|copy| u32::try_from(copy).ok()).unwrap_or(0);
    JournalError::UnknownLabel { number: running_number(connection, event), copy }
}

/// The number of a label, to name it in an error. Where even the batch is unknown, its number is 0.
fn running_number(connection: &Connection, event: &Event<'_>) -> RunningNumber {
    let position = event.position.and_then(|position| u32::try_from(position).ok()).unwrap_or(0);
    let batch = batch_number(connection, BatchId(event.batch)).ok().flatten();
    RunningNumber { batch: batch.unwrap_or(BatchNumber { day: Day::of(0), number: 0 }), position }
}

pub(crate) fn batch_number(
    connection: &Connection,
    batch: BatchId,
) -> Result<Option<BatchNumber>, JournalError> {
    let sql = "SELECT day, number FROM batches WHERE id = ?1";
    let mut select = connection.prepare_cached(sql).or_journal()?;
    let found = select.query_row([batch.0], |row| Ok((row.get(0)?, row.get(1)?))).optional().or_journal()?;
    found.map(|(day, number)| number_of(day, number)).transpose()
}

/// A number from its two columns.
pub(crate) fn number_of(day: u32, number: u16) -> Result<BatchNumber, JournalError> {
    let day = Day::from_yymmdd(day).ok_or_else(|| JournalError::Damaged("a day that there is not".into()))?;
    Ok(BatchNumber { day, number })
}
