//! View models of one application: the form, what its two sides read of it, and all of a provider's own.

use super::admission::Needed;
use super::application::{self, Application, Kept};
use super::list::QualifiedList;
use super::objection::{self, Objection};
use super::page::Named;
use super::rule::Standing;
use super::{appeal, applying, store};
use crate::app::App;
use crate::identity::people::Duty;
use crate::web::{Bidder, Context, Error, Form, Instant, Member, Provider, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use schemars::JsonSchema;
use serde::Serialize;

/// The form of an application.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/apply.html")]
#[schemars(rename = "QualifiedApplicationForm")]
pub struct ApplyPage {
    list: Named,
    form: Form,
    /// What stands.
    application: Option<Application>,
}

impl ApplyPage {
    /// Reads a list that can be applied to now; without a form it is filled with what was sent.
    ///
    /// # Errors
    /// 404; 409 `own-list`, `qualified-not-open`, `applications-over`; 503.
    pub async fn read(
        app: &App,
        context: &Context,
        provider: &Bidder,
        id: Id<QualifiedList>,
        form: Option<Form>,
    ) -> Result<Self, Error> {
        let (theirs, locale) = (provider.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let (list, now) = (applying::to_apply(tx, &theirs, id)?, tx.now());
            let own = application::own(tx, theirs.company, id)?;
            let lying = application::lying(tx, own.into_iter().collect())?;
            Ok::<_, Error>((Named::new(list, locale, now), lying))
        };
        let (list, lying) = app.db().read(read).await?;
        let application = application::open(app, lying, true).await?.pop();
        let fresh = Id::<Application>::v7(context.now, app.random());
        let form = form.unwrap_or_else(|| filled(fresh, application.as_ref()));
        Ok(Self { list, form, application })
    }
}

fn filled(id: Id<Application>, application: Option<&Application>) -> Form {
    let version = application.map_or(0, |one| one.version);
    let form = Form::filled([("id", id.to_string()), ("version", version.to_string())]);
    form.with("statement", application.and_then(|one| one.statement.clone()).unwrap_or_default())
}

/// Who reads an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "QualifiedApplicationReader")]
enum Reader {
    /// The list's company, which reviews it.
    Buyer,
    /// Who applies.
    Applicant,
}

/// An application, with its result, objections and answers.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/application.html")]
#[schemars(rename = "QualifiedApplicationPage")]
pub struct ApplicationPage {
    list: Named,
    application: Application,
    reader: Reader,
    /// Whether the review can be noted, or changed.
    is_in_review: bool,
    /// Whether the list can be used now.
    is_usable: bool,
    /// Until when the applicant can object to how it stands.
    #[schemars(with = "Option<Instant>")]
    objections_until: Option<Timestamp>,
    /// Which approval the reader's decision needs: in a pool that stays open, or of an objection that they would uphold.
    approval: Needed,
    /// Whether the reader acts for their side.
    #[serde(skip)]
    acts: bool,
    #[serde(skip)]
    form: Form,
    #[serde(skip)]
    objection_form: Form,
    /// Until when the applicant can appeal to the operator against the answer to its last objection.
    #[schemars(with = "Option<Instant>")]
    appeal_until: Option<Timestamp>,
    #[serde(skip)]
    answer_form: Form,
    #[serde(skip)]
    appeal_form: Form,
}

impl ApplicationPage {
    /// Reads it, for one of its two sides.
    ///
    /// # Errors
    /// 404, also for the list's company before it may read applications; 503.
    pub async fn read(app: &App, context: &Context, member: &Member, id: Id<Application>) -> Result<Self, Error> {
        let (member, locale, zone) = (member.clone(), context.locale, app.zone());
        let fresh = Id::<Objection>::v7(context.now, app.random());
        let appealing = Id::<appeal::Made>::v7(context.now, app.random());
        let read = move |tx: &mut Tx| {
            let (kept, now) = (application::load(tx, id)?, tx.now());
            let list = store::load(tx, kept.list)?;
            let is_buyer = list.is_of(Some(member.company)) && list.shows_applications(now);
            let reader = match kept.company == member.company {
                true => Reader::Applicant,
                false if is_buyer && kept.state != Standing::Withdrawn => Reader::Buyer,
                false => return Err(Error::not_found()),
            };
            let until = objection::until(kept.state, kept.decided_at, &zone).filter(|until| now < *until);
            let approval = needed(tx, &member, reader, (&list, &kept))?;
            let lying = application::lying(tx, vec![kept])?;
            let duty = if reader == Reader::Buyer { Duty::Buyer } else { Duty::Bidder };
            let is_in_review = list.is_in_review(now) || (!list.content.kind.has_deadline() && list.is_usable(now));
            let read = (reader, member.duties.has(duty), until, is_in_review, list.is_usable(now));
            Ok::<_, Error>((Named::new(list, locale, now), lying, approval, read))
        };
        let (list, lying, approval, (reader, acts, objections_until, is_in_review, is_usable)) =
            app.db().read(read).await?;
        let opened = application::open(app, lying, reader == Reader::Applicant).await?.pop();
        let application = opened.ok_or_else(Error::not_found)?;
        let last = application.objections.last().and_then(|one| appeal::until(one, &app.zone()));
        let appeal_until = last.filter(|until| context.now < *until && reader == Reader::Applicant);
        Ok(Self {
            is_in_review: is_in_review && application.state == Standing::Submitted,
            form: reviewed(&application),
            objection_form: Form::filled([("id", fresh.to_string())]),
            appeal_until,
            answer_form: Form::default(),
            appeal_form: Form::filled([("id", appealing.to_string())]),
            list,
            application,
            reader,
            is_usable,
            objections_until,
            approval,
            acts,
        })
    }

    /// The same with a refused form of reviewing, suspending or leaving.
    pub fn with_form(self, form: Form) -> Self {
        Self { form, ..self }
    }

    /// The same with a refused form of objecting.
    pub fn with_objection(self, objection_form: Form) -> Self {
        Self { objection_form, ..self }
    }

    /// The same with a refused form of answering.
    pub fn with_answer(self, answer_form: Form) -> Self {
        Self { answer_form, ..self }
    }

    /// The same with a refused form of appealing.
    pub fn with_appeal(self, appeal_form: Form) -> Self {
        Self { appeal_form, ..self }
    }

    /// The list's own title.
    pub fn title(&self) -> String {
        self.list.list.content.title.clone()
    }

    /// The objection that waits for its answer.
    fn waiting(&self) -> Option<&Objection> {
        self.application.objections.iter().find(|one| one.outcome.is_none())
    }

    /// Whether the applicant's member can object now.
    fn may_object(&self) -> bool {
        let is_new = self.application.objections.iter().all(|one| Some(one.about) != self.application.decided_at);
        self.reader == Reader::Applicant && self.acts && self.objections_until.is_some() && is_new
    }

    /// Whether its company is on the list of a pool that lasts.
    fn is_on_pool(&self) -> bool {
        let is_on = matches!(self.application.state, Standing::Qualified | Standing::Suspended);
        is_on && self.is_usable && self.list.list.content.kind.is_pool()
    }

    /// The requirements, each with its number and whether it was found unmet.
    fn requirements(&self) -> Vec<(i64, &String, bool)> {
        let all = (1_i64..).zip(&self.list.list.content.requirements);
        all.map(|(number, text)| (number, text, self.application.unmet.contains(&number))).collect()
    }
}

/// Which approval a decision of the list's buyer needs about an application now.
fn needed(
    tx: &mut Tx,
    member: &Member,
    reader: Reader,
    (list, kept): (&QualifiedList, &Kept),
) -> Result<Needed, db::Error> {
    if reader != Reader::Buyer {
        return Ok(Needed::default());
    }
    if kept.state == Standing::Submitted && !list.content.kind.has_deadline() {
        return Needed::of(tx, member, kept.id);
    }
    match objection::of(tx, &[kept.id])?.into_iter().find(|one| one.outcome.is_none()) {
        Some(one) => Needed::of(tx, member, one.id),
        None => Ok(Needed::default()),
    }
}

/// The review's form, as it stands. Suspending and leaving begin with their own reason.
fn reviewed(application: &Application) -> Form {
    let unmet = application.unmet.iter().map(i64::to_string).collect::<Vec<_>>().join("\n");
    let form = Form::filled([("version", application.version.to_string()), ("unmet", unmet)]);
    if application.state != Standing::Submitted {
        return form;
    }
    let form = form.with("points", application.points.map(|points| points.to_string()).unwrap_or_default());
    form.with("reason", application.reason.clone().unwrap_or_default())
}

/// A provider's own applications.
#[derive(Template, Serialize, JsonSchema)]
#[template(path = "sourcing/qualified/mine.html")]
#[schemars(rename = "QualifiedApplicationList")]
pub struct MinePage {
    /// The newest first.
    applications: Vec<Mine>,
}

/// An application with its list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QualifiedApplied")]
struct Mine {
    list: Named,
    application: Application,
}

impl MinePage {
    /// Reads it.
    ///
    /// # Errors
    /// 503.
    pub async fn read(app: &App, context: &Context, provider: &Provider) -> Result<Self, Error> {
        let (theirs, locale) = (provider.clone(), context.locale);
        let read = move |tx: &mut Tx| {
            let (kept, now) = (application::list_own(tx, &theirs)?, tx.now());
            // One application a list.
            let ids: Vec<_> = kept.iter().map(|one| one.list).collect();
            let lists: Vec<_> =
                store::of_ids(tx, &ids)?.into_iter().map(|list| Named::new(list, locale, now)).collect();
            Ok::<_, Error>((lists, application::lying(tx, kept)?))
        };
        let (lists, lying) = app.db().read(read).await?;
        let opened = application::open(app, lying, true).await?;
        let applications = lists.into_iter().zip(opened).map(|(list, application)| Mine { list, application });
        Ok(Self { applications: applications.collect() })
    }
}

impl Application {
    /// Colour, glyph and key of the word of how it stands.
    pub fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            Standing::Submitted => ("", "lock", "qualified-standing-submitted"),
            Standing::Withdrawn => ("", "back", "qualified-standing-withdrawn"),
            Standing::Qualified => ("live", "ok", "qualified-standing-qualified"),
            Standing::Unqualified => ("bad", "x", "qualified-standing-unqualified"),
            Standing::Unplaced => ("", "stop", "qualified-standing-unplaced"),
            Standing::Suspended => ("warn", "hourglass", "qualified-standing-suspended"),
            Standing::Left => ("", "out", "qualified-standing-left"),
        }
    }
}
