//! Layouts of bank tables as data: `config/banks/<layout>.toml`.

use crate::model::Currency;
use crate::read::table::cell::{DateFormat, DecimalMark};
use crate::read::table::{Header, KnownNames, Row, normalise};
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

macro_rules! roles {
    ($($variant:ident $field:ident $doc:literal,)*) => {
        /// What a column means.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub enum Role {
            $(#[doc = $doc] $variant,)*
        }

        impl Role {
            const ALL: &[(&str, Role)] = &[$((stringify!($field), Role::$variant),)*];

            /// Returns the key of the role in a profile: `booking_date`.
            pub(super) fn field(self) -> &'static str {
                match self {
                    $(Role::$variant => stringify!($field),)*
                }
            }
        }

        #[derive(Deserialize, Clone, Debug)]
        #[serde(deny_unknown_fields)]
        struct WrittenColumns {
            $(#[serde(default)] $field: Vec<String>,)*
            #[serde(default)]
            names: Vec<Vec<String>>,
            #[serde(default)]
            remittance: Vec<Vec<String>>,
        }

        impl WrittenColumns {
            fn singles(&self) -> Vec<Vec<String>> {
                vec![$(self.$field.clone(),)*]
            }
        }
    };
}

roles! {
    BookingDate booking_date "Day of booking.",
    ValueDate value_date "Value date.",
    Amount amount "Amount, signed or with a direction.",
    Debit debit "Money out.",
    Credit credit "Money in.",
    Fee fee "Fee that moves money of its own: positive is money out, negative is given back.",
    Direction direction "Money in or out, in words.",
    Currency currency "Currency.",
    PayerName payer_name "Who pays; the counterparty of money in.",
    PayeeName payee_name "Who is paid; the counterparty of money out.",
    Account counterparty_account "Account of the counterparty.",
    PayerAccount payer_account "Account that pays.",
    PayeeAccount payee_account "Account that is paid.",
    Agent counterparty_bank "Bank of the counterparty: BIC or name.",
    BookingText booking_text "The bank's text of the transaction.",
    BankRef bank_ref "The bank's own reference.",
    EndToEndId end_to_end_id "Payer's reference.",
    Mandate mandate "Mandate of a direct debit.",
    BankCode bank_tx_code "The bank's code of the transaction.",
    OwnAccount account "Our account.",
    Balance balance_after "Balance after the row.",
    Status status "Booked or pending.",
    DetailAmount detail_amount "Amount of a detail row below its entry.",
}

/// What a column of a layout means.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Meaning {
    /// It has a role that one column has.
    Role(Role),
    /// A name of the counterparty.
    Name,
    /// A text of the payer.
    Remittance,
}

/// A layout of a bank's table.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its id, as messages show it: `sparkasse`.
    pub id: String,
    /// Banks that write it.
    pub banks: Vec<String>,
    /// Charset of files that are not Unicode.
    pub charset: Option<String>,
    /// Comes with the program; a layout of the user wins over it.
    pub is_shipped: bool,
    pub(super) currency: Option<Currency>,
    pub(super) mark: DecimalMark,
    pub(super) dates: Vec<DateFormat>,
    required: Vec<Role>,
    fingerprint: Vec<Vec<String>>,
    singles: Vec<Vec<String>>,
    names: Vec<Vec<String>>,
    remittance: Vec<Vec<String>>,
    pub(super) credit_words: Vec<String>,
    pub(super) debit_words: Vec<String>,
    pub(super) pending_words: Vec<String>,
    pub(super) booked_words: Vec<String>,
    pub(super) facts: Vec<Fact>,
    ignored: Vec<String>,
    pub(super) has_details: bool,
    pub(super) name_ends_at: Vec<char>,
    pub(super) account_in_text: Vec<String>,
    has_unnamed_direction: bool,
}

/// Something that stands around the rows: a label and what its value means.
#[derive(Clone, Debug)]
pub struct Fact {
    /// What the value is.
    pub kind: FactKind,
    /// Labels as written.
    pub labels: Vec<String>,
    /// Labels as compared.
    pub compared: Vec<String>,
    /// Every file of the layout states it: one without was cut off.
    pub is_always: bool,
}

/// What a fact around the rows is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactKind {
    /// Our account.
    Account,
    /// The account's name.
    AccountName,
    /// The account's currency.
    Currency,
    /// First day.
    From,
    /// Last day.
    To,
    /// First and last day in one cell.
    Period,
    /// Opening balance.
    Opening,
    /// Closing balance.
    Closing,
    /// Count, sum or both over all rows.
    Total,
    /// Over money in.
    CreditTotal,
    /// Over money out.
    DebitTotal,
    /// Number of all rows.
    Count,
    /// Number of rows of money in.
    CreditCount,
    /// Number of rows of money out.
    DebitCount,
    /// Number of all rows, whatever movements each of them has.
    RowCount,
    /// Fees over all rows, less those given back.
    FeeTotal,
    /// Sums in the columns of money in and money out.
    TotalsRow,
    /// Nothing of the table follows.
    End,
}

impl FactKind {
    /// Returns true for balances, counts and totals.
    fn is_figure(self) -> bool {
        use FactKind as F;
        !matches!(
            self,
            F::Account | F::AccountName | F::Currency | F::From | F::To | F::Period | F::TotalsRow | F::End
        )
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    banks: Vec<String>,
    charset: Option<String>,
    currency: Option<String>,
    decimal_mark: String,
    dates: Vec<String>,
    required: Vec<String>,
    #[serde(default)]
    fingerprint: Vec<Vec<String>>,
    #[serde(default)]
    ignored_rows: Vec<String>,
    #[serde(default)]
    has_detail_rows: bool,
    #[serde(default)]
    name_ends_at: String,
    #[serde(default)]
    account_in_text: Vec<String>,
    #[serde(default)]
    unnamed_direction: bool,
    columns: WrittenColumns,
    #[serde(default)]
    words: WrittenWords,
    #[serde(default)]
    facts: Vec<WrittenFact>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct WrittenWords {
    #[serde(default)]
    credit: Vec<String>,
    #[serde(default)]
    debit: Vec<String>,
    #[serde(default)]
    pending: Vec<String>,
    #[serde(default)]
    booked: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFact {
    is: FactKind,
    labels: Vec<String>,
    #[serde(default)]
    always: bool,
}

macro_rules! shipped {
    ($($file:literal,)*) => {
        const SHIPPED: &[(&str, &str)] = &[
            $(($file, include_str!(concat!("../../../../config/banks/", $file, ".toml"))),)*
        ];
    };
}

shipped! {
    "generic", "sparkasse", "dkb", "ubs", "ubs_debit_credit", "ubs_wealth", "icbc", "icbc_personal",
    "deutsche_bank", "commerzbank", "vr_bank", "vr_bank_online", "ing_de", "n26", "postfinance", "zkb", "raiffeisen_ch", "ing_nl", "kbc",
    "revolut_business", "wise", "ccb", "boc", "boc_personal", "abc", "cmb", "cmb_personal", "bocom", "alipay_merchant", "wechat_merchant",
    "wechat_fundflow",
}

const CREDIT_WORDS: [&str; 14] = [
    "贷", "收", "收入", "贷 Cr", "贷方", "转入", "C", "CR", "Credit", "CRDT", "H", "Haben", "Bij", "+",
];
const DEBIT_WORDS: [&str; 15] = [
    "借", "付", "支出", "支", "借 Dr", "借方", "转出", "D", "DR", "Debit", "DBIT", "S", "Soll", "Af", "-",
];

impl Profile {
    /// Returns the profile of a TOML text, as one of the user's; `name` stands in the message of what is wrong with it.
    pub fn from_toml(name: &str, text: &str) -> Result<Profile, String> {
        let wrong = |what: String| format!("{name}: {what}");
        let written: Written = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let mark = match written.decimal_mark.as_str() {
            "." => DecimalMark::Point,
            "," => DecimalMark::Comma,
            other => {
                return Err(wrong(format!(
                    "decimal_mark: `{other}` is no decimal mark, expected `.` or `,`"
                )));
            }
        };
        let date = |pattern: &String| {
            DateFormat::new(pattern).ok_or_else(|| {
                wrong(format!(
                    "dates: `{pattern}` is no format, expected DD.MM.YYYY or the like"
                ))
            })
        };
        let dates = written.dates.iter().map(date).collect::<Result<Vec<_>, _>>()?;
        let role = |name: &String| {
            let known = Role::ALL.iter().find(|(field, _)| field == name).map(|(_, role)| *role);
            known.ok_or_else(|| wrong(format!("required: `{name}` is no column role")))
        };
        let required = written.required.iter().map(role).collect::<Result<Vec<_>, _>>()?;
        let currency = match &written.currency {
            Some(code) => {
                Some(Currency::new(code).ok_or_else(|| wrong(format!("currency: `{code}` is no currency code")))?)
            }
            None => None,
        };
        let columns = &written.columns;
        let has_amount = !columns.amount.is_empty() || (!columns.debit.is_empty() && !columns.credit.is_empty());
        if !has_amount || columns.booking_date.is_empty() || dates.is_empty() || required.len() < 2 {
            return Err(wrong(
                "a layout needs dates, booking_date, amount or debit and credit, and two required columns".into(),
            ));
        }
        if let Some(fact) = written.facts.iter().find(|fact| fact.always && !fact.is.is_figure()) {
            return Err(wrong(format!("facts: {:?} is no figure that can be missed", fact.is)));
        }
        let fact = |fact: WrittenFact| Fact {
            kind: fact.is,
            compared: fact.labels.iter().map(|label| normalise(label)).collect(),
            labels: fact.labels,
            is_always: fact.always,
        };
        let words = |own: &[String], common: &[&str]| {
            own.iter()
                .map(String::as_str)
                .chain(common.iter().copied())
                .map(word)
                .collect::<Vec<_>>()
        };
        Ok(Profile {
            currency,
            mark,
            dates,
            required,
            singles: columns.singles(),
            names: written.columns.names,
            remittance: written.columns.remittance,
            credit_words: words(&written.words.credit, &CREDIT_WORDS),
            debit_words: words(&written.words.debit, &DEBIT_WORDS),
            pending_words: words(&written.words.pending, &[]),
            booked_words: words(&written.words.booked, &[]),
            facts: written.facts.into_iter().map(fact).collect(),
            ignored: written.ignored_rows,
            has_details: written.has_detail_rows,
            name_ends_at: written.name_ends_at.chars().collect(),
            account_in_text: written.account_in_text,
            has_unnamed_direction: written.unnamed_direction,
            id: written.id,
            banks: written.banks,
            charset: written.charset,
            is_shipped: false,
            fingerprint: written.fingerprint,
        })
    }

    /// Returns the profiles that come with the program. A test reads them all; one that is broken would be left out.
    pub fn shipped() -> Vec<Profile> {
        static READ: LazyLock<Vec<Profile>> = LazyLock::new(|| {
            let read = |(name, text): &(&str, &str)| Profile::from_toml(name, text).ok();
            let profiles = SHIPPED.iter().filter_map(read);
            let shipped = profiles.map(|profile| Profile {
                is_shipped: true,
                ..profile
            });
            shipped.collect()
        });
        READ.clone()
    }

    /// Returns every header name of the layout with what its column means.
    pub(super) fn meanings(&self) -> impl Iterator<Item = (&str, Meaning)> {
        let roles = Role::ALL.iter().map(|(_, role)| Meaning::Role(*role));
        let singles = self.singles.iter().zip(roles);
        let names = self.names.iter().map(|list| (list, Meaning::Name));
        let remittance = self.remittance.iter().map(|list| (list, Meaning::Remittance));
        let lists = singles.chain(names).chain(remittance);
        lists.flat_map(|(list, meaning)| list.iter().map(move |name| (name.as_str(), meaning)))
    }

    /// Returns true for a word that says that money came in or went out.
    pub(super) fn is_direction(&self, text: &str) -> bool {
        let spoken = word(text);
        self.credit_words.contains(&spoken) || self.debit_words.contains(&spoken)
    }

    /// Adds all header names.
    pub(super) fn names(&self, known: &mut KnownNames) {
        let lists = self
            .singles
            .iter()
            .chain(&self.names)
            .chain(&self.remittance)
            .chain(&self.fingerprint);
        for name in lists.flatten() {
            match name.split_once("{currency}") {
                Some((before, after)) => {
                    for code in ["CHF", "EUR", "USD", "GBP", "CNY"] {
                        known.add(&format!("{before}{code}{after}"));
                    }
                }
                None => known.add(name),
            }
        }
    }

    /// Returns true for a row that begins with a text that the layout passes over.
    pub(super) fn is_ignored(&self, row: Row<'_>) -> bool {
        let Some(first) = row.cells().find(|cell| !cell.is_empty()) else {
            return true;
        };
        self.ignored.iter().any(|begin| first.starts_with(begin.as_str()))
    }

    /// Returns where the columns stand under this header; `None` when a required one is missing or stands twice.
    pub(super) fn resolve(&self, header: &Header) -> Option<Resolved<'_>> {
        let mut currency = None;
        let mut find = |aliases: &[String]| -> Result<Option<usize>, String> {
            for alias in aliases {
                if let Some((before, after)) = alias.split_once("{currency}") {
                    if let Some((position, code)) = with_currency(header, before, after) {
                        currency = Some(code);
                        return Ok(Some(position));
                    }
                } else if let Some(position) = header.find(std::slice::from_ref(alias))? {
                    return Ok(Some(position));
                }
            }
            Ok(None)
        };
        let mut positions = self
            .singles
            .iter()
            .map(|aliases| find(aliases))
            .collect::<Result<Vec<_>, _>>()
            .ok()?;
        if self.has_unnamed_direction {
            let last = header.names.len().checked_sub(1)?;
            positions[Role::Direction as usize] = header.name(last).is_empty().then_some(last);
        }
        let mut lists = |lists: &[Vec<String>]| -> Option<Vec<usize>> {
            let found = lists
                .iter()
                .map(|aliases| find(aliases))
                .collect::<Result<Vec<_>, _>>()
                .ok()?;
            Some(found.into_iter().flatten().collect())
        };
        let names = lists(&self.names)?;
        // Some banks repeat a text column: every one of them may hold what is paid.
        let texts = |aliases: &Vec<String>| {
            aliases
                .iter()
                .map(|alias| header.all(alias))
                .find(|found| !found.is_empty())
        };
        let remittance: Vec<usize> = self.remittance.iter().filter_map(texts).flatten().collect();
        let marks = lists(&self.fingerprint)?;
        let has_all = self
            .required
            .iter()
            .chain(self.has_unnamed_direction.then_some(&Role::Direction))
            .all(|role| positions[*role as usize].is_some());
        if !has_all || marks.len() < self.fingerprint.len() {
            return None;
        }
        let mut used: Vec<usize> = positions
            .iter()
            .flatten()
            .chain(&names)
            .chain(&remittance)
            .chain(&marks)
            .copied()
            .collect();
        used.sort_unstable();
        used.dedup();
        Some(Resolved {
            profile: self,
            fit: used.len(),
            positions,
            names,
            remittance,
            currency,
        })
    }
}

/// Returns a word as it is compared.
pub(super) fn word(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn with_currency(header: &Header, before: &str, after: &str) -> Option<(usize, Currency)> {
    header.names.iter().enumerate().find_map(|(position, name)| {
        let code = name.strip_prefix(before)?.strip_suffix(after)?.trim();
        let currency = Currency::new(code).filter(Currency::is_known)?;
        Some((position, currency))
    })
}

/// A profile with the positions of its columns in one file.
pub struct Resolved<'p> {
    /// The profile.
    pub profile: &'p Profile,
    /// How many columns of the header it knows.
    pub fit: usize,
    positions: Vec<Option<usize>>,
    /// Columns of names, in order.
    pub names: Vec<usize>,
    /// Columns of remittance, in order.
    pub remittance: Vec<usize>,
    /// The currency that the header names.
    pub currency: Option<Currency>,
}

impl Resolved<'_> {
    /// Returns the column of a role.
    pub fn position(&self, role: Role) -> Option<usize> {
        self.positions[role as usize]
    }
}
