//! What is a number in a text, and what is not.

use super::*;
use proptest::prelude::*;

/// Single runs as `kind key`, in order.
fn kinds(text: &str) -> String {
    let shown: Vec<String> = scan(text)
        .iter()
        .filter(|token| token.parts == 1 && token.kind != TokenKind::Letters)
        .map(|token| match token.amount {
            Some(amount) => format!(
                "Amount {}e-{}{}",
                amount.units,
                amount.decimals,
                amount.currency.map(|c| format!(" {c}")).unwrap_or_default()
            ),
            None => format!("{:?} {}", token.kind, token.key),
        })
        .collect();
    shown.join("; ")
}

#[test]
fn numbers_dates_and_amounts() {
    for (text, expected) in [
        ("RE1001", "Mixed RE1001"),
        ("Rechnung 1001 vom 31.12.2025", "Digits 1001; Date 31122025"),
        ("RE-2026/0042 vom 2026-01-12", "Digits 2026; Digits 0042; Date 20260112"),
        ("RE-2026-01-12", "Digits 2026; Digits 01; Digits 12"),
        ("2026-01-12-7", "Digits 2026; Digits 01; Digits 12; Digits 7"),
        ("31/12/25", "Date 311225"),
        ("12/31/2025", "Date 12312025"),
        ("1.2.26", "Date 1226"),
        ("01.12.2025-31.12.2025", "Date 01122025; Date 31122025"),
        ("45.13.2025", "Digits 45; Digits 13; Digits 2025"),
        ("20251231", "Digits 20251231"),
        ("vom 20251231", "Date 20251231"),
        ("vom 20259931", "Digits 20259931"),
        ("31. Dezember 2025", "Date 31DEZEMBER2025"),
        ("5 Mar 2026 inv 88", "Date 5MAR2026; Digits 88"),
        ("2025年12月31日货款", "Date 20251231"),
        ("发票号12345678金额1234.56元", "Digits 12345678; Amount 123456e-2 CNY"),
        ("EUR 1.234,56", "Amount 123456e-2 EUR"),
        ("1,234.56", "Amount 123456e-2"),
        ("1.234.567,89 EUR", "Amount 123456789e-2 EUR"),
        ("1'234.50 CHF", "Amount 123450e-2 CHF"),
        ("1 234,56 EUR", "Amount 123456e-2 EUR"),
        ("RE 1001 119,00 EUR", "Digits 1001; Amount 11900e-2 EUR"),
        ("RE 4711 EUR 119,00", "Digits 4711; Amount 11900e-2 EUR"),
        ("RE 4711 EUR 119", "Digits 4711; Amount 119e-0 EUR"),
        ("4711 EUR", "Amount 4711e-0 EUR"),
        ("€119", "Amount 119e-0 EUR"),
        ("119,- EUR", "Amount 11900e-2 EUR"),
        ("EUR119,00", "Amount 11900e-2 EUR"),
        ("¥1,234", "Amount 1234e-0"),
        ("119,00-", "Amount -11900e-2"),
        ("-119,00", "Amount -11900e-2"),
        ("1.234", "Digits 1; Digits 234"),
        ("1234", "Digits 1234"),
        ("123.45", "Amount 12345e-2"),
        ("RE-123.45", "Digits 123; Digits 45"),
        (
            "05.10.2021 12:19 EURO GROCERY 77",
            "Date 05102021; Date 1219; Digits 77",
        ),
        ("RE:77 1:2 25:10", "Digits 77; Digits 1; Digits 2; Digits 25; Digits 10"),
        ("1.23.45", "Digits 1; Digits 23; Digits 45"),
        (
            "PO 117-166R DOWN PAYMENT 21867.00PO 117-163R FINAL PAYMENT 600.00",
            "Digits 117; Mixed 166R; Amount 2186700e-2; Digits 117; Mixed 163R; Amount 60000e-2",
        ),
        ("2% Skonto", "Percent 2"),
        ("abzgl. 2,5 % Skonto RE 77", "Percent 25; Digits 77"),
        ("3 Prozent", "Percent 3PROZENT"),
        ("Tel. 089/1234567", "Phone 0891234567"),
        ("+49 89 1234567 RE1", "Phone 49891234567; Mixed RE1"),
        ("电话：13800000000", "Phone 13800000000"),
        ("+++090/9337/55493+++", "Digits 090; Digits 9337; Digits 55493"),
        (
            "DE89 3704 0044 0532 0130 00 RE 12",
            "Iban DE89370400440532013000; Digits 12",
        ),
        ("DE89370400440532013000", "Iban DE89370400440532013000"),
        ("DE88370400440532013000", "Mixed DE88370400440532013000"),
        ("BIC COBADEFF", "Bic COBADEFF"),
        ("COBADEFFXXX", "Bic COBADEFFXXX"),
        ("ＲＥ１００１", "Mixed RE1001"),
        ("1001, 1002 u. 1013", "Digits 1001; Digits 1002; Digits 1013"),
        ("119,00 119,00", "Amount 11900e-2; Amount 11900e-2"),
        ("", ""),
        ("12345678901234567890,00", "Digits 12345678901234567890; Digits 00"),
    ] {
        assert_eq!(kinds(text), expected, "text: {text}");
    }
}

#[test]
fn neighbours_are_joined() {
    for (text, key, is_there) in [
        ("RE 1001", "RE1001", true),
        ("RE-2026/0042", "RE20260042", true),
        ("RE-2026/00 42", "RE20260042", true),
        ("RE-2026/00\n42", "RE20260042", true),
        ("Rechnung RE 10 01", "RE1001", true),
        ("1001, 1002", "10011002", false),
        ("RE 1001 vom 31.12.2025", "100131", false),
        ("RE 1001 119,00", "1001119", false),
        ("danke schön", "DANKESCHON", false),
        ("Größe 12", "GROSSE12", false),
        ("Nr.: 77", "NR77", true),
        ("117-166R", "117166R", true),
    ] {
        let keys: Vec<Key> = scan(text).into_iter().map(|token| token.key).collect();
        assert_eq!(keys.iter().any(|k| k == key), is_there, "text: {text} {keys:?}");
    }
    for token in scan("RE 1001") {
        assert_eq!(token.end - token.start, token.written.len());
    }
}

#[test]
fn amounts_in_minor_units() {
    let found = amounts("PO 117-166R 21867.00PO 117-163R 600.00");
    let minor: Vec<Option<i64>> = found.iter().map(|t| t.amount.and_then(|a| a.minor(2))).collect();
    assert_eq!(minor, [Some(2_186_700), Some(60_000)]);
    let yen = amounts("JPY 1,200");
    assert_eq!(yen.first().and_then(|t| t.amount).and_then(|a| a.minor(0)), Some(1_200));
    let precise = WrittenAmount {
        units: 1_234,
        decimals: 3,
        currency: None,
    };
    assert_eq!(
        (precise.minor(2), precise.minor(3), precise.minor(4)),
        (None, Some(1_234), Some(12_340))
    );
}

proptest! {
    #[test]
    fn a_number_alone_is_read_as_in_running_text(text in "[A-Za-z]?[0-9]{1,40}|[A-Z]{2}[0-9]{6}") {
        let mut all = Vec::new();
        scan_all(&text, &mut |token| all.push(token));
        prop_assert_eq!(scan(&text), all);
    }

    #[test]
    fn any_text_is_scanned(text in "[0-9A-Za-z .,/€+%'-]{0,60}|\\PC{0,60}") {
        let mut last = (0, 0);
        for token in scan(&text) {
            prop_assert_eq!(text.get(token.start..token.end), Some(token.written));
            prop_assert!((token.start, token.end) >= last);
            last = (token.start, token.end);
        }
    }
}
