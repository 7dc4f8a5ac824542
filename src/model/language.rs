//! The languages that people are spoken to in.

use serde::{Deserialize, Serialize};

/// A language of what people read. Codes, column names of CSV files and keys of JSON are the same in all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Language {
    /// English: `12,345.60`.
    #[default]
    #[serde(rename = "en")]
    English,
    /// German: `12.345,60`.
    #[serde(rename = "de")]
    German,
    /// Chinese in simplified characters: `12,345.60`.
    #[serde(rename = "zh-Hans")]
    SimplifiedChinese,
    /// Chinese in traditional characters: `12,345.60`.
    #[serde(rename = "zh-Hant")]
    TraditionalChinese,
}

impl Language {
    /// All languages, English first.
    pub const ALL: [Language; 4] = [
        Language::English,
        Language::German,
        Language::SimplifiedChinese,
        Language::TraditionalChinese,
    ];

    /// Returns its tag of BCP 47: `zh-Hans`.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
            Language::SimplifiedChinese => "zh-Hans",
            Language::TraditionalChinese => "zh-Hant",
        }
    }

    /// Returns true for Chinese in either script.
    pub fn is_chinese(self) -> bool {
        matches!(self, Language::SimplifiedChinese | Language::TraditionalChinese)
    }
}
