//! From bytes to characters, by what the byte order mark and the XML declaration say.

use super::Refusal;
use crate::model::{At, Finding, FindingCode, Source};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;
use std::sync::Arc;

/// Bytes that a file may have.
const FILE_BYTES_MAX: usize = 2 << 30;

/// A decoded file.
pub struct Decoded<'a> {
    /// Its characters, without byte order mark and padding; each of them allowed in XML 1.0.
    pub text: Cow<'a, str>,
    /// What was doubtful.
    pub findings: Vec<Finding>,
    /// Whether a carriage return stands in it.
    pub has_returns: bool,
    /// Whether a `]` stands in it.
    pub has_brackets: bool,
}

/// Returns the characters of an XML file.
///
/// Applies byte order mark, else UTF-16 by its pattern, else the declared encoding, else UTF-8. Bytes that break UTF-8 are read as
/// windows-1252 with a warning if nothing in the file speaks for UTF-8, else refused.
/// Refuses unknown encodings, characters that XML 1.0 forbids, and files over 2 GiB.
pub fn decode<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<Decoded<'a>, Refusal> {
    let mut findings = Vec::new();
    if bytes.len() > FILE_BYTES_MAX {
        let args = vec![bytes.len().to_string(), FILE_BYTES_MAX.to_string()];
        return Err(at_file(file, FindingCode::FileTooLarge, args));
    }
    let text = characters(file, bytes, &mut findings)?;
    let text = without_padding(file, text, &mut findings);
    let seen = look_through(&text);
    if let Some(offset) = seen.forbidden {
        let character = text[offset..].chars().next().unwrap_or_default();
        let (line, column) = position(text.as_bytes(), offset);
        let at = At::Element {
            line,
            column,
            path: String::new(),
        };
        let args = vec![format!("U+{:04X}", u32::from(character))];
        return Err(refusal(file, at, FindingCode::XmlCharacter, args));
    }
    Ok(Decoded {
        text,
        findings,
        has_returns: seen.has_returns,
        has_brackets: seen.has_brackets,
    })
}

/// Returns line and column, both from 1, of a byte offset; the column counts characters.
pub fn position(bytes: &[u8], offset: usize) -> (u64, u64) {
    let before = &bytes[..offset.min(bytes.len())];
    let line = before.iter().filter(|b| **b == b'\n').count() as u64 + 1;
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    let column = before[start..].iter().filter(|b| **b & 0xC0 != 0x80).count() as u64 + 1;
    (line, column)
}

fn refusal(file: &Arc<str>, at: At, code: FindingCode, args: Vec<String>) -> Refusal {
    let source = Source { file: file.clone(), at };
    Box::new(Finding::error(code, source, args))
}

fn at_file(file: &Arc<str>, code: FindingCode, args: Vec<String>) -> Refusal {
    refusal(file, At::File, code, args)
}

fn characters<'a>(file: &Arc<str>, bytes: &'a [u8], findings: &mut Vec<Finding>) -> Result<Cow<'a, str>, Refusal> {
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(at_file(file, FindingCode::EncodingUnknown, vec!["UTF-32".into()]));
    }
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded_by(file, encoding, bytes, mark, findings);
    }
    match bytes {
        [b'<', 0, ..] => return decoded_by(file, UTF_16LE, bytes, 0, findings),
        [0, b'<', ..] => return decoded_by(file, UTF_16BE, bytes, 0, findings),
        _ => {}
    }
    let Some(label) = declared_encoding(bytes) else {
        return decoded_by(file, UTF_8, bytes, 0, findings);
    };
    let encoding = Encoding::for_label_no_replacement(label.as_bytes())
        .filter(|known| *known != encoding_rs::X_USER_DEFINED)
        .ok_or_else(|| at_file(file, FindingCode::EncodingUnknown, vec![label.clone()]))?;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        // The declaration was readable byte by byte, so it cannot be true: programs copy it from memory into UTF-8 files.
        let args = vec![label, "its first line".into(), "UTF-8".into()];
        findings.push(Finding::warning(
            FindingCode::EncodingMislabelled,
            Source::file(file),
            args,
        ));
        return decoded_by(file, UTF_8, bytes, 0, findings);
    }
    if label.to_ascii_lowercase().ends_with("ascii") && !bytes.is_ascii() {
        // The label's encoding has no such bytes; what they are, UTF-8 tells by its pattern.
        let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
        let encoding = if std::str::from_utf8(bytes).is_ok() {
            UTF_8
        } else {
            WINDOWS_1252
        };
        let args = vec![label, shown(bytes, first), encoding.name().into()];
        findings.push(Finding::warning(
            FindingCode::EncodingMislabelled,
            Source::file(file),
            args,
        ));
        return decoded_by(file, encoding, bytes, 0, findings);
    }
    decoded_by(file, encoding, bytes, 0, findings)
}

/// Returns the label of `<?xml … encoding="label"?>`, where one stands at the beginning.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = bytes.get(..bytes.len().min(1024))?.trim_ascii_start();
    let declaration = head.strip_prefix(b"<?xml")?;
    let end = declaration.windows(2).position(|pair| pair == b"?>")?;
    let declaration = &declaration[..end];
    let name = b"encoding";
    let at = declaration.windows(name.len()).position(|part| part == name)?;
    let value = declaration[at + name.len()..].trim_ascii_start().strip_prefix(b"=")?;
    let value = value.trim_ascii_start();
    let quote = *value.first().filter(|q| matches!(q, b'"' | b'\''))?;
    let value = &value[1..];
    let length = value.iter().position(|b| *b == quote)?;
    Some(String::from_utf8_lossy(value[..length].trim_ascii()).into_owned())
}

fn decoded_by<'a>(
    file: &Arc<str>,
    encoding: &'static Encoding,
    bytes: &'a [u8],
    mark: usize,
    findings: &mut Vec<Finding>,
) -> Result<Cow<'a, str>, Refusal> {
    let content = &bytes[mark..];
    if encoding == UTF_8 {
        if let Ok(text) = simdutf8::basic::from_utf8(content) {
            return Ok(Cow::Borrowed(text));
        }
        // Where it is broken, only the careful look says.
        return match std::str::from_utf8(content) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(broken) => not_utf8(file, content, broken.valid_up_to(), findings).map(Cow::Owned),
        };
    }
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(content) {
        return Ok(text);
    }
    Err(broken_at(
        file,
        content,
        valid_up_to(encoding, content),
        encoding.name(),
    ))
}

/// Reads a file that is no UTF-8 as windows-1252, with a warning, unless it holds characters that only UTF-8 explains.
fn not_utf8(file: &Arc<str>, bytes: &[u8], first: usize, findings: &mut Vec<Finding>) -> Result<String, Refusal> {
    let (mut whole, mut broken) = (0_u64, 0_u64);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count() as u64;
        broken += u64::from(!chunk.invalid().is_empty());
    }
    if whole >= broken {
        return Err(broken_at(file, bytes, first, "UTF-8"));
    }
    let (line, column) = position(bytes, first);
    let at = At::Element {
        line,
        column,
        path: String::new(),
    };
    let source = Source { file: file.clone(), at };
    let args = vec!["UTF-8".into(), shown(bytes, first), "windows-1252".into()];
    findings.push(Finding::warning(FindingCode::EncodingMislabelled, source, args));
    Ok(WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned())
}

fn broken_at(file: &Arc<str>, bytes: &[u8], offset: usize, encoding: &str) -> Refusal {
    let (line, column) = position(bytes, offset);
    let at = At::Element {
        line,
        column,
        path: String::new(),
    };
    let args = vec![shown(bytes, offset), encoding.to_owned()];
    refusal(file, at, FindingCode::EncodingBroken, args)
}

/// Returns up to three bytes as `E4 3C 2F`.
fn shown(bytes: &[u8], offset: usize) -> String {
    let some = bytes.iter().skip(offset).take(3);
    let hex: Vec<String> = some.map(|b| format!("{b:02X}")).collect();
    if hex.is_empty() {
        "at the end".to_owned()
    } else {
        format!("`{}`", hex.join(" "))
    }
}

/// Returns how many bytes decode before the first that does not.
fn valid_up_to(encoding: &'static Encoding, bytes: &[u8]) -> usize {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut buffer = vec![0_u8; 8192];
    let mut read = 0;
    loop {
        let (result, used, _) = decoder.decode_to_utf8_without_replacement(&bytes[read..], &mut buffer, true);
        read += used;
        match result {
            encoding_rs::DecoderResult::OutputFull => {}
            encoding_rs::DecoderResult::InputEmpty => return read,
            encoding_rs::DecoderResult::Malformed(length, after) => {
                return read.saturating_sub(usize::from(length) + usize::from(after));
            }
        }
    }
}

/// Cuts NUL bytes behind the document, as transfers from mainframes add them, with a warning.
fn without_padding<'a>(file: &Arc<str>, text: Cow<'a, str>, findings: &mut Vec<Finding>) -> Cow<'a, str> {
    let kept = text.trim_end_matches(|c: char| c == '\0' || c.is_ascii_whitespace());
    let padding = text.as_bytes()[kept.len()..].iter().filter(|b| **b == 0).count();
    if padding == 0 {
        return text;
    }
    let args = vec![padding.to_string()];
    findings.push(Finding::warning(FindingCode::XmlPadding, Source::file(file), args));
    let length = kept.len();
    match text {
        Cow::Borrowed(whole) => Cow::Borrowed(&whole[..length]),
        Cow::Owned(mut whole) => {
            whole.truncate(length);
            Cow::Owned(whole)
        }
    }
}

/// What one look at every byte tells.
#[derive(Default)]
struct Seen {
    /// Offset of the first character that XML 1.0 forbids.
    forbidden: Option<usize>,
    has_returns: bool,
    has_brackets: bool,
}

fn look_through(text: &str) -> Seen {
    const BLOCK: usize = 4096;
    let is_control = |b: u8| b < 0x20 && b != b'\t' && b != b'\n' && b != b'\r';
    // U+FFFE and U+FFFF.
    let is_noncharacter = |place: &[u8]| matches!(place, [0xEF, 0xBF, 0xBE | 0xBF, ..]);
    let bytes = text.as_bytes();
    let mut seen = Seen::default();
    for (number, block) in bytes.chunks(BLOCK).enumerate() {
        // Without a branch per byte, so that the compiler can look at many bytes at once.
        let (mut controls, mut returns, mut brackets, mut firsts) = (false, false, false, false);
        for b in block {
            controls |= is_control(*b);
            returns |= *b == b'\r';
            brackets |= *b == b']';
            firsts |= *b == 0xEF;
        }
        let start = number * BLOCK;
        seen.has_returns |= returns;
        seen.has_brackets |= brackets;
        // Texts in Chinese are full of first bytes.
        let mut noncharacters = false;
        if firsts {
            let (second, third) = (bytes.get(start + 1..), bytes.get(start + 2..));
            let triples = block
                .iter()
                .zip(second.unwrap_or_default())
                .zip(third.unwrap_or_default());
            for ((a, b), c) in triples {
                noncharacters |= (*a == 0xEF) & (*b == 0xBF) & (*c >= 0xBE);
            }
        }
        if !(controls || noncharacters) {
            continue;
        }
        let forbidden =
            (start..start + block.len()).find(|at| is_control(bytes[*at]) || is_noncharacter(&bytes[*at..]));
        if forbidden.is_some() {
            seen.forbidden = forbidden;
            return seen;
        }
    }
    seen
}

/// Returns true for the characters of XML 1.0.
pub fn is_xml_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}
