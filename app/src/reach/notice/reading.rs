//! What a program read in the texts of somebody else's notice, each with its place there, as the page shows it.

use super::facts::Sum;
use super::row::{Notice, Origin};
use crate::web::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use notices::{Field, Found, Precision, Spot, Texts};
use schemars::JsonSchema;
use serde::Serialize;

/// How many signs of a place its quotation shows.
const QUOTED: usize = 90;

/// What was read. What is empty is unknown: nobody may take it for not asked.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReading")]
pub struct Reading {
    /// One sum, or the same without and with tax.
    pub budgets: Vec<ReadSum>,
    /// Until when bids are taken.
    pub deadline: Option<ReadTime>,
    /// The lots that the notice is about.
    pub lots: Vec<ReadLot>,
    /// Into how many the whole is divided.
    pub lot_count: Option<ReadCount>,
    /// What is asked of those who take part, sentence by sentence.
    pub requirements: Vec<Requirement>,
    /// What references are asked for.
    pub references: Option<References>,
    /// The texts in pieces.
    #[serde(skip)]
    pub texts: [Vec<Piece>; 3],
}

/// Where something stands.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticePlace")]
pub struct Place {
    /// `title`, `content`, `qualification`, `performance` or `deadline_words`.
    pub field: &'static str,
    /// The first of its characters.
    pub from: usize,
    /// The first that is not of it any more.
    pub until: usize,
    /// The words.
    pub words: String,
    /// The piece of the page that holds it.
    #[serde(skip)]
    pub anchor: Option<usize>,
}

/// A sum and its place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReadSum")]
pub struct ReadSum {
    #[serde(flatten)]
    pub sum: Sum,
    pub place: Place,
}

/// A time and its place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReadTime")]
pub struct ReadTime {
    #[schemars(with = "Instant")]
    pub at: Timestamp,
    pub date_only: bool,
    pub place: Place,
}

/// A lot and its place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReadLot")]
pub struct ReadLot {
    /// As it is written: `1`, `二`, `A`.
    pub number: String,
    pub title: Option<String>,
    pub place: Place,
}

/// A number of lots and its place.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReadCount")]
pub struct ReadCount {
    pub lots: u32,
    pub place: Place,
}

/// A sentence and what it asks for.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeRequirement")]
pub struct Requirement {
    /// `legal-person`, `branch`, `related`, `consortium-allowed`, `consortium-refused`, `standing`, `record`, `licence`,
    /// `experience`, `staff`, `authorised`, `tax`, `subcontract`, `papers` or `other`.
    pub asks: &'static str,
    /// The number it has in the notice.
    pub number: Option<String>,
    pub place: Place,
}

/// References.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NoticeReferences")]
pub struct References {
    /// Signed since this day.
    #[schemars(with = "Option<crate::web::Day>")]
    pub since: Option<Date>,
    /// At least so many.
    pub cases: Option<u32>,
    /// Of at least so many fen.
    pub amount: Option<i64>,
    /// Whether that is what they come to together.
    pub together: bool,
    pub place: Place,
}

/// A piece of a text; one in which something was read has a number.
#[derive(Clone)]
pub struct Piece {
    pub text: String,
    pub anchor: Option<usize>,
}

/// The fields whose texts the page shows, in its order.
const SHOWN: [Field; 3] = [Field::Content, Field::Qualification, Field::Performance];

impl Reading {
    /// What can be read in another site's notice; ours say it in their fields.
    pub fn of(notice: &Notice) -> Option<Reading> {
        if matches!(notice.origin, Origin::Own { .. } | Origin::List { .. }) {
            return None;
        }
        let texts = texts(notice);
        let read = notices::read(&texts);
        (!read.is_empty()).then(|| Reading::placed(&texts, read))
    }

    /// Whether there is something beside the sentences.
    pub fn has_facts(&self) -> bool {
        let some = self.deadline.is_some() || self.lot_count.is_some() || self.references.is_some();
        some || !self.budgets.is_empty() || !self.lots.is_empty()
    }

    fn placed(texts: &Texts<'_>, read: notices::Reading) -> Reading {
        let marks = Marks::of(&read);
        let place = |spot: Spot| marks.place(texts, spot);
        Reading {
            budgets: placed(read.budgets, |sum, spot| ReadSum { sum: sum.into(), place: place(spot) }),
            deadline: read.deadline.map(|found| ReadTime {
                at: found.value.at,
                date_only: found.value.precision == Precision::DateOnly,
                place: place(found.spot),
            }),
            lots: placed(read.lots, |lot, spot| ReadLot { number: lot.number, title: lot.title, place: place(spot) }),
            lot_count: read.lot_count.map(|found| ReadCount { lots: found.value, place: place(found.spot) }),
            requirements: placed(read.clauses, |clause, spot| Requirement {
                asks: clause.asks.code(),
                number: clause.number,
                place: place(spot),
            }),
            references: read.experience.map(|found| References {
                since: found.value.since,
                cases: found.value.cases,
                amount: found.value.amount,
                together: found.value.together,
                place: place(found.spot),
            }),
            texts: SHOWN.map(|field| marks.pieces(field, texts.of(field))),
        }
    }
}

impl Place {
    /// The key of its field.
    pub fn key(&self) -> String {
        format!("notice-place-{}", self.field)
    }

    /// The words, cut where they are long.
    pub fn quoted(&self) -> String {
        let cut: String = self.words.chars().take(QUOTED).collect();
        if cut.len() < self.words.len() { format!("{cut}…") } else { cut }
    }
}

impl Requirement {
    /// The key of what it asks for.
    pub fn key(&self) -> String {
        format!("notice-asks-{}", self.asks)
    }
}

fn texts(notice: &Notice) -> Texts<'_> {
    Texts {
        title: &notice.title,
        content: notice.content.as_deref().unwrap_or_default(),
        qualification: notice.qualification.as_deref().unwrap_or_default(),
        performance: notice.performance.as_deref().unwrap_or_default(),
        evidence: notice.deadline_words.as_deref().filter(|_| notice.deadline_read).unwrap_or_default(),
    }
}

fn placed<T, P>(found: Vec<Found<T>>, shown: impl Fn(T, Spot) -> P) -> Vec<P> {
    found.into_iter().map(|found| shown(found.value, found.spot)).collect()
}

/// The stretches that get a number on the page: none within another.
struct Marks(Vec<Spot>);

impl Marks {
    fn of(read: &notices::Reading) -> Marks {
        let mut all: Vec<Spot> = read.clauses.iter().map(|found| found.spot).collect();
        all.extend(read.budgets.iter().map(|found| found.spot));
        all.extend(read.lots.iter().map(|found| found.spot));
        all.extend(read.deadline.iter().map(|found| found.spot));
        all.extend(read.lot_count.iter().map(|found| found.spot));
        all.extend(read.experience.iter().map(|found| found.spot));
        all.retain(|spot| SHOWN.contains(&spot.field));
        all.sort_by_key(|spot| (spot.field.code(), spot.from, std::cmp::Reverse(spot.until)));
        let mut marks: Vec<Spot> = Vec::new();
        for spot in all {
            let overlaps = marks.last().is_some_and(|last| last.field == spot.field && last.until > spot.from);
            marks.extend((!overlaps).then_some(spot));
        }
        Marks(marks)
    }

    fn place(&self, texts: &Texts<'_>, spot: Spot) -> Place {
        let text = texts.of(spot.field);
        let signs = |until: usize| text.get(..until).map_or(0, |part| part.chars().count());
        let holds = |mark: &Spot| mark.field == spot.field && mark.from < spot.until && spot.from < mark.until;
        Place {
            field: if spot.field == Field::Evidence { "deadline_words" } else { spot.field.code() },
            from: signs(spot.from),
            until: signs(spot.until),
            words: texts.words(spot).to_owned(),
            anchor: self.0.iter().position(holds),
        }
    }

    /// A text cut at the marks.
    fn pieces(&self, field: Field, text: &str) -> Vec<Piece> {
        let (mut pieces, mut done) = (Vec::new(), 0);
        let marks = self.0.iter().enumerate().filter(|(_, mark)| mark.field == field);
        for (anchor, mark) in marks {
            let cut = |from: usize, until: usize| text.get(from..until).unwrap_or_default().to_owned();
            pieces.push(Piece { text: cut(done, mark.from), anchor: None });
            pieces.push(Piece { text: cut(mark.from, mark.until), anchor: Some(anchor) });
            done = mark.until;
        }
        pieces.push(Piece { text: text.get(done..).unwrap_or_default().to_owned(), anchor: None });
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    }
}
