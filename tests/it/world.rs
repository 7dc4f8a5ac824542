//! A small world for matching: the shipped options, and items, customers and payments made from a few words.

use paymatch::assign::{Policy, assign, explain};
use paymatch::model::customer::{CustomerName, NameKind};
use paymatch::model::knowledge::Knowledge;
use paymatch::model::open_item::CashDiscount;
use paymatch::model::payment::{PayerName, PayerRole};
use paymatch::model::reference::{CreditorReference, ReferredAmount, ReferredDocument};
use paymatch::model::{
    Amount, Currency, Customer, Explanation, ItemKind, NaiveDate, OpenItem, Payment, PaymentId, Source, Standing,
    Verdict, date, money, party,
};
use paymatch::propose::{Options, Proposal, prepare, propose};

/// The part of the settings that the matcher reads.
#[derive(serde::Deserialize)]
pub struct Shipped {
    /// Weights and limits.
    pub matching: Options,
    /// Policy.
    pub policy: Policy,
}

/// Returns what the program ships.
pub fn shipped() -> Shipped {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/paymatch.toml");
    let text = std::fs::read_to_string(path).expect(path);
    let shipped: Shipped = toml::from_str(&text).expect("shipped settings");
    shipped.policy.classes().expect("classes of the shipped policy");
    shipped
}

/// Items, customers, knowledge and payments.
#[derive(Clone, Default)]
pub struct World {
    pub items: Vec<OpenItem>,
    pub customers: Vec<Customer>,
    pub knowledge: Knowledge,
    pub payments: Vec<Payment>,
}

impl World {
    /// Returns one verdict per payment.
    pub fn judge(&self, shipped: &Shipped) -> Vec<Verdict> {
        let book = prepare(&self.items, &self.customers, &self.knowledge, &shipped.matching);
        let mut proposals: Vec<Proposal> = self.payments.iter().map(|payment| propose(&book, payment)).collect();
        let payments: Vec<&Payment> = self.payments.iter().collect();
        assign(&book, &payments, &mut proposals, &shipped.policy)
    }

    /// Returns one explanation per payment.
    pub fn explain(&self, shipped: &Shipped) -> Vec<Explanation> {
        let book = prepare(&self.items, &self.customers, &self.knowledge, &shipped.matching);
        let mut proposals: Vec<Proposal> = self.payments.iter().map(|payment| propose(&book, payment)).collect();
        let payments: Vec<&Payment> = self.payments.iter().collect();
        let verdicts = assign(&book, &payments, &mut proposals, &shipped.policy);
        verdicts.into_iter().map(|verdict| explain(&book, verdict)).collect()
    }
}

pub fn source() -> Source {
    Source::file("story")
}

pub fn day(text: &str) -> NaiveDate {
    date::parse_iso(text).unwrap_or_else(|| panic!("`{text}` is a day"))
}

pub fn amount(text: &str) -> Amount {
    let (number, code) = text.rsplit_once(' ').unwrap_or((text, "EUR"));
    let currency = Currency::new(code).unwrap_or_else(|| panic!("currency of `{text}`"));
    let minor = money::parse_signed(number, currency.decimals()).unwrap_or_else(|error| panic!("`{text}`: {error:?}"));
    Amount::new(minor, currency)
}

pub fn customer(id: &str, name: &str) -> Customer {
    Customer {
        id: id.to_owned(),
        number: String::new(),
        names: vec![CustomerName {
            text: name.to_owned(),
            kind: NameKind::Legal,
        }],
        accounts: Vec::new(),
        tax_id: String::new(),
        parent_id: String::new(),
        salesperson: String::new(),
        country: String::new(),
        city: String::new(),
        terms_days: None,
        source: source(),
    }
}

pub fn item(id: &str, customer: &str, name: &str, number: &str, open: Amount) -> OpenItem {
    OpenItem {
        id: id.into(),
        kind: if open.minor < 0 {
            ItemKind::CreditNote
        } else {
            ItemKind::Invoice
        },
        customer_id: customer.into(),
        customer_name: name.into(),
        document_number: number.into(),
        purchase_order: "".into(),
        other_references: Vec::new(),
        issue_date: None,
        due_date: None,
        original_amount: open.minor,
        open_amount: open.minor,
        currency: open.currency,
        cash_discounts: Vec::new(),
        salesperson: "".into(),
        is_disputed: false,
        is_held: false,
        company: "".into(),
        closed_on: None,
        source: source(),
    }
}

pub fn payment(id: &str, paid: Amount, payer: &str, text: &str, on: NaiveDate) -> Payment {
    let mut payment = Payment {
        id: PaymentId(id.to_owned()),
        account: "DE00OURS".into(),
        company: "".into(),
        booking_date: on,
        value_date: Some(on),
        amount: paid,
        instructed_amount: None,
        charges: 0,
        bank_ref: id.into(),
        payer_names: Vec::new(),
        payer_account: None,
        references: Default::default(),
        remittance: Default::default(),
        additional_texts: Vec::new(),
        bank_code: "".into(),
        return_reason: None,
        batch_count: None,
        notified: None,
        correction: None,
        decided_customers: Vec::new(),
        standing: Standing::Receipt,
        source: source(),
    };
    if !payer.is_empty() {
        payment.payer_names.push(PayerName {
            role: PayerRole::Counterparty,
            text: payer.into(),
        });
    }
    if !text.is_empty() {
        payment.remittance.unstructured = text.split('\n').map(str::to_owned).collect();
    }
    payment
}

/// Reads a story: one fact per line, fields divided by `|`.
pub fn read(story: &str) -> World {
    let mut world = World::default();
    for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let fields: Vec<&str> = line.split('|').map(str::trim).collect();
        let (word, rest) = fields[0].split_once(' ').unwrap_or((fields[0], ""));
        match word {
            "customer" => world.customers.push(read_customer(rest, &fields[1..])),
            "open" | "closed" => {
                let at = world.items.len() + 1;
                world.items.push(read_item(at, word, rest, &fields[1..]));
            }
            "known" => know(&mut world.knowledge, rest, &fields[1..]),
            "paid" => {
                let at = world.payments.len() + 1;
                world.payments.push(read_payment(at, rest, &fields[1..]));
            }
            _ => panic!("`{word}` is no word of stories: {line}"),
        }
    }
    world
}

fn read_customer(id: &str, fields: &[&str]) -> Customer {
    let mut customer = customer(id, fields.first().copied().unwrap_or(""));
    for field in &fields[1..] {
        let (word, value) = field.split_once(' ').unwrap_or((field, ""));
        match word {
            "account" => customer.accounts.push(party::account_number(value)),
            "number" => customer.number = value.to_owned(),
            "parent" => customer.parent_id = value.to_owned(),
            "alias" => customer.names.push(CustomerName {
                text: value.into(),
                kind: NameKind::Trading,
            }),
            _ => panic!("`{field}` of a customer"),
        }
    }
    customer
}

fn read_item(at: usize, word: &str, number: &str, fields: &[&str]) -> OpenItem {
    let open = amount(fields[2]);
    let mut record = item(&format!("i{at}"), fields[0], fields[1], number, open);
    record.due_date = Some(day("2026-03-31"));
    if word == "closed" {
        record.open_amount = 0;
        record.closed_on = Some(day("2026-02-27"));
    }
    for field in &fields[3..] {
        let (word, value) = field.split_once(' ').unwrap_or((field, ""));
        match word {
            "due" => record.due_date = Some(day(value)),
            "issued" => record.issue_date = Some(day(value)),
            "order" => record.purchase_order = value.into(),
            "ref" => record.other_references.push(value.into()),
            "disputed" => record.is_disputed = true,
            "company" => record.company = value.into(),
            "of" => record.original_amount = amount(&format!("{value} {}", open.currency)).minor,
            "discount" => {
                let (percent, until) = value.split_once("% until ").expect(value);
                record.cash_discounts.push(CashDiscount {
                    percent: percent.parse().expect(value),
                    until: day(until),
                });
            }
            _ => panic!("`{field}` of an item"),
        }
    }
    record
}

/// `known account DE1 | C1 | 3` or `known name Nordwind | C1 | 2`.
fn know(knowledge: &mut Knowledge, what: &str, fields: &[&str]) {
    let (word, value) = what.split_once(' ').expect(what);
    if word == "shared" {
        knowledge.shared_accounts.insert(party::account_number(value));
        return;
    }
    let count: u32 = fields[1].parse().expect(what);
    let map = match word {
        "account" => knowledge.accounts.entry(party::account_number(value)).or_default(),
        "name" => knowledge.aliases.entry(value.to_owned()).or_default(),
        _ => panic!("`known {word}`"),
    };
    *map.entry(fields[0].to_owned()).or_default() += count;
}

fn read_payment(at: usize, paid: &str, fields: &[&str]) -> Payment {
    let payer = fields.first().copied().unwrap_or("");
    let text = fields.get(1).copied().unwrap_or("").replace("\\n", "\n");
    let mut payment = payment(&format!("p{at}"), amount(paid), payer, &text, day("2026-03-10"));
    for field in fields.iter().skip(2) {
        let (word, value) = field.split_once(' ').unwrap_or((field, ""));
        match word {
            "on" => {
                payment.booking_date = day(value);
                payment.value_date = Some(day(value));
            }
            "account" => payment.payer_account = Some(party::account_number(value).into()),
            "company" => payment.company = value.into(),
            "e2e" => payment.references.end_to_end_id = Some(value.into()),
            "ordered" => payment.instructed_amount = Some(amount(value)),
            "charges" => payment.charges = amount(&format!("{value} {}", payment.amount.currency)).minor,
            "for" => payment.payer_names.push(PayerName {
                role: PayerRole::Ultimate,
                text: value.into(),
            }),
            "creditor" => payment.remittance.creditor_references.push(CreditorReference {
                reference: value.into(),
                ..Default::default()
            }),
            "document" => payment
                .remittance
                .referred_documents
                .push(read_document(value, payment.amount.currency)),
            "returned" => payment.standing = Standing::Held(paymatch::model::Reason::Returned),
            _ => panic!("`{field}` of a payment"),
        }
    }
    payment
}

/// `RE-1 98.00 discount 2.00`.
fn read_document(value: &str, currency: Currency) -> ReferredDocument {
    let words: Vec<&str> = value.split(' ').collect();
    let of = |element: &str, written: &str| ReferredAmount {
        element: element.to_owned(),
        amount: amount(&format!("{written} {currency}")),
        side: None,
        reason: None,
    };
    let mut amounts = vec![of("RmtdAmt", words[1])];
    if let Some(discount) = words.get(3) {
        amounts.push(of("DscntApldAmt", discount));
    }
    ReferredDocument {
        kind: Some("CINV".into()),
        number: Some(words[0].into()),
        date: None,
        amounts,
    }
}
