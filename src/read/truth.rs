//! `truth.csv`: what is right for each payment of a labelled night. All or nothing: a label that cannot be read measures nothing.

use crate::model::Finding;
use crate::model::labelled::{LabelledItem, LabelledPayment};
use crate::model::money::parse_signed;
use crate::read::table::Row;
use crate::read::table::master::{FAULTS_MAX, MasterTable, columns};

/// Amounts are read with the decimals of the finest currency: the file need not tell the currency.
pub const DECIMALS: u8 = 4;

columns! {
    BANK_REF = "bank_ref": "payment_id" | "reference" | "payment";
    DECIDABLE = "decidable": "is_decidable";
    SITUATION = "situation": "scenario" | "kind";
    AMOUNT = "amount": "payment_amount";
    CUSTOMER_ID = "customer_id": "customer";
    ITEMS = "items": "item_ids" | "allocations";
}

/// Returns the labels in the order of the file, or every fault (at most 50) when one row cannot be read.
///
/// `items` is `item_id=cash` or `item_id`, several with `;`; cash is signed as the item, in the payment's currency.
pub fn read(name: &str, bytes: &[u8]) -> Result<Vec<LabelledPayment>, Vec<Finding>> {
    let table = MasterTable::open(name, bytes, COLUMNS, &[], &[])?;
    let needed = [BANK_REF, DECIDABLE, SITUATION, ITEMS];
    let missing: Vec<Finding> = needed
        .iter()
        .filter(|column| !table.has(**column))
        .map(|column| table.missing(COLUMNS[*column].name))
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let (mut labels, mut faults) = (Vec::new(), Vec::new());
    let mut rows = table.rows();
    while let Some(row) = rows.next_row().map_err(|fault| vec![fault])? {
        if row.is_blank() {
            continue;
        }
        let read = label(&table, row);
        match rows.width_fault().map_or(read, Err) {
            Ok(label) => labels.push(label),
            Err(fault) => faults.push(fault),
        }
        if faults.len() == FAULTS_MAX {
            break;
        }
    }
    if faults.is_empty() { Ok(labels) } else { Err(faults) }
}

fn label(table: &MasterTable<'_>, row: Row<'_>) -> Result<LabelledPayment, Finding> {
    let text = |column| table.text(row, column).to_owned();
    for (column, expected) in [
        (BANK_REF, "the bank_ref or payment_id of the payment"),
        (DECIDABLE, "yes or no"),
        (SITUATION, "what the payment shows"),
    ] {
        if table.text(row, column).is_empty() {
            return Err(table.empty(row, column, expected));
        }
    }
    let amount = table.text(row, AMOUNT);
    let unreadable = |_| table.unfit(row, AMOUNT, "an amount, expected digits and one decimal point");
    let amount = if amount.is_empty() {
        None
    } else {
        Some(parse_signed(amount, DECIMALS).map_err(unreadable)?)
    };
    let written = table.text(row, ITEMS).split(';').map(str::trim);
    let items: Result<Vec<LabelledItem>, Finding> = written
        .filter(|part| !part.is_empty())
        .map(|part| item(part).ok_or_else(|| table.unfit(row, ITEMS, "item_id=cash, several with `;`")))
        .collect();
    Ok(LabelledPayment {
        reference: text(BANK_REF),
        situation: text(SITUATION),
        is_decidable: table.truth(row, DECIDABLE)?,
        amount,
        customer_id: text(CUSTOMER_ID),
        items: items?,
        source: table.document.line(row.line),
    })
}

fn item(written: &str) -> Option<LabelledItem> {
    let Some((item_id, cash)) = written.rsplit_once('=') else {
        return Some(LabelledItem {
            item_id: written.to_owned(),
            cash: None,
        });
    };
    Some(LabelledItem {
        item_id: item_id.trim().to_owned(),
        cash: Some(parse_signed(cash.trim(), DECIMALS).ok()?),
    })
    .filter(|item| !item.item_id.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use crate::words::finding::full;

    const HEADER: &str = "bank_ref,decidable,situation,amount,customer_id,items\n";

    #[test]
    fn labels_are_read_with_and_without_cash() {
        let text = format!("{HEADER}N1,yes,list,30.50,C1,7=10.5;8=20\nN2,no,tax,-5,,\nN3,yes,single,,C2,9\n");
        let labels = read("truth.csv", text.as_bytes()).expect("labels");
        let cash = |at: usize| labels[at].items.iter().map(|item| item.cash).collect::<Vec<_>>();
        assert_eq!(cash(0), [Some(105_000), Some(200_000)]);
        assert_eq!((labels[1].amount, labels[1].is_decidable), (Some(-50_000), false));
        assert_eq!((labels[2].amount, cash(2)), (None, vec![None]));
    }

    #[test]
    fn a_label_that_cannot_be_read_refuses_the_file_with_its_place() {
        for (row, told) in [
            ("N1,perhaps,list,1.00,C1,7=1.00", "truth.csv:2"),
            ("N1,,list,1.00,C1,7=1.00", "decidable"),
            ("N1,yes,list,1e2,C1,7=1.00", "`1e2` is not an amount"),
            ("N1,yes,list,1.00,C1,7=x", "item_id=cash"),
            (",yes,list,1.00,C1,7=1.00", "bank_ref"),
        ] {
            let faults = read("truth.csv", format!("{HEADER}{row}\n").as_bytes()).expect_err(row);
            assert!(
                full(Words::english(), &faults[0]).contains(told),
                "{row}: {}",
                full(Words::english(), &faults[0])
            );
        }
        let faults = read("truth.csv", b"bank_ref,situation,amount,items\n").expect_err("no column");
        assert!(
            full(Words::english(), &faults[0]).contains("decidable"),
            "{}",
            full(Words::english(), &faults[0])
        );
    }
}
