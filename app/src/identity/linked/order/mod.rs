//! Delivering orders to affiliates, by a job of the lane that waits for nobody but others' servers: one request each time. An order is
//! delivered though the contract be over: who had a person's data is told to delete them all the same.

pub mod desk;
pub mod wire;

use crate::app::App;
use crate::config;
use crate::identity::account::link::order::{self, Waiting};
use crate::web::Error;
use crate::work;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::job::Job;
use kit::outgoing::{Error as Unsent, Outgoing, Reach};
use std::time::Duration;
use url::Url;
use zeroize::Zeroizing;

/// How long an affiliate may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where orders go, and what both sign with.
pub struct Orders {
    url: Url,
    key: hmac::Key,
    outgoing: Outgoing,
}

impl Orders {
    /// Those of an issuer that takes them.
    ///
    /// # Errors
    /// What is wrong with the file of the secret.
    pub fn open(config: &config::Issuer) -> Result<Option<Self>, String> {
        let Some((url, file)) = &config.orders else { return Ok(None) };
        let told = |why: String| format!("{}: {why}", file.display());
        let text = std::fs::read_to_string(file).map(Zeroizing::new).map_err(|why| told(why.to_string()))?;
        let secret = STANDARD.decode(text.trim()).map(Zeroizing::new).ok();
        let secret = secret.filter(|secret| (32..=64).contains(&secret.len()));
        let secret = secret.ok_or_else(|| told("it must hold base64 of 32 to 64 bytes, and nothing else".into()))?;
        let reach = if config.inside { Reach::Anywhere } else { Reach::Public };
        let outgoing = Outgoing::new(reach, PATIENCE, wire::MOST + 1);
        Ok(Some(Self { url: url.clone(), key: hmac::Key::new(hmac::HMAC_SHA256, &secret), outgoing }))
    }

    /// What the affiliate finds a person by.
    pub fn mark(&self, issuer: &str, subject: &str) -> Vec<u8> {
        wire::mark(&self.key, issuer, subject)
    }
}

/// Delivers one. Acknowledged, or taken over by another job meanwhile: nothing is sent.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id = work::named(payload)?;
        let Some(waiting) = app.db().read::<_, db::Error>(move |tx| order::waiting(tx, id, job)).await? else {
            return Ok(());
        };
        let outcome = send(&app, &waiting).await;
        let unit = move |tx: &mut Tx| match outcome {
            Ok(()) => order::acknowledged(tx, &waiting, job),
            Err(trouble) => order::failed(tx, &waiting, job, trouble),
        };
        Ok(app.db().write::<_, db::Error>(unit).await?)
    }
    .boxed()
}

async fn send(app: &App, waiting: &Waiting) -> Result<(), &'static str> {
    let issuer = app.issuers().find(&waiting.issuer).ok_or("off")?;
    let orders = issuer.orders.as_ref().ok_or("off")?;
    let nonce = hex::encode(app.random().bytes::<16>());
    let name = issuer.config.issuer.as_str();
    let request = wire::signed(waiting, (name, &orders.key), app.clock().now(), &nonce);
    let answer = orders.outgoing.send(&orders.url, request).await.map_err(word)?;
    wire::hear(waiting, &orders.key, app.clock().now(), &nonce, &answer)
}

fn word(unsent: Unsent) -> &'static str {
    match unsent {
        Unsent::Slow => "slow",
        Unsent::Certificate => "certificate",
        Unsent::Malformed => "malformed",
        Unsent::Address | Unsent::Unknown | Unsent::Forbidden | Unsent::Unreachable => "unreachable",
    }
}
