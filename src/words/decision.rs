//! Answers to decisions: why one is not carried out, what it waits for, what became of it.

use crate::model::{Action, Amount, Decision, NaiveDate, SetAsideRule};
use crate::words::finding::visible;
use crate::words::shown;

/// Longest part of a text that an answer repeats.
const REPEATED_MAX: usize = 120;

/// Files or people disagree about a payment.
pub fn conflict() -> String {
    "files disagree about this payment; neither counts. Keep one of the decisions and save again".to_owned()
}

/// Another person's decision on it waits for approval, and this one says something else.
pub fn conflict_with_waiting(waiting: &Decision, person: &str) -> String {
    format!(
        "{} by {} waits for approval, and this says something else; neither counts. Agree, and decide again",
        said(waiting),
        visible(person)
    )
}

/// The same decision stands in another place.
pub fn same_decision(place: &str) -> String {
    format!("the same decision stands in {}", visible(place))
}

/// The payment comes back later.
pub fn put_off(until: Option<NaiveDate>) -> String {
    let day = until.map_or_else(|| "the next run".to_owned(), |day| day.to_string());
    format!("comes back on {day}")
}

/// A batch gave way to its details.
pub fn batch_replaced() -> String {
    "the bank's details of this batch arrived, and each of them is a payment of its own now; \
     nothing was posted, look at the new sheet and decide again"
        .to_owned()
}

/// The payment is settled.
pub fn settled(how: &str) -> String {
    format!("this payment is settled: {how}; nothing changed")
}

/// How a payment was settled: by a posting.
pub fn posted_in(run: u64, ids: &[&str]) -> String {
    format!("posted in run {run} as {}", ids.join(", "))
}

/// How a payment was settled: without one.
pub fn set_aside_in(run: u64, rule: SetAsideRule) -> String {
    format!("set aside in run {run} ({})", rule.code())
}

/// How a payment was settled: it is another one.
pub fn duplicate_in(run: u64) -> String {
    format!("a duplicate, found in run {run}")
}

/// A payment that was booked.
pub fn booked() -> String {
    "booked as decided".to_owned()
}

/// A payment that is no receipt.
pub fn left_the_list() -> String {
    "the payment leaves the list, nothing is posted".to_owned()
}

/// Nobody knows the payment.
pub fn unknown_payment() -> String {
    "no payment with this payment_id is known; do not change that column".to_owned()
}

/// Nobody knows the posting.
pub fn unknown_posting(id: &str) -> String {
    format!(
        "no posting `{}` is known; take it from the column posting_id of postings.csv",
        visible(id)
    )
}

/// A decision without its note.
pub fn note_missing() -> String {
    "IGNORE needs a note that says why".to_owned()
}

/// A day that is over.
pub fn not_later(day: NaiveDate, as_of: NaiveDate) -> String {
    format!("{day} is not later than {as_of}")
}

/// No day at all.
pub fn no_day(text: &str) -> String {
    format!("`{}` is not a date, expected YYYY-MM-DD", visible(text))
}

/// No customer.
pub fn no_customer(text: &str) -> String {
    format!("`{}` is no customer_id and no customer number", visible(text))
}

/// No customer and no salesperson.
pub fn no_claimant(text: &str) -> String {
    format!(
        "`{}` is no customer_id, no customer number, and no salesperson of a customer",
        visible(text)
    )
}

/// No customer is named, and no candidate has one.
pub fn customer_missing() -> String {
    "name the customer in `target`: there is no candidate to take it from".to_owned()
}

/// The payer has no name that could stand for a customer.
pub fn name_missing() -> String {
    "the payment has no payer's name that could stand for a customer; use CLAIM for this payment alone".to_owned()
}

/// A payer that pays for many.
pub fn pays_for_many(name: &str) -> String {
    format!(
        "`{}` pays for many and is never one customer's name; use CLAIM for this payment alone",
        visible(name)
    )
}

/// What was seen is not there any more: old and new.
pub fn changed_since(seen: &str, now: &str) -> String {
    let told = |text: &str| {
        let short = text.split(" | for: ").next().unwrap_or(text);
        let short = short.split(" | against: ").next().unwrap_or(short);
        visible(&shown::cut(short, REPEATED_MAX))
    };
    let now = if now.is_empty() {
        "no candidate".to_owned()
    } else {
        format!("`{}`", told(now))
    };
    if seen.is_empty() {
        return format!(
            "the payment or its candidates changed since this sheet was written: now {now}; \
             nothing was posted, look at the new sheet and decide again"
        );
    }
    format!(
        "the payment or its candidates changed since this sheet was written: then `{}`, now {now}; \
         nothing was posted, look at the new sheet and decide again",
        told(seen)
    )
}

/// Nothing to accept.
pub fn no_candidate() -> String {
    "there is no candidate to accept; use APPLY with a document".to_owned()
}

/// A document of the candidate is settled.
pub fn not_open(document: &str) -> String {
    format!("{} is not open any more; decide again", visible(document))
}

/// No document is named.
pub fn documents_missing() -> String {
    "name the documents in `target`, several with `;`".to_owned()
}

/// A document is named twice.
pub fn named_twice() -> String {
    "the same document is named twice".to_owned()
}

/// Nothing is left for a document.
pub fn nothing_left(document: &str) -> String {
    format!("nothing of the payment is left for {}", visible(document))
}

/// More is applied than was paid.
pub fn adds_up_to(used: Amount, payment: Amount) -> String {
    format!("the amounts add up to {used}, the payment is {payment}")
}

/// A rest that belongs to nobody.
pub fn whose_rest() -> String {
    "a rest is left, and the documents belong to several customers: state the amounts, so that it adds up".to_owned()
}

/// No such document.
pub fn no_document(text: &str) -> String {
    format!("no open item has the number `{}`", visible(text))
}

/// A document that a spreadsheet rounded, and no candidate fits.
pub fn rounded(text: &str) -> String {
    format!(
        "the spreadsheet has changed the number `{}`, and no number of this row was rounded so: format the cell as text and type it again",
        visible(text)
    )
}

/// A settled document.
pub fn settled_document(text: &str) -> String {
    format!("`{}` is settled already", visible(text))
}

/// A document in another currency.
pub fn other_currency(text: &str, item: &str, payment: &str) -> String {
    format!("`{}` is open in {item}, the payment is in {payment}", visible(text))
}

/// Several documents of this number.
pub fn several_documents(text: &str, count: usize) -> String {
    format!(
        "{count} open items have the number `{}`; name the item_id",
        visible(text)
    )
}

/// A document that waits for a look at the ERP.
pub fn held(document: &str) -> String {
    format!(
        "`{}` is held: its open amount grew since the last posting; look at it in the ERP",
        visible(document)
    )
}

/// More than is open.
pub fn over_applied(document: &str, open: Amount, wanted: Amount) -> String {
    format!(
        "{} is open with {open} only, {wanted} cannot be applied",
        visible(document)
    )
}

/// Nothing is left open by the payment: no part.
pub fn no_part(payment: Amount, open: Amount) -> String {
    format!("{payment} is not less than the {open} that are open: use APPLY")
}

/// Nothing is missing.
pub fn nothing_missing(action: Action, payment: Amount, open: Amount) -> String {
    format!(
        "nothing is missing that {} could explain: {payment} was paid, {open} is open",
        action.code()
    )
}

/// The amount is more than what is missing.
pub fn more_than_missing(action: Action, stated: Amount, missing: Amount) -> String {
    format!(
        "{} of {stated} is more than the {missing} that are missing",
        action.code()
    )
}

/// It is not said which document takes the difference.
pub fn which_document(missing: Amount) -> String {
    format!("say which document takes the {missing}: RE-1; RE-2=5.00")
}

/// Nothing to take back.
pub fn nothing_to_undo() -> String {
    "nothing was posted or set aside by a person for this payment: there is nothing to take back".to_owned()
}

/// Taken back before.
pub fn undone_before(run: u64) -> String {
    format!("it was taken back in run {run}; nothing changed")
}

/// Set aside by the program.
pub fn set_aside_by_program(rule: SetAsideRule) -> String {
    format!(
        "the program set it aside ({}), no person did: there is nothing to take back",
        rule.code()
    )
}

/// What an undo did.
pub fn undone(ids: &[&str]) -> String {
    match ids {
        [] => "taken back; the payment is among the exceptions again".to_owned(),
        ids => format!(
            "{} taken back; the payment and its documents are open again, and what it taught is forgotten",
            ids.join(", ")
        ),
    }
}

/// Text of the lines that take a posting back.
pub fn reversal_text(posting_id: &str, people: &str, note: &str) -> String {
    let note = if note.is_empty() {
        String::new()
    } else {
        format!(": {}", visible(note))
    };
    format!("takes back {posting_id}, decided by {people}{note}")
}

/// Who decided and who approved.
pub fn people(decided_by: &str, approved_by: &str) -> String {
    if approved_by.is_empty() {
        visible(decided_by)
    } else {
        format!("{}, approved by {}", visible(decided_by), visible(approved_by))
    }
}

/// A payment that is matched again, by what a person said.
pub fn matched_again(ids: &[String]) -> String {
    if ids.is_empty() {
        "matched again; it is still an exception, look at the new sheet".to_owned()
    } else {
        "matched again, and posted".to_owned()
    }
}

/// What a posting says of a text that was corrected.
pub fn corrected(decided_by: &str, text: &str, original: &str) -> String {
    format!(
        "; {} corrected the text to `{}`, the bank wrote `{}`",
        visible(decided_by),
        visible(text),
        visible(original)
    )
}

/// What the sheet shows of a text that was corrected.
pub fn corrected_cell(decided_by: &str, text: &str, original: &str) -> String {
    format!("{text} [corrected by {decided_by}; the bank wrote: {original}]")
}

/// A decision in short: `WRITE_OFF RE-1001; RE-1002`.
fn said(decision: &Decision) -> String {
    let target = visible(&decision.target_text());
    let amounts: Vec<String> = decision
        .targets
        .iter()
        .filter_map(|target| amount_of(target, decision))
        .collect();
    let amounts = if amounts.is_empty() {
        String::new()
    } else {
        format!(" ({})", amounts.join("; "))
    };
    format!("{} {target}{amounts}", decision.action.code())
        .trim_end()
        .to_owned()
}

fn amount_of(target: &crate::model::decision::Target, decision: &Decision) -> Option<String> {
    let currency = decision.currency?;
    target.amount.map(|minor| Amount::new(minor, currency).to_string())
}

/// Why a second person is asked: the decision always needs one.
pub fn always_two(action: Action) -> String {
    format!("{} always needs a second person", action.code())
}

/// Why a second person is asked: a private person pays.
pub fn personal_payer(name: &str) -> String {
    format!("`{}` is most likely a private person", visible(name))
}

/// Why a second person is asked: more than one person may decide.
pub fn above_limit(what: &str, amount: Amount, limit: Amount) -> String {
    format!("{what} {amount}, one person alone may decide {limit}")
}

/// It waits for a second person.
pub fn needs_approval(decision: &Decision, person: &str, why: &str) -> String {
    format!(
        "{} by {}: {why}. A second person saves this row with APPROVE in a folder of their own; until then nothing is booked",
        said(decision),
        visible(person)
    )
}

/// It waits for a second person since an earlier run.
pub fn waits_since(run: u64) -> String {
    format!("waits for a second person since run {run}: APPROVE in a folder of their own")
}

/// What waits for a second person, for the one who approves.
pub fn waits(decision: &Decision, run: u64) -> String {
    let note = decision.note.trim();
    let note = if note.is_empty() {
        String::new()
    } else {
        format!(" ({})", visible(note))
    };
    let person = if decision.folder.is_empty() {
        &decision.decided_by
    } else {
        &decision.folder
    };
    format!(
        "{} by {}: waits for a second person since run {run}: APPROVE in a folder of their own",
        said(decision),
        visible(person) + &note
    )
}

/// It would need a second person, but nobody knows who the first one is.
pub fn folder_missing(why: &str) -> String {
    format!("{why}. Save the sheet into your own folder below the decisions folder: a typed name proves nothing")
}

/// The approval came out of no person's folder.
pub fn approval_without_folder() -> String {
    "an approval counts only from a person's own folder below the decisions folder: a typed name proves nothing"
        .to_owned()
}

/// Nobody approves their own decision.
pub fn own_decision(person: &str) -> String {
    format!(
        "{} decided this: another person has to approve it, in a folder of their own",
        visible(person)
    )
}

/// The approver's row is not the row that was decided.
pub fn approves_other(decision: &Decision, person: &str) -> String {
    format!(
        "this row does not say what {} decided ({}): approve it in the sheet of this run, which shows it",
        visible(person),
        said(decision)
    )
}

/// The decision was changed after the approver saw it.
pub fn edited_since(decision: &Decision, person: &str) -> String {
    format!(
        "{} changed the decision to {}: look at it in the sheet of this run, and approve again",
        visible(person),
        said(decision)
    )
}

/// Nothing waits for an approval.
pub fn nothing_to_approve() -> String {
    "no decision on this payment waits for an approval".to_owned()
}

/// No approval was asked for.
pub fn no_approval_needed() -> String {
    "this decision needed no approval; it is carried out".to_owned()
}

/// An approval that counted.
pub fn approves(decision: &Decision, person: &str) -> String {
    format!("approves {} by {}", said(decision), visible(person))
}

/// A decision that was approved.
pub fn approved_by(person: &str, said: &str) -> String {
    let said = if said.is_empty() {
        String::new()
    } else {
        format!("; {said}")
    };
    format!("approved by {}{said}", visible(person))
}

/// The row changed while the decision waited.
pub fn void() -> String {
    "the payment or its candidates changed while this waited for a second person; nothing was posted, decide again"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Currency, Language, PaymentId, Source};
    use crate::words::Words;

    #[test]
    fn what_waits_for_a_second_person_is_told_in_every_language() {
        let decision = Decision {
            payment_id: PaymentId("P1".to_owned()),
            action: Action::Undo,
            targets: Vec::new(),
            currency: None,
            decided_by: "anna".to_owned(),
            folder: "anna".to_owned(),
            note: "paid twice".to_owned(),
            row_hash: String::new(),
            seen_run: None,
            seen: String::new(),
            typed: String::new(),
            source: Source::file("decisions/anna/sheet.csv"),
        };
        let euro = Currency::new("EUR").unwrap();
        let above = |what| above_limit(what, Amount::new(11_900, euro), Amount::new(0, euro));
        let german = Words::of(Language::German);
        for (english, expected) in [
            (
                waits(&decision, 2),
                "UNDO von anna (paid twice): wartet seit Lauf 2 auf eine zweite Person: GENEHMIGEN in deren eigenem Ordner",
            ),
            (
                above("the payment is"),
                "die Zahlung beträgt 119,00 EUR, eine Person allein darf 0,00 EUR entscheiden",
            ),
            (
                above("written off"),
                "ausgebucht 119,00 EUR, eine Person allein darf 0,00 EUR entscheiden",
            ),
            (
                above("charges that no bank states:"),
                "Spesen, die keine Bank ausweist: 119,00 EUR, eine Person allein darf 0,00 EUR entscheiden",
            ),
            (
                above("discount beyond the terms:"),
                "Skonto außerhalb der Bedingungen: 119,00 EUR, eine Person allein darf 0,00 EUR entscheiden",
            ),
        ] {
            assert_eq!(german.phrase(&english), expected);
            for language in [Language::SimplifiedChinese, Language::TraditionalChinese] {
                let said = Words::of(language).phrase(&english);
                let of_people = ["paid twice", "anna", "UNDO", "EUR"];
                let said = of_people.iter().fold(said, |said, word| said.replace(word, ""));
                assert!(!said.contains(|c: char| c.is_ascii_alphabetic()), "{said}");
            }
        }
    }
}
