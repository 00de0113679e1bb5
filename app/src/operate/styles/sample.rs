//! What the parts show on `/styles`. Companies and tenders are invented.

use super::{PARTS, Styles};
use crate::app::App;
use crate::sourcing::opening::record::{File, Opened, OpenedLot};
use crate::sourcing::profile::Method;
use crate::sourcing::tender::lot::{Lot, State as LotState};
use crate::sourcing::tender::{Named, State, Tender, Unready};
use crate::web::text::Words;
use crate::web::{Context, Form, Level, Locale};
use jiff::{SignedDuration, Timestamp};
use kit::id::Id;

/// 64 hexadecimal digits.
const HASH: &str = "b51e07c94a2f88d013e6b7f290cc5a1d7f03e2a466d9018bc8475be12f6a93d7";
/// As long as a name gets.
const LONG: &str =
    "岚河通信赣江分公司二〇二六至二〇二八年云平台服务器、存储与网络设备维保及备件供应服务采购项目（第二次）";

/// Everything, around this instant.
pub fn styles(app: &App, context: &Context) -> Styles {
    let now = context.now;
    let words = Words::new(app.catalogue(), context.locale);
    let tender = tender(now);
    Styles {
        parts: &PARTS,
        opened: vec![opened(&tender, now)],
        unready: vec![Unready::NoLot, Unready::QuestionsPast],
        filled: filled(),
        refused: refused(),
        now,
        soon: hours(now, 6),
        later: tender.deadline,
        fen: 48_600_000,
        bytes: 2_516_582,
        hash: HASH,
        code: "not-found",
        status: 404,
        what: words.text("error-not-found", &[]),
        way_out: words.text("error-not-found-way-out", &[]),
        way: None,
        level: Some(Level::Company.word()),
        request: Id::<()>::from_bytes([7; 16]).to_string(),
        problems: Vec::new(),
        tender: named(tender, context.locale),
    }
}

fn hours(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now)
}

fn named(tender: Tender, locale: Locale) -> Named {
    Named::new(tender, locale)
}

fn tender(now: Timestamp) -> Tender {
    Tender {
        id: Id::from_bytes([1; 16]),
        company: Id::from_bytes([2; 16]),
        company_name: "岚河通信赣江分公司".into(),
        number: "ZY-20261107-QLGBN".into(),
        title: LONG.into(),
        method: Method::Open,
        category: "it-ops".into(),
        region: "36".into(),
        summary: LONG.into(),
        budget_shown: true,
        state: State::Evaluation,
        questions_until: hours(now, 24 * 4),
        deadline: hours(now, 24 * 13),
        questions_closed: false,
        standstill: None,
        auction_at: None,
        auction_check: None,
        finals: None,
        recipient: None,
        hands: None,
        published_at: Some(hours(now, -24)),
        opened_at: Some(now),
        regime: crate::sourcing::regime::Regime::Enterprise,
        readers: crate::sourcing::circle::Audience::All,
        reason: None,
        terms: crate::sourcing::tender::terms::Terms::default(),
        again_of: None,
        round: 1,
        version: 1,
    }
}

fn opened(tender: &Tender, now: Timestamp) -> OpenedLot {
    let lot = Lot {
        id: Id::from_bytes([3; 16]),
        tender: tender.id,
        position: 1,
        title: "服务器与存储维保".into(),
        description: String::new(),
        budget: Some(48_600_000),
        ceiling: None,
        ceiling_shown: false,
        state: LotState::Evaluation,
        amended: 0,
    };
    let bid = |n: u8, name: Option<&str>, price: Option<i64>| Opened {
        id: Id::from_bytes([n; 16]),
        company: None,
        company_name: name.map(str::to_owned),
        price,
        over_ceiling: false,
        opened_price: None,
        first_price: None,
        delivery_days: price.map(|_| 60),
        note: (n == 4).then(|| "报价含税，质保两年。".to_owned()),
        received_at: now,
        sha256: HASH.into(),
        flaw: None,
        rank: price.map(|_| usize::from(n) - 3),
        files: if n == 4 {
            vec![File {
                id: Id::from_bytes([9; 16]),
                name: "技术方案.pdf".into(),
                size: 2_516_582,
                sha256: HASH.into(),
                is_final: false,
            }]
        } else {
            Vec::new()
        },
        consortium: None,
        void: None,
    };
    let bids = vec![
        bid(4, Some("栖木软件技术有限公司"), Some(44_980_000)),
        bid(5, Some("远岫数据服务有限公司"), Some(45_550_000)),
        bid(6, None, None),
    ];
    OpenedLot { lot, failed: false, unopened: false, nameless: false, bids }
}

fn filled() -> Form {
    Form::filled([
        ("title", "云平台设备维保服务"),
        ("price", "455500"),
        ("days", "60"),
        ("ticked", "1"),
        ("method", "open"),
    ])
}

/// A form that came back with three things wrong.
fn refused() -> Form {
    let form = Form::filled([("bad_title", "短"), ("bad_price", "四十五万")]);
    let wrong = [("bad_title", "required"), ("bad_price", "money-not-a-number"), ("bad_yes", "required")];
    wrong
        .into_iter()
        .fold(form, |form, (field, rule)| form.refuse(field, rule).form.as_deref().cloned().unwrap_or_default())
}
