//! Claims of salespeople: read, given their customers, and compared with what was received.

use crate::model::claim::{Claim, ClaimLine, ClaimState, Receipt};
use crate::model::date::{Days, days_between};
use crate::model::{
    Currency, Customer, Finding, FindingCode, JudgedPayment, NaiveDate, Night, OpenItem, Outcome, Standing,
};
use crate::read;
use crate::read::claims::ClaimRow;
use crate::run::failure::Failure;
use crate::run::inputs::Input;
use crate::settings::ClaimRules;
use crate::store::Store;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// Reads the claims and finds their customers. Bad rows, and customers that nobody knows, are told.
pub fn read(
    input: &Input,
    rules: &ClaimRules,
    items: &[OpenItem],
    customers: &[Customer],
) -> Result<read::Rows<Claim>, Vec<Finding>> {
    let people = People::new(items, customers);
    let rows = read::claims::read(&input.name, &input.bytes, &|customer| people.currency(customer))?;
    let mut findings = rows.findings;
    let mut claims = Vec::with_capacity(rows.rows.len());
    for row in rows.rows {
        let customer_id = people.find(&row.customer).map(str::to_owned);
        if customer_id.is_none() {
            let args = vec![row.customer.clone()];
            findings.push(Finding::warning(FindingCode::ClaimCustomer, row.source.clone(), args));
        }
        claims.push(claim(row, customer_id, rules));
    }
    // Rows of one day stay in the order of the file.
    claims.sort_by_key(|claim: &Claim| claim.claimed_on);
    Ok(read::Rows { rows: claims, findings })
}

fn claim(row: ClaimRow, customer_id: Option<String>, rules: &ClaimRules) -> Claim {
    let apart = Days::new(rules.days_apart_max.into());
    let first = row.claimed_on.checked_sub_days(apart).unwrap_or(row.claimed_on);
    let last = row.claimed_on.checked_add_days(apart).unwrap_or(row.claimed_on);
    Claim {
        salesperson: row.salesperson,
        claimed_on: row.claimed_on,
        booked_between: (first, last),
        customer: row.customer,
        customer_id,
        amount: row.amount,
        references: row.references,
        note: row.note,
        source: row.source,
    }
}

/// Customers by what salespeople call them; a name of two customers stands for neither.
struct People<'a> {
    ids: BTreeSet<&'a str>,
    names: BTreeMap<String, BTreeSet<&'a str>>,
    currencies: BTreeMap<&'a str, BTreeSet<Currency>>,
}

impl<'a> People<'a> {
    fn new(items: &'a [OpenItem], customers: &'a [Customer]) -> People<'a> {
        let mut people = People {
            ids: BTreeSet::new(),
            names: BTreeMap::new(),
            currencies: BTreeMap::new(),
        };
        for customer in customers {
            people.enter(&customer.id, &customer.number);
            customer
                .names
                .iter()
                .for_each(|name| people.enter(&customer.id, &name.text));
        }
        for item in items.iter().filter(|item| !item.customer_id.is_empty()) {
            people.enter(&item.customer_id, &item.customer_name);
            people
                .currencies
                .entry(&item.customer_id)
                .or_default()
                .insert(item.currency);
        }
        people
    }

    fn enter(&mut self, id: &'a str, name: &str) {
        self.ids.insert(id);
        let name = text::fold(name);
        if !name.is_empty() {
            self.names.entry(name).or_default().insert(id);
        }
    }

    fn find(&self, written: &str) -> Option<&'a str> {
        let written = written.trim();
        if let Some(id) = self.ids.get(written) {
            return Some(id);
        }
        let named = self.names.get(&text::fold(written))?;
        let mut named = named.iter();
        named.next().filter(|_| named.next().is_none()).copied()
    }

    /// The only currency of the customer's items, else of all items.
    fn currency(&self, written: &str) -> Option<Currency> {
        let only = |currencies: BTreeSet<Currency>| {
            let mut currencies = currencies.into_iter();
            currencies.next().filter(|_| currencies.next().is_none())
        };
        let own = self.find(written).and_then(|id| self.currencies.get(id));
        let own = own.and_then(|currencies| only(currencies.clone()));
        own.or_else(|| only(self.currencies.values().flatten().copied().collect()))
    }
}

/// Compares claims with receipts: each receipt answers one claim, the oldest claim first.
pub fn compare(claims: &[Claim], night: &Night, store: &Store, overdue_days: u32) -> Result<Vec<ClaimLine>, Failure> {
    let Some(first) = claims.iter().map(|claim| claim.booked_between.0).min() else {
        return Ok(Vec::new());
    };
    let receipts = receipts(night, store, first)?;
    let mut table = Table {
        claims,
        receipts: &receipts,
        answers: vec![None; claims.len()],
        is_taken: vec![false; receipts.len()],
    };
    let is_of = |claim: &Claim, ids: &[String]| claim.customer_id.as_ref().is_some_and(|id| ids.contains(id));
    let is_posted = |claim: &Claim, receipt: &Receipt| is_of(claim, &receipt.customer_ids);
    let may_be =
        |claim: &Claim, receipt: &Receipt| receipt.customer_ids.is_empty() && is_of(claim, &receipt.candidate_ids);
    let is_open = |_: &Claim, receipt: &Receipt| receipt.customer_ids.is_empty();
    table.pair(ClaimState::Received, true, &is_posted);
    table.pair(ClaimState::Received, true, &may_be);
    table.pair(ClaimState::Received, true, &is_open);
    table.tell_twice();
    table.pair(ClaimState::OtherCustomer, true, &|_, _| true);
    table.pair(ClaimState::AmountDiffers, false, &|claim, receipt| {
        (is_posted(claim, receipt) || may_be(claim, receipt)) && is_meant(claim, receipt)
    });
    Ok(table.lines(night, overdue_days))
}

struct Table<'a> {
    claims: &'a [Claim],
    receipts: &'a [Receipt],
    answers: Vec<Option<(ClaimState, usize)>>,
    is_taken: Vec<bool>,
}

impl Table<'_> {
    /// Gives each unanswered claim the nearest receipt that nobody has: in amount, then in days, then in the order of receipts.
    fn pair(&mut self, state: ClaimState, is_exact: bool, fits: &dyn Fn(&Claim, &Receipt) -> bool) {
        for (at, claim) in self.claims.iter().enumerate() {
            if self.answers[at].is_some() {
                continue;
            }
            let free = self
                .receipts
                .iter()
                .enumerate()
                .filter(|(position, _)| !self.is_taken[*position]);
            let nearest = free
                .filter(|(_, receipt)| is_near(claim, receipt, is_exact) && fits(claim, receipt))
                .min_by_key(|(position, receipt)| {
                    let days = days_between(claim.claimed_on, receipt.booked_on).abs();
                    (receipt.amount.minor.abs_diff(claim.amount.minor), days, *position)
                });
            if let Some((position, _)) = nearest {
                self.answers[at] = Some((state, position));
                self.is_taken[position] = true;
            }
        }
    }

    /// Claims whose only fitting receipts answered another claim.
    fn tell_twice(&mut self) {
        for (at, claim) in self.claims.iter().enumerate() {
            let fits = |position: &usize| {
                let receipt = &self.receipts[*position];
                let is_of_other = !receipt.customer_ids.is_empty()
                    && !claim
                        .customer_id
                        .as_ref()
                        .is_some_and(|id| receipt.customer_ids.contains(id));
                self.is_taken[*position] && is_near(claim, receipt, true) && !is_of_other
            };
            if self.answers[at].is_none() {
                let twice = (0..self.receipts.len()).find(fits);
                self.answers[at] = twice.map(|position| (ClaimState::ClaimedTwice, position));
            }
        }
    }

    fn lines(self, night: &Night, overdue_days: u32) -> Vec<ClaimLine> {
        let as_of = night.run.as_of;
        let mut lines = Vec::with_capacity(self.claims.len());
        for (claim, answer) in self.claims.iter().zip(&self.answers) {
            let age_days = days_between(claim.claimed_on, as_of);
            let state = match answer {
                Some((state, _)) => *state,
                None if age_days >= i64::from(overdue_days) => ClaimState::NotReceived,
                None => ClaimState::Waiting,
            };
            lines.push(ClaimLine {
                state,
                claim: Some(claim.clone()),
                receipt: answer.map(|(_, position)| self.receipts[position].clone()),
                salesperson: claim.salesperson.clone(),
                age_days,
            });
        }
        let salespeople = salespeople(night);
        let unclaimed = self
            .receipts
            .iter()
            .zip(&self.is_taken)
            .filter(|(_, is_taken)| !**is_taken);
        for (receipt, _) in unclaimed {
            let ids = receipt.customer_ids.iter().chain(&receipt.candidate_ids);
            let salesperson = ids.filter_map(|id| salespeople.get(id.as_str())).next();
            lines.push(ClaimLine {
                state: ClaimState::Unclaimed,
                claim: None,
                receipt: Some(receipt.clone()),
                salesperson: salesperson.map_or_else(String::new, |name| (*name).to_owned()),
                age_days: days_between(receipt.booked_on, as_of),
            });
        }
        lines
    }
}

fn is_near(claim: &Claim, receipt: &Receipt, is_exact: bool) -> bool {
    let (first, last) = claim.booked_between;
    let is_amount = claim.amount.minor == receipt.amount.minor || !is_exact;
    claim.amount.currency == receipt.amount.currency && is_amount && (first..=last).contains(&receipt.booked_on)
}

/// What another amount may still be what was claimed: a document that the claim names, or at most a tenth more or less.
/// Else any payment of a customer who pays every day would hide that the claimed one never came.
fn is_meant(claim: &Claim, receipt: &Receipt) -> bool {
    let keys = |numbers: &[String]| -> BTreeSet<text::reference::Key> {
        let keys = numbers.iter().map(|number| text::reference::key(number));
        keys.filter(|key| !key.is_empty()).collect()
    };
    let difference = receipt.amount.minor.abs_diff(claim.amount.minor);
    let is_named = !keys(&claim.references).is_disjoint(&keys(&receipt.document_numbers));
    is_named || difference <= claim.amount.minor.unsigned_abs() / 10
}

/// Salespeople by customer_id: of the customers, else of the items.
fn salespeople(night: &Night) -> BTreeMap<&str, &str> {
    let of_items = night.items.iter();
    let of_items = of_items.map(|item| (item.customer_id.as_str(), item.salesperson.as_str()));
    let of_customers = night
        .customers
        .iter()
        .map(|customer| (customer.id.as_str(), customer.salesperson.as_str()));
    let known = of_items.chain(of_customers).filter(|(_, name)| !name.is_empty());
    known.collect()
}

/// Returns the receipts from a booking date on: those of this night, and those that earlier runs posted; by day and id.
fn receipts(night: &Night, store: &Store, first: NaiveDate) -> Result<Vec<Receipt>, Failure> {
    let posted = store.posted_receipts(first, night.run.as_of)?;
    let mut receipts: BTreeMap<String, Receipt> = posted
        .into_iter()
        .map(|receipt| (receipt.payment_id.clone(), receipt))
        .collect();
    let of_night = night
        .payments
        .iter()
        .filter(|judged| is_receipt(judged) && judged.payment.booking_date >= first);
    receipts.extend(of_night.map(|judged| (judged.payment.id.0.clone(), receipt(night, judged))));
    let mut receipts: Vec<Receipt> = receipts.into_values().collect();
    receipts.sort_by(|a, b| (a.booked_on, &a.payment_id).cmp(&(b.booked_on, &b.payment_id)));
    Ok(receipts)
}

/// Money that came in and is not set aside.
fn is_receipt(judged: &JudgedPayment) -> bool {
    let is_aside = matches!(judged.explanation.outcome, Outcome::SetAside(_))
        || matches!(judged.payment.standing, Standing::SetAside(_));
    judged.payment.amount.minor > 0 && !is_aside
}

fn receipt(night: &Night, judged: &JudgedPayment) -> Receipt {
    let posting = judged.posting.and_then(|position| night.postings.get(position));
    let posted = posting
        .iter()
        .flat_map(|posting| &posting.lines)
        .map(|line| line.customer_id.to_string());
    let posted: BTreeSet<String> = posted.collect();
    let documents: Vec<String> = match posting {
        Some(posting) => posting
            .lines
            .iter()
            .map(|line| line.document_number.to_string())
            .collect(),
        None => {
            let best = judged.explanation.candidates.first();
            let parts = best.iter().flat_map(|best| &best.allocations);
            parts.map(|part| part.document_number.to_string()).collect()
        }
    };
    let candidates = judged
        .explanation
        .candidates
        .iter()
        .map(|candidate| candidate.customer_id.to_string());
    let candidates: BTreeSet<String> = candidates.collect();
    let payment = &judged.payment;
    Receipt {
        payment_id: payment.id.0.clone(),
        bank_ref: payment.bank_ref.to_string(),
        booked_on: payment.booking_date,
        amount: payment.amount,
        customer_ids: posted.into_iter().collect(),
        candidate_ids: candidates.into_iter().collect(),
        document_numbers: documents,
        payer_name: payment.payer_name().to_owned(),
    }
}
