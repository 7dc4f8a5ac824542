//! `customers.csv`: who owes. All or nothing, like the open items.
//!
//! Knows the canonical columns and their other names; compares nothing.

use crate::model::customer::{CustomerName, NameKind};
use crate::model::party::account_number;
use crate::model::{Customer, Finding, FindingCode, NaiveDate};
use crate::read::Rows;
use crate::read::table::Row;
use crate::read::table::master::{FAULTS_MAX, MasterTable, columns};
use std::collections::BTreeMap;

columns! {
    ID = "customer_id": "customer" | "debtor" | "Kunden-ID" | "Debitor" | "Debitorennummer" | "Debitorennr" | "客户编码" | "客户代码";
    NUMBER = "customer_no": "customer_number" | "no" | "Kundennr" | "Kundennummer" | "客户编号" | "客户号";
    NAME = "name": "customer_name" | "legal_name" | "company_name" | "Kunde" | "Kundenname" | "Firma" | "Name 1" | "客户名称" | "名称" | "客户";
    COUNTRY = "country": "country_code" | "Land" | "国家";
    CITY = "city": "town" | "Ort" | "Stadt" | "城市";
    IBAN = "iban": "bank_account" | "IBAN/Kontonummer" | "Bankkonto" | "银行账号" | "银行帐号";
    ACCOUNTS = "accounts": "bank_accounts" | "Weitere Konten" | "Konten" | "其他账号";
    ALIASES = "aliases": "alias" | "trading_names" | "Suchbegriff" | "Aliasnamen" | "别名" | "简称";
    KANA = "kana_name": "kana" | "フリガナ" | "カナ";
    ENGLISH = "english_name": "name_en" | "Englischer Name" | "英文名称";
    TAX = "tax_id": "vat_id" | "vat_no" | "USt-IdNr" | "Steuernummer" | "税号" | "纳税人识别号" | "统一社会信用代码";
    PARENT = "parent_customer_id": "parent" | "parent_id" | "Konzern" | "上级客户";
    SALESPERSON = "salesperson": "sales_rep" | "Verkäufer" | "Vertreter" | "业务员" | "销售员";
    TERMS = "terms_days": "payment_days" | "Zahlungsziel" | "Zahlungsziel Tage" | "账期" | "信用天数";
    _CURRENCY = "currency": "Währung" | "币种";
    _DISCOUNT_PCT = "discount_pct": "Skonto %";
    _DISCOUNT_DAYS = "discount_days": "Skontotage";
    _EMAIL = "email": "E-Mail" | "邮箱";
}

/// Returns the customers in the order of the file, with warnings; or every fault (at most 50) when one row cannot be read.
///
/// Source: FIELD, canonical layouts. Without `customer_id` the customer number is the id.
pub fn read(name: &str, bytes: &[u8], as_of: NaiveDate) -> Result<Rows<Customer>, Vec<Finding>> {
    // No column of this table holds a date.
    let _ = as_of;
    let table = MasterTable::open(name, bytes, COLUMNS, &[], &[])?;
    let mut missing = Vec::new();
    if !table.has(ID) && !table.has(NUMBER) {
        missing.push(table.missing("customer_id"));
    }
    if !table.has(NAME) {
        missing.push(table.missing("name"));
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let (mut customers, mut faults, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let mut rows = table.rows();
    while faults.len() < FAULTS_MAX {
        let row = match rows.next_row() {
            Ok(Some(row)) => row,
            Ok(None) => break,
            Err(fault) => {
                faults.push(fault);
                break;
            }
        };
        if row.is_blank() {
            continue;
        }
        let customer = read_customer(&table, row, &mut warnings);
        if let Some(fault) = rows.width_fault() {
            faults.push(fault);
            continue;
        }
        match customer {
            Ok(customer) => customers.push(customer),
            Err(fault) => faults.push(fault),
        }
    }
    faults.extend(twice(&customers));
    faults.truncate(FAULTS_MAX);
    if !faults.is_empty() {
        return Err(faults);
    }
    warnings.extend(accounts_twice(&customers));
    Ok(Rows {
        rows: customers,
        findings: warnings,
    })
}

fn read_customer(table: &MasterTable<'_>, row: Row<'_>, warnings: &mut Vec<Finding>) -> Result<Customer, Finding> {
    let text = |column| table.text(row, column).to_owned();
    let number = text(NUMBER);
    let id = if table.has(ID) { text(ID) } else { number.clone() };
    if id.is_empty() {
        return Err(table.empty(row, if table.has(ID) { ID } else { NUMBER }, "the id of the customer"));
    }
    if table.text(row, NAME).is_empty() {
        return Err(table.empty(row, NAME, "the name of the customer"));
    }
    let list = |column| {
        table
            .text(row, column)
            .split([';', '；'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
    };
    let mut names = vec![CustomerName {
        text: text(NAME),
        kind: NameKind::Legal,
    }];
    names.extend(list(ALIASES).map(|alias| CustomerName {
        text: alias.to_owned(),
        kind: NameKind::Trading,
    }));
    for (column, kind) in [(KANA, NameKind::Kana), (ENGLISH, NameKind::English)] {
        if !table.text(row, column).is_empty() {
            names.push(CustomerName {
                text: text(column),
                kind,
            });
        }
    }
    let mut accounts: Vec<String> = Vec::new();
    for (column, written) in list(IBAN)
        .map(|one| (IBAN, one))
        .chain(list(ACCOUNTS).map(|one| (ACCOUNTS, one)))
    {
        let account = account_number(written);
        if has_wrong_check_digits(&account) {
            let place = table.place(row, column);
            warnings.push(Finding::warning(
                FindingCode::IbanCheckDigits,
                place,
                vec![account.clone()],
            ));
        }
        if !accounts.contains(&account) {
            accounts.push(account);
        }
    }
    let terms = table.text(row, TERMS);
    let terms_days = match terms.parse::<u32>() {
        Ok(days) if days <= 3_650 => Some(days),
        _ if terms.is_empty() => None,
        _ => return Err(table.unfit(row, TERMS, "a number of days")),
    };
    Ok(Customer {
        id,
        number,
        names,
        accounts,
        tax_id: text(TAX),
        parent_id: text(PARENT),
        salesperson: text(SALESPERSON),
        country: text(COUNTRY),
        city: text(CITY),
        terms_days,
        source: table.document.line(row.line),
    })
}

/// Returns true for what looks like an IBAN and is none.
fn has_wrong_check_digits(account: &str) -> bool {
    let bytes = account.as_bytes();
    let looks_like = bytes.len() >= 15
        && bytes.len() <= 34
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    looks_like && account.parse::<iban::Iban>().is_err()
}

fn twice(customers: &[Customer]) -> Vec<Finding> {
    let mut first: BTreeMap<&str, &Customer> = BTreeMap::new();
    let mut faults = Vec::new();
    for customer in customers {
        match first.get(customer.id.as_str()) {
            Some(earlier) => {
                let args = vec![customer.id.clone(), earlier.source.at.to_string()];
                faults.push(Finding::error(
                    FindingCode::CustomerTwice,
                    customer.source.clone(),
                    args,
                ));
            }
            None => {
                first.insert(&customer.id, customer);
            }
        }
    }
    faults
}

fn accounts_twice(customers: &[Customer]) -> Vec<Finding> {
    let mut owners: BTreeMap<&str, Vec<&Customer>> = BTreeMap::new();
    for customer in customers {
        for account in &customer.accounts {
            owners.entry(account).or_default().push(customer);
        }
    }
    let shared = owners.into_iter().filter(|(_, owners)| owners.len() > 1);
    let warning = |(account, owners): (&str, Vec<&Customer>)| {
        let ids: Vec<&str> = owners.iter().map(|customer| customer.id.as_str()).collect();
        let args = vec![account.to_owned(), ids.join(", ")];
        Finding::warning(FindingCode::AccountTwice, owners[1].source.clone(), args)
    };
    shared.map(warning).collect()
}
