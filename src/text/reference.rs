//! Document numbers: keys to look them up by, their shape, and how far two of them are apart.

use crate::model::Label;
pub(crate) use crate::model::label::of_ascii;
use std::borrow::Cow;

/// Letters and digits of a number.
pub type Key = Label;

/// How two keys differ, from nothing to one wrong character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Edit {
    /// Written alike but for letter case.
    Same,
    /// Differ in separators only.
    Separator,
    /// Equal after folding letters that look like digits.
    LookAlike,
    /// One character stands for another.
    Substitution,
    /// `a` lacks one character of `b`.
    Missing,
    /// `a` has one character more than `b`.
    Doubled,
    /// Two neighbours changed places.
    Swap,
}

/// Returns the letters and digits of a document number in capitals: `RE-2026/0042` → `RE20260042`.
pub fn key(text: &str) -> Key {
    if !text.is_ascii() {
        return joined_upper(text);
    }
    let kept = text.bytes().filter(u8::is_ascii_alphanumeric);
    of_ascii(text.len(), kept.map(|byte| byte.to_ascii_uppercase()))
}

fn joined_upper(text: &str) -> Key {
    super::fold(text)
        .chars()
        .filter(|c| *c != ' ')
        .flat_map(char::to_uppercase)
        .collect()
}

/// Returns the digits of a key: `RE20260042` → `20260042`.
pub fn digits(key: &str) -> Key {
    of_ascii(key.len(), key.bytes().filter(u8::is_ascii_digit))
}

/// Returns the last run of digits without leading zeros: `RE-2026/0042` → `42`; empty where there is none or only zeros.
pub fn counter(text: &str) -> Key {
    let plain = if text.is_ascii() {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(super::fold(text))
    };
    let last = plain.split(|c: char| !c.is_ascii_digit()).rfind(|run| !run.is_empty());
    last.unwrap_or("").trim_start_matches('0').into()
}

/// Returns the shape: `A` for a letter, `9` for a digit, separators as they are: `RE-2026/0042` → `AA-9999/9999`.
pub fn mask(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '0'..='9' | '０'..='９' => '9',
            c if c.is_alphabetic() => 'A',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// Returns the key with letters that look like digits written as digits: O Q D → 0 is too much; O → 0, I L → 1, S → 5, B → 8, Z → 2, G → 6.
pub fn look_alike(key: &str) -> Key {
    if key.is_ascii() {
        return of_ascii(key.len(), key.bytes().map(|byte| as_digit(char::from(byte)) as u8));
    }
    key.chars().map(as_digit).collect()
}

/// Returns true when [`look_alike`] would change the key.
pub fn has_look_alike(key: &str) -> bool {
    key.chars().any(|c| as_digit(c) != c)
}

fn as_digit(c: char) -> char {
    match c {
        'O' => '0',
        'I' | 'L' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        'G' => '6',
        other => other,
    }
}

/// Returns how `a` (as written) differs from `b` (the document number), or `None` when it is more than one step.
///
/// Both may be written forms or keys. Steps other than separators need four characters at least.
pub fn edit(a: &str, b: &str) -> Option<Edit> {
    if a.eq_ignore_ascii_case(b) {
        return Some(Edit::Same);
    }
    let is_ascii = a.is_ascii() && b.is_ascii();
    let length = |text: &str| text.bytes().filter(u8::is_ascii_alphanumeric).count();
    if is_ascii && length(a).abs_diff(length(b)) > 1 {
        return None;
    }
    let (a, b) = (key(a), key(b));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a == b {
        return Some(Edit::Separator);
    }
    if a.chars().map(as_digit).eq(b.chars().map(as_digit)) {
        return Some(Edit::LookAlike);
    }
    if is_ascii {
        return (a.len().min(b.len()) >= 4)
            .then(|| one_step(a.as_bytes(), b.as_bytes()))
            .flatten();
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().min(b.len()) < 4 {
        return None;
    }
    one_step(&a, &b)
}

/// Returns true when two texts are one wrong, missing or additional character or one swap apart, or equal.
pub(super) fn is_one_step(a: &[u8], b: &[u8]) -> bool {
    a.len().abs_diff(b.len()) <= 1 && (a == b || one_step(a, b).is_some())
}

fn one_step<T: PartialEq>(a: &[T], b: &[T]) -> Option<Edit> {
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(x, y)| x == y)
        .count()
        .min(a.len().min(b.len()) - start);
    let (left, right) = (a.get(start..a.len() - end)?, b.get(start..b.len() - end)?);
    match (left, right) {
        ([_], [_]) => Some(Edit::Substitution),
        ([], [_]) => Some(Edit::Missing),
        ([_], []) => Some(Edit::Doubled),
        ([x, y], [v, w]) if x == w && y == v => Some(Edit::Swap),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_of_a_number() {
        for (written, whole, numeric, last, shape) in [
            ("RE-2026/0042", "RE20260042", "20260042", "42", "AA-9999/9999"),
            ("re 1001", "RE1001", "1001", "1001", "AA 9999"),
            ("INV0000", "INV0000", "0000", "", "AAA9999"),
            ("2026-R-7a", "2026R7A", "20267", "7", "9999-A-9A"),
            ("ＲＥ１００１", "RE1001", "1001", "1001", "AA9999"),
            ("沪-2026-18", "沪202618", "202618", "18", "A-9999-99"),
            ("", "", "", "", ""),
        ] {
            assert_eq!(key(written), whole, "key: {written}");
            assert_eq!(digits(&key(written)), numeric, "digits: {written}");
            assert_eq!(counter(written), last, "counter: {written}");
            assert_eq!(mask(written), shape, "mask: {written}");
        }
    }

    #[test]
    fn one_step_apart() {
        for (written, number, step) in [
            ("RE1001", "RE1001", Some(Edit::Same)),
            ("re1001", "RE1001", Some(Edit::Same)),
            ("RE-1001", "RE1001", Some(Edit::Separator)),
            ("RE1OO1", "RE1001", Some(Edit::LookAlike)),
            ("RE-IOOI", "RE1001", Some(Edit::LookAlike)),
            ("RE1901", "RE1001", Some(Edit::Substitution)),
            ("RE101", "RE1001", Some(Edit::Missing)),
            ("RE10001", "RE1001", Some(Edit::Doubled)),
            ("RE1010", "RE1001", Some(Edit::Swap)),
            ("E1001", "RE1001", Some(Edit::Missing)),
            ("RE1992", "RE1001", None),
            ("101", "1001", None),
            ("RE", "XY", None),
            ("", "RE1", None),
            ("///", "RE1", None),
            ("RE01001", "RE10001", Some(Edit::Swap)),
        ] {
            assert_eq!(edit(written, number), step, "{written} for {number}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_keys(a in "\\PC*", b in "\\PC*") {
            let (forth, back) = (edit(&a, &b), edit(&b, &a));
            prop_assert_eq!(forth.is_some(), back.is_some());
            let _ = (counter(&a), mask(&a), digits(&key(&a)));
        }
    }
}
