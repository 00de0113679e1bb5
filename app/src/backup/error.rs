//! Why a back-up cannot be made, or not be restored: each names the file or the store, and the way out.

use kit::db;
use std::io;
use std::path::{Path, PathBuf};

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// A file or a folder cannot be read or written.
    #[error("{path}: {why}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// A file of a back-up is not what was written.
    #[error("{path} is damaged: {what}; nothing was restored, take another back-up", path = path.display())]
    Damaged {
        /// Which.
        path: PathBuf,
        /// In which way.
        what: String,
    },
    /// It may not be done, or not so.
    #[error("{0}")]
    Refused(String),
    /// A store of files failed.
    #[error(transparent)]
    Blobs(Box<kit::blobs::Error>),
    /// The vault failed.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The program cannot be opened.
    #[error(transparent)]
    Start(#[from] crate::app::StartError),
    /// What is done again after a restore failed.
    #[error(transparent)]
    Web(#[from] crate::web::Error),
}

impl From<kit::blobs::Error> for Error {
    fn from(error: kit::blobs::Error) -> Self {
        Self::Blobs(Box::new(error))
    }
}

impl Error {
    /// With the file's name.
    pub(crate) fn of(path: &Path) -> impl FnOnce(io::Error) -> Error + '_ {
        move |why| Error::File { path: path.to_owned(), why }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Error {
        Error::Damaged { path: path.to_owned(), what: what.into() }
    }
}
