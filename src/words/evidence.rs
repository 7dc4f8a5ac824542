//! Sentences of evidence.

use crate::model::{Evidence, Signal};

/// Returns one short clause about a piece of evidence: "number RE-1001 stands in the text".
pub fn clause(evidence: &Evidence) -> String {
    let detail = &evidence.detail;
    match evidence.signal {
        Signal::Prior => "before looking".to_owned(),
        Signal::NumberExact => format!("number {detail} stands in the text"),
        other => {
            if detail.is_empty() {
                format!("{other:?}")
            } else {
                format!("{other:?} {detail}")
            }
        }
    }
}
