//! What comes in.

use super::profile::{MOST, Price, Profile};
use crate::reach::{category, region};
use crate::web::{Fields, Form, Parse};
use jiff::civil::Date;
use kit::identifier::Mobile;
use url::Url;

/// What is to be shown, and the version that the form was filled from; 0 while nothing was published.
#[derive(Clone, Debug)]
pub struct Edited {
    /// The version that was seen.
    pub version: i64,
    /// What is to be shown.
    pub profile: Profile,
}

impl Parse for Edited {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let (version, about) = (fields.version(), fields.optional_text("about", 2000));
        let services = several(fields, "services", &["it-software"], |code| category::by_code(code).is_some());
        let regions = several(fields, "regions", &["36"], |code| {
            region::by_code(code).is_some_and(|region| region.code.len() == 2)
        });
        fields.one_of("price", Price::ALL.map(Price::code));
        let price =
            fields.optional("price", |code| Price::ALL.into_iter().find(|one| one.code() == code).ok_or("choice"));
        let references = fields.optional_text("references", 4000);
        let references = match references.map(Option::unwrap_or_default).map(|text| lines(&text)) {
            Some(lines) if lines.len() > MOST => fields.wrong("references", "too-many-references"),
            references => references,
        };
        let channel = fields.like("channel", "https://www.hengchuan.example").optional("channel", channel);
        let (about, price, references) = (about?, price?, references?);
        let profile = Profile { about, services: services?, regions: regions?, price, references, channel: channel? };
        Some(Self { version: version?, profile })
    }
}

impl Profile {
    /// The form, filled in.
    pub fn form(&self, version: i64) -> Form {
        Form::filled([
            ("version", version.to_string()),
            ("about", self.about.clone().unwrap_or_default()),
            ("services", self.services.join("\n")),
            ("regions", self.regions.join("\n")),
            ("price", self.price.map_or("", Price::code).to_owned()),
            ("references", self.references.join("\n")),
            ("channel", self.channel.clone().unwrap_or_default()),
        ])
    }
}

fn several(
    fields: &mut Fields,
    field: &'static str,
    example: &'static [&'static str],
    is_known: impl Fn(&str) -> bool,
) -> Option<Vec<String>> {
    let mut codes = fields.several(field, example);
    codes.sort_unstable();
    codes.dedup();
    if !codes.iter().all(|code| is_known(code)) {
        return fields.wrong(field, "choice");
    }
    if codes.len() > 40 { fields.wrong(field, "too-many-choices") } else { Some(codes) }
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| line.chars().take(300).collect()).collect()
}

/// A telephone of the company, an e-mail address or a web address. A mobile number is a person's as a rule, and would be
/// public: it is refused.
fn channel(text: &str) -> Result<String, &'static str> {
    if Mobile::parse(text).is_ok() {
        return Err("channel-mobile");
    }
    if text.contains("://") {
        let url = Url::parse(text).map_err(|_| "channel")?;
        let plain =
            url.scheme() == "https" && url.username().is_empty() && url.host_str().is_some_and(|h| h.contains('.'));
        return if plain && text.len() <= 200 { Ok(url.to_string()) } else { Err("channel") };
    }
    if text.contains('@') {
        let address: Result<vault::Email, _> = text.parse();
        return address.map(|address| address.expose().to_owned()).map_err(|_| "channel");
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let telephone = text.bytes().all(|b| b.is_ascii_digit() || b" -+()".contains(&b));
    if telephone && (7..=15).contains(&digits) { Ok(text.to_owned()) } else { Err("channel") }
}

/// When a provider closes down.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// The first day on which it does not operate any more.
    pub closes_on: Date,
}

impl Parse for Closing {
    fn parse(fields: &mut Fields) -> Option<Self> {
        let day = fields.like("closes_on", "2099-12-31").parse("closes_on", |text| {
            text.parse::<Date>().ok().filter(|day| (2000..2200).contains(&day.year())).ok_or("day")
        });
        Some(Self { closes_on: day? })
    }
}

#[cfg(test)]
mod tests {
    use super::channel;

    #[test]
    fn a_channel_is_the_companys_and_no_persons_mobile() {
        assert_eq!(channel("0571-8800 1234").as_deref(), Ok("0571-8800 1234"));
        assert_eq!(channel("Service@Qimu.example").as_deref(), Ok("service@qimu.example"));
        assert_eq!(channel("https://www.qimu.example/").as_deref(), Ok("https://www.qimu.example/"));
        assert_eq!(channel("138 0013 8000"), Err("channel-mobile"));
        for text in
            ["http://qimu.example", "javascript://x.y/%0aalert(1)", "https://a@b.example", "https://x", "微信", "123"]
        {
            assert_eq!(channel(text), Err("channel"), "{text}");
        }
    }
}
