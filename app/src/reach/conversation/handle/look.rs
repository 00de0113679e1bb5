//! Looking at what the other side has shared.

use super::super::look::{self, Counterpart};
use super::super::shown::Seen;
use super::super::{Thread, address, sharing, thread};
use super::other;
use crate::app::App;
use crate::web::{At, Correspondent, Ctx, Error, Input, Saved};
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;

/// Shows it: the record first, then the values.
pub async fn look(
    State(app): State<App>,
    context: Ctx,
    member: Correspondent,
    At(id): At<Id<Thread>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    let proof = Counterpart::of(&member);
    let unit = move |tx: &mut Tx| {
        member.still(tx)?;
        let side = thread::find(tx, &member, id)?;
        let (shared, address) = (sharing::visible(tx, &side)?, address::visible(tx, &side)?);
        if shared.is_empty() && address.is_none() {
            return Err(Error::conflict("nothing-shared"));
        }
        if address.is_some() {
            address::note_view(tx, &side)?;
        }
        Ok((side, shared, address))
    };
    let (side, shared, address) = app.db().write::<_, Error>(unit).await?;
    let people = look::people(&app, context.request, &proof, &side, shared).await?;
    let address = match address {
        Some((sealed, _)) => Some(address::open(&app, side.other, id, &sealed).await?),
        None => None,
    };
    let seen = Seen { thread: id, other: other(&side), people, address };
    Ok(Saved::here("conversation-seen", seen))
}
