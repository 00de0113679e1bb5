//! Adding to a part that lists things, and taking away from it.

use super::file::{page, saved};
use super::group::{self, Group, Related};
use super::permits::{self, Document, Permits, Valid};
use super::{Part, store};
use crate::app::App;
use crate::web::{At, Ctx, Error, Input, Member, Owner, Saved};
use axum::extract::State as Of;
use kit::db::Tx;
use kit::id::Id;

/// Lists a document.
pub async fn add_document(Of(app): Of<App>, context: Ctx, member: Owner, input: Input) -> Result<Saved, Error> {
    let page = page::<Permits>(&app, &context, &member).await?;
    let today = context.now.to_zoned_datetime(app.zone()).date();
    let parsed = input.parse_with_form::<Document>().and_then(|(document, form)| match document.on(today) {
        Valid::Ended => Err(form.refuse("ends_on", "document-ended")),
        _ => Ok(document),
    });
    let document = parsed.map_err(|refused| refused.on(Part::Permits.word(), |form| page.refused_item(form)))?;
    change_permits(&app, &member, move |permits| {
        if permits.documents.iter().any(|one| one.id == document.id) {
            return Ok(());
        }
        if permits.documents.len() >= permits::MOST {
            return Err(Error::conflict("company-documents-full").with("most", permits::MOST));
        }
        permits.documents.push(document.clone());
        Ok(())
    })
    .await?;
    saved(&app, &member, Part::Permits, "/company/permits?done=company-document-listed").await
}

/// Takes a document from the list. The versions that had it stay.
pub async fn remove_document(
    Of(app): Of<App>,
    member: Owner,
    At(id): At<Id<Document>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    change_permits(&app, &member, move |permits| {
        let count = permits.documents.len();
        permits.documents.retain(|document| document.id != id);
        if permits.documents.len() < count { Ok(()) } else { Err(Error::not_found()) }
    })
    .await?;
    saved(&app, &member, Part::Permits, "/company/permits?done=company-document-removed").await
}

async fn change_permits(
    app: &App,
    member: &Member,
    change: impl Fn(&mut Permits) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<(), Error> {
    let (member, zone) = (member.clone(), app.zone());
    let unit = move |tx: &mut Tx| {
        let mut changed = Permits::default();
        let next = |current: Option<Permits>| {
            let mut permits = current.unwrap_or_default();
            change(&mut permits)?;
            changed = permits.clone();
            Ok(permits)
        };
        store::change::<Permits>(tx, &member, None, next, |_| Ok(()))?;
        Ok(store::set_reminders(tx, member.company, &zone, &changed)?)
    };
    app.db().write(unit).await
}

/// Lists another company.
pub async fn add_relation(Of(app): Of<App>, context: Ctx, member: Owner, input: Input) -> Result<Saved, Error> {
    let page = page::<Group>(&app, &context, &member).await?;
    let parsed = input.parse::<Related>();
    let related = parsed.map_err(|refused| refused.on(Part::Group.word(), |form| page.refused_item(form)))?;
    change_group(&app, &member, move |group| {
        if group.relations.iter().any(|one| one.id == related.id) {
            return Ok(());
        }
        if group.relations.len() >= group::MOST {
            return Err(Error::conflict("company-relations-full").with("most", group::MOST));
        }
        group.relations.push(related.clone());
        Ok(())
    })
    .await?;
    saved(&app, &member, Part::Group, "/company/group?done=company-relation-listed").await
}

/// Takes another company from the list.
pub async fn remove_relation(
    Of(app): Of<App>,
    member: Owner,
    At(id): At<Id<Related>>,
    input: Input,
) -> Result<Saved, Error> {
    input.empty()?;
    change_group(&app, &member, move |group| {
        let count = group.relations.len();
        group.relations.retain(|related| related.id != id);
        if group.relations.len() < count { Ok(()) } else { Err(Error::not_found()) }
    })
    .await?;
    saved(&app, &member, Part::Group, "/company/group?done=company-relation-removed").await
}

async fn change_group(
    app: &App,
    member: &Member,
    change: impl Fn(&mut Group) -> Result<(), Error> + Send + Sync + 'static,
) -> Result<(), Error> {
    let member = member.clone();
    let unit = move |tx: &mut Tx| {
        let next = |current: Option<Group>| {
            let mut group = current.unwrap_or_default();
            change(&mut group)?;
            Ok(group)
        };
        store::change::<Group>(tx, &member, None, next, |_| Ok(())).map(drop)
    };
    app.db().write(unit).await
}
