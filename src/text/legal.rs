//! Legal forms: found at the end, the start or inside of a name, grouped into classes of the same meaning.

use super::data::{LegalWriting, Place, data};

/// The legal form of a firm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LegalForm {
    /// Class of the same meaning: `Ltd` and `Limited` are both `ltd`. One of the names in `config/names/legal_forms.txt`.
    pub class: &'static str,
}

impl LegalForm {
    /// Returns true when one firm may bear both: the same class, or the same in another language (AG and SA, 有限公司 and Ltd).
    pub fn may_be(self, other: LegalForm) -> bool {
        self == other
            || data()
                .legal_same
                .iter()
                .any(|(a, b)| (*a == self.class && *b == other.class) || (*a == other.class && *b == self.class))
    }
}

/// A legal form among the words of a name: from `start` to `end`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Found {
    pub(crate) form: LegalForm,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Finds the legal form in Latin words: at the end, else at the start, else the last one inside. Never the whole name.
pub(crate) fn find<'a>(words: &[impl AsRef<str> + 'a]) -> Option<Found> {
    let data = data();
    let fits = |writing: &LegalWriting, start: usize| {
        writing.words.len() < words.len()
            && words.get(start..start + writing.words.len()).is_some_and(|slice| {
                slice
                    .iter()
                    .map(AsRef::as_ref)
                    .eq(writing.words.iter().map(String::as_str))
            })
    };
    let found = |writing: &LegalWriting, start: usize| Found {
        form: LegalForm { class: writing.class },
        start,
        end: start + writing.words.len(),
    };
    let writings =
        |places: Option<&'static Vec<usize>>| places.into_iter().flatten().filter_map(|p| data.legal.get(*p));
    for writing in writings(data.legal_by_last.get(words.last()?.as_ref())) {
        let Some(start) = words.len().checked_sub(writing.words.len()) else {
            continue;
        };
        if fits(writing, start) {
            return Some(found(writing, start));
        }
    }
    for writing in writings(data.legal_by_first.get(words.first()?.as_ref())) {
        // One or two letters in front are rather initials, unless the form stands there by custom.
        let is_custom = matches!(writing.place, Place::Ends | Place::Front) || writing.joined.len() > 3;
        if writing.place != Place::End && is_custom && fits(writing, 0) {
            return Some(found(writing, 0));
        }
    }
    for start in (1..words.len()).rev() {
        for writing in writings(data.legal_by_first.get(words.get(start)?.as_ref())) {
            // "AG & Co. KG" is longer than "KG": step back to the longest that covers this place.
            if matches!(writing.place, Place::Anywhere | Place::Front) && fits(writing, start) {
                return Some(longest_covering(words, found(writing, start)));
            }
        }
    }
    None
}

fn longest_covering(words: &[impl AsRef<str>], inner: Found) -> Found {
    let Some(until) = words.get(..inner.end) else {
        return inner;
    };
    let Some(last) = until.last() else { return inner };
    for place in data().legal_by_last.get(last.as_ref()).into_iter().flatten() {
        let Some(writing) = data().legal.get(*place) else {
            continue;
        };
        let Some(start) = until.len().checked_sub(writing.words.len()) else {
            continue;
        };
        let is_equal = until.get(start..).is_some_and(|slice| {
            slice
                .iter()
                .map(AsRef::as_ref)
                .eq(writing.words.iter().map(String::as_str))
        });
        if start >= 1 && is_equal && matches!(writing.place, Place::Anywhere | Place::Front) {
            return Found {
                form: LegalForm { class: writing.class },
                start,
                end: inner.end,
            };
        }
    }
    inner
}

/// Finds a Chinese or Japanese legal form in a text without blanks: the one that ends last, the longest of these; places in bytes.
pub(crate) fn find_han(text: &str) -> Option<Found> {
    let data = data();
    let boundaries = text.char_indices().rev().map(|(start, c)| start + c.len_utf8());
    for end in boundaries {
        let until = text.get(..end)?;
        // The longest come first.
        let writing = data
            .legal_han
            .iter()
            .filter_map(|place| data.legal.get(*place))
            .find(|writing| {
                until.strip_suffix(writing.joined.as_str()).is_some_and(|before| {
                    let is_branch = writing.class == "company_cn" && before.ends_with('分');
                    !is_branch
                })
            });
        if let Some(writing) = writing {
            let start = end - writing.joined.len();
            return Some(Found {
                form: LegalForm { class: writing.class },
                start,
                end,
            });
        }
    }
    None
}

/// Returns true when `rest` is the beginning of a way to write the class: `gesellsch` of gmbh.
pub(crate) fn is_cut_writing(rest: &str, form: LegalForm) -> bool {
    data()
        .legal
        .iter()
        .any(|writing| writing.class == form.class && writing.joined.starts_with(rest))
}
