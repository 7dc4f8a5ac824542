//! The catalogues: every language says everything, with the same placeholders, in its own words.

use paymatch::model::{Action, Finding, FindingCode, Language};
use paymatch::words::Words;
use paymatch::words::catalogue::source;
use paymatch::words::finding::message;
use std::collections::{BTreeMap, BTreeSet};

type Key = (String, String);
type Texts = BTreeMap<Key, String>;

fn texts(language: Language) -> Texts {
    let table: toml::Table = source(language).parse().expect("a catalogue is TOML");
    let mut texts = Texts::new();
    for (section, of_section) in table {
        for (key, text) in of_section.as_table().expect("only sections") {
            let text = text.as_str().expect("only texts").to_owned();
            texts.insert((section.clone(), key.clone()), text);
        }
    }
    texts
}

/// Returns the names in braces; decisions, which are words of the catalogue itself, apart.
fn placeholders(text: &str) -> BTreeSet<String> {
    let inside = text.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    inside
        .map(|(inside, _)| inside.split('|').next().expect("a part").to_owned())
        .collect()
}

fn sources() -> Vec<(String, String)> {
    crate::house::files_below("src", &["rs", "html"])
}

#[test]
fn every_language_says_everything_with_the_same_placeholders() {
    let english = texts(Language::English);
    assert!(english.len() > 500, "the catalogue was not found");
    let german = texts(Language::German);
    let mut odd = Vec::new();
    for language in Language::ALL {
        let own = texts(language);
        let is_phrase = |key: &(String, String)| key.0 == "phrase";
        for (key, text) in &english {
            match own.get(key) {
                None => odd.push(format!("{}: {key:?} is missing", language.tag())),
                Some(said) if placeholders(said) != placeholders(text) => {
                    odd.push(format!("{}: {key:?} has other placeholders: {said}", language.tag()));
                }
                Some(said) if said.is_empty() => odd.push(format!("{}: {key:?} is empty", language.tag())),
                Some(_) => {}
            }
        }
        for (key, text) in own.iter().filter(|(key, _)| is_phrase(key)) {
            if placeholders(&key.1) != placeholders(text) {
                odd.push(format!("{}: {key:?} has other placeholders: {text}", language.tag()));
            }
        }
        // A phrase is its own English text; the other languages have the same ones.
        let phrases = |texts: &Texts| texts.keys().filter(|key| is_phrase(key)).cloned().collect::<Vec<_>>();
        if language != Language::English && phrases(&own) != phrases(&german) {
            odd.push(format!("{}: other phrases than German", language.tag()));
        }
        let unknown = own.keys().filter(|key| !is_phrase(key) && !english.contains_key(*key));
        odd.extend(unknown.map(|key| format!("{}: {key:?} is not in English", language.tag())));
    }
    assert!(odd.is_empty(), "{}", odd.join("\n"));
}

#[test]
fn what_the_program_says_stands_in_the_catalogue_and_nothing_else_does() {
    let english = texts(Language::English);
    let mut used: BTreeSet<(String, String)> = BTreeSet::new();
    let mut unknown = Vec::new();
    let all = sources();
    for (path, source) in &all {
        for (call, key) in named_keys(source) {
            match english.get_key_value(&key) {
                Some((key, text)) => {
                    used.insert(key.clone());
                    if let Some(given) = call
                        && given != placeholders(text).into_iter().filter(|name| !is_code(name)).collect()
                    {
                        unknown.push(format!("{path}: {key:?} is filled with {given:?}: {text}"));
                    }
                }
                None => unknown.push(format!("{path}: {key:?} is not in the catalogue")),
            }
        }
    }
    assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    let codes: BTreeSet<&str> = FindingCode::ALL.iter().map(|code| code.code()).collect();
    let page = all
        .iter()
        .find(|(path, _)| path.ends_with("report.html"))
        .expect("a page");
    let whole: String = all.iter().map(|(_, source)| source.as_str()).collect();
    let unused: Vec<String> = english
        .keys()
        .filter(|key| !used.contains(*key))
        .filter(|(section, key)| match section.as_str() {
            "finding" | "remedy" => !codes.contains(key.as_str()),
            "action" | "help_target" | "help_meaning" | "reason_name" | "rule_name" | "set_aside" | "header"
            | "status" | "claim_state" | "kind" => !whole.contains(&format!("\"{key}\"")),
            "signal" => !whole.contains(&format!("    {}", camel_case(key))),
            "report" => !page.1.contains(&format!("t.{key} ")),
            _ => true,
        })
        .map(|key| format!("{key:?}"))
        .collect();
    assert!(unused.is_empty(), "nobody says {}", unused.join(", "));
}

#[test]
fn everything_that_has_a_code_has_words() {
    let english = texts(Language::English);
    let has = |section: &str, key: &str| english.contains_key(&(section.to_owned(), key.to_owned()));
    for code in FindingCode::ALL {
        assert!(has("finding", code.code()), "finding {}", code.code());
    }
    for action in Action::ALL {
        for section in ["action", "help_target", "help_meaning"] {
            assert!(has(section, action.code()), "{section} {}", action.code());
        }
    }
    let matching = std::fs::read_to_string(crate::program::root().join("src/model/matching.rs")).expect("the model");
    for (of, section) in [
        ("Reason::", "reason_name"),
        ("SetAsideRule::", "set_aside"),
        ("SetAsideRule::", "rule_name"),
    ] {
        let codes: Vec<&str> = matching
            .lines()
            .filter(|line| line.trim_start().starts_with(of))
            .filter_map(|line| line.split_once("=> \"")?.1.split('"').next())
            .collect();
        assert!(codes.len() > 8, "{of} was not found");
        for code in codes {
            assert!(has(section, code), "{section} {code}");
        }
    }
}

#[test]
fn phrases_stand_in_the_source() {
    let words = |text: &str| -> String {
        let mut plain = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            plain += before;
            plain.push('\u{0}');
            rest = after.split_once('}').expect("braces close").1;
        }
        plain + rest
    };
    let all: String = sources()
        .iter()
        .map(|(_, source)| source.replace("\\\"", "\"").replace("\\\n", "\n"))
        .collect();
    let all: String = all.split_whitespace().collect::<Vec<_>>().join(" ");
    for (section, phrase) in texts(Language::German).keys() {
        if section != "phrase" {
            continue;
        }
        for piece in words(phrase).split('\u{0}') {
            assert!(all.contains(piece.trim()), "nobody says `{phrase}`: `{piece}`");
        }
    }
}

#[test]
fn chinese_is_chinese() {
    for language in [Language::SimplifiedChinese, Language::TraditionalChinese] {
        for ((section, key), text) in texts(language) {
            let said = without_quotes(&text);
            let latin = longest_latin(&said);
            assert!(
                latin < 3,
                "{} {section}.{key} is left in Latin letters: {text}",
                language.tag()
            );
            // Codes and names of columns may be all that is said.
            let is_chinese = text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            let has_words = said.chars().filter(char::is_ascii_alphabetic).count() > 2;
            assert!(is_chinese || !has_words, "{} {section}.{key}: {text}", language.tag());
        }
    }
    let traditional: String = texts(Language::TraditionalChinese).into_values().collect();
    for simplified in [
        "对",
        "账",
        "单",
        "银",
        "应",
        "销",
        "认",
        "户",
        "发",
        "款项为",
        "业",
        "这",
        "们",
    ] {
        if simplified != "户" {
            assert!(!traditional.contains(simplified), "{simplified} is simplified");
        }
    }
    for own in ["銀行對帳單", "應收帳款", "沖銷", "檔案", "匯入", "試算表", "幣別"] {
        assert!(traditional.contains(own), "{own}");
    }
}

#[test]
fn german_has_no_english_left() {
    for ((section, key), text) in texts(Language::German) {
        let said = format!(" {} ", without_quotes(&text).to_lowercase());
        for english in [" the ", " of ", " and ", " is ", " with ", " not ", " no "] {
            assert!(!said.contains(english), "{section}.{key} has{english}left: {text}");
        }
    }
}

/// Everything that the readers say about broken files, in every language: no English phrase of theirs is left inside.
#[test]
fn findings_are_said_in_one_language() {
    let mut findings: Vec<(String, Finding)> = Vec::new();
    for folder in ["errors/statements", "errors/tables"] {
        let folder = crate::program::root().join("fixtures").join(folder);
        for entry in std::fs::read_dir(folder).expect("fixtures") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.ends_with(".txt") {
                continue;
            }
            let bytes = std::fs::read(&path).expect("a fixture");
            let said = if path.parent().is_some_and(|folder| folder.ends_with("tables")) {
                crate::tables::say(&name, &bytes)
            } else {
                let readings = crate::formats::inspected(&name, &bytes);
                let all = readings.iter().flat_map(|reading| reading.all_findings());
                all.cloned().collect()
            };
            findings.extend(said.into_iter().map(|finding| (name.clone(), finding)));
        }
    }
    assert!(findings.len() > 60, "only {} findings", findings.len());
    let mut left = Vec::new();
    // What cannot be unpacked is explained in the words of the library that tried.
    findings.retain(|(_, finding)| finding.code != FindingCode::ArchiveBroken);
    for (name, finding) in &findings {
        let chinese = message(Words::of(Language::SimplifiedChinese), finding);
        if longest_latin(&without_quotes(&chinese.message)) > 1 {
            left.push(format!("{name}: {}", chinese.message));
        }
        let german = format!(
            " {} ",
            without_quotes(&message(Words::of(Language::German), finding).message)
        );
        if [" the ", " of ", " and ", " expected ", " is "]
            .iter()
            .any(|word| german.contains(word))
        {
            left.push(format!("{name}: {german}"));
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}

/// Returns the text without what stands in backticks, braces and brackets of codes: names are the same in all languages.
fn without_quotes(text: &str) -> String {
    let outside: String = text.split('`').step_by(2).collect::<Vec<_>>().join(" ");
    let mut said = String::new();
    let mut rest = outside.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        said += before;
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    said + rest
}

/// Returns the most small Latin words that follow on each other.
fn longest_latin(text: &str) -> usize {
    let mut longest = 0;
    let mut now = 0;
    for word in text.split([' ', '，', '。', '：', '；', '（', '）', '、']) {
        let is_latin = word.len() > 1 && word.chars().all(|c| c.is_ascii_lowercase());
        now = if is_latin { now + 1 } else { 0 };
        longest = longest.max(now);
    }
    longest
}

fn is_code(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

fn camel_case(key: &str) -> String {
    key.split('_')
        .map(|part| part[..1].to_uppercase() + &part[1..])
        .collect()
}

/// Returns the keys that a source names, `say!` calls with what they fill in: `say!(words, "a.b", amount, day = x)`.
fn named_keys(source: &str) -> Vec<(Option<BTreeSet<String>>, Key)> {
    let mut found = Vec::new();
    for (start, _) in source.match_indices('"') {
        let rest = &source[start + 1..];
        let Some((text, after)) = rest.split_once('"') else {
            continue;
        };
        let Some((section, key)) = text.split_once('.') else {
            continue;
        };
        let is_name = |part: &str| {
            !part.is_empty()
                && part
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        if !is_name(section) || !is_name(key) || !SECTIONS.contains(&section) || ["html", "css"].contains(&key) {
            continue;
        }
        let before = source[..start].trim_end();
        let is_call = before.ends_with(',') && before.rfind("say!(").is_some_and(|at| !before[at..].contains('"'));
        let given = is_call.then(|| given(after));
        found.push((given, (section.to_owned(), key.to_owned())));
    }
    found
}

const SECTIONS: [&str; 16] = [
    "list",
    "evidence",
    "reason",
    "posting",
    "suggestion",
    "candidate",
    "sheet",
    "help",
    "headline",
    "next",
    "terminal",
    "report",
    "explain",
    "inspect",
    "lessons",
    "status",
];

/// Returns the names of the arguments up to the bracket that closes the call.
fn given(after: &str) -> BTreeSet<String> {
    let mut depth = 0;
    let mut arguments = vec![String::new()];
    for c in after.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => {
                arguments.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = arguments.last_mut() {
            last.push(c);
        }
    }
    let names = arguments.iter().filter_map(|argument| argument.split('=').next());
    names
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}
