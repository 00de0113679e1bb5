//! What a back-up says of itself: the file `manifest`, one line of JSON and one with its SHA-256. It is written last, so
//! that a folder without it is no back-up.

use super::Error;
use super::summed::{Sum, sum_of};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;

/// The form that this program writes and reads.
pub const FORMAT: &str = "ziyun-backup/1";

/// Its file in the folder of a back-up.
pub const FILE: &str = "manifest";

/// The list of files, one JSON line each.
pub const FILES: &str = "files";

/// What was backed up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The main database and the files that its rows name.
    Data,
    /// The key database. Lives for a few days only.
    Keys,
}

impl Kind {
    /// As names of folders have it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Keys => "keys",
        }
    }
}

/// A back-up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: String,
    /// What it holds.
    pub kind: Kind,
    /// 32 hexadecimal digits.
    pub id: String,
    /// The instant of its snapshot.
    pub taken_at: Timestamp,
    /// Until when it may be kept; of keys only.
    pub delete_by: Option<Timestamp>,
    /// Which keys belong to which data.
    pub installation: String,
    /// Steps of the schema that had been applied: name and hash.
    pub schema: Vec<(String, String)>,
    /// Tables, each after those that it refers to.
    pub tables: Vec<TableFile>,
    /// The list of files.
    pub files: Option<Sum>,
    /// Files that rows name and that were not there when it was made.
    pub missing: Vec<String>,
}

/// A table in the folder `tables`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableFile {
    /// Its name, and that of its file.
    pub name: String,
    /// Its columns.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: u64,
    /// Length and hash of its file.
    pub sum: Sum,
}

/// A file that a row names, in the folder `blobs`: a line of the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlobFile {
    /// Its region.
    pub region: String,
    /// Its name.
    pub name: String,
    /// Length and hash.
    pub sum: Sum,
}

impl Manifest {
    /// Reads and checks the manifest in this folder.
    ///
    /// # Errors
    /// [`Error::Damaged`] when it is not what was written, [`Error::File`] when it is not there.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let path = folder.join(FILE);
        let text = fs::read_to_string(&path).map_err(Error::of(&path))?;
        let (body, _) = text.split_once('\n').ok_or_else(|| Error::damaged(&path, "it has no checksum"))?;
        if text != with_sum(body) {
            return Err(Error::damaged(&path, "its checksum is another"));
        }
        let read: Self = serde_json::from_str(body).map_err(|e| Error::damaged(&path, e.to_string()))?;
        if read.format != FORMAT {
            let what =
                format!("{}: its form {} is not {FORMAT}; use the program that made it", path.display(), read.format);
            return Err(Error::Refused(what));
        }
        Ok(read)
    }

    /// Writes it durably.
    ///
    /// # Errors
    /// [`Error::File`].
    pub fn write(&self, folder: &Path) -> Result<(), Error> {
        let path = folder.join(FILE);
        let body = serde_json::to_string(self).map_err(|e| Error::Refused(e.to_string()))?;
        super::summed::write(&path, with_sum(&body).as_bytes())
    }

    /// The name of its folder: `ziyun-data-20261123T010000Z-0a1b2c3d`, of keys with the day by which it must be deleted.
    pub fn folder(&self) -> String {
        let at = self.taken_at.strftime("%Y%m%dT%H%M%SZ");
        let until = self.delete_by.map(|until| format!("-delete-by-{}", until.strftime("%Y%m%d"))).unwrap_or_default();
        format!("ziyun-{}-{at}-{}{until}", self.kind.code(), &self.id[..8])
    }
}

/// Both lines.
fn with_sum(body: &str) -> String {
    format!("{body}\n{}\n", sum_of(body.as_bytes()).sha256)
}
