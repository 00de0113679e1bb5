//! The announcement of a change, on every page until it takes effect (clause 10.1). A material one also pops up at the desk of
//! each person whom it will ask, with what it adds. All words are text: askama escapes them.

use crate::app::App;
use crate::web::text::{Arg, Words};
use crate::web::{Announcement, Context, Popup};

/// What is announced to this reader.
pub fn announce(app: &App, context: &Context) -> Vec<Announcement> {
    coming(app, context).into_iter().collect()
}

fn coming(app: &App, context: &Context) -> Option<Announcement> {
    let coming = context.calendar.coming(context.now)?;
    let words = Words::new(app.catalogue(), context.locale);
    let day = coming.effective_at.to_zoned_datetime(app.zone()).strftime("%Y-%m-%d %H:%M").to_string();
    let told = |key: &str| words.text(key, &[("day", Arg::from(day.as_str()))]);
    let key = if coming.is_material { "policy-banner-material" } else { "policy-banner-editorial" };
    Some(Announcement {
        kind: "warn",
        glyph: "policy",
        title: told(key),
        link: format!("/policy/versions/{}", coming.version),
        more: words.text("policy-banner-more", &[]),
        popup: (coming.is_material && context.path == "/")
            .then(|| popup(app, context, &coming.version, &told))
            .flatten(),
    })
}

/// For who is signed in: what is added to what they have accepted.
fn popup(app: &App, context: &Context, version: &str, told: &dyn Fn(&str) -> String) -> Option<Popup> {
    let person = context.actor.person()?;
    let versions = app.policies().versions();
    let added = match (versions.named(version), versions.named(person.accepted().id())) {
        (Some(new), Some(before)) => new.grown(before),
        _ => Vec::new(),
    };
    let lines = added.iter().map(|one| one.words(context.locale.tag()).join(" · ")).collect();
    Some(Popup { text: told("policy-popup-text"), lines, close: told("policy-popup-close") })
}
