//! The words of people: what each may do, what it asks of a second person, and what must come of it when it is carried out.

use std::collections::BTreeMap;

/// How often which word was answered how: `APPLIED`, `STALE` …
pub type Outcomes = BTreeMap<(&'static str, String), usize>;

/// A decision as people write it.
#[derive(PartialEq, Eq, Debug)]
pub struct Word {
    pub code: &'static str,
    /// `number`, `customer`, `day`, `posting`, or the target itself.
    pub target: &'static str,
    pub does: Does,
    pub second: Second,
}

/// What a word does when it is carried out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// Posts the payment.
    Books,
    /// Ends it, by this rule of `set_aside.csv`.
    SetsAside(&'static str),
    /// Asks again.
    Waits,
    /// Has it matched again.
    Amends,
    /// Takes back what settled it.
    TakesBack,
    /// Agrees with somebody else.
    Approves,
    Nothing,
}

/// When a second person is asked, besides for all that books a private person's payment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Second {
    Never,
    Always,
    /// When more than [`GIVEN_AWAY_MAX`] is given away.
    GivesAway,
    /// When the payment is above [`IGNORED_MAX`].
    Large,
}

/// Cents that one person alone gives away, as the settings of the histories say.
pub const GIVEN_AWAY_MAX: i64 = 300;
/// Cents of a payment that one person alone ignores.
pub const IGNORED_MAX: i64 = 11_000;

const fn word(code: &'static str, target: &'static str, does: Does, second: Second) -> Word {
    Word {
        code,
        target,
        does,
        second,
    }
}

/// What people decide about a row of the sheet.
pub static WORDS: &[Word] = &[
    word("ACCEPT", "", Does::Books, Second::Never),
    word("ACCEPT", "number", Does::Books, Second::Never),
    word("APPLY", "number", Does::Books, Second::Never),
    word("核销", "number", Does::Books, Second::Never),
    word("PARTIAL", "number", Does::Books, Second::Never),
    word("WRITE_OFF", "number", Does::Books, Second::GivesAway),
    word("CHARGES", "", Does::Books, Second::GivesAway),
    word("DISCOUNT", "", Does::Books, Second::GivesAway),
    word("ON_ACCOUNT", "customer", Does::Books, Second::Never),
    word("NOT_RECEIVABLE", "", Does::SetsAside("NOT_RECEIVABLE"), Second::Never),
    word("REFUND", "", Does::SetsAside("REFUND"), Second::Never),
    word("DONE", "4711", Does::SetsAside("DONE"), Second::Never),
    word("IGNORE", "", Does::SetsAside("IGNORED"), Second::Large),
    word("ALIAS", "customer", Does::Amends, Second::Always),
    word("CORRECT_TEXT", "number", Does::Amends, Second::Never),
    word("CLAIM", "customer", Does::Amends, Second::Never),
    word("LATER", "day", Does::Waits, Second::Never),
    word("LATER", "", Does::Waits, Second::Never),
    word("PERHAPS", "", Does::Nothing, Second::Never),
];

pub static UNDO: Word = word("UNDO", "posting", Does::TakesBack, Second::Always);
pub static APPROVE: Word = word("APPROVE", "", Does::Approves, Second::Never);

/// A row of a decision file.
#[derive(Clone, Debug)]
pub struct Said {
    /// Its number; a copy has that of the row that it copies.
    pub number: usize,
    /// Whose folder it lies in.
    pub person: &'static str,
    /// Payment that it is about.
    pub payment: String,
    pub word: &'static Word,
    pub target: String,
    /// Run and hash of the row that the person saw; the hash is empty where the row has none.
    pub run: u64,
    pub hash: String,
}

impl Said {
    pub fn is_same(&self, other: &Said) -> bool {
        self.action() == other.action() && self.target == other.target
    }

    fn action(&self) -> &str {
        match self.word.code {
            "核销" => "APPLY",
            code => code,
        }
    }
}
