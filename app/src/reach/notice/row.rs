//! A notice as it is stored. Nothing of it changes once it is published.

use super::source::{Budget, Category, Kind, Moment, Precision, SourceNotice, category};
use crate::reach::region::Region;
use jiff::Timestamp;
use kit::event::{Fact, Scope};
use kit::id::Id;
use serde::{Deserialize, Serialize};

/// A public notice.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// Its id; part of its address for ever.
    pub id: Id<Notice>,
    /// What kind of notice it is.
    pub kind: Kind,
    /// The publisher's own word for its kind: 询比公告, 流标公告. It is what readers are told where the kind is other.
    pub word: String,
    /// Its title.
    pub title: String,
    /// Who buys.
    pub buyer: Option<String>,
    /// Who acts for the buyer.
    pub agent: Option<String>,
    /// The buyer's number of the project.
    pub project_no: Option<String>,
    /// Where.
    pub region: Option<&'static Region>,
    /// What for.
    pub category: &'static Category,
    /// What is bought, or what the notice tells; line breaks count.
    pub content: Option<String>,
    /// What is asked of those who take part.
    pub qualification: Option<String>,
    /// What they must have done before.
    pub performance: Option<String>,
    /// What it may cost.
    pub budget: Option<Budget>,
    /// Whether a program read it in the texts of the notice.
    pub budget_read: bool,
    /// The budget in the words of its source.
    pub budget_words: Option<String>,
    /// Until when bids are taken.
    pub deadline: Option<Moment>,
    /// Whether a program read it in the texts of the notice.
    pub deadline_read: bool,
    /// The deadline in the words of its source.
    pub deadline_words: Option<String>,
    /// From when documents are handed out.
    pub sale_from: Option<Timestamp>,
    /// Until when documents are handed out.
    pub sale_until: Option<Timestamp>,
    /// The same in the words of its source.
    pub sale_words: Option<String>,
    /// Who won.
    pub winner: Option<String>,
    /// For how much, in fen.
    pub award: Option<i64>,
    /// When it was published.
    pub published: Moment,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a notice comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A tender on this platform.
    Own {
        /// The buyer's company.
        company: [u8; 16],
        /// The tender.
        tender: [u8; 16],
    },
    /// A qualified list on this platform.
    List {
        /// Its company.
        company: [u8; 16],
        /// The list.
        list: [u8; 16],
    },
    /// Another site.
    External {
        /// The site's name.
        source: String,
        /// The notice's id there.
        source_id: String,
        /// Its address there, where that is known.
        url: Option<String>,
        /// Hash of what the source says, to recognise the same notice when it is read again.
        fingerprint: [u8; 32],
    },
}

/// The event of a notice that has just become public.
#[derive(Debug, Serialize, Deserialize)]
pub struct Published {
    /// Which.
    pub notice: Id<Notice>,
    /// Its kind's code.
    pub kind: String,
}

impl Fact for Published {
    const KIND: &'static str = "notice.published";
}

impl Notice {
    /// A notice of a tender on this platform, with what it cannot do without; the rest is set by who publishes it.
    pub fn own(id: Id<Notice>, kind: Kind, word: &str, title: &str, published: Timestamp, origin: Origin) -> Notice {
        Notice {
            id,
            kind,
            word: word.to_owned(),
            title: title.to_owned(),
            buyer: None,
            agent: None,
            project_no: None,
            region: None,
            category: category::other(),
            content: None,
            qualification: None,
            performance: None,
            budget: None,
            budget_read: false,
            budget_words: None,
            deadline: None,
            deadline_read: false,
            deadline_words: None,
            sale_from: None,
            sale_until: None,
            sale_words: None,
            winner: None,
            award: None,
            published: Moment { at: published, precision: Precision::Time, range: false },
            origin,
        }
    }

    /// Whom the event of its publication concerns.
    pub fn scope(&self) -> Scope {
        match &self.origin {
            Origin::Own { company, tender } => Scope { company: Some(*company), tender: Some(*tender), actor: None },
            Origin::List { company, .. } => Scope { company: Some(*company), ..Scope::default() },
            Origin::External { .. } => Scope::default(),
        }
    }
}

/// The id follows from the source and its id there, so that the address is the same wherever and however often the
/// notice is imported.
impl From<SourceNotice> for Notice {
    fn from(found: SourceNotice) -> Notice {
        let name = format!("notice\n{}\n{}", found.source, found.source_id);
        let origin = Origin::External {
            source: found.source,
            source_id: found.source_id,
            url: Some(found.url),
            fingerprint: found.fingerprint,
        };
        Notice {
            buyer: found.buyer,
            agent: found.agent,
            project_no: found.project_no,
            region: found.region,
            category: found.category,
            content: found.content,
            qualification: found.qualification,
            performance: found.performance,
            budget: found.budget,
            budget_read: found.budget_read,
            budget_words: found.budget_words,
            deadline: found.deadline,
            deadline_read: found.deadline_read,
            deadline_words: found.deadline_words,
            sale_from: found.sale.and_then(|(from, _)| Some(from?.at)),
            sale_until: found.sale.map(|(_, until)| until.at),
            sale_words: found.sale_words,
            winner: found.winner,
            published: found.published,
            ..Notice::own(
                Id::named(name.as_bytes()),
                found.kind,
                &found.own_word,
                &found.title,
                found.published.at,
                origin,
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reach::notice::source::read;

    fn notice(id: &str) -> Notice {
        let line = format!(r#"{{"id":"{id}","title":"招标公告","url":"https://a.example/","date":"2026-11-23"}}"#);
        read(&line).expect("a notice").into()
    }

    #[test]
    fn an_external_notice_keeps_its_address_for_ever() {
        assert_eq!(notice("1").id, notice("1").id);
        assert_ne!(notice("1").id, notice("2").id);
        assert_eq!(notice("1").id.to_string(), "eea515b3-eaed-865e-9080-ef6d9a07081e");
    }
}
