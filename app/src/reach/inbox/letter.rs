//! A notification in words: a line in the inbox, and a mail. Names and titles are read when they are shown, so that no copy of
//! them lies with the notification.

use super::channel::Channel;
use super::kind::{About, Kind};
use super::leave::Key;
use super::reader::Reader;
use crate::app::App;
use crate::identity::account::mailing::Written;
use crate::identity::company;
use crate::reach::{conversation, notice, report};
use crate::sourcing::{demand, qualified, tender};
use crate::web::Locale;
use crate::web::text::{Arg, Words};
use kit::db::{self, Tx};
use kit::id::Id;
use kit::mail::{Mail, PushMessage};

/// What is told: a kind and the values of its words.
#[derive(Clone, Debug)]
pub struct Told {
    /// The kind.
    pub kind: &'static Kind,
    /// The id of what it is about.
    pub about: [u8; 16],
    /// How many events it tells of.
    pub times: i64,
    values: Vec<(&'static str, String)>,
}

impl Told {
    /// Reads the values as they are now.
    ///
    /// # Errors
    /// [`db::Error`].
    pub fn read(tx: &mut Tx, kind: &'static Kind, about: [u8; 16], times: i64) -> Result<Self, db::Error> {
        let values = match kind.about {
            About::Tender => tender::store::titled(tx, Id::from_bytes(about))?
                .map(|title| vec![("title", title)])
                .unwrap_or_default(),
            About::Demand => demand::store::titled(tx, Id::from_bytes(about))?
                .map(|title| vec![("title", title)])
                .unwrap_or_default(),
            About::Qualified => qualified::store::titled(tx, Id::from_bytes(about))?
                .map(|title| vec![("title", title)])
                .unwrap_or_default(),
            About::Company => company::told(tx, Id::from_bytes(about))?
                .map(|(name, reason)| vec![("company", name), ("reason", reason.unwrap_or_default())])
                .unwrap_or_default(),
            About::Conversation => {
                names(tx, about)?.map(|(one, other)| vec![("one", one), ("other", other)]).unwrap_or_default()
            }
            About::Notice => {
                notice::titled(tx, Id::from_bytes(about))?.map(|title| vec![("title", title)]).unwrap_or_default()
            }
            About::Account | About::Rules => Vec::new(),
        };
        Ok(Self { kind, about, times, values })
    }

    fn args(&self) -> Vec<(&str, Arg)> {
        let values = self.values.iter().map(|(name, value)| (*name, Arg::from(value.as_str())));
        values.chain([("n", Arg::from(self.times))]).collect()
    }

    /// The line in the inbox.
    pub fn line(&self, words: &Words) -> String {
        words.text(&format!("inbox-{}", self.kind.code), &self.args())
    }

    /// Where it leads.
    pub fn path(&self) -> String {
        self.kind.path(self.about)
    }
}

/// The two companies of a request, a thread or a report.
fn names(tx: &mut Tx, about: [u8; 16]) -> Result<Option<(String, String)>, db::Error> {
    Ok(conversation::names(tx, about)?.or(report::names(tx, about)?))
}

/// The mail: what happened, where to read it, and how to switch such mails off, or that they cannot be.
pub fn write(app: &App, locale: Locale, reader: Reader, id: Id<Mail>, told: &Told) -> Written {
    let words = Words::new(app.catalogue(), locale);
    let (code, args) = (told.kind.code, told.args());
    let mut text = words.text(&format!("letter-{code}"), &args);
    let mut line = |key: &str, address: &str| text.push_str(&format!("\n\n{} {address}", words.text(key, &[])));
    line("inbox-mail-read", &app.config().address(&told.path()));
    let one_click = told.kind.is_free(Channel::Mail).then(|| {
        let leave = app.config().address(&Key::of(app, reader, told.kind).path());
        line("inbox-mail-leave", &leave);
        leave
    });
    if one_click.is_none() {
        line("inbox-mail-needed", "");
    }
    let subject = words.text(&format!("letter-{code}-subject"), &args);
    Written { id, subject, text: text.trim_end().to_owned(), html: None, one_click }
}

/// The short message: the line, and where to read more.
pub fn short(app: &App, locale: Locale, told: &Told) -> String {
    let words = Words::new(app.catalogue(), locale);
    let address = app.config().address("/inbox");
    words.text("inbox-short", &[("line", told.line(&words).into()), ("address", address.into())])
}

/// The push message: the line, which leads to where it is read.
pub fn push(app: &App, locale: Locale, reader: Reader, id: Id<PushMessage>, told: &Told) -> PushMessage {
    let words = Words::new(app.catalogue(), locale);
    PushMessage {
        id,
        at: app.clock().now(),
        topic: reader.topic(app),
        title: words.text("brand", &[]),
        text: told.line(&words),
        link: app.config().address(&told.path()),
    }
}

#[cfg(test)]
mod tests {
    use super::Told;
    use crate::app::ROOMS;
    use crate::reach::inbox::kind::ALL;
    use crate::web::Locale;
    use crate::web::text::{Catalogue, Words};
    use jiff::tz::TimeZone;
    use std::fmt::Write;
    use std::sync::Arc;

    /// What a person reads of each kind, in both languages: a change of it is seen, and meant.
    #[test]
    fn the_words_of_every_kind_are_as_they_were() {
        let texts: Vec<_> = ROOMS.iter().map(|room| room.texts).collect();
        let catalogue = Arc::new(Catalogue::new(&texts, TimeZone::UTC));
        let mut all = String::new();
        for kind in ALL {
            let values = [
                ("title", "岚河通信维保采购"),
                ("company", "衡川数维科技"),
                ("reason", "执照过期"),
                ("one", "岚河通信"),
                ("other", "衡川数维科技"),
            ];
            let values = values.map(|(name, value)| (name, value.to_owned())).to_vec();
            let told = Told { kind, about: [7; 16], times: 2, values };
            writeln!(all, "{} → {}", kind.code, told.path()).unwrap();
            for locale in Locale::ALL {
                let words = Words::new(catalogue.clone(), locale);
                writeln!(all, "  {}", told.line(&words)).unwrap();
                if kind.is_free(super::Channel::Inbox) && !kind.is_free(super::Channel::Mail) {
                    continue;
                }
                for key in [format!("letter-{}-subject", kind.code), format!("letter-{}", kind.code)] {
                    writeln!(all, "    {}", words.text(&key, &told.args())).unwrap();
                }
            }
        }
        assert!(!all.contains('⟦'), "{all}");
        insta::assert_snapshot!(all);
    }
}
