//! Writes a labelled night of any size:
//!
//! `cargo run --release --example generate_night -- DIR --payments 100000 --items 100000 --customers 10000 --seed 1`
//!
//! DIR then holds `statements/`, `open_items.csv`, `customers.csv`, `history.csv` and `truth.csv` (what is right for each
//! payment). The same sizes and seed give the same bytes on every machine.

mod night;

use anyhow::{Context, Result};
use clap::Parser;
use night::plan::{Sizes, plan};
use night::{render, tables};
use std::fs::{File, create_dir_all};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Writes a labelled night of any size.
#[derive(Parser)]
struct Arguments {
    /// Folder to write into; it is created.
    folder: PathBuf,
    /// Entries of the statements.
    #[arg(long, default_value_t = 10_000)]
    payments: usize,
    /// Open items.
    #[arg(long, default_value_t = 10_000)]
    items: usize,
    /// Customers.
    #[arg(long, default_value_t = 1_000)]
    customers: usize,
    /// Another seed gives another night.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<()> {
    let Arguments {
        folder,
        payments,
        items,
        customers,
        seed,
    } = Arguments::parse();
    let plan = plan(Sizes {
        payments,
        items,
        customers,
        seed,
    });
    let statements = folder.join("statements");
    create_dir_all(&statements).with_context(|| format!("cannot create {}", statements.display()))?;
    for position in 0..render::ACCOUNTS {
        let name = format!("camt.053.001.08_account_{}_2026-03-02.xml", position + 1);
        render::statement(&plan, position, create(&statements, &name)?)?;
    }
    tables::open_items(&plan, create(&folder, "open_items.csv")?)?;
    tables::customers(&plan, create(&folder, "customers.csv")?)?;
    tables::history(&plan, create(&folder, "history.csv")?)?;
    tables::truth(&plan, create(&folder, "truth.csv")?)
}

fn create(folder: &Path, name: &str) -> Result<BufWriter<File>> {
    let path = folder.join(name);
    let file = File::create(&path).with_context(|| format!("cannot create {}", path.display()))?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}
