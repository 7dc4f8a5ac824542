//! Decides what happens in a night, before a word of it is written: who owes, who pays, what is right. Small records, so
//! that a million payments fit.

use super::names::firm;
use super::random::Random;
use super::render::document_number;
pub use super::situation::Situation;
use paymatch::model::NaiveDate;
use std::collections::BTreeSet;

/// How large the night is.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub payments: usize,
    pub items: usize,
    pub customers: usize,
    pub seed: u64,
}

/// A customer.
#[derive(Clone, Debug)]
pub struct Customer {
    pub name: String,
    pub country: &'static str,
    /// 0 dense counter, 1 year prefix, 2 monthly restart.
    pub style: u8,
    pub discount: i64,
    pub has_known_account: bool,
}

/// An open or closed item.
#[derive(Clone, Debug)]
pub struct Item {
    pub customer: u32,
    /// Days before the day of the statements.
    pub age: u16,
    pub counter: u32,
    pub is_credit: bool,
    pub is_closed: bool,
    pub is_dollar: bool,
    /// Percent of cash discount.
    pub discount: u8,
    pub amount: i64,
}

/// A payment: what it shows, and the items that it is about, one after the other.
#[derive(Clone, Debug)]
pub struct Planned {
    pub situation: Situation,
    pub customer: u32,
    pub first: u32,
    pub count: u16,
    /// Signed.
    pub amount: i64,
}

/// A planned night.
pub struct Plan {
    pub sizes: Sizes,
    pub customers: Vec<Customer>,
    pub items: Vec<Item>,
    pub payments: Vec<Planned>,
    /// The digits of all document numbers, sorted.
    pub numbers: Vec<String>,
}

/// Returns what is left of a number when its letters and marks are lost on the way.
pub fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// The day of the statements.
pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap_or_default()
}

impl Item {
    /// Returns the day of issue.
    pub fn issued(&self) -> NaiveDate {
        day() - chrono::TimeDelta::days(i64::from(self.age))
    }

    /// Returns the discount in minor units, rounded half away from zero.
    pub fn discount_minor(&self) -> i64 {
        (self.amount * i64::from(self.discount) + 50) / 100
    }

    /// Returns the amount as the export signs it.
    pub fn signed(&self) -> i64 {
        if self.is_credit { -self.amount } else { self.amount }
    }
}

struct Planner {
    plan: Plan,
    random: Random,
    /// Cumulated Zipf weights of the customers that pay every day.
    weights: Vec<u64>,
    /// Customers that appear once, for situations that other items would spoil.
    single_use: Vec<u32>,
    /// Amounts of each customer's items, and those of them that alone say which item is meant.
    amounts: BTreeSet<(u32, i64)>,
    reserved: BTreeSet<(u32, i64)>,
}

/// Returns the plan of a night.
pub fn plan(sizes: Sizes) -> Plan {
    let mut names = Random::new(sizes.seed, 1);
    let customers: Vec<Customer> = (0..sizes.customers.max(10)).map(|_| customer(&mut names)).collect();
    let everyday = customers.len() - customers.len() * 3 / 8;
    let mut sum = 0;
    let weights = (0..everyday)
        .map(|rank| {
            sum += 1_000_000_000 / (rank as u64 + 5);
            sum
        })
        .collect();
    let mut planner = Planner {
        single_use: (everyday as u32..customers.len() as u32).rev().collect(),
        plan: Plan {
            sizes,
            customers,
            items: Vec::with_capacity(sizes.items),
            payments: Vec::with_capacity(sizes.payments),
            numbers: Vec::new(),
        },
        random: Random::new(sizes.seed, 2),
        weights,
        amounts: BTreeSet::new(),
        reserved: BTreeSet::new(),
    };
    while planner.plan.payments.len() < sizes.payments {
        planner.next();
    }
    while planner.plan.items.len() < sizes.items {
        let customer = planner.everyday();
        let age = planner.random.below(75) as u16;
        planner.item(customer, age);
    }
    number(&mut planner.plan);
    let mut plan = planner.plan;
    plan.numbers = (0..plan.items.len())
        .map(|item| digits(&document_number(&plan, item)))
        .collect();
    plan.numbers.sort_unstable();
    plan
}

fn customer(random: &mut Random) -> Customer {
    let (country, name) = firm(random);
    Customer {
        name,
        country,
        style: random.below(3) as u8,
        discount: [0, 0, 0, 2, 2, 3][random.below(6)],
        has_known_account: random.percent(80),
    }
}

/// Gives the items their counters in the order of their issue, as an ERP does: neighbours belong to different customers, and
/// between them are numbers of what is paid and gone from the export.
fn number(plan: &mut Plan) {
    let mut order: Vec<u32> = (0..plan.items.len() as u32).collect();
    let mut random = Random::new(plan.sizes.seed, 3);
    let keys: Vec<u64> = order.iter().map(|_| random.next()).collect();
    order.sort_unstable_by_key(|at| (u16::MAX - plan.items[*at as usize].age, keys[*at as usize]));
    let mut counters = [0_u32; 3];
    let mut month = String::new();
    for at in order {
        let item = &mut plan.items[at as usize];
        let of_item = item.issued().format("%Y%m").to_string();
        if of_item != month {
            if of_item.get(..4) != month.get(..4) {
                counters[1] = 0;
            }
            counters[2] = 0;
            month = of_item;
        }
        let counter = &mut counters[usize::from(plan.customers[item.customer as usize].style)];
        *counter += 1 + random.below(3) as u32;
        item.counter = *counter;
    }
}

impl Planner {
    fn everyday(&mut self) -> u32 {
        let total = self.weights.last().copied().unwrap_or(1);
        let at = self.random.below(total as usize) as u64;
        self.weights.partition_point(|sum| *sum <= at) as u32
    }

    fn item(&mut self, customer: u32, age: u16) -> usize {
        let amount = self.amount(|planner, amount| !planner.reserved.contains(&(customer, amount)));
        self.amounts.insert((customer, amount));
        let discount = if age <= 8 {
            self.plan.customers[customer as usize].discount as u8
        } else {
            0
        };
        self.plan.items.push(Item {
            customer,
            age,
            counter: 0,
            is_credit: false,
            is_closed: false,
            is_dollar: false,
            discount,
            amount,
        });
        self.plan.items.len() - 1
    }

    /// Returns an amount that is allowed. Contracts cost the same for many: a common amount proves little.
    fn amount(&mut self, is_allowed: impl Fn(&Planner, i64) -> bool) -> i64 {
        loop {
            let amount = if self.random.percent(7) {
                [11_900, 23_800, 59_500, 100_000, 4_990, 35_700][self.random.below(6)]
            } else {
                self.random.amount() + 1
            };
            if is_allowed(self, amount) {
                return amount;
            }
        }
    }

    /// Gives an item an amount that no other of its customer has, now or later: without a number it is all that names the item.
    fn make_unique(&mut self, item: usize) {
        let customer = self.plan.items[item].customer;
        let amount = self.amount(|planner, amount| !planner.amounts.contains(&(customer, amount)));
        self.plan.items[item].amount = amount;
        self.amounts.insert((customer, amount));
        self.reserved.insert((customer, amount));
    }

    /// Returns a round sum that no item of the customer has, now or later: nothing says what it is for.
    fn round_sum(&mut self, customer: u32) -> i64 {
        let mut tries = 0;
        loop {
            // A customer of whom nearly all of them are open needs larger ones.
            tries += 1;
            let sum = self.random.between(1, 40.max(tries - 60)) * 50_000;
            if self.amounts.insert((customer, sum)) {
                self.reserved.insert((customer, sum));
                return sum;
            }
        }
    }

    /// Draws a situation that the items left over allow.
    fn draw(&mut self) -> Situation {
        let left = self.plan.sizes.items.saturating_sub(self.plan.items.len());
        let payments_left = self.plan.sizes.payments - self.plan.payments.len();
        // A payment takes 0.88 items when none takes more than one: so the lists come back before the items run out.
        let is_scarce = left * 100 < payments_left * 93;
        let most = if is_scarce { left.min(1) } else { left };
        let is_allowed = |needed: usize| needed <= most;
        let allowed = Situation::ALL.iter().filter(|(_, _, needed)| is_allowed(*needed));
        let total: usize = allowed.clone().map(|(_, share, _)| share).sum();
        let mut at = self.random.below(total);
        for (situation, share, _) in allowed {
            if at < *share {
                return *situation;
            }
            at -= share;
        }
        Situation::Unknown
    }

    fn next(&mut self) {
        let mut situation = self.draw();
        let needs_own = matches!(
            situation,
            Situation::DueRun
                | Situation::LongList
                | Situation::Range
                | Situation::Subset
                | Situation::EqualAmounts
                | Situation::Homonyms
        );
        // A homonym needs a second customer, to be called the same.
        let own = if needs_own && self.single_use.len() > 1 {
            self.single_use.pop()
        } else {
            None
        };
        if needs_own && own.is_none() {
            situation = Situation::NumberExact;
        }
        let customer = own.unwrap_or_else(|| self.everyday());
        let customer = match situation {
            Situation::SwissReference => customer - customer % 3 + 1,
            Situation::CreditorReference => customer - customer % 3,
            Situation::ThirdPartyKnown => customer - customer % 7,
            _ => customer,
        };
        let first = self.plan.items.len();
        let count = self.items_of(situation, customer);
        let amount = if situation == Situation::RoundSum {
            self.round_sum(customer)
        } else {
            self.amount_of(situation, first, count)
        };
        let planned = Planned {
            situation,
            customer,
            first: first as u32,
            count: count as u16,
            amount,
        };
        match situation {
            Situation::Double => self.pay(Planned {
                situation: Situation::BeforeDouble,
                ..planned.clone()
            }),
            Situation::Halves => self.pay(Planned {
                amount: self.plan.items[first].amount - amount,
                ..planned.clone()
            }),
            _ => {}
        }
        self.pay(planned);
    }

    fn pay(&mut self, planned: Planned) {
        if self.plan.payments.len() < self.plan.sizes.payments {
            self.plan.payments.push(planned);
        }
    }

    /// Creates the items that a payment is about, and returns how many.
    fn items_of(&mut self, situation: Situation, customer: u32) -> usize {
        let old = 12 + self.random.below(60) as u16;
        let is_short = self.random.percent(70);
        let count = match situation {
            Situation::List if is_short => 2 + self.random.below(2),
            Situation::List => 2 + self.random.below(7),
            Situation::LongList => 9 + self.random.below(32),
            Situation::Range => 3 + self.random.below(4),
            Situation::DueRun => 3 + self.random.below(5),
            other => Situation::ALL
                .iter()
                .find(|(s, _, _)| *s == other)
                .map_or(0, |(_, _, needed)| *needed),
        };
        let left = self.plan.sizes.items.saturating_sub(self.plan.items.len());
        let is_run = matches!(situation, Situation::DueRun | Situation::LongList | Situation::Range);
        let count = count.min(if is_run { left.saturating_sub(2) } else { left });
        let first = self.plan.items.len();
        for _ in 0..count {
            self.item(customer, if is_run { 45 } else { old });
        }
        if is_run {
            // Not due yet, and not paid: whoever pays what is due leaves them open.
            for _ in 0..2 {
                let age = 2 + self.random.below(20) as u16;
                self.item(customer, age);
            }
        }
        self.shape(situation, customer, first, count);
        count
    }

    /// Makes the items of a payment what its situation says.
    fn shape(&mut self, situation: Situation, customer: u32, first: usize, count: usize) {
        let items = &mut self.plan.items[first..first + count];
        match situation {
            Situation::Discount | Situation::DiscountList => {
                let percent = 2 + self.random.below(2) as u8;
                for item in items {
                    item.age = 2 + self.random.below(6) as u16;
                    item.discount = percent;
                }
            }
            Situation::LateDiscount => {
                items[0].age = 11 + self.random.below(7) as u16;
                items[0].discount = 2 + self.random.below(2) as u8;
            }
            // What goes through several banks, and loses something on its way, is no small change.
            Situation::ChargesStated | Situation::ChargesKept => items[0].amount += 100_000,
            Situation::CreditNote | Situation::CreditUnnamed => {
                let limit = items[0].amount;
                items[1].is_credit = true;
                items[1].amount = limit / 7 + 1;
            }
            Situation::EqualAmounts => {
                items[1].amount = items[0].amount;
                items[1].age = items[0].age - 10;
            }
            Situation::ForeignCurrency | Situation::Converted => items[0].is_dollar = true,
            Situation::Closed | Situation::Returned => items[0].is_closed = true,
            Situation::Homonyms => self.second_of_its_name(customer, first),
            Situation::OtherCustomer => {
                self.give_to_another(first + 1, customer);
                self.plan.items[first].amount = self.plan.items[first + 1].amount;
            }
            Situation::Joint => self.give_to_another(first + 1, customer),
            Situation::AccountAndAmount
            | Situation::NameAndAmount
            | Situation::ThirdPartyKnown
            | Situation::NumberTypo
            | Situation::NumberCut => self.make_unique(first),
            _ => {}
        }
    }

    /// Gives an item to the next customer, with an amount that says nothing alone of either.
    fn give_to_another(&mut self, item: usize, customer: u32) {
        let other = (customer + 1) % self.weights.len() as u32;
        let amount = self.amount(|planner, amount| {
            let is_reserved = |customer| planner.reserved.contains(&(customer, amount));
            !is_reserved(customer) && !is_reserved(other)
        });
        self.plan.items[item].customer = other;
        self.plan.items[item].amount = amount;
        self.amounts.insert((customer, amount));
        self.amounts.insert((other, amount));
    }

    /// Gives the second item to a customer of the same name that owes the same amount.
    fn second_of_its_name(&mut self, customer: u32, first: usize) {
        let Some(other) = self.single_use.pop() else { return };
        let original = self.plan.customers[customer as usize].clone();
        self.plan.customers[other as usize].name = original.name;
        self.plan.customers[other as usize].country = original.country;
        self.plan.customers[other as usize].has_known_account = false;
        self.plan.customers[customer as usize].has_known_account = false;
        self.plan.items[first + 1].customer = other;
        self.plan.items[first + 1].amount = self.plan.items[first].amount;
    }

    /// Returns what is paid, signed.
    fn amount_of(&mut self, situation: Situation, first: usize, count: usize) -> i64 {
        let items = &self.plan.items[first..first + count];
        let sum: i64 = items.iter().map(Item::signed).sum();
        match situation {
            Situation::Discount | Situation::DiscountList | Situation::LateDiscount => {
                sum - items.iter().map(Item::discount_minor).sum::<i64>()
            }
            Situation::PartPayment => (sum * self.random.between(20, 80) / 100).max(1),
            Situation::ChargesStated | Situation::ChargesKept => sum - self.random.between(500, 3_500),
            Situation::Instalment => sum / 3,
            Situation::Halves => sum / 2 + 1,
            Situation::Overpayment => sum + self.random.between(1, 90) * 100,
            Situation::Short => sum - (sum / 50).max(1) - 7,
            Situation::EqualAmounts | Situation::Homonyms | Situation::OtherCustomer => items[0].amount,
            Situation::Subset => items[0].amount + items[3].amount,
            Situation::ForeignCurrency | Situation::Converted => sum * 100_000 / 108_562,
            Situation::Returned => -sum - 300,
            Situation::Debit => -self.random.amount() - 1,
            Situation::Interest => self.random.between(3, 9_000),
            Situation::Lump => self.random.amount() * 5 + 3,
            Situation::OwnTransfer => self.random.between(1, 50) * 1_000_000,
            Situation::Prepayment => self.random.between(1, 90) * 100_000,
            Situation::CardSettlement => self.random.between(20_000, 900_000),
            Situation::OwnReturned => self.random.amount() + 1,
            _ if count == 0 => self.random.amount() + 3,
            _ => sum,
        }
    }
}
