//! One piece of evidence, and how it is recorded.

use crate::model::Label;
use crate::model::matching::Signal;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

/// One piece of evidence. Integers: sums are exact, and the order does not matter.
///
/// Recorded as `["NumberExact",2166,"4114807"]`: a night records a million of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// What was looked at and what was seen.
    pub signal: Signal,
    /// 1/100 bit; negative speaks against.
    pub weight: i32,
    /// What exactly: the number as written, the name, the difference. May be empty.
    pub detail: Label,
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.detail.is_empty() {
            (self.signal, self.weight).serialize(serializer)
        } else {
            (self.signal, self.weight, &self.detail).serialize(serializer)
        }
    }
}

impl<'de> Deserialize<'de> for Evidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyEvidence)
    }
}

/// Reads evidence as it is recorded, and as it once was: with names.
struct AnyEvidence;

impl<'de> Visitor<'de> for AnyEvidence {
    type Value = Evidence;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("evidence: signal, weight, and what exactly")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Evidence, A::Error> {
        let missing = |at| A::Error::invalid_length(at, &self);
        Ok(Evidence {
            signal: parts.next_element()?.ok_or_else(|| missing(0))?,
            weight: parts.next_element()?.ok_or_else(|| missing(1))?,
            detail: parts.next_element()?.unwrap_or_default(),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, parts: A) -> Result<Evidence, A::Error> {
        #[derive(Deserialize)]
        struct Named {
            signal: Signal,
            weight: i32,
            #[serde(default)]
            detail: Label,
        }
        let Named { signal, weight, detail } = Named::deserialize(MapAccessDeserializer::new(parts))?;
        Ok(Evidence { signal, weight, detail })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_read_as_it_is_recorded_and_as_it_once_was() {
        let prior = Evidence {
            signal: Signal::Prior,
            weight: -1_200,
            detail: Label::default(),
        };
        let number = Evidence {
            signal: Signal::NumberExact,
            weight: 2_166,
            detail: Label::from("RE-\"7\""),
        };
        let recorded = serde_json::to_string(&[&prior, &number]).expect("JSON");
        assert_eq!(recorded, r#"[["Prior",-1200],["NumberExact",2166,"RE-\"7\""]]"#);
        let named = r#"[{"signal":"Prior","weight":-1200},{"signal":"NumberExact","weight":2166,"detail":"RE-\"7\""}]"#;
        for written in [recorded.as_str(), named] {
            let read: Vec<Evidence> = serde_json::from_str(written).expect("evidence");
            assert_eq!(read, [prior.clone(), number.clone()]);
        }
        for broken in [
            "[]",
            r#"["Prior"]"#,
            r#"["Prior",1,"a","b"]"#,
            r#"{"signal":"Prior"}"#,
            "7",
        ] {
            assert!(serde_json::from_str::<Evidence>(broken).is_err(), "{broken}");
        }
    }
}
