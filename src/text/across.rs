//! Names of two scripts: Latin letters for Chinese characters (pinyin, English industry words), Latin letters for kana.

use super::compare::{Contradiction, NameAgreement, NameLevel, has_han, is_latin};
use super::data::data;
use super::fold::fold;
use super::han;
use super::name::{NameForm, Script};
use super::word::{dice, grams};
use wana_kana::ConvertJapanese;

/// Compares across scripts; `None` when both are written in the same.
pub(super) fn compare(payer: &NameForm, customer: &NameForm) -> Option<NameAgreement> {
    match (has_han(payer), has_han(customer)) {
        (false, true) if is_latin(payer) => return Some(with_pinyin(payer, customer)),
        (true, false) if is_latin(customer) => return Some(with_pinyin(customer, payer)),
        (true, false) | (false, true) => return Some(NameAgreement::NONE),
        _ => {}
    }
    match (payer.script, customer.script) {
        (Script::Latin, Script::Kana) => Some(with_kana(payer, customer)),
        (Script::Kana, Script::Latin) => Some(with_kana(customer, payer)),
        _ => None,
    }
}

/// Looks for the brand among the Latin words, then asks region, industry and legal form.
fn with_pinyin(latin: &NameForm, chinese: &NameForm) -> NameAgreement {
    let Some(brand) = chinese.brand.as_deref() else {
        return NameAgreement::NONE;
    };
    let Some((start, end)) = brand_place(brand, &latin.tokens) else {
        return NameAgreement::NONE;
    };
    let place = latin.bracket_region.as_ref().or(latin.region.as_ref());
    let chinese_places = [&chinese.region, &chinese.bracket_region];
    let mut contradiction = None;
    let region = match place {
        Some(region)
            if chinese_places
                .iter()
                .any(|r| r.as_ref().is_some_and(|r| r.contains(region.as_str()))) =>
        {
            100
        }
        Some(_) if chinese_places.iter().any(|r| r.is_some()) => {
            contradiction = Some(Contradiction::Region);
            0
        }
        None if chinese_places.iter().all(|r| r.is_none()) => 100,
        _ => 60,
    };
    let rest: Vec<&String> = latin
        .tokens
        .iter()
        .take(start)
        .chain(latin.tokens.iter().skip(end))
        .collect();
    let rest: Vec<&str> = rest
        .into_iter()
        .map(String::as_str)
        .filter(|word| !is_region_word(word))
        .collect();
    let industry = industry_agreement(&rest, chinese.industry.as_deref());
    let form = match (latin.legal, chinese.legal) {
        (Some(a), Some(b)) if a.may_be(b) => 50,
        (Some(_), Some(_)) => 0,
        _ => 30,
    };
    // A brand of one reading is shared by many characters: never equal, at best alike.
    let score = 600 + region + industry + form;
    let level = if score >= 800 && contradiction.is_none() {
        NameLevel::Alike
    } else {
        NameLevel::Weak
    };
    NameAgreement {
        level,
        score: score.min(950),
        contradiction,
    }
}

/// Returns the first run of words that reads as the brand; a person's name also with the surname behind.
fn brand_place(brand: &str, words: &[String]) -> Option<(usize, usize)> {
    for start in 0..words.len() {
        let mut text = String::new();
        for (end, word) in words.iter().enumerate().skip(start).take(6) {
            text.push_str(word);
            if han::can_be_read(brand, &text) {
                return Some((start, end + 1));
            }
        }
    }
    if words.len() >= 2 && words.len() <= 4 && brand.chars().count() <= 4 {
        let turned: String = words
            .iter()
            .skip(words.len() - 1)
            .chain(words.iter().take(words.len() - 1))
            .cloned()
            .collect();
        if han::can_be_read(brand, &turned) {
            return Some((0, words.len()));
        }
    }
    None
}

fn is_region_word(word: &str) -> bool {
    data().region_by_latin.contains_key(word) || matches!(word, "hong" | "kong" | "city" | "province" | "shi" | "sheng")
}

/// 200 where the words translate or spell the industry, less where they say nothing or something else.
fn industry_agreement(words: &[&str], industry: Option<&str>) -> u16 {
    let Some(industry) = industry else {
        return if words.is_empty() { 200 } else { 60 };
    };
    if words.is_empty() {
        return 110;
    }
    let written = words.concat();
    if han::can_be_read(industry, &written) {
        return 200;
    }
    let mut known: Vec<&String> = Vec::new();
    for (start, _) in industry.char_indices() {
        for (end, c) in industry.char_indices().skip_while(|(end, _)| *end < start) {
            let piece = industry.get(start..end + c.len_utf8()).unwrap_or("");
            known.extend(data().industries.get(piece).into_iter().flatten());
        }
    }
    if known.iter().any(|latin| **latin == written) {
        return 200;
    }
    let short = &data().words.short;
    let is_known = |word: &&&str| {
        known
            .iter()
            .any(|latin| latin.as_str() == **word || short.get(latin.as_str()).is_some_and(|first| first == **word))
    };
    let hits = words.iter().filter(is_known).count();
    match hits {
        0 => 0,
        hits if hits == words.len() => 190,
        _ => 110,
    }
}

/// Compares Latin letters with kana by writing them in large kana.
fn with_kana(latin: &NameForm, kana: &NameForm) -> NameAgreement {
    let spelled = fold(&latin.tokens.concat().as_str().to_katakana());
    let name = kana.tokens.concat();
    if spelled == name {
        return NameAgreement {
            level: NameLevel::Alike,
            score: 900,
            contradiction: None,
        };
    }
    let score = dice(&grams(std::iter::once(&spelled), 2), &grams(std::iter::once(&name), 2)) / 2;
    NameAgreement {
        level: NameLevel::Different,
        score,
        contradiction: None,
    }
}
