//! Rows of notices as two bare drivers hand them out.

use app::reach::notice::source::category;
use app::reach::notice::{Budget, Kind, Moment, Notice, Origin, Precision, Summary, Tax};
use app::reach::region;
use jiff::Timestamp;
use kit::id::Id;

/// What a line of the list shows.
const SUMMARY: &str = "id, kind, word, title, buyer, project_no, region, category, budget, budget_currency, \
     budget_tax, deadline, published_at, source";

/// What the page of one notice shows beside it.
const REST: &str = "agent, content, qualification, performance, winner, award, company, tender";

/// The newest twenty, by the index.
pub fn list() -> String {
    format!("SELECT {SUMMARY} FROM notice ORDER BY published_at DESC, id DESC LIMIT 20")
}

/// One by its id.
pub fn one() -> String {
    format!("SELECT {SUMMARY}, {REST} FROM notice WHERE id = $1")
}

/// A row of either driver.
pub trait Cells {
    /// A BIGINT.
    fn int(&self, at: usize) -> Option<i64>;
    /// A TEXT.
    fn text(&self, at: usize) -> Option<String>;
    /// A BYTEA of 16 bytes.
    fn id(&self, at: usize) -> [u8; 16];
}

impl Cells for rusqlite::Row<'_> {
    fn int(&self, at: usize) -> Option<i64> {
        self.get(at).expect("a BIGINT")
    }

    fn text(&self, at: usize) -> Option<String> {
        self.get(at).expect("a TEXT")
    }

    fn id(&self, at: usize) -> [u8; 16] {
        self.get(at).expect("an id")
    }
}

impl Cells for postgres::Row {
    fn int(&self, at: usize) -> Option<i64> {
        self.get(at)
    }

    fn text(&self, at: usize) -> Option<String> {
        self.get(at)
    }

    fn id(&self, at: usize) -> [u8; 16] {
        self.get::<_, &[u8]>(at).try_into().expect("an id")
    }
}

/// A line of the list.
pub fn summary(row: &impl Cells) -> Summary {
    let currency = row.text(9).and_then(|code| Budget::CURRENCIES.into_iter().find(|known| *known == code));
    let tax = row.text(10).map_or(Tax::Unstated, |code| Tax::of(&code));
    let budget = row.int(8).zip(currency).map(|(minor, currency)| Budget { minor, currency, tax, range: false });
    Summary {
        id: Id::from_bytes(row.id(0)),
        kind: row.text(1).and_then(|code| Kind::of(&code)).unwrap_or(Kind::Other),
        word: row.text(2).unwrap_or_default(),
        title: row.text(3).unwrap_or_default(),
        buyer: row.text(4),
        project_no: row.text(5),
        region: row.text(6).and_then(|code| region::by_code(&code)),
        category: row.text(7).and_then(|code| category::by_code(&code)).unwrap_or(category::other()),
        budget,
        budget_read: false,
        deadline_read: false,
        deadline: row.int(11).map(moment),
        published: moment(row.int(12).unwrap_or_default()),
        source: row.text(13),
    }
}

/// A whole notice of ours.
pub fn notice(row: &impl Cells) -> Notice {
    let line = summary(row);
    let origin = Origin::Own { company: row.id(20), tender: row.id(21) };
    Notice {
        buyer: line.buyer,
        agent: row.text(14),
        project_no: line.project_no,
        region: line.region,
        category: line.category,
        content: row.text(15),
        qualification: row.text(16),
        performance: row.text(17),
        budget: line.budget,
        deadline: line.deadline,
        winner: row.text(18),
        award: row.int(19),
        ..Notice::own(line.id, line.kind, &line.word, &line.title, line.published.at, origin)
    }
}

fn moment(micros: i64) -> Moment {
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    Moment { at, precision: Precision::Time, range: false }
}
