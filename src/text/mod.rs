//! Reads what people wrote: names in every script, document numbers in running text, check digits; and counts in bits.
//!
//! Knows nothing of open items, customers or thresholds: it says how two texts agree, never what follows from it.
//! Word lists (legal forms, regions, industries, payment providers) are data in `config/names`.

mod across;
pub mod bits;
pub mod check_digits;
mod compare;
mod data;
mod fold;
mod glyph;
mod han;
mod legal;
mod mask;
mod money_mask;
mod name;
pub mod platform;
pub mod reference;
pub mod tokens;
mod word;

pub use check_digits::{Checked, Scheme, recognise};
pub use compare::{Contradiction, NameAgreement, NameLevel, compare_names, compare_names_with};
pub use fold::{fold, fold_umlaut, joined};
pub use legal::LegalForm;
pub use name::{NameForm, Pinyin, Script, name_form, pinyin_keys};
pub use platform::{PayerKind, is_personal_name, payer_kind, pays_for_many};
pub use tokens::{Token, TokenKind, WrittenAmount};

#[cfg(test)]
mod tests;
