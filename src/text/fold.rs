//! The compared form of a text: one spelling for what people write in many ways.

use super::data::HAN_VARIANTS;
use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;
use std::sync::OnceLock;
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::decompose_canonical, is_nfkc, is_nfkc_quick};

/// Returns the compared form: NFKC, lower case, no accents, simplified Chinese, large full-width katakana,
/// anything but letters and digits turned into single blanks. Umlauts lose their dots (ä → a). Idempotent.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return fold_ascii(text);
    }
    let mut folded = fold_once(text);
    // Dropping a mark may bring letters together that compose: rare, and settled after one more pass.
    for _ in 0..4 {
        if folded.is_ascii() || is_nfkc(&folded) {
            break;
        }
        folded = fold_once(&folded);
    }
    folded
}

/// Returns the second compared form, for those who write umlauts with two letters: ä → ae, ö → oe, ü → ue, å → aa, ø → oe.
pub fn fold_umlaut(text: &str) -> String {
    if !has_umlaut(text) {
        return fold(text);
    }
    let mut spelled = String::with_capacity(text.len() + 8);
    for letter in text.nfc() {
        match letter {
            'ä' | 'Ä' => spelled.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' => spelled.push_str("oe"),
            'ü' | 'Ü' => spelled.push_str("ue"),
            'å' | 'Å' => spelled.push_str("aa"),
            other => spelled.push(other),
        }
    }
    fold(&spelled)
}

/// Returns true when the two folds of a text may differ.
pub(crate) fn has_umlaut(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|c| {
            matches!(
                c,
                'ä' | 'Ä' | 'ö' | 'Ö' | 'ø' | 'Ø' | 'ü' | 'Ü' | 'å' | 'Å' | '\u{308}' | '\u{30A}' | '\u{212B}'
            )
        })
}

/// Returns a folded text without its blanks.
pub fn joined(folded: &str) -> String {
    folded.chars().filter(|c| *c != ' ').collect()
}

/// Returns the simplified form of one Han character; any other character as it is.
pub(crate) fn simplify(character: char) -> char {
    if !is_han(character) {
        return character;
    }
    let table = HAN.get_or_init(han_table);
    match table.binary_search_by_key(&character, |(from, _)| *from) {
        Ok(place) => table.get(place).map_or(character, |(_, to)| *to),
        Err(_) => character,
    }
}

/// Returns true for Chinese characters of the blocks in daily use.
pub(crate) fn is_han(character: char) -> bool {
    matches!(character, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '々' | '〇' | '\u{20000}'..='\u{2FA1F}')
}

/// Returns true for katakana, hiragana and their long mark.
pub(crate) fn is_kana(character: char) -> bool {
    matches!(character, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | 'ー')
}

/// Returns true for characters that are drawn as nothing: zero width, soft hyphen, direction marks.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{3099}' | '\u{309A}' | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

fn fold_ascii(text: &str) -> String {
    let mut folded: Vec<u8> = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            folded.push(byte.to_ascii_lowercase());
        } else if folded.last().is_some_and(|last| *last != b' ') {
            folded.push(b' ');
        }
    }
    if folded.last() == Some(&b' ') {
        folded.pop();
    }
    String::from_utf8(folded).unwrap_or_default()
}

fn fold_once(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(|character| push_folded(&mut folded, character));
    } else {
        text.nfkc().for_each(|character| push_folded(&mut folded, character));
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

fn push_folded(folded: &mut String, character: char) {
    if character.is_ascii() {
        push(folded, character.to_ascii_lowercase());
    } else if is_han(character) {
        push(folded, simplify(character));
    } else {
        character.to_lowercase().for_each(|lower| push_letter(folded, lower));
    }
}

fn push_letter(folded: &mut String, lower: char) {
    if is_mark(lower) || is_invisible(lower) {
        return;
    }
    match lower {
        'ß' => folded.push_str("ss"),
        'æ' | 'ǽ' | 'ǣ' => folded.push_str("ae"),
        'œ' => folded.push_str("oe"),
        'þ' => folded.push_str("th"),
        'ø' | 'ǿ' => folded.push('o'),
        'ł' => folded.push('l'),
        'đ' | 'ð' | 'ɖ' => folded.push('d'),
        'ı' => folded.push('i'),
        'ħ' => folded.push('h'),
        'ŋ' => folded.push('n'),
        'ŧ' => folded.push('t'),
        'ς' => folded.push('σ'),
        '\u{3041}'..='\u{30FA}' => push(folded, large_kana(lower)),
        '\u{C0}'..='\u{24F}' | '\u{370}'..='\u{52F}' | '\u{1E00}'..='\u{1FFF}' => {
            decompose_canonical(lower, |part| {
                if !is_mark(part) {
                    push(folded, part);
                }
            });
        }
        _ => push(folded, lower),
    }
}

/// Letters and digits as they are; anything else ends the word.
fn push(folded: &mut String, character: char) {
    if character.is_alphanumeric() {
        folded.push(character);
    } else if !folded.is_empty() && !folded.ends_with(' ') {
        folded.push(' ');
    }
}

/// Hiragana as katakana, small as large: banks write カブシキガイシヤ.
fn large_kana(kana: char) -> char {
    let katakana = match kana {
        '\u{3041}'..='\u{3096}' => char::from_u32(u32::from(kana) + 0x60).unwrap_or(kana),
        other => other,
    };
    match katakana {
        'ァ' => 'ア',
        'ィ' => 'イ',
        'ゥ' => 'ウ',
        'ェ' => 'エ',
        'ォ' => 'オ',
        'ッ' => 'ツ',
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        'ヮ' => 'ワ',
        'ヵ' => 'カ',
        'ヶ' => 'ケ',
        other => other,
    }
}

static HAN: OnceLock<Vec<(char, char)>> = OnceLock::new();

/// One character to one character, sorted; built once from the conversion table of OpenCC, phrases left out:
/// a name must fold alike wherever it stands.
fn han_table() -> Vec<(char, char)> {
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        return Vec::new();
    };
    let all: String = ('\u{3400}'..='\u{9FFF}')
        .flat_map(|character| [character, '\n'])
        .collect();
    let converted = converter.convert(&all);
    let mut table: Vec<(char, char)> = ('\u{3400}'..='\u{9FFF}')
        .zip(converted.split('\n'))
        .filter_map(|(from, to)| {
            let to = single(to)?;
            (from != to).then_some((from, to))
        })
        .collect();
    for line in HAN_VARIANTS.lines().filter(|line| !line.starts_with('#')) {
        let mut columns = line.split_whitespace();
        if let (Some(from), Some(to)) = (columns.next().and_then(single), columns.next().and_then(single)) {
            table.retain(|(known, _)| *known != from);
            table.push((from, to));
        }
    }
    table.sort_unstable();
    close(table)
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let only = characters.next()?;
    characters.next().is_none().then_some(only)
}

/// Follows chains (a → b → c gives a → c), so that folding twice changes nothing.
fn close(table: Vec<(char, char)>) -> Vec<(char, char)> {
    let look_up = |character: char| {
        table
            .binary_search_by_key(&character, |(from, _)| *from)
            .ok()
            .and_then(|place| table.get(place))
            .map(|(_, to)| *to)
    };
    table
        .iter()
        .map(|(from, to)| {
            let mut end = *to;
            for _ in 0..4 {
                match look_up(end) {
                    Some(next) if next != *from => end = next,
                    _ => break,
                }
            }
            (*from, end)
        })
        .filter(|(from, to)| from != to)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_spelling_for_many() {
        for (written, compared) in [
            ("NORDWIND  GmbH & Co. KG", "nordwind gmbh co kg"),
            ("İstanbul Tekstil A.Ş.", "istanbul tekstil a s"),
            ("IŞIK Isı Sistemleri", "isik isi sistemleri"),
            ("Müller-Lüdenscheidt", "muller ludenscheidt"),
            ("Mu\u{308}ller", "muller"),
            ("Straße STRASSE ẞ", "strasse strasse ss"),
            ("Łódź Żółw Sp. z o.o.", "lodz zolw sp z o o"),
            ("Smørrebrød ApS", "smorrebrod aps"),
            ("Æble Œuvre", "aeble oeuvre"),
            ("L'Étoile d'Été", "l etoile d ete"),
            ("綠邦實業有限公司", "绿邦实业有限公司"),
            ("對帳單", "对账单"),
            ("ﾉﾙﾄﾞｳｲﾝﾄﾞ(ｶ", "ノルドウインド カ"),
            ("カブシキガイシャ", "カブシキガイシヤ"),
            ("さくらショップ", "サクラシヨツプ"),
            ("ＡＢＣ　１２３", "abc 123"),
            ("髙橋 渡邊", "高桥 渡边"),
            ("Ωμέγα ΟΔΟΣ", "ωμεγα οδοσ"),
            ("Север й", "север и"),
            ("Nord\u{200B}wind so\u{AD}ft", "nordwind soft"),
            ("½ m²", "1 2 m2"),
            ("", ""),
            (" .-/ ", ""),
        ] {
            assert_eq!(fold(written), compared, "name: {written}");
        }
    }

    #[test]
    fn umlauts_in_two_letters() {
        for (written, compared) in [
            ("Müller", "mueller"),
            ("MÜLLER & SÖHNE", "mueller soehne"),
            ("Mu\u{308}ller", "mueller"),
            ("Århus Sømand", "aarhus soemand"),
            ("Maria", "maria"),
        ] {
            assert_eq!(fold_umlaut(written), compared, "name: {written}");
        }
        assert_eq!(joined("nord wind kg"), "nordwindkg");
    }

    #[test]
    fn the_conversion_table_is_quick_enough() {
        let start = std::time::Instant::now();
        let table = han_table();
        println!("han table: {} characters in {:?}", table.len(), start.elapsed());
        assert!(table.len() > 3_000);
        assert!(table.iter().all(|(_, to)| !table.iter().any(|(from, _)| from == to)));
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert!(!once.contains("  ") && !once.starts_with(' ') && !once.ends_with(' '));
        }

        #[test]
        fn folding_any_characters(text in prop::collection::vec(any::<char>(), 0..12)) {
            let text: String = text.into_iter().collect();
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            fold_umlaut(&text);
        }
    }
}
