//! What payers write beside their payments.

use super::bank::in_groups;
use super::plan::{Plan, Planned, Situation, digits};
use super::random::Random;
use super::render::{creditor_of, customer_number, document_number, order_number};

/// Returns what the payer writes, as lines.
pub fn words(plan: &Plan, planned: &Planned, random: &mut Random) -> Vec<String> {
    let first = planned.first as usize;
    let count = usize::from(planned.count);
    let number = |at: usize| document_number(plan, first + at);
    let line = match planned.situation {
        Situation::NumberReformatted => reformatted(&number(0), random),
        Situation::NumberInNoise => format!(
            "Zahlung v. {:02}.02.2026 KD {} {} Tel. 0{}",
            random.between(1, 28),
            customer_number(planned.customer),
            number(0),
            random.between(300_000_000, 999_999_999)
        ),
        Situation::NumberBroken => {
            let number = number(0);
            let cut = number.len() / 2;
            return vec![
                format!("Ihre Rechnung {}", &number[..cut]),
                format!("{} vielen Dank", &number[cut..]),
            ];
        }
        Situation::NumberTypo => typo(plan, &number(0), random),
        Situation::NumberCut => {
            let number = number(0);
            let filler = "wie telefonisch mit Ihrer Buchhaltung vereinbart und abzueglich nichts, ".repeat(2);
            let text = format!("{filler}Rechnung {}", &number[..number.len() - 2]);
            text[text.len().saturating_sub(140)..].to_owned()
        }
        Situation::CreditorReference | Situation::SwissReference => in_groups(&creditor_of(plan, first)),
        Situation::OrderNumber => format!("Bestellung {}", order_number(first)),
        Situation::List => list(plan, first, count, random),
        Situation::LongList => {
            let all: Vec<String> = (0..count).map(number).collect();
            all.join(",").chars().take(140).collect()
        }
        Situation::Range => {
            let mut all: Vec<String> = (0..count).map(number).collect();
            all.sort_unstable();
            format!("Rechnungen {} bis {}", all[0], all[count - 1])
        }
        Situation::DueRun => "Ausgleich faelliger Posten".to_owned(),
        Situation::DiscountList => format!("{} abzgl. Skonto", list(plan, first, count, random)),
        Situation::Instalment => format!("2. Rate {}", number(0)),
        Situation::Halves => format!("{} Teil", number(0)),
        Situation::Joint => format!("{} und {}", number(0), number(1)),
        Situation::Discount | Situation::LateDiscount => {
            format!("{} abzgl. {}% Skonto", number(0), plan.items[first].discount)
        }
        Situation::PartPayment => format!("Teilzahlung {}", number(0)),
        Situation::CreditNote => format!("{} abzgl. {}", number(0), number(1)),
        Situation::ThirdParty => {
            format!("{} fuer {}", number(0), plan.customers[planned.customer as usize].name)
        }
        Situation::OtherCustomer
        | Situation::BeforeDouble
        | Situation::Double
        | Situation::Closed
        | Situation::Short
        | Situation::Converted
        | Situation::ChargesStated
        | Situation::ChargesKept
        | Situation::CreditUnnamed => {
            format!("Rechnung {}", number(0))
        }
        Situation::Overpayment | Situation::Factor | Situation::ForeignCurrency | Situation::NumberExact => {
            exact(&number(0), random)
        }
        Situation::Returned => format!("RUECKLASTSCHRIFT {}", number(0)),
        Situation::Debit => format!("RG {} KD {}", random.below(1_000_000), random.below(100_000)),
        Situation::Tax => "ERSTATTUNG UMSATZSTEUER 01/2026 ST.NR. 99/815/04711".to_owned(),
        Situation::Insurance => format!("Schaden Nr. 26-{:06} Regulierung", random.below(1_000_000)),
        Situation::CardSettlement => format!(
            "Kartenumsatz Terminal 54{:06} Beleg 0{}",
            random.below(1_000_000),
            random.below(9_999)
        ),
        Situation::RoundSum => ["a conto", "Akontozahlung", "", "wie besprochen"][random.below(4)].to_owned(),
        Situation::OwnReturned => format!("RUECKUEBERWEISUNG RG {}", random.below(1_000_000)),
        Situation::Interest => "Habenzinsen Februar 2026".to_owned(),
        Situation::OwnTransfer => "Umbuchung Liquiditaet".to_owned(),
        Situation::Prepayment => format!("Anzahlung Angebot {}", random.below(10_000)),
        Situation::Platform => "Payout 2026-02 net of fees".to_owned(),
        Situation::Structured => return Vec::new(),
        _ => ["Danke", "wie besprochen", "Zahlung", "payment", "货款", ""][random.below(6)].to_owned(),
    };
    if line.is_empty() { Vec::new() } else { vec![line] }
}

fn exact(number: &str, random: &mut Random) -> String {
    match random.below(6) {
        0 => number.to_owned(),
        1 => format!("Rechnung {number}"),
        2 => format!("INV {number}"),
        3 => format!("RG-NR {number} vom {:02}.01.26", random.between(1, 28)),
        4 => format!("货款 {number}"),
        _ => format!("Facture {number} merci"),
    }
}

fn reformatted(number: &str, random: &mut Random) -> String {
    let bare: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
    match random.below(5) {
        0 => number.to_lowercase(),
        1 => bare,
        2 => format!("Re.Nr. {}", number.replace('-', "/")),
        3 => format!(
            "RNR{}",
            number.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '-')
        ),
        _ => number.replace('-', " "),
    }
}

/// Returns the number with one digit wrong, or two swapped, so that it is nobody's number.
fn typo(plan: &Plan, number: &str, random: &mut Random) -> String {
    let is_taken = |written: &String| plan.numbers.binary_search(&digits(written)).is_ok();
    let mut written = one_wrong(number, random);
    for _ in 0..100 {
        if !is_taken(&written) {
            break;
        }
        written = one_wrong(number, random);
    }
    format!("Rechnung {written}")
}

fn one_wrong(number: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = number.chars().collect();
    let at = characters.len() - 1 - random.below(3);
    if characters[at] != characters[at - 1] && characters[at - 1].is_ascii_digit() && random.percent(50) {
        characters.swap(at, at - 1);
    } else {
        let digit = characters[at].to_digit(10).unwrap_or(0);
        characters[at] = char::from_digit((digit + 1 + random.below(9) as u32) % 10, 10).unwrap_or('0');
    }
    characters.into_iter().collect()
}

fn list(plan: &Plan, first: usize, count: usize, random: &mut Random) -> String {
    let numbers: Vec<String> = (0..count).map(|at| document_number(plan, first + at)).collect();
    let is_shared = numbers
        .iter()
        .all(|n| n.len() == numbers[0].len() && n[..n.len() - 4] == numbers[0][..n.len() - 4]);
    if is_shared && random.percent(50) {
        let tails: Vec<&str> = numbers[1..].iter().map(|n| &n[n.len() - 4..]).collect();
        return format!("{}/{}", numbers[0], tails.join("/"));
    }
    numbers.join([", ", " ", " + ", "; "][random.below(4)])
}
