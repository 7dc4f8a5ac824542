//! Wrapped lines → texts: what a bank cut at a fixed width belongs together.

use super::fields::{Field, WRAP};

/// Returns the lines of a field as one text. A line that is full was wrapped, wherever that was: nothing stands between it and the
/// next. Behind a shorter one a blank did, unless the next line begins with a mark of its own.
pub(super) fn joined(field: &Field<'_>, is_mark: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut is_wrapped = true;
    for (number, line) in field.lines.iter().enumerate() {
        if !is_wrapped {
            text.truncate(text.trim_end().len());
            if !is_mark(line) && !text.is_empty() {
                text.push(' ');
            }
        }
        text.push_str(line);
        is_wrapped = is_full(field, number);
    }
    text.truncate(text.trim_end().len());
    text
}

/// Returns the lines as their writer meant them: a line that is full goes on in the next one, without a blank.
pub(super) fn paragraphs(field: &Field<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut is_wrapped = false;
    for (number, line) in field.lines.iter().enumerate() {
        match found.last_mut().filter(|_| is_wrapped) {
            Some(last) => last.push_str(line),
            None => found.push((*line).to_owned()),
        }
        is_wrapped = is_full(field, number);
    }
    let trimmed = found.iter().map(|line| line.trim().to_owned());
    trimmed.filter(|line| !line.is_empty()).collect()
}

/// Some banks count the tag to the first line's width, some do not.
fn is_full(field: &Field<'_>, number: usize) -> bool {
    let before = if number == 0 { field.tag.len() + 2 } else { 0 };
    field
        .lines
        .get(number)
        .is_some_and(|line| line.chars().count() + before >= WRAP)
}

/// Returns pieces of a fixed width as one text: a piece that is full goes on in the next one, behind a shorter one stood a blank.
pub(super) fn pieces(pieces: &[&str], width: usize) -> String {
    let mut text = String::new();
    let mut is_wrapped = true;
    for piece in pieces {
        if !is_wrapped && !text.is_empty() {
            text.truncate(text.trim_end().len());
            text.push(' ');
        }
        text.push_str(piece);
        is_wrapped = piece.chars().count() >= width;
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(lines: &[&'static str]) -> Field<'static> {
        Field {
            tag: "86",
            lines: lines.to_vec(),
            line: 1,
        }
    }

    #[test]
    fn a_full_line_goes_on_and_a_short_one_ends() {
        // 61 characters and the tag are a line.
        let first = "166?00GUTSCHR. UEBERWEISUNG?109310?20SVWZ+RECHNUNG RE-1001 UN";
        for (lines, expected) in [
            (vec![first, "D RE-1002"], format!("{first}D RE-1002")),
            (vec!["166?20KURZ", "UND WEITER"], "166?20KURZ UND WEITER".to_owned()),
            (vec!["166?20KURZ", "?32NAME"], "166?20KURZ?32NAME".to_owned()),
            (vec!["EINS   ", "", "ZWEI"], "EINS ZWEI".to_owned()),
        ] {
            assert_eq!(
                joined(&field(&lines), |line| line.starts_with('?')),
                expected,
                "{lines:?}"
            );
        }
        assert_eq!(paragraphs(&field(&["EINS", "", "ZWEI "])), ["EINS", "ZWEI"]);
    }

    #[test]
    fn pieces_join_at_their_width() {
        for (cut, text) in [
            (
                &["ERSTATTUNG AUSLANDSEINSATZE", "NTGELT FUER"][..],
                "ERSTATTUNG AUSLANDSEINSATZENTGELT FUER",
            ),
            (&["MIETE", "NOVEMBER"][..], "MIETE NOVEMBER"),
            (&["NUR EINS "][..], "NUR EINS"),
        ] {
            assert_eq!(pieces(cut, 27), text);
        }
    }
}
