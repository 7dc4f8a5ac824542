//! Debtors by name: exactly, by core, by rare words, by parts of words.
//!
//! The work per name is bounded in steps: a payer who is nobody's customer must not cost more than a customer.

use super::ledger::{DebtorNo, Ledger};
use crate::model::Knowledge;
use crate::text::{NameAgreement, NameForm, NameLevel, Script, compare_names, joined, name_form, pinyin_keys};
use rustc_hash::FxHashMap;

/// Lists longer than this say too little to be walked.
const LIST_MAX: usize = 400;

/// Names that are compared in full.
const COMPARED_MAX: usize = 12;

/// Words of one name that are looked up.
const WORDS_MAX: usize = 32;

/// Debtors of one confirmed name that are kept: a factoring firm pays for thousands.
const ALIASES_MAX: usize = 16;

/// A debtor that a name may stand for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameFound {
    /// The debtor.
    pub debtor: DebtorNo,
    /// How the names agree.
    pub agreement: NameAgreement,
    /// Which of the debtor's names.
    pub name: u32,
}

/// A name confirmed for a debtor before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alias {
    /// The debtor.
    pub debtor: DebtorNo,
    /// Confirmed payments of this name for this debtor.
    pub confirmed: u32,
    /// Confirmed payments of this name for anybody.
    pub confirmed_all: u32,
}

#[derive(Debug)]
struct Named {
    debtor: DebtorNo,
    form: NameForm,
    written: Box<str>,
}

/// Names of debtors.
#[derive(Debug, Default)]
pub struct Names {
    names: Vec<Named>,
    exact: FxHashMap<Box<str>, Vec<u32>>,
    core: FxHashMap<Box<str>, Vec<u32>>,
    words: FxHashMap<Box<str>, Vec<u32>>,
    grams: FxHashMap<[char; 3], Vec<u32>>,
    pinyin: FxHashMap<Box<str>, Vec<u32>>,
    aliases: FxHashMap<Box<str>, Vec<Alias>>,
}

impl Names {
    /// Returns the names of all debtors, and those confirmed before.
    pub fn new(ledger: &Ledger<'_>, knowledge: &Knowledge) -> Names {
        let mut names = Names::default();
        for (at, debtor) in ledger.debtors.iter().enumerate() {
            let written = debtor.customer.map_or(&[][..], |customer| &customer.names);
            let mut seen: Vec<&str> = Vec::new();
            let all = written.iter().map(|name| name.text.as_str());
            for text in all.chain([debtor.name]).chain(debtor.item_names.iter().copied()) {
                if !text.trim().is_empty() && !seen.contains(&text) {
                    seen.push(text);
                    names.enter(at as u32, text);
                }
            }
        }
        names.learn(ledger, knowledge);
        names
    }

    fn enter(&mut self, debtor: DebtorNo, text: &str) {
        let form = name_form(text);
        if form.folded.is_empty() {
            return;
        }
        let at = self.names.len() as u32;
        for key in [&form.folded, &form.folded_umlaut] {
            push(&mut self.exact, key, at);
        }
        push(&mut self.core, &joined(&form.core), at);
        for word in form.tokens.iter().chain(&form.tokens_umlaut) {
            push(&mut self.words, word, at);
        }
        for key in pinyin_keys(&form) {
            push(&mut self.pinyin, &key, at);
        }
        for gram in grams(&form) {
            let list = self.grams.entry(gram).or_default();
            if list.last() != Some(&at) {
                list.push(at);
            }
        }
        self.names.push(Named {
            debtor,
            form,
            written: text.into(),
        });
    }

    fn learn(&mut self, ledger: &Ledger<'_>, knowledge: &Knowledge) {
        let numbers: FxHashMap<&str, DebtorNo> = ledger
            .debtors
            .iter()
            .enumerate()
            .filter(|(_, debtor)| !debtor.id.is_empty())
            .map(|(at, debtor)| (debtor.id, at as u32))
            .collect();
        for (alias, counts) in &knowledge.aliases {
            let key = crate::text::fold(alias);
            if key.is_empty() {
                continue;
            }
            let list = self.aliases.entry(key.into()).or_default();
            for (customer, count) in counts {
                if let Some(debtor) = numbers.get(customer.as_str()) {
                    match list.iter_mut().find(|known| known.debtor == *debtor) {
                        Some(known) => known.confirmed += count,
                        None => list.push(Alias {
                            debtor: *debtor,
                            confirmed: *count,
                            confirmed_all: 0,
                        }),
                    }
                }
            }
            let strangers: u32 = counts
                .iter()
                .filter(|(customer, _)| !numbers.contains_key(customer.as_str()))
                .map(|(_, count)| count)
                .sum();
            let all = list.iter().map(|known| known.confirmed).sum::<u32>() + strangers;
            list.iter_mut().for_each(|known| known.confirmed_all = all);
            list.sort_unstable_by_key(|known| (std::cmp::Reverse(known.confirmed), known.debtor));
            list.truncate(ALIASES_MAX);
        }
    }

    /// Returns the debtors that payments of this name were confirmed for; of many, those with most payments.
    pub fn aliases(&self, payer: &NameForm) -> &[Alias] {
        self.aliases.get(payer.folded.as_str()).map_or(&[], Vec::as_slice)
    }

    /// Returns the name at [`NameFound::name`] as the master data write it.
    pub fn written_at(&self, name: u32) -> &str {
        &self.names[name as usize].written
    }

    /// Returns how the payer's name agrees with the best of the debtor's names that share a key with it.
    pub fn find(&self, payer: &NameForm) -> Vec<NameFound> {
        let mut candidates = self.by_key(payer);
        if candidates.is_empty() {
            candidates = self.by_words(payer);
        }
        if candidates.is_empty() {
            candidates = self.by_grams(payer);
        }
        let mut found: Vec<NameFound> = Vec::new();
        for at in candidates {
            let named = &self.names[at as usize];
            let agreement = compare_names(payer, &named.form);
            if agreement.level == NameLevel::Different {
                continue;
            }
            let next = NameFound {
                debtor: named.debtor,
                agreement,
                name: at,
            };
            match found.iter_mut().find(|known| known.debtor == next.debtor) {
                Some(known) if is_better(&next.agreement, &known.agreement) => *known = next,
                Some(_) => {}
                None => found.push(next),
            }
        }
        found.sort_by_key(|name| {
            (
                name.agreement.level,
                std::cmp::Reverse(name.agreement.score),
                name.debtor,
            )
        });
        found
    }

    /// Names with the same letters, with or without legal form.
    fn by_key(&self, payer: &NameForm) -> Vec<u32> {
        let mut candidates: Vec<u32> = Vec::new();
        let core = joined(&payer.core);
        let lists = [
            self.exact.get(payer.folded.as_str()),
            self.exact.get(payer.folded_umlaut.as_str()),
            self.core.get(core.as_str()),
        ];
        for list in lists.into_iter().flatten() {
            candidates.extend(list.iter().take(COMPARED_MAX * 2));
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    /// Names that share rare words, by how rare the shared words are.
    fn by_words(&self, payer: &NameForm) -> Vec<u32> {
        let mut scores: FxHashMap<u32, u32> = FxHashMap::default();
        let mut enter = |list: Option<&Vec<u32>>, worth: u32| {
            if let Some(list) = list.filter(|list| list.len() <= LIST_MAX) {
                for at in list {
                    *scores.entry(*at).or_default() += worth;
                }
            }
        };
        for word in payer.tokens.iter().chain(&payer.tokens_umlaut).take(WORDS_MAX) {
            enter(self.words.get(word.as_str()), u32::from(self.rarity(word)));
        }
        if payer.pinyin.is_some() || payer.script == Script::Latin {
            for key in pinyin_keys(payer) {
                enter(self.pinyin.get(key.as_str()), 500);
            }
        }
        best(scores)
    }

    /// Names that share parts of words: for wrong letters, and for scripts without blanks.
    fn by_grams(&self, payer: &NameForm) -> Vec<u32> {
        let mut lists: Vec<&Vec<u32>> = grams(payer)
            .iter()
            .filter_map(|gram| self.grams.get(gram))
            .filter(|list| list.len() <= LIST_MAX)
            .collect();
        lists.sort_by_key(|list| list.len());
        let mut scores: FxHashMap<u32, u32> = FxHashMap::default();
        for list in lists.into_iter().take(8) {
            for at in list {
                *scores.entry(*at).or_default() += 1;
            }
        }
        scores.retain(|_, shared| *shared >= 2);
        best(scores)
    }

    /// A word's rarity: 100 for a word of every name, the more the rarer.
    fn rarity(&self, word: &str) -> u16 {
        let count = self.words.get(word).map_or(1, Vec::len) as u64;
        let all = self.names.len().max(2) as u64;
        (100 + crate::text::bits::log2_ratio(all, count)).clamp(100, 2_000) as u16
    }
}

fn is_better(a: &NameAgreement, b: &NameAgreement) -> bool {
    (a.level, a.contradiction.is_some(), std::cmp::Reverse(a.score))
        < (b.level, b.contradiction.is_some(), std::cmp::Reverse(b.score))
}

fn push(map: &mut FxHashMap<Box<str>, Vec<u32>>, key: &str, at: u32) {
    if key.is_empty() {
        return;
    }
    match map.get_mut(key) {
        Some(list) if list.last() == Some(&at) => {}
        Some(list) => list.push(at),
        None => {
            map.insert(key.into(), vec![at]);
        }
    }
}

fn best(scores: FxHashMap<u32, u32>) -> Vec<u32> {
    let mut ranked: Vec<(u32, u32)> = scores.into_iter().collect();
    ranked.sort_unstable_by_key(|(at, score)| (std::cmp::Reverse(*score), *at));
    ranked.truncate(COMPARED_MAX);
    ranked.into_iter().map(|(at, _)| at).collect()
}

/// Three neighbouring letters of the core; two where the script writes no blanks.
fn grams(form: &NameForm) -> Vec<[char; 3]> {
    let letters: Vec<char> = form.core.chars().filter(|c| *c != ' ').collect();
    let is_dense = matches!(form.script, Script::Han | Script::Kana | Script::Mixed);
    let mut grams: Vec<[char; 3]> = if is_dense {
        letters.windows(2).map(|pair| [pair[0], pair[1], '\0']).collect()
    } else {
        letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect()
    };
    grams.sort_unstable();
    grams.dedup();
    grams
}
