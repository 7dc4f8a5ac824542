//! Master data that can be read and yet are odd: told, because a match is only as good as they are. Nothing is refused here.

use crate::model::{Customer, Finding, FindingCode, OpenItem, Source};
use crate::text::check_digits::{Scheme, check};
use rustc_hash::{FxHashMap, FxHashSet};

/// Digits that a spreadsheet keeps of a number.
const DIGITS_KEPT: usize = 15;

/// Findings of one kind that are told one by one; the rest is only counted.
const TOLD: usize = 20;

/// Findings of one kind, so that a whole column of them does not bury the others.
struct Told {
    code: FindingCode,
    findings: Vec<Finding>,
    more: usize,
}

impl Told {
    fn new(code: FindingCode) -> Told {
        Told {
            code,
            findings: Vec::new(),
            more: 0,
        }
    }

    fn add(&mut self, source: &Source, args: Vec<String>) {
        if self.findings.len() < TOLD {
            self.findings.push(Finding::warning(self.code, source.clone(), args));
        } else {
            self.more += 1;
        }
    }

    fn finish(mut self, all: &mut Vec<Finding>) {
        if let (true, Some(last)) = (self.more > 0, self.findings.last()) {
            let source = Source::file(&last.source.file);
            let args = vec![self.code.code().to_owned(), self.more.to_string()];
            self.findings
                .push(Finding::warning(FindingCode::MoreOfTheSame, source, args));
        }
        all.extend(self.findings);
    }
}

/// Returns what is odd about open items.
pub fn of_items(items: &[OpenItem]) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut mangled = Told::new(FindingCode::NumberMangled);
    let mut check_digits = Told::new(FindingCode::ReferenceCheckDigits);
    let mut dates = Told::new(FindingCode::ItemDueBeforeIssue);
    let mut nothing_open = Told::new(FindingCode::ItemNothingOpen);
    for item in items {
        let numbers = [&item.id, &item.document_number, &item.customer_id, &item.purchase_order];
        let numbers = numbers.into_iter().chain(&item.other_references);
        if let Some(number) = numbers.into_iter().find(|number| is_mangled(number)) {
            mangled.add(&item.source, vec![number.to_string()]);
        }
        for reference in item.other_references.iter().filter(|one| has_wrong_check_digits(one)) {
            check_digits.add(
                &item.source,
                vec![reference.to_string(), item.document_number.to_string()],
            );
        }
        if let (Some(issued), Some(due)) = (item.issue_date, item.due_date)
            && due < issued
        {
            let args = vec![item.document_number.to_string(), due.to_string(), issued.to_string()];
            dates.add(&item.source, args);
        }
        if item.open_amount == 0 && item.closed_on.is_none() {
            nothing_open.add(&item.source, vec![item.document_number.to_string()]);
        }
    }
    for told in [mangled, check_digits, dates, nothing_open] {
        told.finish(&mut all);
    }
    all
}

/// Returns what is odd about customers.
pub fn of_customers(customers: &[Customer]) -> Vec<Finding> {
    let mut all = Vec::new();
    let mut mangled = Told::new(FindingCode::NumberMangled);
    let mut twice = Told::new(FindingCode::TaxIdTwice);
    let mut owners: FxHashMap<&str, &Customer> = FxHashMap::default();
    for customer in customers {
        let numbers = [&customer.id, &customer.number, &customer.tax_id];
        let mut numbers = numbers.into_iter().chain(&customer.accounts);
        if let Some(number) = numbers.find(|number| is_mangled(number)) {
            mangled.add(&customer.source, vec![number.to_string()]);
        }
        if customer.tax_id.is_empty() {
            continue;
        }
        match owners.get(customer.tax_id.as_str()) {
            Some(first) if !is_one_group(first, customer) => {
                let args = vec![customer.tax_id.clone(), format!("{}, {}", first.id, customer.id)];
                twice.add(&customer.source, args);
            }
            Some(_) => {}
            None => {
                owners.insert(&customer.tax_id, customer);
            }
        }
    }
    mangled.finish(&mut all);
    twice.finish(&mut all);
    all
}

/// Returns the customers that items name and the customer list does not; nothing where there is no list.
pub fn of_both(items: &[OpenItem], customers: &[Customer]) -> Vec<Finding> {
    let mut all = Vec::new();
    if customers.is_empty() {
        return all;
    }
    let mut unknown = Told::new(FindingCode::ItemCustomerUnknown);
    let mut seen: FxHashSet<&str> = customers.iter().map(|customer| customer.id.as_str()).collect();
    for item in items.iter().filter(|item| !item.customer_id.is_empty()) {
        if seen.insert(&item.customer_id) {
            unknown.add(&item.source, vec![item.customer_id.to_string()]);
        }
    }
    unknown.finish(&mut all);
    all
}

/// A parent and its members may well have one tax id.
fn is_one_group(one: &Customer, other: &Customer) -> bool {
    let is_parent = |child: &Customer, parent: &Customer| !child.parent_id.is_empty() && child.parent_id == parent.id;
    let is_sibling = !one.parent_id.is_empty() && one.parent_id == other.parent_id;
    is_sibling || is_parent(one, other) || is_parent(other, one)
}

/// Returns true for what a spreadsheet leaves of a long number: `1.23457E+11`, or zeros behind the fifteenth digit.
fn is_mangled(number: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some((mantissa, exponent)) = number.split_once(['E', 'e']) {
        let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
        return whole.len() == 1
            && is_digits(whole)
            && is_digits(fraction)
            && exponent.strip_prefix('+').is_some_and(is_digits);
    }
    // One zero behind fifteen digits is as likely the number itself.
    number.len() > DIGITS_KEPT + 1
        && is_digits(number)
        && number[DIGITS_KEPT..].bytes().all(|byte| byte == b'0')
        && !number[..DIGITS_KEPT].bytes().all(|byte| byte == b'0')
}

/// Returns true for what looks like an RF or a QR reference and does not satisfy its check digits.
fn has_wrong_check_digits(reference: &str) -> bool {
    let bare: String = reference
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_rf = bare.len() >= 5 && bare.is_ascii() && bare.starts_with("RF") && is_digits(&bare[2..4]);
    let is_qrr = bare.len() == 27 && is_digits(&bare);
    (is_rf && !check(Scheme::Rf, &bare)) || (is_qrr && !check(Scheme::Qrr, &bare))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheets_mangle_long_numbers() {
        for (number, expected) in [
            ("1.23457E+11", true),
            ("1,23457E+11", true),
            ("4E+15", true),
            ("12E+15", false),
            ("RE+15", false),
            ("2E15", false),
            ("12345678901234500", true),
            ("1234567890123450", false),
            ("12345678901234567", false),
            ("00000000000000000", false),
            ("RE-2026-0001", false),
            ("", false),
        ] {
            assert_eq!(is_mangled(number), expected, "`{number}`");
        }
    }

    #[test]
    fn structured_references_prove_themselves() {
        for (reference, is_wrong) in [
            ("RF18 5390 0754 7034", false),
            ("RF19 5390 0754 7034", true),
            ("210000000003139471430009017", false),
            ("210000000003139471430009018", true),
            ("RE-2026-0001", false),
            ("RF", false),
            ("RFX-12345", false),
        ] {
            assert_eq!(has_wrong_check_digits(reference), is_wrong, "`{reference}`");
        }
    }
}
