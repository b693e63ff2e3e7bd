//! Files that are there whole or not at all.
//!
//! What is written goes into a new file beside the one that is wanted, and takes its name when all of it is there. A
//! full disk, Ctrl-C or a crash leave what stood there before.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::failure::Failure;
use crate::guard;

/// What is done where a link has the name of a file that is to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Links {
    /// The file that it leads to is written: the user named it.
    Followed,
    /// The link is replaced: whoever put it into a folder of results does not choose what is written over.
    Replaced,
}

/// A file under way.
#[derive(Debug)]
pub struct WholeFile {
    /// As the user named it.
    name: PathBuf,
    target: Target,
}

#[derive(Debug)]
enum Target {
    /// A file without its name, and the place where it will stand.
    Unnamed(NamedTempFile, PathBuf),
    /// A device or a pipe, which takes what comes.
    Stream(File),
}

impl WholeFile {
    /// Begins a file, unless this call has read or written it.
    pub fn begin(path: &Path, links: Links) -> Result<Self, Failure> {
        guard::writes(path)?;
        let name = path.to_path_buf();
        let target = Target::of(path, links);
        let target = target.map_err(|error| Failure::of_file("write", path, &error))?;
        Ok(Self { name, target })
    }

    /// Gives the file its name.
    pub fn finish(self) -> Result<(), Failure> {
        let named = match self.target {
            Target::Unnamed(file, place) => file.persist(place).map(drop).map_err(|e| e.error),
            Target::Stream(mut file) => file.flush(),
        };
        named.map_err(|error| Failure::of_file("write", &self.name, &error))
    }
}

impl Target {
    fn of(path: &Path, links: Links) -> io::Result<Self> {
        let place = match links {
            Links::Followed => path.canonicalize().unwrap_or(path.to_path_buf()),
            Links::Replaced => path.to_path_buf(),
        };
        let there = match links {
            Links::Followed => fs::metadata(&place),
            Links::Replaced => fs::symlink_metadata(&place),
        };
        let there = there.ok().filter(|there| !there.is_symlink());
        if is_system(path) || there.as_ref().is_some_and(|there| !there.is_file()) {
            return Ok(Self::Stream(File::create(path)?));
        }
        if there
            .as_ref()
            .is_some_and(|there| there.permissions().readonly())
        {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is write-protected",
            ));
        }
        let folder = place.parent().filter(|folder| *folder != Path::new(""));
        let file = unnamed(folder.unwrap_or(Path::new(".")), there.as_ref())?;
        Ok(Self::Unnamed(file, place))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.target {
            Target::Unnamed(file, _) => file.write(bytes),
            Target::Stream(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.target {
            Target::Unnamed(file, _) => file.flush(),
            Target::Stream(file) => file.flush(),
        }
    }
}

/// Writes a file at once.
pub fn write(path: &Path, links: Links, contents: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut file = WholeFile::begin(path, links)?;
    file.write_all(contents.as_ref())
        .map_err(|error| Failure::of_file("write", path, &error))?;
    file.finish()
}

/// Names such as `/dev/stdout` are no places for files.
fn is_system(path: &Path) -> bool {
    cfg!(unix) && (path.starts_with("/dev") || path.starts_with("/proc"))
}

/// A file that is removed unless it is given a name, with the permissions of what stood there, or the usual ones.
fn unnamed(folder: &Path, there: Option<&Metadata>) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".biodist-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let file = builder.tempfile_in(folder)?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    Ok(file)
}
