//! The rules themselves: source text in, breaches out.

use super::scan::{Token, code_only, is_sequence, paths, tokens, without_tests};

/// Floors from the ground up. A room may use the rooms of lower floors only; rooms of one floor do not know each other.
pub const FLOORS: &[&[&str]] = &[
    &["model"],
    &["words"],
    &["text", "read"],
    &["index", "evidence"],
    &["propose"],
    &["assign"],
    &["post", "review", "store", "report", "settings"],
    &["run"],
    &["cli"],
];

/// Rooms that have no files, clock, threads, environment, randomness, printing or hash order, so that every run gives the same.
pub const KERNEL: &[&str] = &["model", "text", "index", "evidence", "propose", "assign"];

/// Paths that the kernel may not name: the path, why, and what to do instead.
pub const KERNEL_PATHS: &[(&str, &str, &str)] = &[
    (
        "std::fs",
        "the kernel opens no files",
        "take bytes or nouns; files are opened in `run`",
    ),
    (
        "std::env",
        "the kernel knows no environment",
        "take an option; the environment is read in `cli`",
    ),
    (
        "std::time",
        "the kernel knows no clock",
        "take the as-of date; limits are counted in steps",
    ),
    (
        "std::thread",
        "the kernel starts no threads",
        "be pure; `run` calls in parallel",
    ),
    (
        "std::process",
        "the kernel starts no processes",
        "answer with an outcome",
    ),
    ("std::net", "the kernel has no network", "take bytes or nouns"),
    (
        "std::sync::Mutex",
        "the kernel shares no state between threads",
        "pass it as an argument",
    ),
    (
        "std::sync::RwLock",
        "the kernel shares no state between threads",
        "pass it as an argument",
    ),
    (
        "std::sync::atomic",
        "the kernel shares no state between threads",
        "pass it as an argument",
    ),
    (
        "rayon",
        "the kernel starts no threads",
        "be pure; `run` calls in parallel",
    ),
    ("chrono::Local", "the kernel knows no clock", "take the as-of date"),
    ("chrono::Utc", "the kernel knows no clock", "take the as-of date"),
    ("Local::now", "the kernel knows no clock", "take the as-of date"),
    ("Utc::now", "the kernel knows no clock", "take the as-of date"),
    ("rand", "the kernel has no randomness", "break ties by stable ids"),
    (
        "libm",
        "libm differs between machines",
        "use `text::bits`, the fixed-point table",
    ),
];

/// Words that the kernel may not use, wherever they stand.
pub const KERNEL_WORDS: &[(&str, &str, &str)] = &[
    (
        "HashMap",
        "hash order changes from run to run",
        "use BTreeMap, or rustc_hash::FxHashMap for look-ups that are never iterated",
    ),
    (
        "HashSet",
        "hash order changes from run to run",
        "use BTreeSet, or rustc_hash::FxHashSet for look-ups that are never iterated",
    ),
    ("RandomState", "hash order changes from run to run", "use BTreeMap"),
    ("SystemTime", "the kernel knows no clock", "take the as-of date"),
    ("Instant", "the kernel knows no clock", "count steps"),
];

/// Float methods whose bits differ between machines.
pub const FLOAT_METHODS: &[&str] = &["log2", "exp2", "powf", "powi", "ln", "exp", "log10", "ln_1p", "exp_m1"];

/// One broken rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breach(pub String);

pub fn breach(path: &str, line: usize, what: &str, why: &str, instead: &str) -> Breach {
    Breach(format!("{path}:{line}: {what}: {why}; instead: {instead}"))
}

/// Returns the floor of a room, from 0.
pub fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Returns the room of a source file: `src/read/xml.rs` is in `read`. `None` for `lib.rs` and `main.rs`.
pub fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    match inside.split_once('/') {
        Some((room, _)) => Some(room),
        None => Some(inside.strip_suffix(".rs")?).filter(|name| !matches!(*name, "lib" | "main")),
    }
}

/// Returns how many `super::` lead from the file's module to the crate: 1 for `src/model/mod.rs`, 2 for `src/model/money.rs`.
pub fn depth_of(path: &str) -> usize {
    let names: Vec<&str> = path.split('/').skip(1).collect();
    match names.last() {
        Some(&"mod.rs") => names.len() - 1,
        _ => names.len(),
    }
}

/// A room's tests in a file of their own: `tests.rs`, `tokens_tests.rs`. Their room declares them `#[cfg(test)]`.
fn is_test_file(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.ends_with("_tests.rs")
}

/// Checks that a file uses only rooms of lower floors.
pub fn check_floors(path: &str, source: &str) -> Vec<Breach> {
    let Some(room) = room_of(path) else { return Vec::new() };
    let Some(own) = floor(room) else {
        return vec![breach(
            path,
            1,
            &format!("room `{room}`"),
            "it stands on no floor",
            "give it one in tests/it/house.rs and DECISIONS.md",
        )];
    };
    let code = without_tests(&tokens(&code_only(source)));
    let mut breaches = Vec::new();
    for (line, segments) in paths(&code) {
        let Some(used) = used_room(path, &segments) else {
            continue;
        };
        let Some(other) = floor(used).filter(|_| used != room) else {
            continue;
        };
        if other >= own {
            let why = if other > own {
                "arrows point down only"
            } else {
                "rooms of one floor do not know each other"
            };
            let what = format!("`{room}` (floor {own}) uses `{used}` (floor {other})");
            breaches.push(breach(
                path,
                line,
                &what,
                why,
                "move the shared part into a lower room, or pass the value as an argument",
            ));
        }
    }
    breaches
}

/// Returns the room that a path names, by `crate::`, `paymatch::` or enough `super::`.
pub fn used_room<'a>(path: &str, segments: &'a [String]) -> Option<&'a str> {
    let first = segments.first()?;
    if first == "crate" || first == "paymatch" {
        return segments.get(1).map(String::as_str);
    }
    let skip = usize::from(first == "self");
    let ups = segments[skip..]
        .iter()
        .take_while(|segment| *segment == "super")
        .count();
    (ups > 0 && ups >= depth_of(path))
        .then(|| segments.get(skip + ups).map(String::as_str))
        .flatten()
}

/// Checks that the kernel names nothing that makes two runs differ.
pub fn check_kernel(path: &str, source: &str) -> Vec<Breach> {
    let Some(room) = room_of(path).filter(|room| KERNEL.contains(room) && !is_test_file(path)) else {
        return Vec::new();
    };
    let code = without_tests(&tokens(&code_only(source)));
    let mut breaches = Vec::new();
    for (line, segments) in paths(&code) {
        let written = segments.join("::");
        for (banned, why, instead) in KERNEL_PATHS {
            let is_named = written == *banned || written.starts_with(&format!("{banned}::"));
            // A lone word may be anything, such as a field called `rand`; it is the path that counts.
            if is_named && (segments.len() > 1 || !banned.contains("::")) && is_path_or_macro(&code, line, &segments) {
                breaches.push(breach(path, line, &format!("`{written}` in `{room}`"), why, instead));
            }
        }
    }
    for (at, token) in code.iter().enumerate() {
        for (banned, why, instead) in KERNEL_WORDS {
            if token.text == *banned {
                breaches.push(breach(
                    path,
                    token.line,
                    &format!("`{banned}` in `{room}`"),
                    why,
                    instead,
                ));
            }
        }
        if room == "text" {
            check_float_methods(path, &code[at..], &mut breaches);
        } else if is_float(&token.text) {
            let what = format!("`{}` in `{room}`", token.text);
            breaches.push(breach(
                path,
                token.line,
                &what,
                "money and weights are never floats",
                "use i64 minor units or i32 hundredths of a bit",
            ));
        }
    }
    breaches
}

/// Returns true when the path has more than one segment, or its single word stands before `::` or in a `use`.
pub fn is_path_or_macro(code: &[Token], line: usize, segments: &[String]) -> bool {
    if segments.len() > 1 {
        return true;
    }
    code.windows(2)
        .any(|pair| pair[0].text == "use" && pair[1].text == segments[0] && pair[1].line == line)
}

pub fn check_float_methods(path: &str, code: &[Token], breaches: &mut Vec<Breach>) {
    for method in FLOAT_METHODS {
        if is_sequence(code, &[".", method, "("]) || is_sequence(code, &["f64", "::", method]) {
            let what = format!("`{method}` of a float");
            breaches.push(breach(
                path,
                code[0].line,
                &what,
                "libm differs between machines",
                "use `text::bits`, the fixed-point table",
            ));
        }
    }
}

pub fn is_float(token: &str) -> bool {
    let is_number = token.starts_with(|c: char| c.is_ascii_digit());
    matches!(token, "f32" | "f64")
        || (is_number && (token.contains('.') || token.ends_with("f32") || token.ends_with("f64")))
}

/// Checks what no source file of the program may hold, tests inside it aside.
pub fn check_program(path: &str, source: &str) -> Vec<Breach> {
    if is_test_file(path) {
        return Vec::new();
    }
    let code = without_tests(&tokens(&code_only(source)));
    let may_print = path == "src/main.rs" || path.starts_with("src/cli/");
    let mut breaches = Vec::new();
    for at in 0..code.len() {
        let rest = &code[at..];
        let line = rest[0].line;
        let mut say = |what: &str, why: &str, instead: &str| breaches.push(breach(path, line, what, why, instead));
        if is_sequence(rest, &[".", "unwrap", "(", ")"]) {
            say(
                "`unwrap()`",
                "the night must not die of one record",
                "return a Result, or `let … else`",
            );
        }
        if is_sequence(rest, &[".", "expect", "(", "\""]) {
            say(
                "`expect(\"…\")`",
                "the night must not die of one record",
                "return a Result, or `let … else`",
            );
        }
        for name in ["todo", "unimplemented", "dbg", "panic"] {
            if is_sequence(rest, &[name, "!"]) {
                say(
                    &format!("`{name}!`"),
                    "the night must not die of one record",
                    "return a Result",
                );
            }
        }
        for name in ["println", "eprintln", "print", "eprint"] {
            if !may_print && is_sequence(rest, &[name, "!"]) {
                say(
                    &format!("`{name}!`"),
                    "the library never prints",
                    "return the text, or write to an `impl Write`",
                );
            }
        }
    }
    breaches
}

/// Checks what no file of the repository may hold.
pub fn check_everywhere(path: &str, source: &str) -> Vec<Breach> {
    let mut breaches = Vec::new();
    // Written in two halves, so that this file may stand under its own rule.
    let words = [
        (
            concat!("TO", "DO"),
            "unfinished work is no part of main",
            "finish it, or open an issue",
        ),
        (
            concat!("FIX", "ME"),
            "unfinished work is no part of main",
            "finish it, or open an issue",
        ),
        (
            concat!("/wo", "rk/"),
            "a path of one machine",
            "a relative path, a setting, or an environment variable",
        ),
        (
            concat!("/ro", "ot/"),
            "a path of one machine",
            "a relative path, a setting, or an environment variable",
        ),
    ];
    for (number, line) in source.lines().enumerate() {
        for (word, why, instead) in words {
            if line.contains(word) {
                breaches.push(breach(path, number + 1, &format!("`{word}`"), why, instead));
            }
        }
    }
    breaches
}

/// Checks attributes and length of a Rust file.
pub fn check_rust_file(path: &str, source: &str) -> Vec<Breach> {
    let code = tokens(&code_only(source));
    let mut breaches = Vec::new();
    for at in 0..code.len() {
        let rest = &code[at..];
        if is_sequence(rest, &["#", "[", "allow", "("]) || is_sequence(rest, &["#", "!", "[", "allow", "("]) {
            breaches.push(breach(
                path,
                rest[0].line,
                "`allow`",
                "it outlives its cause in silence",
                "`expect(…, reason = \"…\")`",
            ));
        }
    }
    let (lines, limit) = (source.lines().count(), if path == "src/main.rs" { 40 } else { 600 });
    if lines > limit {
        let what = format!("{lines} lines, at most {limit}");
        breaches.push(breach(
            path,
            lines,
            &what,
            "nobody reads it whole",
            "raise a wall: a file per thing; main only parses, calls and exits",
        ));
    }
    breaches
}

/// Checks that every file of the test crate is named in its `main.rs`.
pub fn check_listed(main: &str, files: &[String]) -> Vec<Breach> {
    let listed = tokens(&code_only(main));
    let is_listed = |name: &str| {
        listed
            .windows(2)
            .any(|pair| pair[0].text == "mod" && pair[1].text == name)
    };
    let forgotten = files.iter().filter(|name| *name != "main" && !is_listed(name));
    forgotten
        .map(|name| {
            breach(
                "tests/it/main.rs",
                1,
                &format!("`{name}` is not listed"),
                "its tests never run",
                &format!("`mod {name};`"),
            )
        })
        .collect()
}
