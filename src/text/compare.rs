//! How far two names agree, and what speaks against it.

use super::data::data;
use super::fold::{is_han, joined};
use super::name::{NameForm, Script};
use super::{across, legal};

/// How well two names agree, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NameLevel {
    /// The same name; `Ltd` is `Limited`, `ü` is `ue`.
    Equal,
    /// The same but for the legal form: missing on one side, or another one (then it is a contradiction, too).
    EqualButForm,
    /// The same words in another order.
    Permuted,
    /// One is the beginning of the other, cut at a field's end.
    Prefix,
    /// Nearly the same.
    Alike,
    /// Something in common.
    Weak,
    /// Nothing in common that counts.
    Different,
}

/// What speaks against two names being one firm, however alike they look.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Contradiction {
    /// Another class of legal form: GmbH and AG.
    LegalForm,
    /// Another brand: 绿邦 and 绿源.
    Brand,
    /// Another region: 上海 and 北京, or a region in brackets on one side only.
    Region,
    /// Another branch, or a branch on one side only.
    Branch,
    /// Another industry: 实业 and 贸易, Bau and Handel.
    Industry,
    /// Another number: Werk 1 and Werk 2.
    Number,
}

/// How two names agree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameAgreement {
    /// Level.
    pub level: NameLevel,
    /// 0 to 1000.
    pub score: u16,
    /// What speaks against it; the gravest only.
    pub contradiction: Option<Contradiction>,
}

impl NameAgreement {
    pub(super) const NONE: NameAgreement = NameAgreement {
        level: NameLevel::Different,
        score: 0,
        contradiction: None,
    };
}

/// Two words are one with a mistake from this Jaro-Winkler similarity on, in permille.
const WORD_ALIKE: u16 = 880;
/// Edit distance is for words of so many letters or more.
const WORD_LETTERS_MIN: usize = 6;
/// Levels by score.
const ALIKE: u16 = 800;
const WEAK: u16 = 500;
/// Names are cut at these lengths, or one before when a blank stood at the end.
const FIELD_LIMITS: [u16; 6] = [27, 33, 34, 35, 70, 140];

/// Returns how the payer's name agrees with the customer's; words weigh by their kind: industry words and countries little.
pub fn compare_names(payer: &NameForm, customer: &NameForm) -> NameAgreement {
    compare_names_with(payer, customer, &usual_rarity)
}

/// Returns how the payer's name agrees with the customer's; `rarity` weighs a word of [`NameForm::tokens`]
/// (any unit, 0 counts as 1; the rarer the larger; for Chinese names it is not asked).
pub fn compare_names_with(payer: &NameForm, customer: &NameForm, rarity: &dyn Fn(&str) -> u16) -> NameAgreement {
    if payer.tokens.is_empty() || customer.tokens.is_empty() {
        return NameAgreement::NONE;
    }
    let contradiction = contradiction(payer, customer);
    let agreement = |level, score| NameAgreement {
        level,
        score,
        contradiction,
    };
    if let Some((level, score)) = whole(payer, customer) {
        return agreement(level, score);
    }
    if let Some(found) = across::compare(payer, customer) {
        return found;
    }
    if is_cut(payer, customer) || is_cut(customer, payer) {
        return agreement(NameLevel::Prefix, 900);
    }
    let score = if has_han(payer) && has_han(customer) {
        han_score(payer, customer)
    } else {
        word_score(payer, customer, rarity)
    };
    let level = match score {
        ALIKE.. => NameLevel::Alike,
        WEAK.. => NameLevel::Weak,
        _ => NameLevel::Different,
    };
    agreement(level, score)
}

/// The weight of a word without a count of all names: words that many firms bear weigh little.
fn usual_rarity(word: &str) -> u16 {
    let words = &data().words;
    if words.generic.contains(word) || words.alike.get(word).is_some_and(|first| words.generic.contains(first)) {
        return 250;
    }
    match word.len() {
        0 | 1 => 200,
        2 => 400,
        3 => 700,
        _ => 1_000,
    }
}

pub(super) fn has_han(name: &NameForm) -> bool {
    name.brand.is_some()
}

/// Names that are equal as a whole: the same words, the same joined text, or the same words in another order.
fn whole(payer: &NameForm, customer: &NameForm) -> Option<(NameLevel, u16)> {
    let is_placed_alike = payer.bracket_region == customer.bracket_region && payer.branch == customer.branch;
    if !is_placed_alike {
        return None;
    }
    let form_score = match (payer.legal, customer.legal) {
        (a, b) if a == b => 1_000,
        (Some(a), Some(b)) if a.may_be(b) => 970,
        (Some(_), Some(_)) => 850,
        _ => 960,
    };
    let is_one_form = form_score == 1_000;
    let level = if is_one_form {
        NameLevel::Equal
    } else {
        NameLevel::EqualButForm
    };
    if same_words(&payer.tokens, customer) || same_words(&payer.tokens_umlaut, customer) {
        return Some((level, form_score));
    }
    // Nord-Wind and Nordwind: blanks come and go; short names are not safe from chance.
    let payer_joined = payer.tokens.concat();
    let is_one_joined = payer_joined.len() >= 5
        && (payer_joined == customer.tokens.concat()
            || payer.tokens_umlaut.concat() == customer.tokens.concat()
            || payer_joined == customer.tokens_umlaut.concat());
    if is_one_joined {
        return Some((level, form_score - 10));
    }
    if payer.tokens.len() == customer.tokens.len() && payer.tokens.len() > 1 {
        let is_permuted = |a: &[String], b: &[String]| {
            let (mut a, mut b): (Vec<&String>, Vec<&String>) = (a.iter().collect(), b.iter().collect());
            a.sort_unstable();
            b.sort_unstable();
            !a.is_empty() && a == b
        };
        if is_permuted(&payer.tokens, &customer.tokens)
            || is_permuted(&payer.tokens_umlaut, &customer.tokens)
            || is_permuted(&payer.tokens, &customer.tokens_umlaut)
        {
            return Some((NameLevel::Permuted, form_score - 40));
        }
    }
    None
}

fn same_words(words: &[String], other: &NameForm) -> bool {
    !words.is_empty() && (words == other.tokens || words == other.tokens_umlaut)
}

/// True when `short` is the beginning of `long` and was as long as a field allows.
fn is_cut(short: &NameForm, long: &NameForm) -> bool {
    let is_at_limit = FIELD_LIMITS
        .iter()
        .any(|limit| short.written_chars == *limit || short.written_chars + 1 == *limit);
    if !is_at_limit {
        return false;
    }
    let begins = |a: &str, b: &str| !a.is_empty() && joined(b).starts_with(&joined(a));
    if [&long.folded, &long.folded_umlaut]
        .iter()
        .any(|whole| begins(&short.folded, whole) || begins(&short.folded_umlaut, whole))
    {
        return true;
    }
    // "Nordwind Anlagenbau Gesellschaft mit b" and "Nordwind Anlagenbau GmbH": the form was being spelled out.
    let (Some(form), core) = (long.legal, joined(&long.core)) else {
        return false;
    };
    let folded = joined(&short.folded);
    core.len() >= 8
        && folded
            .strip_prefix(core.as_str())
            .is_some_and(|rest| !rest.is_empty() && legal::is_cut_writing(rest, form))
}

/// The gravest contradiction between two names of the same kind of script.
fn contradiction(payer: &NameForm, customer: &NameForm) -> Option<Contradiction> {
    if has_han(payer) != has_han(customer) {
        return None;
    }
    let differ = |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if !a.contains(b.as_str()) && !b.contains(a.as_str()));
    if has_han(payer) && is_other_brand(payer, customer) {
        return Some(Contradiction::Brand);
    }
    // A region in brackets is a firm of its own; the same region in front on the other side is the same place.
    let stands_in_front = |a: &NameForm, b: &NameForm| a.bracket_region.is_some() && a.bracket_region == b.region;
    let is_bracket_alike = payer.bracket_region == customer.bracket_region
        || stands_in_front(payer, customer)
        || stands_in_front(customer, payer);
    let is_region_other = differ(&payer.region, &customer.region)
        && !stands_in_front(payer, customer)
        && !stands_in_front(customer, payer);
    if !is_bracket_alike || is_region_other {
        return Some(Contradiction::Region);
    }
    if payer.branch != customer.branch {
        return Some(Contradiction::Branch);
    }
    if numbers_differ(payer, customer) {
        return Some(Contradiction::Number);
    }
    if industries_differ(payer, customer) {
        return Some(Contradiction::Industry);
    }
    match (payer.legal, customer.legal) {
        (Some(a), Some(b)) if !a.may_be(b) => Some(Contradiction::LegalForm),
        _ => None,
    }
}

/// One differing character makes another brand. A brand that goes on behind (绿邦, 绿邦新) may be an industry that is not listed.
fn is_other_brand(payer: &NameForm, customer: &NameForm) -> bool {
    match (&payer.brand, &customer.brand) {
        (Some(a), Some(b)) => !a.starts_with(b.as_str()) && !b.starts_with(a.as_str()),
        _ => false,
    }
}

fn numbers_differ(payer: &NameForm, customer: &NameForm) -> bool {
    let numbers = |name: &NameForm| -> Vec<String> {
        let last = name.tokens.len().saturating_sub(1);
        let words = name.tokens.iter().enumerate();
        let mut found: Vec<String> = words
            .filter_map(|(place, word)| number(word, place > 0 && place == last))
            .collect();
        if has_han(name) {
            found = digit_runs(&name.core);
        }
        found.sort_unstable();
        found
    };
    let (a, b) = (numbers(payer), numbers(customer));
    !a.is_empty() && !b.is_empty() && a != b
}

/// A counting word: digits without leading zeros, or a Roman number (of one letter only at the end).
fn number(word: &str, is_last: bool) -> Option<String> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return Some(word.trim_start_matches('0').to_owned());
    }
    let roman = match word {
        "ii" => "2",
        "iii" => "3",
        "iv" => "4",
        "vi" => "6",
        "vii" => "7",
        "viii" => "8",
        "ix" => "9",
        "i" if is_last => "1",
        "v" if is_last => "5",
        "x" if is_last => "10",
        _ => return None,
    };
    Some(roman.to_owned())
}

fn digit_runs(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .map(str::to_owned)
        .collect()
}

fn industries_differ(payer: &NameForm, customer: &NameForm) -> bool {
    if has_han(payer) && has_han(customer) {
        return matches!((&payer.industry, &customer.industry), (Some(a), Some(b))
            if !a.starts_with(b.as_str()) && !b.starts_with(a.as_str()) && !a.ends_with(b.as_str()) && !b.ends_with(a.as_str()));
    }
    let industries = |name: &NameForm| -> Vec<String> {
        let mut found: Vec<String> = name.tokens.iter().filter_map(|word| industry(word)).collect();
        found.sort_unstable();
        found
    };
    let (a, b) = (industries(payer), industries(customer));
    !a.is_empty() && !b.is_empty() && !a.iter().any(|word| b.contains(word))
}

fn industry(word: &str) -> Option<String> {
    let words = &data().words;
    let first = words.alike.get(word).map_or(word, String::as_str);
    words.industry.contains(first).then(|| first.to_owned())
}

/// Chinese names: brand, industry and region weigh apart; letters of the rest by pairs.
fn han_score(payer: &NameForm, customer: &NameForm) -> u16 {
    let pairs = u32::from(dice(&payer.core, &customer.core, 2));
    let (Some(a), Some(b)) = (&payer.brand, &customer.brand) else {
        return pairs as u16;
    };
    let brand = match a == b {
        true => 1_000,
        false if a.starts_with(b.as_str()) || b.starts_with(a.as_str()) => 700,
        false => 0,
    };
    let industry = agreement_of(&payer.industry, &customer.industry, 600);
    let region = agreement_of(&payer.region, &customer.region, 700);
    let form = form_agreement(payer, customer);
    let score = (brand * 50 + industry * 20 + region * 10 + pairs * 15 + form * 5) / 100;
    // Without the brand the rest is what thousands of firms are called.
    if brand == 0 {
        score.min(450) as u16
    } else {
        score as u16
    }
}

fn agreement_of(a: &Option<String>, b: &Option<String>, missing: u32) -> u32 {
    match (a, b) {
        (Some(a), Some(b)) if a == b => 1_000,
        (Some(a), Some(b)) if a.contains(b.as_str()) || b.contains(a.as_str()) => 800,
        (Some(_), Some(_)) => 0,
        (None, None) => 1_000,
        _ => missing,
    }
}

fn form_agreement(payer: &NameForm, customer: &NameForm) -> u32 {
    match (payer.legal, customer.legal) {
        (a, b) if a == b => 1_000,
        (Some(a), Some(b)) if a.may_be(b) => 800,
        (Some(_), Some(_)) => 0,
        _ => 600,
    }
}

/// Names in words: 70 % words (soft TF-IDF), 25 % letter triples, 5 % legal form.
fn word_score(payer: &NameForm, customer: &NameForm, rarity: &dyn Fn(&str) -> u16) -> u16 {
    let words = soft_words(payer, customer, rarity);
    let triples = u32::from(dice(&payer.tokens.concat(), &customer.tokens.concat(), 3));
    let triples = if customer.tokens_umlaut.is_empty() && payer.tokens_umlaut.is_empty() {
        triples
    } else {
        let spelled = |name: &NameForm| {
            if name.tokens_umlaut.is_empty() {
                name.tokens.concat()
            } else {
                name.tokens_umlaut.concat()
            }
        };
        triples.max(u32::from(dice(&spelled(payer), &spelled(customer), 3)))
    };
    ((words * 70 + triples * 25 + form_agreement(payer, customer) * 5) / 100) as u16
}

/// Every word of either side with its best partner of the other, weighed by rarity: Σ w·s over Σ w, in permille.
fn soft_words(payer: &NameForm, customer: &NameForm, rarity: &dyn Fn(&str) -> u16) -> u32 {
    let weights =
        |name: &NameForm| -> Vec<u64> { name.tokens.iter().map(|word| u64::from(rarity(word).max(1))).collect() };
    let (payer_weights, customer_weights) = (weights(payer), weights(customer));
    let all: u64 = payer_weights.iter().chain(&customer_weights).sum();
    let mut pairs: Vec<(u16, usize, usize)> = Vec::new();
    for i in 0..payer.tokens.len().min(40) {
        for j in 0..customer.tokens.len().min(40) {
            let similarity = word_similarity(payer, i, customer, j);
            if similarity > 0 {
                pairs.push((similarity, i, j));
            }
        }
    }
    // Best pairs first; each word once; places break ties.
    pairs.sort_unstable_by_key(|(similarity, i, j)| (std::cmp::Reverse(*similarity), *i, *j));
    let (mut payer_used, mut customer_used) = (vec![false; payer.tokens.len()], vec![false; customer.tokens.len()]);
    let mut sum = 0_u64;
    for (similarity, i, j) in pairs {
        if payer_used[i] || customer_used[j] {
            continue;
        }
        payer_used[i] = true;
        customer_used[j] = true;
        sum += u64::from(similarity) * (payer_weights[i] + customer_weights[j]);
    }
    (sum / all.max(1)) as u32
}

/// Similarity of two words in permille; 0 where they are not the same word.
fn word_similarity(payer: &NameForm, i: usize, customer: &NameForm, j: usize) -> u16 {
    let writings = |name: &NameForm, place: usize| -> [Option<String>; 2] {
        [name.tokens.get(place).cloned(), name.tokens_umlaut.get(place).cloned()]
    };
    let mut best = 0;
    for a in writings(payer, i).iter().flatten() {
        for b in writings(customer, j).iter().flatten() {
            best = best.max(one_similarity(a, b));
        }
    }
    best
}

fn one_similarity(a: &str, b: &str) -> u16 {
    if a == b {
        return 1_000;
    }
    let alike = &data().words.alike;
    if let (Some(x), Some(y)) = (alike.get(a), alike.get(b))
        && x == y
    {
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
    let letters = a.chars().count().min(b.chars().count());
    if letters < WORD_LETTERS_MIN || a.chars().chain(b.chars()).any(|c| c.is_ascii_digit() || is_han(c)) {
        return 0;
    }
    let similarity = (strsim::jaro_winkler(a, b) * 1_000.0) as u16;
    let is_near = strsim::damerau_levenshtein(a, b) <= if letters >= 10 { 2 } else { 1 };
    if similarity >= WORD_ALIKE && is_near {
        similarity
    } else {
        0
    }
}

/// Share of common runs of `n` letters, in permille (Dice).
pub(super) fn dice(a: &str, b: &str, n: usize) -> u16 {
    let grams = |text: &str| -> Vec<Vec<char>> {
        let letters: Vec<char> = text.chars().collect();
        let mut found: Vec<Vec<char>> = letters.windows(n).map(<[char]>::to_vec).collect();
        if found.is_empty() && !letters.is_empty() {
            found.push(letters);
        }
        found.sort_unstable();
        found
    };
    let (a, b) = (grams(a), grams(b));
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

/// True for names in Latin words.
pub(super) fn is_latin(name: &NameForm) -> bool {
    name.script == Script::Latin
}
