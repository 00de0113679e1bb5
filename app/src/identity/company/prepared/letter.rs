//! The one letter: what was prepared, where the address came from, until when, and how to refuse. The payload is an id; the address
//! is opened when the job runs, and not once it is over.

use super::{Prepared, path, store};
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

/// The kind of the job. Payload: the id of the prepared registration.
pub const KIND: &str = "prepared.letter";

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

/// Sends it; the same job again sends the same.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Prepared> = work::named(payload)?;
        let Some(kept) = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await? else { return Ok(()) };
        let bringing = Bringing(kept.subject);
        let grant = Grant::<purpose::CompanyInvitation, _>::new(&bringing, job.cast());
        let to = app.vault().open(&grant, &kept.email).await?.disclose();
        let args = [
            ("company", Arg::from(kept.entry.identity.name.as_str())),
            ("source", kept.source.as_str().into()),
            ("until", kept.expires_at.into()),
            ("operator", app.config().operator_name.as_str().into()),
            ("contact", app.config().privacy_contact.as_str().into()),
            ("address", app.config().address(&path(&app, id)).into()),
        ];
        let words = Words::new(app.catalogue(), kept.locale);
        let (subject, text) = (words.text("prepared-mail-subject", &args), words.text("prepared-mail", &args));
        let mail = Mail { id: job.cast(), at: app.clock().now(), to, subject, text, html: None, one_click: None };
        app.mailer().send(&mail).await.map_err(Error::fault)
    }
    .boxed()
}
