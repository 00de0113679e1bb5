//! The folder of the index: what is stored, how it is written, and when it is thrown away.

use super::tokenizer::TextTokenizer;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};
use tantivy::merge_policy::LogMergePolicy;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};

/// Raised whenever fields, tokens or folding change: an older folder is then thrown away and filled anew.
const LAYOUT: &str = "2";

/// Where the index itself lies, beside its lock and its layout.
const FILES: &str = "files";
const TOKENIZER: &str = "text";
const WRITER_BYTES: usize = 32 << 20;

/// A public text with what it can be filtered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The id that a hit answers; putting it again replaces the document.
    pub id: [u8; 16],
    /// Counts three times as much as the body.
    pub title: String,
    /// The rest of the text.
    pub body: String,
    /// Labels that a query may ask for, such as `kind:tender`.
    pub labels: Vec<String>,
    /// When it was published, in µs: breaks ties, the newest first.
    pub at: i64,
    /// A figure that a query may ask for a least and a greatest value of.
    pub amount: Option<i64>,
    /// Until when it is of use, in µs: a query may ask for a span of it.
    pub due: Option<i64>,
}

/// Why the index could not be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process uses the folder: each node, each process has its own.
    #[error("the search folder {0} is used by another process; give each process its own node folder")]
    Busy(String),
    /// The folder cannot be read or written.
    #[error("the search folder: {0}")]
    Folder(#[from] std::io::Error),
    /// The index itself failed.
    #[error("the search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// A file is not as it was written.
    #[error("the search index: {0} is damaged")]
    Damaged(PathBuf),
}

#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub id: Field,
    pub title: Field,
    pub body: Field,
    pub label: Field,
    pub at: Field,
    pub amount: Field,
    pub due: Field,
    high: Field,
    low: Field,
}

/// An index in a folder. Thread-safe; its methods block, so call them off the async threads.
pub struct Index {
    pub(super) fields: Fields,
    dir: PathBuf,
    reader: RwLock<IndexReader>,
    writer: Mutex<Writer>,
    cursor: AtomicI64,
    version: AtomicU64,
}

/// Who writes, and the folder's lock that says so. Writing takes threads and memory of its own: from the first write on.
struct Writer {
    index: tantivy::Index,
    open: Option<IndexWriter>,
    _lock: File,
}

impl Writer {
    fn open(&mut self) -> Result<&mut IndexWriter, Error> {
        if self.open.is_none() {
            let writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
            writer.set_merge_policy(Box::new(merges()));
            self.open = Some(writer);
        }
        Ok(self.open.as_mut().expect("it was opened above"))
    }
}

impl Index {
    /// Opens or makes the index in `dir`. A folder of another layout, or a damaged one, is emptied: its
    /// [`cursor`](Index::cursor) is 0 again and the follower fills it.
    ///
    /// # Errors
    /// [`Error::Busy`] if another process has it open; [`Error::Folder`] if it cannot be written.
    pub fn open(dir: &Path) -> Result<Index, Error> {
        let (writer, reader, cursor) = opened(dir)?;
        Ok(Index {
            fields: schema().1,
            dir: dir.to_owned(),
            reader: RwLock::new(reader),
            writer: Mutex::new(writer),
            cursor: AtomicI64::new(cursor),
            version: AtomicU64::new(0),
        })
    }

    /// Puts documents and moves the cursor, in one commit: after a crash both are there or neither. Costs about 10 ms,
    /// so put many at once. A folder that was removed meanwhile is made anew and empty instead: the
    /// [`cursor`](Index::cursor) is 0 again.
    ///
    /// # Errors
    /// Of the folder or the index; then nothing of the batch stands.
    pub fn apply(&self, documents: &[Document], cursor: i64) -> Result<(), Error> {
        self.change(documents, &[], cursor)
    }

    /// The same, taking out the documents of these ids.
    ///
    /// # Errors
    /// As [`Index::apply`].
    pub fn change(&self, documents: &[Document], gone: &[[u8; 16]], cursor: i64) -> Result<(), Error> {
        let mut writer = self.writer();
        if !self.dir.join(FILES).join("meta.json").exists() {
            return self.renew(&mut writer);
        }
        let index = writer.open()?;
        if let Err(error) = self.put(index, documents, gone, cursor) {
            index.rollback()?;
            return Err(error);
        }
        self.cursor.store(cursor, Ordering::Release);
        self.show()
    }

    fn renew(&self, writer: &mut Writer) -> Result<(), Error> {
        let (fresh, reader, cursor) = opened(&self.dir)?;
        *writer = fresh;
        *self.reader.write().unwrap_or_else(PoisonError::into_inner) = reader;
        self.cursor.store(cursor, Ordering::Release);
        self.show()
    }

    pub(super) fn searcher(&self) -> Searcher {
        self.reader.read().unwrap_or_else(PoisonError::into_inner).searcher()
    }

    /// How far the index is: the cursor of the last commit or skip; 0 for a new or emptied index.
    pub fn cursor(&self) -> i64 {
        self.cursor.load(Ordering::Acquire)
    }

    /// Moves the cursor past events that give no document, in memory alone: after a restart they are passed again.
    pub fn skip(&self, cursor: i64) {
        self.cursor.fetch_max(cursor, Ordering::AcqRel);
    }

    /// How many documents there are.
    pub fn len(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Empties the index and sets its cursor to 0, so that the follower fills it anew.
    ///
    /// # Errors
    /// Of the folder or the index.
    pub fn wipe(&self) -> Result<(), Error> {
        let mut writer = self.writer();
        let index = writer.open()?;
        index.delete_all_documents()?;
        commit(index, 0)?;
        self.cursor.store(0, Ordering::Release);
        self.show()
    }

    /// What this process's searches find changes with it.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn show(&self) -> Result<(), Error> {
        self.reader.read().unwrap_or_else(PoisonError::into_inner).reload()?;
        self.version.fetch_add(1, Ordering::AcqRel);
        Ok(())
    }

    fn put(
        &self,
        writer: &mut IndexWriter,
        documents: &[Document],
        gone: &[[u8; 16]],
        cursor: i64,
    ) -> Result<(), Error> {
        for id in gone {
            writer.delete_term(Term::from_field_bytes(self.fields.id, id));
        }
        for document in documents {
            writer.delete_term(Term::from_field_bytes(self.fields.id, &document.id));
            writer.add_document(self.row(document))?;
        }
        commit(writer, cursor)
    }

    fn row(&self, document: &Document) -> TantivyDocument {
        let fields = self.fields;
        let both = u128::from_be_bytes(document.id);
        let mut row = TantivyDocument::default();
        row.add_bytes(fields.id, &document.id);
        row.add_u64(fields.high, (both >> 64) as u64);
        row.add_u64(fields.low, both as u64);
        row.add_text(fields.title, &document.title);
        row.add_text(fields.body, &document.body);
        row.add_i64(fields.at, document.at);
        document.labels.iter().for_each(|label| row.add_text(fields.label, label));
        document.amount.iter().for_each(|amount| row.add_i64(fields.amount, *amount));
        document.due.iter().for_each(|due| row.add_i64(fields.due, *due));
        row
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        // A panic inside leaves nothing committed; the next commit begins with what was committed last.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A search opens every segment for every word: a million notices in half as many segments are found in less time, and
/// merging a little more often is paid for in the background.
fn merges() -> LogMergePolicy {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(4);
    policy
}

fn commit(writer: &mut IndexWriter, cursor: i64) -> Result<(), Error> {
    let mut prepared = writer.prepare_commit()?;
    prepared.set_payload(&cursor.to_string());
    prepared.commit()?;
    Ok(())
}

/// Locks the folder and opens what lies there, or makes it anew; answers the cursor of its last commit too.
fn opened(dir: &Path) -> Result<(Writer, IndexReader, i64), Error> {
    std::fs::create_dir_all(dir)?;
    let lock = lock(dir)?;
    let (files, layout) = (dir.join(FILES), dir.join("layout"));
    if std::fs::read_to_string(&layout).ok().as_deref() != Some(LAYOUT) {
        empty(&files)?;
    }
    let index = sound(&files).or_else(|error| {
        tracing::info!(folder = %files.display(), %error, "the search index is made anew");
        empty(&files)?;
        Ok::<_, Error>(tantivy::Index::create_in_dir(&files, schema().0)?)
    })?;
    std::fs::write(&layout, LAYOUT)?;
    index.tokenizers().register(TOKENIZER, TextAnalyzer::from(TextTokenizer));
    let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
    let cursor = index.load_metas()?.payload.and_then(|text| text.parse().ok()).unwrap_or(0);
    let writer = Writer { index, open: None, _lock: lock };
    Ok((writer, reader, cursor))
}

/// What lies there, if each of its files is as it was written: all of them are read for that.
fn sound(files: &Path) -> Result<tantivy::Index, Error> {
    let index = tantivy::Index::open_in_dir(files)?;
    let damaged = index.validate_checksum()?.into_iter().next();
    damaged.map_or(Ok(index), |path| Err(Error::Damaged(path)))
}

fn lock(dir: &Path) -> Result<File, Error> {
    let lock = File::options().create(true).write(true).truncate(false).open(dir.join("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => Err(Error::Busy(dir.display().to_string())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

fn empty(files: &Path) -> Result<(), Error> {
    if files.exists() {
        std::fs::remove_dir_all(files)?;
    }
    Ok(std::fs::create_dir_all(files)?)
}

fn schema() -> (Schema, Fields) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing).set_stored();
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_bytes_field("id", BytesOptions::from(INDEXED)),
        title: schema.add_text_field("title", text.clone()),
        body: schema.add_text_field("body", text),
        label: schema.add_text_field("label", STRING),
        at: schema.add_i64_field("at", FAST),
        amount: schema.add_i64_field("amount", FAST),
        due: schema.add_i64_field("due", FAST),
        high: schema.add_u64_field("high", FAST),
        low: schema.add_u64_field("low", FAST),
    };
    (schema.build(), fields)
}

#[cfg(test)]
mod tests;
