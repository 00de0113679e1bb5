//! What stands on top of every page until its end.

use crate::app::App;
use crate::web::text::Words;
use crate::web::{Announcement, Context};

/// What is announced to everybody now, the newest first.
pub fn announce(app: &App, context: &Context) -> Vec<Announcement> {
    let words = Words::new(app.catalogue(), context.locale);
    let standing = context.bulletins.iter().filter(|one| one.stands(context.now));
    let line = |one: &crate::web::Bulletin| Announcement {
        kind: "",
        glyph: "notice",
        title: one.title(context.locale).to_owned(),
        link: format!("/announcements/{}", one.id),
        more: words.text("announcement-more", &[]),
        popup: None,
    };
    standing.map(line).collect()
}
