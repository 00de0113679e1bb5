//! The rules of a company: which chains bind an act now, and how they change.
//!
//! A stricter chain binds at once. A looser one is set at once, too, but the one before it goes on to bind for a day
//! ([`NOTICE`]), and all that bind are asked for together: whoever has taken over one owner's session loosens nothing before the
//! other owners have read of it, and can set the old one again.

use super::act::Act;
use super::chain::{Chain, Step};
use super::crew;
use super::right::LIFE;
use crate::identity::company::Company;
use crate::identity::people::{self, Runs};
use crate::web::{Broken, Error, Form, Owner};
use jiff::{SignedDuration, Timestamp};
use kit::db::{self, Row, Tx, coded};
use kit::event::{self, Fact};
use kit::id::Id;
use kit::values;
use policy::Control;
use serde::Serialize;

/// How long a chain that was relaxed goes on to bind.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(24);

/// A chain that was set.
pub struct Rule;

/// The chain of an act was set. Ids and codes only.
#[derive(Serialize)]
pub struct Ruled {
    pub company: Id<Company>,
    /// publish, award.
    pub act: &'static str,
    /// tightened: in force as it is. relaxed: what it was before binds for a day more.
    pub what: &'static str,
}

impl Fact for Ruled {
    const KIND: &'static str = "approval.ruled";
}

/// A chain that binds.
#[derive(Clone, Debug)]
pub struct Kept {
    pub id: Id<Rule>,
    pub act: Act,
    pub chain: Chain,
    /// Since when some chain has bound the act without a gap.
    pub since: Timestamp,
    /// Until when it binds; none for the one that was set last.
    pub until: Option<Timestamp>,
}

/// Every chain that binds in a company, and who of it counts as one person.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    kept: Vec<Kept>,
    runs: Runs,
}

impl Rules {
    /// Those of a company now.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, company: Id<Company>) -> Result<Self, db::Error> {
        let now = tx.now();
        let sql = "SELECT id, act, chain, since, until FROM approval_rule \
             WHERE company = $1 AND (until IS NULL OR until > $2) ORDER BY set_at, id";
        let kept = tx.all(sql, values![company, now], read)?;
        Ok(Self { kept, runs: people::substitutions_run(tx, company, LIFE)? })
    }

    /// Those of an act.
    pub fn of(&self, act: Act) -> impl Iterator<Item = &Kept> {
        self.kept.iter().filter(move |kept| kept.act == act.ruled_by())
    }

    /// Who stands or stood in for whom, while any request that is open lived.
    pub fn runs(&self) -> &Runs {
        &self.runs
    }

    /// The chain of an act that was set last.
    pub fn last(&self, act: Act) -> Option<&Kept> {
        self.of(act).find(|kept| kept.until.is_none())
    }

    /// The steps that an act needs now, in the order in which they are given.
    pub fn needed(&self, act: Act, amount: Option<i64>) -> Vec<Step> {
        let mut steps: Vec<_> = self.of(act).flat_map(|kept| kept.chain.steps(amount)).copied().collect();
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// Since when some chain has bound the act without a gap.
    pub fn since(&self, act: Act) -> Option<Timestamp> {
        self.of(act).map(|kept| kept.since).min()
    }
}

fn read(row: &mut Row<'_>) -> Result<Kept, db::Error> {
    let id = row.next()?;
    let act = coded(&row.next::<String>()?, Act::of)?;
    let chain = coded(&row.next::<String>()?, Chain::of)?;
    Ok(Kept { id, act, chain, since: row.next()?, until: row.next()? })
}

/// Sets the chain of an act; an empty one switches it off. The same chain again changes nothing.
///
/// # Errors
/// 401; 403 `duties-changed`; 422 with `approval-nobody` when nobody in the company could act under it.
pub fn set(tx: &mut Tx, owner: &Owner, act: Act, chain: &Chain, form: &Form) -> Result<(), Error> {
    owner.still(tx)?;
    let (now, rules) = (tx.now(), Rules::read(tx, owner.company)?);
    let last = rules.last(act);
    if last.map_or(chain.is_empty(), |last| last.chain == *chain) {
        return Ok(());
    }
    if !crew::can_act(&crew::of(tx, owner.company)?, act, chain.steps(None)) {
        return Err(form.clone().refuse("steps_1", Broken::rule("approval-nobody")));
    }
    let is_tighter = rules.of(act).all(|kept| chain.covers(&kept.chain));
    if let Some(last) = last {
        let binds_on = !chain.covers(&last.chain) && policy::holds(Control::RelaxingWaits);
        let until = if binds_on { now.checked_add(NOTICE).unwrap_or(Timestamp::MAX) } else { now };
        tx.execute("UPDATE approval_rule SET until = $1 WHERE id = $2", values![until, last.id])?;
    }
    if !chain.is_empty() {
        let (id, since) = (tx.id::<Rule>(), rules.since(act).unwrap_or(now));
        tx.execute(
            "INSERT INTO approval_rule (id, company, act, chain, since, set_by, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            values![id, owner.company, act.code(), chain.code(), since, owner.account(), now],
        )?;
    }
    let what = if is_tighter { "tightened" } else { "relaxed" };
    event::record(tx, owner.scope(), &Ruled { company: owner.company, act: act.code(), what })?;
    Ok(())
}

/// Sets the chain again that is about to cease.
///
/// # Errors
/// As [`set`]; 409 `approval-rule-over` when it has ceased, or is none of the company's.
pub fn restore(tx: &mut Tx, owner: &Owner, act: Act, id: Id<Rule>) -> Result<(), Error> {
    owner.still(tx)?;
    let rules = Rules::read(tx, owner.company)?;
    let kept = rules.of(act).find(|kept| kept.id == id).ok_or_else(|| Error::conflict("approval-rule-over"))?;
    set(tx, owner, act, &kept.chain, &Form::default())
}
