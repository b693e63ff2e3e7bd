//! What this call has read and written: nothing of it is written over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::failure::Failure;

static FILES: Mutex<BTreeMap<PathBuf, &str>> = Mutex::new(BTreeMap::new());

fn files() -> MutexGuard<'static, BTreeMap<PathBuf, &'static str>> {
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

/// Remembers a file that was read.
pub fn reads(path: &Path) {
    files().insert(whole(path), "read");
}

/// Remembers a file that is about to be written.
pub fn writes(path: &Path) -> Result<(), Failure> {
    match files().insert(whole(path), "written") {
        None => Ok(()),
        Some(before) => Err(Failure::input(format!(
            "{} was {before} by this very call and would be written over: give another name or folder",
            path.display()
        ))),
    }
}
