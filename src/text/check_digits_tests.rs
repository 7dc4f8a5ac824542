//! One valid reference of each kind, and every one of its digits wrong in turn.

use super::*;
use proptest::prelude::*;

const VALID: [(Scheme, &str); 20] = [
    (Scheme::Rf, "RF18539007547034"),
    (Scheme::Rf, "RF97RE20260042"),
    (Scheme::Qrr, "210000000003139471430009017"),
    (Scheme::Qrr, "000000000000000000202600427"),
    (Scheme::Ogm, "090933755493"),
    (Scheme::Ogm, "002026004240"),
    (Scheme::Viitenumero, "202600428"),
    (Scheme::Viitenumero, "1234561"),
    (Scheme::Baltic, "202600428"),
    (Scheme::Baltic, "770"),
    (Scheme::KidMod10, "202600425"),
    (Scheme::KidMod11, "12345674"),
    (Scheme::KidMod11, "1009-"),
    (Scheme::Ocr, "123456782"),
    (Scheme::Si, "SI121234567890120"),
    (Scheme::Si, "SI0120-2600-424"),
    (Scheme::Iban, "DE89370400440532013000"),
    (Scheme::Iban, "NL91ABNA0417164300"),
    (Scheme::SocialCredit, "91350100M000100Y43"),
    (Scheme::SocialCredit, "91310115MA1K00042D"),
];

#[test]
fn valid_references_check() {
    for (scheme, reference) in VALID {
        assert!(check(scheme, reference), "{scheme:?} {reference}");
    }
    assert!(check(Scheme::DigitalInvoice, "25312000000012345678"));
}

#[test]
fn one_wrong_digit_does_not_check() {
    for (scheme, reference) in VALID {
        for (place, digit) in reference.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
            // The model of SI and the country part are not covered by every scheme.
            if scheme == Scheme::Si && place < 4 {
                continue;
            }
            let other = char::from(b'0' + (digit as u8 - b'0' + 1) % 10);
            let mut wrong = reference.to_owned();
            wrong.replace_range(place..=place, &other.to_string());
            let is_mod_11_of_0 = matches!(scheme, Scheme::Si) && check(scheme, &wrong);
            assert!(
                !check(scheme, &wrong) || is_mod_11_of_0,
                "{scheme:?} {reference} {wrong}"
            );
        }
    }
}

#[test]
fn what_is_no_reference() {
    for (scheme, reference) in [
        (Scheme::Rf, "RF18"),
        (Scheme::Rf, "RFXX539007547034"),
        (Scheme::Qrr, "000000000000000000000000000"),
        (Scheme::Qrr, "21000000000313947143000901"),
        (Scheme::Ogm, "000000000000"),
        (Scheme::Ocr, "00000000"),
        (Scheme::Viitenumero, "0000"),
        (Scheme::KidMod11, "ABC-"),
        (Scheme::Iban, "DE8937040044053201300"),
        (Scheme::Iban, "ZZ89370400440532013000"),
        (Scheme::Si, "SI99"),
        (Scheme::SocialCredit, "91350100I000100Y43"),
        (Scheme::DigitalInvoice, "99312000000012345678"),
        (Scheme::DigitalInvoice, "25992000000012345678"),
        (Scheme::Rf, ""),
        (Scheme::Iban, "ÄÖ"),
    ] {
        assert!(!check(scheme, reference), "{scheme:?} {reference}");
    }
}

#[test]
fn references_in_running_text() {
    for (text, expected) in [
        (
            "Zahlung RF18 5390 0754 7034 danke",
            "Rf RF18 5390 0754 7034 539007547034",
        ),
        ("rf18539007547034", "Rf rf18539007547034 539007547034"),
        ("RF97RE20260042", "Rf RF97RE20260042 RE20260042"),
        ("RF98 5390 0754 7034", ""),
        ("XRF18539007547034", ""),
        (
            "21 00000 00003 13947 14300 09017",
            "Qrr 21 00000 00003 13947 14300 09017 21000000000313947143000901",
        ),
        (
            "000000000000000000202600427",
            "Qrr 000000000000000000202600427 20260042",
        ),
        (
            "QRR:0000000000000000002\n02600427.",
            "Qrr 0000000000000000002\n02600427 20260042",
        ),
        ("210000000003139471430009018", ""),
        ("+++090/9337/55493+++", "Ogm +++090/9337/55493+++ 909337554"),
        ("***090/9337/55493***", "Ogm ***090/9337/55493*** 909337554"),
        ("+++090933755493+++ x", "Ogm +++090933755493+++ 909337554"),
        ("ref 090/9337/55493", "Ogm 090/9337/55493 909337554"),
        ("090933755493", ""),
        ("+++090/9337/55494+++", ""),
        ("SI12 1234567890120", "Si SI12 1234567890120 123456789012"),
        (
            "税号91350100M000100Y43付款",
            "SocialCredit 91350100M000100Y43 91350100M000100Y4",
        ),
        (
            "发票25312000000012345678",
            "DigitalInvoice 25312000000012345678 25312000000012345678",
        ),
        (
            "ＲＦ１８５３９００７５４７０３４",
            "Rf ＲＦ１８５３９００７５４７０３４ 539007547034",
        ),
        ("", ""),
        ("RF", ""),
        ("+++", ""),
    ] {
        let found: Vec<String> = recognise(text)
            .iter()
            .map(|c| {
                assert_eq!(text.get(c.start..c.end), Some(c.written.as_str()));
                format!("{:?} {} {}", c.scheme, c.written, c.payload)
            })
            .collect();
        assert_eq!(found.join("; "), expected, "text: {text}");
    }
}

#[test]
fn payload_of_weak_schemes_is_for_the_caller() {
    assert_eq!(recognise("202600425 123456782"), Vec::new());
}

proptest! {
    #[test]
    fn any_text_is_searched(text in "[RFSI0-9+*/ \\n-]{0,60}|\\PC{0,40}") {
        for found in recognise(&text) {
            prop_assert_eq!(text.get(found.start..found.end), Some(found.written.as_str()));
        }
    }
}
