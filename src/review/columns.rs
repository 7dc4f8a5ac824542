//! The columns of the exceptions sheet, defined once: written and read back by these names.

use crate::words::header;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A column of the exceptions sheet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[expect(
    missing_docs,
    reason = "the headers are the documentation; FIELD names them the same"
)]
pub enum Column {
    Decision,
    Target,
    TargetAmount,
    Note,
    DecidedBy,
    Status,
    Reason,
    ReasonText,
    Suggestion,
    Probability,
    BookingDate,
    ValueDate,
    Amount,
    Currency,
    PayerName,
    PayerAccount,
    Remittance,
    BankRef,
    Account,
    Candidate1,
    Candidate2,
    Candidate3,
    Candidate4,
    Candidate5,
    CustomerId,
    CustomerName,
    Salesperson,
    CustomerOpen,
    AgeDays,
    TimesSeen,
    FirstRun,
    LastResult,
    PaymentId,
    RowHash,
    Run,
}

/// The columns by their names in the form of [`normal`].
static NAMES: LazyLock<BTreeMap<String, Column>> = LazyLock::new(|| {
    let all = Column::ALL.into_iter();
    all.flat_map(|column| column.names().map(move |name| (normal(name), column)))
        .collect()
});

/// Number of columns.
pub const COUNT: usize = Column::ALL.len();

impl Column {
    /// All columns in the order of the sheet.
    pub const ALL: [Column; 35] = [
        Column::Decision,
        Column::Target,
        Column::TargetAmount,
        Column::Note,
        Column::DecidedBy,
        Column::Status,
        Column::Reason,
        Column::ReasonText,
        Column::Suggestion,
        Column::Probability,
        Column::BookingDate,
        Column::ValueDate,
        Column::Amount,
        Column::Currency,
        Column::PayerName,
        Column::PayerAccount,
        Column::Remittance,
        Column::BankRef,
        Column::Account,
        Column::Candidate1,
        Column::Candidate2,
        Column::Candidate3,
        Column::Candidate4,
        Column::Candidate5,
        Column::CustomerId,
        Column::CustomerName,
        Column::Salesperson,
        Column::CustomerOpen,
        Column::AgeDays,
        Column::TimesSeen,
        Column::FirstRun,
        Column::LastResult,
        Column::PaymentId,
        Column::RowHash,
        Column::Run,
    ];

    /// The columns of the candidates, strongest first.
    pub const CANDIDATES: [Column; 5] = [
        Column::Candidate1,
        Column::Candidate2,
        Column::Candidate3,
        Column::Candidate4,
        Column::Candidate5,
    ];

    /// Returns the header: `target_amount` …
    pub fn header(self) -> &'static str {
        match self {
            Column::Decision => "decision",
            Column::Target => "target",
            Column::TargetAmount => "target_amount",
            Column::Note => "note",
            Column::DecidedBy => "decided_by",
            Column::Status => "status",
            Column::Reason => "reason",
            Column::ReasonText => "reason_text",
            Column::Suggestion => "suggestion",
            Column::Probability => "probability",
            Column::BookingDate => "booking_date",
            Column::ValueDate => "value_date",
            Column::Amount => "amount",
            Column::Currency => "currency",
            Column::PayerName => "payer_name",
            Column::PayerAccount => "payer_account",
            Column::Remittance => "remittance",
            Column::BankRef => "bank_ref",
            Column::Account => "account",
            Column::Candidate1 => "candidate_1",
            Column::Candidate2 => "candidate_2",
            Column::Candidate3 => "candidate_3",
            Column::Candidate4 => "candidate_4",
            Column::Candidate5 => "candidate_5",
            Column::CustomerId => "customer_id",
            Column::CustomerName => "customer_name",
            Column::Salesperson => "salesperson",
            Column::CustomerOpen => "customer_open",
            Column::AgeDays => "age_days",
            Column::TimesSeen => "times_seen",
            Column::FirstRun => "first_run",
            Column::LastResult => "last_result",
            Column::PaymentId => "payment_id",
            Column::RowHash => "row_hash",
            Column::Run => "run",
        }
    }

    /// Returns other headers that people and languages use for it. Only columns that are read back have any.
    fn aliases(self) -> &'static [&'static str] {
        match self {
            Column::Decision => &[
                "entscheidung",
                "beschluss",
                "décision",
                "决定",
                "决策",
                "处理",
                "处理决定",
            ],
            Column::Target => &[
                "ziel",
                "zuordnung",
                "beleg",
                "belege",
                "目标",
                "对象",
                "核销对象",
                "单据",
            ],
            Column::TargetAmount => &["zielbetrag", "betrag ziel", "目标金额", "核销金额"],
            Column::Note => &["notiz", "bemerkung", "kommentar", "comment", "remark", "备注", "说明"],
            Column::DecidedBy => &[
                "entschieden von",
                "bearbeiter",
                "sachbearbeiter",
                "决定人",
                "处理人",
                "经办人",
            ],
            Column::Currency => &["währung", "waehrung", "币种", "货币"],
            Column::CustomerId => &["kunde", "kundennummer", "debitor", "客户编号", "客户代码", "客户"],
            Column::PaymentId => &[
                "zahlungs-id",
                "zahlung id",
                "zahlungs id",
                "付款编号",
                "收款编号",
                "流水编号",
            ],
            Column::RowHash => &["prüfsumme", "pruefsumme", "zeilenprüfsumme", "行校验"],
            _ => &[],
        }
    }

    /// Returns the column that a header names, in any language, case and spacing; one half of a bilingual header is enough.
    pub fn named(header: &str) -> Option<Column> {
        let by_name = |name: &str| NAMES.get(name).copied();
        by_name(&normal(header)).or_else(|| {
            let mut halves = header
                .split([' ', '\n', '\r', '/', '|', '(', ')', '（', '）'])
                .map(normal)
                .filter(|half| !half.is_empty());
            let (first, last) = (halves.next()?, halves.next_back()?);
            // The name of the CSV column stands last where the header is ours: `单据 items` is no target.
            by_name(&last).or_else(|| by_name(&first))
        })
    }

    /// Returns every name that the column is known by: its own, those of the catalogues, and other usual ones.
    fn names(self) -> impl Iterator<Item = &'static str> {
        let usual = self.aliases().iter().copied();
        std::iter::once(self.header())
            .chain(header::all_words(self.header()))
            .chain(usual)
    }
}

/// Returns a header without case, blanks, underscores and hyphens, full-width letters made half-width.
fn normal(header: &str) -> String {
    super::cells::half_width(header)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '*' | ':' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_many_forms() {
        for (header, column) in [
            ("decision", Some(Column::Decision)),
            ("Decision ", Some(Column::Decision)),
            ("TARGET AMOUNT", Some(Column::TargetAmount)),
            ("target", Some(Column::Target)),
            ("决定 decision", Some(Column::Decision)),
            ("decision (Entscheidung)", Some(Column::Decision)),
            ("Entscheidung", Some(Column::Decision)),
            ("目标金额", Some(Column::TargetAmount)),
            ("目标金额 target_amount", Some(Column::TargetAmount)),
            ("ｐａｙｍｅｎｔ＿ｉｄ", Some(Column::PaymentId)),
            ("Zahlungs-ID", Some(Column::PaymentId)),
            ("Kunde customer_name", Some(Column::CustomerName)),
            ("Entscheidung / 决定", Some(Column::Decision)),
            ("checked by me", None),
            ("", None),
        ] {
            assert_eq!(Column::named(header), column, "header: {header}");
        }
    }

    #[test]
    fn no_two_columns_share_a_name() {
        for column in Column::ALL {
            assert_eq!(Column::named(column.header()), Some(column));
            for name in column.names() {
                assert_eq!(Column::named(name), Some(column), "name: {name}");
            }
        }
    }
}
