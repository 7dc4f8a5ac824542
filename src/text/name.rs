//! A name in its parts, ready to be compared.

use super::LegalForm;
use super::data::{Place, data};
use super::fold::{fold, fold_umlaut, has_umlaut, is_han, is_invisible, is_kana};
use super::word::{self, Word as Fact};
use super::{han, legal};
use unicode_normalization::UnicodeNormalization;

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
    /// Tokens before the legal form, where words follow behind it: a place, an address. 0 where none do.
    pub(super) head: usize,
    /// What is known of each word.
    pub(super) facts: Vec<Fact>,
    /// Runs of letters of all words together: three of words, two of Chinese names. Sorted.
    pub(super) grams: Vec<u64>,
}

/// Characters of a name that are looked at: four lines of 140 have room.
const NAME_MAX: usize = 560;

/// Takes a name apart. Only the first 560 characters are looked at.
pub fn name_form(text: &str) -> NameForm {
    let text = text.trim();
    let text = text
        .char_indices()
        .nth(NAME_MAX)
        .and_then(|(end, _)| text.get(..end))
        .unwrap_or(text);
    let folded = fold(text);
    let umlaut = if has_umlaut(text) {
        fold_umlaut(text)
    } else {
        String::new()
    };
    let mut form = NameForm {
        folded_umlaut: if umlaut == folded { String::new() } else { umlaut },
        core: String::new(),
        legal: None,
        tokens: Vec::new(),
        tokens_umlaut: Vec::new(),
        script: script_of(&folded),
        region: None,
        bracket_region: None,
        brand: None,
        industry: None,
        branch: None,
        pinyin: None,
        has_confusables: has_confusables(text, &folded),
        written_chars: text.chars().count().min(usize::from(u16::MAX)) as u16,
        head: 0,
        facts: Vec::new(),
        grams: Vec::new(),
        folded,
    };
    if form.folded.chars().any(is_han) {
        fill_han(&mut form, text);
    } else if form.script == Script::Kana {
        fill_kana(&mut form, text);
    } else {
        fill_words(&mut form, text);
    }
    let run = if form.brand.is_some() { 2 } else { 3 };
    form.grams = word::grams(form.tokens.iter(), run);
    form.facts = form
        .tokens
        .iter()
        .enumerate()
        .map(|(place, token)| word::fact(token, place, form.tokens.len()))
        .collect();
    form
}

/// Returns the keys under which a name can be looked up in Latin letters: readings of a Chinese brand and core;
/// of a Latin name its words of four letters or more, and two neighbours joined. Sorted, none twice.
pub fn pinyin_keys(name: &NameForm) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    if let Some(pinyin) = &name.pinyin {
        keys.extend(pinyin.brand.iter().chain(&pinyin.core).cloned());
    } else if name.script == Script::Latin {
        keys.extend(name.tokens.iter().filter(|t| t.len() >= 4).cloned());
        keys.extend(name.tokens.windows(2).map(<[String]>::concat).filter(|t| t.len() >= 4));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn fill_han(form: &mut NameForm, text: &str) {
    let parts = han::parts(text);
    form.pinyin = han::pinyin(&parts.core, parts.brand.as_deref());
    form.tokens = vec![parts.core.clone()];
    form.core = parts.core;
    form.legal = parts.legal;
    form.region = parts.region;
    form.bracket_region = parts.bracket_region;
    form.brand = parts.brand;
    form.industry = parts.industry;
    form.branch = parts.branch;
}

/// Kana names: the legal form in full, or as banks cut it, at a bracket: カ）サクラ, サクラ（カ.
fn fill_kana(form: &mut NameForm, text: &str) {
    let plain: String = text.nfkc().collect();
    let mut words: Vec<String> = form
        .folded
        .split(' ')
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    for writing in data().legal.iter().filter(|w| w.place == Place::Kana) {
        let joined = writing.joined.as_str();
        if joined.chars().count() > 3 {
            if let Some(word) = words.iter_mut().find(|w| w.starts_with(joined) || w.ends_with(joined)) {
                *word = word.replacen(joined, "", 1);
                form.legal = Some(LegalForm { class: writing.class });
                break;
            }
        } else if let Some(place) = words.iter().position(|w| w == joined)
            && words.len() > 1
            && is_at_bracket(&plain, joined)
        {
            words.remove(place);
            form.legal = Some(LegalForm { class: writing.class });
            break;
        }
    }
    words.retain(|w| !w.is_empty());
    if words.is_empty() {
        words = form.folded.split(' ').map(str::to_owned).collect();
    }
    form.core = words.join(" ");
    form.tokens = words;
}

fn is_at_bracket(plain: &str, kana: &str) -> bool {
    let folded_at = |piece: &str| fold(piece) == kana;
    plain
        .split(')')
        .next()
        .is_some_and(|head| plain.contains(')') && folded_at(head))
        || plain
            .rsplit('(')
            .next()
            .is_some_and(|tail| plain.contains('(') && folded_at(tail))
        || plain
            .split('(')
            .skip(1)
            .any(|tail| tail.split(')').next().is_some_and(folded_at))
}

/// A word in both folds.
struct Word<'a> {
    plain: &'a str,
    umlaut: &'a str,
}

impl AsRef<str> for Word<'_> {
    fn as_ref(&self) -> &str {
        self.plain
    }
}

/// Names in words: Latin, Greek, Cyrillic …
fn fill_words(form: &mut NameForm, text: &str) {
    let lists = &data().words;
    let plain: Vec<&str> = form.folded.split(' ').filter(|w| !w.is_empty()).collect();
    let umlaut: Vec<&str> = form.folded_umlaut.split(' ').filter(|w| !w.is_empty()).collect();
    let is_paired = umlaut.len() == plain.len();
    let mut words: Vec<Word> = plain
        .iter()
        .enumerate()
        .map(|(place, word)| Word {
            plain: word,
            umlaut: if is_paired {
                umlaut.get(place).unwrap_or(word)
            } else {
                word
            },
        })
        .collect();
    if words.len() > 2 {
        let last = words.len() - 1;
        let mut place = 0;
        words.retain(|word| {
            let is_inside = place > 0 && place < last;
            place += 1;
            !(is_inside && lists.connect.contains(word.plain))
        });
    }
    if let Some(place) = (1..words.len()).find(|place| begins(&words, *place, &lists.owner).is_some()) {
        words.truncate(place);
    }
    let mut branch = None;
    let mut tail = None;
    if let Some(found) = legal::find(&words) {
        form.legal = Some(found.form);
        let after = words.split_off(found.end);
        words.truncate(found.start);
        if begins(&after, 0, &lists.branch).is_some() {
            branch = Some(after.iter().map(|w| w.plain).collect::<Vec<_>>().join(" "));
        } else {
            tail = (!after.is_empty() && found.start > 0).then_some(found.start);
            words.extend(after);
        }
    } else if words.len() > 2
        && let Some(place) = (1..words.len() - 1).find(|place| begins(&words, *place, &lists.branch).is_some())
    {
        // Without a legal form in front the rest may still end in one: "Nordwind Niederlassung Wien".
        let after = words.split_off(place);
        branch = Some(after.iter().map(|w| w.plain).collect::<Vec<_>>().join(" "));
    }
    let tail_start = tail.and_then(|place| words.get(place)).map(|word| word.plain.as_ptr());
    drop_small_words(&mut words, form.legal.is_some());
    let region = words.first().and_then(|_| latin_region(&words));
    let core = words.iter().map(|w| w.plain).collect::<Vec<_>>().join(" ");
    let tail = tail_start.and_then(|start| words.iter().position(|word| word.plain.as_ptr() == start));
    form.head = tail.map_or(0, |place| shortened(words.iter().take(place).map(|w| w.plain)).len());
    let tokens = shortened(words.iter().map(|w| w.plain));
    let with_umlauts = shortened(words.iter().map(|w| w.umlaut));
    form.branch = branch;
    form.region = region;
    form.bracket_region = latin_bracket_region(text);
    form.core = core;
    form.tokens_umlaut = if with_umlauts == tokens {
        Vec::new()
    } else {
        with_umlauts
    };
    form.tokens = tokens;
}

/// Every word in its one form; two words that are an abbreviation together (F.lli) become one.
fn shortened<'a>(words: impl Iterator<Item = &'a str>) -> Vec<String> {
    let short = &data().words.short;
    let mut found: Vec<String> = Vec::new();
    for word in words {
        if let Some(last) = found.last_mut().filter(|last| last.len() == 1)
            && let Some(one) = short.get(&format!("{last} {word}"))
        {
            last.clone_from(one);
            continue;
        }
        found.push(short.get(word).map_or_else(|| word.to_owned(), Clone::clone));
    }
    found
}

fn begins<'a>(words: &[Word<'_>], place: usize, list: &'a [Vec<String>]) -> Option<&'a Vec<String>> {
    list.iter().find(|sought| {
        words
            .get(place..place + sought.len())
            .is_some_and(|slice| slice.iter().map(|w| w.plain).eq(sought.iter().map(String::as_str)))
    })
}

fn drop_small_words(words: &mut Vec<Word<'_>>, has_form: bool) {
    let lists = &data().words;
    let is_person = !has_form
        && words
            .iter()
            .any(|word| lists.title.contains(word.plain) && word.plain.len() > 1);
    // M. Jean Quénet, not M P Droog or M Bau: one letter is a title only before a first and a last name.
    let is_letter_title = words.len() > 2 && words.get(1).is_some_and(|next| next.plain.len() > 2);
    let first = words.first().map(|word| word.plain.as_ptr());
    let is_small = |word: &Word<'_>| {
        let is_title = lists.title.contains(word.plain)
            && (word.plain.len() > 1 || (is_letter_title && Some(word.plain.as_ptr()) == first));
        lists.drop.contains(word.plain) || (!has_form && is_title) || (is_person && lists.beside.contains(word.plain))
    };
    if words.iter().any(|word| !is_small(word)) {
        words.retain(|word| !is_small(word));
    }
    let lengths: Vec<usize> = words.iter().map(|w| w.plain.len()).collect();
    let mut place = 0;
    words.retain(|word| {
        let is_between = place > 0 && place + 1 < lengths.len() && lengths[place - 1] > 1 && lengths[place + 1] > 1;
        place += 1;
        !(is_between && lists.letter.contains(word.plain))
    });
}

/// The Chinese region that a Latin name begins with, when more follows.
fn latin_region(words: &[Word<'_>]) -> Option<String> {
    let regions = &data().region_by_latin;
    let first = words.first()?.plain;
    if let Some(second) = words.get(1)
        && words.len() > 2
        && data().region_first.contains(first)
        && let Some(region) = regions.get(&format!("{first} {}", second.plain))
    {
        return Some(region.clone());
    }
    (words.len() > 1).then(|| regions.get(first).cloned()).flatten()
}

fn latin_bracket_region(text: &str) -> Option<String> {
    let open = text.find(['(', '（'])?;
    let inside = text.get(open..)?.trim_start_matches(['(', '（']);
    let content = inside.split([')', '）']).next()?;
    data().region_by_latin.get(&fold(content)).cloned()
}

fn script_of(folded: &str) -> Script {
    if folded.is_ascii() {
        let has_letters = folded.bytes().any(|b| b.is_ascii_alphabetic());
        return if has_letters { Script::Latin } else { Script::Other };
    }
    let (mut latin, mut han, mut kana, mut other) = (false, false, false, false);
    for c in folded.chars().filter(|c| c.is_alphabetic()) {
        match c {
            c if is_latin(c) => latin = true,
            c if is_han(c) => han = true,
            c if is_kana(c) => kana = true,
            _ => other = true,
        }
    }
    match (latin, han, kana, other) {
        (true, false, false, false) => Script::Latin,
        (false, true, false, false) => Script::Han,
        (false, false, true, false) => Script::Kana,
        (false, false, false, _) => Script::Other,
        _ => Script::Mixed,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Letters of Latin, Greek and Cyrillic in one word, 0 or 1 between letters of a long word, or invisible characters.
fn has_confusables(text: &str, folded: &str) -> bool {
    if !text.is_ascii() && text.chars().any(|c| is_invisible(c) && c != '\u{AD}') {
        return true;
    }
    folded.split(' ').any(|word| {
        let is_mixed = !word.is_ascii() && {
            let latin = word.chars().any(is_latin);
            let greek = word.chars().any(|c| matches!(c, '\u{370}'..='\u{3FF}'));
            let cyrillic = word.chars().any(|c| matches!(c, '\u{400}'..='\u{52F}'));
            u8::from(latin) + u8::from(greek) + u8::from(cyrillic) > 1
        };
        is_mixed || has_digit_for_letter(word)
    })
}

fn has_digit_for_letter(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    bytes.len() >= 5
        && digits <= 2
        && bytes
            .windows(3)
            .any(|three| matches!(three, [a, b'0' | b'1', c] if a.is_ascii_alphabetic() && c.is_ascii_alphabetic()))
}
