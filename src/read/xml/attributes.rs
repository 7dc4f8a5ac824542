//! Attributes of a start tag, strictly as XML writes them.

/// Attributes that an element may have.
pub const ATTRIBUTES_MAX: usize = 32;

/// What is wrong with the attributes of a tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AttributeError {
    /// No `name="value"`.
    Malformed,
    /// The same name twice.
    Twice(String),
    /// More than [`ATTRIBUTES_MAX`].
    TooMany,
}

/// Returns names and values as written, of what stands between the element's name and the end of its tag.
///
/// Refuses a missing blank, a value without quotes, `<` in a value, one name twice, more than 32.
pub fn attributes(written: &str) -> Result<Vec<(&str, &str)>, AttributeError> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    let mut rest = written;
    loop {
        let begun = rest.trim_start_matches(is_blank);
        if begun.is_empty() {
            return Ok(found);
        }
        if begun.len() == rest.len() {
            return Err(AttributeError::Malformed);
        }
        let (name, value, after) = one(begun).ok_or(AttributeError::Malformed)?;
        if found.iter().any(|(known, _)| *known == name) {
            return Err(AttributeError::Twice(name.to_owned()));
        }
        if found.len() == ATTRIBUTES_MAX {
            return Err(AttributeError::TooMany);
        }
        found.push((name, value));
        rest = after;
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn one(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_at(text.find(|c: char| is_blank(c) || c == '=')?);
    let value = rest
        .trim_start_matches(is_blank)
        .strip_prefix('=')?
        .trim_start_matches(is_blank);
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = value[1..].split_once(quote)?;
    let is_valid = super::names::is_name(name.as_bytes()) && !value.contains('<');
    is_valid.then_some((name, value, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_strictly() {
        for (written, read) in [
            ("", Some(vec![])),
            (" Ccy=\"EUR\"", Some(vec![("Ccy", "EUR")])),
            ("\n a = 'x' b:c=\"\" ", Some(vec![("a", "x"), ("b:c", "")])),
            (" a=\"x>y\"", Some(vec![("a", "x>y")])),
            (" a=\"1\"b=\"2\"", None),
            (" a=1", None),
            (" a", None),
            (" a=\"<\"", None),
            (" a=\"1\" a=\"2\"", None),
            (" 1a=\"x\"", None),
        ] {
            assert_eq!(attributes(written).ok(), read, "written: {written}");
        }
    }
}
