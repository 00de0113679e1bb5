//! The port to the service that confirms facts (核验服务): its one adapter, over HTTP as docs/attestation.md has it.

use super::Attestation;
use super::trouble::Trouble;
use super::wire::{MOST, Question, Said};
use crate::config;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use kit::clock::Clock;
use kit::id::Id;
use kit::outgoing::{Outgoing, Reach};
use kit::random::Random;
use policy::Control;
use zeroize::Zeroizing;

/// Why the secret cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unfit {
    /// It cannot be read.
    #[error("it cannot be read: {0}")]
    Unread(std::io::Error),
    /// It is no secret as it has to be.
    #[error("it must hold base64 of 32 to 64 bytes, and nothing else")]
    Form,
}

/// The service, with what both sign with.
#[derive(Clone)]
pub struct Attestor {
    outgoing: Outgoing,
    key: hmac::Key,
    config: config::Attestor,
}

impl Attestor {
    /// The one that is configured, with its secret read.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn open(config: &config::Attestor) -> Result<Self, Unfit> {
        let text = Zeroizing::new(std::fs::read_to_string(&config.secret_file).map_err(Unfit::Unread)?);
        let secret = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| Unfit::Form)?);
        if !(32..=64).contains(&secret.len()) {
            return Err(Unfit::Form);
        }
        // The address is the operator's own: it may lie inside. One byte more than an answer has tells one that is too long.
        let outgoing = Outgoing::new(Reach::Anywhere, config.patience, MOST + 1);
        Ok(Self { outgoing, key: hmac::Key::new(hmac::HMAC_SHA256, &secret), config: config.clone() })
    }

    /// Who runs it.
    pub fn name(&self) -> &str {
        &self.config.who.name
    }

    /// Whether the contract holds, its last day included: after it nothing is sent (PIPL 21).
    pub fn is_entrusted(&self, now: Timestamp, zone: TimeZone) -> bool {
        let today = now.to_zoned_datetime(zone).date();
        today <= self.config.who.until || !policy::holds(Control::AttestorUnderContract)
    }

    /// Asks once, with a nonce of its own.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn ask(&self, question: &Question, clock: &Clock, random: &Random) -> Result<Said, Trouble> {
        let nonce = hex::encode(random.bytes::<16>());
        let request = question.signed((&self.config.key_id, &self.key), clock.now(), &nonce);
        let answer = self.outgoing.send(&self.config.url, request).await?;
        question.hear(&self.key, clock.now(), &nonce, &answer)
    }

    /// Whether it is there and has the same secret: asks without a fact, so that nobody's data leave.
    ///
    /// # Errors
    /// [`Trouble`].
    pub async fn probe(&self, clock: &Clock, random: &Random) -> Result<(), Trouble> {
        let id: Id<Attestation> = random.id();
        self.ask(&Question { id, values: Vec::new() }, clock, random).await.map(drop)
    }
}
