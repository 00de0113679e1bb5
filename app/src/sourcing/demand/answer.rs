//! Answering with interest, for providers.

use super::demand::Demand;
use super::form::Given;
use super::interest::{self, Interest};
use super::page::{Done, Named};
use super::{list, store};
use crate::app::App;
use crate::business::Keys;
use crate::web::{Actor, At, Bidder, Context, Ctx, Error, Form, Input, Page, Provider, Saved, Seen, filters};
use askama::Template;
use axum::extract::State;
use kit::db::Tx;
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

pub(super) async fn index(State(app): State<App>, context: Ctx, provider: Provider) -> Result<Page, Error> {
    Ok(Page::new("demand-interests", InterestList::read(&app, &context, &provider).await?))
}

pub(super) async fn form(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Demand>>,
) -> Result<Page, Error> {
    Ok(Page::new("demand-interest", InterestPage::read(&app, &context, &provider, id, None).await?))
}

pub(super) async fn give(
    State(app): State<App>,
    context: Ctx,
    provider: Bidder,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| InterestPage::refused(&app, &context, &provider, id, form).await;
    let act = async |given: Given, _: Form| {
        let (provider, target) = (provider.clone(), interest::target(&app, provider.company, id));
        let keys = Keys::of(&app, [provider.company]).await?;
        app.db().write(move |tx| interest::give(tx, &provider, id, &given, (&target, &keys))).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/demands/{id}?done=interest-given"), Done { id }))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    provider: Bidder,
    At(id): At<Id<Demand>>,
    input: Input,
) -> Result<Saved, Error> {
    let Seen { version } = input.parse()?;
    let target = interest::target(&app, provider.company, id);
    app.db().write(move |tx| interest::withdraw(tx, &provider, id, version, &target)).await?;
    Ok(Saved::at(format!("/demands/{id}?done=interest-withdrawn"), Done { id }))
}

/// The form of a provider's answer.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/interest.html")]
#[schemars(rename = "DemandInterestForm")]
pub struct InterestPage {
    demand: Named,
    form: Form,
    /// What stands.
    interest: Option<Interest>,
}

impl InterestPage {
    /// Reads a demand that can be answered now; without a form it is filled with what was answered.
    ///
    /// # Errors
    /// 404; 409 `own-demand`, `demand-not-open`.
    pub async fn read(
        app: &App,
        context: &Context,
        provider: &Bidder,
        id: Id<Demand>,
        form: Option<Form>,
    ) -> Result<Self, Error> {
        let (theirs, locale) = (provider.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let demand = interest::to_answer(tx, &theirs, id)?;
            let kept = interest::own(tx, theirs.company, id)?;
            Ok::<_, Error>((Named::new(demand, locale), kept))
        };
        let (demand, kept) = app.db().read(read).await?;
        let interest = interest::open(app, kept.into_iter().collect()).await?.pop();
        let fresh = Id::<Interest>::v7(context.now, app.random());
        let form = form.unwrap_or_else(|| filled(fresh, interest.as_ref()));
        Ok(Self { demand, form, interest: interest.filter(|one| one.offered.is_some()) })
    }

    /// The same with a refused form, and its title.
    ///
    /// # Errors
    /// As [`InterestPage::read`].
    pub async fn refused(
        app: &App,
        context: &Context,
        provider: &Bidder,
        id: Id<Demand>,
        form: Form,
    ) -> Result<(&'static str, Self), Error> {
        Ok(("demand-interest", Self::read(app, context, provider, id, Some(form)).await?))
    }
}

fn filled(id: Id<Interest>, interest: Option<&Interest>) -> Form {
    let version = interest.map_or(0, |one| one.version);
    let mut form = Form::filled([("id", id.to_string()), ("version", version.to_string())]);
    if let Some(offered) = interest.and_then(|one| one.offered.as_ref()) {
        form = form.with("text", offered.text.clone());
        form = form.with("price", offered.price.map(kit::money::short).unwrap_or_default());
        form = form.with("earliest_on", offered.earliest_on.map(|day| day.to_string()).unwrap_or_default());
    }
    form
}

/// A provider's own answers, and what it is invited to.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/demand/interests.html")]
#[schemars(rename = "DemandInterestList")]
pub struct InterestList {
    /// What the company is invited to.
    invited: Vec<Named>,
    /// What it has answered.
    answered: Vec<Answered>,
}

/// A demand, and what the company has answered.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DemandAnswered")]
struct Answered {
    demand: Named,
    interest: Interest,
}

impl InterestList {
    /// Reads it.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, context: &Context, provider: &Provider) -> Result<Self, Error> {
        let (theirs, locale) = (provider.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let actor = Actor::Member((*theirs).clone());
            let (mut demands, mut kept) = (Vec::new(), Vec::new());
            for one in interest::list_own(tx, &theirs)? {
                // Who is not invited any more reads no more.
                if let Ok(demand) = store::find(tx, &actor, one.demand) {
                    demands.push(Named::new(demand, locale));
                    kept.push(one);
                }
            }
            let invited = list::inviting(tx, &theirs)?;
            Ok::<_, Error>((invited, demands, kept))
        };
        let (invited, demands, kept) = app.db().read(read).await?;
        let interests = interest::open(app, kept).await?;
        let answered = demands.into_iter().zip(interests).map(|(demand, interest)| Answered { demand, interest });
        let invited = invited.into_iter().map(|demand| Named::new(demand, locale)).collect();
        Ok(Self { invited, answered: answered.collect() })
    }
}
