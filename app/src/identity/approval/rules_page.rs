//! The pages of the rules: what is asked for now, what ceases when, and the form that sets a chain.

use super::act::Act;
use super::chain::{Chain, Step, Tier};
use super::crew;
use super::form::TIERS;
use super::rule::{Kept, Rule, Rules};
use crate::identity::people::Duty;
use crate::web::{Error, Form, Instant, Member, filters};
use askama::Template;
use jiff::Timestamp;
use kit::db::{self, Tx};
use kit::id::Id;
use kit::money;
use schemars::JsonSchema;
use serde::Serialize;

/// A chain that was relaxed and binds still.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalRuleCeasing")]
pub struct Ceasing {
    /// Its id.
    pub id: Id<Rule>,
    /// The chain.
    pub chain: Chain,
    /// Until when it binds.
    #[schemars(with = "Instant")]
    pub until: Timestamp,
}

/// What an act needs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalRule")]
pub struct Line {
    /// The act.
    pub act: Act,
    /// The chain that was set last; no tier where it is off.
    pub chain: Chain,
    /// Those before it that bind still.
    pub ceasing: Vec<Ceasing>,
    /// Whether anybody in the company can act under all that binds.
    pub is_possible: bool,
}

impl Line {
    /// Of one act.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, member: &Member, act: Act) -> Result<Self, db::Error> {
        let (rules, crew) = (Rules::read(tx, member.company)?, crew::of(tx, member.company)?);
        let ceasing = |kept: &Kept| Some(Ceasing { id: kept.id, chain: kept.chain.clone(), until: kept.until? });
        Ok(Self {
            act,
            chain: rules.last(act).map(|last| last.chain.clone()).unwrap_or_default(),
            ceasing: rules.of(act).filter_map(ceasing).collect(),
            is_possible: crew::can_act(&crew, act, &rules.needed(act, None)),
        })
    }
}

/// All of them.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalRules")]
#[template(path = "identity/approval/rules.html")]
pub struct Overview {
    /// Act by act.
    pub rules: Vec<Line>,
    /// Whether the reader may change them.
    pub may_set: bool,
}

impl Overview {
    /// Reads them.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, member: &Member) -> Result<Self, db::Error> {
        let rules = Act::RULED.into_iter().map(|act| Line::read(tx, member, act)).collect::<Result<_, _>>()?;
        Ok(Self { rules, may_set: member.duties.has(Duty::Owner) })
    }
}

/// The form that sets the chain of an act.
#[derive(Template, Serialize, JsonSchema)]
#[schemars(rename = "ApprovalRuleForm")]
#[template(path = "identity/approval/rule.html")]
pub struct FormPage {
    /// As it stands.
    pub rule: Line,
    form: Form,
}

impl FormPage {
    /// Reads how it stands; without a refused form it is filled with that.
    ///
    /// # Errors
    /// [`Error`] of the database.
    pub fn read(tx: &mut Tx, member: &Member, act: Act, form: Option<Form>) -> Result<Self, Error> {
        let rule = Line::read(tx, member, act)?;
        let form = form.unwrap_or_else(|| filled(&rule.chain));
        Ok(Self { rule, form })
    }

    fn tiers(&self) -> [(usize, &'static str, &'static str); Chain::MOST] {
        let mut number = 0;
        TIERS.map(|(from, steps)| {
            number += 1;
            (number, from, steps)
        })
    }

    fn steps(&self) -> [Step; 3] {
        Step::ALL
    }
}

fn filled(chain: &Chain) -> Form {
    let mut form = Form::default();
    for (Tier { from, steps }, (amount, field)) in chain.tiers().iter().zip(TIERS) {
        let codes: Vec<_> = steps.iter().map(|step| step.code()).collect();
        form = form.with(field, codes.join("\n"));
        if *from > 0 {
            form = form.with(amount, money::short(*from));
        }
    }
    form
}
