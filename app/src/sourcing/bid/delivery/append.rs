//! `PATCH /uploads/{id}`: more of a ciphertext, written as it comes.

use super::part::{Part, present};
use super::whole::take_whole;
use super::{Delivery, store};
use crate::app::App;
use crate::web::{At, Bidder, Error};
use aws_lc_rs::digest::{Algorithm, Context as Digest, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method, StatusCode};
use http_body_util::BodyExt;
use kit::id::Id;
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};

/// So much is in memory at most before it is written.
const HELD: usize = 1024 * 1024;

/// So much is written at most before it is on the disk for sure, and its offset is noted.
const STEP: u64 = 8 * 1024 * 1024;

/// So many bytes of a refused request are read on, and for so long.
const DRAINED: usize = 16 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes that earn a second: who sends one now and then does not hold a connection.
const PACE: u64 = 16 * 1024;

/// `PATCH /uploads/{id}`.
pub async fn append(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Delivery>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let asked = Asked::read(&headers)?;
    // Whoever lets go of the connection does not take back what has come: it is written and noted to its end.
    let work = tokio::spawn(async move {
        let mut body = body;
        let taken = take(app, provider, id, asked, &mut body).await;
        if taken.is_err() {
            drain(&mut body).await;
        }
        taken
    });
    let delivery = work.await.map_err(Error::fault)??;
    Ok(super::handle::told(StatusCode::NO_CONTENT, &delivery, Body::empty()))
}

/// `POST /uploads/{id}` that stands for PATCH or DELETE: its method is by now the one that is meant (`web/resumable.rs`).
pub async fn meant(
    app: State<App>,
    provider: Bidder,
    id: At<Id<Delivery>>,
    method: Method,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    match method {
        Method::PATCH => append(app, provider, id, headers, body).await,
        Method::DELETE => super::end(app, provider, id).await,
        _ => Err(Error::method()),
    }
}

async fn take(app: App, provider: Bidder, id: Id<Delivery>, asked: Asked, body: &mut Body) -> Result<Delivery, Error> {
    Taking::of(app, provider, id, asked).await?.take(body).await
}

/// Reads on for a moment after a refusal: who is still sending would lose the answer with the connection.
async fn drain(body: &mut Body) {
    let mut left = DRAINED;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            left = left.saturating_sub(frame.data_ref().map_or(0, Bytes::len));
            if left == 0 {
                break;
            }
        }
    };
    timeout(PATIENCE, reading).await.ok();
}

/// What the head of a request says.
struct Asked {
    offset: u64,
    check: Option<(&'static Algorithm, Vec<u8>)>,
}

impl Asked {
    /// # Errors
    /// 400 `upload-headers`, 415.
    fn read(headers: &HeaderMap) -> Result<Self, Error> {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        if text(CONTENT_TYPE.as_str()) != Some("application/offset+octet-stream") {
            return Err(Error::unsupported());
        }
        let unread = || Error::malformed("upload-headers");
        let offset = text("upload-offset").and_then(|offset| offset.parse().ok()).ok_or_else(unread)?;
        let check = text("upload-checksum").map(|given| checksum(given).ok_or_else(unread)).transpose()?;
        Ok(Self { offset, check })
    }
}

/// An algorithm and what comes of it, in base64.
fn checksum(given: &str) -> Option<(&'static Algorithm, Vec<u8>)> {
    let (name, sum) = given.split_once(' ')?;
    let algorithm = match name {
        "sha1" => &SHA1_FOR_LEGACY_USE_ONLY,
        "sha256" => &SHA256,
        _ => return None,
    };
    Some((algorithm, STANDARD.decode(sum).ok()?))
}

async fn awaited(app: &App, provider: &Bidder, id: Id<Delivery>) -> Result<store::Awaited, Error> {
    let (theirs, who) = (app.clone(), provider.clone());
    app.db().read(move |tx| store::open(tx, &theirs, &who, id)).await
}

/// An upload that a request writes to.
struct Taking {
    app: App,
    provider: Bidder,
    awaited: store::Awaited,
    part: Part,
    /// How far it is written.
    at: u64,
    /// What has come and is not written yet.
    held: BytesMut,
    /// How far its row says that it has come.
    noted: u64,
    check: Option<(Digest, Vec<u8>)>,
}

impl Taking {
    /// Holds the upload's file, if the request goes on where it is.
    ///
    /// # Errors
    /// 404, 409 `upload-offset`, 410, 423, 503, 507.
    async fn of(app: App, provider: Bidder, id: Id<Delivery>, asked: Asked) -> Result<Self, Error> {
        awaited(&app, &provider, id).await?;
        let part = Part::open(&app, id).await?;
        // Another may have come further before it let go.
        let awaited = awaited(&app, &provider, id).await?;
        let noted = awaited.delivery.offset;
        let at = if awaited.delivery.is_whole() { noted } else { present(&app, id, noted) };
        if asked.offset != at {
            return Err(Error::conflict("upload-offset").with("offset", i64::try_from(at).map_err(Error::fault)?));
        }
        let check = asked.check.map(|(algorithm, sum)| (Digest::new(algorithm), sum));
        let mut taking = Self { app, provider, awaited, part, at, held: BytesMut::new(), noted, check };
        if !taking.awaited.delivery.is_whole() {
            taking.part.cut(at).await?;
            // Brought back from a back-up, the row may have told of more than lies there.
            taking.note().await?;
        }
        Ok(taking)
    }

    /// Takes what comes. Cut off, it keeps what has come.
    async fn take(mut self, body: &mut Body) -> Result<Delivery, Error> {
        let (begun, patience, mut come) = (Instant::now(), self.app.config().request_timeout, 0);
        let cut_off = loop {
            let earned = Duration::from_secs(come / PACE);
            match timeout_at(begun + patience + earned, body.frame()).await {
                Err(_) => break Some(Error::too_slow()),
                Ok(None) => break None,
                Ok(Some(Err(_))) => break Some(Error::malformed("body-broken")),
                Ok(Some(Ok(frame))) => {
                    let Ok(data) = frame.into_data() else { continue };
                    come += data.len() as u64;
                    if let Err(refusal) = self.push(data).await {
                        // Room that is not there is given back; what was noted is on the disk.
                        if !self.awaited.delivery.is_whole() {
                            self.part.cut(self.noted).await.ok();
                        }
                        return Err(refusal);
                    }
                }
            }
        };
        self.write().await?;
        let Some(refusal) = cut_off else { return self.done().await };
        // Of what has a checksum a part cannot be told from a changed one.
        if self.check.is_none() && self.at < self.awaited.delivery.length {
            self.note().await?;
        }
        Err(refusal)
    }

    async fn push(&mut self, data: Bytes) -> Result<(), Error> {
        if self.at + self.held.len() as u64 + data.len() as u64 > self.awaited.delivery.length {
            return Err(Error::of(StatusCode::PAYLOAD_TOO_LARGE, "upload-too-long"));
        }
        if let Some((digest, _)) = &mut self.check {
            digest.update(&data);
        }
        self.held.extend_from_slice(&data);
        if self.held.len() < HELD {
            return Ok(());
        }
        self.write().await?;
        let is_due = self.at - self.noted >= STEP && self.at < self.awaited.delivery.length;
        if self.check.is_none() && is_due { self.note().await } else { Ok(()) }
    }

    async fn write(&mut self) -> Result<(), Error> {
        let bytes = std::mem::take(&mut self.held).freeze();
        let length = bytes.len() as u64;
        if length > 0 {
            self.part.write(self.at, bytes).await?;
            self.at += length;
        }
        Ok(())
    }

    /// Everything has come that the request brings.
    async fn done(mut self) -> Result<Delivery, Error> {
        if let Some((digest, sum)) = self.check.take()
            && digest.finish().as_ref() != sum
        {
            self.part.cut(self.noted).await?;
            let mismatch = StatusCode::from_u16(460).map_err(Error::fault)?;
            return Err(Error::of(mismatch, "upload-checksum"));
        }
        let length = self.awaited.delivery.length;
        if self.awaited.delivery.is_whole() {
            // It was made to be held; what it would be is a blob already.
            tokio::fs::remove_file(self.part.path()).await.ok();
            return Ok(self.awaited.delivery);
        }
        if self.at == length {
            take_whole(&self.app, &self.provider, &self.awaited, &self.part).await?;
        } else {
            self.note().await?;
        }
        Ok(Delivery { offset: self.at, refused: None, ..self.awaited.delivery })
    }

    /// Notes how far it has come, once that is on the disk.
    async fn note(&mut self) -> Result<(), Error> {
        let (from, to, id) = (self.noted, self.at, self.awaited.delivery.id);
        if from == to {
            return Ok(());
        }
        self.part.settle().await?;
        let (app, who) = (self.app.clone(), self.provider.clone());
        self.app.db().write(move |tx| store::advance(tx, &app, &who, id, (from, to))).await?;
        self.noted = to;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_says_where_it_goes_on_and_what_the_sum_is() {
        let read = |lines: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            headers.insert("content-type", "application/offset+octet-stream".parse().unwrap());
            for (name, value) in lines {
                headers.insert(*name, value.parse().unwrap());
            }
            Asked::read(&headers).map(|asked| (asked.offset, asked.check.map(|(_, sum)| sum.len())))
        };
        assert_eq!(read(&[("upload-offset", "70")]).unwrap(), (70, None));
        let sum = ("upload-checksum", "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0=");
        assert_eq!(read(&[("upload-offset", "0"), sum]).unwrap(), (0, Some(20)));
        let wrong: [&[(&str, &str)]; 6] = [
            &[],
            &[("upload-offset", "-1")],
            &[("upload-offset", "1e3")],
            &[("upload-offset", "0"), ("upload-checksum", "md5 AAAA")],
            &[("upload-offset", "0"), ("upload-checksum", "sha1")],
            &[("upload-offset", "0"), ("upload-checksum", "sha256 !")],
        ];
        for lines in wrong {
            assert_eq!(read(lines).unwrap_err().status, 400, "{lines:?}");
        }
        assert_eq!(read(&[("upload-offset", "0"), ("content-type", "application/json")]).unwrap_err().status, 415);
    }
}
