//! Names of elements and attributes, and references to characters.

use crate::model::FindingCode;

/// Returns the character of a reference: one of the five entities, or a number.
pub fn resolve(name: &str) -> Result<char, FindingCode> {
    let number = match name {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(FindingCode::XmlEntity)?,
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    let is_number = !digits.is_empty() && digits.bytes().all(|b| char::from(b).is_digit(radix));
    let code = if is_number {
        u32::from_str_radix(digits, radix).ok()
    } else {
        None
    };
    let character = code
        .and_then(char::from_u32)
        .filter(|c| super::decode::is_xml_character(*c));
    character.ok_or(FindingCode::XmlEntity)
}

/// Returns true for names of elements and attributes; characters beyond ASCII are taken as letters.
pub fn is_name(name: &[u8]) -> bool {
    name_colon(name).is_some()
}

/// Returns where the colon of a name stands, 0 where it has none, and nothing where it is no name.
pub fn name_colon(name: &[u8]) -> Option<usize> {
    const OTHER: u8 = 0;
    const INSIDE: u8 = 1;
    const START: u8 = 2;
    const KINDS: [u8; 256] = {
        let mut kinds = [OTHER; 256];
        let mut b = 0;
        while b < 256 {
            let byte = b as u8;
            if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 {
                kinds[b] = START;
            } else if byte.is_ascii_digit() || byte == b'-' || byte == b'.' || byte == b':' {
                kinds[b] = INSIDE;
            }
            b += 1;
        }
        kinds
    };
    if KINDS[usize::from(*name.first()?)] != START {
        return None;
    }
    let mut colon = 0;
    for (at, byte) in name.iter().enumerate() {
        if KINDS[usize::from(*byte)] == OTHER {
            return None;
        }
        if *byte == b':' && colon == 0 {
            colon = at;
        }
    }
    // A prefix without a name behind it names nothing.
    (colon == 0 || colon + 1 < name.len()).then_some(colon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_from_noise() {
        for (written, colon) in [
            ("a", Some(0)),
            ("Amt", Some(0)),
            ("n:Amt", Some(1)),
            ("_x-1.y", Some(0)),
            ("Größe", Some(0)),
            ("", None),
            ("1a", None),
            (":a", None),
            ("a:", None),
            ("a/", None),
            ("a\"b", None),
        ] {
            assert_eq!(name_colon(written.as_bytes()), colon, "written: {written}");
        }
    }

    #[test]
    fn references_are_the_five_or_numbers_of_allowed_characters() {
        for (written, character) in [
            ("amp", Some('&')),
            ("apos", Some('\'')),
            ("#65", Some('A')),
            ("#x1F600", Some('\u{1F600}')),
            ("nbsp", None),
            ("#0", None),
            ("#x1", None),
            ("#xD800", None),
            ("#xFFFE", None),
            ("#+65", None),
            ("#99999999999", None),
            ("#", None),
        ] {
            assert_eq!(resolve(written).ok(), character, "written: {written}");
        }
    }
}
