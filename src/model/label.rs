//! Short texts: ids, numbers, names, figures.

/// A short text: up to 24 bytes it needs no memory of its own, and to copy it costs nothing.
pub type Label = compact_str::CompactString;

/// Returns the label of ASCII characters, `most` at most: put together beside it, since growing one is slow.
pub(crate) fn of_ascii(most: usize, bytes: impl Iterator<Item = u8>) -> Label {
    let mut short = [0_u8; 40];
    if most > short.len() {
        return Label::from(bytes.map(char::from).collect::<String>());
    }
    let mut used = 0;
    bytes.for_each(|byte| {
        if let Some(place) = short.get_mut(used) {
            *place = byte;
            used += 1;
        }
    });
    written(&short[..used])
}

/// Returns the label of what was written in ASCII.
pub(crate) fn written(ascii: &[u8]) -> Label {
    std::str::from_utf8(ascii).unwrap_or_default().into()
}
