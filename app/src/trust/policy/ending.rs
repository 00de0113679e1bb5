//! Three years after an account's end the evidence about its person ends: agreements, consents, and which openings concerned
//! them. Their openings themselves stay, as the transparency log proves them; they hold ids of nobody any more.

use crate::app::App;
use crate::web::Error;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::Tx;
use kit::values;
use policy::{Control, Retention};
use vault::tombstone::{Tombstone, evidence};

/// One step: some rows of one person.
pub fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    async move {
        let class = policy::RETENTIONS.iter().find(|entry| entry.retention == Retention::Evidence3y);
        let Some(months) = class.map(|class| class.months).filter(|_| policy::holds(Control::EvidenceEnds)) else {
            return Ok(0);
        };
        let Some(stone) = app.db().read(move |tx| evidence::outlived(tx, months)).await? else { return Ok(0) };
        app.db().write(move |tx| end(tx, stone)).await?;
        Ok(1)
    }
    .boxed()
}

fn end(tx: &mut Tx, stone: Tombstone) -> Result<(), Error> {
    let agreements = tx.execute("DELETE FROM agreement WHERE subject = $1", values![stone.subject])?;
    if agreements + evidence::forget(tx, stone.subject)? == 0 {
        evidence::ended(tx, stone.subject)?;
    }
    Ok(())
}
