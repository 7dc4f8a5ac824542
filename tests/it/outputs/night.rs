//! A night made by hand: every outcome, three currencies, Chinese names, and texts that mean harm.

#[path = "night/statements.rs"]
mod statements;

use paymatch::model::customer::{CustomerName, NameKind};
use paymatch::model::decision::{DecisionOutcome, DecisionResult};
use paymatch::model::matching::{AmountLevel, PayerLevel, ReferenceLevel};
use paymatch::model::night::{DuplicateEntry, StatementLine};
use paymatch::model::payment::{PayerName, PayerRole};
use paymatch::model::posting::PostingLine;
use paymatch::model::run::{Class, InputFile, InputRole, InputState, Run, Totals};
use paymatch::model::statement::Proof;
use paymatch::model::{
    Amount, At, Candidate, CandidateAllocation, Currency, Customer, Evidence, EvidenceClass, Explanation, Finding,
    FindingCode, HypothesisKind, ItemKind, JudgedPayment, Language, NaiveDate, Night, OpenItem, Outcome, Payment,
    PaymentId, Posting, Probability, Reason, References, Remittance, SetAsideRule, Signal, Source, Standing,
};
use std::collections::BTreeMap;

pub const EURO_ACCOUNT: &str = "DE89370400440532013000";
pub const YUAN_ACCOUNT: &str = "1234567890123456789";
pub const HOSTILE: &str = "=HYPERLINK(\"http://evil.example\",\"click\")";

fn day(text: &str) -> NaiveDate {
    paymatch::model::date::parse_iso(text).expect(text)
}

fn currency(code: &str) -> Currency {
    Currency::new(code).expect(code)
}

pub fn payment(id: &str, account: &str, minor: i64, code: &str, payer: &str, text: &str) -> Payment {
    Payment {
        id: PaymentId(id.to_owned()),
        account: account.into(),
        company: "".into(),
        booking_date: day("2026-03-03"),
        value_date: Some(day("2026-03-04")),
        amount: Amount::new(minor, currency(code)),
        instructed_amount: None,
        charges: 0,
        bank_ref: format!("BR-{id}").into(),
        payer_names: vec![PayerName {
            role: PayerRole::Counterparty,
            text: payer.into(),
        }],
        payer_account: Some("NL91ABNA0417164300".into()),
        references: References::default(),
        remittance: Remittance {
            unstructured: vec![text.to_owned()],
            ..Remittance::default()
        },
        additional_texts: Vec::new(),
        bank_code: "PMNT/RCDT/ESCT".into(),
        return_reason: None,
        batch_count: None,
        notified: None,
        correction: None,
        decided_customers: Vec::new(),
        standing: Standing::Receipt,
        source: Source::file("inbox/stmt.xml"),
    }
}

fn evidence(signal: Signal, weight: i32, detail: &str) -> Evidence {
    Evidence {
        signal,
        weight,
        detail: detail.into(),
    }
}

pub fn candidate(customer: (&str, &str), items: &[(&str, i64, i64)], code: &str, probability: u32) -> Candidate {
    let kind = match items.len() {
        0 => HypothesisKind::OnAccount,
        1 => HypothesisKind::Single,
        _ => HypothesisKind::Listed,
    };
    Candidate {
        kind,
        customer_id: customer.0.into(),
        customer_name: customer.1.into(),
        allocations: items
            .iter()
            .map(|(number, open, cash)| CandidateAllocation {
                item_id: format!("I-{number}").into(),
                document_number: (*number).into(),
                due_date: Some(day("2026-02-19")),
                open: Amount::new(*open, currency(code)),
                cash: *cash,
                discount: 0,
                charges: 0,
                write_off: 0,
                item_reduction: *cash,
            })
            .collect(),
        on_account: 0,
        evidence: vec![
            evidence(Signal::Prior, -930, ""),
            evidence(Signal::NumberExact, 1840, items.first().map_or("", |item| item.0)),
            evidence(Signal::NameWeak, -120, customer.1),
        ],
        class: EvidenceClass {
            payer: PayerLevel::Name,
            reference: ReferenceLevel::Number,
            amount: AmountLevel::Exact,
            kind,
        },
        probability: Probability(probability),
    }
}

pub fn judged(payment: Payment, outcome: Outcome, candidates: Vec<Candidate>, age_days: i64) -> JudgedPayment {
    JudgedPayment {
        payment: payment.into(),
        explanation: Explanation {
            outcome,
            candidates,
            none: Probability(5_000),
        },
        posting: None,
        first_run: 7,
        times_seen: 1,
        age_days,
        last_result: String::new(),
        put_off_until: None,
        set_aside_by: None,
    }
}

fn post(night: &mut Night, judged: &mut JudgedPayment, class: Option<EvidenceClass>, by: &str) {
    let candidate = judged.explanation.candidates[0].clone();
    let mut lines: Vec<PostingLine> = candidate
        .allocations
        .iter()
        .map(|part| PostingLine {
            id: "".into(),
            customer_id: candidate.customer_id.clone(),
            item_id: Some(part.item_id.clone()),
            document_number: part.document_number.clone(),
            amount: part.cash,
            discount: part.discount,
            charges: 0,
            write_off: 0,
            item_amount: Amount::new(part.cash + part.discount, part.open.currency),
            text: format!("number {} stands in the text", part.document_number),
        })
        .collect();
    if candidate.on_account != 0 {
        lines.push(PostingLine {
            id: "".into(),
            customer_id: candidate.customer_id.clone(),
            item_id: None,
            document_number: "".into(),
            amount: candidate.on_account,
            discount: 0,
            charges: 0,
            write_off: 0,
            item_amount: Amount::new(candidate.on_account, judged.payment.amount.currency),
            text: "rest on account".to_owned(),
        });
    }
    let written: usize = night.postings.iter().map(|posting| posting.lines.len()).sum();
    for (number, line) in (written + 1..).zip(&mut lines) {
        line.id = format!("{}-{number}", night.run.number).into();
    }
    let posting = Posting {
        payment_id: judged.payment.id.clone(),
        kind: candidate.kind,
        class,
        probability: class.map(|_| candidate.probability),
        decided_by: by.to_owned(),
        lines,
    };
    judged.posting = Some(night.postings.len());
    night
        .postings
        .push(Posting::new(posting, judged.payment.amount.minor).expect("lines add up"));
}

fn item(number: &str, customer: (&str, &str), open: i64, code: &str) -> OpenItem {
    OpenItem {
        id: format!("I-{number}").into(),
        kind: ItemKind::Invoice,
        customer_id: customer.0.into(),
        customer_name: customer.1.into(),
        document_number: number.into(),
        purchase_order: "".into(),
        other_references: Vec::new(),
        issue_date: Some(day("2026-01-20")),
        due_date: Some(day("2026-02-19")),
        original_amount: open,
        open_amount: open,
        currency: currency(code),
        cash_discounts: Vec::new(),
        salesperson: "Meyer".into(),
        is_disputed: false,
        is_held: false,
        company: "".into(),
        closed_on: None,
        source: Source::file("open_items.csv"),
    }
}

fn customer(id: &str, name: &str, salesperson: &str) -> Customer {
    Customer {
        id: id.to_owned(),
        number: String::new(),
        names: vec![CustomerName {
            text: name.to_owned(),
            kind: NameKind::Legal,
        }],
        accounts: Vec::new(),
        tax_id: String::new(),
        parent_id: String::new(),
        salesperson: salesperson.to_owned(),
        country: String::new(),
        city: String::new(),
        terms_days: Some(30),
        source: Source::file("customers.csv"),
    }
}

pub const NORDWIND: (&str, &str) = ("C00001", "Nordwind Beispiel GmbH");
pub const LVBANG: (&str, &str) = ("C00017", "绿邦实业有限公司");
const MUSCAT: (&str, &str) = ("C00099", "Muscat Sample LLC");
const HARM: (&str, &str) = ("C00666", "<script>alert(1)</script> & Söhne");

/// Fourteen payments: posted by the machine and by a person, proposed, open, put off, set aside.
pub fn night() -> Night {
    let mut night = Night {
        run: Run {
            number: 12,
            as_of: day("2026-03-05"),
            inputs: inputs(),
            settings_hash: "5e".repeat(32),
            totals: Totals::default(),
            previous_hash: "9a".repeat(32),
        },
        items: vec![
            item("RE-1001", NORDWIND, 11_900, "EUR"),
            item("RE-1002", NORDWIND, 11_900, "EUR"),
            item("RE-1003", NORDWIND, 250_000, "EUR"),
            item("INV-2026-0042", LVBANG, 1_234_567, "CNY"),
            item("INV-2026-0043", LVBANG, 800_000, "CNY"),
            item("K-7", HARM, 5_000, "EUR"),
            item("DAR-1", MUSCAT, 12_345, "OMR"),
        ],
        customers: vec![
            customer("C00001", "Nordwind Beispiel GmbH", "Meyer"),
            customer("C00017", "绿邦实业有限公司", "王芳"),
            customer("C00666", "<script>alert(1)</script> & Söhne", ""),
        ],
        payments: Vec::new(),
        postings: Vec::new(),
        reversals: Vec::new(),
        waiting: Vec::new(),
        settled: BTreeMap::new(),
        duplicates: vec![DuplicateEntry {
            payment_id: "P0001".to_owned(),
            bank_ref: "BR-P0001".to_owned(),
            account: EURO_ACCOUNT.to_owned(),
            booking_date: day("2026-03-02"),
            amount: 4_200,
            currency: currency("EUR"),
            rule: "OVERLAP",
            text: "the same entry stands in two statements".to_owned(),
        }],
        findings: findings(),
        decision_results: results(),
        statements: statements::statements(),
        escalated: Vec::new(),
        claims: None,
        is_partial: true,
        has_new_refusal: true,
        is_shadow: false,
        language: Language::English,
    };
    for (mut one, class, by) in settled() {
        if !by.is_empty() {
            post(&mut night, &mut one, class, by);
        }
        night.payments.push(one);
    }
    night.payments.extend(exceptions());
    add_totals(&mut night);
    night
}

/// Posted and set aside; the name of who decided is empty for what is set aside.
fn settled() -> Vec<(JudgedPayment, Option<EvidenceClass>, &'static str)> {
    let exact = candidate(NORDWIND, &[("RE-1003", 250_000, 250_000)], "EUR", 999_700);
    let class = exact.class;
    let mut over = candidate(LVBANG, &[("INV-2026-0043", 800_000, 800_000)], "CNY", 999_100);
    over.on_account = 1_050;
    over.kind = HypothesisKind::Overpayment;
    let euro = |id, minor, payer, text| payment(id, EURO_ACCOUNT, minor, "EUR", payer, text);
    let aside =
        |id, minor, payer, text, rule| judged(euro(id, minor, payer, text), Outcome::SetAside(rule), Vec::new(), 2);
    vec![
        (
            judged(
                euro("P0001", 250_000, "NORDWIND BEISPIEL GMBH", "RE-1003, \"Danke\""),
                Outcome::Posted,
                vec![exact],
                2,
            ),
            Some(class),
            "paymatch",
        ),
        (
            judged(
                payment(
                    "P0002",
                    YUAN_ACCOUNT,
                    801_050,
                    "CNY",
                    "绿邦实业有限公司",
                    "货款 INV-2026-0043",
                ),
                Outcome::Posted,
                vec![over],
                2,
            ),
            None,
            "li.na",
        ),
        (
            aside(
                "P0003",
                -90_000,
                "Vermieter Muster AG",
                "Miete",
                SetAsideRule::OutgoingDebit,
            ),
            None,
            "",
        ),
        (
            aside("P0004", 777, "Nordwind Beispiel GmbH", "RE-1009", SetAsideRule::Pending),
            None,
            "",
        ),
    ]
}

fn exceptions() -> Vec<JudgedPayment> {
    let euro = |id, minor, payer, text| payment(id, EURO_ACCOUNT, minor, "EUR", payer, text);
    let ask = Outcome::Exception;
    let mut put_off = judged(
        euro("P0014", 99_000_000, "Grossbau Beispiel AG", "Anzahlung"),
        ask(Reason::Prepayment),
        Vec::new(),
        40,
    );
    put_off.put_off_until = Some(day("2026-04-01"));
    let mut rejected = judged(
        euro(
            "P0010",
            3_300,
            "\u{202e}txet nedih\u{1b}[2J",
            "+49 30 1234 \u{7} 00012345678901234567",
        ),
        ask(Reason::UnknownPayer),
        Vec::new(),
        12,
    );
    rejected.last_result = "REJECTED: `RE-9999` is not an open document".to_owned();
    rejected.times_seen = 4;
    let mut exceptions = suggested();
    exceptions.extend([rejected, put_off]);
    exceptions.extend([
        judged(
            euro("P0011", -4_200, "Kunde Muster", "Rücklastschrift"),
            ask(Reason::Returned),
            Vec::new(),
            2,
        ),
        judged(
            euro("P0012", 4_200, "", ""),
            ask(Reason::NoReferenceNoName),
            Vec::new(),
            2,
        ),
        judged(
            euro("P0013", 1_200_000, "Sammler", "Sammelgutschrift"),
            ask(Reason::BatchWithoutDetails),
            Vec::new(),
            31,
        ),
    ]);
    exceptions
}

/// Exceptions with candidates.
fn suggested() -> Vec<JudgedPayment> {
    let euro = |id, minor, payer, text| payment(id, EURO_ACCOUNT, minor, "EUR", payer, text);
    let ask = Outcome::Exception;
    let twin = |number| candidate(NORDWIND, &[(number, 11_900, 11_900)], "EUR", 490_000);
    let mut joint = candidate(
        LVBANG,
        &[
            ("INV-2026-0042", 1_234_567, 1_234_567),
            ("INV-2026-0043", 800_000, 799_000),
        ],
        "CNY",
        912_345,
    );
    joint.on_account = 0;
    let on_account = candidate(LVBANG, &[], "CNY", 40_000);
    let dollars = candidate(MUSCAT, &[("DAR-1", 12_345, 12_345)], "OMR", 300_000);
    vec![
        judged(
            payment(
                "P0005",
                YUAN_ACCOUNT,
                2_033_567,
                "CNY",
                "绿邦实业有限公司",
                "货款 0042 0043 扣手续费",
            ),
            Outcome::Proposed(Reason::ChargesSuspected),
            vec![joint, on_account],
            2,
        ),
        judged(
            euro("P0006", 5_000, HOSTILE, "=1+1 | K-7 <b>bold</b> & \"quoted\""),
            Outcome::Proposed(Reason::LowConfidence),
            vec![candidate(HARM, &[("K-7", 5_000, 5_000)], "EUR", 950_000)],
            1,
        ),
        judged(
            euro("P0007", 11_900, "Nordwind Beispiel GmbH", "Rechnung"),
            ask(Reason::AmbiguousInvoice),
            vec![twin("RE-1001"), twin("RE-1002")],
            2,
        ),
        judged(
            euro("P0008", 10_400, "Nordwind Beispiel GmbH", "RE-1001 abzgl. Skonto"),
            ask(Reason::AmountShort),
            vec![candidate(NORDWIND, &[("RE-1001", 11_900, 10_400)], "EUR", 800_000)],
            9,
        ),
        judged(
            payment("P0009", "OM12", 12_345, "OMR", "Muscat Sample LLC", "DAR-1"),
            ask(Reason::CurrencyDiffers),
            vec![dollars],
            95,
        ),
    ]
}

pub fn add_totals(night: &mut Night) {
    for judged in &night.payments {
        let payment = &judged.payment;
        let class = match judged.explanation.outcome {
            Outcome::Posted => Class::Posted,
            Outcome::Proposed(_) => Class::Proposed,
            Outcome::Exception(_) => Class::Open,
            Outcome::SetAside(rule) => {
                let key = (payment.account.to_string(), payment.amount.currency, rule);
                let sum = night.run.totals.set_aside.entry(key).or_default();
                sum.count += 1;
                sum.sum += payment.amount.minor;
                if !rule.is_booked() {
                    continue;
                }
                Class::SetAside
            }
        };
        let from = if judged.age_days > 10 {
            Class::Carried
        } else {
            Class::Read
        };
        for class in [from, class] {
            let totals = &mut night.run.totals;
            totals
                .add(&payment.account, payment.amount.currency, payment.amount.minor, class)
                .expect("no overflow");
        }
    }
    for entry in &night.duplicates {
        for class in [Class::Read, Class::Duplicate] {
            let totals = &mut night.run.totals;
            totals
                .add(&entry.account, entry.currency, entry.amount, class)
                .expect("no overflow");
        }
    }
}

fn inputs() -> Vec<InputFile> {
    let file = |role, name: &str, records, state| InputFile {
        role,
        name: name.to_owned(),
        sha256: format!("{:064x}", name.len() * 7919),
        bytes: 4_000,
        records,
        state,
    };
    vec![
        file(InputRole::Statement, "inbox/stmt.xml", 12, InputState::Read),
        file(InputRole::Statement, "inbox/<i>cut</i>.xml", 0, InputState::Refused),
        file(InputRole::Statement, "inbox/old.xml", 3, InputState::Known),
        file(InputRole::OpenItems, "open_items.csv", 7, InputState::Read),
        file(InputRole::Customers, "customers.csv", 3, InputState::Read),
        file(
            InputRole::Decisions,
            "decisions/li.na/exceptions.xlsx",
            4,
            InputState::Read,
        ),
    ]
}

fn findings() -> Vec<Finding> {
    let at = |file: &str, at| Source { file: file.into(), at };
    vec![
        Finding::warning(FindingCode::NothingClosed, Source::file("open_items.csv"), Vec::new()),
        Finding::error(
            FindingCode::AmountFormat,
            at(
                "inbox/<i>cut</i>.xml",
                At::Element {
                    line: 14,
                    column: 27,
                    path: "Stmt[1]/Ntry[3]/Amt".to_owned(),
                },
            ),
            vec!["=1e2<b>\u{1b}".to_owned()],
        ),
    ]
}

fn results() -> Vec<DecisionResult> {
    let result = |row, id: &str, decision: &str, target: &str, outcome, reason: &str, ids: &[&str]| DecisionResult {
        source: Source {
            file: "decisions/li.na/exceptions.xlsx".into(),
            at: At::Row {
                sheet: "Review".to_owned(),
                row,
            },
        },
        payment_id: id.to_owned(),
        decision: decision.to_owned(),
        target: target.to_owned(),
        decided_by: "li.na".to_owned(),
        outcome,
        reason: reason.to_owned(),
        posting_ids: ids.iter().map(|id| (*id).to_owned()).collect(),
    };
    vec![
        result(
            2,
            "P0002",
            "核销",
            "INV-2026-0043",
            DecisionOutcome::Applied,
            "booked as decided",
            &["12-2", "12-3"],
        ),
        result(
            3,
            "P0010",
            "APPLY",
            "=cmd|' /C calc'!A0",
            DecisionOutcome::Rejected,
            "`=cmd|' /C calc'!A0` is not an open document",
            &[],
        ),
    ]
}
