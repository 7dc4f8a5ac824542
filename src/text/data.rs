//! The one place that reads the word lists of `config/names`. They are part of the program; nothing is opened.

use super::fold::{fold, fold_umlaut, is_han, joined};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::OnceLock;

const LEGAL_FORMS: &str = include_str!("../../config/names/legal_forms.txt");
const WORDS: &str = include_str!("../../config/names/words.txt");
const INDUSTRIES: &str = include_str!("../../config/names/industries_cn.txt");
const REGIONS: &str = include_str!("../../config/names/regions_cn.txt");
const PLATFORMS: &str = include_str!("../../config/names/platforms.txt");
const SURNAMES: &str = include_str!("../../config/names/surnames_cn.txt");

/// Characters that the conversion table leaves apart although people mix them; read by the fold itself.
pub(crate) const HAN_VARIANTS: &str = include_str!("../../config/names/han_variants.txt");

/// Where a legal form may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Anywhere,
    End,
    Ends,
    /// Anywhere, and in front however short: French SA, SAS.
    Front,
    Han,
    Kana,
}

/// One way of writing a legal form.
#[derive(Debug)]
pub(crate) struct LegalWriting {
    pub(crate) class: &'static str,
    pub(crate) place: Place,
    /// Folded words.
    pub(crate) words: Vec<String>,
    /// Folded, without blanks.
    pub(crate) joined: String,
}

/// Word lists, folded.
#[derive(Debug, Default)]
pub(crate) struct Words {
    pub(crate) connect: FxHashSet<String>,
    pub(crate) letter: FxHashSet<String>,
    pub(crate) drop: FxHashSet<String>,
    pub(crate) title: FxHashSet<String>,
    pub(crate) beside: FxHashSet<String>,
    pub(crate) short: FxHashMap<String, String>,
    pub(crate) alike: FxHashMap<String, String>,
    pub(crate) branch: Vec<Vec<String>>,
    pub(crate) owner: Vec<Vec<String>>,
    pub(crate) generic: FxHashSet<String>,
    pub(crate) industry: FxHashSet<String>,
}

/// A payment provider or platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) name: &'static str,
    pub(crate) latin: Vec<Vec<String>>,
    pub(crate) joined: Vec<String>,
}

/// Everything of `config/names`.
#[derive(Debug)]
pub(crate) struct Data {
    /// Longest first.
    pub(crate) legal: Vec<LegalWriting>,
    /// Places in `legal` by the last word.
    pub(crate) legal_by_last: FxHashMap<String, Vec<usize>>,
    /// Places in `legal` by the first word.
    pub(crate) legal_by_first: FxHashMap<String, Vec<usize>>,
    /// Places in `legal` of Chinese and Japanese writings.
    pub(crate) legal_han: Vec<usize>,
    /// Pairs of classes that a firm may bear both.
    pub(crate) legal_same: Vec<(&'static str, &'static str)>,
    pub(crate) words: Words,
    /// Chinese industry word → Latin words, folded without blanks.
    pub(crate) industries: FxHashMap<String, Vec<String>>,
    /// Chinese regions, simplified.
    pub(crate) regions: FxHashSet<String>,
    /// First words of regions of several Latin words.
    pub(crate) region_first: FxHashSet<String>,
    /// Latin words → Chinese region.
    pub(crate) region_by_latin: FxHashMap<String, String>,
    pub(crate) platforms: Vec<Platform>,
    pub(crate) surnames: FxHashSet<String>,
}

/// Returns the word lists; read once.
pub(crate) fn data() -> &'static Data {
    static DATA: OnceLock<Data> = OnceLock::new();
    DATA.get_or_init(read)
}

fn read() -> Data {
    let words = read_words();
    let (legal, legal_same) = read_legal_forms(&words);
    let mut legal_by_last: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut legal_by_first: FxHashMap<String, Vec<usize>> = FxHashMap::default();
    let mut legal_han = Vec::new();
    for (place, writing) in legal.iter().enumerate() {
        if writing.place == Place::Han {
            legal_han.push(place);
        }
        if matches!(writing.place, Place::Han | Place::Kana) {
            continue;
        }
        if let (Some(first), Some(last)) = (writing.words.first(), writing.words.last()) {
            legal_by_last.entry(last.clone()).or_default().push(place);
            legal_by_first.entry(first.clone()).or_default().push(place);
        }
    }
    let mut industries: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for (name, writings) in rows(INDUSTRIES) {
        let latin = writings.split(';').map(|w| joined(&fold(w)));
        industries.entry(fold(name)).or_default().extend(latin);
    }
    let mut regions = FxHashSet::default();
    let mut region_by_latin = FxHashMap::default();
    for (name, writings) in rows(REGIONS) {
        regions.insert(fold(name));
        for writing in writings.split(';') {
            region_by_latin.insert(fold(writing), fold(name));
        }
    }
    Data {
        legal,
        legal_by_last,
        legal_by_first,
        legal_han,
        legal_same,
        words,
        industries,
        regions,
        region_first: region_by_latin
            .keys()
            .filter_map(|latin: &String| latin.split_once(' '))
            .map(|(first, _)| first.to_owned())
            .collect(),
        region_by_latin,
        platforms: rows(PLATFORMS)
            .map(|(name, writings)| platform(name, writings))
            .collect(),
        surnames: read_surnames(),
    }
}

/// The two columns of a list, comments and empty lines left out.
fn rows(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    list.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('|'))
        .map(|(name, rest)| (name.trim(), rest.trim()))
}

/// Both folds of a writing.
fn folds(writing: &str) -> impl Iterator<Item = String> {
    let (plain, umlaut) = (fold(writing), fold_umlaut(writing));
    let second = (umlaut != plain).then_some(umlaut);
    std::iter::once(plain).chain(second).filter(|folded| !folded.is_empty())
}

fn split(folded: &str) -> Vec<String> {
    folded.split(' ').map(str::to_owned).collect()
}

fn read_words() -> Words {
    let mut words = Words::default();
    for (kind, list) in rows(WORDS) {
        let folded: Vec<String> = list.split(';').flat_map(folds).collect();
        let Some(first) = folded.first().cloned() else { continue };
        match kind {
            "connect" => words.connect.extend(folded),
            "letter" => words.letter.extend(folded),
            "drop" => words.drop.extend(folded),
            "title" => words.title.extend(folded),
            "beside" => words.beside.extend(folded),
            "generic" => words.generic.extend(folded),
            "industry" => words.industry.extend(folded),
            "branch" => words.branch.extend(folded.iter().map(|f| split(f))),
            "owner" => words.owner.extend(folded.iter().map(|f| split(f))),
            "short" => words.short.extend(folded.into_iter().map(|f| (f, first.clone()))),
            _ => words.alike.extend(folded.into_iter().map(|f| (f, first.clone()))),
        }
    }
    words
}

fn read_legal_forms(words: &Words) -> (Vec<LegalWriting>, Vec<(&'static str, &'static str)>) {
    let mut legal = Vec::new();
    for (class, rest) in rows(LEGAL_FORMS) {
        let Some((place, writings)) = rest.split_once('|') else {
            continue;
        };
        let place = match place.trim() {
            "end" => Place::End,
            "ends" => Place::Ends,
            "front" => Place::Front,
            "han" => Place::Han,
            "kana" => Place::Kana,
            _ => Place::Anywhere,
        };
        for folded in writings.split(';').flat_map(folds) {
            let kept: Vec<String> = split(&folded)
                .into_iter()
                .filter(|word| !words.connect.contains(word))
                .collect();
            legal.push(LegalWriting {
                class,
                place,
                joined: kept.concat(),
                words: kept,
            });
        }
    }
    legal.sort_by_key(|writing| std::cmp::Reverse((writing.words.len(), writing.joined.len())));
    let same = LEGAL_FORMS
        .lines()
        .filter_map(|line| line.strip_prefix("same:"))
        .filter_map(|pair| pair.trim().split_once(' '))
        .collect();
    (legal, same)
}

fn platform(name: &'static str, writings: &str) -> Platform {
    let (mut latin, mut together) = (Vec::new(), Vec::new());
    for folded in writings.split(';').flat_map(folds) {
        if folded.is_ascii() {
            latin.push(split(&folded));
        } else {
            together.push(joined(&folded));
        }
    }
    Platform {
        name,
        latin,
        joined: together,
    }
}

fn read_surnames() -> FxHashSet<String> {
    let mut surnames = FxHashSet::default();
    for line in SURNAMES.lines().filter(|line| !line.starts_with('#')) {
        if line.contains(' ') {
            surnames.extend(line.split_whitespace().map(fold));
        } else {
            surnames.extend(
                line.chars()
                    .filter(|c| is_han(*c))
                    .map(|c| fold(c.encode_utf8(&mut [0; 4]))),
            );
        }
    }
    surnames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_is_read() {
        let start = std::time::Instant::now();
        let data = read();
        println!("word lists read in {:?}", start.elapsed());
        assert!(data.legal.len() > 250);
        assert!(data.industries.len() > 130);
        assert!(data.regions.len() > 100);
        assert!(data.platforms.len() > 60);
        assert!(data.surnames.len() > 250);
        for (a, b) in &data.legal_same {
            for class in [a, b] {
                assert!(data.legal.iter().any(|w| w.class == *class), "same: {class}");
            }
        }
    }

    #[test]
    fn one_writing_means_one_class() {
        let data = read();
        let mut seen: Vec<(&str, Place, &str)> = Vec::new();
        for writing in &data.legal {
            if let Some((_, _, class)) = seen.iter().find(|(joined, place, _)| {
                *joined == writing.joined && (*place == Place::Kana) == (writing.place == Place::Kana)
            }) {
                assert_eq!(*class, writing.class, "writing: {}", writing.joined);
            }
            seen.push((&writing.joined, writing.place, writing.class));
        }
    }
}
