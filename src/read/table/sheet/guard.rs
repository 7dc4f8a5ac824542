//! What is looked at in a workbook before it is read: sizes, and cells that the workbook reader would lose or take for others.

use super::{CELL_COST, MEMORY_MAX, MEMORY_RATIO_MAX, allowed};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufRead, BufReader, Cursor, Read};

const MEMBERS_MAX: usize = 2_000;
/// Bytes that each byte of the file may unpack to.
const INFLATED_RATIO_MAX: u64 = 100;
const INFLATED_MAX: u64 = 1 << 30;
/// The shortest text in the table of texts: `<si/>`.
const TEXT_BYTES_MIN: u64 = 5;
/// Styles are small; a table of them that is not is no bank's.
const STYLES_BYTES_MAX: u64 = 2 << 20;

/// Inflates every member once, counting, and looks for what would be believed, lost, or would grow in memory.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    if archive.len() > MEMBERS_MAX {
        return Err(format!(
            "it has {} members, expected at most {MEMBERS_MAX}",
            archive.len()
        ));
    }
    let mut left = allowed(bytes, INFLATED_RATIO_MAX, INFLATED_MAX);
    for position in 0..archive.len() {
        let mut member = archive.by_index(position).map_err(|error| error.to_string())?;
        let name = member.name().map_err(|error| error.to_string())?.to_ascii_lowercase();
        let mut limited = member.by_ref().take(left + 1);
        let mut texts = Vec::new();
        if name.ends_with("sharedstrings.xml") {
            limited.read_to_end(&mut texts).map_err(|error| error.to_string())?;
        } else {
            // Which members are sheets, only their relations tell: look at all.
            check_cells(BufReader::new(&mut limited))?;
            std::io::copy(&mut limited, &mut std::io::sink()).map_err(|error| error.to_string())?;
        }
        let inflated = left + 1 - limited.limit();
        left = left.checked_sub(inflated).ok_or("it unpacks to more than is allowed")?;
        if name.ends_with("styles.xml") && inflated > STYLES_BYTES_MAX {
            return Err(format!(
                "its styles unpack to {inflated} bytes, expected at most {STYLES_BYTES_MAX}"
            ));
        }
        check_texts(&texts, allowed(bytes, MEMORY_RATIO_MAX, MEMORY_MAX))?;
    }
    Ok(())
}

/// Looks at the values of cells: what the workbook reader passes over in them, and numbers of texts that it takes for the first.
///
/// What is no XML, the workbook reader refuses itself.
fn check_cells(xml: impl BufRead) -> Result<(), String> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    let mut cell: Option<(String, String)> = None;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "c" => {
                cell = Some((attribute(&tag, "r"), attribute(&tag, "t")));
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "c" => cell = None,
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "v" => {
                if let Some((place, kind)) = &cell {
                    check_value(&mut reader, kind).map_err(|what| format!("the value of cell {place} {what}"))?;
                }
            }
            Ok(Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => {}
        }
    }
}

/// Reads a value to its end: text alone, digits alone where it is the number of a text.
fn check_value<R: BufRead>(reader: &mut Reader<R>, kind: &str) -> Result<(), &'static str> {
    let is_text = matches!(kind, "str" | "d" | "inlineStr" | "is");
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Text(text)) => {
                if kind == "s" && !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err("names no text of the workbook");
                }
            }
            Ok(Event::GeneralRef(_)) if is_text => {}
            Ok(Event::End(_) | Event::Eof) | Err(_) => return Ok(()),
            Ok(_) => return Err("is more than text"),
        }
    }
}

/// Returns an attribute; empty where there is none, or it cannot be read.
fn attribute(tag: &BytesStart<'_>, name: &str) -> String {
    let found = tag.try_get_attribute(name).ok().flatten();
    found.map_or_else(String::new, |attribute| attribute.value.into_owned())
}

/// Looks at the table of texts before it is read: it may not declare more than it can hold, nor hold more than fits.
fn check_texts(xml: &[u8], memory: u64) -> Result<(), String> {
    let most = xml.len() as u64 / TEXT_BYTES_MIN;
    if xml.contains(&0) || declared_counts(xml).any(|count| count > most) {
        return Err("its table of texts declares more texts than it holds".to_owned());
    }
    let texts = xml.windows(3).filter(|window| *window == b"<si").count() as u64;
    if texts * 2 * CELL_COST + xml.len() as u64 > memory {
        return Err("its table of texts is too large".to_owned());
    }
    Ok(())
}

/// Returns every `uniqueCount` that the table of texts declares.
fn declared_counts(xml: &[u8]) -> impl Iterator<Item = u64> {
    let text = String::from_utf8_lossy(xml);
    let counts: Vec<u64> = text
        .match_indices("uniqueCount")
        .map(|(at, name)| {
            let rest = text[at + name.len()..]
                .trim_start()
                .trim_start_matches('=')
                .trim_start();
            let digits = rest
                .trim_start_matches(['"', '\''])
                .bytes()
                .take_while(u8::is_ascii_digit);
            digits.fold(0_u64, |sum, digit| {
                sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
            })
        })
        .collect();
    counts.into_iter()
}
