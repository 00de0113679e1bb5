//! Where mail goes: a folder in development and in the demo, a server in production.

use std::path::{Path, PathBuf};
use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use super::{Error, Mail, eml, folder};

/// How long a server may take for one mail.
const PATIENCE: Duration = Duration::from_secs(60);

/// The port for mail.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: Mailbox,
    sink: Sink,
    patience: Duration,
}

#[derive(Clone, Debug)]
enum Sink {
    Folder(PathBuf),
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
}

impl Mailer {
    /// Writes `OUTBOX/mail/ID.eml`. `from` is `资云 <no-reply@example.org>` or a bare address.
    pub fn folder(outbox: &Path, from: &str) -> Result<Mailer, Error> {
        Ok(Mailer { from: sender(from)?, sink: Sink::Folder(outbox.join("mail")), patience: PATIENCE })
    }

    /// Sends through a server: `smtps://user:password@host:465`, `smtp://user:password@host:587?tls=required`, and
    /// without encryption, for a relay on the same machine, `smtp://127.0.0.1:25`.
    pub fn smtp(server: &str, from: &str) -> Result<Mailer, Error> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(server).map_err(|_| Error::Server)?;
        Ok(Mailer { from: sender(from)?, sink: Sink::Smtp(transport.build()), patience: PATIENCE })
    }

    /// The same with another end to its patience, for tests.
    #[cfg(test)]
    pub(super) fn patient(mut self, patience: Duration) -> Mailer {
        self.patience = patience;
        self
    }

    /// Greets the server and takes leave again, without sending anything. A folder needs no greeting.
    pub async fn greet(&self) -> Result<(), Error> {
        let Sink::Smtp(transport) = &self.sink else { return Ok(()) };
        match transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Later { code: None }),
            Err(refusal) => Err(answer(&refusal)),
        }
    }

    /// Sends, or finds that this id was written before.
    pub async fn send(&self, mail: &Mail) -> Result<(), Error> {
        match &self.sink {
            Sink::Folder(path) => {
                let composed = eml::compose(mail, &self.from, eml::Transfer::Readable)?;
                folder::deliver(path.clone(), format!("{}.eml", mail.id), composed.formatted()).await
            }
            Sink::Smtp(transport) => {
                let composed = eml::compose(mail, &self.from, eml::Transfer::AnyServer)?;
                // The library's own limit is one of connecting: who takes the connection and says nothing would hold us for ever.
                match tokio::time::timeout(self.patience, transport.send(composed)).await {
                    Ok(sent) => sent.map(|_| ()).map_err(|refusal| answer(&refusal)),
                    Err(_) => Err(Error::Later { code: None }),
                }
            }
        }
    }
}

fn sender(from: &str) -> Result<Mailbox, Error> {
    from.parse().map_err(|_| Error::Sender(from.to_owned()))
}

/// A server's answer may repeat the address: only its code is kept.
fn answer(refusal: &lettre::transport::smtp::Error) -> Error {
    let code = refusal.status().map(u16::from);
    match code {
        Some(code) if refusal.is_permanent() => Error::Refused(code),
        code => Error::Later { code },
    }
}
