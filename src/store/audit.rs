//! Looks the whole store over: is it intact, and does it keep what PROMISES says.

use crate::model::Side;
use crate::model::run::{Class, CountSum, TotalKey, Totals};
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::files::sha256;
use crate::store::seal;
use crate::store::word::{count, currency, from_json};
use rusqlite::{Connection, OptionalExtension};
use std::collections::BTreeMap;

/// Something in the store that must not be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flaw {
    /// The promise that is broken: `I4`, or `store` for the file itself.
    pub promise: &'static str,
    /// What was found.
    pub message: String,
}

impl Store {
    /// Returns everything in the store that must not be; an intact store has nothing.
    pub fn flaws(&self) -> Result<Vec<Flaw>, StoreError> {
        self.told(|connection| {
            let mut flaws = Vec::new();
            damage(connection, &mut flaws)?;
            chain(connection, &mut flaws)?;
            seals(connection, &mut flaws)?;
            for (promise, sql) in QUESTIONS {
                ask(connection, promise, sql, &mut flaws)?;
            }
            totals(connection, &mut flaws)?;
            Ok(flaws)
        })
    }

    /// Returns the number of committed runs and of known payments.
    pub fn size(&self) -> Result<(u64, u64), StoreError> {
        self.told(|connection| {
            let sql = "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM payment)";
            let (runs, payments) = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok((count(runs)?, count(payments)?))
        })
    }
}

/// Each question returns a sentence per flaw.
const QUESTIONS: &[(&str, &str)] = &[
    (
        "I5",
        "SELECT 'payment ' || id || ' is in no state' FROM payment p \
         WHERE NOT EXISTS (SELECT 1 FROM judgement WHERE payment = p.number)",
    ),
    (
        "I5",
        "SELECT 'payment ' || p.id || ' is open, but its content is gone' FROM judgement j JOIN payment p ON p.number = j.payment \
         WHERE j.state IN ('open', 'proposed') AND p.block IS NULL",
    ),
    (
        "I5",
        "SELECT 'payment ' || id || ' came from no file' FROM payment p \
         WHERE NOT EXISTS (SELECT 1 FROM delivered d WHERE d.origin = p.origin AND d.payment = p.number)",
    ),
    (
        "I4",
        "SELECT 'payment ' || p.id || ' is posted without a posting' FROM judgement j JOIN payment p ON p.number = j.payment \
         WHERE j.state = 'posted' AND NOT EXISTS (SELECT 1 FROM posting WHERE payment = j.payment AND revoked_in IS NULL)",
    ),
    (
        "I4",
        "SELECT 'payment ' || p.id || ' has a posting, but is ' || j.state FROM posting g JOIN payment p ON p.number = g.payment \
         JOIN judgement j ON j.payment = g.payment WHERE g.revoked_in IS NULL AND j.state <> 'posted'",
    ),
    (
        "I4",
        "SELECT 'payment ' || p.id || ' is posted ' || count(*) || ' times' FROM posting g JOIN payment p ON p.number = g.payment \
         WHERE g.revoked_in IS NULL GROUP BY g.payment HAVING count(*) > 1",
    ),
    (
        "I1",
        "SELECT 'payment ' || p.id || ': its posting adds up to ' || coalesce(sum(l.cash), 0) || ', its cash is ' || p.minor \
         FROM posting g JOIN payment p ON p.number = g.payment LEFT JOIN posting_line l ON l.posting = g.number \
         GROUP BY g.number HAVING coalesce(sum(l.cash), 0) <> p.minor",
    ),
    (
        "I1",
        "SELECT 'payment ' || p.id || ' of ' || p.minor || ' gave way to details of ' || coalesce(sum(d.minor), 0) \
         FROM judgement j JOIN payment p ON p.number = j.payment LEFT JOIN payment d ON d.account = p.account \
         AND d.booking_date = p.booking_date AND d.entry_key = p.entry_key AND d.ordinal = p.ordinal AND d.number <> p.number \
         WHERE j.rule = 'Detailed' GROUP BY p.number HAVING coalesce(sum(d.minor), 0) <> p.minor",
    ),
    (
        "I1",
        "SELECT 'payment ' || p.id || ' is in ' || p.currency || ', its posting in ' || g.currency \
         FROM posting g JOIN payment p ON p.number = g.payment WHERE g.currency <> p.currency",
    ),
    (
        "I3",
        "SELECT 'posting ' || id || ' brings item ' || item_id || ' to ' || posted || ' of ' || exported_open \
         FROM posting_line WHERE (posted > 0 AND exported_open >= 0 AND posted > exported_open) \
         OR (posted < 0 AND exported_open < 0 AND posted < exported_open)",
    ),
    (
        "I3",
        "SELECT 'run ' || g.run || ' reduces item ' || l.item_id || ' by ' || sum(l.item_minor) || ', ' || max(l.posted) \
         || ' were said to be in flight' FROM posting_line l JOIN posting g ON g.number = l.posting WHERE l.item_id IS NOT NULL \
         AND l.item_id NOT IN (SELECT a.item_id FROM reversal_line b JOIN posting_line a ON a.number = b.posting_line \
         WHERE a.item_id IS NOT NULL) \
         GROUP BY g.run, l.item_id HAVING min(l.item_minor) > 0 AND sum(l.item_minor) > max(l.posted)",
    ),
    (
        "I3",
        "SELECT 'item ' || item_id || ' has ' || posted || ' of ' || exported_open || ' in flight' FROM in_flight \
         WHERE (posted > 0 AND exported_open >= 0 AND posted > exported_open) \
         OR (posted < 0 AND exported_open < 0 AND posted < exported_open)",
    ),
    (
        "I1",
        "SELECT 'posting ' || l.id || ' was taken back without a reversal' FROM posting_line l JOIN posting g ON g.number = l.posting \
         WHERE (g.revoked_in IS NULL) <> (NOT EXISTS (SELECT 1 FROM reversal_line b JOIN reversal r ON r.number = b.reversal \
         WHERE b.posting_line = l.number AND r.posting = g.number AND r.run = g.revoked_in))",
    ),
    (
        "I12",
        "SELECT 'payment ' || p.id || ' was taken back by a person and posted again by the program' FROM posting g \
         JOIN payment p ON p.number = g.payment WHERE g.class IS NOT NULL AND EXISTS (SELECT 1 FROM posting b \
         WHERE b.payment = g.payment AND b.revoked_in <= g.run AND b.revoked_in > \
         coalesce((SELECT max(run) FROM amendment a WHERE a.payment = g.payment AND a.run <= g.run), 0))",
    ),
    (
        "I4",
        "SELECT 'posting ' || id || ' stands ' || count(*) || ' times' FROM posting_line GROUP BY id HAVING count(*) > 1",
    ),
    (
        "I22",
        "SELECT 'run ' || number || ' says nothing of its publication' FROM run \
         WHERE number NOT IN (SELECT run FROM publication)",
    ),
];

fn ask(connection: &Connection, promise: &'static str, sql: &str, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let message = row.get(0)?;
        flaws.push(Flaw { promise, message });
    }
    Ok(())
}

fn damage(connection: &Connection, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let message: String = row.get(0)?;
        if message != "ok" {
            let message = format!("the database is damaged: {message}");
            flaws.push(Flaw {
                promise: "store",
                message,
            });
        }
    }
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
        let message = format!("a row of {table} leans on a row of {parent} that is not there");
        flaws.push(Flaw {
            promise: "store",
            message,
        });
    }
    Ok(())
}

/// Numbers without a gap, each manifest with its hash, each run after the one before.
fn chain(connection: &Connection, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let first: Option<i64> = connection
        .query_row("SELECT max(first_run) FROM beginning", [], |row| row.get(0))
        .optional()?
        .flatten();
    let mut expected = first.unwrap_or(1);
    let mut previous = String::new();
    let mut statement =
        connection.prepare("SELECT number, manifest, manifest_hash, previous_hash FROM run ORDER BY number")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (number, manifest, hash): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let mut say = |what: &str| {
            let message = format!("run {number}: {what}");
            flaws.push(Flaw {
                promise: "I22",
                message,
            });
        };
        if number != expected {
            say(&format!("run {expected} should come here"));
        }
        if sha256(manifest.as_bytes()) != hash {
            say("its manifest was changed");
        }
        if row.get::<_, String>(3)? != previous {
            say("it does not follow the manifest of the run before");
        }
        (expected, previous) = (number + 1, hash);
    }
    Ok(())
}

/// Every row of every section is sealed by the run that added it, and unchanged since.
fn seals(connection: &Connection, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let mut say = |message: String| {
        flaws.push(Flaw {
            promise: "I22",
            message,
        })
    };
    let sql = "SELECT run, first, last, sha256 FROM seal WHERE section = ?1 ORDER BY run";
    let mut statement = connection.prepare(sql)?;
    for section in seal::SECTIONS {
        let mut rows = statement.query([section.name])?;
        let mut sealed = 0;
        while let Some(row) = rows.next()? {
            let (run, first, last): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if first != sealed + 1 {
                say(format!(
                    "run {run}: the seal of {} does not follow the one before",
                    section.name
                ));
            }
            if seal::of_rows(connection, section, first, last)? != row.get::<_, String>(3)? {
                say(format!("run {run}: its rows in {} were changed", section.name));
            }
            sealed = last;
        }
        if seal::last_number(connection, section)? != sealed {
            say(format!("{} holds rows that no run added, or lost some", section.name));
        }
    }
    let mut rows = statement.query([seal::IN_FLIGHT])?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        last = Some(row.get::<_, String>(3)?);
    }
    if last.is_some_and(|last| seal::of_in_flight(connection).is_ok_and(|now| now != last)) {
        say("what is in flight was changed since the last run".to_owned());
    }
    let sql = "SELECT count(*) FROM run WHERE (SELECT count(*) FROM seal WHERE run = number) <> ?1";
    let unsealed: i64 = connection.query_row(sql, [seal::SECTIONS.len() as i64 + 1], |row| row.get(0))?;
    if unsealed > 0 {
        say(format!("{unsealed} runs have not all their seals"));
    }
    Ok(())
}

type PostedByRun = BTreeMap<i64, BTreeMap<TotalKey, CountSum>>;

/// The totals of each run tie, and what it says to have posted is what its posting lines add up to.
fn totals(connection: &Connection, flaws: &mut Vec<Flaw>) -> Result<(), StoreError> {
    let mut posted = posted_by_run(connection)?;
    let mut statement = connection.prepare("SELECT number, totals FROM run ORDER BY number")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (run, text): (i64, String) = (row.get(0)?, row.get(1)?);
        let totals: Totals = from_json(&text, &format!("the totals of run {run}"))?;
        let mut say = |message: String| flaws.push(Flaw { promise: "I1", message });
        if let Some((account, currency, side)) = totals.first_gap() {
            say(format!(
                "run {run}: its totals do not tie for {account} {currency} {}",
                side.code()
            ));
        }
        let said = totals.classes.into_iter();
        let is_counted = |class| matches!(class, Class::Posted | Class::Reversed);
        let said = said.filter(|(key, total)| is_counted(key.class) && *total != CountSum::default());
        let said: BTreeMap<TotalKey, CountSum> = said.collect();
        if said != posted.remove(&run).unwrap_or_default() {
            say(format!(
                "run {run}: what it says to have posted is not what its postings add up to"
            ));
        }
    }
    Ok(())
}

/// Cash of what each run posted, and of what it took back.
const BOOKED: [(Class, &str); 2] = [
    (
        Class::Posted,
        "SELECT run, account, currency, cash < 0, count(*), sum(cash) FROM \
         (SELECT g.run AS run, p.account AS account, g.currency AS currency, coalesce(sum(l.cash), 0) AS cash \
          FROM posting g JOIN payment p ON p.number = g.payment LEFT JOIN posting_line l ON l.posting = g.number \
          GROUP BY g.number) GROUP BY run, account, currency, cash < 0",
    ),
    (
        Class::Reversed,
        "SELECT run, account, currency, cash < 0, count(*), -sum(cash) FROM \
         (SELECT r.run AS run, p.account AS account, g.currency AS currency, coalesce(sum(l.cash), 0) AS cash \
          FROM reversal r JOIN posting g ON g.number = r.posting JOIN payment p ON p.number = g.payment \
          LEFT JOIN reversal_line b ON b.reversal = r.number LEFT JOIN posting_line l ON l.number = b.posting_line \
          GROUP BY r.number) GROUP BY run, account, currency, cash < 0",
    ),
];

fn posted_by_run(connection: &Connection) -> Result<PostedByRun, StoreError> {
    let mut posted = PostedByRun::new();
    for (class, sql) in BOOKED {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let code: String = row.get(2)?;
            let key = TotalKey {
                account: row.get(1)?,
                currency: currency(&code)?,
                side: if row.get(3)? { Side::Debit } else { Side::Credit },
                class,
            };
            let total = CountSum {
                count: count(row.get(4)?)?,
                sum: row.get(5)?,
            };
            posted.entry(row.get(0)?).or_default().insert(key, total);
        }
    }
    Ok(posted)
}
