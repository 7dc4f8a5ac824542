//! The words of the `decision` column in English, German and Chinese.

use crate::model::Action;
use crate::review::cells::half_width;
use crate::words::{Words, action};

/// Words beside the codes themselves, in the form of [`normal`].
const WORDS: [(Action, &[&str]); 17] = [
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
            "確認",
            "采纳",
            "採納",
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
            "核銷",
            "匹配",
            "分配",
        ],
    ),
    (
        Action::Partial,
        &[
            "PART",
            "PART_PAYMENT",
            "PARTIAL_PAYMENT",
            "TEILZAHLUNG",
            "TEILWEISE",
            "TEIL",
            "部分核销",
            "部分核銷",
            "部分付款",
            "部分",
        ],
    ),
    (
        Action::WriteOff,
        &[
            "WRITEOFF",
            "AUSBUCHEN",
            "AUSBUCHUNG",
            "ABSCHREIBEN",
            "ABSCHREIBUNG",
            "KLEINDIFFERENZ",
            "尾差",
            "差额核销",
            "差額核銷",
            "坏账",
            "壞賬",
            "冲销差额",
            "沖銷差額",
        ],
    ),
    (
        Action::Charges,
        &[
            "CHARGE",
            "BANK_CHARGES",
            "FEES",
            "SPESEN",
            "GEBÜHREN",
            "GEBUEHREN",
            "BANKSPESEN",
            "BANKGEBÜHREN",
            "手续费",
            "手續費",
            "银行手续费",
            "銀行手續費",
        ],
    ),
    (
        Action::Discount,
        &["CASH_DISCOUNT", "SKONTO", "SKONTOABZUG", "折扣", "现金折扣", "現金折扣"],
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
            "掛帳",
            "挂帐",
            "预收",
            "預收",
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
            "不是應收",
            "非货款",
            "非貨款",
        ],
    ),
    (
        Action::Refund,
        &[
            "REFUNDED",
            "PAY_BACK",
            "ERSTATTEN",
            "ERSTATTUNG",
            "RÜCKZAHLUNG",
            "RUECKZAHLUNG",
            "RÜCKERSTATTUNG",
            "退款",
            "退回",
            "退還",
            "退还",
        ],
    ),
    (
        Action::Alias,
        &[
            "NAME",
            "KNOWN_AS",
            "ZAHLERNAME",
            "NAME_MERKEN",
            "别名",
            "別名",
            "付款人别名",
            "付款人別名",
        ],
    ),
    (
        Action::CorrectText,
        &[
            "CORRECTTEXT",
            "CORRECT",
            "TEXT_KORRIGIEREN",
            "KORRIGIEREN",
            "KORREKTUR",
            "更正摘要",
            "更正附言",
            "更正",
            "修正",
        ],
    ),
    (
        Action::Claim,
        &[
            "CLAIMED",
            "BEANSPRUCHEN",
            "GEHÖRT",
            "GEHOERT",
            "ZU_KUNDE",
            "认领",
            "認領",
            "到账认领",
            "到賬認領",
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
            "以後",
            "暂缓",
            "暫緩",
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
            "已處理",
            "已入账",
            "已入賬",
            "已入帳",
            "已记账",
            "已記帳",
        ],
    ),
    (
        Action::Ignore,
        &["IGNORED", "IGNORIEREN", "IGNORIERT", "忽略", "忽视", "忽視"],
    ),
    (
        Action::Undo,
        &[
            "UNDONE",
            "REVERSE",
            "TAKE_BACK",
            "STORNO",
            "STORNIEREN",
            "RÜCKGÄNGIG",
            "RUECKGAENGIG",
            "ZURÜCKNEHMEN",
            "ZURUECKNEHMEN",
            "撤销",
            "撤銷",
            "冲回",
            "沖回",
            "反核销",
            "反核銷",
        ],
    ),
    (
        Action::Approve,
        &[
            "APPROVED",
            "GENEHMIGEN",
            "GENEHMIGT",
            "FREIGEGEBEN",
            "批准",
            "核准",
            "审批",
            "審批",
            "复核",
            "覆核",
        ],
    ),
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
    fn every_decision_has_words_of_its_own_in_all_languages() {
        let mut seen = std::collections::BTreeMap::new();
        for (action, words) in WORDS {
            let is_han = |word: &&str| word.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(words.iter().any(is_han), "{action:?} has no Chinese word");
            assert!(words.iter().any(|word| !is_han(word)), "{action:?} has no other word");
            for word in words.iter().copied().chain([action.code()]) {
                assert_eq!(normal(word), word, "{action:?}");
                assert_eq!(seen.insert(word, action), None, "{word} means two things");
            }
        }
        assert_eq!(WORDS.map(|(action, _)| action), Action::ALL, "all decisions have words");
    }

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
            ("部分核销", Some(Action::Partial)),
            ("Teilzahlung", Some(Action::Partial)),
            ("尾差", Some(Action::WriteOff)),
            ("ausbuchen", Some(Action::WriteOff)),
            ("手續費", Some(Action::Charges)),
            ("Skonto", Some(Action::Discount)),
            ("現金折扣", Some(Action::Discount)),
            ("退款", Some(Action::Refund)),
            ("别名", Some(Action::Alias)),
            ("別名", Some(Action::Alias)),
            ("Text korrigieren", Some(Action::CorrectText)),
            ("更正摘要", Some(Action::CorrectText)),
            ("认领", Some(Action::Claim)),
            ("認領", Some(Action::Claim)),
            ("撤销", Some(Action::Undo)),
            ("撤銷", Some(Action::Undo)),
            ("Storno", Some(Action::Undo)),
            ("批准", Some(Action::Approve)),
            ("approve", Some(Action::Approve)),
            ("genehmigt", Some(Action::Approve)),
            ("KEINE FORDERUNG", Some(Action::NotReceivable)),
            ("沖銷", Some(Action::Apply)),
            ("暫收", Some(Action::OnAccount)),
            ("已入帳", Some(Action::Done)),
            ("ACEPT", None),
            ("maybe", None),
        ] {
            assert_eq!(action(word).ok(), expected, "word: {word}");
        }
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        for (word, answer) in [
            ("ACEPT", "did you mean ACCEPT?"),
            (
                "maybe",
                "`maybe` is no decision: possible are ACCEPT, APPLY, PARTIAL, WRITE_OFF",
            ),
        ] {
            let said = action(word).expect_err(word);
            assert!(said.contains(answer), "{word}: {said}");
        }
    }
}
