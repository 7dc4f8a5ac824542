//! The hidden folder of a run: its files are hashed, copied and synced while they are written.

use crate::run::publish::disk::{self, Places, PublishError, failed};
use crate::run::publish::{LATEST, LATEST_IN_THE_MAKING, STAGING, delivery_name, delivery_places};
use crate::store::files::{self, run_number};
use crate::store::{OutputFile, Store};
use lz4_flex::frame::FrameEncoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Component, Path, PathBuf};

/// A run folder in the making. Files may be written from several threads.
#[derive(Clone)]
pub struct Draft<'a> {
    places: Places<'a>,
    run: u64,
    folder: PathBuf,
}

/// Makes the hidden folder `out/.N` for the next run of the store, and tries all places that the run will publish to.
///
/// Removes what interrupted runs left behind that were never committed. Refuses when a committed run waits to be published:
/// call [`super::recover`] first. Refuses when something else stands at `out/N` or under the delivery's name
/// ([`PublishError::Occupied`]).
pub fn prepare_folder<'a>(store: &Store, places: &Places<'a>) -> Result<Draft<'a>, PublishError> {
    if let Some(waiting) = store.unpublished()? {
        return Err(PublishError::Waiting { run: waiting.run });
    }
    let run = store.next_run()?;
    places.create_folder(places.out)?;
    let listing = std::fs::read_dir(places.out).map_err(failed("read", places.out))?;
    for entry in listing {
        let entry = entry.map_err(failed("read", places.out))?;
        if entry.file_name().to_str().is_some_and(is_leftover) {
            places.remove_all(&entry.path())?;
        }
    }
    let name = delivery_name(run);
    let mut taken = delivery_places(places.outbox, &name)
        .into_iter()
        .chain([places.shown(run)]);
    if let Some(path) = taken.find(|path| disk::is_there(path)) {
        return Err(PublishError::Occupied { path });
    }
    let latest = places.out.join(LATEST);
    if cfg!(unix) && std::fs::symlink_metadata(&latest).is_ok_and(|found| !found.is_symlink()) {
        return Err(PublishError::Occupied { path: latest });
    }
    places.create_folder(places.outbox)?;
    let staging = places.outbox.join(STAGING);
    places.create_folder(&staging)?;
    places.remove_all(&staging.join(&name))?;
    let folder = places.hidden(run);
    places.create_folder(&folder)?;
    Ok(Draft {
        places: *places,
        run,
        folder,
    })
}

/// Returns true for what only an interrupted run leaves in the folder of runs: `.7`, `.7.damaged`, `.latest`.
fn is_leftover(name: &str) -> bool {
    if name == LATEST_IN_THE_MAKING {
        return true;
    }
    let Some(name) = name.strip_prefix('.') else {
        return false;
    };
    run_number(name.strip_suffix(".damaged").unwrap_or(name)).is_some()
}

impl Draft<'_> {
    /// Returns the number of the run.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// Returns the hidden folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one file (0600) and syncs it; `name` may have folders: `inputs/a.xml.gz`.
    ///
    /// A failing disk is [`PublishError::Io`], whatever the renderer makes of it; any other failure is [`PublishError::Render`].
    pub fn write<E>(
        &self,
        name: &str,
        render: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<OutputFile, PublishError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let path = path_of(&self.folder, name)?;
        if let Some(parent) = path.parent() {
            self.places.create_folder(parent)?;
        }
        self.places.step("write", &path)?;
        let mut options = files::private();
        options.write(true).create_new(true);
        let file = options.open(&path).map_err(failed("create", &path))?;
        let mut tee = BufWriter::with_capacity(1 << 16, Tee::new(Some(file)));
        let rendered = render(&mut tee).map_err(Into::into);
        let flushed = tee.flush();
        let (tee, _) = tee.into_parts();
        if let Some(source) = tee.failed {
            return Err(failed("write", &path)(source));
        }
        rendered.map_err(|source| {
            let of_disk = source.downcast_ref().and_then(io::Error::raw_os_error);
            match of_disk {
                Some(code) => failed("write", &path)(io::Error::from_raw_os_error(code)),
                None => PublishError::Render {
                    name: name.to_owned(),
                    source,
                },
            }
        })?;
        flushed.map_err(failed("write", &path))?;
        self.places.step("sync", &path)?;
        if let Some(file) = &tee.file {
            file.sync_all().map_err(failed("sync", &path))?;
        }
        tee.finish(name).map_err(failed("write", &path))
    }

    /// Syncs all folders: call it when the last file is written, before the commit.
    pub fn seal(&self) -> Result<(), PublishError> {
        sync_all_folders(&self.places, &self.folder)?;
        self.places.sync_folder(self.places.out)
    }
}

/// Returns a file that is not written into the run folder: a delivery that differs from `postings.csv`.
pub fn in_memory(name: &str, bytes: &[u8]) -> Result<OutputFile, PublishError> {
    let render = |tee: &mut Tee| tee.write_all(bytes);
    let mut tee = Tee::new(None);
    render(&mut tee)
        .and_then(|()| tee.finish(name))
        .map_err(|source| PublishError::Render {
            name: name.to_owned(),
            source: source.into(),
        })
}

/// Returns the path of an output below a folder; refuses names that lead anywhere else.
pub(super) fn path_of(folder: &Path, name: &str) -> Result<PathBuf, PublishError> {
    let is_plain = |component| matches!(component, Component::Normal(_));
    let is_name = !name.is_empty()
        && !name.contains(['\\', '\0'])
        && !name.ends_with('/')
        && Path::new(name).components().all(is_plain);
    if is_name {
        return Ok(folder.join(name));
    }
    Err(PublishError::Name { name: name.to_owned() })
}

/// Syncs a folder and all folders below it.
pub(super) fn sync_all_folders(places: &Places<'_>, folder: &Path) -> Result<(), PublishError> {
    for entry in std::fs::read_dir(folder).map_err(failed("read", folder))? {
        let entry = entry.map_err(failed("read", folder))?;
        if entry.file_type().map_err(failed("look at", folder))?.is_dir() {
            sync_all_folders(places, &entry.path())?;
        }
    }
    places.sync_folder(folder)
}

/// Writes to the file, the hash and the copy at once.
struct Tee {
    file: Option<File>,
    hasher: Sha256,
    copy: FrameEncoder<Vec<u8>>,
    bytes: u64,
    /// What the disk said first; renderers wrap it beyond recognition.
    failed: Option<io::Error>,
}

impl Tee {
    fn new(file: Option<File>) -> Tee {
        Tee {
            file,
            hasher: Sha256::new(),
            copy: FrameEncoder::new(Vec::new()),
            bytes: 0,
            failed: None,
        }
    }

    fn finish(self, name: &str) -> io::Result<OutputFile> {
        Ok(OutputFile {
            name: name.to_owned(),
            sha256: disk::hex(&self.hasher.finalize()),
            bytes: self.bytes,
            packed: self.copy.finish()?,
        })
    }
}

impl Write for Tee {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(file) = &mut self.file
            && let Err(error) = file.write_all(bytes)
        {
            let told = io::Error::new(error.kind(), error.to_string());
            self.failed.get_or_insert(error);
            return Err(told);
        }
        self.hasher.update(bytes);
        self.copy.write_all(bytes)?;
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
