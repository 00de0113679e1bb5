//! The one letter: what was prepared, where the address came from, until when, and how to refuse. The payload is an id; the address
//! is opened when the job runs, and not once it is over.

use super::{Prepared, path, store};
use crate::app::App;
use crate::identity::account::message::{Delivery, Message, mail};
use crate::web::Error;
use crate::web::text::Arg;
use crate::work;
use futures::FutureExt;
use futures::future::BoxFuture;
use kit::db;
use kit::id::Id;
use kit::job::Job;
use policy::purpose;

/// The kind of the job. Payload: the id of the prepared registration.
pub const KIND: &str = "prepared.letter";

/// Sends it; the same job again sends the same.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Prepared> = work::named(payload)?;
        let Some(kept) = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await? else { return Ok(()) };
        let args = vec![
            ("company", Arg::from(kept.entry.identity.name.as_str())),
            ("source", kept.source.as_str().into()),
            ("until", kept.expires_at.into()),
            ("operator", app.config().operator_name.as_str().into()),
            ("contact", app.config().privacy_contact.as_str().into()),
            ("address", app.config().address(&path(&app, id)).into()),
        ];
        let message = Message { locale: kept.locale, key: "prepared-mail", args };
        let delivery = Delivery::new(KIND, kept.subject);
        mail::<purpose::CompanyInvitation>(&app, job, &delivery, &kept.email, &message).await
    }
    .boxed()
}
