//! Statements → payments: one for each transaction of an entry, or for an entry that is not split.

use crate::model::matching::{Reason, SetAsideRule};
use crate::model::party::{Account, Party};
use crate::model::payment::{PayerName, PayerRole};
use crate::model::reference::is_placeholder;
use crate::model::source::{At, Source};
use crate::model::statement::{AmountDetails, BankCode, Charge, EntryStatus};
use crate::model::{
    Amount, Currency, Entry, Label, NaiveDate, Payment, PaymentId, References, Remittance, Side, Standing,
    TransactionDetails,
};
use crate::read::statement::{Split, entry_split};
use std::collections::BTreeSet;

/// What is known of the account that a statement belongs to.
#[derive(Clone, Debug)]
pub struct AccountContext<'a> {
    /// Number in capitals without blanks.
    pub account: &'a str,
    /// Company; empty where there is one.
    pub company: &'a str,
    /// All own accounts: money from there is no receipt.
    pub own_accounts: &'a BTreeSet<String>,
    /// First day that is posted.
    pub post_from: Option<NaiveDate>,
}

/// Returns the payments of an entry of an account in `currency`, without ids; `None` when the entry has no date at all.
///
/// An entry is split only when its details add up to it. Source: FIELD rules of camt entries (cash is the entry's amount).
pub fn of_entry(entry: &Entry, currency: Option<Currency>, context: &AccountContext<'_>) -> Option<Vec<Payment>> {
    let booking_date = date_of(entry)?;
    let base = Base {
        entry,
        context,
        booking_date,
    };
    let payments = match entry_split(entry, currency) {
        Split::Details(signed) => {
            let details = entry.details.iter().zip(signed).enumerate();
            details
                .map(|(position, (detail, signed))| base.detail(detail, signed, position as u32 + 1))
                .collect()
        }
        Split::Whole => vec![base.whole(None)],
        Split::WholeBroken { .. } | Split::WholeWithoutAmounts(_) => vec![base.whole(Some(Reason::DetailsDoNotAddUp))],
        Split::Batch(count) => {
            let mut payment = base.whole(Some(Reason::BatchWithoutDetails));
            payment.batch_count = count;
            name_batch(&mut payment.references, entry);
            vec![payment]
        }
    };
    Some(payments)
}

/// The references of the only batch of an entry: they may find its details later.
fn name_batch(references: &mut References, entry: &Entry) {
    let [batch] = entry.batches.as_slice() else { return };
    let of_batch = References {
        message_id: batch.message_id.clone(),
        payment_information_id: batch.payment_information_id.clone(),
        ..References::default()
    };
    let of_batch = without_placeholders(&of_batch);
    references.message_id = references.message_id.take().or(of_batch.message_id);
    references.payment_information_id = references
        .payment_information_id
        .take()
        .or(of_batch.payment_information_id);
}

/// Returns the payments of a batch by details that were notified apart from it, without ids; `None` where they do not add up to it.
///
/// The cash is that of the booked entry; only who paid, and what for, is the notification's.
pub fn of_notified(
    whole: &Payment,
    details: Vec<TransactionDetails>,
    context: &AccountContext<'_>,
) -> Option<Vec<Payment>> {
    let entry = Entry {
        reference: None,
        servicer_reference: (!whole.bank_ref.is_empty()).then(|| whole.bank_ref.clone()),
        amount: Amount::new(whole.amount.minor.checked_abs()?, whole.amount.currency),
        side: Side::of(whole.amount.minor),
        is_reversal: false,
        status: None,
        booking_date: Some(whole.booking_date),
        value_date: whole.value_date,
        effective_date: Some(whole.booking_date),
        code: BankCode {
            domain: Some(whole.bank_code.clone()).filter(|code| !code.is_empty()),
            ..BankCode::default()
        },
        charges: Vec::new(),
        batches: Vec::new(),
        amounts: AmountDetails::default(),
        additional_information: None,
        details,
        source: whole.source.clone(),
    };
    let signed = match (entry_split(&entry, None), entry.details.as_slice()) {
        (Split::Details(signed), _) => signed,
        (Split::Whole, [only]) if only.amount == Some(entry.amount) && only.side == entry.side => vec![entry.signed()],
        _ => return None,
    };
    let base = Base {
        entry: &entry,
        context,
        booking_date: whole.booking_date,
    };
    let details = entry.details.iter().zip(signed).enumerate();
    let payments = details.map(|(position, (detail, signed))| {
        let mut payment = base.detail(detail, signed, position as u32 + 1);
        payment.additional_texts.extend(whole.additional_texts.iter().cloned());
        payment
    });
    Some(payments.collect())
}

fn date_of(entry: &Entry) -> Option<NaiveDate> {
    entry.effective_date.or(entry.booking_date).or(entry.value_date)
}

/// Returns true when there is a day to book an entry on.
pub fn has_date(entry: &Entry) -> bool {
    date_of(entry).is_some()
}

struct Base<'a> {
    entry: &'a Entry,
    context: &'a AccountContext<'a>,
    booking_date: NaiveDate,
}

impl Base<'_> {
    /// The entry as one payment; its only detail, where it has just one, says who and what for.
    fn whole(&self, trouble: Option<Reason>) -> Payment {
        let detail = match self.entry.details.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        self.payment(detail, self.entry.signed(), 0, trouble)
    }

    fn detail(&self, detail: &TransactionDetails, signed: i64, position: u32) -> Payment {
        self.payment(Some(detail), signed, position, None)
    }

    fn payment(
        &self,
        detail: Option<&TransactionDetails>,
        signed: i64,
        position: u32,
        trouble: Option<Reason>,
    ) -> Payment {
        let entry = self.entry;
        let currency = entry.amount.currency;
        let (payer_names, payer_account) = detail.map(|detail| self.payer(detail, signed)).unwrap_or_default();
        let references = detail
            .map(|detail| without_placeholders(&detail.references))
            .unwrap_or_default();
        let remittance = match detail {
            Some(detail) => detail.remittance.clone(),
            None => self.all_remittance(),
        };
        let return_reason = detail.and_then(return_reason);
        let additional = detail.and_then(|detail| detail.additional_information.clone());
        let charges = match detail {
            Some(detail) if !detail.charges.is_empty() => charged(&detail.charges, currency),
            _ if position == 0 => charged(&entry.charges, currency),
            _ => 0,
        };
        let instructed = detail
            .and_then(|detail| foreign_amount(&detail.amounts, detail.amount, currency))
            .or_else(|| foreign_amount(&entry.amounts, None, currency));
        let mut payment = Payment {
            id: PaymentId(String::new()),
            account: self.context.account.into(),
            company: self.context.company.into(),
            booking_date: self.booking_date,
            value_date: entry.value_date,
            amount: Amount::new(signed, currency),
            instructed_amount: instructed,
            charges,
            bank_ref: bank_ref(entry, &references).into(),
            payer_names,
            payer_account,
            references,
            remittance,
            additional_texts: additional
                .into_iter()
                .chain(entry.additional_information.clone())
                .collect(),
            bank_code: bank_code(entry, detail).into(),
            return_reason,
            batch_count: None,
            notified: None,
            correction: None,
            decided_customers: Vec::new(),
            standing: Standing::Receipt,
            source: self.source(position),
        };
        payment.standing = self.standing(&payment, trouble);
        payment
    }

    fn source(&self, position: u32) -> Source {
        match &self.entry.source.at {
            At::Entry { statement, entry, .. } => Source {
                file: self.entry.source.file.clone(),
                at: At::Entry {
                    statement: *statement,
                    entry: *entry,
                    detail: position,
                },
            },
            _ => self.entry.source.clone(),
        }
    }

    /// Names and account of the other side, strongest first; our own side is never taken.
    fn payer(&self, detail: &TransactionDetails, signed: i64) -> (Vec<PayerName>, Option<Label>) {
        let parties = &detail.parties;
        let debtor = (&parties.debtor, &parties.debtor_account, &parties.ultimate_debtor);
        let creditor = (&parties.creditor, &parties.creditor_account, &parties.ultimate_creditor);
        let (other, own) = if Side::of(signed) == Side::Credit {
            (debtor, creditor)
        } else {
            (creditor, debtor)
        };
        let number = |account: &Option<Box<Account>>| account.as_ref().and_then(|account| account.number());
        let is_own = |number: &Option<Label>| number.as_deref() == Some(self.context.account);
        let mut number_of_payer = number(other.1);
        let (mut party, mut account, mut ultimate) = other;
        if is_own(&number_of_payer) {
            let turned = number(own.1);
            if !is_own(&turned) {
                (party, account, ultimate) = own;
                number_of_payer = turned;
            }
        }
        let mut names = Vec::with_capacity(1);
        add_name(&mut names, PayerRole::Counterparty, party.as_deref());
        add_name(&mut names, PayerRole::Ultimate, ultimate.as_deref());
        if Side::of(signed) == Side::Credit {
            add_name(&mut names, PayerRole::Initiator, parties.initiating_party.as_deref());
        }
        let account_name = account.as_ref().and_then(|account| account.name.clone());
        add_text(&mut names, PayerRole::AccountName, account_name.as_deref());
        (names, number_of_payer.filter(|number| number != self.context.account))
    }

    fn all_remittance(&self) -> Remittance {
        let mut all = Remittance::default();
        for detail in &self.entry.details {
            all.unstructured.extend(detail.remittance.unstructured.iter().cloned());
            all.creditor_references
                .extend(detail.remittance.creditor_references.iter().cloned());
        }
        all
    }

    fn standing(&self, payment: &Payment, trouble: Option<Reason>) -> Standing {
        let entry = self.entry;
        if !entry.is_booked() {
            let is_pending = entry.status == Some(EntryStatus::Pending);
            return Standing::SetAside(if is_pending {
                SetAsideRule::Pending
            } else {
                SetAsideRule::NotBooked
            });
        }
        if payment.amount.minor == 0 {
            return Standing::SetAside(SetAsideRule::ZeroAmount);
        }
        if self.context.post_from.is_some_and(|first| payment.booking_date < first) {
            return Standing::SetAside(SetAsideRule::BeforeStart);
        }
        if payment.amount.minor < 0 {
            return self.standing_of_debit(payment);
        }
        if entry.is_reversal {
            return Standing::SetAside(SetAsideRule::ReversedDebit);
        }
        if payment
            .payer_account
            .as_ref()
            .is_some_and(|account| self.context.own_accounts.contains(account.as_str()))
        {
            return Standing::SetAside(SetAsideRule::OwnTransfer);
        }
        if payment.return_reason.is_some() {
            return Standing::Held(Reason::Returned);
        }
        trouble.map_or(Standing::Receipt, Standing::Held)
    }

    fn standing_of_debit(&self, payment: &Payment) -> Standing {
        if payment.return_reason.is_some() || is_return_code(&payment.bank_code) {
            return Standing::Held(Reason::Returned);
        }
        if self.entry.is_reversal {
            return Standing::Held(Reason::Reversal);
        }
        Standing::SetAside(SetAsideRule::OutgoingDebit)
    }
}

/// Returns true for the ISO codes of returned and reversed direct debits and credit transfers.
///
/// Source: ISO 20022 external bank transaction codes; sub-families UPDD, UPCT, PRDD, RRTN, RPCR.
fn is_return_code(code: &str) -> bool {
    let sub_family = code.rsplit('/').next().unwrap_or_default();
    code.starts_with("PMNT/") && matches!(sub_family, "UPDD" | "UPCT" | "PRDD" | "RRTN" | "RPCR")
}

fn return_reason(detail: &TransactionDetails) -> Option<String> {
    let information = detail.return_information.as_ref()?;
    let code = information.code.as_ref().or(information.proprietary.as_ref());
    Some(code.cloned().unwrap_or_else(|| information.information.join(" ")))
}

fn add_name(names: &mut Vec<PayerName>, role: PayerRole, party: Option<&Party>) {
    add_text(names, role, party.as_ref().and_then(|party| party.name.as_deref()));
}

fn add_text(names: &mut Vec<PayerName>, role: PayerRole, text: Option<&str>) {
    let Some(text) = text
        .map(str::trim)
        .filter(|text| !text.is_empty() && !is_placeholder(text))
    else {
        return;
    };
    if names.iter().all(|name| name.text != text) {
        names.push(PayerName {
            role,
            text: text.into(),
        });
    }
}

fn without_placeholders(references: &References) -> References {
    let kept = |reference: &Option<Label>| -> Option<Label> {
        let reference = reference.as_ref().filter(|reference| !is_placeholder(reference));
        reference.cloned()
    };
    let proprietary = references.proprietary.iter();
    References {
        message_id: kept(&references.message_id),
        servicer_reference: kept(&references.servicer_reference),
        payment_information_id: kept(&references.payment_information_id),
        instruction_id: kept(&references.instruction_id),
        end_to_end_id: kept(&references.end_to_end_id),
        transaction_id: kept(&references.transaction_id),
        uetr: references.uetr.clone(),
        mandate_id: kept(&references.mandate_id),
        clearing_reference: kept(&references.clearing_reference),
        cheque_number: references.cheque_number.clone(),
        others: references.others.clone(),
        proprietary: proprietary
            .filter(|(_, reference)| !is_placeholder(reference))
            .cloned()
            .collect(),
    }
}

fn bank_ref<'e>(entry: &'e Entry, references: &'e References) -> &'e str {
    let written = [
        &references.servicer_reference,
        &entry.servicer_reference,
        &entry.reference,
    ];
    written
        .into_iter()
        .flatten()
        .find(|reference| !is_placeholder(reference))
        .map_or("", Label::as_str)
}

fn bank_code<'e>(entry: &'e Entry, detail: Option<&'e TransactionDetails>) -> &'e str {
    let of_detail = detail.and_then(|detail| detail.code.domain.as_ref());
    let own = of_detail.or(entry.code.domain.as_ref());
    let proprietary = detail
        .and_then(|detail| detail.code.proprietary.as_ref())
        .or(entry.code.proprietary.as_ref());
    own.or(proprietary).map_or("", Label::as_str)
}

/// Charges in minor units of the account's currency that were kept from us; totals count only where nothing else is listed.
fn charged(charges: &[Charge], currency: Currency) -> i64 {
    let of_currency = |charge: &&Charge| charge.amount.currency == currency && charge.side != Some(Side::Credit);
    let sum = |is_total: bool| -> i64 {
        charges
            .iter()
            .filter(of_currency)
            .filter(|charge| charge.is_total == is_total)
            .map(|c| c.amount.minor)
            .sum()
    };
    let single = sum(false);
    if single != 0 { single } else { sum(true) }
}

/// What the payer ordered in another currency than the account's.
fn foreign_amount(amounts: &AmountDetails, own: Option<Amount>, currency: Currency) -> Option<Amount> {
    let written = [&amounts.instructed, &amounts.transaction, &amounts.counter_value];
    let listed = written.into_iter().flatten().map(|converted| converted.amount);
    listed.chain(own).find(|amount| amount.currency != currency)
}
