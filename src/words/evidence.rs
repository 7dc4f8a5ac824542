//! Sentences of evidence.

use crate::model::{Candidate, Evidence, Signal};

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

/// Returns what speaks for a candidate and what against it, strongest first; the prior is left out.
pub fn for_and_against(candidate: &Candidate) -> (String, String) {
    let mut evidence: Vec<&Evidence> = candidate
        .evidence
        .iter()
        .filter(|evidence| !matches!(evidence.signal, Signal::Prior))
        .collect();
    evidence.sort_by_key(|evidence| std::cmp::Reverse(evidence.weight.abs()));
    let joined = |is_for: bool| -> String {
        let clauses: Vec<String> = evidence
            .iter()
            .filter(|evidence| evidence.weight != 0 && (evidence.weight > 0) == is_for)
            .map(|evidence| clause(evidence))
            .collect();
        clauses.join(", ")
    };
    (joined(true), joined(false))
}
