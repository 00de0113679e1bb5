//! `/log/…` as C2SP tlog-tiles has it. Outside the shell: no cookie, no actor, the same for everybody, to be kept by caches.

use super::witness::{self, Refused};
use super::{proving, store};
use crate::app::App;
use crate::web::Error;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use evidence::checkpoint::Note;
use evidence::tile::{CHECKPOINT_TYPE, Content, TILE_TYPE, Tile, bundle};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use kit::db::{self, Tx};

/// The paths, as they are counted and logged.
pub const PATHS: [&str; 4] = ["/log/checkpoint", "/log/cosigned", "/log/key", "/log/tile/{*tile}"];

/// Where witnesses leave their cosignatures.
pub const COSIGNATURES: &str = "/log/cosignatures";

/// The largest checkpoint that a witness may send, in bytes.
const LONGEST: usize = 16 * 1024;

/// A checkpoint may be kept for a moment, the rest for ever.
const MOMENT: &str = "public, max-age=1";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// The routes.
pub fn routes() -> Router<App> {
    let [checkpoint, cosigned, key, tile] = PATHS;
    Router::new()
        .route(checkpoint, get(newest))
        .route(cosigned, get(newest_cosigned))
        .route(key, get(public_key))
        .route(tile, get(one_tile))
        .route(COSIGNATURES, post(cosign).layer(DefaultBodyLimit::max(LONGEST)))
}

type Answer = Result<Response, Trouble>;

/// An error outside the shell: logged, and told by its code.
struct Trouble(Error);

impl<E: Into<Error>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        self.0.log("log");
        refusal(self.0.status, self.0.code)
    }
}

fn file(kind: &'static str, kept: &'static str, body: impl IntoResponse) -> Response {
    let headers = [(CONTENT_TYPE, kind), (CACHE_CONTROL, kept), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, body).into_response()
}

fn refusal(status: StatusCode, why: impl Into<String>) -> Response {
    let body: String = why.into();
    (status, file(CHECKPOINT_TYPE, "no-store", body + "\n")).into_response()
}

/// The newest checkpoint, with what witnesses have put under it.
async fn newest(State(app): State<App>) -> Answer {
    let theirs = app.clone();
    let note = app.db().read::<_, db::Error>(move |tx| proving::size(tx).and_then(|size| signed(tx, &theirs, size)));
    Ok(file(CHECKPOINT_TYPE, MOMENT, note.await?))
}

/// The newest checkpoint that a witness has signed.
async fn newest_cosigned(State(app): State<App>) -> Answer {
    let theirs = app.clone();
    let read = move |tx: &mut Tx| witness::newest(tx)?.map(|size| signed(tx, &theirs, size)).transpose();
    Ok(match app.db().read::<_, db::Error>(read).await? {
        Some(note) => file(CHECKPOINT_TYPE, MOMENT, note),
        None => refusal(StatusCode::NOT_FOUND, "no witness has signed a checkpoint"),
    })
}

fn signed(tx: &mut Tx, app: &App, size: u64) -> Result<String, db::Error> {
    let lines = witness::lines(tx, size)?;
    let note = proving::checkpoint(tx, app.signer(), size)?;
    Ok(lines.iter().fold(note, |note, line| format!("{note}{line}\n")))
}

/// The key that signs checkpoints and receipts: `log.pub`.
async fn public_key(State(app): State<App>) -> Response {
    file(CHECKPOINT_TYPE, "public, max-age=3600", app.signer().public_key() + "\n")
}

/// A tile of hashes, or a bundle of entries.
async fn one_tile(State(app): State<App>, Path(path): Path<String>) -> Answer {
    let Some(tile) = Tile::parse(&path) else { return Ok(refusal(StatusCode::NOT_FOUND, "no tile has this path")) };
    let read = move |tx: &mut Tx| {
        if !tile.is_within(proving::size(tx)?) {
            return Ok(None);
        }
        Ok(Some(match tile.content {
            Content::Hashes(level) => {
                let hashes = store::hashes(tx, level, tile.start(), tile.width)?;
                hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
            }
            Content::Entries => {
                let entries: Vec<_> =
                    store::entries(tx, tile.start(), tile.width)?.into_iter().map(|(_, entry)| entry.bytes()).collect();
                bundle(entries.iter().map(|entry| &entry[..]))
            }
        }))
    };
    Ok(match app.db().read::<Option<Vec<u8>>, db::Error>(read).await? {
        Some(bytes) => file(TILE_TYPE, FOR_EVER, bytes),
        None => refusal(StatusCode::NOT_FOUND, "the log is not so large yet"),
    })
}

/// Keeps what configured witnesses have put under a checkpoint of the last minute.
async fn cosign(State(app): State<App>, body: String) -> Answer {
    let note = Note::parse(&body).filter(|note| note.is_of(&app.signer().key()));
    let Some(note) = note else { return Ok(refusal(StatusCode::BAD_REQUEST, "not a checkpoint signed by this log")) };
    // Before the database is asked: whoever is no witness costs nothing more.
    if app.log().witnesses().iter().all(|witness| note.cosignatures(witness).is_empty()) {
        return Ok(refusal(StatusCode::FORBIDDEN, "no line of a witness that this log knows holds"));
    }
    let witnesses = app.log().witnesses().to_vec();
    Ok(match app.db().write(move |tx| witness::keep(tx, &witnesses, &note)).await? {
        Ok(kept) => file(CHECKPOINT_TYPE, "no-store", format!("kept {kept}\n")),
        Err(Refused::NoWitness) => refusal(StatusCode::FORBIDDEN, "no line of a witness that this log knows holds"),
        Err(Refused::NotOurs) => refusal(StatusCode::CONFLICT, "this log never had this root"),
        Err(Refused::NotCurrent) => refusal(StatusCode::CONFLICT, "only a checkpoint of the last minute is cosigned"),
    })
}
