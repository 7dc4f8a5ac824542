//! `history.csv`: payments of the past and what they settled. Only evidence: a bad row is skipped and named.
//!
//! Knows the canonical columns and their other names; learning happens in [`crate::model::Knowledge`].

use crate::model::knowledge::ConfirmedPayment;
use crate::model::party::account_number;
use crate::model::{Amount, Finding, NaiveDate};
use crate::read::Rows;
use crate::read::table::Row;
use crate::read::table::master::{FAULTS_MAX, MasterTable, columns};

columns! {
    PAID_ON = "date": "booking_date" | "value_date" | "payment_date" | "Datum" | "Buchungstag" | "日期" | "交易日期";
    PAYER = "payer_name": "payer" | "counterparty_name" | "Zahler" | "Auftraggeber" | "付款人" | "对方户名";
    ACCOUNT = "payer_account": "payer_iban" | "counterparty_account" | "IBAN" | "Zahlerkonto" | "付款账号" | "对方账号";
    REMITTANCE = "remittance": "purpose" | "text" | "Verwendungszweck" | "附言" | "摘要";
    AMOUNT = "amount": "Betrag" | "金额";
    CURRENCY = "currency": "ccy" | "Währung" | "币种" | "币别";
    CUSTOMER = "customer_id": "customer" | "Kundennr" | "Kundennummer" | "Debitor" | "客户编码" | "客户编号";
    DOCUMENTS = "doc_nos": "doc_no" | "documents" | "invoices" | "Belege" | "Rechnungsnummern" | "发票号";
    DEDUCTION = "deduction": "deductions" | "discount" | "Abzug" | "扣款";
}

/// Returns the confirmed payments; a row that cannot be read is skipped with an error finding, of which at most 50 are listed.
///
/// Refuses a file without header, with missing columns or with a quote that swallows rows.
pub fn read(name: &str, bytes: &[u8], as_of: NaiveDate) -> Result<Rows<ConfirmedPayment>, Vec<Finding>> {
    // The past may be any day before; dates later than the run only teach what will be known then.
    let _ = as_of;
    let table = MasterTable::open(name, bytes, COLUMNS, &[AMOUNT, DEDUCTION], &[PAID_ON])?;
    let needed = [PAID_ON, AMOUNT, CURRENCY, CUSTOMER];
    let missing: Vec<Finding> = needed
        .iter()
        .filter(|column| !table.has(**column))
        .map(|column| table.missing(COLUMNS[*column].name))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut payments = Rows {
        rows: Vec::new(),
        findings: Vec::new(),
    };
    let mut rows = table.rows();
    while let Some(row) = rows.next_row().map_err(|fault| vec![fault])? {
        if row.is_blank() {
            continue;
        }
        let payment = read_payment(&table, row);
        let payment = match rows.width_fault() {
            Some(fault) => Err(fault),
            None => payment,
        };
        match payment {
            Ok(payment) => payments.rows.push(payment),
            Err(fault) if payments.findings.len() < FAULTS_MAX => payments.findings.push(fault),
            Err(_) => {}
        }
    }
    Ok(payments)
}

fn read_payment(table: &MasterTable<'_>, row: Row<'_>) -> Result<ConfirmedPayment, Finding> {
    let text = |column| table.text(row, column).to_owned();
    let date = table
        .date(row, PAID_ON)?
        .ok_or_else(|| table.empty(row, PAID_ON, "a date"))?;
    let currency = table.currency(row, CURRENCY)?;
    let minor = table
        .amount(row, AMOUNT, currency)?
        .ok_or_else(|| table.empty(row, AMOUNT, "an amount"))?;
    let deduction = table.amount(row, DEDUCTION, currency)?.unwrap_or(0);
    let customer_id = text(CUSTOMER);
    if customer_id.is_empty() {
        return Err(table.empty(row, CUSTOMER, "the id of the customer"));
    }
    let documents = table
        .text(row, DOCUMENTS)
        .split([';', '；'])
        .map(str::trim)
        .filter(|part| !part.is_empty());
    Ok(ConfirmedPayment {
        date,
        payer_name: text(PAYER),
        payer_account: account_number(table.text(row, ACCOUNT)),
        remittance: text(REMITTANCE),
        amount: Amount::new(minor, currency),
        customer_id,
        document_numbers: documents.map(str::to_owned).collect(),
        deduction,
        source: table.document.line(row.line),
    })
}
