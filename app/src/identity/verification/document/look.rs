//! Who sees a document: its person, with the number masked; and the one reviewer who has the case, whole. Each look is on record.

use super::kind::IdKind;
use super::store::{Document, of};
use crate::app::App;
use crate::identity::verification::Verification;
use crate::identity::verification::case::StepState;
use crate::identity::verification::page::View;
use crate::identity::verification::record::Record;
use crate::identity::verification::reviewer::{OnCase, untied};
use crate::web::{Context, Error, Member, Person, Reviewer, masked};
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{Permits, Recipient, field, purpose};
use schemars::JsonSchema;
use serde::Serialize;
use vault::{Grant, RequestId};

/// A document as it is shown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "VerificationDocument")]
pub struct Seen {
    /// Which kind.
    pub kind: IdKind,
    /// The name on it.
    pub name: String,
    /// Its number, masked.
    pub number: String,
    /// Its number, for the page of the reviewer who has the case and for nothing else.
    #[serde(skip)]
    pub whole: Option<String>,
}

/// A person's own, as far as they have given one.
///
/// # Errors
/// 403 `prefetch`; 503.
pub async fn own(app: &App, context: &Context, member: &Member, case: &View) -> Result<Option<Seen>, Error> {
    let is_given = case.steps.iter().any(|one| one.step.is_identity() && one.state != StepState::Missing);
    let Some(id) = case.id.filter(|_| is_given) else { return Ok(None) };
    let subject = member.subject();
    let found = app.db().read::<_, db::Error>(move |tx| of(tx, id)).await?;
    let Some(document) = found.filter(|document| document.subject == subject) else { return Ok(None) };
    context.refuse_prefetch()?;
    let person: &Person = member;
    let grant = Grant::<purpose::VerificationReview, _>::new(person, context.request);
    Ok(open(app, &grant, &document).await?.map(|seen| Seen { whole: None, ..seen }))
}

/// The one of a case, for the reviewer who has it. What does not open any more is not shown.
///
/// # Errors
/// 404; 409 `verification-tied`; 503.
pub async fn reviewed(
    app: &App,
    operator: &Reviewer,
    id: Id<Verification>,
    request: RequestId,
) -> Result<Option<Seen>, Error> {
    let operator = operator.clone();
    let unit = move |tx: &mut Tx| {
        let record = Record::find(tx, id)?.ok_or_else(Error::not_found)?;
        untied(tx, &operator, record.company)?;
        let now = tx.now();
        let document = of(tx, id)?;
        let right = document.as_ref().map(|one| OnCase::of(&operator, &record, now, one.subject)).transpose()?;
        Ok::<_, Error>(right.zip(document))
    };
    let Some((reviewer, document)) = app.db().read(unit).await? else { return Ok(None) };
    let grant = Grant::<purpose::VerificationReview, _>::new(&reviewer, request);
    open(app, &grant, &document).await
}

/// A number without its kind.
pub fn bare(number: &str) -> &str {
    number.split_once(' ').map_or(number, |(_, number)| number)
}

async fn open<R>(
    app: &App,
    grant: &Grant<'_, purpose::VerificationReview, R>,
    document: &Document,
) -> Result<Option<Seen>, Error>
where
    R: Recipient,
    purpose::VerificationReview: Permits<field::IdName, R> + Permits<field::IdNumber, R>,
{
    match app.vault().open_both(grant, &document.name, &document.number).await {
        Ok((name, number)) => {
            let number = bare(number.expose());
            let (name, whole) = (name.expose().to_owned(), Some(number.to_owned()));
            Ok(Some(Seen { kind: document.kind, name, number: masked(number), whole }))
        }
        Err(vault::Error::Refused(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
