//! Who pays: the customers that account and name stand for, and how surely.

use super::Book;
use super::draft::Detail;
use super::reading::Reading;
use super::texts::{Place, Text};
use crate::evidence::{account, name};
use crate::index::{DebtorNo, NameFound};
use crate::model::matching::PayerLevel;
use crate::model::payment::PayerRole;
use crate::model::{Payment, Signal};
use crate::text::{NameForm, NameLevel, PayerKind, name_form, payer_kind};
use rustc_hash::{FxHashMap, FxHashSet};

/// Customers of one name, of which it is said that one of them pays.
const HOMONYMS_MAX: usize = 8;

/// Lines of the text that are looked up as names where the bank names no payer.
const LINES_MAX: usize = 12;

/// A customer that the payer may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known {
    /// The customer.
    pub debtor: DebtorNo,
    /// How well it is known.
    pub level: PayerLevel,
    /// By what.
    pub signal: Signal,
    /// 1/100 bit.
    pub weight: i32,
    /// What exactly.
    pub detail: Detail,
    /// Other customers agree as well.
    pub is_shared: bool,
    /// Stands for this customer alone.
    pub is_sure: bool,
    /// A name that cannot be trusted by itself.
    pub is_weak: bool,
}

impl Known {
    /// Returns true for one of several customers that have exactly the payer's name: one of them pays, and nobody else.
    fn is_homonym(&self) -> bool {
        self.signal == Signal::NameEqual && self.is_shared && !self.is_weak
    }
}

/// What is known of a payer in relation to one customer.
#[derive(Clone, Debug)]
pub(super) struct Stand {
    /// Level for the evidence class.
    pub level: PayerLevel,
    /// Evidence.
    pub evidence: Vec<(Signal, i32, Detail)>,
    /// Account and name point to different customers.
    pub is_conflict: bool,
    /// Other customers have this name.
    pub is_shared: bool,
    /// The name cannot be trusted by itself.
    pub is_weak: bool,
}

/// Who pays.
#[derive(Debug, Default)]
pub(super) struct Payer {
    /// Customers that it may be, best first, each once.
    pub known: Vec<Known>,
    /// Customers that the account surely stands for.
    sure_accounts: Vec<DebtorNo>,
    /// Customers that the name surely stands for; homonyms all.
    sure_names: Vec<DebtorNo>,
    /// A name or an account was given.
    pub is_given: bool,
    /// What the name tells of a payer that is like no customer.
    pub kind: PayerKind,
    has_name: bool,
}

/// Payers' names as written, with what each stands for: the same names pay again and again.
#[derive(Debug, Default)]
pub struct PayerNames {
    found: FxHashMap<String, (Box<[Known]>, Option<PayerKind>)>,
}

impl PayerNames {
    /// Returns those of these names that are not looked up yet, each once.
    pub fn missing<'p>(&self, payments: &[&'p Payment]) -> Vec<&'p str> {
        // Each once before they are sorted: the same names pay again and again.
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let mut names: Vec<&str> = payments
            .iter()
            .copied()
            .filter(|payment| super::is_looked_at(payment))
            .flat_map(|payment| &payment.payer_names)
            .map(|written| written.text.as_str())
            .filter(|name| seen.insert(name) && !self.found.contains_key(*name))
            .collect();
        names.sort_unstable();
        names
    }

    /// Keeps what these names stand for.
    pub fn enter(&mut self, names: Vec<PayerName>) {
        let names = names.into_iter();
        self.found
            .extend(names.map(|name| (name.written, (name.known, name.kind))));
    }
}

/// One payer's name with what it stands for.
#[derive(Debug)]
pub struct PayerName {
    written: String,
    known: Box<[Known]>,
    /// What it tells where it is like no customer's.
    kind: Option<PayerKind>,
}

/// Looks up a payer's name.
pub fn look_up(book: &Book<'_>, name: &str) -> PayerName {
    let form = name_form(name);
    let known = by_name(book, &form, false);
    PayerName {
        written: name.to_owned(),
        kind: (!is_like_a_customer(&known)).then(|| payer_kind(&form)),
        known: known.into(),
    }
}

impl Payer {
    /// Finds who pays.
    pub fn new(
        book: &Book<'_>,
        names: &PayerNames,
        payment: &Payment,
        texts: &[Text<'_>],
        reading: &Reading<'_>,
    ) -> Payer {
        let mut payer = Payer {
            is_given: payment.payer_account.is_some() || !payment.payer_names.is_empty(),
            has_name: !payment.payer_names.is_empty(),
            ..Payer::default()
        };
        payer.by_account(book, payment);
        let mut all: Vec<Known> = Vec::new();
        for role in [
            PayerRole::Ultimate,
            PayerRole::Counterparty,
            PayerRole::Initiator,
            PayerRole::AccountName,
        ] {
            for written in payment.payer_names.iter().filter(|written| written.role == role) {
                let looked_up;
                let found: &[Known] = match names.found.get(written.text.as_str()) {
                    Some((found, _)) => found,
                    None => {
                        looked_up = by_name(book, &name_form(&written.text), false);
                        &looked_up
                    }
                };
                let is_first = payer.sure_names.is_empty();
                let is_role = matches!(role, PayerRole::Ultimate | PayerRole::Counterparty);
                if is_first && is_role {
                    payer.sure_names = sure_names(found);
                }
                all.extend_from_slice(found);
            }
        }
        if payment.payer_names.is_empty() {
            let said = texts
                .iter()
                .filter(|text| matches!(text.place, Place::Remittance | Place::Additional));
            let lines = said.flat_map(|text| {
                let lines = text.text.lines();
                lines.filter(|line| line.chars().any(char::is_alphabetic)).take(4)
            });
            for line in lines.take(LINES_MAX) {
                all.extend(by_name(book, &name_form(line), true));
            }
        }
        for debtor in &reading.customers {
            all.push(Known {
                debtor: *debtor,
                level: PayerLevel::NameAlike,
                signal: Signal::CustomerNumber,
                weight: book.options.weights.customer_number,
                detail: Detail::CustomerNumber(*debtor),
                is_shared: false,
                is_sure: false,
                is_weak: true,
            });
        }
        for next in all {
            payer.enter(next);
        }
        payer.as_decided(book, payment);
        payer
            .known
            .sort_by_key(|known| (std::cmp::Reverse(known.weight), known.level, known.debtor));
        payer.known.truncate(book.options.limits.customers_per_payment as usize);
        if !payer.is_like_a_customer() {
            let name = payment.payer_name();
            let looked_up = names.found.get(name).and_then(|(_, kind)| *kind);
            payer.kind = looked_up.unwrap_or_else(|| payer_kind(&name_form(name)));
        }
        payer
    }

    fn by_account(&mut self, book: &Book<'_>, payment: &Payment) {
        let Some(number) = &payment.payer_account else { return };
        let customers = book.ledger.debtors.len() as u64;
        let holders = book.accounts.of(number);
        for holder in holders {
            let held = account::Held {
                is_master: holder.is_master,
                masters: holder.masters,
                confirmed: holder.confirmed,
                confirmed_all: holder.confirmed_all,
            };
            let is_sure = account::is_sure(held);
            if is_sure {
                self.sure_accounts.push(holder.debtor);
            }
            self.known.push(Known {
                debtor: holder.debtor,
                level: if is_sure {
                    PayerLevel::Account
                } else {
                    PayerLevel::NameAlike
                },
                signal: if holder.is_master {
                    Signal::AccountOfCustomer
                } else {
                    Signal::AccountConfirmed
                },
                weight: account::weight(&book.options.weights, customers, held),
                detail: Detail::Account,
                is_shared: holders.len() > 1,
                is_sure,
                is_weak: !is_sure,
            });
        }
    }

    /// What a person said about the payer outranks what account and name stand for: no conflict with them is left.
    fn as_decided(&mut self, book: &Book<'_>, payment: &Payment) {
        let is_named = |id: &str| payment.decided_customers.iter().any(|customer| customer == id);
        if payment.decided_customers.is_empty() {
            return;
        }
        let debtors = book.ledger.debtors.iter().enumerate();
        let decided: Vec<DebtorNo> = debtors
            .filter(|(_, debtor)| is_named(debtor.id))
            .map(|(at, _)| at as DebtorNo)
            .collect();
        let is_sure = decided.len() == 1;
        self.known.retain(|known| !decided.contains(&known.debtor));
        self.known.extend(decided.iter().map(|debtor| Known {
            debtor: *debtor,
            level: if is_sure {
                PayerLevel::Name
            } else {
                PayerLevel::NameAlike
            },
            signal: Signal::CustomerDecided,
            weight: book.options.weights.name_equal,
            detail: Detail::None,
            is_shared: !is_sure,
            is_sure,
            is_weak: !is_sure,
        }));
        self.sure_accounts = if is_sure { decided.clone() } else { Vec::new() };
        self.sure_names = if is_sure { decided } else { Vec::new() };
    }

    /// Account and name depend on each other: the heavier one counts, the better level stands.
    fn enter(&mut self, next: Known) {
        match self.known.iter_mut().find(|known| known.debtor == next.debtor) {
            Some(known) => {
                let is_better =
                    (next.level, std::cmp::Reverse(next.weight)) < (known.level, std::cmp::Reverse(known.weight));
                let (is_sure, is_shared) = (known.is_sure || next.is_sure, known.is_shared && next.is_shared);
                let is_weak = known.is_weak && next.is_weak;
                if is_better {
                    *known = next;
                }
                (known.is_sure, known.is_shared, known.is_weak) = (is_sure, is_shared, is_weak);
            }
            None => self.known.push(next),
        }
    }

    /// Returns true when the payer is like some customer.
    pub fn is_like_a_customer(&self) -> bool {
        is_like_a_customer(&self.known)
    }

    /// Returns true when somebody is known well enough to look for sums without any number.
    pub fn knows(&self, debtor: DebtorNo) -> bool {
        self.known
            .iter()
            .any(|known| known.debtor == debtor && matches!(known.level, PayerLevel::Account | PayerLevel::Name))
    }

    /// Returns true when several customers have the payer's name, and nothing says which one pays.
    pub fn shares_name(&self) -> bool {
        let alike = self
            .known
            .iter()
            .filter(|known| known.is_shared && known.level == PayerLevel::NameAlike);
        let by_name = alike.filter(|known| matches!(known.signal, Signal::NameEqual | Signal::NameAlike));
        by_name.count() > 1 && !self.known.iter().any(|known| known.is_sure)
    }

    /// Returns what is known of the payer as the payer for `debtor`.
    pub fn stand(&self, book: &Book<'_>, debtor: DebtorNo) -> Stand {
        let weights = &book.options.weights;
        let group = book.ledger.debtor(debtor).group;
        let is_other = |sure: &[DebtorNo]| -> Option<DebtorNo> {
            let first = sure.first()?;
            let is_ours = sure
                .iter()
                .any(|other| *other == debtor || book.ledger.debtor(*other).group == group);
            (!is_ours).then_some(*first)
        };
        let account_of = is_other(&self.sure_accounts);
        let name_of = is_other(&self.sure_names);
        let mut stand = Stand {
            level: PayerLevel::Unknown,
            evidence: Vec::new(),
            is_conflict: false,
            is_shared: false,
            is_weak: false,
        };
        let seen = self.known.iter().find(|known| known.debtor == debtor);
        if let Some(known) = seen.filter(|known| known.level != PayerLevel::Unknown) {
            stand.level = known.level;
            stand.is_shared = known.is_shared;
            stand.is_weak = known.is_weak;
            stand.evidence.push((known.signal, known.weight, known.detail));
            if let Some(other) = account_of {
                stand.evidence.push((
                    Signal::AccountOfOther,
                    weights.account_of_other / 2,
                    Detail::Debtor(other),
                ));
                stand.is_conflict = true;
            }
            if let Some(other) = name_of {
                stand
                    .evidence
                    .push((Signal::NameOfOther, weights.name_of_other / 2, Detail::Debtor(other)));
                stand.is_conflict = true;
            }
            return stand;
        }
        if let Some(other) = account_of {
            stand.level = PayerLevel::Contradicts;
            stand
                .evidence
                .push((Signal::AccountOfOther, weights.account_of_other, Detail::Debtor(other)));
        } else if let Some(other) = name_of {
            stand.level = PayerLevel::Contradicts;
            stand
                .evidence
                .push((Signal::NameOfOther, weights.name_of_other, Detail::Debtor(other)));
        } else if !self.sure_accounts.is_empty() || !self.sure_names.is_empty() {
            stand.level = PayerLevel::NameAlike;
            stand.is_weak = true;
            stand.evidence.push((Signal::PayerOfGroup, weights.group, Detail::None));
        } else if let Some(known) = seen {
            stand.evidence.push((known.signal, known.weight, known.detail));
        } else if self.has_name {
            stand
                .evidence
                .push((Signal::NameUnknown, weights.name_unknown, Detail::None));
        }
        stand
    }
}

/// The customer that has this name, or the few that all have it.
fn sure_names(found: &[Known]) -> Vec<DebtorNo> {
    let of = |is_one: fn(&Known) -> bool| -> Vec<DebtorNo> {
        let named = found.iter().filter(|known| is_one(known));
        named.map(|known| known.debtor).collect()
    };
    let sure = of(|known| known.is_sure);
    let homonyms = of(|known| known.is_homonym() || known.signal == Signal::NameConfirmed);
    let has_homonym = found.iter().any(Known::is_homonym);
    // More of them than this are not all looked at: nobody could be said to be another one.
    if sure.is_empty() && has_homonym && homonyms.len() <= HOMONYMS_MAX {
        homonyms
    } else {
        sure
    }
}

fn is_like_a_customer(known: &[Known]) -> bool {
    known.iter().any(|known| known.level <= PayerLevel::NameAlike)
}

/// The customers of this name, with what the name is worth for each.
fn by_name(book: &Book<'_>, form: &NameForm, is_from_text: bool) -> Vec<Known> {
    let weights = &book.options.weights;
    let mut known: Vec<Known> = Vec::new();
    for alias in book.names.aliases(form) {
        let is_pure = alias.confirmed == alias.confirmed_all && alias.confirmed >= 2;
        known.push(Known {
            debtor: alias.debtor,
            level: if is_pure && !is_from_text {
                PayerLevel::Name
            } else {
                PayerLevel::NameAlike
            },
            signal: Signal::NameConfirmed,
            weight: name::confirmed(weights, alias.confirmed, alias.confirmed_all),
            detail: Detail::Payer,
            is_shared: alias.confirmed != alias.confirmed_all,
            is_sure: is_pure && !is_from_text,
            is_weak: !is_pure || is_from_text,
        });
    }
    let found = book.names.find(form);
    for next in &found {
        let equal = found.iter().filter(|other| is_as_good(other, next)).count();
        let Some(seen) = judge(book, form, next, equal, is_from_text) else {
            continue;
        };
        match known.iter_mut().find(|other| other.debtor == seen.debtor) {
            Some(other) if (seen.level, -seen.weight) < (other.level, -other.weight) => *other = seen,
            Some(_) => {}
            None => known.push(seen),
        }
    }
    known
}

/// A rival is as good when its level is the same and nothing contradicts, or its score is near.
fn is_as_good(other: &NameFound, found: &NameFound) -> bool {
    let (a, b) = (&other.agreement, &found.agreement);
    if other.debtor == found.debtor {
        return true;
    }
    let is_close = a.level == b.level || (a.level <= NameLevel::Alike && a.score + 60 >= b.score);
    a.contradiction.is_none()
        && a.level <= NameLevel::Alike
        && is_close
        && !(b.level == NameLevel::Equal && a.level != NameLevel::Equal)
}

fn judge(book: &Book<'_>, form: &NameForm, found: &NameFound, equal: usize, is_from_text: bool) -> Option<Known> {
    let agreement = found.agreement;
    let weight = name::weight(&book.options.weights, agreement, equal);
    let is_shared = equal > 1;
    let (level, signal) = match (agreement.level, agreement.contradiction) {
        (NameLevel::Weak | NameLevel::Different, Some(_)) => return None,
        // A near name that is nobody's: not this customer, but not known as another one either.
        (_, Some(_)) => (PayerLevel::Unknown, Signal::NameContradicts),
        (NameLevel::Equal, None) => (PayerLevel::Name, Signal::NameEqual),
        (NameLevel::EqualButForm | NameLevel::Permuted, None) => (PayerLevel::Name, Signal::NameAlike),
        (NameLevel::Prefix | NameLevel::Alike, None) => (PayerLevel::NameAlike, Signal::NameAlike),
        (NameLevel::Weak, None) => (PayerLevel::Unknown, Signal::NameWeak),
        (NameLevel::Different, None) => return None,
    };
    let level = if level == PayerLevel::Name && (is_shared || is_from_text || form.has_confusables) {
        PayerLevel::NameAlike
    } else {
        level
    };
    Some(Known {
        debtor: found.debtor,
        level,
        signal,
        weight,
        detail: Detail::Name(found.name),
        is_shared,
        is_sure: level == PayerLevel::Name,
        is_weak: is_from_text || form.has_confusables,
    })
}
