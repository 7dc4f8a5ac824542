//! The words of the help sheet: how to decide, and what each decision does.

use crate::model::Action;

/// How the sheet is worked on, one step per line.
pub const STEPS: [&str; 8] = [
    "1. Work in the sheet `Review`. One row is one payment that was not posted; `proposed` rows are one ACCEPT away.",
    "2. Choose a word in `decision`. Where it needs one, put documents, a customer, an account or a date into `target`; the list there offers the candidates of the row.",
    "3. Save this file (or a copy, under any name) into the decisions folder. Leave `payment_id` and `row_hash` as they are: the row is found by them.",
    "4. The next run does what you decided and answers every row in `decisions_result.csv`: APPLIED, ALREADY, STALE, CONFLICT, REJECTED or NEEDS_APPROVAL, with the reason.",
    "Rows may be sorted, filtered, deleted and copied; columns may be moved or added. Rows without a decision change nothing.",
    "Words count in English, German and Chinese, in upper or lower case.",
    "NEEDS_APPROVAL means: a second person saves the same row with APPROVE in a folder of their own. The decision is void when the row or the decision changes before.",
    "STALE means: the payment or its candidates changed after this sheet was written. Nothing is posted; decide again in the newest sheet.",
];

/// How to read a candidate cell.
pub const CANDIDATE: &str = "A candidate reads: documents | customer | open amount | diff = payment less open amount (minus: too little was paid) | due = days from due date to booking date (plus: paid late) | what speaks for it | what speaks against it.";

/// What a decision needs and does.
pub struct ActionHelp {
    /// The decision.
    pub action: Action,
    /// Other words for it.
    pub words: &'static str,
    /// What belongs into `target`.
    pub target: &'static str,
    /// What the next run does.
    pub meaning: &'static str,
}

/// Returns the help on every decision in the order that people are offered them.
pub fn actions() -> [ActionHelp; 17] {
    Action::ALL.map(|action| {
        let (words, target, meaning) = match action {
            Action::Accept => (
                "akzeptieren, annehmen, 接受, 同意",
                "empty: candidate_1; or another candidate of the row",
                "Books the candidate exactly as it is shown.",
            ),
            Action::Apply => (
                "zuordnen, ausgleichen, 核销, 匹配",
                "document numbers, joined by `;`; an amount after `=` where it is not the whole: INV-1; INV-2=50.00",
                "Books the payment on these documents; what is left over goes on account of the customer.",
            ),
            Action::Partial => (
                "teilzahlung, 部分核销, 部分核銷",
                "document numbers, as with APPLY; empty: those of candidate_1",
                "Books a part payment: what is left of the document stays open.",
            ),
            Action::WriteOff => (
                "ausbuchen, 尾差, 差額核銷",
                "document numbers; an amount where not the whole difference is written off: INV-1=0.05",
                "Books the payment and writes off what is missing (or a little too much). Above the limit a second person approves.",
            ),
            Action::Charges => (
                "spesen, gebühren, 手续费, 手續費",
                "as WRITE_OFF",
                "Books the payment; what is missing was kept by banks. Above the limit a second person approves.",
            ),
            Action::Discount => (
                "skonto, 现金折扣, 現金折扣",
                "as WRITE_OFF",
                "Books the payment; what is missing is granted as cash discount. Beyond the terms, above the limit, a second person approves.",
            ),
            Action::OnAccount => (
                "akonto, 挂账",
                "customer_id; empty: the customer of the row",
                "Books the whole payment on account of the customer.",
            ),
            Action::NotReceivable => (
                "keine forderung, 非应收",
                "may be empty, or a ledger account",
                "No customer owes it: the payment leaves the list, nothing is posted.",
            ),
            Action::Refund => (
                "erstatten, rückzahlung, 退款",
                "may be empty, or the account that is paid to",
                "Is to be paid back: the payment leaves the list, nothing is posted.",
            ),
            Action::Alias => (
                "name merken, 别名, 別名",
                "customer_id; empty: the customer of the row",
                "The payer's name stands for this customer from now on; the payment is matched again. A second person approves.",
            ),
            Action::CorrectText => (
                "korrigieren, 更正摘要",
                "the text that the payer meant",
                "The payment is matched again with this text; the bank's own text stays in the record.",
            ),
            Action::Claim => (
                "gehört, 认领, 認領",
                "customer_id, or a salesperson",
                "Whose payment it is: it is matched again for this customer, or the salesperson's customers.",
            ),
            Action::Later => (
                "später, wiedervorlage, 稍后",
                "may be empty, or a date: 2026-03-31",
                "Stays open and goes to the end of the sheet until that day.",
            ),
            Action::Done => (
                "erledigt, gebucht, 完成, 已入账",
                "the document of the ERP",
                "Was booked in the ERP by hand: the payment leaves the list, nothing is posted.",
            ),
            Action::Ignore => (
                "ignorieren, 忽略",
                "empty; `note` must say why",
                "Nothing is to be done: the payment leaves the list, nothing is posted.",
            ),
            Action::Undo => (
                "storno, 撤销, 撤銷",
                "empty, or the posting id",
                "In the sheet `Posted`, or in any row with payment_id: takes the posting back, by whomever; payment and documents are open again.",
            ),
            Action::Approve => (
                "genehmigt, freigegeben, 批准, 审批, 審批",
                "empty, or the same as in the row that is approved",
                "In a second person's folder: the decision that waits on this row is right, and is carried out.",
            ),
        };
        ActionHelp {
            action,
            words,
            target,
            meaning,
        }
    })
}
