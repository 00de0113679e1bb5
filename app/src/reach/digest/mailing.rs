//! The job that mails one reader's digest. Its payload holds an id and two instants; what is followed and the address are
//! opened when it runs, if the consent still stands then.
//!
//! Sent at least once: a mail server cannot take part in our transaction, so a job that dies between the mail and its
//! commit runs again. It then finds the same notices and sends the same mail under the same Message-ID, by which mail
//! programs show it once; a folder holds it once.

use super::followed::Followed;
use super::letter;
use super::store::{self, Row};
use crate::app::App;
use crate::identity::account::mailing::{self, Addressee};
use crate::identity::account::message::Delivery;
use crate::reach::notice::{Arrived, arrived};
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use policy::purpose;
use serde::{Deserialize, Serialize};
use vault::{Grant, Subject};

/// The kind of this job.
pub const KIND: &str = "digest.mail";

/// How many notices a mail lists.
pub(super) const MOST: usize = 30;

/// What a job needs that tells one reader what is new: nothing that tells of the reader but who it is.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub struct Payload {
    /// Who.
    pub reader: Id<Subject>,
    /// From when on something is new.
    pub since: Timestamp,
    /// Until when; this instant is not counted any more.
    pub until: Timestamp,
}

impl Payload {
    /// As the job carries it.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn to_bytes(self) -> Result<Vec<u8>, db::Error> {
        serde_json::to_vec(&self).map_err(|e| db::Error::Engine(e.to_string()))
    }
}

/// Runs it. A function that has ended meanwhile, a refusal by the vault and a week without news end it without a mail.
pub(super) fn run(app: App, id: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let payload: Payload = serde_json::from_slice(&payload).map_err(Error::fault)?;
        let found = app.db().read::<_, db::Error>(move |tx| reader(tx, payload.reader)).await?;
        let Some((row, to)) = found else { return Ok(()) };
        let proof = Delivery::new(KIND, payload.reader);
        let Some(followed) = open(&app, id, &proof, &row).await? else { return Ok(()) };
        let wanted = Arrived {
            categories: followed.categories,
            regions: followed.regions,
            since: payload.since,
            until: payload.until,
        };
        let notices = app.db().read::<_, db::Error>(move |tx| arrived(tx, &wanted, MOST as i64 + 1)).await?;
        if notices.is_empty() {
            return Ok(());
        }
        let written = letter::write(&app, (id.cast(), to.locale), row.id, notices)?;
        mailing::send::<purpose::Digest>(&app, id, &proof, &to, written).await.map(drop)
    }
    .boxed()
}

fn reader(tx: &mut Tx, subject: Id<Subject>) -> Result<Option<(Row, Addressee)>, db::Error> {
    let Some(row) = store::of(tx, subject)? else { return Ok(None) };
    Ok(mailing::addressee(tx, row.account)?.map(|to| (row, to)))
}

/// What is followed; none when the vault refuses, or when nothing is followed any more.
async fn open(app: &App, id: Id<Job>, proof: &Delivery, row: &Row) -> Result<Option<Followed>, Error> {
    let grant = Grant::<purpose::Digest, _>::new(proof, id.cast());
    match app.vault().open(&grant, &row.followed).await {
        Ok(opened) => Ok(Some(Followed::of(&opened)?).filter(|followed| !followed.is_empty())),
        Err(vault::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
