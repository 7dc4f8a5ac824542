//! What of a remittance text was recognised: the pieces that the sheet shows in bold.

use crate::model::{Evidence, Explanation, Signal};
use std::ops::Range;

/// Shorter pieces stand in many texts by chance.
const LENGTH_MIN: usize = 3;

/// Returns where the numbers that the candidates were found by stand in the text, in order and apart from each other.
///
/// Positions are those of whole characters. Numbers that were found elsewhere, in a structured reference for example, are not
/// in the text and give nothing.
pub fn pieces(text: &str, explanation: &Explanation) -> Vec<Range<usize>> {
    let text = text.to_ascii_lowercase();
    let evidence = explanation.candidates.iter().flat_map(|candidate| &candidate.evidence);
    let mut found: Vec<Range<usize>> = evidence
        .filter(|evidence| is_number(evidence.signal))
        .flat_map(|evidence| places(&text, &written(evidence)))
        .collect();
    found.sort_by_key(|piece| (piece.start, piece.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for piece in found {
        match apart.last_mut() {
            Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
            _ => apart.push(piece),
        }
    }
    apart
}

fn is_number(signal: Signal) -> bool {
    matches!(
        signal,
        Signal::NumberExact
            | Signal::NumberReformatted
            | Signal::NumberCounter
            | Signal::NumberTypo
            | Signal::NumberCut
            | Signal::CheckedReference
            | Signal::OrderNumber
            | Signal::OtherReference
            | Signal::CustomerNumber
            | Signal::NumberLeftOut
            | Signal::NumberOfOtherCustomer
            | Signal::NumberClosed
            | Signal::NumberUnknown
    )
}

/// Returns the number as the payer wrote it: the detail says "RE-1001 as `RE 1001`" where it is written otherwise.
fn written(evidence: &Evidence) -> String {
    let detail = evidence.detail.as_str();
    let written = detail
        .split_once(" as `")
        .map_or(detail, |(_, rest)| rest.trim_end_matches('`'));
    written.to_ascii_lowercase()
}

/// Returns every place of a number in a text, both in small letters; of its last digits where the whole does not occur.
fn places(text: &str, number: &str) -> Vec<Range<usize>> {
    let all = |piece: &str| -> Vec<Range<usize>> {
        if piece.chars().count() < LENGTH_MIN {
            return Vec::new();
        }
        let starts = text.match_indices(piece);
        starts
            .filter(|(start, _)| is_apart(text, *start, piece))
            .map(|(start, _)| start..start + piece.len())
            .collect()
    };
    let whole = all(number);
    if !whole.is_empty() {
        return whole;
    }
    let digits = number.len() - number.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    all(&number[number.len() - digits..])
}

/// Returns true where a piece is no part of a longer number.
fn is_apart(text: &str, start: usize, piece: &str) -> bool {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let before = text[..start].chars().next_back();
    let after = text[start + piece.len()..].chars().next();
    let begins = is_digit(piece.chars().next());
    let ends = is_digit(piece.chars().next_back());
    let is_longer = (begins && is_digit(before)) || (ends && is_digit(after));
    !is_longer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_as_they_are_written() {
        for (text, number, found) in [
            ("re-1001 und re-1001", "re-1001", &[(0, 7), (12, 19)][..]),
            ("rechnung 142 vom", "re-2026-142", &[(9, 12)]),
            ("货款re-1001", "re-1001", &[(6, 13)]),
            ("konto 91001", "re-1001", &[]),
            ("re-10012", "re-1001", &[]),
            ("nr 7", "re-7", &[]),
            ("", "re-1001", &[]),
        ] {
            let places: Vec<_> = places(text, number)
                .into_iter()
                .map(|place| (place.start, place.end))
                .collect();
            assert_eq!(places, found, "{number} in {text}");
        }
    }
}
