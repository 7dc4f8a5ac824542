//! The words of the help sheet: how to decide, and what each decision does.

use crate::model::Action;
use crate::words::{Words, action};

/// The lines of the sheet, one step each; the last ones say how to read it.
const LINES: [&str; 10] = [
    "help.work",
    "help.choose",
    "help.save",
    "help.answer",
    "help.sort",
    "help.words",
    "help.approval",
    "help.stale",
    "help.candidate",
    "help.bold",
];

/// Returns how the sheet is worked on and read, one step per line.
pub fn lines(words: Words) -> [&'static str; 10] {
    LINES.map(|key| words.text(key))
}

/// What a decision needs and does.
pub struct ActionHelp {
    /// Its word in the drop-down.
    pub word: &'static str,
    /// Other words for it.
    pub other_words: String,
    /// What belongs into `target`.
    pub target: &'static str,
    /// What the next run does.
    pub meaning: &'static str,
}

/// Returns the help on every decision in the order that people are offered them.
pub fn actions(words: Words) -> Vec<ActionHelp> {
    let help = Action::ALL.map(|action| {
        let text = |section: &str| words.find(&format!("{section}.{}", action.code()));
        ActionHelp {
            word: action::word(words, action),
            other_words: action::all_words(words, action)[1..].join(words.text("list.comma")),
            target: text("help_target").unwrap_or_default(),
            meaning: text("help_meaning").unwrap_or_default(),
        }
    });
    help.into()
}
