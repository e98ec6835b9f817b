//! Whatever is edited in a journal is found, and the first thing that is wrong is named.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use miandan_journal::{
    Damage, Head, Journal, JournalError, LabelKey, NewLabel, Note, PrintId, RowProblem, Rung, Transition,
    Verdict,
};
use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

/// 2026-11-11, 10:00 in China.
const NOW: u64 = 1_794_362_400;

fn order(number: u8) -> NewLabel {
    NewLabel {
        key: LabelKey { carrier: "YTO".into(), waybill: format!("YT{number:010}"), parcel: 0 },
        order_id: format!("O-{number}"),
        identity: [number; 32],
        content: [number ^ 0xFF; 32],
    }
}

/// A journal with something of everything in it.
fn write(path: &Path) -> Head {
    let journal = Journal::open(path).unwrap();
    let batch = journal.plan(Some("早班"), (1..=6).map(order), NOW).unwrap();
    journal.plan(None, [order(7)], NOW + 1).unwrap();
    let open = journal.open_batch(batch.id, NOW + 2).unwrap();
    let bytes = [9; 32];
    for position in 1..=5 {
        open.record(PrintId::first(position), Transition::Rendered { bytes }, NOW + 3).unwrap();
    }
    for position in 1..=4 {
        let print = PrintId::first(position);
        let sending = Transition::Sending { printer: "bench-1".into(), bytes, answers: true };
        open.record(print, sending, NOW + 4).unwrap();
        if position < 3 {
            open.record(print, Transition::Sent, NOW + 4).unwrap();
        }
    }
    open.record(PrintId::first(1), Transition::Confirmed { rung: Rung::StatusIdle }, NOW + 6).unwrap();
    open.record(PrintId::first(4), Transition::Failed { reason: "refused".into() }, NOW + 6).unwrap();
    drop(open);
    let open = journal.open_batch(batch.id, NOW + 7).unwrap();
    open.reprint([2], "jam", "Operator 1", NOW + 8).unwrap();
    journal
        .settle(batch.id, &[PrintId::first(3)], Verdict::Printed, "Operator 1", "in the tray", NOW + 9)
        .unwrap();
    journal.head().unwrap()
}

/// The bytes of such a journal, closed, with its head.
fn sample() -> &'static (Vec<u8>, Head) {
    static SAMPLE: OnceLock<(Vec<u8>, Head)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let head = write(&path);
        assert!(!folder.path().join("journal.db-wal").exists(), "a closed journal is one file");
        (fs::read(path).unwrap(), head)
    })
}

struct Copy {
    _folder: tempfile::TempDir,
    path: PathBuf,
}

fn copy() -> Copy {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    fs::write(&path, &sample().0).unwrap();
    Copy { _folder: folder, path }
}

impl Copy {
    /// Edits as somebody with the file can, and puts the guards back. Answers whether any row is another one now.
    fn edit(&self, edit: impl FnOnce(&Connection)) -> bool {
        let connection = Connection::open(&self.path).unwrap();
        connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").unwrap();
        let guards: Vec<(String, String)> = connection
            .prepare("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        assert_eq!(guards.len(), 2);
        for (name, _) in &guards {
            connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        }
        let before = TABLES.map(|table| rows(&connection, table).1);
        edit(&connection);
        for (_, sql) in &guards {
            connection.execute_batch(sql).unwrap();
        }
        before != TABLES.map(|table| rows(&connection, table).1)
    }

    fn damage(&self, expect: Option<Head>) -> Vec<Damage> {
        Journal::read_only(&self.path).unwrap().verify(expect).unwrap().damage
    }
}

#[test]
fn an_honest_journal_is_whole() {
    let (_, head) = *sample();
    let copy = copy();
    let verified = Journal::read_only(&copy.path).unwrap().verify(Some(head)).unwrap();
    assert_eq!((verified.damage, verified.notes), (vec![], vec![]));
    assert_eq!((verified.head, verified.events), (Some(head), head.seq));
}

#[test]
fn events_cannot_be_changed_or_deleted_through_sqlite() {
    let copy = copy();
    let connection = Connection::open(&copy.path).unwrap();
    for sql in ["UPDATE events SET time = 0", "DELETE FROM events WHERE seq = 3"] {
        assert!(connection.execute(sql, []).unwrap_err().to_string().contains("never"), "{sql}");
    }
    assert_eq!(copy.damage(None), []);
}

#[test]
fn each_kind_of_damage_is_named() {
    let at = |edit: &str, expected: Damage| {
        let copy = copy();
        copy.edit(|connection| connection.execute_batch(edit).unwrap());
        assert_eq!(copy.damage(None).first(), Some(&expected), "{edit}");
    };
    at("UPDATE events SET reason = 'none' WHERE seq = 12", Damage::Changed { seq: 12 });
    at("DELETE FROM events WHERE seq = 12", Damage::Missing { expected: 12, found: 13 });
    at("DELETE FROM events WHERE seq = 1", Damage::Missing { expected: 1, found: 2 });
    at(
        "UPDATE events SET seq = 1000 WHERE seq = 12; UPDATE events SET seq = 12 WHERE seq = 13;
         UPDATE events SET seq = 13 WHERE seq = 1000",
        Damage::Changed { seq: 12 },
    );
    at(
        "INSERT INTO events (seq, time, kind, batch, hash) VALUES (0, 0, 'label', 1, x'00')",
        Damage::Missing { expected: 1, found: 0 },
    );
    let row = |table, key: &str, problem| Damage::Row { table, key: key.into(), problem };
    at(
        "UPDATE prints SET state = 'planned' WHERE position = 1",
        row("prints", "1, 1, 0", RowProblem::Changed),
    );
    at("DELETE FROM prints WHERE copy = 1", row("prints", "1, 2, 1", RowProblem::Missing));
    at("UPDATE batches SET number = 9 WHERE id = 2", row("batches", "2", RowProblem::Changed));
    at(
        "INSERT INTO labels SELECT batch, 77, carrier, 'X', parcel, order_id, identity, content, copies FROM labels
         WHERE batch = 2",
        row("labels", "2, 77", RowProblem::Extra),
    );
    at("CREATE TRIGGER t AFTER INSERT ON prints BEGIN SELECT 1; END", Damage::Schema("t".into()));
    let copy = copy();
    Connection::open(&copy.path).unwrap().execute_batch("DROP TRIGGER events_are_never_deleted").unwrap();
    assert_eq!(copy.damage(None), [Damage::Schema("events_are_never_deleted".into())]);
}

/// The limit that the documentation states, and what answers it.
#[test]
fn only_the_head_shows_that_the_end_was_cut_off() {
    let (_, head) = *sample();
    let copy = copy();
    copy.edit(|connection| {
        connection
            .execute_batch(
                "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events);
                 UPDATE prints SET state = 'unknown', rung = NULL, operator = NULL, reason = 'interrupted',
                   changed = changed - 2 WHERE position = 3 AND batch = 1",
            )
            .unwrap();
    });
    assert_eq!(copy.damage(None), []);
    assert_eq!(copy.damage(Some(head)), [Damage::Head(head)]);
    let other = Head { hash: [1; 32], ..head };
    assert_eq!(self::copy().damage(Some(other)), [Damage::Head(other)]);
}

/// An earlier head stays in the journal, whatever is written after it.
#[test]
fn an_earlier_head_is_still_contained() {
    let (_, head) = *sample();
    let copy = copy();
    let journal = Journal::open(&copy.path).unwrap();
    journal.plan(None, [order(9)], NOW + 100).unwrap();
    assert_eq!(copy.damage(Some(head)), []);
    assert_eq!(copy.damage(Some(Head::START)), []);
}

#[test]
fn nothing_is_written_behind_a_damaged_end() {
    let copy = copy();
    copy.edit(|connection| {
        connection
            .execute("UPDATE events SET time = 1 WHERE seq = (SELECT max(seq) FROM events)", [])
            .map(drop)
            .unwrap();
    });
    assert!(matches!(Journal::open(&copy.path), Err(JournalError::Damaged(_))));
}

#[test]
fn a_clock_that_was_set_back_is_noted_and_no_damage() {
    let copy = copy();
    let journal = Journal::open(&copy.path).unwrap();
    let before = journal.head().unwrap();
    let batch = journal.plan(None, [order(9)], NOW - 86_400).unwrap();
    assert_eq!(batch.number.to_string(), "261110-001");
    let again = journal.plan(None, [order(10)], NOW - 86_400).unwrap();
    assert_eq!(again.number.to_string(), "261110-002", "no number is used twice");
    let third = journal.plan(None, [order(11)], NOW + 86_399 / 2).unwrap();
    assert_eq!(
        third.number.to_string(),
        "261111-003",
        "those of the day before the clock was set back count"
    );
    let verified = journal.reader().verify(Some(before)).unwrap();
    assert!(verified.is_whole());
    assert_eq!(verified.notes, [Note::ClockSetBack { seq: before.seq + 1, by: 86_409 }]);
}

/// Another value of the same column.
fn edited(value: &Value, bit: usize) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::Integer(number) => Value::Integer(number ^ (1 << (bit % 62))),
        Value::Real(number) => Value::Real(number + 1.0),
        Value::Text(text) => {
            let mut letters: Vec<char> = text.chars().collect();
            if letters.is_empty() {
                return Value::Text("x".into());
            }
            let at = bit % letters.len();
            letters[at] = char::from_u32(letters[at] as u32 ^ 1).unwrap_or('x');
            Value::Text(letters.into_iter().collect())
        }
        Value::Blob(bytes) => {
            let mut bytes = bytes.clone();
            if let Some(at) = (bit / 8).checked_rem(bytes.len()) {
                bytes[at] ^= 1 << (bit % 8);
            } else {
                bytes.push(0);
            }
            Value::Blob(bytes)
        }
    }
}

/// The type that a `STRICT` table takes, for a column that is empty.
fn filled(kind: &str) -> Value {
    match kind {
        "INTEGER" => Value::Integer(1),
        "TEXT" => Value::Text("x".into()),
        _ => Value::Blob(vec![1]),
    }
}

fn rows(connection: &Connection, table: &str) -> (Vec<(String, String)>, Vec<Vec<Value>>) {
    let columns: Vec<(String, String)> = connection
        .prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')"))
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    let mut select = connection.prepare(&format!("SELECT * FROM {table}")).unwrap();
    let rows = select
        .query_map([], |row| (0..columns.len()).map(|at| row.get(at)).collect())
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    (columns, rows)
}

/// Replaces a row: SQL that any table takes, whatever its key is. `None` deletes it. A row that the table refuses is put
/// back.
fn replace(connection: &Connection, table: &str, old: &[Value], new: Option<&[Value]>) {
    let (columns, _) = rows(connection, table);
    let which: Vec<_> = (1..).zip(&columns).map(|(at, (name, _))| format!("{name} IS ?{at}")).collect();
    let places: Vec<_> = (1..=columns.len()).map(|at| format!("?{at}")).collect();
    connection.execute_batch("BEGIN").unwrap();
    let deleted = connection
        .execute(&format!("DELETE FROM {table} WHERE {}", which.join(" AND ")), params_from_iter(old))
        .unwrap();
    assert_eq!(deleted, 1);
    let insert = format!("INSERT INTO {table} VALUES ({})", places.join(", "));
    let done = new.is_none_or(|new| connection.execute(&insert, params_from_iter(new)).is_ok());
    connection.execute_batch(if done { "COMMIT" } else { "ROLLBACK" }).unwrap();
}

const TABLES: [&str; 4] = ["events", "batches", "labels", "prints"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_edit_of_any_value_is_found(table in 0usize..4, row: prop::sample::Index, column: prop::sample::Index, bit in 0usize..256) {
        let copy = copy();
        let done = copy.edit(|connection| {
            let (columns, rows) = rows(connection, TABLES[table]);
            let (old, at) = (row.get(&rows), column.index(columns.len()));
            let mut new = old.clone();
            new[at] = match &old[at] {
                Value::Null => filled(&columns[at].1),
                value => edited(value, bit),
            };
            replace(connection, TABLES[table], old, Some(&new));
        });
        prop_assert_eq!(!copy.damage(None).is_empty(), done);
    }

    #[test]
    fn emptying_a_value_or_deleting_a_row_is_found(table in 0usize..4, row: prop::sample::Index, column: prop::sample::Index, delete: bool) {
        let copy = copy();
        let done = copy.edit(|connection| {
            let (columns, rows) = rows(connection, TABLES[table]);
            let (old, at) = (row.get(&rows), column.index(columns.len()));
            let mut new = old.clone();
            new[at] = Value::Null;
            let new = (!delete).then_some(&new[..]);
            replace(connection, TABLES[table], old, new);
        });
        prop_assert_eq!(!copy.damage(None).is_empty(), done);
    }

    #[test]
    fn an_event_that_is_put_in_or_moved_is_found(from: prop::sample::Index, to in -3i64..60) {
        let copy = copy();
        let done = copy.edit(|connection| {
            let (_, rows) = rows(connection, "events");
            let mut new = from.get(&rows).clone();
            new[0] = Value::Integer(to);
            let places: Vec<_> = (1..=new.len()).map(|at| format!("?{at}")).collect();
            connection.execute(
                &format!("INSERT OR IGNORE INTO events VALUES ({})", places.join(", ")),
                params_from_iter(&new),
            ).unwrap();
        });
        prop_assert_eq!(!copy.damage(None).is_empty(), done);
    }

    /// Bytes of the file, not values: it is refused, or it is found, or they were of no value (SQLite leaves room free).
    #[test]
    fn an_edit_of_a_byte_changes_nothing_unseen(at: prop::sample::Index, bit in 0u8..8) {
        let copy = copy();
        let mut bytes = sample().0.clone();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&copy.path, &bytes).unwrap();
        let whole = match Journal::read_only(&copy.path) {
            Ok(reader) => reader.verify(None).is_ok_and(|verified| verified.is_whole()),
            Err(_) => false,
        };
        if whole {
            let original = self::copy();
            let (edited, original) = (Connection::open(&copy.path).unwrap(), Connection::open(&original.path).unwrap());
            for table in TABLES {
                prop_assert_eq!(rows(&edited, table), rows(&original, table));
            }
        }
    }
}
