//! What a database says of itself before it is served: that it is no half-restored one, and which keys are its own.

use crate::app::App;
use crate::backup::Error;
use kit::db::{self, Tx};
use kit::values;
use policy::Control;

/// Refuses a database that was restored and whose tombstones were not replayed.
///
/// # Errors
/// [`Error::Refused`] with the way out, [`Error::Db`].
pub async fn check_restored(app: &App) -> Result<(), Error> {
    let sql = "SELECT backup FROM restoration WHERE replayed_at IS NULL";
    let half = app.db().read::<_, db::Error>(move |tx| tx.first(sql, &[], |row| row.next::<String>())).await?;
    match half.filter(|_| policy::holds(Control::ReplayedBeforeServed)) {
        None => Ok(()),
        Some(backup) => Err(Error::Refused(format!(
            "this database is being restored from the back-up {backup}, and who was erased since is not erased again yet: \
             run the same `ziyun restore` once more"
        ))),
    }
}

/// The marker says that it may be served.
pub(super) fn replayed(tx: &mut Tx) -> Result<(), db::Error> {
    let now = tx.now();
    tx.execute("UPDATE restoration SET replayed_at = $1 WHERE replayed_at IS NULL", values![now]).map(drop)
}

/// Which keys this database was made with; none before it was served for the first time.
///
/// # Errors
/// [`Error::Db`].
pub fn fingerprint(tx: &mut Tx) -> Result<Option<String>, Error> {
    Ok(tx.first("SELECT fingerprint FROM installation", &[], |row| row.next())?)
}

/// Refuses keys that are not those of this database; the first time they become its own.
///
/// # Errors
/// [`Error::Refused`] with the way out, [`Error::Db`].
pub async fn own_keys(app: &App) -> Result<(), Error> {
    let own = app.signer().public_key();
    let known = match app.db().read(fingerprint).await? {
        Some(known) => known,
        None => first(app, own.clone()).await?,
    };
    if known == own || !policy::holds(Control::OwnKeys) {
        return Ok(());
    }
    Err(Error::Refused(
        "the key database or the root key is not the one that this database was made with: nothing personal would open, and \
         new keys would be mixed with the old. Restore the key database and the root key that belong to it"
            .into(),
    ))
}

/// Of two that start at the same time, the first one's stand.
async fn first(app: &App, own: String) -> Result<String, Error> {
    let unit = move |tx: &mut Tx| {
        let now = tx.now();
        let sql = "INSERT INTO installation (id, fingerprint, set_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING";
        tx.execute(sql, values![&own, now])?;
        Ok(fingerprint(tx)?.unwrap_or_default())
    };
    app.db().write::<_, Error>(unit).await
}
