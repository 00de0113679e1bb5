//! Where a company's files lie (存放数据的数据中心, clause 6.3): the data centre that an owner chose of those that the operator
//! has configured. It holds for what is stored from then on; each row says where its own file lies.

use super::Company;
use crate::app::{App, REGION};
use crate::config::DataRegion;
use crate::identity::people::Duty;
use crate::web::{Context, Ctx, Error, Fields, Form, Input, Member, Owner, Page, Parse, Saved, filters};
use askama::Template;
use axum::extract::State as Of;
use kit::db::{self, Tx};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::Control;
use schemars::JsonSchema;
use serde::Serialize;

/// The data centre that a company's new files go to.
///
/// # Errors
/// [`db::Error`].
pub fn data_region(tx: &mut Tx, company: Id<Company>) -> Result<String, db::Error> {
    if !policy::holds(Control::FileInChosenRegion) {
        return Ok(REGION.to_owned());
    }
    tx.one("SELECT data_region FROM company WHERE id = $1", values![company], |row| row.next())
}

/// A company has chosen another data centre.
#[derive(Serialize)]
struct Chosen {
    company: Id<Company>,
    region: String,
}

impl Fact for Chosen {
    const KIND: &'static str = "company.data-region-chosen";
}

/// The choice: the name of a data centre, and the one that the form showed as chosen.
pub struct Choice {
    region: String,
    seen: String,
}

impl Parse for Choice {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let region = fields.like("region", REGION).text("region", 1..=32);
        let seen = fields.like("seen", REGION).text("seen", 1..=32);
        Some(Self { region: region?, seen: seen? })
    }
}

/// A data centre to choose.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "DataRegion")]
struct Centre {
    /// Its name, as the form sends it.
    name: String,
    /// What it is called, in the reader's language.
    word: String,
}

#[derive(Template, Serialize, JsonSchema)]
#[template(path = "identity/company/data_region.html")]
#[schemars(rename = "DataRegionPage")]
pub struct Centres {
    /// The chosen one.
    chosen: String,
    /// All that can be chosen.
    centres: Vec<Centre>,
    /// Whether the reader may choose.
    may_choose: bool,
    form: Form,
}

impl Centres {
    fn word(&self) -> &str {
        self.centres.iter().find(|one| one.name == self.chosen).map_or(&self.chosen, |one| &one.word)
    }

    fn options(&self) -> Vec<(&str, &str)> {
        self.centres.iter().map(|one| (one.name.as_str(), one.word.as_str())).collect()
    }
}

async fn read(app: &App, context: &Context, member: &Member, form: Option<Form>) -> Result<Centres, Error> {
    let company = member.company;
    let chosen = app.db().read::<_, db::Error>(move |tx| data_region(tx, company)).await?;
    let word = |region: &DataRegion| context.locale.pick(&region.zh, &region.en).to_owned();
    let centre = |region: &DataRegion| Centre { name: region.name.clone(), word: word(region) };
    let form = form.unwrap_or_else(|| Form::filled([("region", chosen.as_str())]));
    Ok(Centres {
        centres: app.config().data_regions.iter().map(centre).collect(),
        may_choose: member.duties.has(Duty::Owner),
        form: form.with("seen", &chosen),
        chosen,
    })
}

/// The page.
pub async fn show(Of(app): Of<App>, context: Ctx, member: Member) -> Result<Page, Error> {
    Ok(Page::new("data-region", read(&app, &context, &member, None).await?))
}

/// An owner chooses.
pub async fn choose(Of(app): Of<App>, context: Ctx, owner: Owner, input: Input) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("data-region", read(&app, &context, &owner, Some(form)).await?));
    let known = app.config().data_regions.iter().map(|region| region.name.clone()).collect::<Vec<_>>();
    let act = async |choice: Choice, form: Form| {
        if !known.contains(&choice.region) {
            return Err(form.refuse("region", "choice"));
        }
        let owner = owner.clone();
        app.db().write(move |tx| set(tx, &owner, &choice)).await
    };
    input.act_on(again, act).await?;
    let page = read(&app, &context, &owner, None).await?;
    Ok(Saved::at("/company/data-region?done=data-region-chosen", page))
}

fn set(tx: &mut Tx, owner: &Owner, choice: &Choice) -> Result<(), Error> {
    owner.still(tx)?;
    let before = data_region(tx, owner.company)?;
    if before == choice.region {
        return Ok(());
    }
    if before != choice.seen {
        return Err(Error::stale());
    }
    let sql = "UPDATE company SET data_region = $1 WHERE id = $2";
    tx.execute(sql, values![&choice.region, owner.company])?;
    event::record(tx, owner.scope(), &Chosen { company: owner.company, region: choice.region.clone() })?;
    Ok(())
}
