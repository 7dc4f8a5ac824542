//! Short histories that broke a promise once, and what broke.

use super::bank::Format;
use super::words::{WORDS, Word};
use super::{Decision, How, Pay, Step, play};

const NIGHT: Step = Step::Night { days: 0, crash: None };

fn pay(item: u8, how: How) -> Pay {
    Pay {
        item,
        how,
        has_reference: false,
    }
}

fn day(pays: &[Pay], format: Format) -> Step {
    Step::Day {
        account: false,
        pays: pays.to_vec(),
        format: Some(format),
    }
}

fn again(which: u8, format: Format) -> Step {
    Step::Again {
        which,
        span: 0,
        format,
        is_pretty: false,
    }
}

fn decide(row: u8, code: &str, target: &str) -> Step {
    let fits = |word: &&Word| word.code == code && word.target == target;
    Step::Decide(Decision {
        row,
        word: WORDS.iter().find(fits).expect("a word"),
        target: 0,
        person: 0,
        sheet_age: 0,
        is_edit: false,
    })
}

fn holds(steps: &[Step]) {
    if let Err(broken) = play(steps) {
        panic!("{broken}");
    }
}

/// The second of two files with the same bytes was in no list, and what they set aside stood twice in one.
#[test]
fn the_same_bytes_twice_in_one_night_are_listed_twice() {
    for how in [How::Unknown, How::Debit, How::Exact] {
        for format in [Format::Csv, Format::Camt] {
            holds(&[
                day(&[pay(0, how)], format),
                NIGHT,
                again(0, format),
                again(0, format),
                NIGHT,
            ]);
        }
    }
}

/// A proposal that was put off stood in the sheet as open: the files did not tie with the run, until its day came.
#[test]
fn a_proposal_can_be_put_off() {
    for target in ["day", ""] {
        holds(&[
            day(&[pay(0, How::Discounted)], Format::Camt),
            NIGHT,
            decide(0, "LATER", target),
            NIGHT,
            NIGHT,
        ]);
    }
}

/// What was put off without a day was posted the same night, when a decision on its rival made it certain.
#[test]
fn what_is_put_off_until_the_next_run_waits_for_it() {
    let invoice = |customer, cents| Step::Invoice {
        customer,
        cents,
        has_discount: false,
    };
    holds(&[
        invoice(0, 25_000),
        invoice(1, 25_000),
        day(&[pay(3, How::NoNumber), pay(3, How::NoNumber)], Format::Camt),
        NIGHT,
        Step::Exports { lists_closed: false },
        decide(0, "LATER", ""),
        decide(1, "NOT_RECEIVABLE", ""),
        NIGHT,
    ]);
}
