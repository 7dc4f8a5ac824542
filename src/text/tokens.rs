//! Numbers and words in running text, with what is no reference masked: dates, amounts, accounts, telephones.

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TokenKind {
    /// Letters only.
    Letters,
    /// Digits only.
    Digits,
    /// Letters and digits.
    Mixed,
    /// A date: no reference.
    Date,
    /// A telephone number: no reference.
    Phone,
    /// An IBAN whose check digits hold: no reference.
    Iban,
    /// A bank's BIC: no reference.
    Bic,
    /// An amount of money; `Token::amount` is its value.
    Amount,
    /// A percentage.
    Percent,
}

/// A piece of text that may be a reference, or is known not to be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token<'a> {
    /// As written.
    pub written: &'a str,
    /// Letters and digits in capitals, accents dropped.
    pub key: String,
    /// Byte position of the first character.
    pub start: usize,
    /// Byte position after the last character.
    pub end: usize,
    /// What it is.
    pub kind: TokenKind,
    /// Number of runs it joins: 1 for a run of its own, more for neighbours joined.
    pub parts: u8,
    /// The value, where it is an amount.
    pub amount: Option<WrittenAmount>,
}

impl Token<'_> {
    /// Returns true for dates, telephones, accounts, amounts and percentages: what cannot be a reference.
    pub fn is_masked(&self) -> bool {
        !matches!(self.kind, TokenKind::Letters | TokenKind::Digits | TokenKind::Mixed)
    }
}

/// An amount as people write it, decimal mark inferred.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WrittenAmount {
    /// Value in units of 10^-decimals; negative with a minus in front or behind.
    pub units: i64,
    /// Number of decimals written: 0 to 4.
    pub decimals: u8,
    /// The currency that stands beside it.
    pub currency: Option<crate::model::Currency>,
}

impl WrittenAmount {
    /// Returns the value in minor units of a currency with so many decimals; `None` when it is written more precisely, or too large.
    pub fn minor(&self, decimals: u8) -> Option<i64> {
        if self.decimals <= decimals {
            let factor = 10_i64.checked_pow(u32::from(decimals - self.decimals))?;
            return self.units.checked_mul(factor);
        }
        let factor = 10_i64.checked_pow(u32::from(self.decimals - decimals))?;
        (self.units % factor == 0).then_some(self.units / factor)
    }
}

/// Returns the tokens of a text in order of position: every run of letters and digits, and neighbours joined over blanks,
/// line breaks and separators where one of them has a digit (at most four runs). Longer ones of one start come later.
pub fn scan(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (place, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, c.is_ascii_alphanumeric()) {
            (None, true) => start = Some(place),
            (Some(from), false) => {
                let written = &text[from..place];
                let has_digits = written.bytes().any(|b| b.is_ascii_digit());
                let has_letters = written.bytes().any(|b| b.is_ascii_alphabetic());
                let kind = match (has_letters, has_digits) {
                    (true, false) => TokenKind::Letters,
                    (false, _) => TokenKind::Digits,
                    (true, true) => TokenKind::Mixed,
                };
                let key = written.to_ascii_uppercase();
                tokens.push(Token {
                    written,
                    key,
                    start: from,
                    end: place,
                    kind,
                    parts: 1,
                    amount: None,
                });
                start = None;
            }
            _ => {}
        }
    }
    tokens
}
