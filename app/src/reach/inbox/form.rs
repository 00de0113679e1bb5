//! What the pages send.

use super::channel::Channel;
use super::kind::{ALL, Kind};
use crate::web::{Fields, Parse};
use jiff::Timestamp;

/// All that was told until an instant is read.
pub struct All {
    pub until: Timestamp,
}

impl Parse for All {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { until: fields.instant("until")? })
    }
}

/// What was noted as read at an instant is not.
pub struct Undo {
    pub at: Timestamp,
}

impl Parse for Undo {
    fn parse(fields: &mut Fields) -> Option<Self> {
        Some(Self { at: fields.instant("at")? })
    }
}

/// What is to be on: every kind and way that is not named is to be off.
#[derive(Clone)]
pub struct Wanted {
    on: Vec<(&'static str, Channel)>,
}

impl Wanted {
    /// Every switch that there is, and how it is to stand.
    pub fn switches(&self) -> impl Iterator<Item = (&'static Kind, Channel, bool)> {
        let pairs = ALL.iter().flat_map(|kind| Channel::ALL.map(|channel| (*kind, channel)));
        pairs.map(|(kind, channel)| (kind, channel, self.on.contains(&(kind.code, channel))))
    }
}

impl Parse for Wanted {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let given = fields.several("on", &["tender-opened.inbox", "tender-opened.mail"]);
        let read = |text: &String| {
            let (kind, channel) = text.split_once('.')?;
            let (kind, channel) = (Kind::of(kind)?, Channel::of(channel)?);
            kind.is_free(channel).then_some((kind.code, channel))
        };
        let on: Option<Vec<_>> = given.iter().map(read).collect();
        match on {
            Some(on) => Some(Self { on }),
            None => fields.wrong("on", "choice"),
        }
    }
}
