//! A name in its parts, ready to be compared.

use super::LegalForm;
use super::fold::{fold, is_han, is_kana};

/// The script of a name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Script {
    /// Latin letters.
    Latin,
    /// Chinese characters.
    Han,
    /// Katakana or hiragana.
    Kana,
    /// Several of them.
    Mixed,
    /// Another script, or no letters.
    Other,
}

/// Chinese characters in Latin letters, tones left out, ü as v.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pinyin {
    /// Readings of the core, most usual first, at most 8.
    pub core: Vec<String>,
    /// Readings of the brand, most usual first, at most 8.
    pub brand: Vec<String>,
}

/// A name in its parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameForm {
    /// The whole name, folded.
    pub folded: String,
    /// The same with umlauts in two letters (ä → ae); empty where that changes nothing.
    pub folded_umlaut: String,
    /// Without legal form, branch and additions; region and industry kept. Brackets and blanks of Chinese names are gone.
    pub core: String,
    /// Legal form.
    pub legal: Option<LegalForm>,
    /// Words of the core: connecting words and titles dropped, abbreviations in one form. Chinese names are one word.
    pub tokens: Vec<String>,
    /// The same words with umlauts in two letters; empty where that changes nothing.
    pub tokens_umlaut: Vec<String>,
    /// Script.
    pub script: Script,
    /// Chinese region in front: `上海`.
    pub region: Option<String>,
    /// Chinese region in brackets: `绿邦（上海）实业`.
    pub bracket_region: Option<String>,
    /// Core of the brand of a Chinese name: `绿邦`.
    pub brand: Option<String>,
    /// Industry words of a Chinese name: `实业`.
    pub industry: Option<String>,
    /// Branch: `上海分公司`, `niederlassung hamburg`.
    pub branch: Option<String>,
    /// Readings of a Chinese name.
    pub pinyin: Option<Pinyin>,
    /// True when letters of several scripts stand in one word, or a digit stands for a letter, or invisible characters: never trust it by itself.
    pub has_confusables: bool,
    /// Number of characters as written, outer blanks left out: a name of 27, 35, 70 or 140 may be cut.
    pub written_chars: u16,
}

/// Takes a name apart.
pub fn name_form(text: &str) -> NameForm {
    let folded = fold(text);
    let umlaut = super::fold_umlaut(text);
    let tokens: Vec<String> = folded.split(' ').filter(|t| !t.is_empty()).map(str::to_owned).collect();
    let script = script_of(&folded);
    NameForm {
        core: folded.clone(),
        folded_umlaut: if umlaut == folded { String::new() } else { umlaut },
        folded,
        legal: None,
        tokens,
        tokens_umlaut: Vec::new(),
        script,
        region: None,
        bracket_region: None,
        brand: None,
        industry: None,
        branch: None,
        pinyin: None,
        has_confusables: false,
        written_chars: text.trim().chars().count().min(usize::from(u16::MAX)) as u16,
    }
}

/// Returns the keys under which a name can be looked up in Latin letters: readings of a Chinese brand and core;
/// of a Latin name its words of four letters or more, and two neighbours joined.
pub fn pinyin_keys(name: &NameForm) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    if let Some(pinyin) = &name.pinyin {
        keys.extend(pinyin.brand.iter().chain(&pinyin.core).cloned());
    } else if name.script == Script::Latin {
        keys.extend(name.tokens.iter().filter(|t| t.len() >= 4).cloned());
        keys.extend(
            name.tokens
                .windows(2)
                .map(|pair| pair.concat())
                .filter(|t| t.len() >= 4),
        );
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn script_of(folded: &str) -> Script {
    let (mut latin, mut han, mut kana, mut other) = (0, 0, 0, 0);
    for c in folded.chars().filter(|c| c.is_alphabetic()) {
        match c {
            c if c.is_ascii() => latin += 1,
            c if is_han(c) => han += 1,
            c if is_kana(c) => kana += 1,
            _ => other += 1,
        }
    }
    match (latin > 0, han > 0, kana > 0, other > 0) {
        (true, false, false, false) => Script::Latin,
        (false, true, false, false) => Script::Han,
        (false, false, true, false) => Script::Kana,
        (false, false, false, _) => Script::Other,
        _ => Script::Mixed,
    }
}
