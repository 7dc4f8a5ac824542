//! Tags, and leaves as `<Name>text</Name>`, in the one way that nearly every statement writes them: read in one look each.
//!
//! Whatever is not written so plainly is left to the reader, which says what is wrong with it.

use super::{DEPTH_MAX, EVENT_BYTES_MAX, Element, Open, Xml, is_white};

/// Bytes of ` Ccy="EUR"`.
const CURRENCY: usize = 10;

/// What was read in one look.
pub(super) enum Plain<'a> {
    /// An element was opened; its text is known when it is a leaf.
    Opened(Element<'a>),
    /// The current element was closed.
    Closed,
}

impl<'a> Xml<'a> {
    /// Reads the tag that comes next when it is plainly written and of the message's own namespace; else nothing is read.
    pub(super) fn plain(&mut self) -> Option<Plain<'a>> {
        let home = self.home.as_ref()?;
        if !self.is_behind_tag || !home.prefix.is_empty() || self.scopes.len() != home.scopes {
            return None;
        }
        let rest = self.text.as_bytes().get(self.position..)?;
        let blanks = rest.iter().position(|byte| !is_white(*byte))?;
        let start = self.position + blanks;
        match rest[blanks..] {
            [b'<', b'/', ..] => self.plain_end(start),
            [b'<', first, ..] if first.is_ascii_alphabetic() => self.plain_start(start),
            _ => None,
        }
    }

    fn plain_end(&mut self, start: usize) -> Option<Plain<'a>> {
        let name = self.open.last()?.name.as_bytes();
        let end_tag = self.text.as_bytes().get(start + 2..start + 3 + name.len())?;
        let end = start + 3 + name.len();
        let is_its_end = end_tag.ends_with(b">") && end_tag.starts_with(name);
        if !is_its_end || end - self.position > EVENT_BYTES_MAX {
            return None;
        }
        self.at = start;
        self.position = end;
        self.closed();
        Some(Plain::Closed)
    }

    fn plain_start(&mut self, start: usize) -> Option<Plain<'a>> {
        if self.open.len() == DEPTH_MAX {
            return None;
        }
        let tag = Tag::at(self.text, start)?;
        let (leaf, end) = match tag.leaf(self.text) {
            Some((text, end)) if self.is_unmarked(text) => (Some(text), end),
            // What stands in it is for the reader to look at.
            Some(_) => return None,
            None => (None, tag.end),
        };
        if end - self.position > EVENT_BYTES_MAX {
            return None;
        }
        self.at = start;
        self.last = start;
        self.position = end;
        self.open.push(Open { start, name: tag.name });
        self.leaf = leaf;
        Some(Plain::Opened(Element {
            name: tag.name,
            prefix: "",
            attributes: tag.attributes,
            start,
        }))
    }

    /// Returns true for text that the reader would neither refuse nor change.
    fn is_unmarked(&self, text: &str) -> bool {
        !(self.has_section_end && text.contains("]]>") || self.has_returns && text.contains('\r'))
    }
}

/// A start tag without attributes, or with a plain currency.
struct Tag<'a> {
    name: &'a str,
    attributes: &'a str,
    /// Offset behind the tag.
    end: usize,
}

impl<'a> Tag<'a> {
    fn at(text: &'a str, start: usize) -> Option<Tag<'a>> {
        let bytes = text.as_bytes();
        let name = start + 1;
        let after_name = name + bytes[name..].iter().position(|byte| !byte.is_ascii_alphanumeric())?;
        let mut close = after_name;
        if bytes[close] == b' ' {
            close += CURRENCY;
            if !is_plain_currency(text.get(after_name..close)?) {
                return None;
            }
        }
        (bytes.get(close) == Some(&b'>')).then(|| Tag {
            name: &text[name..after_name],
            attributes: &text[after_name..close],
            end: close + 1,
        })
    }

    /// Returns the text of a leaf, trimmed, and the offset behind its end tag; nothing where more than text stands in the element.
    fn leaf(&self, text: &'a str) -> Option<(&'a str, usize)> {
        let rest = &text.as_bytes()[self.end..];
        // Elements begin on a line of their own: nothing is to be looked for.
        if matches!(rest.first(), Some(b'\n' | b'\r')) {
            return None;
        }
        let length = rest.iter().position(|byte| matches!(byte, b'<' | b'&'))?;
        let name = self.name.as_bytes();
        let end_tag = rest.get(length..length + name.len() + 3)?;
        let is_its_end =
            end_tag.starts_with(b"</") && end_tag.ends_with(b">") && &end_tag[2..end_tag.len() - 1] == name;
        is_its_end.then(|| {
            let inside = &text[self.end..self.end + length];
            (trimmed(inside), self.end + length + end_tag.len())
        })
    }
}

fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [first, .., last] if is_white(*first) || is_white(*last) => text.trim_ascii(),
        [only] if is_white(*only) => "",
        _ => text,
    }
}

/// Returns true for ` Ccy="EUR"`, which needs no second look.
pub(super) fn is_plain_currency(attributes: &str) -> bool {
    let bytes = attributes.as_bytes();
    bytes.len() == CURRENCY
        && bytes.starts_with(b" Ccy=\"")
        && bytes[9] == b'"'
        && bytes[6..9].iter().all(u8::is_ascii_alphanumeric)
}
