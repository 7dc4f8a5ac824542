//! Turns planned payments into what banks write about them. Each payment has random numbers of its own, so that any one of
//! them can be written without the others.

use super::bank::{account, creditor_reference, iban, in_groups};
use super::camt::{CamtWriter, Details, Document, Entry, Head, Version, Who};
use super::names::{as_it_arrives, firm};
use super::plan::{Plan, Planned, Situation, day};
use super::random::Random;
use std::io::{self, Write};

pub const OWNER: &str = "Brennhagener Messgeräte GmbH";

/// Number of our accounts, each with a statement of its own.
pub const ACCOUNTS: usize = 4;

/// Returns one of our accounts.
pub fn our_account(position: usize) -> String {
    iban("DE", &format!("9999000100047110{position:02}"))
}

/// Returns the payments of one of our accounts, by position.
pub fn payments_of(plan: &Plan, position: usize) -> std::ops::Range<usize> {
    let total = plan.payments.len();
    total * position / ACCOUNTS..total * (position + 1) / ACCOUNTS
}

/// Returns what people find a payment by: AcctSvcrRef.
pub fn bank_reference(payment: usize) -> String {
    format!("N260302{payment:08}")
}

/// Returns the item_id of an item.
pub fn item_id(item: usize) -> String {
    (1_000_001 + item).to_string()
}

/// Returns the customer_id of a customer.
pub fn customer_id(customer: u32) -> String {
    format!("C{:06}", 100_001 + customer)
}

/// Returns the number that the customer knows it by.
pub fn customer_number(customer: u32) -> String {
    (2_400_017 + customer * 13).to_string()
}

/// Returns the document number of an item.
pub fn document_number(plan: &Plan, item: usize) -> String {
    let it = &plan.items[item];
    let kind = if it.is_credit { "G" } else { "" };
    match plan.customers[it.customer as usize].style {
        0 => format!("{kind}{}", 4_100_000 + it.counter),
        1 => format!(
            "{}-{}-{:06}",
            if it.is_credit { "GS" } else { "RE" },
            it.issued().format("%Y"),
            it.counter
        ),
        _ => format!("{kind}{}-{:05}", it.issued().format("%y%m"), it.counter),
    }
}

/// Returns the customer's order number of an item.
pub fn order_number(item: usize) -> String {
    format!("45{:08}", (item as u64 * 7_919 + 100_003) % 100_000_000)
}

/// Returns the account that a customer pays from.
pub fn customer_account(plan: &Plan, customer: u32) -> String {
    let mut random = Random::new(plan.sizes.seed, 1_000_000 + u64::from(customer));
    account(plan.customers[customer as usize].country, &mut random)
}

/// Returns the account of a factoring firm: many customers' money comes from it.
pub fn factor_account() -> String {
    iban("DE", "999970000815471100")
}

/// Writes the statement of one account.
pub fn statement<W: Write>(plan: &Plan, position: usize, out: W) -> io::Result<()> {
    let payments = payments_of(plan, position);
    let opening = 2_500_000_000;
    let is_booked = |payment: &&Planned| payment.situation != Situation::Pending;
    let movements: i64 = plan.payments[payments.clone()]
        .iter()
        .filter(is_booked)
        .map(|p| p.amount)
        .sum();
    let account = our_account(position);
    let head = Head {
        message_id: format!("NIGHT-{}-{position}", plan.sizes.seed),
        statement_id: format!("2026-03-02-{position}"),
        sequence: 61,
        day: day(),
        account: &account,
        currency: "EUR",
        owner: OWNER,
        bic: "XNRDDEFFXXX",
        opening_code: "OPBD",
        opening,
        closing: opening + movements,
        summary: None,
    };
    let mut writer = CamtWriter::begin(out, Version::V08, &head)?;
    for payment in payments {
        writer.entry(&entry(plan, payment, &account))?;
    }
    writer.finish().map(|_| ())
}

fn entry(plan: &Plan, payment: usize, account: &str) -> Entry {
    let planned = &plan.payments[payment];
    let situation = planned.situation;
    let is_lump = situation == Situation::Lump;
    let details = if is_lump {
        Vec::new()
    } else {
        vec![details(plan, payment, account)]
    };
    Entry {
        reference: (payment + 1).to_string(),
        servicer_reference: bank_reference(payment),
        amount: planned.amount,
        is_reversal: false,
        status: if situation == Situation::Pending {
            "PDNG"
        } else {
            "BOOK"
        },
        booking_date: day(),
        value_date: day(),
        code: match situation {
            Situation::Debit => ["PMNT", "ICDT", "ESCT"],
            Situation::Returned => ["PMNT", "IDDT", "UPDD"],
            Situation::Interest => ["ACMT", "MCOP", "INTR"],
            Situation::ForeignCurrency => ["PMNT", "RCDT", "XBCT"],
            _ => ["PMNT", "RCDT", "ESCT"],
        },
        proprietary: if planned.amount < 0 { "NTRF+116" } else { "NTRF+166" },
        charges: Vec::new(),
        batch: is_lump.then(|| (format!("LUMP-{payment}"), 2 + payment as u64 % 40)),
        details,
        information: if planned.amount < 0 {
            "SEPA-UEBERWEISUNG"
        } else {
            "SEPA-GUTSCHRIFT"
        }
        .to_owned(),
    }
}

fn details(plan: &Plan, payment: usize, account_number: &str) -> Details {
    let planned = &plan.payments[payment];
    let mut random = Random::new(plan.sizes.seed ^ 0x6e69_6768_7473, payment as u64);
    let (payer, unstructured) = (who(plan, planned, &mut random), words(plan, planned, &mut random));
    let own = Who {
        name: OWNER.to_owned(),
        account: account_number.to_owned(),
        ..Who::default()
    };
    let (debtor, creditor) = if planned.amount < 0 { (own, payer) } else { (payer, own) };
    let first = planned.first as usize;
    let number = |at: usize| document_number(plan, first + at);
    let documents = match planned.situation {
        Situation::Structured => (0..usize::from(planned.count))
            .map(|at| {
                let item = &plan.items[first + at];
                let (date, due) = (item.issued(), item.amount);
                Document {
                    kind: "CINV",
                    number: number(at),
                    date,
                    due,
                    discount: 0,
                    remitted: due,
                }
            })
            .collect(),
        _ => Vec::new(),
    };
    let is_referenced = planned.situation == Situation::CreditorReference && payment.is_multiple_of(2);
    Details {
        end_to_end_id: match planned.situation {
            Situation::EndToEndOnly => number(0),
            _ if random.percent(25) => format!("E{:09}", random.below(1_000_000_000)),
            _ => "NOTPROVIDED".to_owned(),
        },
        transaction_id: format!("T{:016x}", random.next()),
        amount: planned.amount,
        instructed: (planned.situation == Situation::ForeignCurrency)
            .then(|| (plan.items[first].amount, "USD", "1.08562".to_owned())),
        debtor,
        creditor,
        unstructured,
        documents,
        creditor_reference: is_referenced.then(|| ("SCOR", creditor_reference(&number(0)))),
        return_reason: (planned.situation == Situation::Returned).then_some(("AM04", "Deckung fehlt")),
        ..Details::default()
    }
}

/// Returns who pays, as the bank names it.
fn who(plan: &Plan, planned: &Planned, random: &mut Random) -> Who {
    let stranger = |name: String, country: &str, random: &mut Random| Who {
        name,
        account: account(country, random),
        bic: format!("XANY{country}XXXXX"),
        ..Who::default()
    };
    match planned.situation {
        Situation::Debit | Situation::Unknown | Situation::UnknownByChance => {
            let (country, name) = firm(random);
            stranger(format!("{name} Nachfolger"), country, random)
        }
        Situation::ThirdParty => stranger(format!("Kanzlei Dr. Abendroth-{}", random.below(90)), "DE", random),
        Situation::Platform => stranger("Marktwirbel Handelsplatz S.à r.l.".to_owned(), "FR", random),
        Situation::Tax => stranger("Finanzamt Birkenrode".to_owned(), "DE", random),
        Situation::Interest => stranger("Handelsbank Nordmark AG".to_owned(), "DE", random),
        Situation::OwnTransfer => Who {
            name: OWNER.to_owned(),
            account: our_account(ACCOUNTS - 1),
            ..Who::default()
        },
        Situation::Factor => Who {
            name: "Kontorfaktor Factoring AG".to_owned(),
            account: factor_account(),
            ..Who::default()
        },
        situation => {
            let payer = if situation == Situation::OtherCustomer {
                plan.items[planned.first as usize + 1].customer
            } else {
                planned.customer
            };
            let customer = &plan.customers[payer as usize];
            let is_exact = matches!(
                situation,
                Situation::NameAndAmount | Situation::Homonyms | Situation::Subset
            );
            let is_new_account = matches!(situation, Situation::NameAndAmount | Situation::Homonyms);
            Who {
                name: if is_exact {
                    customer.name.clone()
                } else {
                    as_it_arrives(&customer.name, random)
                },
                city: String::new(),
                country: customer.country.to_owned(),
                account: if is_new_account {
                    account(customer.country, random)
                } else {
                    customer_account(plan, payer)
                },
                bic: format!("XANY{}XXXXX", customer.country),
            }
        }
    }
}

/// Returns what the payer writes, as lines.
fn words(plan: &Plan, planned: &Planned, random: &mut Random) -> Vec<String> {
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
        Situation::NumberTypo => typo(&number(0), random),
        Situation::NumberCut => {
            let number = number(0);
            let filler = "wie telefonisch mit Ihrer Buchhaltung vereinbart und abzueglich nichts, ".repeat(2);
            let text = format!("{filler}Rechnung {}", &number[..number.len() - 2]);
            text[text.len().saturating_sub(140)..].to_owned()
        }
        Situation::CreditorReference => in_groups(&creditor_reference(&number(0))),
        Situation::OrderNumber => format!("Bestellung {}", order_number(first)),
        Situation::List => list(plan, first, count, random),
        Situation::LongList => {
            let all: Vec<String> = (0..count).map(number).collect();
            all.join(",").chars().take(140).collect()
        }
        Situation::DueRun => "Ausgleich faelliger Posten".to_owned(),
        Situation::Discount => format!("{} abzgl. {}% Skonto", number(0), plan.items[first].discount),
        Situation::PartPayment => format!("Teilzahlung {}", number(0)),
        Situation::CreditNote => format!("{} abzgl. {}", number(0), number(1)),
        Situation::ThirdParty => {
            format!("{} fuer {}", number(0), plan.customers[planned.customer as usize].name)
        }
        Situation::OtherCustomer | Situation::Double | Situation::Closed | Situation::Short => {
            format!("Rechnung {}", number(0))
        }
        Situation::Overpayment | Situation::Factor | Situation::ForeignCurrency | Situation::NumberExact => {
            exact(&number(0), random)
        }
        Situation::Returned => format!("RUECKLASTSCHRIFT {}", number(0)),
        Situation::Debit => format!("RG {} KD {}", random.below(1_000_000), random.below(100_000)),
        Situation::Tax => "ERSTATTUNG UMSATZSTEUER 01/2026 ST.NR. 99/815/04711".to_owned(),
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

/// Returns the number with one digit wrong, or two swapped.
fn typo(number: &str, random: &mut Random) -> String {
    let mut characters: Vec<char> = number.chars().collect();
    let last = characters.len() - 1;
    if characters[last] != characters[last - 1] && random.percent(50) {
        characters.swap(last, last - 1);
    } else {
        let digit = characters[last - 1].to_digit(10).unwrap_or(0);
        characters[last - 1] = char::from_digit((digit + 1 + random.below(8) as u32) % 10, 10).unwrap_or('0');
    }
    format!("Rechnung {}", characters.into_iter().collect::<String>())
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
