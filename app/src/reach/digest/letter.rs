//! The digest as a mail: the same in plain text and in HTML, with the way to end it.

use super::Digest;
use super::ending::Key;
use super::mailing::MOST;
use crate::app::App;
use crate::identity::account::mailing::Written;
use crate::reach::notice::{Name, Summary};
use crate::web::text::{Arg, Words};
use crate::web::{Error, Locale, Scene, filters};
use askama::Template;
use kit::id::Id;
use kit::mail::Mail;

/// A notice in a mail.
struct Line {
    title: String,
    address: String,
    /// Buyer, region, category, day.
    about: String,
}

/// The HTML part. Mail programs take no stylesheet and run nothing; it has neither.
#[derive(Template)]
#[template(path = "reach/digest/mail.html")]
struct Html<'a> {
    lang: &'static str,
    subject: &'a str,
    lines: &'a [Line],
    more: Option<&'a str>,
    settings: &'a str,
    leave: &'a str,
}

/// Writes it. `notices`: one more than a mail lists says that there are more.
///
/// # Errors
/// 500 when a template fails.
pub(super) fn write(
    app: &App,
    (mail, locale): (Id<Mail>, Locale),
    id: Id<Digest>,
    notices: Vec<Summary>,
) -> Result<Written, Error> {
    let words = Words::new(app.catalogue(), locale);
    let address = |path: &str| app.config().address(path);
    let lines: Vec<_> = notices.iter().take(MOST).map(|notice| line(app, notice, &words)).collect();
    let more = (notices.len() > MOST).then(|| address("/notices"));
    let (settings, leave) = (address(super::PLACE), address(&Key::of(app, id).path()));
    let subject = words.text("digest-mail-subject", &[("n", Arg::from(lines.len()))]);
    let html = Html {
        lang: locale.tag(),
        subject: &subject,
        lines: &lines,
        more: more.as_deref(),
        settings: &settings,
        leave: &leave,
    };
    let text = plain(&words, &lines, more.as_deref(), &settings, &leave);
    let scene = Scene::new(words, app.zone(), app.clock().now(), String::new());
    let html = html.render_with_values(&scene).map_err(Error::fault)?;
    Ok(Written { id: mail, subject, text, html: Some(html), one_click: Some(leave) })
}

fn line(app: &App, notice: &Summary, words: &Words) -> Line {
    let local = |name: Name| if words.locale == Locale::Zh { name.zh } else { name.en }.to_owned();
    let day = notice.published.at.to_zoned_datetime(app.zone()).date().to_string();
    let about = [
        notice.buyer.clone(),
        notice.region.map(|region| local(region.into())),
        Some(local(notice.category.into())),
        Some(day),
    ];
    Line {
        title: notice.title.clone(),
        address: app.config().address(&format!("/notices/{}", notice.id)),
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

fn plain(words: &Words, lines: &[Line], more: Option<&str>, settings: &str, leave: &str) -> String {
    let mut text = words.text("digest-mail-lead", &[]);
    for Line { title, address, about } in lines {
        text.push_str(&format!("\n\n{title}\n{about}\n{address}"));
    }
    if let Some(more) = more {
        text.push_str(&format!("\n\n{} {more}", words.text("digest-mail-more", &[])));
    }
    for (key, address) in [("digest-mail-settings", settings), ("digest-mail-leave", leave)] {
        text.push_str(&format!("\n\n{} {address}", words.text(key, &[])));
    }
    text
}
