//! The last byte has come: the whole is compared with its commitment, put where envelopes lie, and named in its bid's row.

use super::part::Part;
use super::store::{self, Awaited};
use crate::app::App;
use crate::discard::naming;
use crate::sourcing::tender::Hands;
use crate::web::{Bidder, Error};
use aws_lc_rs::digest::{Context as Digest, SHA256};
use http::StatusCode;
use kit::blobs::BlobName;
use sealing::hands::BEGINNING;
use sealing::{Commitment, Outline};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

/// How much is read at a time.
const PIECE: usize = 256 * 1024;

/// Takes a ciphertext that has come whole, or throws it away, so that it can be uploaded anew.
///
/// # Errors
/// 422 `upload-differs`, `envelope-malformed`; 401 and 403 for who was erased, or left; 404 and 410 when it is wanted no more; 503.
pub(super) async fn take_whole(app: &App, provider: &Bidder, awaited: &Awaited, part: &Part) -> Result<(), Error> {
    part.settle().await?;
    let id = awaited.delivery.id;
    let (file, length, sha256) = (part.file(), awaited.delivery.length, awaited.sha256);
    let (commitment, hands) = (awaited.commitment.clone(), awaited.hands.clone());
    let judged = tokio::task::spawn_blocking(move || judge(&file, length, sha256, &commitment, hands.as_ref()));
    if let Err(why) = judged.await.map_err(Error::fault)?.map_err(Error::busy)? {
        app.db().write::<_, kit::db::Error>(move |tx| store::again(tx, id, why)).await?;
        part.cut(0).await?;
        return Err(Error::of(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    let blob = BlobName::new(app.random());
    app.blobs().put_file(&awaited.region, blob, part.path()).await.map_err(Error::busy)?;
    let (theirs, who, name) = (app.clone(), provider.clone(), blob.to_string());
    let blobs = vec![blob.to_string()];
    naming(app, (&awaited.region, blobs), move |tx| store::arrived(tx, &theirs, &who, id, &name)).await?;
    // Left behind by a kill, it is swept.
    if let Err(cause) = tokio::fs::remove_file(part.path()).await {
        tracing::warn!(%cause, "a part that is whole could not be removed");
    }
    Ok(())
}

/// What can be seen without a key, of a file of any size: that it is what was committed to, whole, and sealed to as many hands as the
/// tender has, or to its bidder's too.
fn judge(
    file: &File,
    length: u64,
    sha256: [u8; 32],
    commitment: &str,
    hands: Option<&Hands>,
) -> io::Result<Result<(), &'static str>> {
    let (mut digest, mut piece, mut at) = (Digest::new(&SHA256), vec![0; PIECE], 0);
    let mut beginning = Vec::new();
    while at < length {
        let most = usize::try_from(length - at).unwrap_or(PIECE).min(PIECE);
        file.read_exact_at(&mut piece[..most], at)?;
        digest.update(&piece[..most]);
        if at == 0 {
            beginning.extend_from_slice(&piece[..most.min(BEGINNING)]);
        }
        at += most as u64;
    }
    if digest.finish().as_ref() != sha256 {
        return Ok(Err("upload-differs"));
    }
    let (outline, promised) = (Outline::read(&beginning, length), Commitment::read(commitment));
    let fits = match (outline, promised, hands) {
        (Ok(outline), Ok(promised), Some(hands)) => {
            hands.fits(outline.k_of_n()) && outline.recipient_sha256() == promised.recipient
        }
        _ => false,
    };
    Ok(if fits { Ok(()) } else { Err("envelope-malformed") })
}
