//! How far two names agree.

use super::NameForm;

/// How well two names agree, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum NameLevel {
    /// The same name; `Ltd` is `Limited`, `ü` is `ue`.
    Equal,
    /// The same but for the legal form.
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
    /// What speaks against it.
    pub contradiction: Option<Contradiction>,
}

/// Returns how the payer's name agrees with the customer's; words weigh by their kind (industry words little).
pub fn compare_names(payer: &NameForm, customer: &NameForm) -> NameAgreement {
    compare_names_with(payer, customer, &|_| 1_000)
}

/// Returns how the payer's name agrees with the customer's; `rarity` weighs a word of [`NameForm::tokens`]
/// (any unit, at least 1; the rarer the larger; for Chinese names it is not asked).
pub fn compare_names_with(payer: &NameForm, customer: &NameForm, _rarity: &dyn Fn(&str) -> u16) -> NameAgreement {
    if !payer.folded.is_empty() && payer.folded == customer.folded {
        return NameAgreement {
            level: NameLevel::Equal,
            score: 1_000,
            contradiction: None,
        };
    }
    NameAgreement {
        level: NameLevel::Different,
        score: 0,
        contradiction: None,
    }
}
