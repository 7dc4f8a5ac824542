//! Sentences and remedies of findings.

use crate::model::{Finding, FindingCode};

/// What a person is told about a finding.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// What is wrong, naming the thing and what was expected.
    pub message: String,
    /// What to do about it.
    pub remedy: String,
}

/// Returns sentence and remedy of a finding.
pub fn message(finding: &Finding) -> Message {
    let (sentence, remedy) = template(finding.code);
    Message {
        message: fill(sentence, &finding.args),
        remedy: fill(remedy, &finding.args),
    }
}

/// Returns the finding as messages show it: `error[AMOUNT-FORMAT]: inbox/a.xml:14:27: Stmt[1]/Ntry[3]/Amt: …` and a `help:` line.
pub fn full(finding: &Finding) -> String {
    let said = message(finding);
    let head = format!(
        "{}[{}]: {}: {}",
        finding.severity.code(),
        finding.code.code(),
        finding.source,
        said.message
    );
    if said.remedy.is_empty() {
        head
    } else {
        format!("{head}\nhelp: {}", said.remedy)
    }
}

/// Replaces `{0}`, `{1}` … by the arguments; arguments are shown as they are, control characters escaped.
fn fill(template: &str, args: &[String]) -> String {
    let mut filled = template.to_owned();
    for (position, arg) in args.iter().enumerate() {
        filled = filled.replace(&format!("{{{position}}}"), &visible_up_to(arg, ARGUMENT_MAX));
    }
    filled
}

/// Characters that a sentence shows of a thing: a header has many columns.
const ARGUMENT_MAX: usize = 1000;

/// Returns a text whose control and bidirectional characters are written out, cut after 200 characters.
pub fn visible(text: &str) -> String {
    visible_up_to(text, 200)
}

fn visible_up_to(text: &str, max: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    for (count, character) in text.chars().enumerate() {
        if count == max {
            shown.push('…');
            break;
        }
        let is_hidden = character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
        if is_hidden {
            shown.extend(character.escape_unicode());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Returns sentence and remedy of a code.
fn template(code: FindingCode) -> (&'static str, &'static str) {
    use FindingCode as C;
    const CORRECTED: &str = "ask the bank for a corrected file; nothing of this file was posted";
    match code {
        C::FileEmpty => ("the file is empty", "export or fetch it again"),
        C::FileTooLarge => (
            "the file has {0} bytes, expected at most {1}",
            "ask the bank for smaller files",
        ),
        C::FileNotRegular => (
            "this is no regular file",
            "copy the file itself into the folder; links and devices are not read",
        ),
        C::FileUnreadable => ("the file cannot be read: {0}", "check its permissions, then run again"),
        C::FileMissing => (
            "there is no such file; the night goes on without it",
            "put it there, or set the setting to \"\"",
        ),
        C::FormatUnknown => (
            "this is no statement format that is known: it begins with `{0}`",
            "fetch the statement as camt.053 XML or CSV",
        ),
        C::FormatSpreadsheet => (
            "this is {0}, which is not read",
            "open it in a spreadsheet program and save as .xlsx, without a password",
        ),
        C::EncodingUnknown => ("the encoding `{0}` is not known", CORRECTED),
        C::EncodingMislabelled => (
            "the file says that it is {0}, but {1} is not; it was read as {2}",
            "check names with accents in it, and tell the bank",
        ),
        C::CharactersLost => (
            "characters were lost before the file came here, {0} in all and the first in this line",
            "export the file again and do not convert it; names and texts with such characters match worse",
        ),
        C::EncodingBroken => ("the bytes {0} are no {1}", "export the file again as UTF-8"),
        C::XmlSyntax => ("this is no well-formed XML: {0}", CORRECTED),
        C::XmlContent => ("{0} cannot stand here in a bank statement", CORRECTED),
        C::XmlTruncated => (
            "the file ends inside `{0}`, expected its end tag",
            "fetch it from the bank again, it was cut off; nothing of this file was posted",
        ),
        C::XmlDoctype => ("a DOCTYPE is not allowed in a bank statement", CORRECTED),
        C::XmlEntity => (
            "the entity `&{0};` is not known, expected one of the five of XML or a character reference",
            CORRECTED,
        ),
        C::XmlCharacter => ("the character {0} is not allowed in XML", CORRECTED),
        C::XmlDepth => ("elements are nested deeper than {0}", CORRECTED),
        C::XmlEventSize => ("one element or text is longer than {0} bytes", CORRECTED),
        C::XmlAttributes => ("an element has more than {0} attributes", CORRECTED),
        C::XmlAfterRoot => (
            "`{0}` stands after the end of the document, expected nothing",
            CORRECTED,
        ),
        C::XmlPadding => (
            "{0} NUL bytes stand after the end of the document and were passed over",
            "",
        ),
        C::NotAStatement => (
            "this is `{0}`, expected an account statement (camt.053 or MT940)",
            "fetch the account statement; payment orders and error pages are not statements",
        ),
        C::NamespaceUnknown => (
            "the namespace `{0}` is not the one of ISO 20022; read as {1}",
            "tell the bank",
        ),
        C::VersionUnknown => (
            "the version `{0}` is newer than those known; read as {1}",
            "look at what was read with `paymatch inspect`",
        ),
        C::AmountFormat => (
            "`{0}` is not an amount, expected digits and at most one decimal point",
            CORRECTED,
        ),
        C::AmountMissing => ("there is no amount", CORRECTED),
        C::AmountTooLarge => ("`{0}` has more than 18 digits", CORRECTED),
        C::AmountPrecision => ("`{0}` has more decimals than {1} has", CORRECTED),
        C::CurrencyMissing => ("the amount has no currency", CORRECTED),
        C::CurrencyUnknown => (
            "`{0}` is no currency code, expected three capital letters of ISO 4217",
            CORRECTED,
        ),
        C::EntryCurrency => (
            "{0} entries are in another currency than the account ({1}), this one in {2}",
            "look whether the bank means the account's currency",
        ),
        C::CurrencyUnlisted => (
            "the currency `{0}` does not stand in ISO 4217; it was read with two decimals",
            "check the amounts in it",
        ),
        C::SideMissing => ("`{0}` is no side, expected CRDT or DBIT", CORRECTED),
        C::DateFormat => ("`{0}` is not a date, expected {1}", CORRECTED),
        C::DateImplausible => ("the date {0} lies outside {1} to {2}", CORRECTED),
        C::DateFallback => ("there is no booking date; the {0} {1} was taken", ""),
        C::DateMissing => (
            "an entry has no date, and nothing in the file stands for one",
            "ask the bank for a corrected file; entries without a date are not posted",
        ),
        C::BalanceDateImplausible => ("the date of the balance, {0}, lies outside {1} to {2}", "look at it"),
        C::ElementTwice => ("`{0}` stands twice, expected once", CORRECTED),
        C::FlagFormat => ("`{0}` is not a truth value, expected true or false", CORRECTED),
        C::NumberFormat => ("`{0}` is not a whole number", CORRECTED),
        C::AccountMissing => (
            "the statement names no account",
            "ask the bank for a corrected file; nobody can tell whose payments these are",
        ),
        C::AccountsMany => (
            "the table names {0} accounts of ours, expected at most {1}",
            "look whether the layout takes the right column for the account; else split the file",
        ),
        C::BalanceBroken => (
            "opening {0} + booked movements {1} = {2}, but the closing balance is {3}: {4} are missing",
            "ask the bank for the complete statement; nothing of it was posted",
        ),
        C::BalanceReversalInverted => (
            "the statement adds up only when the reversed entries change their sign",
            "set `reversal_sign = \"inverted\"` for this account, if the bank confirms it; nothing of the statement was posted",
        ),
        C::ControlTotalBroken => (
            "the bank states {0}, the rows add up to {1}",
            "export the file again, complete; nothing of it was posted",
        ),
        C::ControlTotalMissing => (
            "the total `{0}`, which every file of this layout has, is missing",
            "export the file again, complete, it was cut off; nothing of it was posted",
        ),
        C::ControlTotalOdd => (
            "the bank's own total is {0}, the entries listed are {1}",
            "compare it with the account, and tell the bank; the entries were read as listed",
        ),
        C::PagesIncomplete => (
            "page {0} of this statement is missing",
            "deliver the missing page; the statement is held until then",
        ),
        C::StatementUnproved => (
            "the statement has no pair of balances and no control total: its completeness is not proved",
            "",
        ),
        C::StatementTwice => ("the statement was delivered before ({0}); it posts nothing", ""),
        C::StatementConflict => (
            "the statement was delivered before with other content ({0}): {1}",
            "ask the bank which one is right; nothing of this one was posted",
        ),
        C::StatementMissing => (
            "account {0}: {1} did not arrive, but {2} did",
            "order {1} from the bank and put it beside the others; {3}",
        ),
        C::BalanceGap => (
            "account {0}: {1} opens with {2}, but {3} before it closed with {4}: a statement between them is missing",
            "order what lies between {3} and {1} from the bank and put it beside the others; {5}",
        ),
        C::PeriodGap => (
            "account {0}: no statement covers {1} to {2}, before {3}",
            "order the statement of these days from the bank; {4}",
        ),
        C::GapClosed => ("account {0}: what was missing before {1} has arrived", ""),
        C::StatementOverlap => (
            "the statement covers days that {0} covers, too; entries known from there are duplicates",
            "",
        ),
        C::EntriesBackdated => (
            "entries are booked from {0} on, before {1}, the last day of {2}: they are new all the same",
            "",
        ),
        C::NoticeJoined => (
            "{0} details of a notification (camt.054) stand in the place of the batch `{1}` of {2}",
            "",
        ),
        C::NoticeShort => (
            "the notified details of the batch `{0}` add up to {1}, the entry is {2}: the difference is {3}, the entry is kept whole",
            "order the complete details (camt.054) from the bank",
        ),
        C::NoticeUnclear => (
            "`{0}` names several entries, or several complete notifications: nothing tells which details belong where",
            "look at them with `paymatch inspect` and decide on the batch as a whole",
        ),
        C::NoticeSettled => (
            "the batch `{0}` was read as one payment before ({1}): its {2} details post nothing",
            "compare them with what was decided",
        ),
        C::NoticeWaiting => (
            "what is notified here is in no statement yet (entries: {0}, the first with the reference `{1}`): kept until it is",
            "fetch the statement (camt.053)",
        ),
        C::NoticeTwice => ("the notification was delivered before; it changes nothing", ""),
        C::ReportNotPosted => (
            "this is {0}, which informs but is no record: it posts nothing",
            "fetch the statement (camt.053 or MT940)",
        ),
        C::DetailsDoNotAddUp => (
            "the details add up to {0}, the entry is {1}, charges explain {2}: the entry is kept whole",
            "",
        ),
        C::DetailsWithoutAmounts => (
            "{0} details have no amounts of their own in the account's currency: the entry is kept whole",
            "",
        ),
        C::BatchWithoutDetails => (
            "the bank lumped {0} payments together without details",
            "order the details (camt.054) from the bank",
        ),
        C::SeveralDocuments => ("the file holds {0} documents one after the other; all were read", ""),
        C::TagUnknown => (
            "`{0}` is no tag of an account statement, expected :20: :21: :25: :28C: :60F: :61: :86: :62F: :64: :65:",
            CORRECTED,
        ),
        C::TagMisplaced => ("`{0}` cannot stand here, expected {1}", CORRECTED),
        C::TagMissing => (
            "the statement ends without `{0}`",
            "fetch it from the bank again, it may be cut off; nothing of this file was posted",
        ),
        C::FieldFormat => ("`{0}` cannot be read, expected {1}", CORRECTED),
        C::FieldLimit => (
            "there are more than {0}",
            "look what the file is, and ask the bank for smaller ones; nothing of this file was posted",
        ),
        C::DateCommercial => (
            "`{0}` is no day of the calendar, banks that count 30 days a month write it; {1} was taken",
            "",
        ),
        C::StatementRemark => ("the bank remarks: {0}", ""),
        C::ArchiveBroken => ("the archive cannot be read: {0}", "fetch it from the bank again"),
        C::ArchiveLimit => (
            "the archive unpacks to more than is allowed: {0}",
            "unpack it by hand and look what it is",
        ),
        C::ArchiveMember => ("`{0}` in the archive is no statement and was passed over", ""),
        C::HeaderUnknown => (
            "no known layout has this header: {0}",
            "`paymatch inspect FILE --suggest-profile` prints a layout for it: look it over and save it in the folder that `statements.profiles` names",
        ),
        C::HeaderAmbiguous => (
            "two layouts fit this header: {0}",
            "give one of them a column in `fingerprint` that the other one's files do not have, or delete it",
        ),
        C::NotATable => (
            "this is no table, and only tables need a layout",
            "give a CSV or an XLSX file; unpack archives first",
        ),
        C::SheetsSeveral => (
            "two sheets hold a statement: {0}",
            "save each of them as a file of its own",
        ),
        C::ColumnMissing => (
            "the column `{0}` is missing; found: {1}",
            "add the column to the export",
        ),
        C::ColumnTwice => ("the column `{0}` stands twice", "remove one of them"),
        C::RowWidth => (
            "the row has {0} cells, expected {1}",
            "export the file again; look for a delimiter or a quote inside a text",
        ),
        C::RowTooLarge => (
            "the row is longer than {0} bytes",
            "look for a quote that is not closed",
        ),
        C::QuoteUnterminated => ("a quote that begins here is never closed", "export the file again"),
        C::CellMissing => ("the cell is empty, expected {0}", "complete it"),
        C::CellValue => ("`{0}` is not {1}", "correct it"),
        C::DirectionBoth => ("both money in (`{0}`) and money out (`{1}`) are filled", CORRECTED),
        C::ItemTwice => (
            "the item `{0}` stands twice, first in line {1}",
            "export the open items again, each once",
        ),
        C::ItemSign => (
            "`{0}` is {1}, but the amount is {2}",
            "check the type and the sign in the ERP",
        ),
        C::ItemCustomerUnknown => (
            "the customer `{0}` is not in the customer list",
            "export the customers again",
        ),
        C::DocumentTwice => ("the number `{0}` belongs to {1} items", "check the numbers in the ERP"),
        C::CustomerTwice => (
            "the customer `{0}` stands twice, first in line {1}",
            "export the customers again, each once",
        ),
        C::AccountTwice => (
            "the account `{0}` belongs to the customers {1}",
            "check it in the ERP; it identifies neither of them",
        ),
        C::IbanCheckDigits => ("the check digits of the IBAN `{0}` are wrong", "correct it in the ERP"),
        C::TaxIdTwice => (
            "the tax id `{0}` belongs to the customers {1}",
            "check it in the ERP; where they are one group, enter the parent",
        ),
        C::NumberMangled => (
            "`{0}` is what a spreadsheet leaves of a longer number",
            "export again without opening the file in a spreadsheet, or with the column as text",
        ),
        C::ReferenceCheckDigits => (
            "the check digits of the reference `{0}` of {1} are wrong: no payer can use it",
            "correct it in the ERP",
        ),
        C::ItemDueBeforeIssue => (
            "`{0}` is due on {1}, before its issue on {2}",
            "correct the dates in the ERP",
        ),
        C::ItemNothingOpen => (
            "`{0}` has nothing open and no `closed_on`: it counts as closed",
            "export the day on which it was closed, or leave it out",
        ),
        C::MoreOfTheSame => ("{1} more findings of the kind {0}", "correct the column as a whole"),
        C::SheetLeft => (
            "the sheet was left for the next run: {0}",
            "save it and close it in the spreadsheet program; nothing of it is lost",
        ),
        C::FileKnown => ("run {0} has read this file already", ""),
        C::ItemHeld => ("the item `{0}` is held: {1}", "look at it in the ERP"),
        C::OutboxWaiting => (
            "the posting file of run {0} still lies in the outbox",
            "import it into the ERP, then move it to `done`",
        ),
        C::ClaimCurrency => (
            "nothing says in which currency `{0}` is claimed to have paid",
            "add a column `currency`",
        ),
        C::ClaimCustomer => (
            "`{0}` is no customer_id, number or name of just one customer",
            "write the customer_id into the claim",
        ),
        C::ExportStale => (
            "this export was read first on {0}, {1} days ago, and no newer one came since",
            "let the ERP export its open items before each run",
        ),
        C::PostingNotBooked => (
            "{0} posted on `{1}` in run {2} are not booked in the ERP {3} days later",
            "import the posting file of that run into the ERP, or find out what became of it",
        ),
        C::PostingBookedInPart => (
            "of {0} posted on `{1}`, last in run {2}, the ERP has booked {3} only",
            "look which lines of the posting file the ERP refused",
        ),
        C::PostingBookedTwice => (
            "the export shows `{1}` reduced by twice the {0} that were posted in run {2}",
            "look whether the ERP booked that posting file twice",
        ),
        C::NothingClosed => (
            "the export has no recently closed items: a second payment of a closed invoice is only recognised from own postings",
            "add closed items with `closed_on` to the export",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Source;

    #[test]
    fn every_code_has_a_sentence_and_no_two_share_a_code() {
        let mut codes: Vec<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn what_a_file_says_cannot_steer_the_terminal() {
        let finding = Finding::error(
            FindingCode::AmountFormat,
            Source::file("a.xml"),
            vec!["1\u{1b}[2J\u{202e}".into()],
        );
        assert_eq!(
            message(&finding).message,
            "`1\\u{1b}[2J\\u{202e}` is not an amount, expected digits and at most one decimal point"
        );
    }
}
