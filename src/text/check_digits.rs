//! References that prove themselves by check digits.

/// A kind of reference with check digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// RF creditor reference, ISO 11649, mod 97.
    Rf,
    /// Swiss QR reference, 27 digits, recursive mod 10.
    Qrr,
    /// Belgian structured communication, 12 digits, mod 97.
    Ogm,
    /// Finnish viitenumero, weights 7-3-1.
    Viitenumero,
    /// Estonian or Latvian reference, weights 7-3-1.
    Baltic,
    /// Norwegian KID, mod 10.
    KidMod10,
    /// Norwegian KID, mod 11.
    KidMod11,
    /// Swedish OCR, Luhn.
    Ocr,
    /// Slovenian SI reference, mod 11.
    Si,
    /// IBAN, mod 97.
    Iban,
    /// Chinese unified social credit code, mod 31; about a third of real codes fail it.
    SocialCredit,
    /// Chinese digital invoice number, 20 digits: structure only.
    DigitalInvoice,
}

/// A reference found in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checked {
    /// Kind.
    pub scheme: Scheme,
    /// Byte position of the first character.
    pub start: usize,
    /// Byte position after the last character.
    pub end: usize,
    /// As written.
    pub written: String,
    /// Without check digits and leading zeros, in capitals: it often contains our document or customer number.
    pub payload: String,
}

/// Returns the references of strong schemes in a text, in order of position; printed blanks are understood.
pub fn recognise(_text: &str) -> Vec<Checked> {
    Vec::new()
}

/// Returns true when a reference without blanks, in capitals, satisfies the scheme.
pub fn check(_scheme: Scheme, _reference: &str) -> bool {
    false
}
