//! An envelope that the platform's key alone opens, outside the opening of its tender: a final offer's.

use super::job::PIECE;
use super::source::{Lying, Opened, Source, apart, is_received, put_away, source, take_out};
use crate::app::App;
use crate::folders::uploads;
use crate::sourcing::bid::Bid;
use crate::sourcing::bid::envelope::{Offer, Unreadable};
use crate::sourcing::tender::document::Kept;
use crate::web::Error;
use sealing::{Identity, one};
use std::io::{self, BufReader};
use std::path::Path;

/// What comes out of an envelope: the offer, and its files, which lie where the tender's do.
pub type Brought = Result<(Offer, Vec<Kept>), Unreadable>;

/// Opens an envelope with a key, and puts its files away in this data centre, if what it says is of its row.
///
/// # Errors
/// 503 while a store cannot be reached.
pub async fn opened_alone(
    app: &App,
    (region, lies): (&str, &Lying),
    identity: &Identity,
    is_own: impl FnOnce(&Offer) -> bool + Send,
) -> Result<Brought, Error> {
    let (identity, sha256) = (identity.clone(), lies.sha256);
    let open = move |mut source: Box<dyn Source>, folder: &Path| -> io::Result<Result<Opened, Unreadable>> {
        if let Err(why) = is_received(&mut *source, sha256)? {
            return Ok(Err(why));
        }
        match one::reader(BufReader::with_capacity(PIECE, source), &identity) {
            Ok(plain) => take_out(plain, folder),
            Err(shut) => Ok(Err(shut.into())),
        }
    };
    brought(app, (region, lies), open, is_own).await
}

/// The same, opened in this way.
///
/// # Errors
/// 503 while a store cannot be reached.
pub(super) async fn brought(
    app: &App,
    (region, lies): (&str, &Lying),
    open: impl FnOnce(Box<dyn Source>, &Path) -> io::Result<Result<Opened, Unreadable>> + Send + 'static,
    is_own: impl FnOnce(&Offer) -> bool + Send,
) -> Result<Brought, Error> {
    let Some(source) = source(app, lies).await? else { return Ok(Err(Unreadable::Ciphertext)) };
    let folder = uploads(app.config()).join(format!("opening-{}", app.random().id::<Bid>()));
    let opened = match apart(move || open(source, &folder)).await? {
        Ok(opened) => opened,
        Err(unreadable) => return Ok(Err(unreadable)),
    };
    if !is_own(&opened.offer) {
        return Ok(Err(Unreadable::Misplaced));
    }
    put_away(app, region, opened).await.map(Ok)
}
