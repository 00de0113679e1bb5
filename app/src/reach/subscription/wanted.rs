//! Which notices a subscriber wants: parsed, sealed, read back.

use crate::reach::digest::Followed;
use crate::web::{Error, Fields, Parse};
use serde::{Deserialize, Serialize};

/// What a notice may tell, as [`crate::reach::notice::Summary::exact`] says it.
pub const KINDS: [&str; 9] =
    ["advance", "tender", "amendment", "clarification", "candidates", "result", "failure", "termination", "other"];

/// Kinds, categories and regions by their codes. No kind means all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// Of [`KINDS`].
    pub kinds: Vec<String>,
    /// Which categories and regions.
    #[serde(flatten)]
    pub followed: Followed,
}

impl Wanted {
    /// Ready to be sealed.
    ///
    /// # Errors
    /// 500: codes that were checked always fit.
    pub fn to_seal(&self) -> Result<vault::Followed, Error> {
        serde_json::to_string(self).map_err(Error::fault)?.parse().map_err(Error::fault)
    }

    /// As it was sealed. A code that the lists no longer have is left out.
    ///
    /// # Errors
    /// 500 when the seal held something else.
    pub fn of(opened: &vault::Followed) -> Result<Self, Error> {
        let Self { mut kinds, followed } = serde_json::from_str(opened.expose()).map_err(Error::fault)?;
        kinds.retain(|kind| KINDS.contains(&kind.as_str()));
        Ok(Self { kinds, followed: followed.known() })
    }

    /// Whether a notice of this kind is wanted.
    pub fn takes(&self, kind: &str) -> bool {
        self.kinds.is_empty() || self.kinds.iter().any(|one| one == kind)
    }
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let mut kinds = fields.several("kinds", &["tender"]);
        kinds.sort_unstable();
        kinds.dedup();
        if !kinds.iter().all(|kind| KINDS.contains(&kind.as_str())) {
            fields.wrong::<()>("kinds", "choice");
            kinds.clear();
        }
        Some(Self { kinds, followed: Followed::parse(fields)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_is_read_back_and_what_is_not_known_any_more_left_out() {
        let followed = Followed { categories: vec!["it".into(), "gone".into()], regions: vec!["36".into()] };
        let wanted = Wanted { kinds: vec!["tender".into(), "gone".into()], followed };
        let read = Wanted::of(&wanted.to_seal().unwrap()).unwrap();
        assert_eq!((read.kinds, read.followed.categories), (vec!["tender".to_owned()], vec!["it".to_owned()]));
        let some = Wanted { kinds: vec!["result".into()], ..Wanted::default() };
        assert!(some.takes("result") && !some.takes("tender") && Wanted::default().takes("tender"));
    }
}
