//! Tendering again (重新招标): a draft of the lots that ended without an award, for its buyer to change and publish.

use crate::app::App;
use crate::discard::naming;
use crate::identity::company::data_region;
use crate::sourcing::tender::document::{self, Kept};
use crate::sourcing::tender::{self, Lot, Tender};
use crate::web::{Error, Preparer};
use kit::db::Tx;
use kit::id::Id;

/// The lots that ended without an award.
fn unawarded(lots: Vec<Lot>) -> Vec<Lot> {
    lots.into_iter().filter(|lot| lot.state.is_unawarded()).collect()
}

/// Makes the draft: title, text and documents as they stood last, and those lots. Its dates are the earliest that the method
/// allows. The same form again is the same draft. Copies of the documents come first, then what names them.
///
/// # Errors
/// 404; 409 `tender-nothing-again` where every lot goes on or was awarded; 503.
pub async fn draft(app: &App, buyer: Preparer, of: Id<Tender>, id: Id<Tender>) -> Result<Id<Tender>, Error> {
    let owner = buyer.clone();
    let read = move |tx: &mut Tx| {
        let earlier = tender::store::own(tx, &owner, of)?;
        let lots = unawarded(tender::store::lots(tx, of)?);
        if lots.is_empty() {
            return Err(Error::conflict("tender-nothing-again"));
        }
        let made = tender::store::own(tx, &owner, id).is_ok_and(|made| made.again_of == Some(of));
        Ok((earlier, lots, document::list(tx, of)?, data_region(tx, owner.company)?, made))
    };
    let (earlier, lots, documents, region, made) = app.db().read(read).await?;
    if made {
        return Ok(id);
    }
    let mut copies: Vec<Kept> = Vec::new();
    for one in &documents {
        copies.push(document::copy(app, &region, one).await?);
    }
    let blobs = copies.iter().map(|copy| copy.blob.clone()).collect();
    let (number, zone) = tender::numbered(app);
    let unit = move |tx: &mut Tx| tender::create_again(tx, &buyer, id, (&number, &zone), &earlier, (&lots, &copies));
    naming(app, (&region, blobs), unit).await?;
    Ok(id)
}
