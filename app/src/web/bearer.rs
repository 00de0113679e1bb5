//! Integrators' tokens (令牌): who acts when a request brings `Authorization: Bearer`.
//!
//! A token is 256 random bits; its row keeps the hash. It acts for one company while that company is approved, for the
//! scopes it was made for and within the duties that its maker has now, until it expires or is revoked. A request with a token has no cookies: which of the two would
//! act could not be told.

use super::actor::{Actor, Member, Person};
use super::error::Error;
use super::operation::Scope;
use super::renewal::Accepted;
use crate::app::App;
use crate::identity::account::Account;
use crate::identity::company::{Company, State};
use crate::identity::people::{Duties, StandsIn};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE};
use kit::db::{self, Row, Tx, Value};
use kit::id::Id;
use kit::random::Random;
use kit::values;
use policy::Versions;
use vault::Subject;

/// An integrator's token.
pub struct ApiToken;

/// What every token begins with, so that scanners for leaked secrets know one.
const PREFIX: &str = "ziyun_";

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The secret of a token. It is shown once.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn new(random: &Random) -> Self {
        Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random.bytes::<32>())))
    }

    /// For the one page that shows it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the row keeps.
    pub fn hash(&self) -> Vec<u8> {
        digest(&SHA256, self.0.as_bytes()).as_ref().to_vec()
    }

    fn parse(text: &str) -> Option<Self> {
        let (scheme, token) = text.split_once(' ')?;
        let random = token.trim().strip_prefix(PREFIX)?;
        let sound = random.len() == 43 && random.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (scheme.eq_ignore_ascii_case("bearer") && sound).then(|| Self(token.trim().to_owned()))
    }
}

/// The token that a request was made with.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// Which.
    pub id: Id<ApiToken>,
    /// For which company.
    pub company: Id<Company>,
    scopes: Vec<Scope>,
}

impl Bearer {
    /// Refuses what this token is not for. A route that names no scope is for no token.
    ///
    /// # Errors
    /// 403 `token-not-here` or `token-scope-…`.
    pub fn admits(&self, scope: Option<Scope>) -> Result<(), Error> {
        match scope {
            None => Err(Error::forbidden("token-not-here")),
            Some(scope) if self.scopes.contains(&scope) => Ok(()),
            Some(scope) => Err(Error::forbidden(scope.missing())),
        }
    }
}

/// The codes of scopes, as a row keeps them.
pub fn codes(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.code()).collect::<Vec<_>>().join(" ")
}

/// The scopes that codes mean.
pub fn scopes(codes: &str) -> Vec<Scope> {
    Scope::ALL.into_iter().filter(|scope| codes.split(' ').any(|code| code == scope.code())).collect()
}

/// Who acts by the token that came with a request, if one did.
///
/// # Errors
/// 400 `token-and-cookie`, 401 `token-invalid`, 429, 503.
pub(super) async fn read(app: &App, headers: &HeaderMap) -> Result<Option<(Actor, Bearer)>, Error> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let Some(first) = given.next() else { return Ok(None) };
    if headers.contains_key(COOKIE) {
        return Err(Error::malformed("token-and-cookie"));
    }
    let secret = first.to_str().ok().and_then(Secret::parse).filter(|_| given.next().is_none());
    let secret = secret.ok_or_else(Error::token_invalid)?;
    let versions = app.policies().versions();
    let found =
        app.db().read::<_, db::Error>(move |tx| find(tx, ("t.token_hash", secret.hash().into()), versions)).await?;
    let (actor, bearer, used) = found.ok_or_else(Error::token_invalid)?;
    app.paces().take(*bearer.id.as_bytes(), app.clock().now())?;
    let today = app.clock().now().as_microsecond().div_euclid(DAY);
    if used != Some(today) {
        let id = bearer.id;
        app.db().write::<_, db::Error>(move |tx| note_use(tx, id, today)).await?;
    }
    Ok(Some((actor, bearer)))
}

type Found = (Actor, Bearer, Option<i64>);

/// Who acts by a token now; nobody once it acts no more.
///
/// # Errors
/// [`db::Error`].
pub(super) fn again(tx: &mut Tx, id: Id<ApiToken>, versions: Versions) -> Result<Option<Actor>, db::Error> {
    Ok(find(tx, ("t.id", id.into()), versions)?.map(|(actor, ..)| actor))
}

fn find(tx: &mut Tx, (column, value): (&str, Value), versions: Versions) -> Result<Option<Found>, db::Error> {
    let now = tx.now();
    let sql = format!(
        "SELECT t.id, t.scopes, t.used_on, a.id, a.subject, u.accepted, a.duties, c.id, c.name, c.buyer, c.provider, \
         CASE WHEN EXISTS (SELECT 1 FROM verification_case v WHERE v.company = c.id AND v.kind = 'demand-side' \
         AND v.holder = c.id AND v.valid_until > $2) THEN 1 ELSE 0 END, \
         CASE WHEN EXISTS (SELECT 1 FROM verification_case v WHERE v.company = c.id AND v.kind = 'company' \
         AND v.holder = c.id AND v.valid_until <= $2) THEN 1 ELSE 0 END FROM api_token t \
         JOIN account a ON a.id = t.account AND a.company = t.company JOIN subject u ON u.id = a.subject \
         JOIN company c ON c.id = t.company \
         WHERE {column} = $1 AND t.revoked_at IS NULL AND t.expires_at > $2 AND a.ended_at IS NULL AND c.state = 'approved'"
    );
    tx.first(&sql, values![value, now], |line| row(line, versions))
}

fn row(row: &mut Row<'_>, versions: Versions) -> Result<Found, db::Error> {
    let (id, kept): (Id<ApiToken>, String) = (row.next()?, row.next()?);
    let used: Option<i64> = row.next()?;
    let (account, subject): (Id<Account>, Id<Subject>) = (row.next()?, row.next()?);
    let accepted = Accepted::of(row.next::<Option<String>>()?.as_deref(), versions);
    let duties = Duties::of_codes(&row.next::<String>()?);
    let company: Id<Company> = row.next()?;
    // What somebody stands in for passes to them, and to no program of theirs.
    let member = Member {
        person: Person::new(account, subject, id.cast(), accepted),
        company,
        company_name: row.next()?,
        is_buyer: row.next()?,
        is_provider: row.next()?,
        state: State::Approved,
        is_demand_side: row.next()?,
        is_overdue: row.next()?,
        duties,
        own_duties: duties,
        stands_in: StandsIn::default(),
        deed: None,
    };
    Ok((Actor::Member(member), Bearer { id, company, scopes: scopes(&kept) }, used))
}

/// Revokes what an account has made for a company: the account acts for it no more. Should it come back, these stay dead.
///
/// # Errors
/// [`db::Error`].
pub fn revoke_tokens(tx: &mut Tx, account: Id<Account>, company: Id<Company>) -> Result<u64, db::Error> {
    let now = tx.now();
    let sql = "UPDATE api_token SET revoked_at = $1 WHERE account = $2 AND company = $3 AND revoked_at IS NULL";
    tx.execute(sql, values![now, account, company])
}

/// Revokes everything that was made for a company: it is over.
///
/// # Errors
/// [`db::Error`].
pub fn revoke_all_tokens(tx: &mut Tx, company: Id<Company>) -> Result<u64, db::Error> {
    let now = tx.now();
    let sql = "UPDATE api_token SET revoked_at = $1 WHERE company = $2 AND revoked_at IS NULL";
    tx.execute(sql, values![now, company])
}

/// Days only: what an integrator does is in the events, when it was last alive is all that its company needs to know.
fn note_use(tx: &mut Tx, id: Id<ApiToken>, today: i64) -> Result<(), db::Error> {
    tx.execute("UPDATE api_token SET used_on = $1 WHERE id = $2", values![today, id])?;
    Ok(())
}
