//! Words that say what a payment is not.

use rustc_hash::FxHashMap;
use std::sync::LazyLock;

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

/// What each word says by itself.
static WORDS: LazyLock<FxHashMap<&str, Wording>> = LazyLock::new(|| {
    let mut words: FxHashMap<&str, Wording> = FxHashMap::default();
    for word in PREPAYMENT {
        words.entry(word).or_default().is_prepayment = true;
    }
    for word in NOT_RECEIVABLE {
        words.entry(word).or_default().is_not_receivable = true;
    }
    for word in PART {
        words.entry(word).or_default().is_part = true;
    }
    words
});

/// Returns what the folded text says.
pub fn read(folded: &str) -> Wording {
    let mut wording = Wording::default();
    let mut before = "";
    for word in folded.split(' ') {
        // Most of what is written are numbers.
        if word.starts_with(|first: char| first.is_ascii_digit()) {
            before = word;
            continue;
        }
        if let Some(said) = WORDS.get(word) {
            wording.is_prepayment |= said.is_prepayment;
            wording.is_not_receivable |= said.is_not_receivable;
            wording.is_part |= said.is_part;
        }
        wording.is_prepayment |= PREPAYMENT_PAIRS.contains(&(before, word));
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
