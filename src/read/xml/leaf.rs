//! `<Name>text</Name>`, which is nine tenths of a statement, read in one look instead of three events.
//!
//! Whatever is not written so plainly is left to the reader, which says what is wrong with it.

use super::{DEPTH_MAX, EVENT_BYTES_MAX, Element, Xml, is_white};

/// Bytes of ` Ccy="EUR"`.
const CURRENCY: usize = 10;

impl<'a> Xml<'a> {
    /// Opens the next child when it is a leaf of the message's own namespace, plainly written; else nothing is read.
    pub(super) fn open_leaf(&mut self) -> Option<Element<'a>> {
        let home = self.home.as_ref()?;
        let is_plain = self.is_behind_tag && home.prefix.is_empty() && self.scopes.len() == home.scopes;
        if !is_plain || self.open.len() == DEPTH_MAX {
            return None;
        }
        let from = self.position();
        let leaf = Leaf::at(self.text.get(from..)?)?;
        let has_marks =
            (self.has_section_end && leaf.text.contains("]]>")) || (self.has_returns && leaf.text.contains('\r'));
        if has_marks || leaf.end > EVENT_BYTES_MAX {
            return None;
        }
        *self.reader.get_mut() = self.text.as_bytes().get(from + leaf.end..)?;
        self.passed += leaf.end;
        self.at = from + leaf.start;
        self.last = self.at;
        self.open.push(self.at);
        self.leaf = Some(leaf.text.trim_matches(|c: char| c.is_ascii_whitespace()));
        Some(Element {
            name: leaf.name,
            prefix: "",
            attributes: leaf.attributes,
            start: self.at,
        })
    }
}

/// A leaf at the beginning of a text, white space before it.
struct Leaf<'a> {
    name: &'a str,
    /// Nothing, or a plain currency.
    attributes: &'a str,
    text: &'a str,
    /// Offset of the start tag.
    start: usize,
    /// Offset behind the end tag.
    end: usize,
}

impl<'a> Leaf<'a> {
    fn at(text: &'a str) -> Option<Leaf<'a>> {
        let bytes = text.as_bytes();
        let start = bytes.iter().position(|byte| !is_white(*byte))?;
        let name = start + 1;
        if bytes[start] != b'<' || !bytes.get(name)?.is_ascii_alphabetic() {
            return None;
        }
        let after_name = name + length(&bytes[name..], |byte| !byte.is_ascii_alphanumeric())?;
        let mut close = after_name;
        if bytes[close] == b' ' {
            close += CURRENCY;
            if !is_plain_currency(text.get(after_name..close)?) {
                return None;
            }
        }
        if *bytes.get(close)? != b'>' {
            return None;
        }
        let content = close + 1;
        let end_tag = content + length(&bytes[content..], |byte| matches!(byte, b'<' | b'&'))?;
        let name_again = end_tag + 2;
        let end = name_again + (after_name - name) + 1;
        let is_closed = bytes.get(end_tag..name_again)? == b"</"
            && bytes.get(name_again..end - 1)? == &bytes[name..after_name]
            && bytes[end - 1..].first() == Some(&b'>');
        is_closed.then(|| Leaf {
            name: &text[name..after_name],
            attributes: &text[after_name..close],
            text: &text[content..end_tag],
            start,
            end,
        })
    }
}

/// Returns how many bytes stand before the first one that ends them; nothing where none does.
fn length(bytes: &[u8], ends: impl Fn(u8) -> bool) -> Option<usize> {
    bytes.iter().position(|byte| ends(*byte))
}

/// Returns true for ` Ccy="EUR"`, which needs no second look.
pub(super) fn is_plain_currency(attributes: &str) -> bool {
    let bytes = attributes.as_bytes();
    bytes.len() == 10
        && bytes.starts_with(b" Ccy=\"")
        && bytes[9] == b'"'
        && bytes[6..9].iter().all(u8::is_ascii_alphanumeric)
}
