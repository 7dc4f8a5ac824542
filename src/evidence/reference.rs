//! Numbers in the text.

use super::Weights;
use crate::model::Signal;
use crate::text::bits::log2;

/// Returns the weight of a number that stands in the text: how unlikely it is there by chance.
///
/// `key` is what agreed; `numbers` how many numbers the text holds, `reached` how many items this form can mean.
pub fn number(weights: &Weights, signal: Signal, key: &str, numbers: usize, reached: usize) -> i32 {
    let digits = key.bytes().filter(u8::is_ascii_digit).count() as i32;
    let letters = (key.len() as i32 - digits).clamp(0, 3);
    let full = digits * weights.number_digit + letters * weights.number_letter - log2(numbers.max(1) as u64);
    let capped = full.min(weights.number_max) - log2(reached.max(1) as u64);
    let form = match signal {
        Signal::NumberReformatted => weights.number_reformatted,
        Signal::NumberTypo => weights.number_typo,
        Signal::OrderNumber => weights.order_number,
        Signal::CheckedReference => weights.checked,
        Signal::StructuredDocument => weights.structured,
        _ => 0,
    };
    (capped + form).max(0)
}
