//! What people call things → items and customers; and what spreadsheets make of long numbers.

use super::{Desk, Refused, Shown, rejected};
use crate::index::is_of_company;
use crate::model::Payment;
use crate::text::fold;
use crate::words::decision as words;
use std::collections::BTreeSet;

/// Returns the customer_id that a text means: an id or a number, also one that a spreadsheet rounded.
pub(super) fn customer(text: &str, shown: &Shown<'_>, desk: &Desk<'_>) -> Option<String> {
    let text = text.trim();
    let listed = |text: &str| {
        let customer = desk
            .lookup
            .customer(text)
            .map(|position| desk.customers[position].id.clone());
        customer.or_else(|| desk.lookup.owner(text).map(str::to_owned))
    };
    let candidates = &shown.explanation.candidates;
    let ids = candidates.iter().map(|candidate| candidate.customer_id.as_str());
    listed(text).or_else(|| listed(restored(text, ids)?))
}

/// Returns the customers that a claim means: one, or all of a salesperson.
pub(super) fn claimants(text: &str, shown: &Shown<'_>, desk: &Desk<'_>) -> Vec<String> {
    if let Some(customer) = customer(text, shown, desk) {
        return vec![customer];
    }
    let wanted = fold(text);
    let is_wanted = |salesperson: &str| !wanted.is_empty() && fold(salesperson) == wanted;
    let of_list = desk
        .customers
        .iter()
        .filter(|customer| is_wanted(&customer.salesperson));
    let of_items = desk.items.iter().filter(|item| is_wanted(&item.salesperson));
    let ids = of_list.map(|customer| customer.id.as_str());
    let ids = ids.chain(of_items.map(|item| item.customer_id.as_str()));
    let customers: BTreeSet<&str> = ids.filter(|id| !id.is_empty()).collect();
    customers.into_iter().map(str::to_owned).collect()
}

/// Returns the position of the open item that a text means; `left` is what is open of the items now.
pub(super) fn item(
    text: &str,
    payment: &Payment,
    shown: &Shown<'_>,
    desk: &Desk<'_>,
    left: &[i64],
) -> Result<usize, Refused> {
    let is_ours = |position: &usize| is_of_company(&desk.items[*position].company, &payment.company);
    let mut named: Vec<usize> = desk.lookup.named(text).into_iter().filter(is_ours).collect();
    if named.is_empty() {
        let parts = shown
            .explanation
            .candidates
            .iter()
            .flat_map(|candidate| &candidate.allocations);
        let numbers = parts.flat_map(|part| [part.document_number.as_str(), part.item_id.as_str()]);
        match restored(text, numbers) {
            Some(number) => named = desk.lookup.named(number).into_iter().filter(is_ours).collect(),
            None if is_rounded(text) => return Err(rejected(words::rounded(text))),
            None => return Err(rejected(words::no_document(text))),
        }
    }
    let open: Vec<usize> = named.into_iter().filter(|position| left[*position] != 0).collect();
    match open.as_slice() {
        [] => Err(rejected(words::settled_document(text))),
        [position] => {
            let item = &desk.items[*position];
            let (open_in, paid_in) = (item.currency, payment.amount.currency);
            if open_in != paid_in {
                return Err(rejected(words::other_currency(text, open_in.code(), paid_in.code())));
            }
            if desk.held_items.contains(item.id.as_str()) {
                return Err(rejected(words::held(text)));
            }
            Ok(*position)
        }
        several => Err(rejected(words::several_documents(text, several.len()))),
    }
}

/// Digits that a spreadsheet keeps of a number.
const KEPT_DIGITS: usize = 15;

/// The digits that are left of a rounded number, and how many it had.
struct Rounded {
    digits: String,
    length: usize,
}

/// Returns what is left of a number that a spreadsheet rounded: `2.5117E+19`, `25117000000123400000`.
fn rounded(text: &str) -> Option<Rounded> {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((mantissa, exponent)) = text.split_once(['E', 'e']) {
        let length = exponent.trim_start_matches('+').parse::<usize>().ok()?.checked_add(1)?;
        let digits: String = mantissa.chars().filter(|c| !matches!(c, '.' | ',')).collect();
        let digits = digits.trim_end_matches('0').to_owned();
        return (is_digits(&digits) && digits.len() <= length && length <= 40).then_some(Rounded { digits, length });
    }
    let is_long = text.len() > KEPT_DIGITS && is_digits(text);
    is_long.then(|| Rounded {
        digits: text[..KEPT_DIGITS].to_owned(),
        length: text.len(),
    })
}

fn is_rounded(text: &str) -> bool {
    rounded(text).is_some_and(|rounded| rounded.length > KEPT_DIGITS)
}

/// Returns the one of the known numbers that rounds to the text; `None` when none or several do.
fn restored<'n>(text: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let rounded = rounded(text)?;
    let known: BTreeSet<&str> = known.filter(|number| rounded.is_of(number)).collect();
    match known.into_iter().collect::<Vec<_>>().as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

impl Rounded {
    /// Returns true when the number is cut or rounded to these digits.
    fn is_of(&self, number: &str) -> bool {
        if number.len() != self.length || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return false;
        }
        let (head, tail) = number.split_at(self.digits.len());
        let up = || head.parse::<u128>().map(|number| (number + 1).to_string());
        let is_up = tail.as_bytes().first().is_some_and(|next| *next >= b'5');
        head == self.digits || (is_up && up().is_ok_and(|up| up == self.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_numbers_are_restored_from_what_the_row_shows() {
        let known = ["25117000000123456789", "25117000000999999999", "RE-1001", "10042"];
        for (text, number) in [
            ("2.51170000001235E+19", Some("25117000000123456789")),
            ("2.5117000000123457e19", Some("25117000000123456789")),
            ("25117000000123400000", Some("25117000000123456789")),
            ("25117000000123500000", Some("25117000000123456789")),
            ("2.5117E+19", Some("25117000000123456789")),
            ("2.5117000001E+19", Some("25117000000999999999")),
            ("2.6E+19", None),
            ("2.5117E+18", None),
            ("RE-1001", None),
            ("10042", None),
        ] {
            let alone = &known[..1];
            let of = if text == "2.5117E+19" { alone } else { &known[..] };
            assert_eq!(restored(text, of.iter().copied()), number, "{text}");
        }
        assert_eq!(restored("2.5117E+19", known.iter().copied()), None, "two fit");
    }
}
