//! Forming, drawing, scoring, reading.

use super::form::{Formed, Replaced};
use super::page::{CommitteePage, DrawPage, ReportPage, reported};
use super::scoring::{List, ScoresPage, seats};
use super::{Done, committee, expert, paper, score};
use crate::app::App;
use crate::sourcing::opening::record::File;
use crate::sourcing::tender::Lot;
use crate::sourcing::tender::document::download;
use crate::web::attachment::attachment;
use crate::web::text::Words;
use crate::web::{Actor, Agent, At, Ctx, Error, Form, Input, Locale, Member, Page, Purchaser, Saved};
use axum::extract::State as Of;
use axum::response::Response;
use kit::db::Tx;
use kit::id::Id;
use kit::values;

/// The page of the buyer on which a refused form comes back.
async fn formed(
    app: &App,
    context: &Ctx,
    buyer: &Purchaser,
    id: Id<Lot>,
    form: Form,
) -> Result<(&'static str, CommitteePage), Error> {
    Ok(("committee", CommitteePage::read(app, buyer.clone(), id, form, context.locale).await?))
}

/// That of the evaluator.
async fn scored(
    app: &App,
    context: &Ctx,
    member: &Agent,
    id: Id<Lot>,
    form: Form,
) -> Result<(&'static str, ScoresPage), Error> {
    Ok(("evaluation", ScoresPage::read(app, (**member).clone(), id, form, context.locale).await?))
}

pub async fn index(Of(app): Of<App>, member: Member) -> Result<Page, Error> {
    let read = move |tx: &mut Tx| {
        let available = expert::offers(tx, &member)?;
        Ok::<_, Error>(List { seats: seats(tx, &member)?, available })
    };
    Ok(Page::new("evaluation-mine", app.db().read(read).await?))
}

pub async fn offer(Of(app): Of<App>, member: Agent, input: Input) -> Result<Saved, Error> {
    let given: expert::Offer = input.parse()?;
    let read = move |tx: &mut Tx| {
        expert::offer(tx, &member, &given)?;
        Ok::<_, Error>(List { seats: seats(tx, &member)?, available: given.available })
    };
    let list = app.db().write(read).await?;
    Ok(Saved::at("/evaluations?done=evaluation-offered", list))
}

pub async fn show(Of(app): Of<App>, context: Ctx, buyer: Purchaser, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("committee", CommitteePage::read(&app, buyer, id, Form::default(), context.locale).await?))
}

pub async fn form(
    Of(app): Of<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| formed(&app, &context, &buyer, id, form).await;
    let act = async |given: Formed, form: Form| {
        let emails: Vec<_> = given.own.iter().map(|email| app.accounts().email_index(email)).collect();
        let buyer = buyer.clone();
        app.db().write(move |tx| committee::form(tx, &buyer, id, &emails, &form)).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/committee?done=committee-formed"), Done { lot: id }))
}

pub async fn draw(Of(app): Of<App>, buyer: Purchaser, At(id): At<Id<Lot>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| committee::draw_members(tx, &buyer, id)).await?;
    Ok(Saved::at(format!("/lots/{id}/committee?done=committee-drawn"), Done { lot: id }))
}

pub async fn replace(
    Of(app): Of<App>,
    context: Ctx,
    buyer: Purchaser,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| formed(&app, &context, &buyer, id, form).await;
    let given: Replaced = input.parse_on(again).await?;
    app.db().write(move |tx| committee::replace(tx, &buyer, id, given.number, &given.reason)).await?;
    Ok(Saved::at(format!("/lots/{id}/committee?done=committee-replaced"), Done { lot: id }))
}

pub async fn drawing(Of(app): Of<App>, context: Ctx, actor: Actor, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("committee-draw", DrawPage::read(&app, actor, id, context.locale).await?))
}

pub async fn scores(Of(app): Of<App>, context: Ctx, member: Member, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("evaluation", ScoresPage::read(&app, member, id, Form::default(), context.locale).await?))
}

pub async fn declare(
    Of(app): Of<App>,
    context: Ctx,
    member: Agent,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| scored(&app, &context, &member, id, form).await;
    let given: score::Declared = input.parse_on(again).await?;
    let to = if given.conflict.is_some() { "/evaluations".to_owned() } else { format!("/lots/{id}/scores") };
    app.db().write(move |tx| score::declare(tx, &member, id, &given)).await?;
    Ok(Saved::at(format!("{to}?done=evaluation-declared"), Done { lot: id }))
}

pub async fn save(
    Of(app): Of<App>,
    context: Ctx,
    member: Agent,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| scored(&app, &context, &member, id, form).await;
    let act = async |given: score::Given, form: Form| {
        let (member, letter) = (member.clone(), given.bid.clone());
        app.db().write(move |tx| score::save(tx, &member, id, &given, &form)).await?;
        Ok(letter)
    };
    let letter = input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/scores?done=evaluation-saved#bid-{letter}"), Done { lot: id }))
}

pub async fn sign(Of(app): Of<App>, member: Agent, At(id): At<Id<Lot>>, input: Input) -> Result<Saved, Error> {
    input.empty()?;
    app.db().write(move |tx| score::sign(tx, &member, id)).await?;
    Ok(Saved::at(format!("/lots/{id}/scores?done=evaluation-signed"), Done { lot: id }))
}

pub async fn explain(
    Of(app): Of<App>,
    context: Ctx,
    member: Agent,
    At(id): At<Id<Lot>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| scored(&app, &context, &member, id, form).await;
    let act = async |given: score::Deviation, form: Form| {
        let member = member.clone();
        app.db().write(move |tx| score::explain(tx, &member, id, &given, &form)).await
    };
    input.act_on(again, act).await?;
    Ok(Saved::at(format!("/lots/{id}/scores?done=evaluation-explained"), Done { lot: id }))
}

pub async fn report(Of(app): Of<App>, member: Member, At(id): At<Id<Lot>>) -> Result<Page, Error> {
    Ok(Page::new("evaluation-report", ReportPage::read(&app, member, id).await?))
}

/// The report as it was made, byte for byte: the log commits to its hash.
pub async fn report_file(Of(app): Of<App>, member: Member, At(id): At<Id<Lot>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx| Ok::<_, Error>(reported(tx, &member, id)?.1);
    let text = app.db().read(read).await?;
    Ok(attachment(&format!("evaluation-{id}.json"), text))
}

/// The same on paper, in both languages.
pub async fn printed(Of(app): Of<App>, member: Member, At(id): At<Id<Lot>>) -> Result<Response, Error> {
    let page = ReportPage::read(&app, member, id).await?;
    let words = Locale::ALL.map(|locale| Words::new(app.catalogue(), locale));
    let zone = app.zone();
    // Setting and packing take some milliseconds of a core.
    let pdf = tokio::task::spawn_blocking(move || paper::set(&page, &words, &zone));
    let pdf = pdf.await.map_err(Error::fault)?.map_err(Error::fault)?;
    Ok(crate::paper::file(&format!("evaluation-{id}.pdf"), pdf))
}

/// `GET /evaluation-files/{id}`: a file of a bid, for who evaluates its lot.
pub async fn file(Of(app): Of<App>, member: Member, At(id): At<Id<File>>) -> Result<Response, Error> {
    let read = move |tx: &mut Tx| {
        let sql = "SELECT f.name, f.region, f.blob FROM bid_file f JOIN bid b ON b.id = f.bid \
                   JOIN candidate c ON c.lot = b.lot WHERE f.id = $1 AND c.account = $2 AND c.company = $3 \
                   AND c.standing IN ('seated', 'signed')";
        let found = tx.first(sql, values![id, member.account(), member.company], |row| {
            Ok((row.next::<String>()?, row.next::<String>()?, row.next::<String>()?))
        })?;
        found.ok_or_else(Error::not_found)
    };
    let (name, region, blob) = app.db().read(read).await?;
    download(&app, &name, &region, &blob).await
}
