//! The house rules, enforced from the source text: floors, the kernel's bans, sizes, and words that have no place here.
//!
//! Each message says where, why, and what to write instead.

mod rules;
mod scan;

use rules::{Breach, check_everywhere, check_floors, check_kernel, check_listed, check_program, check_rust_file};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the files below a folder of the repository, as `src/model/mod.rs`, in name order.
pub fn files_below(folder: &str, endings: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), endings, &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("folder entry").path();
        if path.is_dir() {
            collect(&path, endings, found);
            continue;
        }
        let is_wanted = path
            .extension()
            .and_then(|e| e.to_str())
            .is_some_and(|e| endings.contains(&e));
        if is_wanted {
            let name = path
                .strip_prefix(root())
                .expect("inside")
                .to_string_lossy()
                .replace('\\', "/");
            found.push((name, fs::read_to_string(&path).expect("UTF-8 source")));
        }
    }
}

fn demand(breaches: Vec<Breach>) {
    let messages: Vec<String> = breaches.into_iter().map(|breach| breach.0).collect();
    assert!(
        messages.is_empty(),
        "{} house rules broken:\n{}\n",
        messages.len(),
        messages.join("\n")
    );
}

fn check_all(folder: &str, check: fn(&str, &str) -> Vec<Breach>) {
    demand(
        files_below(folder, &["rs"])
            .iter()
            .flat_map(|(path, source)| check(path, source))
            .collect(),
    );
}

#[test]
fn rooms_know_only_the_floors_below() {
    assert!(files_below("src", &["rs"]).len() > 10, "the source was not found");
    check_all("src", check_floors);
}

#[test]
fn the_kernel_has_no_files_clock_threads_or_floats() {
    check_all("src", check_kernel);
}

#[test]
fn the_program_neither_panics_nor_prints() {
    check_all("src", check_program);
}

#[test]
fn files_are_short_and_expect_says_why() {
    for folder in ["src", "tests", "examples", "benches"] {
        check_all(folder, check_rust_file);
    }
}

#[test]
fn words_of_unfinished_work_and_machine_paths_are_absent() {
    let endings = ["rs", "md", "toml", "sh", "txt", "html"];
    let mut breaches = Vec::new();
    for folder in ["src", "tests", "examples", "benches", "config", "docs", ".ci"] {
        breaches.extend(
            files_below(folder, &endings)
                .iter()
                .flat_map(|(path, source)| check_everywhere(path, source)),
        );
    }
    for entry in fs::read_dir(root()).expect("root") {
        let path = entry.expect("entry").path();
        let is_text = path.extension().is_some_and(|e| e == "md" || e == "toml");
        if is_text {
            let name = path.file_name().expect("name").to_string_lossy().into_owned();
            breaches.extend(check_everywhere(&name, &fs::read_to_string(&path).expect("UTF-8")));
        }
    }
    demand(breaches);
}

#[test]
fn no_test_file_is_forgotten() {
    let folder = root().join("tests/it");
    let main = fs::read_to_string(folder.join("main.rs")).expect("main.rs");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).expect("tests/it") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|e| e == "rs") {
            names.push(path.file_stem().expect("name").to_string_lossy().into_owned());
        }
    }
    names.sort();
    demand(check_listed(&main, &names));
}

#[test]
fn architecture_fits_on_two_pages() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    assert!(
        text.lines().count() <= 150,
        "ARCHITECTURE.md: a bird's view has at most 150 lines"
    );
}

/// The rules must be able to fail: one small bad source per rule, and its innocent neighbour.
#[test]
fn bad_sources_are_found_and_good_ones_are_not() {
    type Check = fn(&str, &str) -> Vec<Breach>;
    let cases: &[(Check, &str, &str, usize)] = &[
        (check_floors, "src/model/money.rs", "use crate::words::reason;", 1),
        (check_floors, "src/model/money.rs", "use super::date::NaiveDate;", 0),
        (check_floors, "src/model/money.rs", "use super::super::read::xml;", 1),
        (check_floors, "src/model/mod.rs", "use super::read::xml;", 1),
        (
            check_floors,
            "src/text/mod.rs",
            "fn f() { crate::read::xml::open(); }",
            1,
        ),
        (
            check_floors,
            "src/text/mod.rs",
            "use crate::{model::Amount, read::{xml, table}};",
            2,
        ),
        (
            check_floors,
            "src/read/mod.rs",
            "use crate::{model::Amount, words::finding};",
            0,
        ),
        (
            check_floors,
            "src/text/mod.rs",
            "//! See [`crate::assign`].\nconst A: &str = \"crate::cli::x\";",
            0,
        ),
        (
            check_floors,
            "src/text/mod.rs",
            "#[cfg(test)] mod tests { use crate::read::xml; }\nuse crate::read::xml;",
            1,
        ),
        (check_floors, "src/text/mod.rs", "#[cfg(test)] use crate::read::xml;", 0),
        (check_floors, "src/util/mod.rs", "", 1),
        (check_floors, "src/review/mod.rs", "use crate::read::table;", 0),
        (check_floors, "src/review/mod.rs", "use crate::post::x;", 1),
        (check_floors, "src/cli/mod.rs", "use crate::run::nightly;", 0),
        (check_floors, "src/lib.rs", "pub mod cli;", 0),
        (check_kernel, "src/assign/mod.rs", "use std::fs;", 1),
        (check_kernel, "src/assign/mod.rs", "use std::{fmt, fs::File};", 1),
        (check_kernel, "src/assign/mod.rs", "let a = std::env::var(\"A\");", 1),
        (check_kernel, "src/assign/mod.rs", "let now = chrono::Local::now();", 1),
        (check_kernel, "src/assign/mod.rs", "use rayon::prelude::*;", 1),
        (
            check_kernel,
            "src/assign/mod.rs",
            "use std::collections::{BTreeMap, HashMap};",
            1,
        ),
        (check_kernel, "src/assign/mod.rs", "use rustc_hash::FxHashMap;", 0),
        (check_kernel, "src/assign/mod.rs", "let weight: f64 = a;", 1),
        (check_kernel, "src/assign/mod.rs", "let weight = 0.5;", 1),
        (
            check_kernel,
            "src/assign/mod.rs",
            "let weight = pair.0.1 + (0..4).len();",
            0,
        ),
        (check_kernel, "src/text/name.rs", "let score: f64 = 0.5;", 0),
        (check_kernel, "src/text/name.rs", "let bits = score.log2();", 1),
        (check_kernel, "src/text/name.rs", "let bits = bits::log2(score);", 0),
        (check_kernel, "src/assign/mod.rs", "let rand = 1; // no std::fs here", 0),
        (check_kernel, "src/run/mod.rs", "use std::fs;", 0),
        (check_program, "src/read/mod.rs", "a.unwrap();", 1),
        (check_program, "src/read/mod.rs", "a.expect(\"there\");", 1),
        (check_program, "src/read/mod.rs", "a.expect_tag(1); a.unwrap_or(2);", 0),
        (
            check_program,
            "src/read/mod.rs",
            "#[cfg(test)]\nmod tests { fn f() { a.unwrap(); } }",
            0,
        ),
        (
            check_program,
            "src/read/mod.rs",
            "#[cfg(test)]\nmod tests { }\nfn f() { a.unwrap(); }",
            1,
        ),
        (check_program, "src/read/mod.rs", "println!(\"a\");", 1),
        (check_program, "src/cli/mod.rs", "println!(\"a\");", 0),
        (
            check_program,
            "src/read/mod.rs",
            "let text = r#\"a \" .unwrap() \"#; let c = '\"'; b.unwrap();",
            1,
        ),
        (check_everywhere, "README.md", concat!("a TO", "DO b"), 1),
        (check_everywhere, "README.md", concat!("cd /wo", "rk/x"), 1),
        (check_everywhere, "README.md", "a workbook", 0),
        (check_rust_file, "src/read/mod.rs", "#[allow(dead_code)] fn f() {}", 1),
        (check_rust_file, "src/read/mod.rs", "#![allow(dead_code)]", 1),
        (
            check_rust_file,
            "src/read/mod.rs",
            "#[expect(dead_code, reason = \"allow(\")] fn f() {}",
            0,
        ),
    ];
    for (check, path, source, expected) in cases {
        let breaches = check(path, source);
        assert_eq!(breaches.len(), *expected, "{path}: {source}\n{breaches:?}");
    }
    let long = "\n".repeat(41);
    assert_eq!(check_rust_file("src/main.rs", &long).len(), 1);
    assert_eq!(check_rust_file("src/lib.rs", &long).len(), 0);
    assert_eq!(check_rust_file("src/lib.rs", &"\n".repeat(601)).len(), 1);
    assert_eq!(
        check_listed("mod house;", &["house".into(), "main".into(), "crash".into()]).len(),
        1
    );
    assert_eq!(check_listed("// mod crash;\nmod house;", &["crash".into()]).len(), 1);
}
