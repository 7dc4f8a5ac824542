//! The steps on disk around the commit point: a hidden folder before it; rename, delivery and `latest` after it.
//!
//! A crash before the commit leaves only what [`prepare_folder`] removes; one after it is completed by [`recover`].

mod disk;
mod draft;

pub(crate) use disk::files_below;
pub use disk::{Places, PublishError, Step};
pub use draft::{Draft, in_memory, prepare_folder};

use crate::store::{Delivery, Publication, PublishedFile, Store};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// The folder below the outbox that the ERP moves files to.
const DONE: &str = "done";
/// The folder below the outbox where a delivery becomes whole before it is renamed into the outbox.
const STAGING: &str = ".staging";
/// The link to the last run, and its name while it is made.
const LATEST: &str = "latest";
const LATEST_IN_THE_MAKING: &str = ".latest";

/// Returns the name of a run's delivery in the outbox.
pub fn delivery_name(run: u64) -> String {
    format!("postings-{run}.csv")
}

/// Returns where a delivery lies: in the outbox, or among those that the ERP is done with.
pub(crate) fn delivery_places(outbox: &Path, name: &str) -> [PathBuf; 2] {
    [outbox.join(name), outbox.join(DONE).join(name)]
}

/// What a run left for people and for the ERP.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The run.
    pub run: u64,
    /// Its folder.
    pub folder: PathBuf,
    /// Its file for the ERP, where it posts.
    pub delivery: Option<PathBuf>,
    /// False when an interrupted run had placed the delivery and it is gone from the outbox and from `done`: the ERP took it,
    /// or somebody removed it. It is not placed again.
    pub is_delivery_seen: bool,
    /// True when the folder had to be made again from the store's copies.
    pub is_rebuilt: bool,
}

/// Whether the hidden folder needs to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Trust {
    /// This process wrote and re-read it.
    JustWritten,
    /// An earlier process left it.
    Unknown,
}

/// Publishes the run that was just committed: renames its folder, places its delivery, points `latest` to it.
///
/// Returns `None` when nothing waits to be published.
pub fn publish(store: &mut Store, places: &Places<'_>) -> Result<Option<Published>, PublishError> {
    match store.unpublished()? {
        Some(publication) => complete(store, places, &publication, Trust::JustWritten).map(Some),
        None => Ok(None),
    }
}

/// Completes the run that was committed and then interrupted, if there is one: call it before a new run begins.
///
/// Its folder is compared with the hashes of the store, and made again from the store's copies where it is missing or damaged.
pub fn recover(store: &mut Store, places: &Places<'_>) -> Result<Option<Published>, PublishError> {
    match store.unpublished()? {
        Some(publication) => complete(store, places, &publication, Trust::Unknown).map(Some),
        None => Ok(None),
    }
}

fn complete(
    store: &mut Store,
    places: &Places<'_>,
    publication: &Publication,
    trust: Trust,
) -> Result<Published, PublishError> {
    places.create_folder(places.out)?;
    let is_rebuilt = place_folder(store, places, publication, trust)?;
    let is_delivery_seen = place_delivery(store, places, publication)?;
    point_latest(places, publication.run)?;
    places.step("mark published", places.out)?;
    store.mark_published(publication.run)?;
    Ok(Published {
        run: publication.run,
        folder: places.shown(publication.run),
        delivery: publication.outbox.as_ref().map(|file| places.outbox.join(&file.name)),
        is_delivery_seen,
        is_rebuilt,
    })
}

/// Makes `out/N` what was committed. Returns true when it had to be made again.
fn place_folder(
    store: &Store,
    places: &Places<'_>,
    publication: &Publication,
    trust: Trust,
) -> Result<bool, PublishError> {
    let (hidden, shown) = (places.hidden(publication.run), places.shown(publication.run));
    if trust == Trust::Unknown && is_whole(&shown, &publication.files) {
        places.sync_folder(places.out)?;
        return Ok(false);
    }
    let is_usable = trust == Trust::JustWritten || is_whole(&hidden, &publication.files);
    if !is_usable {
        rebuild(store, places, publication)?;
    }
    let damaged = places.damaged(publication.run);
    if disk::is_there(&shown) {
        places.remove_all(&damaged)?;
        places.rename(&shown, &damaged)?;
    }
    places.rename(&hidden, &shown)?;
    places.sync_folder(places.out)?;
    places.remove_all(&damaged)?;
    Ok(!is_usable)
}

/// Makes the hidden folder again from the copies that the store keeps of the latest run.
fn rebuild(store: &Store, places: &Places<'_>, publication: &Publication) -> Result<(), PublishError> {
    let hidden = places.hidden(publication.run);
    places.remove_all(&hidden)?;
    places.create_folder(&hidden)?;
    for file in &publication.files {
        let path = draft::path_of(&hidden, &file.name)?;
        if let Some(parent) = path.parent() {
            places.create_folder(parent)?;
        }
        places.write_file(&path, &copy_of(store, publication.run, file)?)?;
    }
    draft::sync_all_folders(places, &hidden)
}

fn copy_of(store: &Store, run: u64, file: &PublishedFile) -> Result<Vec<u8>, PublishError> {
    let copy = store.copy_of(file)?;
    copy.ok_or_else(|| PublishError::CopyMissing {
        run,
        name: file.name.clone(),
    })
}

/// Writes a delivery: a copy of the file in the run's folder that has the same bytes, or the store's copy.
fn write_delivery(
    store: &Store,
    places: &Places<'_>,
    publication: &Publication,
    file: &PublishedFile,
    path: &Path,
) -> Result<(), PublishError> {
    let twin = publication.files.iter().find(|twin| twin.sha256 == file.sha256);
    let published = twin.and_then(|twin| File::open(places.shown(publication.run).join(&twin.name)).ok());
    if let Some(published) = published
        && places
            .copy_file(published, path)?
            .is_some_and(|sha256| sha256 == file.sha256)
    {
        return Ok(());
    }
    places.write_file(path, &copy_of(store, publication.run, file)?)
}

/// Places the file for the ERP exactly once. Returns false when it was placed earlier and is gone since.
///
/// First it becomes whole in the staging folder, then the store remembers that, then one rename places it. So after a crash
/// a staged file that is still there was not placed, and one that is not there was, wherever the ERP has taken it since.
fn place_delivery(store: &mut Store, places: &Places<'_>, publication: &Publication) -> Result<bool, PublishError> {
    let run = publication.run;
    let Some(file) = &publication.outbox else {
        return Ok(true);
    };
    let (staging, placed) = (places.outbox.join(STAGING), places.outbox.join(&file.name));
    let staged = staging.join(&file.name);
    let found = delivery_places(places.outbox, &file.name)
        .into_iter()
        .find(|path| disk::is_there(path));
    let mut stage = publication.delivery;
    let mut is_just_written = false;
    if stage == Delivery::Waiting {
        match &found {
            Some(path) if is_file(path, file) => stage = Delivery::Placed,
            Some(path) => return Err(PublishError::Occupied { path: path.clone() }),
            None => {
                places.create_folder(&staging)?;
                write_delivery(store, places, publication, file, &staged)?;
                is_just_written = true;
                places.sync_folder(&staging)?;
                places.step("mark delivery staged", &staged)?;
                store.mark_delivery_staged(run)?;
                stage = Delivery::Staged;
            }
        }
    }
    if stage == Delivery::Staged && disk::is_there(&staged) {
        if let Some(path) = found {
            return Err(PublishError::Occupied { path });
        }
        if !is_just_written && !is_file(&staged, file) {
            let anew = staging.join(format!("{}.new", file.name));
            write_delivery(store, places, publication, file, &anew)?;
            places.rename(&anew, &staged)?;
        }
        places.rename(&staged, &placed)?;
        places.sync_folder(places.outbox)?;
        places.sync_folder(&staging)?;
        return mark_placed(store, places, run, &placed).map(|()| true);
    }
    if publication.delivery != Delivery::Placed {
        places.sync_folder(places.outbox)?;
        mark_placed(store, places, run, &placed)?;
    }
    Ok(found.is_some() || publication.delivery == Delivery::Placed)
}

fn mark_placed(store: &mut Store, places: &Places<'_>, run: u64, placed: &Path) -> Result<(), PublishError> {
    places.step("mark delivery placed", placed)?;
    Ok(store.mark_delivery_placed(run)?)
}

/// Points `out/latest` to a run, by a relative link that replaces the old one in one step.
fn point_latest(places: &Places<'_>, run: u64) -> Result<(), PublishError> {
    let (latest, making) = (places.out.join(LATEST), places.out.join(LATEST_IN_THE_MAKING));
    places.remove_all(&making)?;
    places.link(&run.to_string(), &making)?;
    places.rename(&making, &latest)?;
    places.sync_folder(places.out)
}

/// Returns true when a folder holds exactly these files with exactly these bytes.
fn is_whole(folder: &Path, files: &[PublishedFile]) -> bool {
    let Ok(mut found) = files_below(folder) else {
        return false;
    };
    found.sort();
    let mut expected: Vec<PathBuf> = files.iter().map(|file| folder.join(&file.name)).collect();
    expected.sort();
    found == expected && files.iter().all(|file| is_file(&folder.join(&file.name), file))
}

/// Returns true when a file has exactly the bytes that were committed.
pub(crate) fn is_file(path: &Path, file: &PublishedFile) -> bool {
    hash_of_file(path).is_ok_and(|(bytes, sha256)| bytes == file.bytes && sha256 == file.sha256)
}

/// Returns size and SHA-256 in hex of a regular file.
pub(crate) fn hash_of_file(path: &Path) -> io::Result<(u64, String)> {
    use sha2::Digest;
    if !std::fs::symlink_metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file"));
    }
    let mut file = File::open(path)?;
    let mut hasher = sha2::Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, disk::hex(&hasher.finalize())));
        }
        bytes += read as u64;
        hasher.update(&buffer[..read]);
    }
}
