//! Companies that a reviewer should have seen beside this one: the same organisation under another registration, or a name
//! that is all but the same. It is told and decides nothing; only company data are compared.

use crate::identity::company::{Company, State};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::values;
use schemars::JsonSchema;
use serde::Serialize;

/// How many are told at most.
const MOST: usize = 5;

/// How many letters two names may differ by.
const NEAR: usize = 1;

/// The fewest letters of a name's core that is compared by likeness: of two letters every pair is alike.
const LEAST: usize = 3;

/// What all names of companies end in; it tells none from another.
const FORMS: [&str; 6] = ["股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "分公司", "公司"];

/// Why it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "VerificationLikeness")]
pub enum Why {
    /// Both credit codes hold the same organisation code (GB 32100, characters 9 to 17).
    Organisation,
    /// The names differ by one letter at most.
    Name,
}

impl Why {
    /// Key of its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organisation => "verification-twin-organisation",
            Self::Name => "verification-twin-name",
        }
    }
}

/// Another company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "VerificationTwin")]
pub struct Twin {
    /// Which.
    pub company: Id<Company>,
    /// Its registered name.
    pub name: String,
    /// Its unified social credit code.
    pub credit_code: String,
    /// How it stands.
    pub state: State,
    /// Why it is told.
    pub why: Why,
}

/// Those of a company, the same organisation first.
///
/// # Errors
/// [`db::Error`].
pub fn of(tx: &mut Tx, company: Id<Company>, name: &str, credit_code: &str) -> Result<Vec<Twin>, db::Error> {
    let sql = "SELECT id, name, credit_code, state FROM company WHERE id <> $1 AND closed_at IS NULL";
    let others = tx.all(sql, values![company], |row| {
        let (company, other, code): (_, String, String) = (row.next()?, row.next()?, row.next()?);
        let state = State::from_code(&row.next::<String>()?);
        Ok(likeness((name, credit_code), (&other, &code)).map(|why| Twin {
            company,
            name: other,
            credit_code: code,
            state,
            why,
        }))
    })?;
    let mut twins: Vec<_> = others.into_iter().flatten().collect();
    twins.sort_by_key(|twin| (twin.why != Why::Organisation, twin.credit_code.clone()));
    twins.truncate(MOST);
    Ok(twins)
}

fn likeness((name, code): (&str, &str), (other, other_code): (&str, &str)) -> Option<Why> {
    if code.len() == 18 && code.get(8..17) == other_code.get(8..17) {
        return Some(Why::Organisation);
    }
    let (one, two) = (core(name), core(other));
    let is_long = one.chars().count().min(two.chars().count()) >= LEAST;
    (one == two || is_long && strsim::levenshtein(&one, &two) <= NEAR).then_some(Why::Name)
}

/// What tells a name from others: without spaces, brackets (full-width ones too), case and legal form.
fn core(name: &str) -> String {
    let plain = name.chars().filter(|c| !c.is_whitespace() && !"()（）【】[]·.-".contains(*c));
    let mut plain: String = plain.flat_map(char::to_lowercase).collect();
    if let Some(form) = FORMS.iter().find(|form| plain.len() > form.len() && plain.ends_with(**form)) {
        plain.truncate(plain.len() - form.len());
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "91350100M000100Y43";

    #[test]
    fn names_that_are_all_but_the_same_are_alike_and_others_are_not() {
        let like = |one: &str, other: &str| likeness((one, CODE), (other, "91320508MA2TH3BJ3K"));
        for (one, other) in [
            ("栖木软件技术有限公司", "栖木软件技术有限责任公司"),
            ("栖木软件（苏州）有限公司", "栖木软件(苏州)有限公司"),
            ("栖木软件技术有限公司", "栖木软件技木有限公司"),
            ("Qimu Soft 有限公司", "QIMU SOFT有限公司"),
        ] {
            assert_eq!(like(one, other), Some(Why::Name), "{one} {other}");
        }
        for (one, other) in
            [("栖木软件技术有限公司", "远岫数据服务有限公司"), ("甲乙有限公司", "甲丙有限公司"), ("公司", "有限公司")]
        {
            assert_eq!(like(one, other), None, "{one} {other}");
        }
    }

    #[test]
    fn one_organisation_under_two_registrations_is_seen() {
        let other = format!("52110105{}X", &CODE[8..17]);
        assert_eq!(likeness(("甲", CODE), ("乙", &other)), Some(Why::Organisation));
    }
}
