//! Opens inputs: regular files only, each read once; what is hashed is what is parsed.

use crate::model::source::{At, Source};
use crate::model::{Finding, FindingCode};
use crate::run::failure::Failure;
use crate::store::files::hex;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Largest file that is read, in bytes.
const BYTES_MAX: u64 = 2 << 30;

/// So many bytes are read at a time.
const PIECE: u64 = 256 << 10;

/// The bytes of an input, read once.
#[derive(Clone, Debug)]
pub struct Input {
    /// Name in messages and records: the folder's name and the path below it, so that it does not depend on the working directory.
    pub name: String,
    /// SHA-256 in hex.
    pub sha256: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// An input that was found: its name and its path.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Found {
    /// Name in messages and records.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// Returns the files below the given files and folders, sorted by name; hidden and temporary files are left alone.
///
/// Refuses a path that does not exist.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        let metadata = std::fs::metadata(path).map_err(|error| missing(path, &error))?;
        let name = base_name(path);
        if metadata.is_dir() {
            walk(path, &name, &mut found)?;
        } else {
            found.push(Found {
                name,
                path: path.clone(),
            });
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn missing(path: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::NotFound => Failure::NoInput(format!(
            "error[INPUT]: {}: there is no such file or folder\nhelp: correct the path in the settings or after --statements",
            path.display()
        )),
        _ => Failure::io(path, error),
    }
}

fn walk(folder: &Path, name: &str, found: &mut Vec<Found>) -> Result<(), Failure> {
    let listed = std::fs::read_dir(folder).map_err(|error| Failure::io(folder, &error))?;
    for entry in listed {
        let entry = entry.map_err(|error| Failure::io(folder, &error))?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') || file_name.starts_with("~$") || file_name.ends_with(".part") {
            continue;
        }
        let path = entry.path();
        let name = format!("{name}/{file_name}");
        let kind = entry.file_type().map_err(|error| Failure::io(&path, &error))?;
        if kind.is_dir() {
            walk(&path, &name, found)?;
        } else {
            found.push(Found { name, path });
        }
    }
    Ok(())
}

fn base_name(path: &Path) -> String {
    let resolved = if path.file_name().is_none() {
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    } else {
        path.to_owned()
    };
    resolved.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// Reads a file once. A file that cannot be read, is too large or no regular file is a finding, not a failure.
pub fn read(found: &Found) -> Result<Input, Finding> {
    read_into(found, Vec::new())
}

/// As [`read`], into memory that is not needed any more.
pub fn read_into(found: &Found, mut bytes: Vec<u8>) -> Result<Input, Finding> {
    let refuse = |code, args| {
        Finding::error(
            code,
            Source {
                file: found.name.as_str().into(),
                at: At::File,
            },
            args,
        )
    };
    let unreadable = |error: std::io::Error| refuse(FindingCode::FileUnreadable, vec![error.kind().to_string()]);
    let metadata = std::fs::symlink_metadata(&found.path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(refuse(FindingCode::FileNotRegular, Vec::new()));
    }
    if metadata.len() > BYTES_MAX {
        return Err(refuse(
            FindingCode::FileTooLarge,
            vec![metadata.len().to_string(), BYTES_MAX.to_string()],
        ));
    }
    let wanted = metadata.len() as usize + 1;
    bytes.clear();
    if bytes.capacity() < wanted {
        // Given back first; a little more, for the next file of the same bank. What is not written to costs nothing.
        bytes = Vec::new();
        bytes.reserve_exact(wanted + wanted / 16);
    }
    let file = std::fs::File::open(&found.path).map_err(unreadable)?;
    let mut file = file.take(BYTES_MAX + 1);
    // Hashed piece by piece, while it is still at hand.
    let mut hasher = Sha256::new();
    loop {
        let read = bytes.len();
        let piece = file.by_ref().take(PIECE).read_to_end(&mut bytes);
        if piece.map_err(unreadable)? == 0 {
            break;
        }
        hasher.update(&bytes[read..]);
    }
    if bytes.len() as u64 > BYTES_MAX {
        return Err(refuse(
            FindingCode::FileTooLarge,
            vec![bytes.len().to_string(), BYTES_MAX.to_string()],
        ));
    }
    Ok(Input {
        name: found.name.clone(),
        sha256: hex(&hasher.finalize()),
        bytes,
    })
}

/// Returns the SHA-256 of bytes in hex.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
