//! Sentences and remedies of findings.

use crate::model::{Finding, Severity};
use crate::words::catalogue::{Words, say};

/// What a person is told about a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// What is wrong, naming the thing and what was expected.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Returns sentence and remedy of a finding.
pub fn message(words: Words, finding: &Finding) -> Message {
    let shown = |arg: &String| visible_up_to(&words.phrase(arg), ARGUMENT_MAX);
    let args: Vec<String> = finding.args.iter().map(shown).collect();
    let code = finding.code.code();
    let said = |section: &str| words.fill_by_position(&format!("{section}.{code}"), &args);
    Message {
        message: said("finding").unwrap_or_else(|| code.to_owned()),
        remedy: said("remedy").unwrap_or_default(),
    }
}

/// Returns the finding as messages show it: `error[AMOUNT-FORMAT]: inbox/a.xml:14:27: Stmt[1]/Ntry[3]/Amt: …` and a `help:` line.
pub fn full(words: Words, finding: &Finding) -> String {
    let said = message(words, finding);
    let severity = match finding.severity {
        Severity::Error => words.text("terminal.severity_error"),
        Severity::Warning => words.text("terminal.severity_warning"),
        Severity::Note => words.text("terminal.severity_note"),
    };
    let head = format!(
        "{severity}[{}]: {}: {}",
        finding.code.code(),
        finding.source,
        said.message
    );
    if said.remedy.is_empty() {
        return head;
    }
    let remedy = said.remedy;
    format!("{head}\n{}", say!(words, "terminal.help", remedy))
}

/// Characters that a sentence shows of a thing: a header has many columns.
const ARGUMENT_MAX: usize = 1000;

/// Returns a text whose control and bidirectional characters are written out, cut after 200 characters.
pub fn visible(text: &str) -> String {
    visible_up_to(text, 200)
}

fn visible_up_to(text: &str, max: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    for (count, character) in text.chars().enumerate() {
        if count == max {
            shown.push('…');
            break;
        }
        let is_hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if is_hidden {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{FindingCode, Source};

    #[test]
    fn every_code_has_a_sentence_and_no_two_share_a_code() {
        let mut codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn what_a_file_says_cannot_steer_the_terminal() {
        let finding = Finding::error(
            FindingCode::AmountFormat,
            Source::file("a.xml"),
            vec!["1\u{1b}[2J\u{202e}".into()],
        );
        assert_eq!(
            message(Words::english(), &finding).message,
            "`1\\u{1b}[2J\\u{202e}` is not an amount, expected digits and at most one decimal point"
        );
    }
}
