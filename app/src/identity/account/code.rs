//! Codes: six digits each, or ten where somebody is guessing, one by short message and one by mail, that prove whose phone and mailbox these are.
//!
//! They come from the cryptographic generator, live ten minutes, may be tried five times, and are kept as keyed hashes
//! only. Both are checked together, so that the answer does not tell which one was right.

use super::guess::Guesses;
use crate::app::App;
use crate::web::limit::{Counted, Limit, source};
use crate::web::{Broken, Context, Fields};
use aws_lc_rs::hmac;
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::mail::outbox::Channel;
use kit::random::Random;
use kit::values;
use policy::Control;
use zeroize::Zeroizing;

/// How many digits a code has, and how many where somebody is guessing ([`Guesses`]).
const DIGITS: [usize; 2] = [6, 10];
/// How long a code may be used.
pub const LIFE: SignedDuration = SignedDuration::from_mins(10);
/// How often a pair may be tried.
const TRIES: i64 = 5;
/// How often codes are sent for one request, the first time included.
const SENDINGS: i64 = 5;

/// Codes to one phone or mailbox, asked for from one source: nobody is flooded.
static FROM_HERE: Limit = Limit { name: "codes-from-here", burst: 6, every: SignedDuration::from_mins(10) };
/// The same, from wherever. Faster than the other, so that one source alone cannot use up what another person needs.
static FROM_ANYWHERE: Limit = Limit { name: "codes-from-anywhere", burst: 20, every: SignedDuration::from_mins(3) };

/// What sending codes to somebody counts as. It counts for phones and mailboxes that nobody has, too.
pub fn sending(app: &App, context: &Context, index: &[u8; 32]) -> [Counted; 2] {
    let limits = app.limits();
    [limits.of(&FROM_HERE, &[index, &source(context.ip)]), limits.of(&FROM_ANYWHERE, &[index])]
}

/// Two codes for one request.
pub struct CodePair;

/// The digits.
#[derive(Clone)]
pub struct Code(Zeroizing<String>);

impl Code {
    fn new(random: &Random, is_guessed_at: bool) -> Self {
        let digits = DIGITS[usize::from(is_guessed_at)];
        let number = random.below(10_u64.pow(digits as u32));
        Self(Zeroizing::new(format!("{number:0digits$}")))
    }

    fn parse(text: &str) -> Result<Self, Broken> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = Zeroizing::new(digits);
        let sound = DIGITS.contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        if sound { Ok(Self(digits)) } else { Err("code-form".into()) }
    }

    /// For the message that carries it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    fn hash(&self, app: &App, pair: Id<CodePair>, channel: Channel) -> Vec<u8> {
        let mut context = hmac::Context::with_key(&app.accounts().codes);
        context.update(pair.as_bytes());
        context.update(if channel == Channel::Sms { b"sms" } else { b"mail" });
        context.update(self.0.as_bytes());
        context.sign().as_ref().to_vec()
    }
}

/// Both codes, in the clear.
#[derive(Clone)]
pub struct Codes {
    /// Goes by short message.
    pub phone: Code,
    /// Goes by mail.
    pub email: Code,
}

impl Codes {
    /// New ones; both longer where somebody is guessing at one.
    pub fn new(random: &Random, is_guessed_at: bool) -> Self {
        Self { phone: Code::new(random, is_guessed_at), email: Code::new(random, is_guessed_at) }
    }

    /// One code for one way, in both places: for who proves a single phone or mailbox.
    pub fn single(random: &Random, is_guessed_at: bool) -> Self {
        let code = Code::new(random, is_guessed_at);
        Self { phone: code.clone(), email: code }
    }

    /// What was typed into one field: the code that came by one way.
    pub fn parse_single(fields: &mut Fields, field: &'static str) -> Option<Self> {
        let code = fields.like(field, "012345").secret(field, |text| Code::parse(&text))?;
        Some(Self { phone: code.clone(), email: code })
    }

    /// What was typed: `phone_code` and `email_code`.
    pub fn parse(fields: &mut Fields) -> Option<Self> {
        Self::parse_from(fields, ["phone_code", "email_code"])
    }

    /// What was typed into two fields: the codes that came by the first way and by the second.
    pub fn parse_from(fields: &mut Fields, [one, other]: [&'static str; 2]) -> Option<Self> {
        fields.like(one, "012345").like(other, "678901");
        let phone = fields.secret(one, |text| Code::parse(&text));
        let email = fields.secret(other, |text| Code::parse(&text));
        Some(Self { phone: phone?, email: email? })
    }

    /// What is kept of them.
    pub fn hashed(&self, app: &App, pair: Id<CodePair>) -> Hashed {
        Hashed { phone: self.phone.hash(app, pair, Channel::Sms), email: self.email.hash(app, pair, Channel::Mail) }
    }
}

/// Keyed hashes of both codes.
#[derive(Clone)]
pub struct Hashed {
    phone: Vec<u8>,
    email: Vec<u8>,
}

/// What came of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// Both are right, and used up now.
    Right,
    /// One or both are wrong; so many tries are left.
    Wrong(i64),
    /// Too old, or tried too often: ask for new ones.
    Spent,
    /// There were too many tries at that phone or mailbox from here; so many seconds to wait. This one did not count.
    Limited(i64),
    /// They were right before.
    Used,
    /// No such request.
    Absent,
}

/// Stores a new pair.
///
/// # Errors
/// [`db::Error`].
pub fn issue(tx: &mut Tx, pair: Id<CodePair>, codes: &Hashed) -> Result<Timestamp, db::Error> {
    let (now, expires) = (tx.now(), expiry(tx));
    tx.execute(
        "INSERT INTO code_pair (id, phone_hash, email_hash, tries, sendings, expires_at, created_at) \
         VALUES ($1, $2, $3, 0, 1, $4, $5)",
        values![pair, &codes.phone, &codes.email, expires, now],
    )?;
    Ok(expires)
}

/// Replaces a pair by a new one, which has all its tries. `None` when there were enough.
///
/// # Errors
/// [`db::Error`].
pub fn renew(tx: &mut Tx, pair: Id<CodePair>, codes: &Hashed) -> Result<Option<Timestamp>, db::Error> {
    let expires = expiry(tx);
    let renewed = tx.execute(
        "UPDATE code_pair SET phone_hash = $1, email_hash = $2, tries = 0, sendings = sendings + 1, expires_at = $3 \
         WHERE id = $4 AND used_at IS NULL AND sendings < $5",
        values![&codes.phone, &codes.email, expires, pair, SENDINGS],
    )?;
    Ok((renewed == 1).then_some(expires))
}

/// Tries a pair. The try counts when the unit commits, so a wrong one must not make it fail.
///
/// # Errors
/// [`db::Error`].
pub fn try_pair(tx: &mut Tx, pair: Id<CodePair>, given: &Hashed, guesses: &Guesses) -> Result<Tried, db::Error> {
    let now = tx.now();
    let Some(kept) = find(tx, pair)? else { return Ok(Tried::Absent) };
    if kept.used {
        return Ok(Tried::Used);
    }
    if kept.expires_at <= now || kept.tries >= TRIES {
        return Ok(Tried::Spent);
    }
    if let Some(seconds) = guesses.begin(tx)? {
        return Ok(Tried::Limited(seconds));
    }
    tx.execute("UPDATE code_pair SET tries = tries + 1 WHERE id = $1", values![pair])?;
    let same = |a: &[u8], b: &[u8]| bool::from(subtle::ConstantTimeEq::ct_eq(a, b));
    let right = same(&kept.codes.phone, &given.phone) & same(&kept.codes.email, &given.email);
    if !right && policy::holds(Control::BothCodes) {
        guesses.missed(tx)?;
        return Ok(if kept.tries + 1 < TRIES { Tried::Wrong(TRIES - kept.tries - 1) } else { Tried::Spent });
    }
    guesses.hit(tx)?;
    tx.execute("UPDATE code_pair SET used_at = $1 WHERE id = $2", values![now, pair])?;
    Ok(Tried::Right)
}

/// A pair as it is kept.
pub struct Kept {
    codes: Hashed,
    tries: i64,
    /// Until when it may be used.
    pub expires_at: Timestamp,
    /// Whether it was.
    pub used: bool,
    /// Whether new ones can be asked for.
    pub renewable: bool,
}

/// A pair.
///
/// # Errors
/// [`db::Error`].
pub fn find(tx: &mut Tx, pair: Id<CodePair>) -> Result<Option<Kept>, db::Error> {
    tx.first(
        "SELECT phone_hash, email_hash, tries, expires_at, used_at, sendings FROM code_pair WHERE id = $1",
        values![pair],
        |row| {
            Ok(Kept {
                codes: Hashed { phone: row.next()?, email: row.next()? },
                tries: row.next()?,
                expires_at: row.next()?,
                used: row.next::<Option<Timestamp>>()?.is_some(),
                renewable: row.next::<i64>()? < SENDINGS,
            })
        },
    )
}

impl Kept {
    /// Whether another try makes sense.
    pub fn is_alive(&self, now: Timestamp) -> bool {
        !self.used && self.tries < TRIES && self.expires_at > now
    }
}

fn expiry(tx: &Tx) -> Timestamp {
    tx.now().checked_add(LIFE).unwrap_or(tx.now())
}
