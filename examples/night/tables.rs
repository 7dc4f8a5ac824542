//! Writes the tables of a night: open items, customers, history, and the truth.

use super::names::kana;
use super::plan::{Plan, Situation, day};
use super::random::Random;
use super::render::{
    bank_reference, creditor_of, customer_account, customer_id, customer_number, document_number, factor_account,
    item_id, order_number, payer_for,
};
use anyhow::Result;
use paymatch::model::money::decimal_text;
use std::io::Write;

/// Writes `open_items.csv`.
pub fn open_items<W: Write>(plan: &Plan, out: W) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "item_id",
        "customer_id",
        "customer_name",
        "doc_type",
        "doc_no",
        "po_number",
        "issue_date",
        "due_date",
        "currency",
        "amount",
        "open_amount",
        "discount_pct",
        "discount_date",
        "creditor_ref",
        "closed_on",
    ])?;
    for (position, item) in plan.items.iter().enumerate() {
        let number = document_number(plan, position);
        let amount = decimal_text(item.signed(), 2);
        let is_discounted = item.discount > 0 && !item.is_credit;
        let discount_date = item.issued() + chrono::TimeDelta::days(10);
        let closed_on = day() - chrono::TimeDelta::days(i64::from(item.age / 2 + 1));
        writer.write_record([
            item_id(position).as_str(),
            &customer_id(item.customer),
            &plan.customers[item.customer as usize].name,
            if item.is_credit { "CRN" } else { "INV" },
            &number,
            &order_number(position),
            &item.issued().to_string(),
            &(item.issued() + chrono::TimeDelta::days(30)).to_string(),
            if item.is_dollar { "USD" } else { "EUR" },
            &amount,
            if item.is_closed { "0.00" } else { &amount },
            &if is_discounted {
                item.discount.to_string()
            } else {
                String::new()
            },
            &if is_discounted {
                discount_date.to_string()
            } else {
                String::new()
            },
            &creditor_of(plan, position),
            &if item.is_closed {
                closed_on.to_string()
            } else {
                String::new()
            },
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes `customers.csv`.
pub fn customers<W: Write>(plan: &Plan, out: W) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "customer_id",
        "customer_no",
        "name",
        "country",
        "city",
        "currency",
        "iban",
        "terms_days",
        "discount_pct",
        "discount_days",
        "accounts",
        "kana_name",
    ])?;
    for (position, customer) in plan.customers.iter().enumerate() {
        let position = position as u32;
        let account = if customer.has_known_account {
            customer_account(plan, position)
        } else {
            String::new()
        };
        let is_iban = account.starts_with(|c: char| c.is_ascii_alphabetic());
        let (iban, other) = if is_iban {
            (account, String::new())
        } else {
            (String::new(), account)
        };
        let has_discount = customer.discount > 0;
        writer.write_record([
            customer_id(position).as_str(),
            &customer_number(position),
            &customer.name,
            customer.country,
            "",
            "EUR",
            &iban,
            "30",
            &if has_discount {
                customer.discount.to_string()
            } else {
                String::new()
            },
            if has_discount { "10" } else { "" },
            &other,
            &kana(&customer.name),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Writes `history.csv`: two confirmed payments of each customer, some of the factoring firm for many of them, and three of
/// each one who pays for a customer.
pub fn history<W: Write>(plan: &Plan, out: W) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record([
        "date",
        "payer_name",
        "payer_account",
        "remittance",
        "amount",
        "currency",
        "customer_id",
        "doc_nos",
        "deduction",
    ])?;
    let mut random = Random::new(plan.sizes.seed, 4);
    for (position, customer) in plan.customers.iter().enumerate() {
        let position = position as u32;
        let own = (customer.name.clone(), customer_account(plan, position));
        let factor = || ("Kontorfaktor Factoring AG".to_owned(), factor_account());
        let first = if position.is_multiple_of(40) {
            factor()
        } else {
            own.clone()
        };
        let for_it = payer_for(plan, position)
            .into_iter()
            .flat_map(|payer| [payer.clone(), payer.clone(), payer]);
        for (at, (name, account)) in [first, own].into_iter().chain(for_it).enumerate() {
            let number = format!("RE-2025-{:06}", position * 5 + at as u32);
            let date = day() - chrono::TimeDelta::days(at as i64 * 30 + 30 + random.between(0, 25));
            writer.write_record([
                date.to_string().as_str(),
                &name,
                &account,
                &format!("Rechnung {number}"),
                &decimal_text(random.amount(), 2),
                "EUR",
                &customer_id(position),
                &number,
                "0.00",
            ])?;
        }
    }
    writer.flush()?;
    Ok(())
}

/// Writes `truth.csv`: what is right for each payment. `items` is `item_id=cash` with `;`, signed as the item; where the data
/// do not decide it, what the payer meant.
pub fn truth<W: Write>(plan: &Plan, out: W) -> Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(["bank_ref", "decidable", "situation", "amount", "customer_id", "items"])?;
    for (position, payment) in plan.payments.iter().enumerate() {
        let customer = if payment.count > 0 || payment.situation == Situation::Prepayment {
            customer_id(payment.customer)
        } else {
            String::new()
        };
        let settled: Vec<String> = settled(plan, position)
            .into_iter()
            .map(|(item, cash)| format!("{}={}", item_id(item), decimal_text(cash, 2)))
            .collect();
        writer.write_record([
            bank_reference(position).as_str(),
            if payment.situation.is_decidable() { "yes" } else { "no" },
            payment.situation.code(),
            &decimal_text(payment.amount, 2),
            &customer,
            &settled.join(";"),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Returns which items a payment settles or was meant for, with the cash for each in the payment's currency.
pub fn settled(plan: &Plan, payment: usize) -> Vec<(usize, i64)> {
    let planned = &plan.payments[payment];
    let first = planned.first as usize;
    let all = first..first + usize::from(planned.count);
    match planned.situation {
        Situation::PartPayment
        | Situation::Instalment
        | Situation::Halves
        | Situation::ForeignCurrency
        | Situation::Converted
        | Situation::EqualAmounts
        | Situation::Homonyms
        | Situation::Short
        | Situation::ChargesStated
        | Situation::ChargesKept => vec![(first, planned.amount)],
        Situation::Subset => vec![
            (first, plan.items[first].amount),
            (first + 3, plan.items[first + 3].amount),
        ],
        Situation::Discount | Situation::DiscountList | Situation::LateDiscount => all
            .map(|item| (item, plan.items[item].amount - plan.items[item].discount_minor()))
            .collect(),
        // Whose item it is: the payer's, whatever number stands there.
        Situation::OtherCustomer => vec![(first + 1, planned.amount)],
        Situation::UnknownByChance | Situation::Double | Situation::Closed | Situation::Returned => Vec::new(),
        _ => all.map(|item| (item, plan.items[item].signed())).collect(),
    }
}
