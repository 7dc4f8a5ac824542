//! Reads Rust source just well enough to check the house rules: comments and texts blanked, tests cut out, paths listed.

/// One token of code, with its line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    pub line: usize,
    pub text: String,
}

/// Returns the source with comments and the inside of texts and characters blanked; lines stay where they are.
pub fn code_only(source: &str) -> String {
    let characters: Vec<char> = source.chars().collect();
    let mut code = String::with_capacity(source.len());
    let mut at = 0;
    while at < characters.len() {
        let end = match characters[at] {
            '/' if characters.get(at + 1) == Some(&'/') => line_comment_end(&characters, at),
            '/' if characters.get(at + 1) == Some(&'*') => block_comment_end(&characters, at),
            '"' => text_end(&characters, at),
            'r' if !is_inside_word(&characters, at) => raw_text_end(&characters, at).unwrap_or(at + 1),
            '\'' => character_end(&characters, at).unwrap_or(at + 1),
            _ => at + 1,
        };
        let is_plain = end == at + 1;
        let keeps_quotes = !is_plain && characters[at] != '/';
        for (offset, character) in characters[at..end].iter().enumerate() {
            let is_edge = keeps_quotes && (offset == 0 || at + offset + 1 == end);
            match character {
                '\n' => code.push('\n'),
                _ if is_edge => code.push('"'),
                plain if is_plain => code.push(*plain),
                _ => code.push(' '),
            }
        }
        at = end;
    }
    code
}

fn is_inside_word(characters: &[char], at: usize) -> bool {
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    // `br"…"` is a raw text too: the b before it is no word.
    let before = match at.checked_sub(1).map(|i| characters[i]) {
        Some('b') => at.checked_sub(2),
        _ => at.checked_sub(1),
    };
    before.is_some_and(|i| is_word(&characters[i]))
}

fn line_comment_end(characters: &[char], at: usize) -> usize {
    let length = characters[at..].iter().take_while(|c| **c != '\n').count();
    // A comment of one character cannot be: it has at least its two slashes.
    at + length
}

fn block_comment_end(characters: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut i = at;
    while i < characters.len() {
        match (characters[i], characters.get(i + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                i += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                i += 2;
                if depth == 0 {
                    return i;
                }
            }
            _ => i += 1,
        }
    }
    characters.len()
}

fn text_end(characters: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < characters.len() {
        match characters[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    characters.len()
}

fn raw_text_end(characters: &[char], at: usize) -> Option<usize> {
    let hashes = characters[at + 1..].iter().take_while(|c| **c == '#').count();
    let mut i = at + 1 + hashes;
    if characters.get(i) != Some(&'"') {
        return None;
    }
    i += 1;
    while i < characters.len() {
        let is_end =
            characters[i] == '"' && characters[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
        if is_end {
            return Some(i + 1 + hashes);
        }
        i += 1;
    }
    Some(characters.len())
}

/// Returns the end of a character literal, or `None` for a lifetime.
fn character_end(characters: &[char], at: usize) -> Option<usize> {
    if characters.get(at + 1) == Some(&'\\') {
        let close = characters[at + 3..].iter().position(|c| *c == '\'')?;
        return Some(at + 3 + close + 1);
    }
    (characters.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

/// Returns the tokens of blanked code: words, numbers, `::`, and single marks.
pub fn tokens(code: &str) -> Vec<Token> {
    let characters: Vec<char> = code.chars().collect();
    let mut found: Vec<Token> = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < characters.len() {
        let first = characters[at];
        let mut end = at + 1;
        if first == '\n' {
            line += 1;
        } else if first.is_ascii_digit() {
            // `pair.0.1` is a field of a field, `0..4` a range, `0.5` a fraction.
            let is_field = found.last().is_some_and(|token| token.text == ".");
            while end < characters.len() && is_number_part(&characters, end, is_field) {
                end += 1;
            }
        } else if first.is_alphanumeric() || first == '_' {
            while end < characters.len() && (characters[end].is_alphanumeric() || characters[end] == '_') {
                end += 1;
            }
        } else if first == ':' && characters.get(end) == Some(&':') {
            end += 1;
        }
        if !first.is_whitespace() {
            let text = characters[at..end].iter().collect();
            found.push(Token { line, text });
        }
        at = end;
    }
    found
}

fn is_number_part(characters: &[char], at: usize, is_field: bool) -> bool {
    let character = characters[at];
    if character == '.' {
        return !is_field && characters.get(at + 1).is_some_and(char::is_ascii_digit);
    }
    character.is_alphanumeric() || character == '_'
}

/// Returns the tokens without the items marked `#[cfg(test)]`.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        if is_sequence(&tokens[at..], &["#", "[", "cfg", "(", "test", ")", "]"]) {
            at = item_end(tokens, at + 7);
        } else {
            kept.push(tokens[at].clone());
            at += 1;
        }
    }
    kept
}

/// Returns the end of the item that begins at `at`: after its braces, or after its semicolon.
fn item_end(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, token) in tokens[at..].iter().enumerate() {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth <= 1 => return at + offset + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return at + offset + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Returns true when the tokens begin with these.
pub fn is_sequence(tokens: &[Token], wanted: &[&str]) -> bool {
    tokens.len() >= wanted.len() && tokens.iter().zip(wanted).all(|(token, text)| token.text == *text)
}

/// Returns every path with its segments, groups written out: `use std::{fs, io::{self, Read}}` gives four.
pub fn paths(tokens: &[Token]) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let is_start = is_word(&tokens[at].text) && tokens.get(at + 1).is_some_and(|next| next.text == "::");
        let is_continued = at > 0 && tokens[at - 1].text == "::";
        if is_start && !is_continued {
            at = read_path(tokens, at, &[], &mut found);
        } else {
            if is_word(&tokens[at].text) && !is_continued {
                found.push((tokens[at].line, vec![tokens[at].text.clone()]));
            }
            at += 1;
        }
    }
    found
}

fn read_path(tokens: &[Token], start: usize, before: &[String], found: &mut Vec<(usize, Vec<String>)>) -> usize {
    let mut segments = before.to_vec();
    let line = tokens[start].line;
    let mut at = start;
    while at < tokens.len() {
        let text = tokens[at].text.as_str();
        if text == "{" && at > start {
            return read_group(tokens, at + 1, &segments, found);
        }
        if !is_word(text) {
            break;
        }
        segments.push(text.to_owned());
        at += 1;
        if tokens.get(at).is_some_and(|next| next.text == "::") {
            at += 1;
        } else {
            break;
        }
    }
    found.push((line, segments));
    at.max(start + 1)
}

fn read_group(tokens: &[Token], start: usize, before: &[String], found: &mut Vec<(usize, Vec<String>)>) -> usize {
    let mut at = start;
    while at < tokens.len() {
        match tokens[at].text.as_str() {
            "}" => return at + 1,
            text if is_word(text) => at = read_path(tokens, at, before, found),
            _ => at += 1,
        }
    }
    at
}

fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
}
