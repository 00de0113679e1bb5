//! What the address names: `At(id): At<Id<Tender>>` for `/tenders/{id}`.

use super::error::Error;
use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The parameters of the path. An id in another form than ours names nothing: 404, as for any page that is not there.
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for At<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Error> {
        Path::from_request_parts(parts, state).await.map(|Path(named)| Self(named)).map_err(|_| Error::not_found())
    }
}
