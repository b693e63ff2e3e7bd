//! What this call has read and written: nothing of it is written over.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::Failure;

/// Files by their one name, and those that were read also by what they are, whatever their name.
struct Files {
    names: BTreeMap<PathBuf, &'static str>,
    read: BTreeSet<Identity>,
}

/// Device and number of a file: the same for all its names.
type Identity = (u64, u64);

static FILES: Mutex<Files> = Mutex::new(Files {
    names: BTreeMap::new(),
    read: BTreeSet::new(),
});

fn files() -> MutexGuard<'static, Files> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The one name of a file, whether it is there or not.
fn whole(path: &Path) -> PathBuf {
    if let Ok(whole) = path.canonicalize() {
        return whole;
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new(".")).canonicalize();
    match (folder, path.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => path.to_path_buf(),
    }
}

#[cfg(unix)]
fn identity(file: &Metadata) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    file.is_file().then(|| (file.dev(), file.ino()))
}

/// Elsewhere names alone are compared.
#[cfg(not(unix))]
const fn identity(_: &Metadata) -> Option<Identity> {
    None
}

/// Remembers a file that was read.
pub fn reads(path: &Path) {
    let file = path.metadata().ok();
    let mut files = files();
    files.names.insert(whole(path), "read");
    files.read.extend(file.as_ref().and_then(identity));
}

/// Remembers the file that standard input is, if it is one.
pub fn reads_input() {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let input = std::io::stdin().as_fd().try_clone_to_owned();
        let file = input.and_then(|input| std::fs::File::from(input).metadata());
        files().read.extend(file.ok().as_ref().and_then(identity));
    }
}

/// Remembers a file that is about to be written.
pub fn writes(path: &Path) -> Result<(), Failure> {
    let there = path.metadata().ok().as_ref().and_then(identity);
    let mut files = files();
    let before = files.names.insert(whole(path), "written");
    let before = before.or_else(|| {
        let same = there.is_some_and(|there| files.read.contains(&there));
        same.then_some("read")
    });
    match before {
        None => Ok(()),
        Some(before) => Err(Failure::input(format!(
            "{} was {before} by this very call and would be written over: give another name or folder",
            path.display()
        ))),
    }
}

/// How many files were written, or begun.
pub fn written() -> usize {
    let files = files();
    files
        .names
        .values()
        .filter(|what| **what == "written")
        .count()
}
