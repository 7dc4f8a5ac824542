//! Short histories that broke a promise once, and what broke.

use super::bank::Format;
use super::erp::Booking;
use super::words::{WORDS, Word};
use super::{Approval, Approves, Decision, How, Pay, Step, play};

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
        target: Some(0),
        person: 0,
        sheet_age: 0,
        is_edit: false,
    })
}

/// The ERP books what it was given, and exports.
fn books(how: Booking) -> [Step; 2] {
    let booked = Step::Books { how, is_done: false };
    [booked, Step::Exports { lists_closed: false }]
}

/// Anna takes a settled payment back, and Bert approves the next day.
fn undo(which: u8) -> [Step; 4] {
    let undone = Step::Undo {
        which,
        posting: None,
        person: 0,
    };
    let approved = Step::Approve(Approval {
        which: 0,
        says: Approves::Nothing,
        is_own: false,
        sheet_age: 0,
    });
    [undone, NIGHT, approved, NIGHT]
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

/// What takes a posting back and the next posting on the item cancelled each other out: the ERP booked the first one alone, and a third
/// payment was posted on the item.
#[test]
fn a_reversal_and_the_next_posting_are_both_on_their_way() {
    let paid = |how| [day(&[pay(0, how)], Format::Camt), NIGHT];
    let applied = [decide(0, "APPLY", "number"), NIGHT];
    holds(
        &[
            &paid(How::Exact)[..],
            &books(Booking::All),
            &undo(0),
            &applied,
            &books(Booking::FirstLine),
            &paid(How::Part),
        ]
        .concat(),
    );
}

/// A reversal that the ERP had booked was taken to be on its way again when the item was paid otherwise: it was open twice.
#[test]
fn a_reversal_comes_back_once() {
    let paid = |how| [day(&[pay(0, how)], Format::Camt), NIGHT];
    holds(
        &[
            &paid(How::Exact)[..],
            &books(Booking::All),
            &undo(0),
            &books(Booking::All),
            &[NIGHT, Step::ByHand(0), decide(0, "ACCEPT", "number"), NIGHT],
        ]
        .concat(),
    );
}

/// What is held is looked at against what it was: a posting that is taken back meanwhile does not make the item free.
#[test]
fn an_item_that_is_held_stays_so_when_a_posting_is_taken_back() {
    let paid = |how| [day(&[pay(0, how)], Format::Camt), NIGHT];
    let applied = [decide(0, "APPLY", "number"), NIGHT];
    holds(
        &[
            &paid(How::Part)[..],
            &undo(0),
            &applied,
            &books(Booking::FirstLine),
            &paid(How::Exact),
            &applied,
            &books(Booking::FirstLine),
            &undo(1),
            &applied,
        ]
        .concat(),
    );
}
