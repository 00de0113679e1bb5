//! Asking for an archive, and taking it.

use super::Archive;
use super::form::Wanted;
use super::page::{Archives, Bundle};
use super::store;
use crate::app::App;
use crate::sourcing::tender::{Tender, document};
use crate::web::limit::{self, Limit};
use crate::web::{Agent, At, Context, Ctx, Error, Form, Input, Member, Page, Saved};
use axum::extract::State;
use axum::response::Response;
use jiff::SignedDuration;
use kit::id::Id;

/// Archives that one company has made.
static ARCHIVES: Limit = Limit { name: "tender-archive", burst: 6, every: SignedDuration::from_hours(1) };

async fn page(
    app: &App,
    context: &Context,
    member: Member,
    id: Id<Tender>,
    form: Option<Form>,
) -> Result<Archives, Error> {
    let new: Id<Archive> = Id::v7(context.now, app.random());
    let form = form.unwrap_or_else(|| Form::filled([("id", new.to_string())]));
    let theirs = app.clone();
    let read = move |tx: &mut kit::db::Tx| {
        let tender = store::ended(tx, &theirs, member.company, id)?;
        Ok::<_, Error>(Archives {
            archives: store::list(tx, &theirs, id, member.company)?,
            tender: id,
            is_whole: tender.company == member.company,
            number: tender.number,
            title: tender.title,
            form: form.clone(),
        })
    };
    app.db().read(read).await
}

/// `GET /tenders/{id}/archive`: the company's archives of it, and how far they are.
pub async fn show(State(app): State<App>, context: Ctx, member: Member, At(id): At<Id<Tender>>) -> Result<Page, Error> {
    Ok(Page::new("archive", page(&app, &context, member, id, None).await?))
}

/// `POST /tenders/{id}/archive`: leaves one to a job.
pub async fn ask(
    State(app): State<App>,
    context: Ctx,
    agent: Agent,
    At(id): At<Id<Tender>>,
    input: Input,
) -> Result<Saved, Error> {
    let again = async |form: Form| Ok(("archive", page(&app, &context, (*agent).clone(), id, Some(form)).await?));
    let begin = async |wanted: Wanted, _: Form| begin(&app, (*agent).clone(), id, wanted).await;
    let bundle = input.act_on(again, begin).await?;
    Ok(Saved::at(format!("/tenders/{id}/archive?done=archive-asked"), bundle))
}

async fn begin(app: &App, member: Member, tender: Id<Tender>, wanted: Wanted) -> Result<Bundle, Error> {
    let archives = app.limits().of(&ARCHIVES, &[member.company.as_bytes()]);
    limit::take(app.db(), std::slice::from_ref(&archives)).await?;
    let theirs = app.clone();
    app.db().write(move |tx| store::ask(tx, &theirs, &member, tender, wanted.id)).await
}

/// `GET /archives/{id}`: the file, for the members of the company that asked for it.
pub async fn download(State(app): State<App>, member: Member, At(id): At<Id<Archive>>) -> Result<Response, Error> {
    let theirs = app.clone();
    let kept = app.db().read(move |tx| store::find(tx, &theirs, member.company, id)).await?;
    document::download(&app, &format!("{}.zip", kept.number), &kept.region, &kept.blob).await
}
