//! Characters of a running text with their places, in one spelling: capitals, plain digits, accents dropped.

use super::fold::{is_han, is_invisible, is_kana};
use std::sync::LazyLock;
use unicode_normalization::char::decompose_compatible;

/// One character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// In capitals; full-width letters and digits as plain ones.
    pub(super) c: char,
    class: Class,
    /// Byte position.
    pub(super) start: usize,
    /// Byte position after it.
    pub(super) end: usize,
}

/// What a character is; found once, asked often.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Digit,
    /// Letters of words with blanks between them; Chinese, Japanese and Korean ones are borders.
    Letter,
    Blank,
    Other,
}

impl Class {
    fn of(c: char) -> Class {
        match c {
            '0'..='9' => Class::Digit,
            'A'..='Z' => Class::Letter,
            c if c.is_whitespace() => Class::Blank,
            c if c.is_ascii() => Class::Other,
            c if c.is_alphabetic() && !is_han(c) && !is_kana(c) && !is_hangul(c) => Class::Letter,
            _ => Class::Other,
        }
    }
}

/// The classes of the first 128 characters.
static ASCII: LazyLock<[Class; 128]> = LazyLock::new(|| std::array::from_fn(|at| Class::of(char::from(at as u8))));

impl Glyph {
    pub(super) fn is_digit(self) -> bool {
        self.class == Class::Digit
    }

    pub(super) fn is_letter(self) -> bool {
        self.class == Class::Letter
    }

    pub(super) fn is_word(self) -> bool {
        matches!(self.class, Class::Digit | Class::Letter)
    }

    pub(super) fn is_blank(self) -> bool {
        self.class == Class::Blank
    }
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}')
}

/// Returns the characters of a text; invisible ones left out.
pub(super) fn glyphs(text: &str) -> Vec<Glyph> {
    if text.is_ascii() {
        let classes = &*ASCII;
        let places = text.bytes().enumerate();
        return places
            .map(|(start, written)| {
                let c = written.to_ascii_uppercase();
                Glyph {
                    c: char::from(c),
                    class: classes[usize::from(c)],
                    start,
                    end: start + 1,
                }
            })
            .collect();
    }
    let mut found = Vec::with_capacity(text.len());
    for (start, written) in text.char_indices() {
        let end = start + written.len_utf8();
        if is_invisible(written) {
            continue;
        }
        let c = plain(written);
        found.push(Glyph {
            c,
            class: Class::of(c),
            start,
            end,
        });
    }
    found
}

fn plain(written: char) -> char {
    if written.is_ascii() {
        return written.to_ascii_uppercase();
    }
    let mut first = None;
    decompose_compatible(written, |part| {
        first.get_or_insert(part);
    });
    let base = first.unwrap_or(written);
    if base.is_ascii() {
        return base.to_ascii_uppercase();
    }
    base.to_uppercase().next().unwrap_or(base)
}
