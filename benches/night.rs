//! What a whole night costs: CPU time of `paymatch run`, as a multiple of a bare XML event loop over the same statements.
//!
//! `cargo bench --bench night -- DIR` takes a folder made by `cargo run --release --example generate_night -- DIR …`.
//! Both are measured in one run, so that the ratio holds on any machine.

#![expect(clippy::print_stdout, reason = "a bench reports by printing")]

use quick_xml::events::Event;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How often all is measured.
const ROUNDS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let Some(folder) = arguments.first().map(PathBuf::from) else {
        println!(
            "usage: cargo bench --bench night -- DIR (a folder made by the example generate_night); nothing measured"
        );
        return;
    };
    let statements = xml_files(&folder);
    let bytes: u64 = statements
        .iter()
        .filter_map(|path| path.metadata().ok())
        .map(|metadata| metadata.len())
        .sum();
    println!("{} XML files, {} MB", statements.len(), bytes / 1_000_000);
    let mut ratios = Vec::new();
    let (mut quietest_night, mut quietest_loop) = (u64::MAX, f64::MAX);
    for round in 1..=ROUNDS {
        // Before and after: the machine may become faster or slower meanwhile.
        let before = bare_loop(&statements);
        let (night, memory) = night(&folder);
        let after = bare_loop(&statements);
        let in_memory = (before.in_memory + after.in_memory) as f64 / 2.0;
        let from_file = (before.from_file + after.from_file) as f64 / 2.0;
        let of_file = night as f64 / from_file.max(1.0);
        ratios.push(of_file);
        quietest_night = quietest_night.min(night);
        quietest_loop = quietest_loop.min(before.from_file.min(after.from_file) as f64);
        println!(
            "round {round}: {} events, bare loop {} ms in memory, {} ms from the files; night {} ms, ratio {:.1} and {of_file:.1}; peak memory {} MB",
            before.events,
            in_memory * 10.0,
            from_file * 10.0,
            night * 10,
            night as f64 / in_memory.max(1.0),
            memory / 1_000,
        );
    }
    ratios.sort_by(f64::total_cmp);
    println!(
        "median of the ratios to the loop from the files: {:.1}",
        ratios[ROUNDS / 2]
    );
    // What else runs on the machine only ever adds, and adds more to what uses more memory.
    println!(
        "quietest night to the quietest loop from the files: {:.1}",
        quietest_night as f64 / quietest_loop.max(1.0)
    );
}

fn xml_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(listed) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in listed.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// What a bare loop costs, in ticks of 10 ms, and how many events it saw.
struct BareLoop {
    in_memory: u64,
    from_file: u64,
    events: u64,
}

/// Returns user and system time of this process and of its children that ended, in ticks of 10 ms.
fn ticks() -> (u64, u64) {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(") ").next().unwrap_or_default();
    let fields: Vec<u64> = after_name.split(' ').map(|field| field.parse().unwrap_or(0)).collect();
    let field = |position: usize| fields.get(position).copied().unwrap_or(0);
    (field(11) + field(12), field(13) + field(14))
}

/// The same files as often as it takes to be measurable, then divided: once as text that lies in memory, once from the files.
fn bare_loop(statements: &[PathBuf]) -> BareLoop {
    const REPEAT: u64 = 3;
    let texts: Vec<String> = statements
        .iter()
        .filter_map(|path| std::fs::read_to_string(path).ok())
        .collect();
    let before = ticks().0;
    let mut events = 0;
    for text in texts.iter().cycle().take(texts.len() * REPEAT as usize) {
        let mut reader = quick_xml::Reader::from_str(text);
        while reader.read_event().is_ok_and(|event| event != Event::Eof) {
            events += 1;
        }
    }
    let between = ticks().0;
    let mut bytes = Vec::new();
    for path in statements.iter().cycle().take(statements.len() * REPEAT as usize) {
        let Ok(mut reader) = quick_xml::Reader::from_file(path) else {
            continue;
        };
        while reader
            .read_event_into(&mut bytes)
            .is_ok_and(|event| event != Event::Eof)
        {
            bytes.clear();
        }
    }
    BareLoop {
        in_memory: (between - before) / REPEAT,
        from_file: (ticks().0 - between) / REPEAT,
        events: events / REPEAT,
    }
}

/// Runs the program on the folder; returns its CPU ticks and its peak memory in kB.
fn night(folder: &Path) -> (u64, u64) {
    let results = std::env::temp_dir().join(format!("paymatch-bench-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&results);
    let before = ticks().1;
    let mut command = Command::new("/usr/bin/env");
    command.arg(env!("CARGO_BIN_EXE_paymatch")).arg("run");
    command.arg("--statements").arg(folder.join("statements"));
    for name in ["open-items", "customers", "history"] {
        command
            .arg(format!("--{name}"))
            .arg(folder.join(format!("{}.csv", name.replace('-', "_"))));
    }
    command
        .arg("--state")
        .arg(results.join("state"))
        .arg("--out")
        .arg(results.join("out"));
    command.current_dir(folder).stdout(std::process::Stdio::null());
    let Ok(mut child) = command.spawn() else { return (0, 0) };
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut peak = 0;
    while let Ok(None) = child.try_wait() {
        if let Ok(text) = std::fs::read_to_string(&status) {
            let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kb = line
                .and_then(|line| line.trim().split(' ').next())
                .and_then(|kb| kb.parse().ok());
            peak = peak.max(kb.unwrap_or(0));
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let _ = std::fs::remove_dir_all(&results);
    (ticks().1 - before, peak)
}
