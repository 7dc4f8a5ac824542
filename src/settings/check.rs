//! Compares a settings file with the shipped one: keys and types, all problems at once.

use toml::de::{DeTable, DeValue};

/// Tables whose keys are the user's own.
const FREE_TABLES: &[&str] = &[
    "accounts",
    "approval.releases",
    "reminders.large",
    "statements.reversal_sign",
];
/// Sections that are never filled up from the shipped file: their paths are the demo's.
const OWN_SECTIONS: &[&str] = &["inputs", "outputs"];

/// Returns every problem of `text` against the shipped file, with line, column and remedy.
pub(super) fn problems(name: &str, text: &str, shipped: &str) -> Vec<String> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut problems: Vec<String> = errors
        .iter()
        .map(|error| {
            let at = error.span().map_or_else(String::new, |span| position(text, span.start));
            format!("error[SETTINGS]: {name}{at}: {}", error.message())
        })
        .collect();
    let Ok(schema) = DeTable::parse(shipped) else {
        return problems;
    };
    let mut found: Vec<(usize, String)> = Vec::new();
    compare(document.get_ref(), schema.get_ref(), "", &mut |offset, message| {
        found.push((offset, message))
    });
    found.sort();
    let placed = found.into_iter();
    problems.extend(
        placed.map(|(offset, message)| format!("error[SETTINGS]: {name}{}: {message}", position(text, offset))),
    );
    for section in OWN_SECTIONS {
        if !document.get_ref().contains_key(*section) {
            problems.push(format!(
                "error[SETTINGS]: {name}: the section [{section}] is missing\nhelp: copy it from the file that `paymatch init` writes"
            ));
            continue;
        }
        let (Some(own), Some(known)) = (table(document.get_ref(), section), table(schema.get_ref(), section)) else {
            continue;
        };
        for key in known
            .keys()
            .map(|key| key.get_ref().as_ref())
            .filter(|key| !own.contains_key(*key))
        {
            problems.push(format!(
                "error[SETTINGS]: {name}: the key `{section}.{key}` is missing\nhelp: state a path, or \"\" where there is none"
            ));
        }
    }
    problems
}

fn table<'a, 'i>(document: &'a DeTable<'i>, key: &str) -> Option<&'a DeTable<'i>> {
    document.get(key).and_then(|value| value.get_ref().as_table())
}

fn compare(own: &DeTable<'_>, known: &DeTable<'_>, path: &str, report: &mut dyn FnMut(usize, String)) {
    for (key, value) in own {
        let name = key.get_ref().as_ref();
        let full = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}.{name}")
        };
        let Some(expected) = known.get(name) else {
            report(key.span().start, unknown(&full, name, known));
            continue;
        };
        match (value.get_ref(), expected.get_ref()) {
            (DeValue::Table(_), DeValue::Table(_)) if FREE_TABLES.contains(&full.as_str()) => {}
            (DeValue::Table(own), DeValue::Table(known)) => compare(own, known, &full, report),
            (own, known) if own.same_type(known) => {}
            (own, known) => {
                let text = format!("`{full}` is {}, expected {}", kind(own), kind(known));
                report(value.span().start, text);
            }
        }
    }
}

/// Returns the kind of a value as people say it.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text in quotes",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list in [ ]",
        DeValue::Table(_) => "a section",
    }
}

fn unknown(full: &str, name: &str, known: &DeTable<'_>) -> String {
    let candidates = known.keys().map(|key| key.get_ref().as_ref());
    let nearest = candidates.min_by_key(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate.len()));
    match nearest {
        Some(nearest) if strsim::damerau_levenshtein(name, nearest) <= 1 + name.chars().count() / 3 => {
            format!("`{full}` is not a setting\nhelp: did you mean `{nearest}`?")
        }
        _ => {
            let all: Vec<&str> = known.keys().map(|key| key.get_ref().as_ref()).collect();
            format!("`{full}` is not a setting\nhelp: known here: {}", all.join(", "))
        }
    }
}

fn position(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |tail| tail.chars().count()) + 1;
    format!(":{line}:{column}")
}

/// Returns the user's settings laid over the shipped ones.
pub(super) fn merged(text: &str, shipped: &str) -> Result<toml::Table, String> {
    let own: toml::Table = text
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    let mut all: toml::Table = shipped
        .parse()
        .map_err(|error: toml::de::Error| error.message().to_owned())?;
    for section in OWN_SECTIONS {
        all.remove(*section);
    }
    lay_over(&mut all, own);
    Ok(all)
}

fn lay_over(base: &mut toml::Table, own: toml::Table) {
    for (key, value) in own {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(base)), toml::Value::Table(own)) => lay_over(base, own),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

/// Returns what decides results, keys sorted: without paths and threads.
pub(super) fn canonical(merged: &toml::Table) -> String {
    let mut deciding = merged.clone();
    for section in OWN_SECTIONS {
        deciding.remove(*section);
    }
    if let Some(toml::Value::Table(claims)) = deciding.get_mut("claims") {
        claims.remove("file");
        claims.remove("sheets");
    }
    // What the class table says is laid over it when it is read.
    deciding.remove("classes");
    if let Some(toml::Value::Table(run)) = deciding.get_mut("run") {
        run.remove("threads");
        run.remove("time_zone");
    }
    let mut lines = Vec::new();
    flatten(&deciding, "", &mut lines);
    lines.sort_unstable();
    lines.join("\n")
}

fn flatten(table: &toml::Table, path: &str, lines: &mut Vec<String>) {
    for (key, value) in table {
        let full = if path.is_empty() {
            key.clone()
        } else {
            format!("{path}.{key}")
        };
        match value {
            toml::Value::Table(inner) => flatten(inner, &full, lines),
            other => lines.push(format!("{full} = {other}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_problems_are_told_at_once_with_the_nearest_key() {
        let shipped = "[inputs]\na = \"x\"\n[outputs]\nb = \"y\"\n[run]\nmode = \"post\"\nthreads = 0\n[accounts]\n";
        let text = "[inputs]\na = \"z\"\n[outputs]\n[run]\nmodee = \"post\"\nthreads = \"2\"\n[acounts]\n[accounts.DE1]\ncompany=\"x\"\n";
        assert_eq!(
            problems("p.toml", text, shipped),
            [
                "error[SETTINGS]: p.toml:5:1: `run.modee` is not a setting\nhelp: did you mean `mode`?",
                "error[SETTINGS]: p.toml:6:11: `run.threads` is a text in quotes, expected a whole number",
                "error[SETTINGS]: p.toml:7:2: `acounts` is not a setting\nhelp: did you mean `accounts`?",
                "error[SETTINGS]: p.toml: the key `outputs.b` is missing\nhelp: state a path, or \"\" where there is none",
            ]
        );
    }
}
