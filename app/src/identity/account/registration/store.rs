//! Registrations before they are confirmed. An e-mail or phone that has an account takes the same way, and as long; its
//! person learns by message that there is one.

use super::super::code::{self, Codes, Hashed};
use super::super::code_job::{For as CodeFor, Sealings};
use super::super::guess::Guesses;
use super::super::store::{Contact, Indexes, known};
use super::super::{Account, EMAIL, PHONE, erasure};
use super::form::{For, Registration};
use super::page::Waiting;
use crate::app::App;
use crate::identity::company::{self, prepared, prepared::Prepared};
use crate::identity::guardian::{self, Guardian};
use crate::identity::people::invitation::{self, Invitation};
use crate::trust::policy::{Agreement, Channel};
use crate::web::limit::{self, Limit, source};
use crate::web::{Context, Error, Form, Locale};
use jiff::SignedDuration;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use policy::Control;
use vault::{Email, Phone, Sealed, Subject};

/// Registrations and new codes from one source.
static FROM_ONE_SOURCE: Limit = Limit { name: "registration-source", burst: 30, every: SignedDuration::from_mins(2) };

/// Stores an application and sends the codes.
pub async fn create(app: &App, context: &Context, wanted: Registration, form: Form) -> Result<Waiting, Error> {
    let agreement = Agreement::now(app, context.locale, Channel::of(context.accept)).await?;
    if agreement.version != wanted.policy {
        return Err(form.refuse("policy", "policy-superseded"));
    }
    let indexes = indexes(app, &wanted);
    count(app, context, &indexes).await?;
    let place = Place::find(app, wanted.company.clone(), &indexes, &form).await?;
    let guardian = match &wanted.guardian {
        Some(text) => Some(permitted(app, text).await?.ok_or_else(|| form.refuse("guardian", "guardian-unknown"))?),
        None => None,
    };
    let (id, subject) = (app.random().id(), app.vault().new_subject());
    let codes = codes(app, context, &indexes).await?;
    let new = New {
        id,
        subject,
        indexes,
        phone: app.vault().seal(PHONE, subject, id, &wanted.phone).await?,
        email: app.vault().seal(EMAIL, subject, id, &wanted.email).await?,
        password: wanted.password.hash(app).await?,
        place,
        agreement,
        hashed: codes.hashed(app, id.cast()),
        sealings: Sealings::new(app, id.cast(), &codes).await?,
        locale: context.locale,
        guardian,
    };
    app.db().write(move |tx| new.store(tx)).await
}

/// The guardian's consent that a permission stands for, while it can be used. Before it is known that one can, nothing of
/// who registers is stored.
async fn permitted(app: &App, text: &str) -> Result<Option<Id<Guardian>>, Error> {
    let Some(id) = guardian::permission(app, text) else {
        return Ok((!policy::holds(Control::GuardianFirst)).then(|| app.random().id()));
    };
    let open = app.db().read::<_, db::Error>(move |tx| guardian::is_open(tx, id)).await?;
    Ok((open || !policy::holds(Control::GuardianFirst)).then_some(id))
}

async fn count(app: &App, context: &Context, indexes: &Indexes) -> Result<(), Error> {
    let mut counted = vec![app.limits().of(&FROM_ONE_SOURCE, &[&source(context.ip)])];
    counted.extend([indexes.phone, indexes.email].iter().flat_map(|index| code::sending(app, context, index)));
    limit::take(app.db(), &counted).await
}

async fn codes(app: &App, context: &Context, indexes: &Indexes) -> Result<Codes, Error> {
    let guesses = Guesses::at(app, context, &[indexes.phone, indexes.email]);
    Ok(Codes::new(app.random(), guesses.are_many(app).await?))
}

fn indexes(app: &App, wanted: &Registration) -> Indexes {
    let accounts = app.accounts();
    Indexes { phone: accounts.phones.of(&wanted.phone), email: accounts.emails.of(&wanted.email) }
}

/// The place that somebody registers for.
enum Place {
    /// The first of a new company.
    First(company::Application),
    /// One that an invitation offers.
    Invited(Id<Invitation>),
    /// The first of a company that was prepared.
    Prepared(Id<Prepared>, company::Application),
}

impl Place {
    /// Refuses a company that is there already, and an invitation that is none, is over, or was sent to another address.
    async fn find(app: &App, wanted: For, indexes: &Indexes, form: &Form) -> Result<Self, Error> {
        match wanted {
            For::New(company) => Self::is_free(app, &company, form).await.map(|()| Self::First(company)),
            For::Prepared(key, company) => {
                let kept = prepared::open(app, &key).await?;
                if policy::holds(Control::InvitationToItsAddress) && kept.email_index != indexes.email {
                    return Err(form.clone().refuse("email", "invitation-other-email"));
                }
                if kept.entry.identity.credit_code != company.credit_code.as_str() {
                    return Err(form.clone().refuse("credit_code", "prepared-other-code"));
                }
                Self::is_free(app, &company, form).await.map(|()| Self::Prepared(kept.id, company))
            }
            For::Invited(key) => {
                let kept = invitation::open(app, &key).await?.map_err(invitation::refused)?;
                if policy::holds(Control::InvitationToItsAddress) && kept.email_index != indexes.email {
                    return Err(form.clone().refuse("email", "invitation-other-email"));
                }
                Ok(Self::Invited(kept.id))
            }
        }
    }

    async fn is_free(app: &App, company: &company::Application, form: &Form) -> Result<(), Error> {
        let code = company.credit_code.clone();
        let is_known = app.db().read::<_, db::Error>(move |tx| company::is_known(tx, &code)).await?;
        if is_known { Err(form.clone().refuse("credit_code", "credit-code-taken")) } else { Ok(()) }
    }

    /// Name, credit code, buyer, provider: who is invited says nothing of the company.
    fn columns(&self) -> (&str, &str, bool, bool) {
        match self {
            Self::First(company) | Self::Prepared(_, company) => {
                (&company.name, company.credit_code.as_str(), company.buyer, company.provider)
            }
            Self::Invited(_) => ("", "", false, false),
        }
    }

    fn invitation(&self) -> Option<Id<Invitation>> {
        if let Self::Invited(id) = self { Some(*id) } else { None }
    }

    fn prepared(&self) -> Option<Id<Prepared>> {
        if let Self::Prepared(id, _) = self { Some(*id) } else { None }
    }
}

/// A registration about to be stored.
struct New {
    id: Id<Account>,
    subject: Id<Subject>,
    indexes: Indexes,
    phone: Sealed<Phone>,
    email: Sealed<Email>,
    password: String,
    place: Place,
    agreement: Agreement,
    hashed: Hashed,
    sealings: Sealings,
    locale: Locale,
    guardian: Option<Id<Guardian>>,
}

impl New {
    fn store(&self, tx: &mut Tx) -> Result<Waiting, Error> {
        vault::enrol_accepting(tx, self.subject, &self.agreement.version)?;
        let (now, company) = (tx.now(), self.place.columns());
        tx.execute(
            "INSERT INTO registration (id, subject, company_name, credit_code, buyer, provider, phone, phone_index, \
             email, email_index, password, locale, policy_version, policy_hash, channel, created_at, guardian, \
             invitation, prepared) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            values![
                self.id,
                self.subject,
                company.0,
                company.1,
                company.2,
                company.3,
                self.phone.bytes(),
                &self.indexes.phone,
                self.email.bytes(),
                &self.indexes.email,
                &self.password,
                self.locale.tag(),
                &self.agreement.version,
                &self.agreement.text_hash,
                self.agreement.channel.code(),
                now,
                self.guardian,
                self.place.invitation(),
                self.place.prepared()
            ],
        )?;
        code::issue(tx, self.id.cast(), &self.hashed)?;
        let known = known(tx, &self.indexes)?;
        self.sealings.enqueue(tx, CodeFor::Registration, self.id, known)?;
        let kept = code::find(tx, self.id.cast())?.ok_or_else(Error::not_found)?;
        Ok(Waiting::of(self.id, &kept, now))
    }
}

/// Replaces the codes and sends the new ones.
pub async fn renew(app: &App, context: &Context, id: Id<Account>) -> Result<Waiting, Error> {
    let indexes = app.db().read::<_, db::Error>(move |tx| indexes_of(tx, id)).await?;
    let indexes = indexes.ok_or_else(|| Error::conflict("registration-over"))?;
    count(app, context, &indexes).await?;
    let codes = codes(app, context, &indexes).await?;
    let (hashed, sealings) = (codes.hashed(app, id.cast()), Sealings::new(app, id.cast(), &codes).await?);
    let unit = move |tx: &mut Tx| {
        code::renew(tx, id.cast(), &hashed)?.ok_or_else(|| Error::conflict("codes-enough"))?;
        let known = known(tx, &indexes)?;
        sealings.enqueue(tx, CodeFor::Registration, id, known)?;
        let kept = code::find(tx, id.cast())?.ok_or_else(Error::not_found)?;
        Ok(Waiting::of(id, &kept, tx.now()))
    };
    app.db().write::<_, Error>(unit).await
}

fn indexes_of(tx: &mut Tx, id: Id<Account>) -> Result<Option<Indexes>, db::Error> {
    tx.first("SELECT phone_index, email_index FROM registration WHERE id = $1", values![id], |row| {
        Ok(Indexes { phone: row.next()?, email: row.next()? })
    })
}

/// How to write to who registers.
pub fn contact(tx: &mut Tx, id: Id<Account>) -> Result<Option<Contact>, db::Error> {
    tx.first("SELECT subject, phone, email, locale FROM registration WHERE id = $1", values![id], |row| {
        let subject: Id<Subject> = row.next()?;
        Ok(Contact {
            subject,
            phone: PHONE.load(row.next()?, subject, id),
            email: EMAIL.load(row.next()?, subject, id),
            locale: Locale::of(&row.next::<String>()?).unwrap_or_default(),
        })
    })
}

/// Forgets a registration that was never confirmed: its row goes, and so do its person's keys.
pub fn sweep(tx: &mut Tx, id: Id<Account>) -> Result<(), Error> {
    let subject = tx.first("SELECT subject FROM registration WHERE id = $1", values![id], |row| row.next())?;
    if let Some(subject) = subject {
        tx.execute("DELETE FROM registration WHERE id = $1", values![id])?;
        erasure::erase(tx, subject)?;
    }
    Ok(())
}
