//! The bank of a history: what is booked, once and for all, and the files that tell of it.

use paymatch::model::NaiveDate;
use paymatch::model::date::Days;
use std::fmt::Write;

/// Our accounts.
pub const ACCOUNTS: [&str; 2] = ["DE89370400440532013000", "DE02120300000000202051"];

/// What makes two entries look the same from outside: account, day, signed cents.
pub type Key = (String, String, i64);

/// An entry in the bank's books.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Day, counted from the first.
    pub day: u64,
    /// Signed cents.
    pub cents: i64,
    /// AcctSvcrRef; empty where the bank gives none.
    pub reference: String,
    pub payer: String,
    pub text: String,
}

/// A statement of one day and account; its entries are positions in the bank's books.
#[derive(Clone, Debug)]
pub struct Statement {
    pub account: usize,
    pub number: u64,
    pub day: u64,
    pub opening: i64,
    pub entries: Vec<usize>,
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    Camt,
    Csv,
    Swift,
}

#[derive(Clone, Debug)]
pub struct Bank {
    pub entries: Vec<Entry>,
    pub statements: Vec<Statement>,
    balances: [i64; 2],
    numbers: [u64; 2],
    pub day: u64,
}

/// Returns a day of the history.
pub fn date(day: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2026, 3, 2).expect("a date");
    first.checked_add_days(Days::new(day)).expect("a date")
}

pub fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
}

impl Bank {
    pub fn new() -> Bank {
        Bank {
            entries: Vec::new(),
            statements: Vec::new(),
            balances: [100_000; 2],
            numbers: [0; 2],
            day: 0,
        }
    }

    /// Closes the day with these entries on one account; returns the position of its statement.
    pub fn close_day(&mut self, account: usize, entries: Vec<Entry>) -> usize {
        let first = self.entries.len();
        let opening = self.balances[account];
        self.numbers[account] += 1;
        for mut entry in entries {
            entry.day = self.day;
            self.balances[account] += entry.cents;
            self.entries.push(entry);
        }
        self.statements.push(Statement {
            account,
            number: self.numbers[account],
            day: self.day,
            opening,
            entries: (first..self.entries.len()).collect(),
        });
        self.day += 1;
        self.statements.len() - 1
    }

    /// Returns the key of an entry of a statement.
    pub fn key(&self, account: usize, entry: &Entry) -> Key {
        (ACCOUNTS[account].to_owned(), date(entry.day).to_string(), entry.cents)
    }

    /// Returns the statements of the same account from one on, `count` of them, that follow on each other.
    pub fn span(&self, first: usize, count: usize) -> Vec<usize> {
        let account = self.statements[first].account;
        (first..self.statements.len())
            .filter(|position| self.statements[*position].account == account)
            .take(count)
            .collect()
    }

    /// Writes statements of one account that follow on each other as one statement.
    pub fn write(&self, statements: &[usize], format: Format, is_pretty: bool) -> String {
        let listed: Vec<&Statement> = statements.iter().map(|position| &self.statements[*position]).collect();
        let entries: Vec<&Entry> = listed
            .iter()
            .flat_map(|statement| &statement.entries)
            .map(|entry| &self.entries[*entry])
            .collect();
        let (first, last) = (listed[0], listed[listed.len() - 1]);
        let number = (listed.len() == 1).then_some(first.number);
        let paper = Paper {
            account: ACCOUNTS[first.account],
            number,
            first: date(first.day),
            last: date(last.day),
            opening: first.opening,
        };
        match format {
            Format::Camt => paper.camt(&entries, is_pretty),
            Format::Csv => paper.csv(&entries, is_pretty),
            Format::Swift => paper.swift(&entries, is_pretty),
        }
    }

    /// Writes a camt statement once more, with its first entry larger by a euro; returns it with the keys that it states.
    pub fn write_corrected(&self, position: usize) -> (String, Vec<Key>) {
        let statement = &self.statements[position];
        let mut entries: Vec<Entry> = statement
            .entries
            .iter()
            .map(|entry| self.entries[*entry].clone())
            .collect();
        entries[0].cents += 100;
        let keys = entries.iter().map(|entry| self.key(statement.account, entry)).collect();
        let paper = Paper {
            account: ACCOUNTS[statement.account],
            number: Some(statement.number),
            first: date(statement.day),
            last: date(statement.day),
            opening: statement.opening,
        };
        (paper.camt(&entries.iter().collect::<Vec<_>>(), false), keys)
    }
}

/// What stands above and below the entries.
struct Paper<'a> {
    account: &'a str,
    number: Option<u64>,
    first: NaiveDate,
    last: NaiveDate,
    opening: i64,
}

impl Paper<'_> {
    fn closing(&self, entries: &[&Entry]) -> i64 {
        self.opening + entries.iter().map(|entry| entry.cents).sum::<i64>()
    }

    fn camt(&self, entries: &[&Entry], is_pretty: bool) -> String {
        let line = if is_pretty { "\n  " } else { "" };
        let side = |cents: i64| if cents < 0 { "DBIT" } else { "CRDT" };
        let balance = |code: &str, cents: i64, day: NaiveDate| {
            format!(
                "{line}<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{}</CdtDbtInd>\
                 <Dt><Dt>{day}</Dt></Dt></Bal>",
                decimal(cents.abs()),
                side(cents)
            )
        };
        let mut written = String::new();
        for entry in entries {
            let day = date(entry.day);
            let reference = match entry.reference.as_str() {
                "" => String::new(),
                reference => format!("<AcctSvcrRef>{reference}</AcctSvcrRef>"),
            };
            let role = if entry.cents < 0 { "Cdtr" } else { "Dbtr" };
            let _ = write!(
                written,
                "{line}<Ntry><Amt Ccy=\"EUR\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>\
                 <ValDt><Dt>{day}</Dt></ValDt>{reference}<BkTxCd><Prtry><Cd>166</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>\
                 <RltdPties><{role}><Pty><Nm>{}</Nm></Pty></{role}></RltdPties><RmtInf><Ustrd>{}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>",
                decimal(entry.cents.abs()),
                side(entry.cents),
                entry.payer,
                entry.text
            );
        }
        let id = self.number.map_or_else(
            || format!("{}-{}", self.first, self.last),
            |number| format!("2026-{number}"),
        );
        let number = self
            .number
            .map_or_else(String::new, |number| format!("<ElctrncSeqNb>{number}</ElctrncSeqNb>"));
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
             <GrpHdr><MsgId>M{id}</MsgId><CreDtTm>{last}T20:00:00</CreDtTm></GrpHdr><Stmt><Id>{id}</Id>{number}\
             <CreDtTm>{last}T20:00:00</CreDtTm><FrToDt><FrDtTm>{first}T00:00:00</FrDtTm><ToDtTm>{last}T23:59:59</ToDtTm></FrToDt>\
             <Acct><Id><IBAN>{}</IBAN></Id><Ccy>EUR</Ccy></Acct>{}{}{written}</Stmt></BkToCstmrStmt></Document>\n",
            self.account,
            balance("OPBD", self.opening, self.first),
            balance("CLBD", self.closing(entries), self.last),
            first = self.first,
            last = self.last,
        )
    }

    fn csv(&self, entries: &[&Entry], is_pretty: bool) -> String {
        let end = if is_pretty { "\r\n" } else { "\n" };
        let mut text = format!(
            "bank_ref,booking_date,value_date,amount,currency,counterparty_name,counterparty_account,purpose,end_to_end_id,bank_tx_code,account,balance_after{end}"
        );
        let mut balance = self.opening;
        for entry in entries {
            balance += entry.cents;
            let day = date(entry.day);
            let _ = write!(
                text,
                "{},{day},{day},{},EUR,{},,{},,166,{},{}{end}",
                entry.reference,
                decimal(entry.cents),
                entry.payer,
                entry.text,
                self.account,
                decimal(balance)
            );
        }
        text
    }

    fn swift(&self, entries: &[&Entry], is_pretty: bool) -> String {
        let mark = |cents: i64| if cents < 0 { "D" } else { "C" };
        let comma = |cents: i64| decimal(cents.abs()).replace('.', ",");
        let (first, last) = (self.first.format("%y%m%d"), self.last.format("%y%m%d"));
        let mut text = format!(
            ":20:{}\n:25:{}\n:28C:{}/1\n:60F:{}{first}EUR{}\n",
            if is_pretty { "AGAIN" } else { "STARTUMSE" },
            self.account,
            self.number.unwrap_or(0),
            mark(self.opening),
            comma(self.opening)
        );
        for entry in entries {
            let day = date(entry.day);
            let reference = match entry.reference.as_str() {
                "" => String::new(),
                reference => format!("//{reference}"),
            };
            let _ = write!(
                text,
                ":61:{}{}{}{}NTRFNONREF{reference}\n:86:166?00GUTSCHRIFT?20{}?32{}\n",
                day.format("%y%m%d"),
                day.format("%m%d"),
                mark(entry.cents),
                comma(entry.cents),
                entry.text,
                entry.payer
            );
        }
        let closing = self.closing(entries);
        let _ = write!(text, ":62F:{}{last}EUR{}\n-\n", mark(closing), comma(closing));
        text
    }
}
