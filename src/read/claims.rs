//! `claims.csv`: what salespeople say was paid. Only evidence: a bad row is skipped and named.
//!
//! Knows the canonical columns and their other names; who the customer is, and what was received, is found in `run`.

use crate::model::{Amount, Currency, Finding, FindingCode, NaiveDate, Source};
use crate::read::Rows;
use crate::read::table::Row;
use crate::read::table::master::{FAULTS_MAX, MasterTable, columns};

columns! {
    SALESPERSON = "salesperson": "sales_rep" | "claimed_by" | "Verkäufer" | "Vertreter" | "业务员" | "销售员" | "认领人" | "業務員";
    CLAIMED_ON = "date": "claimed_on" | "claim_date" | "Datum" | "Meldedatum" | "日期" | "到账日期" | "认领日期" | "到帳日期";
    CUSTOMER = "customer": "customer_id" | "customer_name" | "customer_no" | "Kunde" | "Kundennr" | "Kundennummer" | "Kundenname" | "Debitor"
        | "客户" | "客户名称" | "客户编码" | "客户编号" | "客戶" | "客戶名稱";
    AMOUNT = "amount": "Betrag" | "金额" | "到账金额" | "认领金额" | "金額";
    REFERENCES = "references": "reference" | "doc_nos" | "doc_no" | "Belege" | "Belegnummern" | "Rechnungsnummern" | "发票号" | "单据号" | "發票號";
    NOTE = "note": "remark" | "Bemerkung" | "Notiz" | "备注" | "備註";
    CURRENCY = "currency": "ccy" | "Währung" | "币种" | "币别" | "幣別";
}

/// A row as it stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClaimRow {
    /// Who claims.
    pub salesperson: String,
    /// Day of the claim.
    pub claimed_on: NaiveDate,
    /// Id, number or name of the customer, as written.
    pub customer: String,
    /// Claimed amount, positive.
    pub amount: Amount,
    /// Document numbers, divided by `;`.
    pub references: Vec<String>,
    /// Free text.
    pub note: String,
    /// Where it stands.
    pub source: Source,
}

/// Returns the claims; a row that cannot be read is skipped with an error finding, of which at most 50 are listed.
///
/// `currency_of` says in which currency a customer is claimed for, where the row has none. Refuses a file without header,
/// with missing columns or with a quote that swallows rows.
pub fn read(
    name: &str,
    bytes: &[u8],
    currency_of: &dyn Fn(&str) -> Option<Currency>,
) -> Result<Rows<ClaimRow>, Vec<Finding>> {
    let table = MasterTable::open(name, bytes, COLUMNS, &[AMOUNT], &[CLAIMED_ON])?;
    let needed = [SALESPERSON, CLAIMED_ON, CUSTOMER, AMOUNT];
    let missing = needed.iter().filter(|column| !table.has(**column));
    let missing: Vec<Finding> = missing.map(|column| table.missing(COLUMNS[*column].name)).collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let mut claims = Rows {
        rows: Vec::new(),
        findings: Vec::new(),
    };
    let mut rows = table.rows();
    while let Some(row) = rows.next_row().map_err(|fault| vec![fault])? {
        if row.is_blank() {
            continue;
        }
        let claim = read_claim(&table, row, currency_of);
        let claim = match rows.width_fault() {
            Some(fault) => Err(fault),
            None => claim,
        };
        match claim {
            Ok(claim) => claims.rows.push(claim),
            Err(fault) if claims.findings.len() < FAULTS_MAX => claims.findings.push(fault),
            Err(_) => {}
        }
    }
    Ok(claims)
}

fn read_claim(
    table: &MasterTable<'_>,
    row: Row<'_>,
    currency_of: &dyn Fn(&str) -> Option<Currency>,
) -> Result<ClaimRow, Finding> {
    let text = |column| table.text(row, column).to_owned();
    let source = table.document.line(row.line);
    let claimed_on = table
        .date(row, CLAIMED_ON)?
        .ok_or_else(|| table.empty(row, CLAIMED_ON, "a date"))?;
    let customer = text(CUSTOMER);
    if customer.is_empty() {
        return Err(table.empty(row, CUSTOMER, "the id or the name of a customer"));
    }
    let currency = match table.text(row, CURRENCY) {
        "" => currency_of(&customer)
            .ok_or_else(|| Finding::error(FindingCode::ClaimCurrency, source.clone(), vec![customer.clone()]))?,
        _ => table.currency(row, CURRENCY)?,
    };
    let minor = table
        .amount(row, AMOUNT, currency)?
        .filter(|minor| *minor > 0)
        .ok_or_else(|| table.empty(row, AMOUNT, "an amount greater than zero"))?;
    let references = table.text(row, REFERENCES).split([';', '；', '、']);
    let references = references.map(str::trim).filter(|part| !part.is_empty());
    Ok(ClaimRow {
        salesperson: text(SALESPERSON),
        claimed_on,
        customer,
        amount: Amount::new(minor, currency),
        references: references.map(str::to_owned).collect(),
        note: text(NOTE),
        source,
    })
}
