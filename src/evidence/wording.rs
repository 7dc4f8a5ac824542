//! Words that say what a payment is not.

/// What the wording says.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Wording {
    /// A prepayment, a deposit, a payment on account.
    pub is_prepayment: bool,
    /// Interest, tax, salary, refund: no receivable.
    pub is_not_receivable: bool,
    /// A part payment or an instalment.
    pub is_part: bool,
}

const PREPAYMENT: &[&str] = &[
    "prepayment",
    "prepaid",
    "advance",
    "vorkasse",
    "vorauszahlung",
    "anzahlung",
    "deposit",
    "proforma",
    "acompte",
    "anticipo",
    "aanbetaling",
    "vooruitbetaling",
    "akonto",
    "aconto",
    "onaccount",
    "downpayment",
    "预付",
    "预付款",
    "定金",
    "订金",
];

const PREPAYMENT_PAIRS: &[(&str, &str)] = &[
    ("on", "account"),
    ("a", "conto"),
    ("pro", "forma"),
    ("down", "payment"),
    ("advance", "payment"),
];

const NOT_RECEIVABLE: &[&str] = &[
    "zinsen",
    "habenzinsen",
    "interest",
    "finanzamt",
    "steuererstattung",
    "umsatzsteuererstattung",
    "steuer",
    "dividende",
    "dividend",
    "gehalt",
    "salary",
    "loan",
    "darlehen",
    "kredit",
    "insurance",
    "versicherung",
    "versicherungsleistung",
    "schaden",
    "erstattung",
    "rueckerstattung",
    "ruckerstattung",
    "refund",
    "rueckzahlung",
    "ruckzahlung",
    "rente",
    "retoure",
    "rucklastschrift",
    "ruckuberweisung",
    "taxrefund",
    "利息",
    "结息",
    "退税",
    "工资",
];

const PART: &[&str] = &[
    "teilzahlung",
    "rate",
    "abschlag",
    "partial",
    "instalment",
    "installment",
    "part",
    "acompte",
    "teilbetrag",
    "部分",
];

/// Returns what the folded text says.
pub fn read(folded: &str) -> Wording {
    let mut wording = Wording::default();
    let mut before = "";
    for word in folded.split(' ') {
        wording.is_prepayment |= PREPAYMENT.contains(&word) || PREPAYMENT_PAIRS.contains(&(before, word));
        wording.is_not_receivable |= NOT_RECEIVABLE.contains(&word);
        wording.is_part |= PART.contains(&word);
        before = word;
    }
    if !folded.is_ascii() {
        let any = |words: &[&str]| words.iter().any(|word| !word.is_ascii() && folded.contains(word));
        wording.is_prepayment |= any(PREPAYMENT);
        wording.is_not_receivable |= any(NOT_RECEIVABLE);
        wording.is_part |= any(PART);
    }
    wording
}
