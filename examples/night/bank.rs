//! Account numbers and references with right check digits. Bank codes are invented: none of them is in use.

use super::random::Random;

/// Returns the remainder by 97 of a text whose letters count A = 10 … Z = 35.
fn remainder_97(text: &str) -> u64 {
    text.chars().fold(0, |remainder, character| {
        let value = u64::from(character.to_digit(36).unwrap_or(0));
        let shift = if value > 9 { 100 } else { 10 };
        (remainder * shift + value) % 97
    })
}

/// Returns an IBAN of that country and inner number.
pub fn iban(country: &str, inner: &str) -> String {
    let check = 98 - remainder_97(&format!("{inner}{country}00"));
    format!("{country}{check:02}{inner}")
}

/// Returns an account as a payer of that country has it.
pub fn account(country: &str, random: &mut Random) -> String {
    let digits = |count: usize, random: &mut Random| -> String {
        (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect()
    };
    match country {
        "DE" => iban("DE", &format!("9999{:04}{}", random.below(10_000), digits(10, random))),
        "AT" => iban("AT", &format!("99{}", digits(14, random))),
        "CH" => iban("CH", &format!("09999{}", digits(12, random))),
        "NL" => iban("NL", &format!("XBNK{}", digits(10, random))),
        "GB" => iban("GB", &format!("XBNK99{}", digits(12, random))),
        "BE" => {
            let number = digits(10, random);
            let check = number.parse::<u64>().unwrap_or(0) % 97;
            iban("BE", &format!("{number}{:02}", if check == 0 { 97 } else { check }))
        }
        "FR" => {
            let (bank, counter, number) = ("99999", digits(5, random), digits(11, random));
            let weighted = |part: &str, factor: u64| part.parse::<u64>().unwrap_or(0) % 97 * factor;
            let key = 97 - (weighted(bank, 89) + weighted(&counter, 15) + weighted(&number, 3)) % 97;
            iban("FR", &format!("{bank}{counter}{number}{key:02}"))
        }
        "IT" => iban("IT", &format!("X9999999999{}", digits(12, random))),
        "ES" => iban("ES", &format!("9999{}", digits(16, random))),
        "PL" => iban("PL", &format!("99999999{}", digits(16, random))),
        "SE" => iban("SE", &format!("999{}", digits(17, random))),
        "TR" => iban("TR", &format!("999990{}", digits(16, random))),
        // China, Taiwan, Hong Kong, the United States: numbers without a country.
        _ => format!("9{}", digits(18, random)),
    }
}

/// Returns the creditor reference of ISO 11649: `RF` with check digits before the payload.
pub fn creditor_reference(payload: &str) -> String {
    let payload: String = payload.chars().filter(char::is_ascii_alphanumeric).collect();
    let check = 98 - remainder_97(&format!("{payload}RF00"));
    format!("RF{check:02}{payload}")
}

/// Returns the Swiss reference of 27 digits: the payload with leading zeros and its recursive check digit.
pub fn swiss_reference(payload: u64) -> String {
    const NEXT: [usize; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let digits = format!("{payload:026}");
    let carry = digits
        .bytes()
        .fold(0, |carry, digit| NEXT[(carry + usize::from(digit - b'0')) % 10]);
    format!("{digits}{}", (10 - carry) % 10)
}

/// Returns a reference in groups, as people type it: four characters each, or five from the right.
pub fn in_groups(reference: &str) -> String {
    let (first, size) = if reference.starts_with("RF") {
        (4, 4)
    } else {
        (reference.len() % 5, 5)
    };
    let mut written = String::new();
    for (at, character) in reference.chars().enumerate() {
        if at > 0 && at >= first && (at - first).is_multiple_of(size) {
            written.push(' ');
        }
        written.push(character);
    }
    written
}
