//! `open_items.csv`: what customers owe. All or nothing: one bad row refuses the file with every fault that it has.
//!
//! Knows the canonical columns and their other names; whether the customers exist is asked elsewhere.

use crate::model::open_item::CashDiscount;
use crate::model::{Amount, Finding, FindingCode, ItemKind, Label, NaiveDate, OpenItem};
use crate::read::Rows;
use crate::read::table::Row;
use crate::read::table::master::{FAULTS_MAX, MasterTable, columns};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

columns! {
    ITEM_ID = "item_id": "item" | "entry_no" | "Postennummer" | "Posten-ID" | "Lfd. Nr. Posten" | "单据ID" | "应收单号" | "单据编号";
    CUSTOMER_ID = "customer_id": "customer" | "customer_no" | "customer number" | "debtor" | "Kundennr" | "Kundennummer" | "Kunden-ID" | "Debitor" | "Debitorennummer" | "Debitorennr" | "客户编码" | "客户编号" | "客户代码";
    CUSTOMER_NAME = "customer_name": "name" | "Kunde" | "Kundenname" | "Debitorenname" | "客户名称" | "客户";
    DOC_TYPE = "doc_type": "document_type" | "type" | "Belegart" | "Belegtyp" | "单据类型";
    DOC_NO = "doc_no": "document_no" | "document_number" | "invoice_no" | "invoice_number" | "invoice" | "Belegnummer" | "Belegnr" | "Rechnungsnummer" | "Rechnungsnr" | "Rechnung" | "发票号" | "发票号码" | "单据号";
    PO_NUMBER = "po_number": "po" | "po_no" | "purchase_order" | "your_reference" | "Bestellnummer" | "Bestellnr" | "Kundenbestellnummer" | "订单号" | "采购订单号" | "客户订单号";
    ISSUE_DATE = "issue_date": "document_date" | "invoice_date" | "posting_date" | "Belegdatum" | "Rechnungsdatum" | "开票日期" | "单据日期" | "发票日期";
    DUE_DATE = "due_date": "due" | "Fälligkeit" | "Fälligkeitsdatum" | "Fällig am" | "到期日" | "到期日期" | "应收日期";
    CURRENCY = "currency": "currency_code" | "ccy" | "Währung" | "Waehrung" | "Währungscode" | "币种" | "币别";
    AMOUNT = "amount": "original_amount" | "Betrag" | "Rechnungsbetrag" | "Bruttobetrag" | "Ursprungsbetrag" | "应收金额" | "金额" | "原币金额" | "发票金额";
    OPEN_AMOUNT = "open_amount": "remaining_amount" | "outstanding" | "balance" | "Offener Betrag" | "Restbetrag" | "Offen" | "应收余额" | "未收金额" | "未核销金额" | "余额";
    DISCOUNT_PCT = "discount_pct": "discount_percent" | "Skonto %" | "Skonto" | "Skontoprozent" | "Skontosatz" | "折扣率" | "现金折扣率";
    DISCOUNT_DATE = "discount_date": "discount_until" | "Skontodatum" | "Skonto bis" | "Skontofrist" | "折扣日期" | "折扣到期日";
    DISCOUNT2_PCT = "discount2_pct": "Skonto 2 %" | "Skonto2" ;
    DISCOUNT2_DATE = "discount2_date": "Skontodatum 2" | "Skonto 2 bis";
    EXTERNAL_REF = "external_ref": "external_reference" | "Externe Belegnummer" | "外部单号";
    CREDITOR_REF = "creditor_ref": "creditor_reference" | "payment_reference" | "QR-Referenz" | "Zahlungsreferenz";
    END_TO_END_ID = "end_to_end_id": "End-to-End-Referenz" | "EndToEndId";
    MANDATE_ID = "mandate_id": "Mandatsreferenz" | "mandate";
    SALESPERSON = "salesperson": "sales_rep" | "Verkäufer" | "Vertreter" | "业务员" | "销售员";
    IS_DISPUTED = "is_disputed": "disputed" | "Strittig" | "Reklamation" | "争议";
    COMPANY = "company": "company_code" | "Mandant" | "Buchungskreis" | "公司" | "组织";
    CLOSED_ON = "closed_on": "closed_at_date" | "Ausgeglichen am" | "Ausgleichsdatum" | "核销日期";
}

/// Few rows are shorter, in bytes.
const ROW_BYTES: usize = 64;

/// For so many rows room is made beforehand at most.
const ROWS_FORESEEN: usize = 1 << 20;

/// Returns the open items in the order of the file, with warnings; or every fault (at most 50) when one row cannot be read.
///
/// Source: FIELD, canonical layouts. Without `item_id` the document number is the id; without `open_amount` everything is open.
pub fn read(name: &str, bytes: &[u8], as_of: NaiveDate) -> Result<Rows<OpenItem>, Vec<Finding>> {
    // Due dates may lie far ahead: nothing here depends on the day of the run.
    let _ = as_of;
    let amounts = [AMOUNT, OPEN_AMOUNT];
    let dates = [ISSUE_DATE, DUE_DATE, DISCOUNT_DATE, DISCOUNT2_DATE, CLOSED_ON];
    let table = MasterTable::open(name, bytes, COLUMNS, &amounts, &dates)?;
    let missing = missing_columns(&table);
    if !missing.is_empty() {
        return Err(missing);
    }
    // Memory that is asked for and not used costs nothing; to grow is to copy all items again and again.
    let mut items = Vec::with_capacity((bytes.len() / ROW_BYTES).min(ROWS_FORESEEN));
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
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
        let item = read_item(&table, row, &mut warnings);
        if let Some(fault) = rows.width_fault() {
            faults.push(fault);
            continue;
        }
        match item {
            Ok(item) => items.push(item),
            Err(found) => faults.extend(found),
        }
    }
    faults.extend(twice(&items));
    faults.truncate(FAULTS_MAX);
    if !faults.is_empty() {
        return Err(faults);
    }
    warnings.extend(documents_twice(&items));
    Ok(Rows {
        rows: items,
        findings: warnings,
    })
}

fn missing_columns(table: &MasterTable<'_>) -> Vec<Finding> {
    let mut missing = Vec::new();
    for (is_there, column) in [
        (table.has(ITEM_ID) || table.has(DOC_NO), "item_id"),
        (table.has(CUSTOMER_ID) || table.has(CUSTOMER_NAME), "customer_id"),
        (table.has(CURRENCY), "currency"),
        (table.has(AMOUNT) || table.has(OPEN_AMOUNT), "open_amount"),
    ] {
        if !is_there {
            missing.push(table.missing(column));
        }
    }
    missing
}

/// Collects the faults of one row, so that all of them are told at once.
struct Faults(Vec<Finding>);

impl Faults {
    fn take<T>(&mut self, read: Result<T, Finding>) -> Option<T> {
        read.map_err(|fault| self.0.push(fault)).ok()
    }
}

fn read_item(table: &MasterTable<'_>, row: Row<'_>, warnings: &mut Vec<Finding>) -> Result<OpenItem, Vec<Finding>> {
    let mut faults = Faults(Vec::new());
    let text = |column| Label::from(table.text(row, column));
    let mut document_number = text(DOC_NO);
    let mut id = text(ITEM_ID);
    if !table.has(ITEM_ID) {
        id.clone_from(&document_number);
    } else if !table.has(DOC_NO) {
        document_number.clone_from(&id);
    }
    if id.is_empty() {
        let column = if table.has(ITEM_ID) { ITEM_ID } else { DOC_NO };
        faults.0.push(table.empty(row, column, "the number of the item"));
    }
    let currency = faults.take(table.currency(row, CURRENCY));
    let mut amount_of = |column| {
        currency
            .and_then(|known| faults.take(table.amount(row, column, known)))
            .flatten()
    };
    let (original, open) = (amount_of(AMOUNT), amount_of(OPEN_AMOUNT));
    if currency.is_some() && faults.0.is_empty() {
        if open.is_none() && table.has(OPEN_AMOUNT) {
            faults.0.push(table.empty(row, OPEN_AMOUNT, "an amount"));
        } else if original.is_none() && open.is_none() {
            faults.0.push(table.empty(row, AMOUNT, "an amount"));
        }
    }
    let open_amount = open.or(original).unwrap_or(0);
    let original_amount = original.unwrap_or(open_amount);
    let written_kind = faults.take(kind(table, row));
    let mut date_of = |column| faults.take(table.date(row, column)).flatten();
    let (issue_date, due_date, closed_on) = (date_of(ISSUE_DATE), date_of(DUE_DATE), date_of(CLOSED_ON));
    let discounts = discounts(table, row, &mut faults, warnings);
    let is_disputed = faults.take(table.truth(row, IS_DISPUTED)).unwrap_or(false);
    let (Some(currency), true) = (currency, faults.0.is_empty()) else {
        return Err(faults.0);
    };
    let by_sign = if original_amount < 0 {
        ItemKind::CreditNote
    } else {
        ItemKind::Invoice
    };
    let kind = written_kind.flatten().unwrap_or(by_sign);
    if has_other_sign(kind, original_amount) || has_other_sign(kind, open_amount) {
        let shown = if has_other_sign(kind, open_amount) {
            open_amount
        } else {
            original_amount
        };
        let args = vec![
            id.to_string(),
            kind.code().to_owned(),
            Amount::new(shown, currency).to_string(),
        ];
        warnings.push(Finding::warning(
            FindingCode::ItemSign,
            table.document.line(row.line),
            args,
        ));
    }
    let references = [EXTERNAL_REF, CREDITOR_REF, END_TO_END_ID, MANDATE_ID];
    let other_references = references
        .iter()
        .map(|column| table.text(row, *column))
        .filter(|text| !text.is_empty());
    Ok(OpenItem {
        kind,
        customer_id: text(CUSTOMER_ID),
        customer_name: text(CUSTOMER_NAME),
        document_number,
        purchase_order: text(PO_NUMBER),
        other_references: other_references.map(Label::from).collect(),
        issue_date,
        due_date,
        original_amount,
        open_amount,
        currency,
        cash_discounts: discounts,
        salesperson: text(SALESPERSON),
        is_disputed,
        is_held: false,
        company: text(COMPANY),
        closed_on,
        source: table.document.line(row.line),
        id,
    })
}

fn has_other_sign(kind: ItemKind, amount: i64) -> bool {
    match kind {
        ItemKind::Invoice | ItemKind::DownPayment => amount < 0,
        ItemKind::CreditNote | ItemKind::OnAccount => amount > 0,
    }
}

/// Returns the kind as written; `None` where the file does not say it.
fn kind(table: &MasterTable<'_>, row: Row<'_>) -> Result<Option<ItemKind>, Finding> {
    let written = table.text(row, DOC_TYPE);
    let kind = match written {
        "" => return Ok(None),
        "INV" => ItemKind::Invoice,
        _ => match written.to_lowercase().as_str() {
            "inv" | "invoice" | "rechnung" | "re" | "发票" | "应收单" | "销售发票" => ItemKind::Invoice,
            "crn" | "credit note" | "credit memo" | "credit_memo" | "gutschrift" | "gs" | "红字发票" | "贷项" => {
                ItemKind::CreditNote
            }
            "dpr" | "down payment" | "prepayment" | "anzahlung" | "anzahlungsrechnung" | "预收款申请" => {
                ItemKind::DownPayment
            }
            "pay" | "payment" | "zahlung" | "收款单" | "预收款" => ItemKind::OnAccount,
            _ => return Err(table.unfit(row, DOC_TYPE, "a document type, expected INV, CRN, DPR or PAY")),
        },
    };
    Ok(Some(kind))
}

fn discounts(
    table: &MasterTable<'_>,
    row: Row<'_>,
    faults: &mut Faults,
    warnings: &mut Vec<Finding>,
) -> Vec<CashDiscount> {
    let mut terms = Vec::new();
    for (percent_column, until_column) in [(DISCOUNT_PCT, DISCOUNT_DATE), (DISCOUNT2_PCT, DISCOUNT2_DATE)] {
        let percent = faults.take(table.percent(row, percent_column)).flatten();
        let until = faults.take(table.date(row, until_column)).flatten();
        match (percent.filter(|percent| !percent.is_zero()), until) {
            (Some(percent), Some(until)) => terms.push(CashDiscount { percent, until }),
            (Some(_), None) if table.text(row, until_column).is_empty() => {
                let mut finding = table.empty(row, until_column, "the last day of the discount");
                finding.severity = crate::model::Severity::Warning;
                warnings.push(finding);
            }
            _ => {}
        }
    }
    terms.sort_by(|a, b| b.percent.cmp(&a.percent).then(a.until.cmp(&b.until)));
    terms
}

/// Returns the faults of ids that stand twice.
fn twice(items: &[OpenItem]) -> Vec<Finding> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    first.reserve(items.len());
    let mut faults = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let earlier = *first.entry(item.id.as_str()).or_insert(at);
        if earlier != at {
            let args = vec![item.id.to_string(), items[earlier].source.at.to_string()];
            faults.push(Finding::error(FindingCode::ItemTwice, item.source.clone(), args));
        }
    }
    faults
}

/// Returns warnings for one number on two customers, or twice with the same due date.
fn documents_twice(items: &[OpenItem]) -> Vec<Finding> {
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    first.reserve(items.len());
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, item) in items
        .iter()
        .enumerate()
        .filter(|(_, item)| !item.document_number.is_empty())
    {
        let earlier = *first.entry(item.document_number.as_str()).or_insert(at);
        if earlier != at {
            groups.entry(earlier).or_default().push(at);
        }
    }
    let mut warnings = Vec::new();
    for (earlier, later) in groups {
        let members: Vec<&OpenItem> = std::iter::once(earlier).chain(later).map(|at| &items[at]).collect();
        let mut seen = BTreeSet::new();
        let clash = members.iter().find(|item| {
            let is_new = seen.insert((item.due_date, item.kind));
            item.customer_id != members[0].customer_id || !is_new
        });
        if let Some(item) = clash {
            let args = vec![item.document_number.to_string(), members.len().to_string()];
            warnings.push(Finding::warning(FindingCode::DocumentTwice, item.source.clone(), args));
        }
    }
    warnings
}
