//! Payers who are nobody's customer: payment providers and platforms; and persons.

use super::data::{Platform, data};
use super::fold::{is_han, joined};
use super::name::{NameForm, Script};

/// Returns true when the payer is a payment provider or a platform that pays for others.
pub fn is_platform(name: &NameForm) -> bool {
    provider(name).is_some()
}

/// Words in the names of firms that collect the receivables of others.
const FACTORS: [&str; 4] = ["factoring", "faktoring", "affacturage", "factor"];

/// What a name tells about who pays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PayerKind {
    /// Nothing.
    #[default]
    Other,
    /// A payment provider or a platform: it pays for many.
    Platform,
    /// A firm that collects the receivables of others, or pays them.
    Factor,
    /// Most likely a person.
    Person,
}

/// Returns what a name tells about who pays.
pub fn payer_kind(name: &NameForm) -> PayerKind {
    if is_platform(name) {
        PayerKind::Platform
    } else if is_factor(name) {
        PayerKind::Factor
    } else if is_personal_name(name) {
        PayerKind::Person
    } else {
        PayerKind::Other
    }
}

/// Returns true when the payer pays for many: a payment provider, a platform, a factoring firm. Its name and account are nobody's.
pub fn pays_for_many(name: &NameForm) -> bool {
    is_factor(name) || is_platform(name)
}

fn is_factor(name: &NameForm) -> bool {
    let mut words = name.folded.split(' ');
    words.any(|word| FACTORS.iter().any(|factor| word.ends_with(factor))) || joined(&name.folded).contains("保理")
}

/// Returns the provider's name in the list of `config/names/platforms.txt`, for a name that begins with one of its ways of writing.
///
/// Chinese names may begin with a region: 上海汇付天下….
pub fn provider(name: &NameForm) -> Option<&'static str> {
    if name.folded.is_empty() {
        return None;
    }
    let words: Vec<&str> = name.folded.split(' ').collect();
    let whole = joined(&name.folded);
    let behind_region = name
        .brand
        .as_ref()
        .map(|brand| format!("{brand}{}", name.industry.as_deref().unwrap_or("")));
    let is_named = |platform: &&Platform| {
        platform.latin.iter().any(|writing| words.starts_with_words(writing))
            || platform.joined.iter().any(|writing| {
                whole.starts_with(writing) || behind_region.as_ref().is_some_and(|rest| rest.starts_with(writing))
            })
    };
    data().platforms.iter().find(is_named).map(|platform| platform.name)
}

trait StartsWithWords {
    fn starts_with_words(&self, words: &[String]) -> bool;
}

impl StartsWithWords for Vec<&str> {
    fn starts_with_words(&self, words: &[String]) -> bool {
        self.len() >= words.len() && self.iter().zip(words).all(|(a, b)| a == b)
    }
}

/// Returns true for what is most likely a person's name in Chinese: a surname of the list and one or two characters more
/// (after a surname of two characters: one or two), no legal form, no industry.
pub fn is_personal_name(name: &NameForm) -> bool {
    let letters: Vec<char> = name.folded.chars().filter(|c| *c != ' ').collect();
    let is_bare = name.script == Script::Han
        && name.legal.is_none()
        && name.industry.is_none()
        && name.branch.is_none()
        && name.bracket_region.is_none()
        && letters.iter().all(|c| is_han(*c));
    if !is_bare || !(2..=4).contains(&letters.len()) {
        return false;
    }
    let is_surname = |count: usize| {
        data()
            .surnames
            .contains(&letters.iter().take(count).collect::<String>())
    };
    (letters.len() >= 3 && is_surname(2)) || (letters.len() <= 3 && is_surname(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::name_form;

    #[test]
    fn providers_are_known() {
        for (name, expected) in [
            ("PayPal Europe S.a.r.l. et Cie S.C.A.", Some("PayPal")),
            ("PAYPAL (EUROPE) SARL", Some("PayPal")),
            ("STRIPE PAYMENTS EUROPE LTD", Some("Stripe")),
            ("Adyen N.V.", Some("Adyen")),
            ("Stichting Mollie Payments", Some("Mollie")),
            ("Klarna Bank AB (publ)", Some("Klarna")),
            ("SumUp Limited", Some("SumUp")),
            ("支付宝（中国）网络技术有限公司", Some("Alipay 支付宝")),
            ("财付通支付科技有限公司", Some("WeChat Pay 财付通")),
            ("深圳市财付通支付科技有限公司", Some("WeChat Pay 财付通")),
            ("Paypalm Gartenbau GmbH", None),
            ("Nordwind PayPal GmbH", None),
            ("Stripes & Co KG", None),
            ("绿邦实业有限公司", None),
            ("大连连城机械有限公司", None),
            ("", None),
        ] {
            assert_eq!(provider(&name_form(name)), expected, "name: {name}");
        }
    }

    #[test]
    fn who_pays_for_many_is_nobody() {
        for (name, expected) in [
            ("Eurofactor GmbH", true),
            ("Nordfinanz Factoring AG", true),
            ("深圳前海商业保理有限公司", true),
            ("PayPal Europe S.a.r.l. et Cie S.C.A.", true),
            ("Factory Bau GmbH", false),
            ("Nordwind GmbH", false),
        ] {
            assert_eq!(pays_for_many(&name_form(name)), expected, "name: {name}");
        }
    }

    #[test]
    fn chinese_persons() {
        for (name, expected) in [
            ("王小明", true),
            ("王 小明", true),
            ("王明", true),
            ("歐陽小明", true),
            ("司马光", true),
            ("王小明商行", false),
            ("绿邦", false),
            ("绿邦实业", false),
            ("王", false),
            ("王小明有限公司", false),
            ("Wang Xiaoming", false),
            ("", false),
        ] {
            assert_eq!(is_personal_name(&name_form(name)), expected, "name: {name}");
        }
    }
}
