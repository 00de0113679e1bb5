//! Who processes for the operator (受托处理, PIPL 21), as the operator says it: `NAME; CONTACT; REGION; 2027-12-31`.

use jiff::civil::Date;

/// What the register says of somebody who is entrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entrusted {
    /// Its name.
    pub name: String,
    /// How to reach it.
    pub contact: String,
    /// Where it processes.
    pub region: String,
    /// The day on which the contract ends.
    pub until: Date,
}

impl Entrusted {
    /// The rule, for whoever has written something else.
    pub(super) const RULE: &'static str =
        "write NAME; CONTACT; REGION; and the day on which the contract ends, such as 2027-12-31";

    /// Reads it.
    pub fn parse(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.split([';', '；']).map(str::trim).collect();
        let [name, contact, region, until] = parts.as_slice() else { return None };
        if [name, contact, region].iter().any(|part| part.is_empty()) {
            return None;
        }
        let own = |text: &&str| (*text).to_owned();
        Some(Self { name: own(name), contact: own(contact), region: own(region), until: until.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Entrusted;

    #[test]
    fn it_has_four_parts_and_the_last_is_a_day() {
        let read = Entrusted::parse("某云计算公司；dpo@cloud.example; 华东; 2027-12-31").unwrap();
        assert_eq!((read.name.as_str(), read.until.to_string().as_str()), ("某云计算公司", "2027-12-31"));
        for wrong in ["", "某公司", "a; b; c", "a; b; c; soon", "a; ; c; 2027-12-31", "a; b; c; 2027-12-31; d"] {
            assert_eq!(Entrusted::parse(wrong), None, "{wrong}");
        }
    }
}
