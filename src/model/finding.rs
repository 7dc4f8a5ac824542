//! What is to be said about an input: facts only; the sentences stand in [`crate::words::finding`].

use crate::model::source::Source;
use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Read, but look at it.
    Warning,
    /// Refused or held.
    Error,
}

impl Severity {
    /// Returns `note`, `warning`, `error`.
    pub fn code(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One warning or refusal, with its place and the things that its sentence names.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Severity.
    pub severity: Severity,
    /// What it is.
    pub code: FindingCode,
    /// Where it stands.
    pub source: Source,
    /// What the sentence names, in the order of its `{0}`, `{1}` …
    pub args: Vec<String>,
}

impl Finding {
    /// Returns an error.
    pub fn error(code: FindingCode, source: Source, args: Vec<String>) -> Finding {
        Finding {
            severity: Severity::Error,
            code,
            source,
            args,
        }
    }

    /// Returns a warning.
    pub fn warning(code: FindingCode, source: Source, args: Vec<String>) -> Finding {
        Finding {
            severity: Severity::Warning,
            code,
            source,
            args,
        }
    }

    /// Returns a note.
    pub fn note(code: FindingCode, source: Source, args: Vec<String>) -> Finding {
        Finding {
            severity: Severity::Note,
            code,
            source,
            args,
        }
    }
}

macro_rules! codes {
    ($($variant:ident => $code:literal,)*) => {
        /// What a finding is. Its sentence and remedy: [`crate::words::finding`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "the codes are the documentation; their sentences stand in words::finding")]
        pub enum FindingCode {
            $($variant,)*
        }

        impl FindingCode {
            /// All codes.
            pub const ALL: &[FindingCode] = &[$(FindingCode::$variant,)*];

            /// Returns the code as files and messages show it: `AMOUNT-FORMAT` …
            pub fn code(self) -> &'static str {
                match self {
                    $(FindingCode::$variant => $code,)*
                }
            }
        }
    };
}

codes! {
    // Files of any kind.
    FileEmpty => "FILE-EMPTY",
    FileTooLarge => "FILE-TOO-LARGE",
    FileNotRegular => "FILE-NOT-REGULAR",
    FileUnreadable => "FILE-UNREADABLE",
    FileMissing => "FILE-MISSING",
    FormatUnknown => "FORMAT-UNKNOWN",
    FormatSpreadsheet => "FORMAT-SPREADSHEET",
    EncodingUnknown => "ENCODING-UNKNOWN",
    EncodingBroken => "ENCODING-BROKEN",
    CharactersLost => "CHARACTERS-LOST",
    EncodingMislabelled => "ENCODING-MISLABELLED",
    // XML.
    XmlSyntax => "XML-SYNTAX",
    XmlContent => "XML-CONTENT",
    XmlTruncated => "XML-TRUNCATED",
    XmlDoctype => "XML-DOCTYPE",
    XmlEntity => "XML-ENTITY",
    XmlCharacter => "XML-CHARACTER",
    XmlDepth => "XML-DEPTH",
    XmlEventSize => "XML-EVENT-SIZE",
    XmlAttributes => "XML-ATTRIBUTES",
    XmlAfterRoot => "XML-AFTER-ROOT",
    XmlPadding => "XML-PADDING",
    // Statements.
    NotAStatement => "NOT-A-STATEMENT",
    NamespaceUnknown => "NAMESPACE-UNKNOWN",
    VersionUnknown => "VERSION-UNKNOWN",
    AmountFormat => "AMOUNT-FORMAT",
    AmountMissing => "AMOUNT-MISSING",
    AmountPrecision => "AMOUNT-PRECISION",
    AmountTooLarge => "AMOUNT-TOO-LARGE",
    CurrencyMissing => "CURRENCY-MISSING",
    CurrencyUnknown => "CURRENCY-UNKNOWN",
    EntryCurrency => "ENTRY-CURRENCY",
    CurrencyUnlisted => "CURRENCY-UNLISTED",
    SideMissing => "SIDE-MISSING",
    DateFormat => "DATE-FORMAT",
    DateImplausible => "DATE-IMPLAUSIBLE",
    DateFallback => "DATE-FALLBACK",
    DateMissing => "DATE-MISSING",
    BalanceDateImplausible => "BALANCE-DATE-IMPLAUSIBLE",
    ElementTwice => "ELEMENT-TWICE",
    FlagFormat => "FLAG-FORMAT",
    NumberFormat => "NUMBER-FORMAT",
    AccountMissing => "ACCOUNT-MISSING",
    AccountsMany => "ACCOUNTS-MANY",
    BalanceBroken => "BALANCE-BROKEN",
    StatementReleased => "STATEMENT-RELEASED",
    BalanceReversalInverted => "BALANCE-REVERSAL-INVERTED",
    ControlTotalBroken => "CONTROL-TOTAL-BROKEN",
    ControlTotalMissing => "CONTROL-TOTAL-MISSING",
    ControlTotalOdd => "CONTROL-TOTAL-ODD",
    PagesIncomplete => "PAGES-INCOMPLETE",
    StatementUnproved => "STATEMENT-UNPROVED",
    StatementTwice => "STATEMENT-TWICE",
    StatementConflict => "STATEMENT-CONFLICT",
    StatementMissing => "STATEMENT-MISSING",
    BalanceGap => "BALANCE-GAP",
    PeriodGap => "PERIOD-GAP",
    GapClosed => "GAP-CLOSED",
    StatementOverlap => "STATEMENT-OVERLAP",
    EntriesBackdated => "ENTRIES-BACKDATED",
    NoticeJoined => "NOTICE-JOINED",
    NoticeShort => "NOTICE-SHORT",
    NoticeUnclear => "NOTICE-UNCLEAR",
    NoticeSettled => "NOTICE-SETTLED",
    NoticeWaiting => "NOTICE-WAITING",
    NoticeTwice => "NOTICE-TWICE",
    ReportNotPosted => "REPORT-NOT-POSTED",
    DetailsDoNotAddUp => "DETAILS-DO-NOT-ADD-UP",
    DetailsWithoutAmounts => "DETAILS-WITHOUT-AMOUNTS",
    BatchWithoutDetails => "BATCH-WITHOUT-DETAILS",
    SeveralDocuments => "SEVERAL-DOCUMENTS",
    // SWIFT fields.
    TagUnknown => "TAG-UNKNOWN",
    TagMisplaced => "TAG-MISPLACED",
    TagMissing => "TAG-MISSING",
    FieldFormat => "FIELD-FORMAT",
    FieldLimit => "FIELD-LIMIT",
    DateCommercial => "DATE-COMMERCIAL",
    StatementRemark => "STATEMENT-REMARK",
    // Archives.
    ArchiveBroken => "ARCHIVE-BROKEN",
    ArchiveLimit => "ARCHIVE-LIMIT",
    ArchiveMember => "ARCHIVE-MEMBER",
    // Tables.
    HeaderUnknown => "HEADER-UNKNOWN",
    HeaderAmbiguous => "HEADER-AMBIGUOUS",
    NotATable => "NOT-A-TABLE",
    SheetsSeveral => "SHEETS-SEVERAL",
    ColumnMissing => "COLUMN-MISSING",
    ColumnTwice => "COLUMN-TWICE",
    RowWidth => "ROW-WIDTH",
    RowTooLarge => "ROW-TOO-LARGE",
    QuoteUnterminated => "QUOTE-UNTERMINATED",
    CellMissing => "CELL-MISSING",
    CellValue => "CELL-VALUE",
    DirectionBoth => "DIRECTION-BOTH",
    // Master data.
    ItemTwice => "ITEM-TWICE",
    ItemSign => "ITEM-SIGN",
    ItemCustomerUnknown => "ITEM-CUSTOMER-UNKNOWN",
    DocumentTwice => "DOCUMENT-TWICE",
    CustomerTwice => "CUSTOMER-TWICE",
    AccountTwice => "ACCOUNT-TWICE",
    IbanCheckDigits => "IBAN-CHECK-DIGITS",
    TaxIdTwice => "TAX-ID-TWICE",
    NumberMangled => "NUMBER-MANGLED",
    ReferenceCheckDigits => "REFERENCE-CHECK-DIGITS",
    ItemDueBeforeIssue => "ITEM-DUE-BEFORE-ISSUE",
    ItemNothingOpen => "ITEM-NOTHING-OPEN",
    MoreOfTheSame => "MORE-OF-THE-SAME",
    // Returned sheets.
    SheetLeft => "SHEET-LEFT",
    // The run.
    FileKnown => "FILE-KNOWN",
    ItemHeld => "ITEM-HELD",
    OutboxWaiting => "OUTBOX-WAITING",
    ClaimCurrency => "CLAIM-CURRENCY",
    ClaimCustomer => "CLAIM-CUSTOMER",
    ExportStale => "EXPORT-STALE",
    PostingNotBooked => "POSTING-NOT-BOOKED",
    PostingBookedInPart => "POSTING-BOOKED-IN-PART",
    PostingBookedTwice => "POSTING-BOOKED-TWICE",
    NothingClosed => "NOTHING-CLOSED",
}
