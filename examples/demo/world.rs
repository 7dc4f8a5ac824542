//! The demo's company, its customers, its open items and its receipts, and the truth about each receipt.

use super::customers::CUSTOMERS;
use crate::night::bank::{account, iban};
use crate::night::camt::Document;
use crate::night::random::Random;
use anyhow::{Context, Result};
use paymatch::model::NaiveDate;
use paymatch::model::date::Datelike;
use std::collections::{BTreeMap, BTreeSet};

pub const OWNER: &str = "Brennhagener Messgeräte GmbH";

/// Our accounts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Ours {
    /// EUR, camt.053.001.08, two days.
    Main,
    /// CHF, camt.053.001.02, one day.
    Swiss,
    /// CNY, a Chinese bank's CSV in GB18030.
    Yuan,
    /// EUR, a German savings bank's CSV.
    Savings,
}

impl Ours {
    /// Returns the account number.
    pub fn number(self) -> String {
        match self {
            Ours::Main => iban("DE", "999900010004711000"),
            Ours::Swiss => iban("CH", "09999000260308150"),
            Ours::Yuan => "9999023019200047110".to_owned(),
            Ours::Savings => iban("DE", "999950020008150042"),
        }
    }

    /// Returns its currency.
    pub fn currency(self) -> &'static str {
        match self {
            Ours::Main | Ours::Savings => "EUR",
            Ours::Swiss => "CHF",
            Ours::Yuan => "CNY",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Customer {
    pub id: String,
    pub number: String,
    pub name: String,
    pub country: String,
    pub city: String,
    pub currency: &'static str,
    pub aliases: String,
    pub english: String,
    pub account: String,
    /// Accounts of the master data; empty where the ERP knows none.
    pub known_accounts: Vec<String>,
    pub terms: i64,
    /// Percent and days of cash discount; 0 for none.
    pub discount: (i64, i64),
    pub tax_id: String,
    pub parent: String,
    pub salesperson: &'static str,
    /// Used by a story: the bulk leaves it alone.
    pub is_reserved: bool,
}

#[derive(Clone, Debug)]
pub struct Item {
    pub id: String,
    pub customer: usize,
    pub kind: &'static str,
    pub number: String,
    pub order: String,
    pub issued: NaiveDate,
    pub due: NaiveDate,
    pub currency: &'static str,
    pub amount: i64,
    pub open: i64,
    pub discount: Option<(i64, NaiveDate)>,
    pub creditor_reference: String,
    pub end_to_end_id: String,
    pub mandate_id: String,
    pub external_reference: String,
    pub is_disputed: bool,
    pub closed_on: Option<NaiveDate>,
}

/// What is right for a receipt.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    pub outcome: &'static str,
    pub documents: Vec<String>,
    pub reason: &'static str,
    pub story: String,
}

/// One payment on a statement.
#[derive(Clone, Debug)]
pub struct Receipt {
    pub ours: Ours,
    pub day: u32,
    pub amount: i64,
    pub payer: String,
    pub payer_city: String,
    pub payer_country: String,
    pub payer_account: String,
    pub lines: Vec<String>,
    pub end_to_end_id: String,
    pub mandate_id: String,
    pub ultimate: String,
    pub creditor_reference: Option<(&'static str, String)>,
    pub documents: Vec<Document>,
    pub instructed: Option<(i64, &'static str, String)>,
    pub charges: Vec<i64>,
    pub is_reversal: bool,
    pub status: &'static str,
    pub code: [&'static str; 3],
    pub return_reason: Option<(&'static str, &'static str)>,
    /// Receipts of the same group are one entry with several details.
    pub group: Option<u32>,
    /// Number of payments that the bank lumped together without details.
    pub lump: Option<u64>,
    /// Surplus of the entry over its details, in minor units.
    pub surplus: i64,
    pub information: &'static str,
    pub truth: Truth,
}

#[derive(Clone, Debug)]
pub struct Past {
    pub date: NaiveDate,
    pub payer: String,
    pub account: String,
    pub text: String,
    pub amount: i64,
    pub currency: &'static str,
    pub customer: usize,
    pub documents: String,
    pub deduction: i64,
}

pub struct World {
    pub random: Random,
    pub customers: Vec<Customer>,
    pub items: Vec<Item>,
    pub receipts: Vec<Receipt>,
    pub history: Vec<Past>,
    used_amounts: BTreeSet<(&'static str, i64)>,
    /// Numbers given on a day, by series and day.
    given: BTreeMap<(&'static str, NaiveDate), u32>,
}

/// Returns a day of March 2026.
pub fn march(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default()
}

/// Returns the day that lies `days` before 2 March 2026.
pub fn before(days: i64) -> NaiveDate {
    march(2) - chrono::TimeDelta::days(days)
}

impl World {
    /// Returns the company with its customers, and nothing owed yet.
    pub fn new() -> World {
        let mut random = Random::new(20_260_302, 1);
        let customers = CUSTOMERS
            .lines()
            .enumerate()
            .map(|(position, line)| customer(position, line, &mut random))
            .collect();
        World {
            random: Random::new(20_260_302, 2),
            customers,
            items: Vec::new(),
            receipts: Vec::new(),
            history: Vec::new(),
            used_amounts: BTreeSet::new(),
            given: BTreeMap::new(),
        }
    }

    /// Returns the customer whose name begins so, and keeps it for a story.
    pub fn take(&mut self, name: &str) -> Result<usize> {
        let found = self.customers.iter().position(|c| c.name.starts_with(name));
        let position = found.with_context(|| format!("no customer `{name}`"))?;
        self.customers[position].is_reserved = true;
        Ok(position)
    }

    /// Returns an amount that no other item has.
    pub fn fresh_amount(&mut self, currency: &'static str) -> i64 {
        loop {
            let factor = if currency == "CNY" { 6 } else { 1 };
            let amount = self.random.amount() * factor;
            if self.used_amounts.insert((currency, amount)) {
                return amount;
            }
        }
    }

    /// Adds an invoice issued `age` days before 2 March, with the customer's terms.
    pub fn invoice(&mut self, customer: usize, amount: i64, age: i64) -> usize {
        self.item(customer, "INV", amount, age)
    }

    /// Adds an item of that kind.
    pub fn item(&mut self, customer: usize, kind: &'static str, amount: i64, age: i64) -> usize {
        let owner = self.customers[customer].clone();
        let issued = before(age);
        let number = self.next_number(kind, owner.currency, issued);
        self.used_amounts.insert((owner.currency, amount));
        let (percent, days) = owner.discount;
        let is_discounted = kind == "INV" && percent > 0;
        let position = self.items.len();
        self.items.push(Item {
            id: format!("{}", 800_001 + position),
            customer,
            kind,
            number,
            order: String::new(),
            issued,
            due: issued + chrono::TimeDelta::days(owner.terms),
            currency: owner.currency,
            amount,
            open: amount,
            discount: is_discounted.then(|| (percent, issued + chrono::TimeDelta::days(days))),
            creditor_reference: String::new(),
            end_to_end_id: String::new(),
            mandate_id: String::new(),
            external_reference: String::new(),
            is_disputed: false,
            closed_on: None,
        });
        position
    }

    /// Returns the next number of a day. Numbers grow with the day, as those of an ERP do; at most 25 a day and series.
    fn next_number(&mut self, kind: &str, currency: &str, issued: NaiveDate) -> String {
        let series = match (kind, currency) {
            ("CRN", _) => "GS",
            ("DPR", _) => "AN",
            ("PAY", _) => "ZE",
            (_, "CHF") => "CH",
            (_, "CNY") => "XS",
            _ => "RE",
        };
        let given = self.given.entry((series, issued)).or_default();
        *given += 1;
        number(series, issued, *given)
    }

    /// Returns the number of an item.
    pub fn number(&self, item: usize) -> String {
        self.items[item].number.clone()
    }

    /// Adds a payment of a customer from its own account. Its truth is to be said by [`World::tell`].
    pub fn paid(&mut self, ours: Ours, day: u32, customer: usize, amount: i64, text: &str) -> usize {
        let payer = self.customers[customer].clone();
        let position = self.unknown(ours, day, &payer.name, amount, text);
        let receipt = &mut self.receipts[position];
        receipt.payer_city = payer.city;
        receipt.payer_country = payer.country;
        receipt.payer_account = payer.account;
        position
    }

    /// Adds a payment of somebody.
    pub fn unknown(&mut self, ours: Ours, day: u32, payer: &str, amount: i64, text: &str) -> usize {
        let country = if ours == Ours::Yuan { "CN" } else { "DE" };
        let payer_account = account(country, &mut self.random);
        let code = if amount < 0 {
            ["PMNT", "ICDT", "ESCT"]
        } else {
            ["PMNT", "RCDT", "ESCT"]
        };
        let information = if amount < 0 {
            "SEPA-UEBERWEISUNG"
        } else {
            "SEPA-GUTSCHRIFT"
        };
        self.receipts.push(Receipt {
            ours,
            day,
            amount,
            payer: payer.to_owned(),
            payer_city: String::new(),
            payer_country: String::new(),
            payer_account,
            lines: text
                .split('\n')
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect(),
            end_to_end_id: "NOTPROVIDED".to_owned(),
            mandate_id: String::new(),
            ultimate: String::new(),
            creditor_reference: None,
            documents: Vec::new(),
            instructed: None,
            charges: Vec::new(),
            is_reversal: false,
            status: "BOOK",
            code,
            return_reason: None,
            group: None,
            lump: None,
            surplus: 0,
            information,
            truth: Truth::default(),
        });
        self.receipts.len() - 1
    }

    /// Says that the receipt settles these items and may be posted.
    pub fn posted(&mut self, receipt: usize, items: &[usize], story: &str) {
        self.tell(receipt, "posted", items, "", story);
    }

    /// Says what is right for a receipt.
    pub fn tell(&mut self, receipt: usize, outcome: &'static str, items: &[usize], reason: &'static str, story: &str) {
        let documents = items.iter().map(|item| self.number(*item)).collect();
        self.receipts[receipt].truth = Truth {
            outcome,
            documents,
            reason,
            story: story.to_owned(),
        };
    }
}

/// Returns the number of the `nth` document of that day in a series.
pub fn number(series: &str, issued: NaiveDate, nth: u32) -> String {
    let year = issued.year();
    let in_year = issued.ordinal() * 30 + nth;
    match series {
        "XS" => format!("XS{}-{:04}", issued.format("%Y%m"), issued.day() * 30 + nth),
        "CH" => format!("CH{:02}-{}", year % 100, 1_000 + in_year),
        "RE" => format!("RE-{year}-{in_year:05}"),
        other => format!("{other}-{year}-{in_year:04}"),
    }
}

fn customer(position: usize, line: &str, random: &mut Random) -> Customer {
    let mut cells = line.split('|').map(str::to_owned);
    let mut next = || cells.next().unwrap_or_default();
    let (name, country, city, currency, aliases, english) = (next(), next(), next(), next(), next(), next());
    let account = account(&country, random);
    let currency = match currency.as_str() {
        "CHF" => "CHF",
        "CNY" => "CNY",
        "USD" => "USD",
        _ => "EUR",
    };
    let has_discount = matches!(country.as_str(), "DE" | "AT") && random.percent(35);
    let is_known = random.percent(78);
    Customer {
        id: format!("C{:05}", 10_001 + position),
        number: format!("{}", 240_017 + position * 13),
        name,
        tax_id: tax_id(&country, random),
        country,
        city,
        currency,
        aliases,
        english,
        known_accounts: if is_known { vec![account.clone()] } else { Vec::new() },
        account,
        terms: [14, 30, 30, 30, 45, 60][random.below(6)],
        discount: if has_discount {
            ([2, 2, 3][random.below(3)], 10)
        } else {
            (0, 0)
        },
        parent: String::new(),
        salesperson: random.pick(&["Ines Quandt", "Jorrit Bakx", "Maëlle Sorbier", "宋望舒", "Tilo Ranft"]),
        is_reserved: false,
    }
}

fn tax_id(country: &str, random: &mut Random) -> String {
    match country {
        "DE" => format!("DE9{:08}", random.below(100_000_000)),
        "NL" => format!("NL9{:08}B99", random.below(100_000_000)),
        "FR" => format!("FR99{:09}", random.below(1_000_000_000)),
        "CN" => format!("91999900MA9{:07}", random.below(10_000_000)),
        "CH" => format!(
            "CHE-9{:02}.{:03}.{:03}",
            random.below(100),
            random.below(1_000),
            random.below(1_000)
        ),
        _ => String::new(),
    }
}
