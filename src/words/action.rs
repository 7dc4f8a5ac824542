//! The words of decisions: offered in one language, understood in all.

use crate::model::{Action, Language};
use crate::words::Words;

/// Returns the word that the drop-down offers for a decision.
pub fn word(words: Words, action: Action) -> &'static str {
    let found = words.find(&format!("action.{}", action.code()));
    found.unwrap_or(action.code())
}

/// Returns the words of a decision in every language, the one of `words` first, each once.
pub fn all_words(words: Words, action: Action) -> Vec<&'static str> {
    let mut all = vec![word(words, action)];
    for language in Language::ALL {
        let word = word(Words::of(language), action);
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all
}
