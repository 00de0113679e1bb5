//! The invitation's letter. The payload is an id; the address is opened when the job runs, and not once the invitation is over.

use super::store::{self, State};
use super::{Invitation, key};
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

/// The kind of the job. Payload: the invitation's id.
pub const KIND: &str = "people.invitation";

/// Sends one; the same job again sends the same.
pub fn run(app: App, job: Id<Job>, payload: Vec<u8>) -> BoxFuture<'static, Result<(), Error>> {
    async move {
        let id: Id<Invitation> = work::named(payload)?;
        let found = app.db().read::<_, db::Error>(move |tx| store::find(tx, id)).await?;
        let Some(kept) = found.filter(|kept| kept.state == State::Waiting) else { return Ok(()) };
        let args = vec![
            ("company", Arg::from(kept.company_name.as_str())),
            ("until", kept.expires_at.into()),
            ("address", app.config().address(&key::path(&app, id)).into()),
        ];
        let message = Message { locale: kept.locale, key: "invitation-mail", args };
        let delivery = Delivery::new(KIND, kept.subject);
        mail::<purpose::Invitation>(&app, job, &delivery, &kept.email, &message).await
    }
    .boxed()
}
