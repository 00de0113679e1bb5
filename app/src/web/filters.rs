//! Filters for templates: words, instants, money. Import this module beside each `#[derive(Template)]`.

use super::form::Problem;
use super::scene;
use super::text::{Arg, Locale};
use askama::filters::Safe;
use askama::{Result, Values, filter_fn};
use jiff::{Timestamp, Unit};
use std::fmt::Display;

/// `{{ "key"|t }}`: the text of a key.
#[filter_fn]
pub fn t(key: impl Display, values: &dyn Values) -> Result<String> {
    Ok(scene::of(values)?.words.text(&key.to_string(), &[]))
}

/// `{{ "key"|tn(count) }}`: the text of a key with a number `n`.
#[filter_fn]
pub fn tn<N: Display>(key: impl Display, values: &dyn Values, n: N) -> Result<String> {
    Ok(scene::of(values)?.words.text(&key.to_string(), &[("n", arg(&n))]))
}

/// `{{ "key"|tv("name", value) }}`: the text of a key with one named value.
#[filter_fn]
pub fn tv<V: Display>(key: impl Display, values: &dyn Values, name: &'static str, value: V) -> Result<String> {
    Ok(scene::of(values)?.words.text(&key.to_string(), &[(name, arg(&value))]))
}

/// `{{ "key"|ta(args) }}`: the text of a key with its values.
#[filter_fn]
pub fn ta<A: AsRef<[(&'static str, Arg)]>>(key: impl Display, values: &dyn Values, args: A) -> Result<String> {
    Ok(scene::of(values)?.words.text(&key.to_string(), args.as_ref()))
}

fn arg(value: &impl Display) -> Arg {
    let text = value.to_string();
    text.parse().map_or(Arg::Text(text), Arg::Number)
}

/// `{{ place.name_zh|either(place.name_en) }}`: the name in the reader's language.
#[filter_fn]
pub fn either<E: Display>(zh: impl Display, values: &dyn Values, en: E) -> Result<String> {
    Ok(match scene::of(values)?.words.locale {
        Locale::Zh => zh.to_string(),
        Locale::En => en.to_string(),
    })
}

/// `{{ ""|csrf }}`: the hidden field that every form carries.
#[filter_fn]
pub fn csrf(_: impl Display, values: &dyn Values) -> Result<Safe<String>> {
    let token = scene::of(values)?.token();
    Ok(Safe(format!("<input type=\"hidden\" name=\"csrf\" value=\"{token}\">")))
}

/// `{{ problem|told }}`: what is wrong with a field, which rule, and the way out.
#[filter_fn]
pub fn told(problem: &Problem, values: &dyn Values) -> Result<String> {
    Ok(problem.told(&scene::of(values)?.words))
}

/// `{{ at|when }}`: `2026-11-23 14:00` in the installation's zone.
#[filter_fn]
pub fn when(at: &Timestamp, values: &dyn Values) -> Result<String> {
    let zoned = at.to_zoned_datetime(scene::of(values)?.zone.clone());
    Ok(zoned.strftime("%Y-%m-%d %H:%M").to_string())
}

/// `{{ at|zoned }}`: `2026-11-23 14:00（北京时间）`: the same with the zone, where one acts by it.
#[filter_fn]
pub fn zoned(at: &Timestamp, values: &dyn Values) -> Result<String> {
    let scene = scene::of(values)?;
    let time = at.to_zoned_datetime(scene.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let zone = match scene.zone.iana_name() {
        Some("Asia/Shanghai") | None => scene.words.text("time-beijing", &[]),
        Some(name) => name.to_owned(),
    };
    Ok(scene.words.text("time-zoned", &[("time", Arg::Text(time)), ("zone", Arg::Text(zone))]))
}

/// `{{ at|day }}`: `2026-11-23` in the installation's zone.
#[filter_fn]
pub fn day(at: &Timestamp, values: &dyn Values) -> Result<String> {
    Ok(at.to_zoned_datetime(scene::of(values)?.zone.clone()).strftime("%Y-%m-%d").to_string())
}

/// `{{ at|iso }}`: for `datetime` attributes and scripts.
#[filter_fn]
pub fn iso(at: &Timestamp, _: &dyn Values) -> Result<String> {
    Ok(at.to_string())
}

/// `{{ at|until }}`: `还有 3 天` or `已过 2 小时`, in the largest unit.
#[filter_fn]
pub fn until(at: &Timestamp, values: &dyn Values) -> Result<String> {
    let scene = scene::of(values)?;
    let left = at.duration_since(scene.now);
    let minutes = left.abs().as_mins();
    let (unit, count) = match minutes {
        0..60 => ("minutes", minutes.max(1)),
        60..1440 => ("hours", minutes / 60),
        _ => ("days", minutes / 1440),
    };
    let key = format!("{}-{unit}", if left.is_negative() { "time-past" } else { "time-left" });
    Ok(scene.words.text(&key, &[("n", Arg::Number(count))]))
}

/// `{{ fen|money }}`: an amount in minor units (fen) as `869,000.00`.
#[filter_fn]
pub fn money(fen: &i64, _: &dyn Values) -> Result<String> {
    Ok(yuan(*fen))
}

/// `{{ fen|wan }}`: `86.90 万元`, or `CNY 869,000.00` in English.
#[filter_fn]
pub fn wan(fen: &i64, values: &dyn Values) -> Result<String> {
    Ok(match scene::of(values)?.words.locale {
        Locale::Zh if fen.unsigned_abs() >= 1_000_000 && fen % 10_000 == 0 => format!("{}万元", grouped(*fen / 10_000)),
        Locale::Zh => format!("{}元", yuan(*fen)),
        Locale::En => format!("CNY\u{a0}{}", yuan(*fen).trim_end_matches(".00")),
    })
}

/// `{{ bytes|size }}`: `2.4 MB`.
#[filter_fn]
pub fn size(bytes: &i64, _: &dyn Values) -> Result<String> {
    Ok(match *bytes {
        0..1024 => format!("{bytes} B"),
        1024..1_048_576 => format!("{} KB", bytes / 1024),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    })
}

/// `{{ hash|short }}`: the first and last eight digits of a hash.
#[filter_fn]
pub fn short(hash: impl Display, _: &dyn Values) -> Result<String> {
    let text = hash.to_string();
    Ok(if text.len() > 20 && text.is_ascii() { format!("{}…{}", &text[..8], &text[text.len() - 8..]) } else { text })
}

/// `{{ at|rounded }}`: whole seconds, for a field of type `datetime-local` in the installation's zone.
#[filter_fn]
pub fn rounded(at: &Timestamp, values: &dyn Values) -> Result<String> {
    let at = at.round(Unit::Minute).unwrap_or(*at);
    Ok(at.to_zoned_datetime(scene::of(values)?.zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string())
}

/// An amount in minor units (fen) as `869,000.00`.
pub fn yuan(fen: i64) -> String {
    grouped(fen)
}

/// Hundredths as `1,234.56`.
fn grouped(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, part) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let digits = whole.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{sign}{text}.{part:02}")
}

#[cfg(test)]
mod tests {
    #[test]
    fn money_is_grouped_and_exact() {
        assert_eq!(super::grouped(86_900_000), "869,000.00");
        assert_eq!(super::grouped(-5), "-0.05");
        assert_eq!(super::grouped(123_456_789_012), "1,234,567,890.12");
    }
}
