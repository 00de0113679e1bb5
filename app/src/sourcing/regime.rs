//! Under whose rules a tender runs (适用制度): data with its source, read from `regimes.toml`.

use super::profile::Method;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// A regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(rename = "TenderRegime")]
pub enum Regime {
    /// 企业采购: the parties' own rules.
    Enterprise,
    /// 自愿招标: a tender that nobody had to make.
    Voluntary,
    /// 依法必招: legally compulsory; refused.
    Compulsory,
    /// 政府采购: government procurement; refused.
    Government,
}

/// What a regime asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    regime: Regime,
    /// Whether the program can run a tender under it.
    pub supported: bool,
    /// The methods that it knows; none: all.
    methods: Option<Vec<Method>>,
    /// A material amendment leaves so many days until the deadline, at least.
    pub amendment_days_before_deadline: i64,
    /// A call for applications to a qualified list is open for so many days, at least.
    pub application_days: i64,
    /// Where that comes from.
    pub source: String,
}

impl Regime {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Enterprise, Self::Voluntary, Self::Compulsory, Self::Government];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Voluntary => "voluntary",
            Self::Compulsory => "compulsory",
            Self::Government => "government",
        }
    }

    /// The regime that a code means.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|regime| regime.code() == code)
    }

    /// Key of its word.
    pub fn word(self) -> String {
        format!("tender-regime-{}", self.code())
    }

    /// What it asks for.
    pub fn rules(self) -> &'static Rules {
        REGIMES.iter().find(|rules| rules.regime == self).expect("every regime has its rules")
    }

    /// Why no tender can run under it; none where one can.
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            _ if self.rules().supported => None,
            Self::Government => Some("regime-government"),
            _ => Some("regime-compulsory"),
        }
    }

    /// Whether it knows a method.
    pub fn knows(self, method: Method) -> bool {
        self.rules().methods.as_ref().is_none_or(|methods| methods.contains(&method))
    }
}

static REGIMES: LazyLock<Vec<Rules>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct File {
        regime: Vec<Rules>,
    }
    toml::from_str::<File>(include_str!("regimes.toml")).expect("regimes.toml is well formed").regime
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_program_cannot_do_lawfully_is_refused_with_its_reason() {
        for regime in Regime::ALL {
            assert_eq!(Regime::from_code(regime.code()), Some(regime));
            assert_eq!(regime.refusal().is_none(), regime.rules().supported);
            assert!(!regime.rules().source.is_empty() && regime.knows(Method::Open));
            assert!(regime.rules().application_days >= 5, "招标投标法实施条例 art. 16");
        }
        assert!(Method::ALL.into_iter().all(|method| Regime::Enterprise.knows(method)));
        assert!(Regime::Voluntary.knows(Method::Invited) && !Regime::Voluntary.knows(Method::Direct));
        for regime in [Regime::Compulsory, Regime::Government] {
            assert!(regime.refusal().is_some() && !regime.knows(Method::Invited), "open is demanded there");
        }
    }
}
