//! A page at rest: encrypted under a one-off key that is sealed under the key of whoever handed it in. Opened for that
//! person, and for the one reviewer who has the case, each time on record.

use super::Verification;
use super::intake::Drawn;
use super::kind::Step;
use crate::app::App;
use crate::discard::discard;
use crate::identity::company::Company;
use crate::web::Error;
use age::secrecy::ExposeSecret;
use age::x25519::Identity;
use kit::db::{self, Row, Tx};
use kit::id::Id;
use kit::values;
use policy::{Permits, Recipient, field, purpose};
use vault::{Grant, Sealed, Slot, Subject, VerificationPage};

/// Where the key of a page is sealed.
pub const KEY: Slot<VerificationPage> = Slot::new("verification_page", "page_key");

/// A page.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub id: Id<Leaf>,
    pub step: Step,
    /// From 1, in the order of the files.
    pub number: i64,
    /// Who handed it in.
    pub subject: Id<Subject>,
    pub width: i64,
    pub height: i64,
    /// Bytes.
    pub size: i64,
    region: String,
    blob: Option<String>,
    key: Option<Vec<u8>>,
}

/// A page whose blob is written and which has no row yet.
#[derive(Clone)]
pub struct Written {
    id: Id<Leaf>,
    drawn: (i64, i64, i64),
    /// A keyed hash of the JPEG: what finds the same picture in another case.
    mark: [u8; 32],
    key: Vec<u8>,
    region: String,
    pub blob: String,
}

/// Writes pages to the store of a data centre, each under a key of its own.
///
/// # Errors
/// As [`vault::Vault::seal`]; 503.
pub async fn write(app: &App, region: &str, subject: Id<Subject>, pages: Vec<Drawn>) -> Result<Vec<Written>, Error> {
    let mut written = Vec::new();
    for page in pages {
        let (id, identity) = (app.random().id(), Identity::generate());
        let sealed = age::encrypt(&identity.to_public(), &page.content).map_err(Error::fault)?;
        let key: VerificationPage = identity.to_string().expose_secret().parse().map_err(Error::fault)?;
        let key = app.vault().seal(KEY, subject, id, &key).await?.bytes().to_vec();
        let blob = app.lay(region, sealed).await?;
        let size = i64::try_from(page.content.len()).unwrap_or(i64::MAX);
        let drawn = (page.width.into(), page.height.into(), size);
        let mark = app.mark("verification/page", &[&page.content]);
        written.push(Written { id, drawn, mark, key, region: region.to_owned(), blob });
    }
    Ok(written)
}

/// Gives written pages their rows, in place of those that the step had before.
///
/// # Errors
/// [`db::Error`].
pub fn put(
    tx: &mut Tx,
    (case, step): (Id<Verification>, Step),
    subject: Id<Subject>,
    pages: &[Written],
) -> Result<(), db::Error> {
    for before in list(tx, case)?.into_iter().filter(|leaf| leaf.step == step) {
        before.remove(tx)?;
    }
    let now = tx.now();
    for (number, page) in (1_i64..).zip(pages) {
        let (width, height, size) = page.drawn;
        tx.execute(
            "INSERT INTO verification_page (id, verification, step, number, subject, region, blob, page_key, width, \
             height, size, given_at, mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            values![
                page.id,
                case,
                step.code(),
                number,
                subject,
                &page.region,
                &page.blob,
                page.key.clone(),
                width,
                height,
                size,
                now,
                page.mark
            ],
        )?;
    }
    Ok(())
}

const COLUMNS: &str = "id, step, number, subject, width, height, size, region, blob, page_key FROM verification_page";

fn read(row: &mut Row<'_>) -> Result<Leaf, db::Error> {
    Ok(Leaf {
        id: row.next()?,
        step: Step::of(&row.next::<String>()?).ok_or(db::Error::Missing)?,
        number: row.next()?,
        subject: row.next()?,
        width: row.next()?,
        height: row.next()?,
        size: row.next()?,
        region: row.next()?,
        blob: row.next()?,
        key: row.next()?,
    })
}

/// The pages of a case that are there, in order.
///
/// # Errors
/// [`db::Error`].
pub fn list(tx: &mut Tx, case: Id<Verification>) -> Result<Vec<Leaf>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE verification = $1 AND blob IS NOT NULL ORDER BY step, number, id");
    tx.all(&sql, values![case], read)
}

/// One of them, and the case it belongs to.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, id: Id<Leaf>) -> Result<Option<(Id<Verification>, Leaf)>, db::Error> {
    let sql = format!("SELECT {COLUMNS} WHERE id = $1 AND blob IS NOT NULL");
    let Some(leaf) = tx.first(&sql, values![id], read)? else { return Ok(None) };
    let case = tx.one("SELECT verification FROM verification_page WHERE id = $1", values![id], |row| row.next())?;
    Ok(Some((case, leaf)))
}

/// What a person has handed in that is still there, with the case of each.
///
/// # Errors
/// [`db::Error`].
pub fn of_subject(tx: &mut Tx, subject: Id<Subject>) -> Result<Vec<(Id<Verification>, Leaf)>, db::Error> {
    let sql = "SELECT id FROM verification_page WHERE subject = $1 AND blob IS NOT NULL ORDER BY given_at, id";
    let ids = tx.all(sql, values![subject], |row| row.next())?;
    found(tx, &ids)
}

/// What was handed in for a company that is still there, with the case of each.
///
/// # Errors
/// [`db::Error`].
pub fn of_company(tx: &mut Tx, company: Id<Company>) -> Result<Vec<(Id<Verification>, Leaf)>, db::Error> {
    let sql = "SELECT p.id FROM verification_page p JOIN verification_case v ON v.id = p.verification \
         WHERE v.company = $1 AND p.blob IS NOT NULL ORDER BY p.given_at, p.id";
    let ids = tx.all(sql, values![company], |row| row.next())?;
    found(tx, &ids)
}

/// Those of these that are still there, with the case of each.
///
/// # Errors
/// [`db::Error`].
pub fn found(tx: &mut Tx, ids: &[Id<Leaf>]) -> Result<Vec<(Id<Verification>, Leaf)>, db::Error> {
    let mut found = Vec::new();
    for id in ids {
        found.extend(find(tx, *id)?);
    }
    Ok(found)
}

impl Leaf {
    /// It goes: the key at once, the blob by a job of this unit. The row stays, and says that there was one.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn remove(&self, tx: &mut Tx) -> Result<(), db::Error> {
        let now = tx.now();
        let sql = "UPDATE verification_page SET blob = NULL, page_key = NULL, mark = NULL, gone_at = $1 WHERE id = $2";
        tx.execute(sql, values![now, self.id])?;
        self.blob.iter().try_for_each(|blob| discard(tx, &self.region, blob))
    }

    /// The JPEG, opened on record for whom the grant names.
    ///
    /// # Errors
    /// As [`vault::Vault::open`]; 404 when it is gone; 503.
    pub async fn open<R>(&self, app: &App, grant: &Grant<'_, purpose::VerificationReview, R>) -> Result<Vec<u8>, Error>
    where
        R: Recipient,
        purpose::VerificationReview: Permits<field::VerificationPage, R>,
    {
        let (Some(blob), Some(key)) = (&self.blob, &self.key) else { return Err(Error::not_found()) };
        let sealed: Sealed<VerificationPage> = KEY.load(key.clone(), self.subject, self.id);
        let key = app.vault().open(grant, &sealed).await?;
        let identity: Identity = key.expose().parse().map_err(|_| Error::fault("the page's key is none"))?;
        let content = app.fetch(&self.region, blob).await?;
        age::decrypt(&identity, &content).map_err(Error::fault)
    }
}
