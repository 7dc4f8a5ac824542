//! The guarded XML reader: walks an untrusted file element by element, with limits on size, depth and attributes.
//!
//! Knows nothing of statements. Never expands what a file defines, never reads another file; every refusal names line, column
//! and element path.

mod attributes;
mod decode;
mod names;
mod path;
mod plain;
mod refusals;

pub use decode::{Decoded, decode};

use crate::model::{At, Finding, FindingCode, Source};
use attributes::{ATTRIBUTES_MAX, AttributeError};
use names::{name_colon, resolve};
use plain::{Plain, is_plain_currency};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::sync::Arc;

/// Why a file is refused; boxed, so that the good way stays narrow.
pub type Refusal = Box<Finding>;

/// Elements that may be open at a time.
const DEPTH_MAX: usize = 64;
/// Bytes that one tag, text, comment or instruction may have.
const EVENT_BYTES_MAX: usize = 1 << 20;

/// An element whose start tag was read.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Local name.
    pub name: &'a str,
    /// Prefix; empty where there is none.
    pub prefix: &'a str,
    attributes: &'a str,
    start: usize,
}

/// What an element holds: text or elements.
pub enum Content<'a> {
    /// Text only; the element is closed.
    Text(Cow<'a, str>),
    /// Its first child; the element stays open.
    Child(Element<'a>),
}

/// An element whose end tag is still to come.
struct Open<'a> {
    /// Offset of its start tag.
    start: usize,
    /// Name as written, with its prefix.
    name: &'a str,
}

/// A namespace binding of an open element.
struct Scope<'a> {
    depth: usize,
    prefix: &'a str,
    namespace: Cow<'a, str>,
}

/// The walk over one file.
///
/// The element opened last is the current one: [`Xml::child`], [`Xml::text`], [`Xml::content`] and [`Xml::skip`] read inside it,
/// and close it when they reach its end.
pub struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    file: Arc<str>,
    /// Offset behind what was read.
    position: usize,
    open: Vec<Open<'a>>,
    /// Offset of the event read last.
    at: usize,
    /// Offset of the start tag of the element opened or closed last: what a message about a value names.
    last: usize,
    scopes: Vec<Scope<'a>>,
    home: Option<Home<'a>>,
    /// Elements that the message may not hide in what is passed over.
    essential: &'static [&'static str],
    has_foreign: Option<String>,
    has_section_end: bool,
    has_returns: bool,
    /// The current element is a leaf that was read in one look: its text.
    leaf: Option<&'a str>,
    /// What was read last is a tag: what comes next may be read in one look.
    is_behind_tag: bool,
}

/// The namespace that counts: of the message.
struct Home<'a> {
    prefix: &'a str,
    scopes: usize,
    namespace: String,
}

impl<'a> Xml<'a> {
    /// Begins to walk over decoded text.
    pub fn new(file: &Arc<str>, decoded: &'a Decoded<'_>) -> Xml<'a> {
        let text: &'a str = &decoded.text;
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        // Not all tags pass through the reader, so that it cannot know which one an end tag closes; `ended` does.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        // White space between elements then makes no events; `content` asks for it where it may count.
        config.trim_text_start = true;
        Xml {
            reader,
            text,
            file: file.clone(),
            position: 0,
            open: Vec::with_capacity(DEPTH_MAX),
            at: 0,
            last: 0,
            scopes: Vec::new(),
            home: None,
            essential: &[],
            has_foreign: None,
            has_section_end: decoded.has_brackets && text.contains("]]>"),
            has_returns: decoded.has_returns,
            leaf: None,
            is_behind_tag: false,
        }
    }

    /// Returns the file's name.
    pub fn file(&self) -> &Arc<str> {
        &self.file
    }

    /// Returns the next root element, or nothing at the end of the file.
    ///
    /// Refuses a DOCTYPE, and anything but white space, comments and instructions outside of the root.
    pub fn root(&mut self) -> Result<Option<Element<'a>>, Refusal> {
        let mut is_declared = false;
        loop {
            match self.event()? {
                Event::Start(tag) => return self.opened(&tag).map(Some),
                Event::Text(text) if is_white_or_mark(&text) => {}
                Event::Text(text) => {
                    let shown: String = text.trim().chars().take(40).collect();
                    return Err(self.outside(shown));
                }
                Event::CData(_) => return Err(self.outside("<![CDATA[".into())),
                Event::GeneralRef(name) => return Err(self.outside(format!("&{};", &*name))),
                Event::Decl(_) if is_declared => return Err(self.syntax("a second XML declaration")),
                Event::Decl(declaration) => {
                    is_declared = true;
                    self.check_version(&declaration)?;
                }
                Event::DocType(definition) => return Err(self.doctype(&definition)),
                Event::Comment(_) | Event::PI(_) => {}
                Event::End(_) | Event::Empty(_) => return Err(self.syntax("an end tag without its start")),
                Event::Eof => return Ok(None),
            }
        }
    }

    /// Returns the next child of the current element; at its end closes it and returns nothing.
    ///
    /// Inside the message, children of other namespaces are passed over. Refuses text between elements.
    pub fn child(&mut self) -> Result<Option<Element<'a>>, Refusal> {
        if let Some(text) = self.leaf.take() {
            return if text.is_empty() {
                self.closed();
                Ok(None)
            } else {
                self.at += self.text[self.at..].find('>').map_or(0, |close| close + 1);
                Err(self.content_fault("text between elements"))
            };
        }
        match self.plain() {
            Some(Plain::Opened(element)) => return Ok(Some(element)),
            Some(Plain::Closed) => return Ok(None),
            None => {}
        }
        loop {
            match self.event()? {
                Event::Start(tag) => {
                    let element = self.opened(&tag)?;
                    if self.is_at_home(&element) {
                        return Ok(Some(element));
                    }
                    self.pass_over()?;
                }
                Event::End(_) => {
                    self.closed();
                    return Ok(None);
                }
                Event::Text(text) if text.bytes().all(is_white) => {}
                // Envelopes may say what they like around the message.
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) if self.home.is_none() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.content_fault("text between elements"));
                }
                Event::Comment(_) | Event::PI(_) => {}
                other => return Err(self.misplaced(&other)),
            }
        }
    }

    /// Returns the text of the current element, trimmed, and closes it. Text, CDATA and references are joined; comments split nothing.
    ///
    /// Refuses elements inside it.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Refusal> {
        match self.content()? {
            Content::Text(text) => Ok(text),
            Content::Child(child) => Err(self.unexpected(&child)),
        }
    }

    /// Returns the text of the current element, or its first child.
    pub fn content(&mut self) -> Result<Content<'a>, Refusal> {
        if let Some(text) = self.leaf.take() {
            self.closed();
            return Ok(Content::Text(Cow::Borrowed(text)));
        }
        match self.plain() {
            Some(Plain::Opened(element)) => return Ok(Content::Child(element)),
            Some(Plain::Closed) => return Ok(Content::Text(Cow::Borrowed(""))),
            None => {}
        }
        let mut joined: Cow<'a, str> = Cow::Borrowed("");
        loop {
            match self.event()? {
                Event::End(_) => {
                    self.closed();
                    return Ok(Content::Text(trimmed(joined)));
                }
                Event::Text(text) => {
                    self.reader.config_mut().trim_text_start = false;
                    let text = self.checked_text(text.into_inner())?;
                    self.join(&mut joined, text)?;
                }
                Event::CData(section) => {
                    self.reader.config_mut().trim_text_start = false;
                    let text = self.with_line_ends(section.into_inner());
                    self.join(&mut joined, text)?;
                }
                Event::GeneralRef(name) => {
                    self.reader.config_mut().trim_text_start = false;
                    let character = self.reference(&name)?;
                    self.join(&mut joined, Cow::Owned(character.to_string()))?;
                }
                Event::Start(tag) => {
                    let element = self.opened(&tag)?;
                    if !self.is_at_home(&element) {
                        self.pass_over()?;
                        continue;
                    }
                    if joined.bytes().all(is_white) {
                        self.reader.config_mut().trim_text_start = true;
                        return Ok(Content::Child(element));
                    }
                    return Err(self.content_fault("text between elements"));
                }
                Event::Comment(_) | Event::PI(_) => {}
                other => return Err(self.misplaced(&other)),
            }
        }
    }

    /// Passes over the rest of the current element, and closes it. What stands in it is still checked.
    ///
    /// Refuses an element that [`Xml::enter_message`] names as essential: it would be lost without a word.
    pub fn skip(&mut self) -> Result<(), Refusal> {
        let name = self.open.last().map_or("", |open| open.name);
        let local = name.rsplit(':').next().unwrap_or_default();
        if self.essential.contains(&local) {
            return Err(self.content_fault(&format!("the element `{local}`")));
        }
        if self.leaf.take().is_some() {
            self.closed();
            return Ok(());
        }
        self.pass_over()
    }

    fn pass_over(&mut self) -> Result<(), Refusal> {
        let depth = self.open.len();
        while self.open.len() >= depth {
            match self.plain() {
                Some(Plain::Opened(element)) if self.essential.contains(&element.name) => {
                    return Err(self.unexpected(&element));
                }
                Some(Plain::Opened(_)) if self.leaf.take().is_some() => self.closed(),
                Some(_) => {}
                None => self.pass_event()?,
            }
        }
        Ok(())
    }

    fn pass_event(&mut self) -> Result<(), Refusal> {
        match self.event()? {
            Event::Start(tag) => {
                let element = self.opened(&tag)?;
                if self.essential.contains(&element.name) && self.is_at_home(&element) {
                    return Err(self.unexpected(&element));
                }
            }
            Event::End(_) => self.closed(),
            Event::Text(text) => {
                self.checked_text(text.into_inner())?;
            }
            Event::GeneralRef(name) => {
                self.reference(&name)?;
            }
            Event::CData(_) | Event::Comment(_) | Event::PI(_) => {}
            other => return Err(self.misplaced(&other)),
        }
        Ok(())
    }

    /// Returns an attribute of an element, references resolved, blanks around it removed.
    pub fn attribute(&self, element: &Element<'a>, name: &str) -> Result<Option<Cow<'a, str>>, Refusal> {
        // The one attribute that a statement has by the thousands: ` Ccy="EUR"`.
        if name == "Ccy" && is_plain_currency(element.attributes) {
            return Ok(Some(Cow::Borrowed(&element.attributes[6..9])));
        }
        for (key, value) in self.attributes_of(element)? {
            if key == name {
                return Ok(Some(trimmed(self.attribute_value(element, value)?)));
            }
        }
        Ok(None)
    }

    /// Returns the namespace of an open element; empty where it has none.
    pub fn namespace_of(&self, element: &Element<'_>) -> &str {
        self.namespace(element.prefix).unwrap_or_default()
    }

    /// Makes this element's namespace the one that counts below it, and returns it; `essential` elements in it are never passed over.
    pub fn enter_message(&mut self, element: &Element<'a>, essential: &'static [&'static str]) -> String {
        self.essential = essential;
        let namespace = self.namespace_of(element).to_owned();
        self.home = Some(Home {
            prefix: element.prefix,
            scopes: self.scopes.len(),
            namespace: namespace.clone(),
        });
        namespace
    }

    /// Ends what [`Xml::enter_message`] began; returns the first namespace inside that was passed over.
    pub fn leave_message(&mut self) -> Option<String> {
        self.home = None;
        self.essential = &[];
        self.has_foreign.take()
    }

    /// Returns the place of the element that was opened or closed last.
    pub fn here(&self) -> Source {
        self.source(self.last)
    }

    /// Returns the place of an element.
    pub fn place(&self, element: &Element<'_>) -> Source {
        self.source(element.start)
    }

    /// Returns a refusal at the element that was opened or closed last.
    pub fn refuse(&self, code: FindingCode, args: Vec<String>) -> Refusal {
        Box::new(Finding::error(code, self.here(), args))
    }

    /// Returns the refusal of an element that cannot stand here.
    pub fn unexpected(&self, child: &Element<'_>) -> Refusal {
        self.content_fault(&format!("the element `{}`", child.name))
    }

    fn source(&self, offset: usize) -> Source {
        let offset = offset.min(self.text.len());
        let blanks = self.text.as_bytes()[offset..]
            .iter()
            .take_while(|b| is_white(**b))
            .count();
        let offset = offset + blanks;
        let (line, column) = decode::position(self.text.as_bytes(), offset);
        let path = path::path_at(self.text, offset);
        Source {
            file: self.file.clone(),
            at: At::Element { line, column, path },
        }
    }

    fn event(&mut self) -> Result<Event<'a>, Refusal> {
        self.at = self.position;
        self.is_behind_tag = false;
        let before = self.reader.buffer_position();
        *self.reader.get_mut() = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let event = self.reader.read_event();
        self.position += (self.reader.buffer_position() - before) as usize;
        let event = match event {
            Ok(Event::Eof) if !self.open.is_empty() => return Err(self.truncated()),
            Ok(event) => event,
            Err(error) => {
                let offset = self.at + self.reader.error_position().saturating_sub(before) as usize;
                return Err(self.broken(offset, &error));
            }
        };
        if self.position - self.at > EVENT_BYTES_MAX {
            let args = vec![EVENT_BYTES_MAX.to_string()];
            return Err(self.refuse_at(self.at, FindingCode::XmlEventSize, args));
        }
        if let Event::End(tag) = &event {
            self.check_end(tag.name().as_ref())?;
        }
        Ok(event)
    }

    fn check_end(&self, found: &str) -> Result<(), Refusal> {
        match self.open.last() {
            Some(open) if open.name == found => Ok(()),
            Some(open) => Err(self.syntax(&format!("`</{found}>` closes `<{}>`", open.name))),
            None => Err(self.syntax(&format!("`</{found}>` closes nothing"))),
        }
    }

    fn opened(&mut self, tag: &BytesStart<'_>) -> Result<Element<'a>, Refusal> {
        if self.open.len() == DEPTH_MAX {
            return Err(self.refuse_at(self.at, FindingCode::XmlDepth, vec![DEPTH_MAX.to_string()]));
        }
        // The event began with white space that was passed over: count back from its end.
        let end = self.position;
        let is_empty = self.text.as_bytes().get(end.wrapping_sub(2)) == Some(&b'/');
        self.at = end.saturating_sub(tag.len() + 2 + usize::from(is_empty));
        let whole = &self.text[self.at + 1..self.at + 1 + tag.len()];
        let (name, attributes) = whole.split_at(tag.name().as_ref().len());
        let Some(colon) = name_colon(name.as_bytes()) else {
            return Err(self.syntax(&format!("`<{name}` begins no element")));
        };
        let (prefix, local) = match colon {
            0 => ("", name),
            at => (&name[..at], &name[at + 1..]),
        };
        self.open.push(Open { start: self.at, name });
        self.last = self.at;
        self.is_behind_tag = !is_empty;
        let element = Element {
            name: local,
            prefix,
            attributes,
            start: self.at,
        };
        if !attributes.is_empty() && !is_plain_currency(attributes) {
            self.look_at_attributes(&element)?;
        }
        if !prefix.is_empty() && self.namespace(prefix).is_none() {
            return Err(self.syntax(&format!("the prefix `{prefix}` is declared nowhere")));
        }
        Ok(element)
    }

    fn closed(&mut self) {
        while self.scopes.last().is_some_and(|scope| scope.depth == self.open.len()) {
            self.scopes.pop();
        }
        self.last = self.open.pop().map_or(0, |open| open.start);
        self.reader.config_mut().trim_text_start = true;
        self.is_behind_tag = true;
    }

    fn look_at_attributes(&mut self, element: &Element<'a>) -> Result<(), Refusal> {
        for (name, value) in self.attributes_of(element)? {
            let value = self.attribute_value(element, value)?;
            let prefix = if name == "xmlns" {
                Some("")
            } else {
                name.strip_prefix("xmlns:")
            };
            if let Some(prefix) = prefix {
                self.scopes.push(Scope {
                    depth: self.open.len(),
                    prefix,
                    namespace: trimmed(value),
                });
            }
        }
        Ok(())
    }

    fn attributes_of(&self, element: &Element<'a>) -> Result<Vec<(&'a str, &'a str)>, Refusal> {
        attributes::attributes(element.attributes).map_err(|error| match error {
            AttributeError::Malformed => self.syntax("an attribute is not written as name=\"value\""),
            AttributeError::Twice(name) => self.syntax(&format!("the attribute `{name}` stands twice")),
            AttributeError::TooMany => self.refuse_at(
                element.start,
                FindingCode::XmlAttributes,
                vec![ATTRIBUTES_MAX.to_string()],
            ),
        })
    }

    fn attribute_value(&self, element: &Element<'a>, written: &'a str) -> Result<Cow<'a, str>, Refusal> {
        if !written.contains('&') {
            return Ok(Cow::Borrowed(written));
        }
        let mut value = String::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('&') {
            value.push_str(before);
            let (name, after) = after
                .split_once(';')
                .ok_or_else(|| self.syntax("a `&` begins no reference"))?;
            value.push(resolve(name).map_err(|code| self.refuse_at(element.start, code, vec![name.to_owned()]))?);
            rest = after;
        }
        value.push_str(rest);
        Ok(Cow::Owned(value))
    }

    fn namespace(&self, prefix: &str) -> Option<&str> {
        let scope = self.scopes.iter().rev().find(|scope| scope.prefix == prefix)?;
        Some(&scope.namespace)
    }

    /// Returns true outside a message, for elements of its namespace, of none, and of any other account statement's.
    fn is_at_home(&mut self, element: &Element<'a>) -> bool {
        let Some(home) = &self.home else { return true };
        // Two empty prefixes are the common case; spare the call that compares bytes.
        let (own, ours) = (element.prefix, home.prefix);
        let is_same_prefix = own.len() == ours.len() && (own.is_empty() || own == ours);
        if is_same_prefix && self.scopes.len() == home.scopes {
            return true;
        }
        let namespace = self.namespace(element.prefix).unwrap_or_default();
        let is_home = namespace.is_empty() || namespace == home.namespace || namespace.contains(":camt.05");
        if !is_home && self.has_foreign.is_none() {
            self.has_foreign = Some(namespace.to_owned());
        }
        is_home
    }

    fn checked_text(&self, text: Cow<'a, str>) -> Result<Cow<'a, str>, Refusal> {
        if self.has_section_end && text.contains("]]>") {
            return Err(self.syntax("`]]>` stands in a text"));
        }
        Ok(self.with_line_ends(text))
    }

    /// Line ends become `\n`, as XML 1.0 asks.
    fn with_line_ends(&self, text: Cow<'a, str>) -> Cow<'a, str> {
        if self.has_returns && text.contains('\r') {
            return Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"));
        }
        text
    }

    fn join(&self, joined: &mut Cow<'a, str>, part: Cow<'a, str>) -> Result<(), Refusal> {
        if joined.is_empty() {
            *joined = part;
            return Ok(());
        }
        joined.to_mut().push_str(&part);
        if joined.len() > EVENT_BYTES_MAX {
            let args = vec![EVENT_BYTES_MAX.to_string()];
            return Err(self.refuse_at(self.last, FindingCode::XmlEventSize, args));
        }
        Ok(())
    }

    fn reference(&self, name: &str) -> Result<char, Refusal> {
        resolve(name).map_err(|code| self.refuse_at(self.at, code, vec![name.to_owned()]))
    }

    fn check_version(&self, declaration: &quick_xml::events::BytesDecl<'_>) -> Result<(), Refusal> {
        match declaration.version() {
            Ok(version) if version.starts_with("1.") => Ok(()),
            _ => Err(self.syntax("the XML declaration has no version 1.x")),
        }
    }
}

fn is_white(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_white_or_mark(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_whitespace() || c == '\u{feff}')
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let is_blank = |c: char| c.is_ascii_whitespace();
    match text {
        Cow::Borrowed(whole) => Cow::Borrowed(whole.trim_matches(is_blank)),
        Cow::Owned(whole) => Cow::Owned(whole.trim_matches(is_blank).to_owned()),
    }
}
