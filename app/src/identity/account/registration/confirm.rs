//! A registration whose codes are right becomes a company, or a place in one that has invited, with an account, an agreement
//! and a login session: in one unit.

use super::super::Account;
use super::super::code::{self, Codes, Hashed, Tried};
use super::super::guess::Guesses;
use super::super::session::begin::Beginning;
use super::super::store::Registered;
use crate::app::App;
use crate::identity::company::{self, Application, Company, prepared, prepared::Prepared};
use crate::identity::guardian;
use crate::identity::people::invitation::Invitation;
use crate::identity::people::{self, Duties};
use crate::trust::policy::{Agreement, Channel};
use crate::web::{Broken, Context, Error, Form, Locale};
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::event::{self, Scope};
use kit::id::Id;
use kit::identifier::Uscc;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;
use vault::Subject;

/// What a confirmed registration has become.
#[derive(Clone, Serialize, JsonSchema)]
#[schemars(rename = "RegistrationConfirmed")]
pub struct Confirmed {
    account: Id<Account>,
    company: Id<Company>,
    state: company::State,
}

/// Tries the codes; when they are right, makes everything and signs the person in. Also answers the browser's cookies.
pub async fn confirm(
    app: &App,
    context: &Context,
    id: Id<Account>,
    codes: &Codes,
    form: Form,
) -> Result<(Confirmed, Vec<String>), Error> {
    if let Some(done) = repeated(context, id) {
        return Ok((done, Vec::new()));
    }
    let row = app.db().read::<_, db::Error>(move |tx| Row::read(tx, id)).await?;
    let row = row.ok_or_else(|| Error::conflict("registration-over"))?;
    let guesses = Guesses::at(app, context, &row.indexes);
    let beginning = Beginning::new(app, context, id, row.subject).await?;
    let (company, hashed, cookies) = (app.random().id(), codes.hashed(app, id.cast()), beginning.cookies(app));
    let unit = move |tx: &mut Tx| row.confirm(tx, id, company, (&hashed, &guesses, &beginning));
    let (tried, confirmed) = app.db().write(unit).await?;
    match tried {
        Tried::Right => {}
        Tried::Wrong(left) => return Err(form.refuse("phone_code", Broken::rule("code-wrong").with("left", left))),
        Tried::Limited(seconds) => return Err(Error::limited(seconds)),
        Tried::Spent => return Err(form.refuse("phone_code", "code-spent")),
        Tried::Used | Tried::Absent => return Err(Error::conflict("registration-over")),
    }
    let confirmed = confirmed.ok_or_else(|| Error::fault("a registration that has become nothing"))?;
    Ok((confirmed, cookies))
}

/// The same browser sends the form twice: it is signed in already, and nothing happens again.
fn repeated(context: &Context, id: Id<Account>) -> Option<Confirmed> {
    let member = context.actor.member().filter(|member| member.account() == id)?;
    Some(Confirmed { account: id, company: member.company, state: member.state })
}

/// The place that somebody registers for.
enum Place {
    First(Application, Option<Id<Prepared>>),
    Invited(Id<Invitation>),
}

/// A registration as it is stored.
struct Row {
    subject: Id<Subject>,
    /// Of phone and mailbox.
    indexes: [[u8; 32]; 2],
    place: Place,
    agreement: Agreement,
    agreed_at: Timestamp,
}

impl Row {
    fn read(tx: &mut Tx, id: Id<Account>) -> Result<Option<Self>, db::Error> {
        tx.first(
            "SELECT subject, phone_index, email_index, invitation, prepared, company_name, credit_code, buyer, provider, policy_version, \
             policy_hash, channel, locale, created_at FROM registration WHERE id = $1",
            values![id],
            |row| {
                Ok(Self {
                    subject: row.next()?,
                    indexes: [row.next()?, row.next()?],
                    place: Place::read(row)?,
                    agreement: Agreement {
                        version: row.next()?,
                        text_hash: row.next()?,
                        channel: Channel::from_code(&row.next::<String>()?),
                        language: Locale::of(&row.next::<String>()?).unwrap_or_default(),
                    },
                    agreed_at: row.next()?,
                })
            },
        )
    }

    /// The whole of it. A wrong code counts, so that outcome commits too.
    fn confirm(
        &self,
        tx: &mut Tx,
        id: Id<Account>,
        new_company: Id<Company>,
        (hashed, guesses, beginning): (&Hashed, &Guesses, &Beginning),
    ) -> Result<(Tried, Option<Confirmed>), Error> {
        let tried = code::try_pair(tx, id.cast(), hashed, guesses)?;
        if tried != Tried::Right {
            return Ok((tried, None));
        }
        let (company, state) = match &self.place {
            Place::First(application, prepared) => {
                (self.found(tx, id, new_company, (application, *prepared))?, company::State::Pending)
            }
            Place::Invited(invitation) => self.join(tx, id, *invitation)?,
        };
        guardian::admit(tx, id, self.subject)?;
        self.agreement.record(tx, id, self.subject, self.agreed_at)?;
        beginning.begin(tx)?;
        tx.execute("DELETE FROM registration WHERE id = $1", values![id])?;
        Ok((Tried::Right, Some(Confirmed { account: id, company, state })))
    }

    /// A new company, with its first account: an owner with every duty.
    fn found(
        &self,
        tx: &mut Tx,
        id: Id<Account>,
        company: Id<Company>,
        (application, prepared): (&Application, Option<Id<Prepared>>),
    ) -> Result<Id<Company>, Error> {
        if !company::create(tx, company, application)? {
            return Err(Error::conflict("credit-code-taken"));
        }
        match prepared {
            Some(prepared) => {
                let entry = prepared::take_up(tx, prepared, &self.indexes[1])?;
                company::part::prepared(tx, company, application, entry)?;
            }
            None => {
                prepared::overtaken(tx, application.credit_code.as_str())?;
                company::part::registered(tx, company, application)?;
            }
        }
        self.create_account(tx, id, company, Duties::EVERY)?;
        vault::consent::belong(tx, self.subject, Some(company))?;
        event::record(tx, self.scope(company), &Registered { account: id, company: Some(company) })?;
        event::record(tx, self.scope(company), &company::Applied { company })?;
        Ok(company)
    }

    /// A place in the company that the invitation is from, if it is still offered to this e-mail.
    fn join(
        &self,
        tx: &mut Tx,
        id: Id<Account>,
        invitation: Id<Invitation>,
    ) -> Result<(Id<Company>, company::State), Error> {
        let kept = people::invitation::take_up(tx, invitation, &self.indexes[1], self.subject)?;
        self.create_account(tx, id, kept.company, kept.duties)?;
        event::record(tx, self.scope(kept.company), &Registered { account: id, company: Some(kept.company) })?;
        people::joined(tx, id, self.subject, &kept)?;
        Ok((kept.company, company::state_of(tx, kept.company)?))
    }

    fn scope(&self, company: Id<Company>) -> Scope {
        Scope { company: Some(*company.as_bytes()), actor: Some(*self.subject.as_bytes()), ..Scope::default() }
    }

    /// The seals move as they are: they were made for this place.
    fn create_account(&self, tx: &mut Tx, id: Id<Account>, company: Id<Company>, duties: Duties) -> Result<(), Error> {
        let now = tx.now();
        let made = tx.execute(
            "INSERT INTO account (id, subject, company, duties, joined_at, operator, phone, phone_index, email, \
             email_index, password, locale, created_at, version) \
             SELECT id, subject, $1, $2, $3, 0, phone, phone_index, email, email_index, password, locale, $3, 1 \
             FROM registration WHERE id = $4 ON CONFLICT DO NOTHING",
            values![company, duties.codes(), now, id],
        )?;
        // Both codes were right, so the person may know: somebody with this phone or e-mail was faster.
        if made == 1 { Ok(()) } else { Err(Error::conflict("account-exists")) }
    }
}

impl Place {
    fn read(row: &mut db::Row<'_>) -> Result<Self, db::Error> {
        let invitation: Option<Id<Invitation>> = row.next()?;
        let prepared = row.next()?;
        let (name, code): (String, String) = (row.next()?, row.next()?);
        let (buyer, provider) = (row.next()?, row.next()?);
        Ok(match invitation {
            Some(invitation) => Self::Invited(invitation),
            None => Self::First(Application { name, credit_code: stored_code(&code)?, buyer, provider }, prepared),
        })
    }
}

fn stored_code(text: &str) -> Result<Uscc, db::Error> {
    Uscc::parse(text).map_err(|flaw| db::Error::Engine(format!("a stored credit code: {flaw}")))
}
