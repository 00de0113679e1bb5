//! The way to each part of the program.

use super::{
    App, Arc, Attestor, Auctions, Blobs, Board, Catalogue, Clock, Config, Cookies, Cursors, Db, Figures, Index,
    Issuers, Journal, Kept, Limits, Live, Log, Mailer, Names, Outgoing, Paces, Policies, Push, Random, Room, Secrets,
    Signer, Sms, TimeZone, Timestamp, Tokens, Turns, Uses, Vault, Worker,
};
use crate::web::Error;
use bytes::Bytes;
use kit::blobs::BlobName;
use kit::search;

/// What the program is made of, part by part.
#[expect(missing_docs, reason = "each part documents itself")]
impl App {
    pub fn config(&self) -> &Config {
        &self.0.config
    }
    pub fn rooms(&self) -> &[&'static Room] {
        &self.0.rooms
    }
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.0.catalogue.clone()
    }
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    pub fn keys(&self) -> &Db {
        &self.0.keys
    }
    pub fn vault(&self) -> &Vault {
        &self.0.vault
    }
    pub fn journal(&self) -> &Journal {
        &self.0.journal
    }
    pub fn blobs(&self) -> &Blobs {
        &self.0.blobs
    }
    pub fn directory(&self) -> &Index {
        &self.0.directory
    }
    pub fn demands(&self) -> &Index {
        &self.0.demands
    }
    pub fn search(&self) -> &Index {
        &self.0.search
    }
    pub fn worker(&self) -> &Worker {
        &self.0.worker
    }
    pub fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }
    pub fn sms(&self) -> &Sms {
        &self.0.sms
    }
    pub fn push(&self) -> &Push {
        &self.0.push
    }
    pub fn outgoing(&self) -> &Outgoing {
        &self.0.outgoing
    }
    pub fn attestor(&self) -> Option<&Attestor> {
        self.0.attestor.as_ref()
    }
    pub fn issuers(&self) -> &Issuers {
        &self.0.issuers
    }
    pub fn signer(&self) -> &Signer {
        &self.0.signer
    }
    pub fn log(&self) -> &Arc<Log> {
        &self.0.log
    }
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    pub fn random(&self) -> &Random {
        &self.0.random
    }
    pub fn cookies(&self) -> Cookies {
        self.0.cookies
    }
    pub fn form_tokens(&self) -> &Tokens {
        &self.0.tokens
    }
    pub fn cursors(&self) -> &Cursors {
        &self.0.cursors
    }
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }
    pub fn board(&self) -> &Board {
        &self.0.board
    }
    pub fn policies(&self) -> &Policies {
        &self.0.policies
    }
    pub fn paces(&self) -> &Paces {
        &self.0.paces
    }
    pub fn uses(&self) -> &Uses {
        &self.0.uses
    }
    pub fn live(&self) -> &Live {
        &self.0.live
    }
    pub fn auctions(&self) -> &Auctions {
        &self.0.auctions
    }
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }
    pub fn names(&self) -> &Names {
        &self.0.names
    }
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }
    pub fn started_at(&self) -> Timestamp {
        self.0.started_at
    }
    pub(crate) fn turns(&self) -> &Turns {
        &self.0.turns
    }
    pub fn accounts(&self) -> &Secrets {
        &self.0.accounts
    }
    pub fn zone(&self) -> TimeZone {
        self.0.config.zone.clone()
    }
    pub fn operator_name(&self) -> &str {
        &self.0.config.operator_name
    }
    pub fn is_secure(&self) -> bool {
        self.0.config.tls.is_some() || self.0.config.trusted_proxy
    }
    pub fn is_demo(&self) -> bool {
        self.0.rooms.iter().any(|room| room.name == "demo")
    }
}

impl App {
    /// Works on a search index off the threads that serve, since it reads and writes files.
    ///
    /// # Errors
    /// 500 when the index cannot be read or written.
    pub async fn on_index<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, search::Error> + Send + 'static,
    ) -> Result<T, Error> {
        let app = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&app)).await.map_err(Error::fault)?;
        done.map_err(Error::fault)
    }

    /// Lays a file into the store of a data centre, durably, and answers the name that it has there.
    ///
    /// # Errors
    /// 503.
    pub async fn lay(&self, region: &str, content: impl Into<Bytes>) -> Result<String, Error> {
        let name = BlobName::new(self.random());
        self.blobs().put(region, name, content.into()).await.map_err(Error::busy)?;
        Ok(name.to_string())
    }

    /// The whole of a file that a row names.
    ///
    /// # Errors
    /// 503 while its data centre cannot be reached; 500 for a row that names none.
    pub async fn fetch(&self, region: &str, name: &str) -> Result<Bytes, Error> {
        let name: BlobName = name.parse().map_err(|_| Error::fault("a row names no blob"))?;
        self.blobs().get(region, name).await.map_err(Error::busy)
    }
}
