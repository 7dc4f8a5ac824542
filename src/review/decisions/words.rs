//! The words of the `decision` column in English, German and Chinese.

use crate::model::Action;
use crate::review::cells::half_width;
use crate::words::{Words, action};

/// Words beside the codes themselves, in the form of [`normal`].
const WORDS: [(Action, &[&str]); 7] = [
    (
        Action::Accept,
        &[
            "ACCEPTED",
            "OK",
            "AKZEPTIEREN",
            "AKZEPTIERT",
            "ANNEHMEN",
            "ANGENOMMEN",
            "ÜBERNEHMEN",
            "UEBERNEHMEN",
            "FREIGEBEN",
            "接受",
            "同意",
            "确认",
            "采纳",
        ],
    ),
    (
        Action::Apply,
        &[
            "APPLIED",
            "MATCH",
            "ZUORDNEN",
            "AUSGLEICHEN",
            "VERRECHNEN",
            "ANWENDEN",
            "核销",
            "匹配",
            "认领",
            "分配",
        ],
    ),
    (
        Action::OnAccount,
        &[
            "ONACCOUNT",
            "AKONTO",
            "A_CONTO",
            "ACONTO",
            "AKONTOZAHLUNG",
            "GUTHABEN",
            "挂账",
            "掛賬",
            "挂帐",
            "预收",
        ],
    ),
    (
        Action::NotReceivable,
        &[
            "NOTRECEIVABLE",
            "KEINE_FORDERUNG",
            "NICHT_DEBITOR",
            "非应收",
            "非應收",
            "不是应收",
            "非货款",
        ],
    ),
    (
        Action::Later,
        &[
            "SPÄTER",
            "SPAETER",
            "WIEDERVORLAGE",
            "ZURÜCKSTELLEN",
            "稍后",
            "稍後",
            "以后",
            "暂缓",
        ],
    ),
    (
        Action::Done,
        &[
            "ERLEDIGT",
            "GEBUCHT",
            "FERTIG",
            "BOOKED",
            "完成",
            "已完成",
            "已处理",
            "已入账",
            "已记账",
        ],
    ),
    (Action::Ignore, &["IGNORED", "IGNORIEREN", "IGNORIERT", "忽略", "忽视"]),
];

/// Words that are planned but not understood yet: a person is told so instead of "unknown".
const PLANNED: [&str; 16] = [
    "PARTIAL",
    "WRITE_OFF",
    "CHARGES",
    "DISCOUNT",
    "REFUND",
    "ALIAS",
    "CORRECT_TEXT",
    "CLAIM",
    "UNDO",
    "APPROVE",
    "撤销",
    "撤銷",
    "SKONTO",
    "AUSBUCHEN",
    "STORNO",
    "退款",
];

/// Returns the action of a word, or what to tell the person who typed it.
pub(super) fn action(word: &str) -> Result<Action, String> {
    let normal = normal(word);
    let known = Action::ALL.into_iter().find(|action| action.code() == normal);
    let known = known.or_else(|| {
        let by_word = WORDS.iter().find(|(_, words)| words.contains(&normal.as_str()));
        by_word.map(|(action, _)| *action)
    });
    let known = known.or_else(|| {
        let is_meant = |action: &Action| {
            let words = action::all_words(Words::english(), *action);
            words.into_iter().any(|word| self::normal(word) == normal)
        };
        Action::ALL.into_iter().find(is_meant)
    });
    if let Some(action) = known {
        return Ok(action);
    }
    let shown = crate::words::shown::cut(word, 40);
    let offered = Action::ALL.map(Action::code).join(", ");
    if PLANNED.contains(&normal.as_str()) {
        return Err(format!("`{shown}` is not possible yet: use one of {offered}"));
    }
    let nearest = Action::ALL
        .into_iter()
        .map(|action| (strsim::osa_distance(action.code(), &normal), action.code()))
        .min();
    match nearest {
        Some((distance, code)) if distance <= 2 => Err(format!(
            "`{shown}` is no decision: did you mean {code}? Possible are {offered}"
        )),
        _ => Err(format!("`{shown}` is no decision: possible are {offered}")),
    }
}

/// Returns a word in capitals, half-width, blanks and hyphens as `_`.
fn normal(word: &str) -> String {
    let word = half_width(word).to_uppercase();
    let word = word.trim().trim_end_matches(['.', '!', '。']);
    word.split(|c: char| c.is_whitespace() || c == '-' || c == '_')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_understood_in_three_languages() {
        for (word, expected) in [
            ("ACCEPT", Some(Action::Accept)),
            ("accept", Some(Action::Accept)),
            ("ａｃｃｅｐｔ", Some(Action::Accept)),
            ("接受", Some(Action::Accept)),
            ("Zuordnen", Some(Action::Apply)),
            ("核销", Some(Action::Apply)),
            ("on account", Some(Action::OnAccount)),
            ("On-Account", Some(Action::OnAccount)),
            ("挂账", Some(Action::OnAccount)),
            ("keine Forderung", Some(Action::NotReceivable)),
            ("später", Some(Action::Later)),
            ("稍后", Some(Action::Later)),
            ("erledigt", Some(Action::Done)),
            ("忽略", Some(Action::Ignore)),
            ("KEINE FORDERUNG", Some(Action::NotReceivable)),
            ("沖銷", Some(Action::Apply)),
            ("暫收", Some(Action::OnAccount)),
            ("已入帳", Some(Action::Done)),
            ("ACEPT", None),
            ("UNDO", None),
            ("maybe", None),
        ] {
            assert_eq!(action(word).ok(), expected, "word: {word}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        for (word, answer) in [
            ("ACEPT", "did you mean ACCEPT?"),
            ("WRITE_OFF", "is not possible yet"),
            (
                "maybe",
                "`maybe` is no decision: possible are ACCEPT, APPLY, ON_ACCOUNT",
            ),
        ] {
            let said = action(word).expect_err(word);
            assert!(said.contains(answer), "{word}: {said}");
        }
    }
}
