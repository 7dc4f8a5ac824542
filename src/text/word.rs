//! One word of a name: what it may stand for, how much it says, how near it is to another.

use super::data::data;
use super::fold::is_han;
use super::reference::is_one_step;

/// What is known of a word.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Word {
    /// The word that stands for all of its meaning: trading → handel.
    pub(super) meaning: Option<&'static str>,
    /// Whether it names an industry.
    pub(super) is_industry: bool,
    /// A counting word: digits or a Roman number, as a value.
    pub(super) number: Option<u64>,
    /// Weight without a count of all names.
    pub(super) weight: u16,
}

/// Two words are one with a mistake from this Jaro-Winkler similarity on, in permille.
const ALIKE: u16 = 880;
/// Edit distance is for words of so many letters or more.
const LETTERS_MIN: usize = 6;

/// Returns what is known of a word at a place among `count` words.
pub(super) fn fact(word: &str, place: usize, count: usize) -> Word {
    let words = &data().words;
    let meaning = words.alike.get(word).map(String::as_str);
    let first = meaning.unwrap_or(word);
    let is_generic = words.generic.contains(word) || words.generic.contains(first);
    let weight = match word.len() {
        _ if is_generic => 250,
        0 | 1 => 200,
        2 => 400,
        3 => 700,
        _ => 1_000,
    };
    Word {
        meaning,
        is_industry: words.industry.contains(first),
        number: number(word, place > 0 && place + 1 == count),
        weight,
    }
}

/// A counting word: digits, or a Roman number (of one letter only at the end).
fn number(word: &str, is_last: bool) -> Option<u64> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return word.parse().ok();
    }
    match word {
        "ii" => Some(2),
        "iii" => Some(3),
        "iv" => Some(4),
        "vi" => Some(6),
        "vii" => Some(7),
        "viii" => Some(8),
        "ix" => Some(9),
        "i" if is_last => Some(1),
        "v" if is_last => Some(5),
        "x" if is_last => Some(10),
        _ => None,
    }
}

/// Returns the similarity of two words in permille; 0 where they are not the same word.
pub(super) fn similarity(a: &str, a_fact: Word, b: &str, b_fact: Word) -> u16 {
    if a == b {
        return 1_000;
    }
    if a_fact.meaning.is_some() && a_fact.meaning == b_fact.meaning {
        return 900;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    // An initial for a name, or a word cut short.
    if short.len() == 1 {
        return if long.starts_with(short) && long.len() > 2 {
            600
        } else {
            0
        };
    }
    if short.len() >= 4 && long.starts_with(short) {
        return 900;
    }
    if short.len() < LETTERS_MIN || long.len() - short.len() > 4 || !is_near(short, long) {
        return 0;
    }
    let similarity = (strsim::jaro_winkler(a, b) * 1_000.0) as u16;
    if similarity >= ALIKE { similarity } else { 0 }
}

/// One mistake, or two in words of ten letters and more; never between digits or Chinese characters.
fn is_near(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        if a.bytes().chain(b.bytes()).any(|c| c.is_ascii_digit()) {
            return false;
        }
        return is_one_step(a.as_bytes(), b.as_bytes())
            || (a.len() >= 10 && a.len().abs_diff(b.len()) <= 2 && strsim::damerau_levenshtein(a, b) <= 2);
    }
    let letters = a.chars().count().min(b.chars().count());
    letters >= LETTERS_MIN
        && !a.chars().chain(b.chars()).any(|c| c.is_ascii_digit() || is_han(c))
        && strsim::damerau_levenshtein(a, b) <= if letters >= 10 { 2 } else { 1 }
}

/// Returns the runs of `length` letters of the words joined, sorted; a shorter text is one run.
///
/// An e behind a, o or u is left out: Mueller and Muller have the same runs.
pub(super) fn grams<'a>(words: impl Iterator<Item = &'a String>, length: usize) -> Vec<u64> {
    let mut letters: Vec<u64> = Vec::with_capacity(32);
    let mut previous = ' ';
    for letter in words.flat_map(|word| word.chars()) {
        if !(letter == 'e' && matches!(previous, 'a' | 'o' | 'u')) {
            letters.push(u64::from(letter));
        }
        previous = letter;
    }
    let mut found: Vec<u64> = letters.windows(length).map(pack).collect();
    if found.is_empty() && !letters.is_empty() {
        found.push(pack(&letters));
    }
    found.sort_unstable();
    found
}

/// Three characters of 21 bits fit into one number.
fn pack(letters: &[u64]) -> u64 {
    letters.iter().fold(0, |packed, letter| (packed << 21) | letter)
}

/// Returns the share of common runs in permille (Dice).
pub(super) fn dice(a: &[u64], b: &[u64]) -> u16 {
    let (mut i, mut j, mut common) = (0, 0, 0_usize);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                common += 1;
                i += 1;
                j += 1;
            }
        }
    }
    (2 * common * 1_000 / (a.len() + b.len()).max(1)) as u16
}
