//! Headers of the workbook: the word of the language, and beside it the name that the column has in CSV files.

use crate::model::Language;
use crate::words::Words;

/// Returns the header of a column: `金额 amount`; only the word where it is the name, as in English.
///
/// The name stands last, has no blank, and is the same in every language: a reader recognises it.
pub fn bilingual(words: Words, name: &str) -> String {
    match word(words, name) {
        Some(word) if word.eq_ignore_ascii_case(name) => word.to_owned(),
        Some(word) => format!("{word} {name}"),
        None => name.to_owned(),
    }
}

/// Returns the word for a column in every language that has one.
pub fn all_words(name: &str) -> impl Iterator<Item = &'static str> {
    Language::ALL
        .into_iter()
        .filter_map(move |language| word(Words::of(language), name))
}

fn word(words: Words, name: &str) -> Option<&'static str> {
    words
        .find(&format!("header.{name}"))
        .or_else(|| words.find(&format!("signal.{name}")))
}
