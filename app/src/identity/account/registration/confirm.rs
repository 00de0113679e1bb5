//! A registration whose codes are right becomes a company, an account, an agreement and a login session: in one unit.

use super::super::Account;
use super::super::code::{self, Codes, Hashed, Tried};
use super::super::guess::Guesses;
use super::super::session::begin::Beginning;
use super::super::store::Registered;
use crate::app::App;
use crate::identity::company::{self, Application, Company};
use crate::identity::guardian;
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
    match app.db().write(unit).await? {
        Tried::Right => {}
        Tried::Wrong(left) => return Err(form.refuse("phone_code", Broken::rule("code-wrong").with("left", left))),
        Tried::Limited(seconds) => return Err(Error::limited(seconds)),
        Tried::Spent => return Err(form.refuse("phone_code", "code-spent")),
        Tried::Used | Tried::Absent => return Err(Error::conflict("registration-over")),
    }
    Ok((Confirmed { account: id, company, state: company::State::Pending }, cookies))
}

/// The same browser sends the form twice: it is signed in already, and nothing happens again.
fn repeated(context: &Context, id: Id<Account>) -> Option<Confirmed> {
    let member = context.actor.member().filter(|member| member.account() == id)?;
    Some(Confirmed { account: id, company: member.company, state: member.state })
}

/// A registration as it is stored.
struct Row {
    subject: Id<Subject>,
    /// Of phone and mailbox.
    indexes: [[u8; 32]; 2],
    company: Application,
    agreement: Agreement,
    agreed_at: Timestamp,
}

impl Row {
    fn read(tx: &mut Tx, id: Id<Account>) -> Result<Option<Self>, db::Error> {
        tx.first(
            "SELECT subject, phone_index, email_index, company_name, credit_code, buyer, provider, policy_version, policy_hash, channel, locale, \
             created_at FROM registration WHERE id = $1",
            values![id],
            |row| {
                Ok(Self {
                    subject: row.next()?,
                    indexes: [row.next()?, row.next()?],
                    company: Application {
                        name: row.next()?,
                        credit_code: stored_code(&row.next::<String>()?)?,
                        buyer: row.next()?,
                        provider: row.next()?,
                    },
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
        company: Id<Company>,
        (hashed, guesses, beginning): (&Hashed, &Guesses, &Beginning),
    ) -> Result<Tried, Error> {
        let tried = code::try_pair(tx, id.cast(), hashed, guesses)?;
        if tried != Tried::Right {
            return Ok(tried);
        }
        if !company::create(tx, company, &self.company)? {
            return Err(Error::conflict("credit-code-taken"));
        }
        company::part::registered(tx, company, &self.company)?;
        self.create_account(tx, id, company)?;
        guardian::admit(tx, id, self.subject)?;
        vault::consent::belong(tx, self.subject, Some(company))?;
        let scope =
            Scope { company: Some(*company.as_bytes()), actor: Some(*self.subject.as_bytes()), ..Scope::default() };
        event::record(tx, scope, &Registered { account: id, company: Some(company) })?;
        event::record(tx, scope, &company::Applied { company })?;
        self.agreement.record(tx, id, self.subject, self.agreed_at)?;
        beginning.begin(tx)?;
        tx.execute("DELETE FROM registration WHERE id = $1", values![id])?;
        Ok(Tried::Right)
    }

    /// The seals move as they are: they were made for this place.
    fn create_account(&self, tx: &mut Tx, id: Id<Account>, company: Id<Company>) -> Result<(), Error> {
        let now = tx.now();
        let made = tx.execute(
            "INSERT INTO account (id, subject, company, operator, phone, phone_index, email, email_index, password, \
             locale, created_at, version) \
             SELECT id, subject, $1, 0, phone, phone_index, email, email_index, password, locale, $2, 1 \
             FROM registration WHERE id = $3 ON CONFLICT DO NOTHING",
            values![company, now, id],
        )?;
        // Both codes were right, so the person may know: somebody with this phone or e-mail was faster.
        if made == 1 { Ok(()) } else { Err(Error::conflict("account-exists")) }
    }
}

fn stored_code(text: &str) -> Result<Uscc, db::Error> {
    Uscc::parse(text).map_err(|flaw| db::Error::Engine(format!("a stored credit code: {flaw}")))
}
