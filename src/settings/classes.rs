//! The class table that a backtest wrote: what its counted record says of single evidence classes.

use crate::assign::problem_of_class;
use crate::settings::{Settings, SettingsError};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Versions of the table that can be read.
const VERSION: u32 = 1;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    version: u32,
    target: u32,
    #[serde(rename = "first_day")]
    _first_day: Option<String>,
    #[serde(rename = "last_day")]
    _last_day: Option<String>,
    #[serde(default)]
    class: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    class: String,
    verdict: Verdict,
    cases: u64,
    right: u64,
    at_least: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verdict {
    Post,
    Hold,
    TooFew,
}

impl Settings {
    /// Lays a class table over the policy: its text is part of what decides results.
    ///
    /// Refuses a table that cannot be read, another version, a class that is none, and a class that posts although its record
    /// does not prove the target; `name` stands in messages.
    pub fn obey(&mut self, name: &str, text: &str) -> Result<(), SettingsError> {
        let refuse = |problems: Vec<String>| {
            let told = problems.into_iter().map(|problem| {
                format!(
                    "error[CLASSES]: {name}: {problem}\nhelp: write it again with `paymatch backtest --write {name}`"
                )
            });
            SettingsError(told.collect())
        };
        let table: Table =
            toml::from_str(text).map_err(|error| refuse(vec![error.to_string().trim_end().to_owned()]))?;
        if table.version != VERSION {
            return Err(refuse(vec![format!(
                "version {} is not known, expected {VERSION}",
                table.version
            )]));
        }
        let problems: Vec<String> = table
            .class
            .iter()
            .filter_map(|record| problem(record, table.target.max(self.policy.target)))
            .collect();
        if !problems.is_empty() {
            return Err(refuse(problems));
        }
        let decided = table.class.iter().filter(|record| record.verdict != Verdict::TooFew);
        let counted: BTreeMap<String, bool> = decided
            .map(|record| (record.class.clone(), record.verdict == Verdict::Post))
            .collect();
        for (class, posts) in &counted {
            self.canonical.push_str(&format!("\nclasses.{class} = {posts}"));
        }
        self.policy.counted = counted;
        Ok(())
    }
}

fn problem(record: &Record, target: u32) -> Option<String> {
    let class = &record.class;
    problem_of_class(class).or_else(|| {
        if record.right > record.cases {
            Some(format!(
                "`{class}` has {} right ones of {} cases",
                record.right, record.cases
            ))
        } else if record.verdict == Verdict::Post && record.at_least < target {
            Some(format!(
                "`{class}` posts, but its record proves {} millionths, and {target} are needed",
                record.at_least
            ))
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{SHIPPED, parse};
    use std::path::Path;

    const TABLE: &str = "version = 1\ntarget = 999000\n
[[class]]\nclass = \"account/none/exact/single\"\nverdict = \"hold\"\ncases = 100\nright = 90\nat_least = 836000
[[class]]\nclass = \"unknown/none/exact/single\"\nverdict = \"post\"\ncases = 5000\nright = 5000\nat_least = 999401
[[class]]\nclass = \"name/none/exact/single\"\nverdict = \"too_few\"\ncases = 5\nright = 5\nat_least = 549280
";

    fn shipped() -> Settings {
        parse("paymatch.toml", SHIPPED, Path::new("")).expect("settings")
    }

    #[test]
    fn a_record_goes_before_the_rules_and_changes_the_settings_hash() {
        let mut settings = shipped();
        let before = settings.canonical.clone();
        settings.obey("classes.toml", TABLE).expect("a table");
        let classes = settings.policy.classes().expect("classes");
        for (class, posts) in [
            ("account/none/exact/single", false),
            ("unknown/none/exact/single", true),
            ("name/none/exact/single", true),
            ("account/number/exact/single", true),
            ("contradicts/number/exact/single", false),
        ] {
            assert_eq!(classes.permit_written(class), posts, "{class}");
        }
        assert_ne!(settings.canonical, before);
    }

    #[test]
    fn a_table_that_proves_nothing_is_refused() {
        for (from, to, told) in [
            ("version = 1", "version = 2", "version 2 is not known, expected 1"),
            ("target = 999000", "aim = 999000", "unknown field `aim`"),
            (
                "999401",
                "998999",
                "`unknown/none/exact/single` posts, but its record proves 998999",
            ),
            (
                "account/none",
                "acount/none",
                "`acount` in `acount/none/exact/single` is none of account",
            ),
            (
                "account/none/exact/single",
                "*/none/exact/single",
                "is more than one class",
            ),
            ("right = 90", "right = 101", "101 right ones of 100 cases"),
            ("\"hold\"", "\"never\"", "unknown variant `never`"),
        ] {
            let refused = shipped()
                .obey("classes.toml", &TABLE.replacen(from, to, 1))
                .expect_err(told);
            assert!(refused.to_string().contains(told), "{to}: {refused}");
        }
    }
}
