//! How far two names agree, and what speaks against it.

use super::fold::joined;
use super::name::{NameForm, Script};
use super::{across, legal, word};

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

/// Levels by score.
const ALIKE: u16 = 800;
const WEAK: u16 = 500;
/// Names are cut at these lengths, or one before when a blank stood at the end.
const FIELD_LIMITS: [u16; 6] = [27, 33, 34, 35, 70, 140];

/// Returns how the payer's name agrees with the customer's; words weigh by their kind: industry words and countries little.
pub fn compare_names(payer: &NameForm, customer: &NameForm) -> NameAgreement {
    compare_weighed(payer, customer, None)
}

/// Returns how the payer's name agrees with the customer's; `rarity` weighs a word of [`NameForm::tokens`]
/// (any unit, 0 counts as 1; the rarer the larger; for Chinese names it is not asked).
pub fn compare_names_with(payer: &NameForm, customer: &NameForm, rarity: &dyn Fn(&str) -> u16) -> NameAgreement {
    compare_weighed(payer, customer, Some(rarity))
}

/// How rare a word is, where the caller knows.
type Rarity<'a> = Option<&'a dyn Fn(&str) -> u16>;

fn compare_weighed(payer: &NameForm, customer: &NameForm, rarity: Rarity<'_>) -> NameAgreement {
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
    if has_addition(payer, customer) || has_addition(customer, payer) {
        return agreement(NameLevel::Alike, 920);
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

/// True when `long` is `short` with words behind the legal form: Nordwind GmbH Hamburg.
fn has_addition(long: &NameForm, short: &NameForm) -> bool {
    if long.head == 0 || short.head != 0 || (short.legal.is_some() && short.legal != long.legal) {
        return false;
    }
    let head = |words: &[String]| words.get(..long.head).is_some_and(|head| same_words(head, short));
    head(&long.tokens) || head(&long.tokens_umlaut)
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
    if has_han(payer) {
        let (a, b) = (digit_runs(&payer.core), digit_runs(&customer.core));
        return !a.is_empty() && !b.is_empty() && a != b;
    }
    let numbers = |name: &NameForm| -> Vec<u64> {
        let mut found: Vec<u64> = name.facts.iter().filter_map(|fact| fact.number).collect();
        found.sort_unstable();
        found
    };
    let (a, b) = (numbers(payer), numbers(customer));
    !a.is_empty() && !b.is_empty() && a != b
}

fn digit_runs(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|run| !run.is_empty())
        .collect()
}

fn industries_differ(payer: &NameForm, customer: &NameForm) -> bool {
    if has_han(payer) && has_han(customer) {
        return matches!((&payer.industry, &customer.industry), (Some(a), Some(b))
            if !a.starts_with(b.as_str()) && !b.starts_with(a.as_str()) && !a.ends_with(b.as_str()) && !b.ends_with(a.as_str()));
    }
    let industries = |name: &NameForm| name.facts.iter().filter(|fact| fact.is_industry).count();
    if industries(payer) == 0 || industries(customer) == 0 {
        return false;
    }
    let meanings = |name: &'_ NameForm| -> Vec<String> {
        let words = name.tokens.iter().zip(&name.facts).filter(|(_, fact)| fact.is_industry);
        words
            .map(|(word, fact)| fact.meaning.unwrap_or(word).to_owned())
            .collect()
    };
    let others = meanings(customer);
    !meanings(payer).iter().any(|word| others.contains(word))
}

/// Chinese names: brand, industry and region weigh apart; letters of the rest by pairs.
fn han_score(payer: &NameForm, customer: &NameForm) -> u16 {
    let pairs = u32::from(word::dice(&payer.grams, &customer.grams));
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
fn word_score(payer: &NameForm, customer: &NameForm, rarity: Rarity<'_>) -> u16 {
    let words = soft_words(payer, customer, rarity);
    let triples = u32::from(word::dice(&payer.grams, &customer.grams));
    ((words * 70 + triples * 25 + form_agreement(payer, customer) * 5) / 100) as u16
}

/// At most so many words of a name are compared.
const WORDS_MAX: usize = 40;

/// Every word of either side with its best partner of the other, weighed by rarity: Σ w·s over Σ w, in permille.
fn soft_words(payer: &NameForm, customer: &NameForm, rarity: Rarity<'_>) -> u32 {
    let weights = |name: &NameForm| -> Vec<u64> {
        let words = name.tokens.iter().zip(&name.facts);
        words
            .map(|(word, fact)| u64::from(rarity.map_or(fact.weight, |rarity| rarity(word)).max(1)))
            .collect()
    };
    let (payer_weights, customer_weights) = (weights(payer), weights(customer));
    let all: u64 = payer_weights.iter().chain(&customer_weights).sum();
    let mut pairs: Vec<(u16, usize, usize)> = Vec::new();
    for i in 0..payer.tokens.len().min(WORDS_MAX) {
        for j in 0..customer.tokens.len().min(WORDS_MAX) {
            let similarity = word_similarity(payer, i, customer, j);
            if similarity > 0 {
                pairs.push((similarity, i, j));
            }
        }
    }
    // Best pairs first; each word once; places break ties.
    pairs.sort_unstable_by_key(|(similarity, i, j)| (std::cmp::Reverse(*similarity), *i, *j));
    let (mut payer_used, mut customer_used) = ([false; WORDS_MAX], [false; WORDS_MAX]);
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

/// Similarity of two words in permille, the better of both folds.
fn word_similarity(payer: &NameForm, i: usize, customer: &NameForm, j: usize) -> u16 {
    let (a_fact, b_fact) = (payer.facts[i], customer.facts[j]);
    let (a, b) = (payer.tokens[i].as_str(), customer.tokens[j].as_str());
    let mut best = word::similarity(a, a_fact, b, b_fact);
    let a_umlaut = payer.tokens_umlaut.get(i).map(String::as_str).filter(|word| *word != a);
    let b_umlaut = customer
        .tokens_umlaut
        .get(j)
        .map(String::as_str)
        .filter(|word| *word != b);
    if let Some(other) = a_umlaut {
        best = best.max(word::similarity(other, a_fact, b, b_fact));
    }
    if let Some(other) = b_umlaut {
        best = best.max(word::similarity(a, a_fact, other, b_fact));
    }
    best
}

/// True for names in Latin words.
pub(super) fn is_latin(name: &NameForm) -> bool {
    name.script == Script::Latin
}
