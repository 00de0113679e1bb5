//! The end of a digest: by the link at the end of a mail, and whatever else ends the consent.
//!
//! The link carries a key that only the program can have made. Reading it changes nothing, since mail scanners read every
//! link; the button, or a mail provider's one-click POST (RFC 8058), withdraws the consent.

use super::page::{Leave, Left};
use super::{Digest, PURPOSE, store};
use crate::app::App;
use crate::trust::consent;
use crate::web::{At, Ctx, Error, Fields, Input, Page, Parse, Saved};
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::event::Event;
use kit::follower;
use kit::id::Id;
use subtle::ConstantTimeEq;

/// Its name, and that of the routine.
pub(super) const FOLLOWER: &str = "digest.end";

/// Where a consent that ends here says that it did.
const AT: &str = "/digests/{key}/withdrawal";

/// The key of a link: a digest's id, and half a keyed hash of it (128 bits).
pub(super) struct Key {
    id: Id<Digest>,
    mark: [u8; 16],
}

impl Key {
    /// The key of a digest.
    pub fn of(app: &App, id: Id<Digest>) -> Self {
        let whole = app.mark("digest/withdrawal", &[id.as_bytes()]);
        let mut mark = [0; 16];
        mark.copy_from_slice(&whole[..16]);
        Self { id, mark }
    }

    /// Where it leads.
    pub fn path(&self) -> String {
        let bytes = [&self.id.as_bytes()[..], &self.mark].concat();
        format!("/digests/{}/withdrawal", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The digest that a key names.
    ///
    /// # Errors
    /// 404 for a key that is none of ours.
    fn read(app: &App, text: &str) -> Result<Id<Digest>, Error> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Error::not_found())?;
        let (id, mark) = bytes.split_first_chunk::<16>().ok_or_else(Error::not_found)?;
        let id = Id::from_bytes(*id);
        let right: bool = Self::of(app, id).mark[..].ct_eq(mark).into();
        if right { Ok(id) } else { Err(Error::not_found()) }
    }
}

/// What comes with the POST: nothing from our page, one field from a mail provider.
pub(super) struct OneClick;

impl Parse for OneClick {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.optional_text("List-Unsubscribe", 20)?;
        Some(Self)
    }
}

pub(super) async fn show(State(app): State<App>, At(key): At<String>) -> Result<Page, Error> {
    let id = Key::read(&app, &key)?;
    let reader = app.db().read::<_, db::Error>(move |tx| store::reader(tx, id)).await?;
    Ok(Page::new("digest-leave", Leave { key, is_on: reader.is_some() }))
}

pub(super) async fn end(
    State(app): State<App>,
    context: Ctx,
    At(key): At<String>,
    input: Input,
) -> Result<Saved, Error> {
    let OneClick = input.parse()?;
    let id = Key::read(&app, &key)?;
    // What is followed goes first: then no mail goes out, even if the withdrawal cannot be written down.
    let unit = move |tx: &mut Tx| {
        let reader = store::reader(tx, id)?;
        if let Some(reader) = reader {
            store::forget(tx, reader)?;
        }
        Ok(reader)
    };
    if let Some(reader) = app.db().write::<_, db::Error>(unit).await? {
        consent::withdraw(&app, reader, PURPOSE, context.locale, AT).await?;
    }
    Ok(Saved::at(format!("/digests/{key}/withdrawal?done=digest-left"), Left { is_on: false }))
}

/// Deletes what was kept for whoever's consent has ended.
pub(super) fn step(app: App) -> BoxFuture<'static, Result<usize, Error>> {
    Box::pin(async move { follower::step(app.db(), FOLLOWER, follow).await })
}

fn follow(tx: &mut Tx, event: &Event) -> Result<(), Error> {
    consent::forget_ended(tx, event, PURPOSE, store::forget_until)
}
