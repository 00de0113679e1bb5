//! A part's page, and filing what its form says.

use super::addresses::Addresses;
use super::bank::{self, Bank};
use super::group::{Called, Group};
use super::identity::Identity;
use super::page::{PartPage, Stood};
use super::permits::{Permits, Stated};
use super::representative::{self, NAME, Representative, Stands};
use super::{Content, Part, review, store};
use crate::app::App;
use crate::identity::company::store as companies;
use crate::web::{Context, Ctx, Error, Fields, Form, Input, Member, Owner, Page, Parse, Saved};
use axum::extract::State as Of;
use kit::db::{self, Tx};
use kit::id::Id;
use policy::{Control, purpose};
use vault::Grant;

/// What a form says, and the version that it was filled from: 0 where nothing was filed yet.
pub struct Seen<F> {
    version: i64,
    said: F,
}

impl<F: Parse> Parse for Seen<F> {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, said) = (fields.version(), F::parse(fields));
        Some(Self { version: version?, said: said? })
    }
}

/// What a part's form says.
pub trait Said: Parse + Clone + Send + Sync + 'static {
    /// Of which part.
    type Of: Content;

    /// The part with it.
    fn onto(self, current: Option<Self::Of>) -> Self::Of;

    /// A field and the rule that it breaks, where only the database knows.
    fn breaks(&self, _: &mut Tx, _: &Member) -> Result<Option<(&'static str, &'static str)>, db::Error> {
        Ok(None)
    }
}

impl Said for Identity {
    type Of = Self;

    fn onto(self, _: Option<Self>) -> Self {
        self
    }

    fn breaks(&self, tx: &mut Tx, member: &Member) -> Result<Option<(&'static str, &'static str)>, db::Error> {
        let taken = companies::is_another(tx, member.company, &self.credit_code)?;
        Ok(taken.then_some(("credit_code", "credit-code-taken")))
    }
}

impl Said for Addresses {
    type Of = Self;

    fn onto(self, _: Option<Self>) -> Self {
        self
    }
}

impl Said for Bank {
    type Of = Self;

    fn onto(self, _: Option<Self>) -> Self {
        self
    }

    /// The name that the platform knows the company by, or the one that waits for its review.
    fn breaks(&self, tx: &mut Tx, member: &Member) -> Result<Option<(&'static str, &'static str)>, db::Error> {
        let known = companies::row(tx, member.company)?.map(|row| row.name);
        let filed = store::newest::<Identity>(tx, member.company)?.map(|version| version.content.name);
        let is_own = known.iter().chain(&filed).any(|name| bank::is_same_name(name, &self.holder));
        Ok((!is_own && policy::holds(Control::HolderIsCompany)).then_some(("holder", "account-holder")))
    }
}

impl Said for Stated {
    type Of = Permits;

    fn onto(self, current: Option<Permits>) -> Permits {
        Permits { statement: Some(self.statement), ground: self.ground, ..current.unwrap_or_default() }
    }
}

impl Said for Called {
    type Of = Group;

    fn onto(self, current: Option<Group>) -> Group {
        Group { group: self.group, ..current.unwrap_or_default() }
    }
}

/// A part's page.
pub async fn show<C: Content>(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    Ok(Page::new(C::PART.word(), page::<C>(&app, &context, &member).await?))
}

/// A part's page with its form filled from what stands there.
pub async fn page<C: Content>(app: &App, context: &Context, member: &Member) -> Result<PartPage, Error> {
    let (reader, today) = (member.clone(), context.now.to_zoned_datetime(app.zone()).date());
    let read = app.db().read::<_, db::Error>(move |tx| {
        let known = companies::own(tx, &reader)?;
        let version = store::newest::<C>(tx, reader.company)?;
        Ok((known, version, store::standing(tx, reader.company, C::PART)?))
    });
    let (known, version, standing) = read.await?;
    let id: Id<()> = Id::v7(context.now, app.random());
    Ok(PartPage::new(known, version, standing.map(|(_, standing)| standing), today, id).read_by(member))
}

/// Files what the form of a part says.
pub async fn file<F: Said>(Of(app): Of<App>, context: Ctx, member: Owner, input: Input) -> Result<Saved, Error> {
    let page = page::<F::Of>(&app, &context, &member).await?;
    let part = F::Of::PART;
    let filed = match input.parse_with_form::<Seen<F>>() {
        Ok((seen, form)) => put(&app, &member, seen, form).await,
        Err(refused) => Err(refused),
    };
    filed.map_err(|refused| refused.on(part.word(), |form| page.refused(form)))?;
    saved(&app, &member, part, "/company?done=company-filed").await
}

async fn put<F: Said>(app: &App, member: &Member, seen: Seen<F>, form: Form) -> Result<(), Error> {
    let member = member.clone();
    let unit = move |tx: &mut Tx| {
        let next = |current| Ok(seen.said.clone().onto(current));
        let check = |tx: &mut Tx| match seen.said.breaks(tx, &member)? {
            Some((field, rule)) => Err(form.clone().refuse(field, rule)),
            None => Ok(()),
        };
        if store::change::<F::Of>(tx, &member, Some(seen.version), next, check)? && F::Of::PART == Part::Identity {
            review::filed(tx, member.company)?;
        }
        Ok(())
    };
    app.db().write(unit).await
}

/// Where the part stands now, for who sent the act.
pub async fn saved(app: &App, member: &Member, part: Part, location: &'static str) -> Result<Saved, Error> {
    let company = member.company;
    let found = app.db().read::<_, db::Error>(move |tx| store::standing(tx, company, part)).await?;
    let (version, standing) = found.ok_or_else(Error::not_found)?;
    Ok(Saved::at(location, Stood { part, version, standing }))
}

/// Who stands for the company. The name is opened for the page, on record.
pub async fn show_representative(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    context.refuse_prefetch()?;
    let page = page::<Representative>(&app, &context, &member).await?;
    let page = match named(&app, &context, &member).await? {
        Some((_, name)) => page.naming(name.expose()),
        None => page,
    };
    Ok(Page::new(Part::Representative.word(), page))
}

/// Who stands for the member's company, and their name: opened, on record.
///
/// # Errors
/// As [`vault::Vault::open`].
pub async fn named(
    app: &App,
    context: &Context,
    member: &Member,
) -> Result<Option<(Representative, vault::Representative)>, Error> {
    let reader = member.clone();
    let read = app.db().read::<_, db::Error>(move |tx| {
        let Some(version) = store::newest::<Representative>(tx, reader.company)? else { return Ok(None) };
        let name = representative::name_for(tx, &reader, version.content.row)?;
        Ok(name.map(|(proof, sealed)| (version.content, proof, sealed)))
    });
    let Some((stands, proof, sealed)) = read.await? else { return Ok(None) };
    let grant = Grant::<purpose::CompanyRecord, _>::new(&proof, context.request);
    Ok(Some((stands, app.vault().open(&grant, &sealed).await?)))
}

/// Files who stands for the company.
pub async fn file_representative(Of(app): Of<App>, context: Ctx, member: Owner, input: Input) -> Result<Saved, Error> {
    let page = page::<Representative>(&app, &context, &member).await?;
    let part = Part::Representative;
    let seen: Seen<Stands> = input.parse().map_err(|refused| refused.on(part.word(), |form| page.refused(form)))?;
    let (row, role) = (seen.said.id, seen.said.role);
    // Filed again as it stands it would be reviewed again for nothing.
    if named(&app, &context, &member).await?.is_some_and(|(it, name)| it.role == role && name == seen.said.name) {
        return saved(&app, &member, part, "/company?done=company-filed").await;
    }
    let subject = app.vault().new_subject();
    let sealed = app.vault().seal(NAME, subject, row, &seen.said.name).await?;
    let filer = member.clone();
    let unit = move |tx: &mut Tx| {
        match representative::owner(tx, row)? {
            Some(company) if company == filer.company => return Ok(()),
            Some(_) => return Err(Error::not_found()),
            None => {}
        }
        store::change::<Representative>(
            tx,
            &filer,
            Some(seen.version),
            |_| Ok(Representative { role, row }),
            |_| Ok(()),
        )?;
        Ok(representative::put(tx, filer.company, row, &sealed)?)
    };
    app.db().write(unit).await?;
    saved(&app, &member, part, "/company?done=company-filed").await
}
