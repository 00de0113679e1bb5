//! The invitation's letter. The payload is an id; the address is opened when the job runs, and not once the invitation is over.

use super::store::{self, State};
use super::{Invitation, key};
use crate::app::App;
use crate::web::Error;
use crate::web::text::{Arg, Words};
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db;
use kit::id::Id;
use kit::job::Job;
use kit::mail::Mail;
use policy::{purpose, recipient};
use vault::{Grant, Opener, Proof, Scope, Subject};

/// The kind of the job. Payload: the invitation's id.
pub const KIND: &str = "people.invitation";

/// The right of the job to have one letter brought.
struct Bringing(Id<Subject>);

impl Proof for Bringing {
    type Recipient = recipient::Delivery;

    fn opener(&self) -> Opener {
        Opener::program(KIND)
    }

    fn scope(&self) -> Scope {
        Scope::Only(self.0)
    }
}

/// Sends one; the same job again sends the same.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Invitation> = work::named(payload)?;
        let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
        let Some(kept) = found.filter(|kept| kept.state == State::Waiting) else { return Ok(()) };
        let bringing = Bringing(kept.subject);
        let grant = Grant::<purpose::Invitation, _>::new(&bringing, job.cast());
        let to = app.vault().open(&grant, &kept.email).await?;
        let words = Words::new(app.catalogue(), kept.locale);
        let args = [
            ("company", Arg::from(kept.company_name.as_str())),
            ("until", kept.expires_at.into()),
            ("address", app.config().address(&key::path(&app, id)).into()),
        ];
        let mail = Mail {
            id: job.cast(),
            at: app.clock().now(),
            to: to.expose().to_owned(),
            subject: words.text("invitation-mail-subject", &args),
            text: words.text("invitation-mail", &args),
            html: None,
            one_click: None,
        };
        app.mailer().send(&mail).await.map_err(Error::fault)
    }
    .boxed()
}
