//! What the pages show, and what their JSON says.

use super::Mandate;
use super::act::Act;
use super::store::{self, Letter, State};
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::Company;
use crate::identity::people::Duty;
use crate::web::{Context, Error, Form, Instant, Member, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// Under which name what a letter is for is sealed.
pub const TARGET: &str = "mandate/target";

/// A letter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Mandate")]
pub struct Line {
    /// Its id.
    pub id: Id<Mandate>,
    /// The holder.
    pub account: Id<Account>,
    /// Whether that is the reader.
    pub is_self: bool,
    /// By which e-mail the holder is reached: for owners.
    pub email: Option<String>,
    /// What they may do.
    pub acts: Vec<Act>,
    /// The tender or the lot that it is for; none for all.
    pub target: Option<Id<()>>,
    /// Its title.
    pub target_title: Option<String>,
    /// From when.
    #[schemars(with = "Instant")]
    pub valid_from: Timestamp,
    /// Until when.
    #[schemars(with = "Instant")]
    pub valid_until: Timestamp,
    /// When it was issued.
    #[schemars(with = "Instant")]
    pub issued_at: Timestamp,
    /// When it was taken back.
    #[schemars(with = "Option<Instant>")]
    pub revoked_at: Option<Timestamp>,
    /// How it stands.
    pub state: State,
}

impl Line {
    /// A letter for a reader, with what it is for opened.
    ///
    /// # Errors
    /// As [`vault::Secrets::open`]; of the database.
    pub async fn of(app: &App, context: &Context, reader: &Member, letter: Letter) -> Result<Self, Error> {
        let target = match &letter.target_sealed {
            Some(sealed) => Some(open(app, &letter, sealed).await?),
            None => None,
        };
        let company = reader.company;
        let title = match target {
            Some(id) => app.db().read::<_, db::Error>(move |tx| titled(tx, company, id)).await?,
            None => None,
        };
        Ok(Self {
            id: letter.id,
            account: letter.account,
            is_self: letter.account == reader.account(),
            email: None,
            state: letter.state(context.now),
            acts: letter.acts,
            target,
            target_title: title,
            valid_from: letter.valid_from,
            valid_until: letter.valid_until,
            issued_at: letter.issued_at,
            revoked_at: letter.revoked_at,
        })
    }

    /// Colour, icon and key of its word.
    fn sign(&self) -> (&'static str, &'static str, &'static str) {
        match self.state {
            State::Coming => ("", "hourglass", "mandate-coming"),
            State::InForce => ("live", "ok", "mandate-in-force"),
            State::Over => ("warn", "clock", "mandate-over"),
            State::Revoked => ("bad", "stop", "mandate-revoked"),
        }
    }

    /// Whether it can be taken back.
    fn is_revocable(&self) -> bool {
        matches!(self.state, State::Coming | State::InForce)
    }

    /// The last digits of the holder's account: what the printed letter names them by.
    fn holder(&self) -> String {
        let id = self.account.to_string();
        id[id.len().saturating_sub(12)..].to_uppercase()
    }
}

async fn open(app: &App, letter: &Letter, sealed: &[u8]) -> Result<Id<()>, Error> {
    let bytes = app.vault().secrets().open(TARGET, &letter.id.to_string(), sealed).await?;
    let bytes: [u8; 16] = bytes.as_slice().try_into().map_err(|_| Error::fault("a letter is for no id"))?;
    Ok(Id::from_bytes(bytes))
}

/// The condition on a tender `t` that the company in this place may read it: its own, or published to everybody or to it. The room of
/// tenders has its like, which an identity's room does not know.
fn readable(slot: usize) -> String {
    format!(
        "(t.company = ${slot} OR (t.state <> 'draft' AND (t.readers = 'all' OR EXISTS \
         (SELECT 1 FROM tender_invitation i WHERE i.tender = t.id AND i.company = ${slot}))))"
    )
}

/// The title of a tender that a company may read, or of a lot of one: `tender · lot`.
///
/// # Errors
/// [`db::Error`].
pub fn titled(tx: &mut Tx, company: Id<Company>, id: Id<()>) -> Result<Option<String>, db::Error> {
    let readable = readable(2);
    let tender = format!("SELECT t.title FROM tender t WHERE t.id = $1 AND {readable}");
    if let Some(title) = tx.first(&tender, values![id, company], |row| row.next::<String>())? {
        return Ok(Some(title));
    }
    let lot =
        format!("SELECT t.title, l.title FROM lot l JOIN tender t ON t.id = l.tender WHERE l.id = $1 AND {readable}");
    tx.first(&lot, values![id, company], |row| Ok(format!("{} · {}", row.next::<String>()?, row.next::<String>()?)))
}

/// Whether a company asks for letters.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "MandateRule")]
pub struct Rule {
    /// none: duties are enough. letters: a letter is needed. persons: its holder is verified as a person, too.
    pub rule: &'static str,
}

impl Rule {
    /// As it is kept.
    pub fn of(kept: Option<store::Rule>) -> Self {
        Self { rule: kept.map_or("none", |rule| if rule.persons { "persons" } else { "letters" }) }
    }
}

/// Letters, and the form of a new one.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "MandateList")]
#[template(path = "identity/mandate/list.html")]
pub struct List {
    /// The newest first: for owners all of the company, for others their own.
    pub letters: Vec<Line>,
    /// Whether the company asks for them.
    pub rule: Rule,
    /// Whether the reader may issue and revoke.
    pub may_act: bool,
    /// To whom one may be issued: account and e-mail. For owners.
    #[serde(skip)]
    pub colleagues: Vec<(String, String)>,
    /// What one may name: the acts of the company's sides.
    #[serde(skip)]
    pub acts: Vec<Act>,
    /// What one may be for: the tenders that run, and their lots.
    #[serde(skip)]
    pub targets: Vec<(String, String)>,
    /// Of a new one, with its id.
    pub form: Form,
}

impl List {
    fn rules(&self) -> [(&'static str, &'static str); 3] {
        [("none", "mandate-rule-none"), ("letters", "mandate-rule-letters"), ("persons", "mandate-rule-persons")]
    }
}

/// What a letter may be for: tenders that take bids, those in which an opened bid of the company's is in an auction, negotiated or evaluated, and the company's
/// own that are not over; each with its lots.
///
/// # Errors
/// [`db::Error`].
pub fn targets(tx: &mut Tx, member: &Member) -> Result<Vec<(String, String)>, db::Error> {
    let sql = format!(
        "SELECT t.id, t.title FROM tender t WHERE {} AND (t.state = 'published' OR \
         (t.company = $1 AND t.state IN ('draft', 'auction', 'evaluation')) OR (t.state IN ('auction', 'evaluation') AND EXISTS \
         (SELECT 1 FROM bid b WHERE b.tender = t.id AND b.company = $1 AND b.state = 'opened'))) ORDER BY t.deadline, t.id LIMIT 100",
        readable(1)
    );
    let tenders: Vec<(Id<()>, String)> = tx.all(&sql, values![member.company], |row| Ok((row.next()?, row.next()?)))?;
    let mut all = Vec::new();
    for (id, title) in tenders {
        let sql = "SELECT id, title FROM lot WHERE tender = $1 ORDER BY position, id";
        let lots: Vec<(Id<()>, String)> = tx.all(sql, values![id], |row| Ok((row.next()?, row.next()?)))?;
        let lots: Vec<_> = lots.into_iter().map(|(lot, name)| (lot.to_string(), format!("{title} · {name}"))).collect();
        all.push((id.to_string(), title));
        all.extend(lots);
    }
    Ok(all)
}

/// A letter, typeset.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "MandateShown")]
#[template(path = "identity/mandate/show.html")]
pub struct Shown {
    /// The letter.
    pub letter: Line,
    /// Who issues it.
    pub company_name: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// Whether the reader may revoke it.
    pub may_act: bool,
}

/// Whether somebody answers for the company.
pub fn is_owner(member: &Member) -> bool {
    member.duties.has(Duty::Owner)
}
