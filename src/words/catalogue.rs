//! The catalogues: one file per language in `config/words`, embedded. A sentence is found by its key and filled.
//!
//! `key = "text with {name}"`; `{count|one|more}` says `one` for 1 and `more` for any other number; `{ACCEPT}` is the
//! word for a decision in this language. Sections only sort the file: `[reason] partial` has the key `reason.partial`.

use crate::model::{Amount, Label, Language, NaiveDate};
use crate::words::shown;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// The words of one language. Cheap to copy: hand it down, as the first argument.
#[derive(Clone, Copy)]
pub struct Words(&'static Catalogue);

/// What fills a placeholder.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// A text, shown as it is: what comes from outside is made visible before.
    Text(&'a str),
    /// A number of things, grouped as the language does; chooses between one and more.
    Count(u64),
    /// An amount with its currency, grouped and pointed as the language does.
    Amount(Amount),
    /// A day by ISO 8601.
    Day(NaiveDate),
}

/// Returns a sentence of a catalogue: `say!(words, "reason.unsure_number", documents, number = "7")`.
///
/// A test finds these calls in the source and compares them with the catalogues: the key is written out.
macro_rules! say {
    ($words:expr, $key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        $words.fill($key, &[$((stringify!($name), $crate::words::catalogue::say!(@arg $name $(, $value)?))),*])
    };
    (@arg $name:ident) => { $crate::words::catalogue::Arg::from(&$name) };
    (@arg $name:ident, $value:expr) => { $crate::words::catalogue::Arg::from(&$value) };
}
pub(crate) use say;

struct Catalogue {
    language: Language,
    sentences: FxHashMap<&'static str, Sentence>,
    /// Phrases with something in them: what stands before, between and after it.
    patterns: Vec<(Vec<&'static str>, Sentence)>,
}

struct Sentence {
    text: &'static str,
    pieces: Vec<Piece>,
}

enum Piece {
    Plain(&'static str),
    Filled(&'static str),
    Counted {
        name: &'static str,
        one: &'static str,
        more: &'static str,
    },
}

static CATALOGUES: [LazyLock<Catalogue>; 4] = [
    LazyLock::new(|| Catalogue::read(Language::English)),
    LazyLock::new(|| Catalogue::read(Language::German)),
    LazyLock::new(|| Catalogue::read(Language::SimplifiedChinese)),
    LazyLock::new(|| Catalogue::read(Language::TraditionalChinese)),
];

/// Returns the file of a language as it is embedded.
pub fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("../../config/words/en.toml"),
        Language::German => include_str!("../../config/words/de.toml"),
        Language::SimplifiedChinese => include_str!("../../config/words/zh-Hans.toml"),
        Language::TraditionalChinese => include_str!("../../config/words/zh-Hant.toml"),
    }
}

impl Words {
    /// English.
    pub fn english() -> Words {
        Words::of(Language::English)
    }

    /// Returns the words of a language.
    pub fn of(language: Language) -> Words {
        Words(&CATALOGUES[language as usize])
    }

    /// Returns the language.
    pub fn language(self) -> Language {
        self.0.language
    }

    /// Returns a text without placeholders; the key itself where there is none.
    pub fn text(self, key: &'static str) -> &'static str {
        self.find(key).unwrap_or(key)
    }

    /// Returns a text whose key is put together, of a code for example; `None` where there is none.
    pub fn find(self, key: &str) -> Option<&'static str> {
        self.0.sentences.get(key).map(|sentence| sentence.text)
    }

    /// Returns the texts of a section by their keys, for a template.
    pub fn section(self, section: &str) -> BTreeMap<&'static str, &'static str> {
        let sentences = self.0.sentences.iter();
        let of_section = sentences.filter_map(|(key, sentence)| {
            let name = key.strip_prefix(section)?.strip_prefix('.')?;
            Some((name, sentence.text))
        });
        of_section.collect()
    }

    /// Returns a sentence with its placeholders filled; the key itself where there is none. Call it through `say!`.
    pub fn fill(self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        match self.0.sentences.get(key) {
            Some(sentence) => self.filled(sentence, |name| {
                args.iter().find(|(of, _)| *of == name).map(|(_, arg)| *arg)
            }),
            None => key.to_owned(),
        }
    }

    /// Returns a sentence whose placeholders `{0}`, `{1}` … are filled by position; `None` where there is none.
    pub(super) fn fill_by_position(self, key: &str, args: &[String]) -> Option<String> {
        let sentence = self.0.sentences.get(key)?;
        Some(self.filled(sentence, |name| by_position(args, name)))
    }

    /// Returns a phrase of ours in this language, known by its English words; the same text where it is none of ours.
    ///
    /// Readers say in a phrase what they expected: "an amount, expected at most 18 digits". What stands in a phrase may be one
    /// itself; several are joined by `; `. In English a phrase is what it is.
    pub fn phrase(self, english: &str) -> String {
        if let Some(amount) = shown::amount_of(english) {
            return self.amount(amount);
        }
        if let Some(sentence) = self.0.sentences.get(english) {
            return sentence.text.to_owned();
        }
        let mut patterns = self.0.patterns.iter();
        if let Some((parts, sentence)) = patterns.find_map(|(around, text)| Some((between(english, around)?, text))) {
            let parts: Vec<String> = parts.into_iter().map(|part| self.phrase(part)).collect();
            return self.filled(sentence, |name| by_position(&parts, name));
        }
        match english.split_once("; ") {
            Some((first, rest)) => format!(
                "{}{}{}",
                self.phrase(first),
                self.text("list.semicolon"),
                self.phrase(rest)
            ),
            None => english.to_owned(),
        }
    }

    fn filled<'a>(self, sentence: &Sentence, arg: impl Fn(&'static str) -> Option<Arg<'a>>) -> String {
        let mut said = String::with_capacity(sentence.text.len() + 32);
        for piece in &sentence.pieces {
            match piece {
                Piece::Plain(text) => said.push_str(text),
                Piece::Filled(name) => match arg(name) {
                    Some(Arg::Text(text)) => said.push_str(text),
                    Some(Arg::Count(number)) => shown::push_count(&mut said, number, self.0.language),
                    Some(Arg::Amount(amount)) => said.push_str(&self.amount(amount)),
                    // Writing into a String cannot fail.
                    Some(Arg::Day(day)) => _ = write!(said, "{day}"),
                    None => said.push_str(name),
                },
                Piece::Counted { name, one, more } => {
                    let is_one = matches!(arg(name), Some(Arg::Count(1)));
                    said.push_str(if is_one { one } else { more });
                }
            }
        }
        said
    }

    /// Returns minor units for people: `12,345.60` or `12.345,60`.
    pub fn figure(self, minor: i64, decimals: u8) -> String {
        shown::figure_in(minor, decimals, self.0.language)
    }

    /// Returns a difference with its sign: `+5.00`, `−5.00`, `0.00`.
    pub fn difference(self, minor: i64, decimals: u8) -> String {
        let shown = self.figure(minor, decimals);
        if minor > 0 { format!("+{shown}") } else { shown }
    }

    /// Returns an amount with its currency: `12,345.60 EUR`.
    pub fn amount(self, amount: Amount) -> String {
        let figure = self.figure(amount.minor, amount.currency.decimals());
        format!("{figure} {}", amount.currency)
    }

    /// Returns a count with grouped thousands.
    pub fn count(self, number: u64) -> String {
        let mut shown = String::new();
        shown::push_count(&mut shown, number, self.0.language);
        shown
    }

    /// Returns `part` of `whole` in percent with one decimal, rounded down so that 100.0 means all; `–` of nothing.
    pub fn percent(self, part: u128, whole: u128) -> String {
        let shown = shown::percent(part, whole);
        if self.0.language == Language::German {
            shown.replace('.', ",")
        } else {
            shown
        }
    }
}

/// Returns the argument of `{0}`, `{1}` …
fn by_position<'a>(args: &'a [String], name: &str) -> Option<Arg<'a>> {
    let position: usize = name.parse().ok()?;
    args.get(position).map(|arg| Arg::Text(arg))
}

/// Returns what stands between the texts; `None` where they do not stand there in this order, from start to end.
fn between<'t>(text: &'t str, around: &[&str]) -> Option<Vec<&'t str>> {
    let (first, rest) = around.split_first()?;
    let mut left = text.strip_prefix(first)?;
    let mut parts = Vec::new();
    for (position, next) in rest.iter().enumerate() {
        let is_last = position + 1 == rest.len();
        let (part, after) = match next.is_empty() || is_last {
            true => (left.strip_suffix(next)?, ""),
            false => left.split_once(next)?,
        };
        parts.push(part);
        left = after;
    }
    Some(parts)
}

impl Catalogue {
    fn read(language: Language) -> Catalogue {
        let mut catalogue = Catalogue {
            language,
            sentences: FxHashMap::default(),
            patterns: Vec::new(),
        };
        let table: toml::Table = source(language).parse().unwrap_or_default();
        for (section, texts) in &table {
            for (key, text) in texts.as_table().into_iter().flatten() {
                let Some(text) = text.as_str() else { continue };
                catalogue.add(section, key, text, &table);
            }
        }
        // The longest first: "no. {0} of {1} ({2})" before "no. {0} of {1}".
        let said = |around: &[&str]| around.iter().map(|text| text.len()).sum::<usize>();
        catalogue
            .patterns
            .sort_by_key(|(around, _)| std::cmp::Reverse(said(around)));
        catalogue
    }

    /// Takes up one text. Texts are read once and kept until the program ends, so they may be leaked.
    fn add(&mut self, section: &str, key: &str, text: &str, table: &toml::Table) {
        let text: &'static str = Box::leak(with_actions(text, table).into_boxed_str());
        let sentence = Sentence {
            text,
            pieces: pieces(text),
        };
        if section != "phrase" {
            let key = format!("{section}.{key}");
            self.sentences.insert(Box::leak(key.into_boxed_str()), sentence);
            return;
        }
        let key: &'static str = Box::leak(key.to_owned().into_boxed_str());
        let around: Vec<&'static str> = pieces(key)
            .iter()
            .filter_map(|piece| match piece {
                Piece::Plain(text) => Some(*text),
                _ => None,
            })
            .collect();
        if key.contains('{') {
            self.patterns.push((around_all(key, around), sentence));
        } else {
            self.sentences.insert(key, sentence);
        }
    }
}

/// Puts an empty text where a phrase begins or ends with a placeholder.
fn around_all(key: &str, mut around: Vec<&'static str>) -> Vec<&'static str> {
    if key.starts_with('{') {
        around.insert(0, "");
    }
    if key.ends_with('}') {
        around.push("");
    }
    around
}

/// Replaces `{ACCEPT}` by the word of the drop-down, so that help and suggestions say what can be chosen.
fn with_actions(text: &str, table: &toml::Table) -> String {
    let Some(actions) = table.get("action").and_then(toml::Value::as_table) else {
        return text.to_owned();
    };
    let mut text = text.to_owned();
    for (code, word) in actions {
        if let Some(word) = word.as_str()
            && text.contains(code.as_str())
        {
            text = text.replace(&format!("{{{code}}}"), word);
        }
    }
    text
}

fn pieces(text: &'static str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((inside, after)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Plain(before));
        }
        let mut parts = inside.splitn(3, '|');
        let name = parts.next().unwrap_or(inside);
        pieces.push(match (parts.next(), parts.next()) {
            (Some(one), Some(more)) => Piece::Counted { name, one, more },
            _ => Piece::Filled(name),
        });
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Plain(rest));
    }
    pieces
}

impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl<'a> From<&'a Label> for Arg<'a> {
    fn from(text: &'a Label) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl<'a> From<&&'a str> for Arg<'a> {
    fn from(text: &&'a str) -> Arg<'a> {
        Arg::Text(text)
    }
}

impl From<&u64> for Arg<'_> {
    fn from(number: &u64) -> Self {
        Arg::Count(*number)
    }
}

impl From<&usize> for Arg<'_> {
    fn from(number: &usize) -> Self {
        Arg::Count(*number as u64)
    }
}

impl From<&Amount> for Arg<'_> {
    fn from(amount: &Amount) -> Self {
        Arg::Amount(*amount)
    }
}

impl From<&NaiveDate> for Arg<'_> {
    fn from(day: &NaiveDate) -> Self {
        Arg::Day(*day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_each_language() {
        let euro = crate::model::Currency::new("EUR").expect("EUR");
        for (language, shown) in [
            (Language::English, "12,345.60 EUR"),
            (Language::German, "12.345,60 EUR"),
            (Language::SimplifiedChinese, "12,345.60 EUR"),
        ] {
            assert_eq!(Words::of(language).amount(Amount::new(1_234_560, euro)), shown);
        }
    }

    #[test]
    fn phrases_are_found_by_what_stands_around_their_figures() {
        for (text, around, parts) in [
            ("it has 7 sheets", &["it has ", " sheets"][..], Some(vec!["7"])),
            ("7 members", &["", " members"], Some(vec!["7"])),
            ("more than 9", &["more than ", ""], Some(vec!["9"])),
            ("a row 3 and 4 b", &["a row ", " and ", " b"], Some(vec!["3", "4"])),
            ("it has no members", &["it has ", " sheets"], None),
        ] {
            assert_eq!(between(text, around), parts, "{text}");
        }
    }
}
