//! The gateway of Yunpian (云片), version 2 of its interface: `POST /v2/sms/single_send.json`.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderValue, Method, Request};
use serde::Deserialize;
use url::Url;

use super::{Error, ShortMessage};
use crate::outgoing::{Outgoing, Reach};

/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most that is read of its answer, in bytes.
const MOST: usize = 64 * 1024;

/// Its codes for a number that cannot be sent to: on its black list, of a country that it does not serve.
const NO_SUCH_NUMBER: [i64; 2] = [10, 20];

/// The gateway with our key to it.
#[derive(Clone)]
pub struct Yunpian {
    outgoing: Outgoing,
    send: Url,
    key: String,
}

/// Without the key.
impl fmt::Debug for Yunpian {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Yunpian").field("host", &self.send.host_str()).finish_non_exhaustive()
    }
}

/// The part of its answer that we need.
#[derive(Deserialize)]
struct Said {
    code: i64,
}

impl Yunpian {
    /// Reads `https://:APIKEY@sms.yunpian.com`.
    ///
    /// # Errors
    /// [`Error::Gateway`].
    pub fn at(address: &str) -> Result<Self, Error> {
        let mut send: Url = address.parse().map_err(|_| Error::Gateway)?;
        let key = send.password().filter(|key| !key.is_empty()).ok_or(Error::Gateway)?.to_owned();
        let bare = send.set_password(None).and_then(|()| send.set_username(""));
        if bare.is_err() || !matches!(send.scheme(), "https" | "http") {
            return Err(Error::Gateway);
        }
        send.set_path("/v2/sms/single_send.json");
        Ok(Self { outgoing: Outgoing::new(Reach::Anywhere, PATIENCE, MOST), send, key })
    }

    /// Sends one. The gateway repeats `uid` in its reports.
    ///
    /// # Errors
    /// [`Error::Recipient`] when it says that the number is at fault, [`Error::NotTaken`] for the rest.
    pub async fn send(&self, message: &ShortMessage) -> Result<(), Error> {
        let id = message.id.to_string();
        let fields = [("apikey", &self.key), ("mobile", &message.to), ("text", &message.text), ("uid", &id)];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::new(Bytes::from(body));
        *request.method_mut() = Method::POST;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded;charset=utf-8");
        request.headers_mut().insert(CONTENT_TYPE, form);
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static("application/json;charset=utf-8"));
        let answer = self.outgoing.send(&self.send, request).await.map_err(|_| Error::NotTaken { code: None })?;
        match serde_json::from_slice::<Said>(&answer.body) {
            Ok(Said { code: 0 }) if answer.status.is_success() => Ok(()),
            Ok(Said { code }) if NO_SUCH_NUMBER.contains(&code) => Err(Error::Recipient),
            Ok(Said { code }) => Err(Error::NotTaken { code: Some(code) }),
            Err(_) => Err(Error::NotTaken { code: Some(answer.status.as_u16().into()) }),
        }
    }
}
