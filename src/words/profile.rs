//! What a suggested layout says to the person who looks it over: comments of a TOML file.

use crate::model::{Entry, Side};
use crate::words::finding::visible;

/// Returns the first lines of the file: what it is, and what to do with it.
pub fn head(file: &str, header_line: u64, known_as: Option<&str>) -> Vec<String> {
    let mut lines = vec![format!(
        "A layout for {}, whose header stands in line {header_line}.",
        visible(file)
    )];
    if let Some(layout) = known_as {
        lines.push(format!(
            "The layout `{layout}` reads this file already; a layout of your own wins over it."
        ));
    }
    lines.push(
        "Look it over, above all the columns and the signs below; then save it, with the ending .toml, in the".into(),
    );
    lines.push("folder that `statements.profiles` names in the settings.".into());
    lines
}

/// Says why a file may have two date formats.
pub const DATES_AMBIGUOUS: &str =
    "Day and month can be told apart in no row: delete the wrong format, until then such rows are refused.";
/// Says that no column and no mark names the currency.
pub const CURRENCY_MISSING: &str = "No column names the currency: write it here.";
/// Says that the rows do not tell the decimal mark.
pub const MARK_UNDECIDED: &str = "The rows do not tell the decimal mark: check it.";
/// Says what the fingerprint is for.
pub const FINGERPRINT: &str =
    "Columns that a file of this layout must have, besides the required ones; delete those that come and go.";
/// Says what a guessed column needs.
pub const GUESSED: &str = "No name that is known: chosen by how it begins and by what the rows hold.";

/// Returns the line that lists columns without a use.
pub fn unused(columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|name| visible(name)).collect();
    format!("Not read: {}", names.join(", "))
}

/// Returns the line above the rows.
pub fn rows_head(shown: usize, all: usize) -> String {
    format!("The first {shown} of {all} entries, as this layout reads them:")
}

/// Returns one entry as it is read: place, day, money, who, what for.
pub fn row(entry: &Entry) -> String {
    let day = entry
        .effective_date
        .map_or_else(|| "(no date)".to_owned(), |day| day.to_string());
    let way = match entry.side {
        Side::Credit => "in",
        Side::Debit => "out",
    };
    let detail = entry.details.first();
    let parties = detail.map(|detail| &detail.parties);
    let party = parties.and_then(|parties| parties.debtor.as_ref().or(parties.creditor.as_ref()));
    let name = party.and_then(|party| party.name.as_deref()).unwrap_or("(no name)");
    let texts = detail
        .map(|detail| detail.remittance.unstructured.join(" / "))
        .unwrap_or_default();
    let texts = texts.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(
        "{day} | {} {way} | {} | {}",
        entry.amount,
        visible(name),
        visible(&texts)
    )
}
