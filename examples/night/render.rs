//! Turns planned payments into what banks write about them. Each payment has random numbers of its own, so that any one of
//! them can be written without the others.

use super::bank::{account, creditor_reference, iban, swiss_reference};
use super::camt::{CamtWriter, Details, Document, Entry, Head, Version, Who};
use super::names::{as_it_arrives, firm};
use super::plan::{Plan, Planned, Situation, day};
use super::random::Random;
use super::text::words;
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

/// Returns the reference that the payer is asked to write: Swiss for every third customer, else of ISO 11649.
pub fn creditor_of(plan: &Plan, item: usize) -> String {
    if plan.items[item].customer % 3 == 1 {
        swiss_reference(21_000_000_000_000 + item as u64)
    } else {
        creditor_reference(&document_number(plan, item))
    }
}

/// Returns who pays for a customer, as the history knows it; only some customers have one.
pub fn payer_for(plan: &Plan, customer: u32) -> Option<(String, String)> {
    let mut random = Random::new(plan.sizes.seed, 2_000_000 + u64::from(customer));
    let name = format!("Zahlstelle Abendroth {customer} OHG");
    customer.is_multiple_of(7).then(|| (name, account("DE", &mut random)))
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
        value_date: if situation == Situation::BeforeDouble {
            day().pred_opt().unwrap_or_default()
        } else {
            day()
        },
        code: match situation {
            Situation::Debit => ["PMNT", "ICDT", "ESCT"],
            Situation::Returned => ["PMNT", "IDDT", "UPDD"],
            Situation::OwnReturned => ["PMNT", "ICDT", "RRTN"],
            Situation::Interest => ["ACMT", "MCOP", "INTR"],
            Situation::ForeignCurrency | Situation::Converted | Situation::ChargesStated | Situation::ChargesKept => {
                ["PMNT", "RCDT", "XBCT"]
            }
            _ => ["PMNT", "RCDT", "ESCT"],
        },
        proprietary: if planned.amount < 0 { "NTRF+116" } else { "NTRF+166" },
        charges: if situation == Situation::ChargesStated {
            vec![plan.items[planned.first as usize].amount - planned.amount]
        } else {
            Vec::new()
        },
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
    let is_structured = payment.is_multiple_of(2);
    let creditor_reference = match planned.situation {
        Situation::CreditorReference if is_structured => Some(("SCOR", creditor_of(plan, first))),
        Situation::SwissReference if is_structured => Some(("QRR", creditor_of(plan, first))),
        _ => None,
    };
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
        creditor_reference,
        return_reason: match planned.situation {
            Situation::Returned => Some(("AM04", "Deckung fehlt")),
            Situation::OwnReturned => Some(("AC04", "Konto aufgeloest")),
            _ => None,
        },
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
        Situation::Debit | Situation::Unknown | Situation::UnknownByChance | Situation::OwnReturned => {
            let (country, name) = firm(random);
            stranger(format!("{name} Nachfolger"), country, random)
        }
        Situation::ThirdParty => stranger(format!("Kanzlei Dr. Abendroth-{}", random.below(90)), "DE", random),
        Situation::Platform => stranger("Marktwirbel Handelsplatz S.à r.l.".to_owned(), "FR", random),
        Situation::Tax => stranger("Finanzamt Birkenrode".to_owned(), "DE", random),
        Situation::Insurance => stranger("Seerose Versicherung AG".to_owned(), "DE", random),
        Situation::CardSettlement => stranger("Kassenfluss Kartenabrechnung GmbH".to_owned(), "DE", random),
        Situation::Interest => stranger("Handelsbank Nordmark AG".to_owned(), "DE", random),
        Situation::OwnTransfer => Who {
            name: OWNER.to_owned(),
            account: our_account(ACCOUNTS - 1),
            ..Who::default()
        },
        Situation::ThirdPartyKnown => {
            let (name, account) = payer_for(plan, planned.customer).unwrap_or_default();
            Who {
                name,
                account,
                ..Who::default()
            }
        }
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
