//! Bytes of a table become text: byte order mark, NUL pattern, strict UTF-8, the layout's charset, then detection.
//!
//! Knows nothing of rows and columns. A byte that has no character is an error with its place, never a replacement.

use crate::model::{Finding, FindingCode, Source};
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Why bytes are no text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum EncodingError {
    /// The layout names an encoding that is not known.
    Unknown {
        /// The label.
        label: String,
    },
    /// Bytes that have no character.
    Broken {
        /// Position of the first of them, counted from 0.
        position: usize,
        /// The bytes in hexadecimal.
        bytes: String,
        /// The encoding that was tried.
        encoding: &'static str,
    },
}

impl EncodingError {
    /// Returns the refusal of the file `name`.
    pub fn finding(&self, name: &str) -> Finding {
        let source = Source::file(name);
        match self {
            EncodingError::Unknown { label } => {
                Finding::error(FindingCode::EncodingUnknown, source, vec![label.clone()])
            }
            EncodingError::Broken {
                position,
                bytes,
                encoding,
            } => Finding::error(
                FindingCode::EncodingBroken,
                source,
                vec![format!("{bytes} at position {position}"), (*encoding).to_owned()],
            ),
        }
    }
}

/// Returns the text without its byte order mark, and the name of the encoding. `hint` is the charset of the layout.
///
/// Refuses bytes that have no character, and NUL characters, which no table has.
pub fn decode_table(bytes: &[u8], hint: Option<&str>) -> Result<(String, &'static str), EncodingError> {
    decode(bytes, hint).map(|(text, encoding)| (text.into_owned(), encoding))
}

/// Returns the text as [`decode_table`] does, without a copy where the bytes are UTF-8 already.
pub fn decode<'b>(bytes: &'b [u8], hint: Option<&str>) -> Result<(Cow<'b, str>, &'static str), EncodingError> {
    let (encoding, skipped) = choose(bytes, hint)?;
    let body = &bytes[skipped..];
    let text = if encoding == UTF_8 {
        utf8(body, skipped)?
    } else {
        strict(body, encoding, skipped)?
    };
    match text.bytes().position(|byte| byte == 0) {
        Some(position) => Err(EncodingError::Broken {
            position: position + skipped,
            bytes: "00".to_owned(),
            encoding: encoding.name(),
        }),
        None => Ok((text, encoding.name())),
    }
}

/// Returns the encoding, and how many bytes its mark takes.
fn choose(bytes: &[u8], hint: Option<&str>) -> Result<(&'static Encoding, usize), EncodingError> {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return Ok((encoding, length));
    }
    if let Some(encoding) = wide_without_mark(bytes) {
        return Ok((encoding, 0));
    }
    if std::str::from_utf8(bytes).is_ok() {
        return Ok((UTF_8, 0));
    }
    match hint {
        Some(label) => match Encoding::for_label(label.as_bytes()) {
            Some(encoding) => Ok((if encoding == GBK { GB18030 } else { encoding }, 0)),
            None => Err(EncodingError::Unknown {
                label: label.to_owned(),
            }),
        },
        None => Ok((detect(bytes), 0)),
    }
}

/// Returns UTF-16 when NUL bytes stand nearly only in even or only in odd places, as ASCII characters write them.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let count = |start: usize| bytes.iter().skip(start).step_by(2).filter(|byte| **byte == 0).count();
    if bytes.len() < 8 || bytes.len() % 2 == 1 || !bytes.contains(&0) {
        return None;
    }
    let (high_first, low_first) = (count(0), count(1));
    let is_enough = |nuls: usize, others: usize| nuls * 50 >= bytes.len() && nuls > others * 20;
    if is_enough(low_first, high_first) {
        Some(UTF_16LE)
    } else if is_enough(high_first, low_first) {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// Returns the encoding that the whole file speaks for.
fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    if guess != GBK && guess != GB18030 {
        return guess;
    }
    if pairs_up(bytes) { GB18030 } else { WINDOWS_1252 }
}

/// Returns true when more than 60 % of the bytes from 0x81 on stand in pairs, as Chinese characters do.
fn pairs_up(bytes: &[u8]) -> bool {
    let (mut high, mut paired, mut at) = (0_usize, 0_usize, 0_usize);
    while at < bytes.len() {
        if bytes[at] < 0x81 {
            at += 1;
            continue;
        }
        let is_pair = bytes.get(at + 1).is_some_and(|next| *next >= 0x81);
        high += 1 + usize::from(is_pair);
        paired += 2 * usize::from(is_pair);
        at += 1 + usize::from(is_pair);
    }
    paired * 10 > high * 6
}

fn utf8(bytes: &[u8], skipped: usize) -> Result<Cow<'_, str>, EncodingError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let at = error.valid_up_to();
        let end = at + error.error_len().unwrap_or(bytes.len() - at);
        EncodingError::Broken {
            position: skipped + at,
            bytes: hex(&bytes[at..end]),
            encoding: "UTF-8",
        }
    })
}

fn strict<'b>(bytes: &'b [u8], encoding: &'static Encoding, skipped: usize) -> Result<Cow<'b, str>, EncodingError> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder
        .max_utf8_buffer_length_without_replacement(bytes.len())
        .unwrap_or(bytes.len());
    let mut text = String::with_capacity(room);
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(Cow::Owned(text)),
        DecoderResult::OutputFull => Err(EncodingError::Broken {
            position: skipped + read,
            bytes: String::new(),
            encoding: encoding.name(),
        }),
        DecoderResult::Malformed(length, after) => {
            let end = read.saturating_sub(usize::from(after));
            let start = end.saturating_sub(usize::from(length));
            Err(EncodingError::Broken {
                position: skipped + start,
                bytes: hex(&bytes[start..end]),
                encoding: encoding.name(),
            })
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    let written: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    written.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(text: &str, is_little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if is_little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn encodings_are_found_in_order() {
        let (gb, _, _) = GB18030.encode("交易日期,借方发生额,贷方发生额,对方户名\n20260301,,100.00,青禾实业有限公司\n");
        let (latin, _, _) = WINDOWS_1252.encode("Buchungstag;Empfänger;Betrag\n01.03.2026;Bäckerei Müller;12,50\n");
        let mut marked = vec![0xFF, 0xFE];
        marked.extend(wide("账号\t1", true));
        for (bytes, hint, encoding, begin) in [
            (b"a,b".to_vec(), None, "UTF-8", "a,b"),
            ("\u{feff}日,b".as_bytes().to_vec(), Some("gbk"), "UTF-8", "日,b"),
            ("日,b".as_bytes().to_vec(), Some("gbk"), "UTF-8", "日,b"),
            (marked, None, "UTF-16LE", "账号\t1"),
            (wide("交易日期\t10.00\r\n", true), None, "UTF-16LE", "交易日期"),
            (wide("交易日期\t10.00\r\n", false), None, "UTF-16BE", "交易日期"),
            (gb.to_vec(), None, "gb18030", "交易日期"),
            (gb.to_vec(), Some("GBK"), "gb18030", "交易日期"),
            (latin.to_vec(), None, "windows-1252", "Buchungstag;Empfänger"),
            (
                latin.to_vec(),
                Some("windows-1252"),
                "windows-1252",
                "Buchungstag;Empfänger",
            ),
        ] {
            let (text, found) = decode(&bytes, hint).unwrap_or_else(|error| panic!("{begin}: {error:?}"));
            assert_eq!(found, encoding, "{begin}");
            assert!(text.starts_with(begin), "{begin}: {text}");
        }
    }

    #[test]
    fn a_byte_without_a_character_is_named_with_its_place() {
        let broken = |position, bytes: &str, encoding| EncodingError::Broken {
            position,
            bytes: bytes.to_owned(),
            encoding,
        };
        for (bytes, hint, expected) in [
            (&b"\xEF\xBB\xBFab\xFFc"[..], None, broken(5, "FF", "UTF-8")),
            (b"ab\xFF\xFFc", Some("gb18030"), broken(2, "FF", "gb18030")),
            (b"a\0b", None, broken(1, "00", "UTF-8")),
        ] {
            assert_eq!(decode(bytes, hint), Err(expected));
        }
        assert_eq!(
            decode(b"\xFF", Some("klingon")),
            Err(EncodingError::Unknown {
                label: "klingon".to_owned()
            })
        );
    }
}
