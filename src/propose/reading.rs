//! What the payment says: its texts, the numbers in them, and the items that these numbers name.

use super::Book;
use super::sought::{self, Glances, Sought};
use super::texts::{Place, Text};
use super::work::Work;
use crate::evidence::reference;
use crate::evidence::wording::{self, Wording};
use crate::index::{DebtorNo, Entry, Field, Form, ItemNo};
use crate::model::matching::ReferenceLevel;
use crate::model::{Payment, Signal};
use crate::text::tokens::{Token, TokenKind, scan_each};
use crate::text::{recognise, reference as keys};

/// Tokens of one payment that room is made for beforehand.
const TOKENS_FORESEEN: usize = 24;

/// Tokens of one payment that are looked at.
const TOKENS_MAX: usize = 600;

/// Items named in one payment that are kept.
const NAMED_MAX: usize = 400;

/// Items that one number may mean before it means nothing.
const REACHED_MAX: usize = 12;

/// An item that a number in the text names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Named {
    /// The item.
    pub item: ItemNo,
    /// How it is named.
    pub signal: Signal,
    /// Level of the evidence.
    pub level: ReferenceLevel,
    /// 1/100 bit.
    pub weight: i32,
    /// Which text.
    pub text: usize,
    /// Byte position of the first character.
    pub start: usize,
    /// Byte position after the last.
    pub end: usize,
    /// False for closed items.
    pub is_open: bool,
}

impl Named {
    /// Returns true for numbers that stand for themselves: not by chance, not a mere counter.
    pub fn is_strong(&self) -> bool {
        matches!(self.level, ReferenceLevel::Structured | ReferenceLevel::Number)
    }
}

/// What the payment says.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    /// All tokens with the text that they stand in; those of texts without any digit are left out.
    pub tokens: Vec<(usize, Token<'t>)>,
    /// There is a text at all.
    pub has_words: bool,
    /// Items named, each once, by the strongest of its numbers.
    pub named: Vec<Named>,
    /// Numbers of our form that no item has: position in `tokens`.
    pub unknown: Vec<usize>,
    /// Customers whose number stands in the text.
    pub customers: Vec<DebtorNo>,
    /// What the wording says.
    pub wording: Wording,
    /// Number of numbers in the text.
    pub numbers: usize,
    /// Numbers that no whole number explains.
    pub sought: Vec<Sought>,
    /// What they look like.
    pub glances: Glances,
    /// What it cost so far.
    pub work: Work,
    texts: &'t [Text<'t>],
}

impl<'t> Reading<'t> {
    /// Reads the texts; what their numbers name comes with [`Reading::find`].
    pub fn new(texts: &'t [Text<'t>]) -> Reading<'t> {
        let mut tokens: Vec<(usize, Token<'t>)> = Vec::with_capacity(TOKENS_FORESEEN);
        let mut wording = Wording::default();
        let mut has_words = false;
        for (at, text) in texts.iter().enumerate() {
            has_words = has_words || text.text.chars().any(char::is_alphanumeric);
            // Without a digit nothing can be named.
            if has_digit(&text.text) {
                scan_each(&text.text, &mut |token| {
                    if tokens.len() < TOKENS_MAX {
                        tokens.push((at, token));
                    }
                });
            }
            if matches!(text.place, Place::Remittance | Place::Additional) {
                let said = wording::read(&crate::text::fold(&text.text));
                wording.is_prepayment |= said.is_prepayment;
                wording.is_not_receivable |= said.is_not_receivable;
                wording.is_part |= said.is_part;
            }
        }
        let is_counted = |token: &Token<'_>| token.parts == 1 && is_number(token);
        let numbers = tokens.iter().filter(|(_, token)| is_counted(token)).count().max(1);
        Reading {
            tokens,
            has_words,
            named: Vec::new(),
            unknown: Vec::new(),
            customers: Vec::new(),
            wording,
            numbers,
            sought: Vec::new(),
            glances: Glances::default(),
            work: Work::default(),
            texts,
        }
    }

    /// Finds what the numbers of the texts name.
    pub fn find(&mut self, book: &Book<'_>, payment: &Payment) {
        let texts = self.texts;
        self.find_customers(book);
        let mut found = self.find_items(book, payment, texts);
        self.find_checked(book, payment, texts, &mut found);
        drop_contained(&mut found);
        self.keep_best(book, found);
        self.find_inherited(book, payment, texts);
        self.find_unknown(book);
        (self.sought, self.glances) = sought::find(book, payment, self);
        self.work.add(self.tokens.len() * (1 + self.named.len()));
    }

    fn find_customers(&mut self, book: &Book<'_>) {
        for (_, token) in self.tokens.iter().filter(|(_, token)| is_number(token)) {
            if let Some(debtor) = book.customer_numbers.find(&token.key)
                && !self.customers.contains(&debtor)
                && self.customers.len() < 4
            {
                self.customers.push(debtor);
            }
        }
    }

    fn find_items(&self, book: &Book<'_>, payment: &Payment, texts: &[Text<'_>]) -> Vec<Named> {
        let mut found = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (text, token) in &self.tokens {
            if !is_number(token) || found.len() > NAMED_MAX * 2 {
                continue;
            }
            let place = texts[*text].place;
            let mut look_up = |key: &str, reformatted: bool| -> bool {
                let seen = book
                    .numbers
                    .find(key)
                    .inspect(|_| self.work.add(1))
                    .filter(|entry| book.ledger.is_visible(entry.item, &payment.company))
                    .filter(|entry| !token.is_masked() || is_whole(book, entry, token));
                entries.clear();
                entries.extend(seen.take(REACHED_MAX + 1));
                if entries.len() > REACHED_MAX {
                    return true;
                }
                for entry in &entries {
                    let reached = entries.iter().filter(|other| other.form == entry.form).count();
                    found.push(self.named(book, entry, key, token, *text, place, reached, reformatted));
                }
                !entries.is_empty()
            };
            if is_own_amount(token, payment) && token.key.len() < 7 {
                continue;
            }
            if look_up(&token.key, false) || token.is_masked() {
                continue;
            }
            let digits = book.shapes.without_label(&token.key).unwrap_or(&token.key);
            if digits.bytes().all(|byte| byte.is_ascii_digit()) {
                let bare = digits.trim_start_matches('0');
                if bare.len() >= 3 && (bare != token.key) && look_up(bare, true) {
                    continue;
                }
                if digits != token.key && bare != digits && look_up(digits, true) {
                    continue;
                }
            }
            // Letters and the digits that they look like are equally long.
            if book.numbers.has_length_of(&token.key) && keys::has_look_alike(&token.key) {
                look_up(&keys::look_alike(&token.key), true);
            }
        }
        found
    }

    #[expect(clippy::too_many_arguments, reason = "one find with everything that is known of it")]
    fn named(
        &self,
        book: &Book<'_>,
        entry: &Entry,
        key: &str,
        token: &Token<'_>,
        text: usize,
        place: Place,
        reached: usize,
        reformatted: bool,
    ) -> Named {
        let record = book.ledger.item(entry.item);
        let weights = &book.options.weights;
        let is_written = token.written.eq_ignore_ascii_case(&record.document_number);
        let digits = key.bytes().filter(u8::is_ascii_digit).count();
        let (signal, mut level) = match (entry.field, entry.form) {
            (Field::Document, Form::LookAlike) => (Signal::NumberTypo, ReferenceLevel::Number),
            (Field::Document, Form::Full) if is_written && !reformatted => {
                (Signal::NumberExact, ReferenceLevel::Number)
            }
            (Field::Document, Form::Full) => (Signal::NumberReformatted, ReferenceLevel::Number),
            (Field::Document, Form::Digits) if digits >= 6 => (Signal::NumberReformatted, ReferenceLevel::Number),
            (Field::Document, Form::Digits) => (Signal::NumberCounter, ReferenceLevel::Partial),
            (Field::Other, _) => (Signal::OtherReference, ReferenceLevel::Number),
            (Field::Order, _) => (Signal::OrderNumber, ReferenceLevel::Number),
        };
        let is_short = key.len() < 4 || (digits < 4 && key.len() < 6);
        let is_year = key.len() == 4 && digits == 4 && (key.starts_with("19") || key.starts_with("20"));
        let is_guess = is_year && place != Place::Structured;
        if is_short || is_guess || (reached > 1 && entry.field != Field::Order) {
            level = ReferenceLevel::Partial;
        }
        if place == Place::Structured && level == ReferenceLevel::Number {
            level = ReferenceLevel::Structured;
        }
        let weight = if entry.form == Form::LookAlike {
            reference::number(weights, signal, key, self.numbers, reached) - weights.number_typo
                + weights.number_look_alike
        } else {
            reference::number(weights, signal, key, self.numbers, reached)
        };
        Named {
            item: entry.item,
            signal,
            level,
            weight,
            text,
            start: token.start,
            end: token.end,
            is_open: !record.is_closed(),
        }
    }

    /// References with check digits: the payload is, or ends with, a number of ours.
    fn find_checked(&self, book: &Book<'_>, payment: &Payment, texts: &[Text<'_>], found: &mut Vec<Named>) {
        for (at, text) in texts.iter().enumerate() {
            if text.place == Place::Name || text.text.len() < 6 {
                continue;
            }
            for checked in recognise(&text.text) {
                let whole = keys::key(&checked.written);
                let payload = checked.payload.as_str();
                let entries = longest_payload(book, &whole, payload, &payment.company);
                let reached = entries.len();
                for entry in entries.iter().take(REACHED_MAX) {
                    let record = book.ledger.item(entry.item);
                    let weight = reference::number(
                        &book.options.weights,
                        Signal::CheckedReference,
                        payload,
                        self.numbers,
                        reached,
                    );
                    found.push(Named {
                        item: entry.item,
                        signal: Signal::CheckedReference,
                        level: if reached == 1 {
                            ReferenceLevel::Structured
                        } else {
                            ReferenceLevel::Partial
                        },
                        weight,
                        text: at,
                        start: checked.start,
                        end: checked.end,
                        is_open: !record.is_closed(),
                    });
                }
            }
        }
    }

    /// Keeps for each item the strongest of its numbers, in the order of the text.
    fn keep_best(&mut self, book: &Book<'_>, found: Vec<Named>) {
        let mut order = found;
        order.sort_by_key(|named| {
            (
                book.ledger.rank[named.item as usize],
                std::cmp::Reverse(named.weight),
                named.text,
                named.start,
            )
        });
        order.dedup_by_key(|named| named.item);
        // A number that an open item has is not the closed item of the same number.
        let open: Vec<(usize, usize, usize)> = order
            .iter()
            .filter(|named| named.is_open)
            .map(|named| (named.text, named.start, named.end))
            .collect();
        order.retain(|named| named.is_open || !open.contains(&(named.text, named.start, named.end)));
        order.sort_by_key(|named| {
            (
                named.text,
                named.start,
                named.end,
                book.ledger.rank[named.item as usize],
            )
        });
        order.truncate(NAMED_MAX);
        self.named = order;
    }

    /// Lists that write the later numbers shorter: `RE-1001/02/13`, `1001, 1002 u. 1013`.
    fn find_inherited(&mut self, book: &Book<'_>, payment: &Payment, texts: &[Text<'_>]) {
        let mut inherited: Vec<Named> = Vec::new();
        for leader in self.named.iter().filter(|named| named.is_strong()) {
            if matches!(
                leader.signal,
                Signal::OrderNumber | Signal::OtherReference | Signal::CheckedReference
            ) {
                continue;
            }
            let key = &book.ledger.keys[leader.item as usize];
            let debtor = book.ledger.debtor_of(leader.item);
            let text = &texts[leader.text].text;
            let mut end = leader.end;
            for (at, token) in &self.tokens {
                if *at != leader.text || token.start < end || token.parts > 1 {
                    continue;
                }
                let gap = text.get(end..token.start).unwrap_or("x");
                if !is_list_gap(gap) {
                    break;
                }
                if token.kind == TokenKind::Letters && is_list_word(token.written) {
                    end = token.end;
                    continue;
                }
                if token.kind != TokenKind::Digits || token.key.len() >= key.len() || self.begins_number(*at, token) {
                    break;
                }
                let tail = trailing_digits(key);
                if token.key.len() > tail {
                    break;
                }
                let full = format!("{}{}", &key[..key.len() - token.key.len()], token.key);
                let entry = book.numbers.find(&full).find(|entry| {
                    entry.field == Field::Document
                        && entry.form == Form::Full
                        && book.ledger.debtor_of(entry.item) == debtor
                        && book.ledger.is_visible(entry.item, &payment.company)
                });
                end = token.end;
                let Some(entry) = entry else { continue };
                inherited.push(Named {
                    item: entry.item,
                    signal: Signal::NumberReformatted,
                    level: ReferenceLevel::Number,
                    weight: (leader.weight + book.options.weights.number_inherited).max(0),
                    text: leader.text,
                    start: token.start,
                    end: token.end,
                    is_open: !book.ledger.item(entry.item).is_closed(),
                });
            }
        }
        for named in inherited {
            // What the list says outranks what the same digits would mean elsewhere.
            self.named.retain(|known| {
                known.item == named.item
                    || known.text != named.text
                    || known.end <= named.start
                    || known.start >= named.end
                    || known.is_strong()
            });
            if !self
                .named
                .iter()
                .any(|known| known.item == named.item && known.is_strong())
            {
                self.named.retain(|known| known.item != named.item);
                self.named.push(named);
            }
        }
    }

    fn find_unknown(&mut self, book: &Book<'_>) {
        for (at, (text, token)) in self.tokens.iter().enumerate() {
            if token.is_masked() || !is_number(token) || self.is_named(*text, token) {
                continue;
            }
            let is_year = token.key.len() == 4 && (token.key.starts_with("19") || token.key.starts_with("20"));
            if !is_year && book.shapes.is_ours(&token.key) && self.unknown.len() < 8 {
                self.unknown.push(at);
            }
        }
    }

    /// The digits are a part of a longer whole number: they shorten none.
    fn begins_number(&self, text: usize, token: &Token<'_>) -> bool {
        let is_inside = |named: &Named| {
            named.text == text
                && named.start <= token.start
                && token.end <= named.end
                && named.end - named.start > token.end - token.start
        };
        self.named.iter().any(|named| named.is_strong() && is_inside(named))
    }

    /// A whole number already explains the place.
    pub fn is_taken(&self, text: usize, start: usize, end: usize) -> bool {
        self.named
            .iter()
            .any(|named| named.is_strong() && named.text == text && named.start < end && start < named.end)
    }

    /// Returns the number as it is written.
    pub fn written(&self, named: &Named) -> &'t str {
        self.gap(named.text, named.start, named.end).unwrap_or_default()
    }

    /// Returns what stands between two places of a text.
    pub fn gap(&self, text: usize, start: usize, end: usize) -> Option<&'t str> {
        self.texts.get(text)?.text.get(start..end)
    }

    /// Returns true when a named item already explains the place of this token.
    pub fn is_named(&self, text: usize, token: &Token<'_>) -> bool {
        self.named
            .iter()
            .any(|named| named.text == text && named.start < token.end && token.start < named.end)
    }
}

/// Digits of any script.
fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit()) || (!text.is_ascii() && text.chars().any(char::is_numeric))
}

/// Returns true for what may be a number: a digit in it, and three characters.
pub(super) fn is_number(token: &Token<'_>) -> bool {
    let has_digit = || token.key.bytes().any(|byte| byte.is_ascii_digit());
    token.key.len() >= 3
        && match token.kind {
            TokenKind::Letters => false,
            TokenKind::Digits | TokenKind::Mixed => true,
            _ => has_digit(),
        }
}

/// A masked token still names an item whose whole number is written exactly so.
fn is_whole(book: &Book<'_>, entry: &Entry, token: &Token<'_>) -> bool {
    entry.field == Field::Document
        && entry.form == Form::Full
        && token.key.len() >= 6
        && matches!(token.kind, TokenKind::Date | TokenKind::Phone)
        && book.ledger.item(entry.item).document_number == token.written
}

/// Returns true when the token is the payment's own amount written without decimals.
pub(super) fn is_own_amount(token: &Token<'_>, payment: &Payment) -> bool {
    if token.kind != TokenKind::Digits {
        return false;
    }
    let amount = payment.amount.minor;
    let major = amount / payment.amount.currency.minor_per_major();
    token
        .key
        .parse::<i64>()
        .is_ok_and(|value| value == amount || value == major)
}

/// The items whose reference is the whole, or whose number is the payload or its end behind zeros.
fn longest_payload(book: &Book<'_>, whole: &str, payload: &str, company: &str) -> Vec<Entry> {
    let visible = |key: &str| -> Vec<Entry> {
        book.numbers
            .find(key)
            .filter(|entry| entry.field != Field::Order && book.ledger.is_visible(entry.item, company))
            .take(REACHED_MAX + 1)
            .collect()
    };
    for key in [whole, payload, payload.trim_start_matches('0')] {
        let entries = visible(key);
        if !entries.is_empty() {
            return entries;
        }
    }
    if !payload.is_ascii() {
        return Vec::new();
    }
    // The payload is often customer number, zeros, document number: the end counts when zeros or the customer's number stand before it.
    for start in 1..payload.len().saturating_sub(4) {
        let (front, back) = payload.split_at(start);
        let bare = back.trim_start_matches('0');
        let is_border = front.ends_with('0') || back.starts_with('0');
        let entries: Vec<Entry> = visible(bare)
            .into_iter()
            .filter(|entry| is_border || is_customer(book, *entry, front))
            .collect();
        if bare.len() >= 4 && !entries.is_empty() {
            return entries;
        }
    }
    Vec::new()
}

fn is_customer(book: &Book<'_>, entry: Entry, front: &str) -> bool {
    let debtor = book.ledger.debtor_of(entry.item);
    book.customer_numbers.find(front.trim_start_matches('0')) == Some(debtor)
        || book.customer_numbers.find(front) == Some(debtor)
}

/// A number inside a longer number that names something is no number of its own.
fn drop_contained(found: &mut Vec<Named>) {
    let spans: Vec<(usize, usize, usize, i32)> = found
        .iter()
        .map(|named| (named.text, named.start, named.end, named.weight))
        .collect();
    found.retain(|named| {
        !spans.iter().any(|(text, start, end, weight)| {
            let is_inside = *start <= named.start && named.end <= *end && (*end - *start) > (named.end - named.start);
            *text == named.text && is_inside && *weight >= named.weight
        })
    });
}

fn trailing_digits(key: &str) -> usize {
    key.bytes().rev().take_while(u8::is_ascii_digit).count()
}

/// Separators between the numbers of one list; words between them are tokens of their own.
fn is_list_gap(gap: &str) -> bool {
    gap.len() <= 8
        && gap.chars().all(|c| {
            c.is_whitespace()
                || matches!(
                    c,
                    ',' | ';' | '/' | '+' | '&' | '.' | '-' | '|' | '、' | '，' | '和' | '#'
                )
        })
}

fn is_list_word(word: &str) -> bool {
    ["u", "und", "and", "et", "en", "e", "y", "i", "plus", "nr", "no"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}
