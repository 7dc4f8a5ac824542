//! Writes the demo's tables of the ERP: open items, customers, and what was confirmed in the past.

use super::world::World;
use anyhow::{Context, Result};
use paymatch::model::money::decimal_text;
use std::path::Path;

/// Writes `open_items.csv`.
pub fn items(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("open_items.csv"))?;
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
        "external_ref",
        "creditor_ref",
        "end_to_end_id",
        "mandate_id",
        "salesperson",
        "is_disputed",
        "closed_on",
    ])?;
    for item in &world.items {
        let owner = &world.customers[item.customer];
        writer.write_record([
            item.id.as_str(),
            &owner.id,
            &owner.name,
            item.kind,
            &item.number,
            &item.order,
            &item.issued.to_string(),
            &item.due.to_string(),
            item.currency,
            &decimal_text(item.amount, 2),
            &decimal_text(item.open, 2),
            &item.discount.map_or(String::new(), |(percent, _)| percent.to_string()),
            &item.discount.map_or(String::new(), |(_, date)| date.to_string()),
            &item.external_reference,
            &item.creditor_reference,
            &item.end_to_end_id,
            &item.mandate_id,
            owner.salesperson,
            if item.is_disputed { "yes" } else { "" },
            &item.closed_on.map_or(String::new(), |date| date.to_string()),
        ])?;
    }
    writer.flush().context("open_items.csv")
}

/// Writes `customers.csv`.
pub fn customers(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("customers.csv"))?;
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
        "aliases",
        "accounts",
        "tax_id",
        "parent_customer_id",
        "salesperson",
        "email",
        "kana_name",
        "english_name",
    ])?;
    for c in &world.customers {
        let (ibans, others): (Vec<&String>, Vec<&String>) = c
            .known_accounts
            .iter()
            .partition(|a| a.starts_with(|first: char| first.is_ascii_alphabetic()));
        let (percent, days) = c.discount;
        let shown = |number: i64| if percent > 0 { number.to_string() } else { String::new() };
        let others: Vec<&str> = others.iter().map(|a| a.as_str()).collect();
        writer.write_record([
            c.id.as_str(),
            &c.number,
            &c.name,
            &c.country,
            &c.city,
            c.currency,
            ibans.first().map_or("", |iban| iban.as_str()),
            &c.terms.to_string(),
            &shown(percent),
            &shown(days),
            &c.aliases,
            &others.join(";"),
            &c.tax_id,
            &c.parent,
            c.salesperson,
            &format!("ar-{}@example.com", c.number),
            "",
            &c.english,
        ])?;
    }
    writer.flush().context("customers.csv")
}

/// Writes `history.csv`.
pub fn history(world: &World, folder: &Path) -> Result<()> {
    let mut writer = csv::Writer::from_path(folder.join("history.csv"))?;
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
    for past in &world.history {
        writer.write_record([
            past.date.to_string().as_str(),
            &past.payer,
            &past.account,
            &past.text,
            &decimal_text(past.amount, 2),
            past.currency,
            &world.customers[past.customer].id,
            &past.documents,
            &decimal_text(past.deduction, 2),
        ])?;
    }
    writer.flush().context("history.csv")
}
