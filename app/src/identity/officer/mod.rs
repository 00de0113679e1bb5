//! Opening officers (开标员): who holds a key without which the bids of a tender do not open.
//!
//! The key is made in the officer's browser, or by `ziyun officer`. What lies here is its public half, and the secret half as a
//! file under a passphrase that never comes here. That its holder can use it is proved by what only they can decrypt, and the
//! same proof is the rehearsal of an opening. Beside that file there may be one for a passkey of theirs (PRF): opened with a touch instead of the
//! passphrase, which stays the way back when the passkey is lost. Which tender asks for whose share is the tender's own
//! ([`crate::sourcing::tender::hands`]).

mod form;
mod handle;
mod page;
mod store;

pub use store::{
    Enrolled, HolderGone, Key, enrolled, held_by, holders, holding, keeper, kept, own_among, owner, recipients, wrapped,
};

use crate::web::attachment::FILE;
use crate::web::{Card, Nothing, Op, Room, Routes, Texts, Who};

/// The room.
pub static ROOM: Room = Room {
    erased: Some(store::erased),
    cards: &[Card { path: "/me/opening-key", word: "officer-key", icon: "key", order: 25, state: store::state }],
    ..Room::new("officer", routes, Texts { zh: include_str!("texts.zh.ftl"), en: include_str!("texts.en.ftl") })
};

fn routes() -> Routes {
    let page = Op::page::<page::Keys>("officer.show", "本人的开标密钥 · The person's keys for openings");
    let enrol = Op::act::<form::New, page::Line>(
        "officer.enrol",
        "登记开标密钥：公钥和口令加密的私钥文件 · Enrols a key: its public half, and the secret half under a passphrase",
    );
    let prove = Op::act::<form::Proof, page::Line>(
        "officer.prove",
        "证明持有，也是开标演练 · Proves that one can use it; also the rehearsal",
    );
    let revoke = Op::act::<Nothing, page::Line>("officer.revoke", "停用开标密钥 · No tender is sealed to it any more");
    let wrap = Op::act::<form::Wrapped, page::Line>(
        "officer.wrap",
        "也用通行密钥打开：为通行密钥加密的私钥文件 · The secret half for a passkey, too",
    );
    let unwrap = Op::act::<Nothing, page::Line>("officer.unwrap", "不再用通行密钥打开 · For no passkey any more");
    let file = Op::file("officer.file", "私钥备份文件，口令加密 · The secret half under its passphrase", FILE);
    Routes::new()
        .get("/me/opening-key", Who::Person, page, handle::show)
        .post("/me/opening-key", Who::Person, enrol.conflicts(&["officer-key-known"]).credentials(), handle::enrol)
        .post(
            "/me/opening-key/{id}/proof",
            Who::Person,
            prove.conflicts(&["officer-key-over", "officer-proof-wrong"]).limited(),
            handle::prove,
        )
        .post("/me/opening-key/{id}/revocation", Who::Person, revoke.credentials(), handle::revoke)
        .post(
            "/me/opening-key/{id}/passkey",
            Who::Person,
            wrap.conflicts(&["officer-key-over"]).credentials(),
            handle::wrap,
        )
        .post("/me/opening-key/{id}/passkey-removal", Who::Person, unwrap.credentials(), handle::unwrap)
        .get("/me/opening-key/{id}/file", Who::Person, file, handle::file)
}
