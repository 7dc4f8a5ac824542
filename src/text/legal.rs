//! Legal forms: found at the end, the start or inside of a name, grouped into classes of the same meaning.

/// The legal form of a firm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LegalForm {
    /// Class of the same meaning: `Ltd` and `Limited` are both `ltd`. One of the names in `config/names/legal_forms.txt`.
    pub class: &'static str,
}
