//! Payments that must not be posted.

use super::*;

impl Night {
    pub fn trap_stranger(&mut self) {
        let at = self.dice.roll(self.world.items.len() as u64) as usize;
        let account = self.account();
        let payer = *self
            .dice
            .pick(&["Elisabeth Moorhuhn", "Stadtwerke Hinterwald", "Wunderlich Reisen"]);
        self.pay(
            "trap: stranger, amount fits",
            self.open(at).abs(),
            payer,
            Some(account),
            "Danke",
            Vec::new(),
        );
    }

    pub fn trap_number_of_other(&mut self) {
        let (Some((at, items)), Some((_, others))) = (self.take(1), self.take(1)) else {
            return;
        };
        let text = format!("Rechnung {}", self.number(others[0]));
        let (payer, account) = (self.payer(at), self.some_account(at));
        if self.open(items[0]) != self.open(others[0]) {
            self.pay(
                "trap: number of another customer",
                self.open(items[0]),
                &payer,
                account,
                &text,
                Vec::new(),
            );
        }
    }

    pub fn trap_short(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let cash = self.open(items[0]) * (910 + self.dice.roll(85) as i64) / 1_000;
        let record = &self.world.items[items[0]];
        if record
            .cash_discounts
            .iter()
            .any(|terms| record.open_amount - record.discount_of(terms) == cash)
            || cash == record.open_amount
        {
            return;
        }
        let text = self.number(items[0]);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("trap: short", cash, &payer, account, &text, Vec::new());
    }

    pub fn trap_prepayment(&mut self) {
        let at = self.dice.roll(self.free.len() as u64) as usize;
        let minor = 10_000 + self.dice.roll(900_000) as i64;
        let (payer, account) = (self.payer(at), self.some_account(at));
        let text = *self.dice.pick(&["Vorkasse Bestellung", "Anzahlung", "", "AB 55-21"]);
        self.pay("trap: prepayment", minor, &payer, account, text, Vec::new());
    }

    pub fn trap_double(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let text = self.number(items[0]);
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "double payment: first",
            self.open(items[0]),
            &payer,
            account.clone(),
            &text,
            self.full(&items),
        );
        self.pay(
            "trap: double payment",
            self.open(items[0]),
            &payer,
            account,
            &text,
            Vec::new(),
        );
        if let Some(second) = self.world.payments.last_mut() {
            second.booking_date = today().checked_add_days(Days::new(1)).expect("a day");
            second.value_date = Some(second.booking_date);
        }
    }

    pub fn trap_closed(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let minor = self.open(items[0]);
        self.world.items[items[0]].open_amount = 0;
        let text = format!("Rechnung {}", self.number(items[0]));
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("trap: closed number", minor, &payer, account, &text, Vec::new());
    }

    pub fn trap_round_sum(&mut self) {
        let at = self.dice.roll(self.free.len() as u64) as usize;
        let minor = 100_000 * (1 + self.dice.roll(20)) as i64;
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("trap: round sum", minor, &payer, account, "Zahlung", Vec::new());
    }

    pub fn trap_interest(&mut self) {
        let minor = self.world.items[self.dice.roll(self.world.items.len() as u64) as usize]
            .open_amount
            .abs();
        self.pay(
            "trap: interest",
            minor,
            "Sparkasse Musterland",
            None,
            "Habenzinsen 4. Quartal",
            Vec::new(),
        );
    }

    pub fn trap_unknown_number(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let last = self
            .world
            .items
            .iter()
            .map(|item| item.document_number.clone())
            .filter(|number| !number.starts_with("GS"))
            .max();
        let Some(last) = last else { return };
        let stem = last.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &last[stem.len()..];
        let next = digits.parse::<u64>().expect("digits") + 9 + self.dice.roll(40);
        let text = format!("Rechnung {stem}{next:0width$}", width = digits.len());
        let own = self.number(items[0]);
        let differing = text
            .chars()
            .rev()
            .zip(own.chars().rev())
            .take(own.len())
            .filter(|(a, b)| a != b)
            .count();
        if differing < 2 {
            return; // A typing mistake could explain it.
        }
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay(
            "trap: unknown number, amount fits",
            self.open(items[0]),
            &payer,
            account,
            &text,
            Vec::new(),
        );
    }

    pub fn trap_late_discount(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let record = &mut self.world.items[items[0]];
        record.cash_discounts = vec![CashDiscount {
            percent: rust_decimal::Decimal::from(2),
            until: today().checked_sub_days(Days::new(6)).expect("a day"),
        }];
        let cash = record.open_amount - record.discount_of(&record.cash_discounts[0]);
        let text = record.document_number.clone();
        let (payer, account) = (self.payer(at), self.some_account(at));
        self.pay("trap: late discount", cash, &payer, account, &text, Vec::new());
    }

    /// The payer's name is nearly a customer's, and the amount fits one of that customer's items.
    pub fn trap_near_name(&mut self) {
        let Some((at, items)) = self.take(1) else { return };
        let name = self.world.customers[at].name().to_owned();
        let other = if name.contains("有限公司") {
            name.replacen(|c: char| "绿海天宏瑞明新华金东".contains(c), "百", 1)
        } else {
            let (first, rest) = name.split_once(' ').expect("two words");
            let brand = *self.dice.pick(&["Hollerbach", "Winterthal", "Askersund"]);
            let _ = first;
            format!("{brand} {rest}")
        };
        if self.world.customers.iter().any(|customer| customer.name() == other) {
            return;
        }
        let account = self.account();
        self.pay(
            "trap: near name, amount fits",
            self.open(items[0]),
            &other,
            Some(account),
            "Danke",
            Vec::new(),
        );
    }
}
