//! Makes labelled nights: payments from known truths.
//!
//! Rough on purpose, and deterministic; names, numbering and noise differ from world to world, so that nothing is tuned to one of them.

mod traps;

use crate::world::{World, customer, item, payment};
use paymatch::model::date::Days;
use paymatch::model::open_item::CashDiscount;
use paymatch::model::{Amount, Currency, NaiveDate};

/// A generator of numbers: the same on every machine.
pub struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) ^ (self.0 >> 17)) % sides.max(1)
    }

    fn pick<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.roll(values.len() as u64) as usize]
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.roll(100) < percent
    }
}

const BRANDS: &[&str] = &[
    "Nordwind",
    "Kranich",
    "Lichtenfels",
    "Bramsche",
    "Falkenau",
    "Oderberg",
    "Quellhof",
    "Steinwald",
    "Wiesengrund",
    "Zellmar",
    "Ahornix",
    "Birkenhain",
    "Dornbusch",
    "Eichsfeld",
    "Finkenau",
    "Greifenstein",
    "Hasselbach",
    "Immenhof",
    "Juraline",
    "Kestrel",
    "Larkhill",
    "Maplewood",
    "Norbury",
    "Oakshott",
    "Pennfield",
    "Quorndale",
    "Ravensby",
    "Silverbrook",
    "Thornbury",
    "Underhill",
    "Vandermeer",
    "Westhoek",
    "Zuiderveld",
    "Brouwershaven",
    "Clairmont",
    "Delacourt",
    "Fontvieille",
    "Grandpré",
    "Hautbois",
    "Montrivier",
    "Müllerstädt",
    "Königsmoor",
    "Grünfließ",
    "Bächlingen",
    "Öhringsfeld",
];
const TRADES: &[&str] = &[
    "Handels", "Bau", "Logistik", "Medien", "Textil", "Technik", "Foods", "Services", "Metall", "Druck", "Trading",
];
const FORMS: &[&str] = &[
    "GmbH",
    "AG",
    "GmbH & Co. KG",
    "KG",
    "Ltd",
    "B.V.",
    "S.A.R.L.",
    "e.K.",
    "Limited",
    "SE",
];
const HAN: &[&str] = &[
    "绿邦", "海峰", "天成", "宏达", "瑞丰", "明德", "新源", "华彩", "金石", "东禾",
];
const HAN_TRADES: &[&str] = &["实业", "贸易", "科技", "食品", "机械"];
const REGIONS: &[&str] = &["上海", "北京", "深圳", "杭州", "广州"];

/// How a world numbers its documents.
const STYLES: &[fn(u64) -> String] = &[
    |n| format!("RE-2026-{n:05}"),
    |n| format!("{}", 103_000 + n),
    |n| format!("INV/2026/{n:04}"),
    |n| format!("{}", 9_002_600_000 + n * 7),
    |n| format!("R26{n:06}"),
    |n| format!("SI-{}", 4_000 + n),
];

pub struct Truth {
    pub situation: &'static str,
    /// Items and cash that are right to post; empty: nothing may be posted.
    pub items: Vec<(usize, i64)>,
}

pub struct Night {
    pub world: World,
    pub truths: Vec<Truth>,
    pub dice: Dice,
    /// Items of each customer that no payment has taken yet.
    free: Vec<Vec<usize>>,
    next_account: u64,
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 10).expect("a day")
}

fn euro(minor: i64) -> Amount {
    Amount::new(minor, Currency::new("EUR").expect("EUR"))
}

impl Night {
    pub fn new(seed: u64, customers: usize) -> Night {
        let mut night = Night {
            world: World::default(),
            truths: Vec::new(),
            dice: Dice(seed),
            free: Vec::new(),
            next_account: 1,
        };
        let style = STYLES[seed as usize % STYLES.len()];
        let mut number = 10 + night.dice.roll(50);
        let mut order: Vec<(usize, u64)> = Vec::new();
        for at in 0..customers {
            let name = night.name(at);
            let mut record = customer(&format!("C{at:05}"), &name);
            if night.dice.chance(65) {
                record.accounts.push(night.account());
            }
            record.number = format!("{}", 70_000 + at);
            night.world.customers.push(record);
            let most = if night.dice.chance(10) { 40 } else { 10 };
            let count = 1 + night.dice.roll(most);
            order.extend((0..count).map(|_| (at, night.dice.roll(1_000_000))));
            night.free.push(Vec::new());
        }
        order.sort_by_key(|(_, place)| *place);
        for (at, _) in order {
            number += 1 + night.dice.roll(3);
            night.item(at, style(number));
        }
        night
    }

    /// Brands repeat with other trades, forms and regions: homonyms and near ones.
    fn name(&mut self, at: usize) -> String {
        if at % 9 == 8 {
            let (region, brand, trade) = (
                *self.dice.pick(REGIONS),
                *self.dice.pick(HAN),
                *self.dice.pick(HAN_TRADES),
            );
            return format!("{region}{brand}{trade}有限公司");
        }
        let brand = *self.dice.pick(BRANDS);
        let second = *self.dice.pick(BRANDS);
        let (trade, form) = (*self.dice.pick(TRADES), *self.dice.pick(FORMS));
        match self.dice.roll(3) {
            0 => format!("{brand} {trade} {form}"),
            1 => format!("{brand} & {second} {form}"),
            _ => format!("{brand} {second} {trade} {form}"),
        }
    }

    fn account(&mut self) -> String {
        self.next_account += 1;
        format!("DE{:02}5001{:014}", self.next_account % 97, self.next_account * 7_919)
    }

    fn item(&mut self, at: usize, number: String) {
        let minor = match self.dice.roll(10) {
            0 => 11_900,
            1 => 5_000 * (1 + self.dice.roll(20)) as i64,
            2..=5 => 1_000 + self.dice.roll(50_000) as i64,
            _ => 20_000 + self.dice.roll(2_000_000) as i64,
        };
        let id = format!("i{}", self.world.items.len());
        let name = self.world.customers[at].name().to_owned();
        let mut record = item(&id, &self.world.customers[at].id, &name, &number, euro(minor));
        let age = self.dice.roll(50);
        record.issue_date = today().checked_sub_days(Days::new(age + 5));
        record.due_date = record
            .issue_date
            .and_then(|issued| issued.checked_add_days(Days::new(30)));
        if self.dice.chance(25) {
            record.cash_discounts.push(CashDiscount {
                percent: rust_decimal::Decimal::from(2 + self.dice.roll(2)),
                until: today()
                    .checked_add_days(Days::new(self.dice.roll(8)))
                    .and_then(|day| day.checked_sub_days(Days::new(if age > 30 { 30 } else { 1 })))
                    .expect("a day"),
            });
        }
        if self.dice.chance(30) {
            record.purchase_order = format!("PO{}", 450_000 + self.dice.roll(90_000)).into();
        }
        self.free[at].push(self.world.items.len());
        self.world.items.push(record);
    }

    /// Takes `count` free invoices of one customer.
    fn take(&mut self, count: usize) -> Option<(usize, Vec<usize>)> {
        for _ in 0..60 {
            let at = self.dice.roll(self.free.len() as u64) as usize;
            if self.free[at].len() >= count {
                let mut taken = Vec::new();
                for _ in 0..count {
                    let place = self.dice.roll(self.free[at].len() as u64) as usize;
                    taken.push(self.free[at].remove(place));
                }
                taken.sort_unstable();
                return Some((at, taken));
            }
        }
        None
    }

    fn open(&self, item: usize) -> i64 {
        self.world.items[item].open_amount
    }

    fn number(&self, item: usize) -> String {
        self.world.items[item].document_number.to_string()
    }

    /// The payer's name as banks write it.
    fn payer(&mut self, at: usize) -> String {
        let name = self.world.customers[at].name().to_owned();
        match self.dice.roll(8) {
            0 => name.to_uppercase(),
            1 => name
                .replace('ü', "ue")
                .replace('ö', "oe")
                .replace('ä', "ae")
                .replace('ß', "ss"),
            2 if name.chars().count() > 27 => name.chars().take(27).collect(),
            3 => name.replace("GmbH", "G.m.b.H.").replace("Ltd", "Limited"),
            _ => name,
        }
    }

    fn pay(
        &mut self,
        situation: &'static str,
        minor: i64,
        payer: &str,
        account: Option<String>,
        text: &str,
        items: Vec<(usize, i64)>,
    ) {
        let id = format!("p{}-{}", self.dice.roll(1_000_000), self.world.payments.len());
        let mut record = payment(&id, euro(minor), payer, text, today());
        record.payer_account = account.map(Into::into);
        self.world.payments.push(record);
        self.truths.push(Truth { situation, items });
    }

    fn known_account(&self, at: usize) -> Option<String> {
        self.world.customers[at].accounts.first().cloned()
    }

    /// The account of the master data, or another one.
    fn some_account(&mut self, at: usize) -> Option<String> {
        let own = self.known_account(at);
        if self.dice.chance(80) {
            own.or_else(|| Some(self.account()))
        } else {
            Some(self.account())
        }
    }

    fn full(&self, items: &[usize]) -> Vec<(usize, i64)> {
        items.iter().map(|item| (*item, self.open(*item))).collect()
    }

    pub fn situation(&mut self) {
        match self.dice.roll(40) {
            0..=5 => self.single("one number", |number, _| format!("Rechnung {number}")),
            6 => self.single("reformatted", |number, dice| match dice.roll(4) {
                0 => number.replace(['-', '/'], " "),
                1 => number.replace(['-', '/'], ""),
                2 => number.to_lowercase(),
                _ => format!("Inv.no.{}", number.trim_start_matches(|c: char| c.is_alphabetic())),
            }),
            7 => self.single("broken line", |number, dice| {
                let (front, back) = number.split_at(1 + dice.roll(number.len() as u64 - 1) as usize);
                format!("Zahlung vom 01.03.2026 {front}\n{back}")
            }),
            8 => self.single("counter only", |number, _| {
                let tail: String = number
                    .chars()
                    .rev()
                    .take(4)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev()
                    .collect();
                format!("Rg {tail}")
            }),
            9 => self.single("typo", |number, dice| {
                let mut digits: Vec<char> = number.chars().collect();
                let place = digits.len() - 1 - dice.roll(3) as usize;
                digits[place] =
                    char::from(b'0' + ((digits[place] as u8).wrapping_sub(b'0') + 1 + dice.roll(8) as u8) % 10);
                digits.into_iter().collect()
            }),
            10 => self.end_to_end(),
            11 => self.order_number(),
            12..=14 => self.listed(),
            15 => self.all_due(),
            16 | 17 => self.discount(),
            18 => self.part(),
            19 => self.overpaid(),
            20 => self.credit_note(),
            21 => self.third_party(),
            22 | 23 => self.no_number(true),
            24 | 25 => self.no_number(false),
            26 => self.subset(),
            27 => self.joint(),
            28 => self.two_parts(),
            29 => self.trap_stranger(),
            30 => self.trap_number_of_other(),
            31 => self.trap_short(),
            32 => self.trap_prepayment(),
            33 => self.trap_double(),
            34 => self.trap_closed(),
            35 => self.trap_round_sum(),
            36 => self.trap_interest(),
            37 => self.trap_unknown_number(),
            38 => self.trap_late_discount(),
            _ => self.trap_near_name(),
        }
    }

    fn single(&mut self, situation: &'static str, write: impl Fn(&str, &mut Dice) -> String) {
        let Some((at, items)) = self.take(1) else { return };
        let number = self.number(items[0]);
        let text = write(&number, &mut self.dice);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            situation,
            self.open(items[0]),
            &payer,
            account,
            &text,
            self.full(&items),
        );
    }

    fn end_to_end(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "end-to-end id",
            self.open(items[0]),
            &payer,
            account,
            "",
            self.full(&items),
        );
        let number = self.number(items[0]);
        if let Some(last) = self.world.payments.last_mut() {
            last.references.end_to_end_id = Some(number.into());
        }
    }

    fn order_number(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let order = self.world.items[items[0]].purchase_order.clone();
        let text = if order.is_empty() {
            self.number(items[0])
        } else {
            order.to_string()
        };
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "order number",
            self.open(items[0]),
            &payer,
            account,
            &text,
            self.full(&items),
        );
    }

    fn listed(&mut self) {
        let count = 2 + self.dice.roll(7) as usize;
        let Some((at, items)) = self.take(count) else { return };
        let numbers: Vec<String> = items.iter().map(|item| self.number(*item)).collect();
        let text = match self.dice.roll(3) {
            0 => numbers.join(", "),
            1 => numbers.join(" + "),
            _ => numbers.join("/ "),
        };
        let sum = items.iter().map(|item| self.open(*item)).sum();
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("listed", sum, &payer, account, &text, self.full(&items));
    }

    fn all_due(&mut self) {
        let at = self.dice.roll(self.free.len() as u64) as usize;
        let owned = self
            .world
            .items
            .iter()
            .filter(|item| item.customer_id == self.world.customers[at].id)
            .count();
        if owned != self.free[at].len() || !(3..=9).contains(&owned) {
            return;
        }
        let items = std::mem::take(&mut self.free[at]);
        let sum = items.iter().map(|item| self.open(*item)).sum();
        let (payer, account) = (self.payer(at), self.known_account(at));
        self.pay(
            "whole balance",
            sum,
            &payer,
            account,
            "Zahlung offene Posten",
            self.full(&items),
        );
    }

    fn discount(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let record = &self.world.items[items[0]];
        let Some(terms) = record.cash_discounts.first() else {
            return;
        };
        if terms.until < today() {
            return;
        }
        let cash = record.open_amount - record.discount_of(terms);
        let text = format!("{} abzgl. Skonto", record.document_number);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("discount", cash, &payer, account, &text, vec![(items[0], cash)]);
    }

    fn part(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let cash = self.open(items[0]) * (20 + self.dice.roll(60) as i64) / 100;
        let text = format!("Teilzahlung {}", self.number(items[0]));
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("part payment", cash, &payer, account, &text, vec![(items[0], cash)]);
    }

    fn two_parts(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let first = self.open(items[0]) * (30 + self.dice.roll(65) as i64) / 100;
        let second = self.open(items[0]) - first;
        let text = self.number(items[0]);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "two payments",
            first,
            &payer,
            account.clone(),
            &text,
            vec![(items[0], first)],
        );
        self.pay("two payments", second, &payer, account, &text, vec![(items[0], second)]);
    }

    fn overpaid(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let over = 100 + self.dice.roll(3_000) as i64;
        if over * 3 > self.open(items[0]) {
            return;
        }
        let text = self.number(items[0]);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "overpayment",
            self.open(items[0]) + over,
            &payer,
            account,
            &text,
            self.full(&items),
        );
    }

    fn credit_note(&mut self) {
        let Some((at, mut items)) = self.take(1) else { return };
        let minor = -(self.open(items[0]) * (5 + self.dice.roll(40) as i64) / 100);
        let name = self.world.customers[at].name().to_owned();
        let number = format!("GS-{}", 88_000 + self.world.items.len());
        let mut note = item(
            &format!("n{}", self.world.items.len()),
            &self.world.customers[at].id,
            &name,
            &number,
            euro(minor),
        );
        note.due_date = Some(today());
        items.push(self.world.items.len());
        self.world.items.push(note);
        let mut text = self.number(items[0]);
        if self.dice.chance(60) {
            text = format!("{text} abzgl. {number}");
        }
        let sum = items.iter().map(|item| self.open(*item)).sum();
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("credit note", sum, &payer, account, &text, self.full(&items));
    }

    fn third_party(&mut self) {
        let Some((_, items)) = self.take(1) else { return };
        let text = format!("Rechnung {}", self.number(items[0]));
        let account = self.account();
        let payer = *self.dice.pick(&[
            "Factoring Elbtal AG",
            "Notariat Dr. Sommerfeld",
            "Hubert Wanninger",
            "Treuhand Isarufer GmbH",
        ]);
        self.pay(
            "third party",
            self.open(items[0]),
            payer,
            Some(account),
            &text,
            self.full(&items),
        );
    }

    fn no_number(&mut self, with_account: bool) {
        let Some((at, items)) = self.take(1) else { return };
        let paid = self.open(items[0]);
        let own = |item: &&paymatch::model::OpenItem| {
            item.customer_id == self.world.customers[at].id && item.open_amount == paid
        };
        let name = self.world.customers[at].name();
        let homonyms = self
            .world
            .customers
            .iter()
            .filter(|customer| customer.name() == name)
            .count();
        if self.world.items.iter().filter(own).count() > 1
            || (with_account && self.known_account(at).is_none())
            || homonyms > 1
        {
            return;
        }
        let account = if with_account { self.known_account(at) } else { None };
        let (payer, situation) = if with_account {
            (self.payer(at), "account and amount")
        } else {
            (self.payer(at), "name and amount")
        };
        self.pay(situation, paid, &payer, account, "Danke", self.full(&items));
    }

    fn subset(&mut self) {
        let Some((at, items)) = self.take(2) else { return };
        let sum = items.iter().map(|item| self.open(*item)).sum();
        if self.known_account(at).is_none() || self.free[at].len() > 8 {
            return;
        }
        let (payer, account) = (self.payer(at), self.known_account(at));
        self.pay("small subset", sum, &payer, account, "", self.full(&items));
    }

    fn joint(&mut self) {
        let (Some((at, mut items)), Some((_, more))) = (self.take(1), self.take(1)) else {
            return;
        };
        items.extend(more);
        let text = format!("{} und {}", self.number(items[0]), self.number(items[1]));
        let sum = items.iter().map(|item| self.open(*item)).sum();
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("joint payment", sum, &payer, account, &text, self.full(&items));
    }
}
