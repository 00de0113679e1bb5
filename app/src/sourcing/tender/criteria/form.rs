//! The form: who decides, and by what.

use super::{Criteria, Criterion, POINTS};
use crate::web::{Fields, Form, Parse};

/// How many criteria a tender has at most.
const MOST: usize = 20;

/// The sizes that a committee may have: odd (招标投标法 art. 37).
pub const SEATS: [i64; 4] = [3, 5, 7, 9];

/// What a buyer gives.
pub struct Given {
    /// The tender's version that was seen.
    pub version: i64,
    /// None where the buyer decides alone.
    pub criteria: Option<Criteria>,
}

impl Parse for Given {
    fn parse(fields: &mut Fields) -> Option<Self> {
        fields.one_of("by", ["committee", "buyer"]);
        let version = fields.version();
        let by = fields.parse("by", |code| match code {
            "buyer" => Ok(false),
            "committee" => Ok(true),
            _ => Err("choice"),
        });
        fields.like("seats", "5").like("price_weight", "40").like("criteria", "技术方案 60");
        let seats = fields.optional("seats", |text| text.parse().ok().filter(|n| SEATS.contains(n)).ok_or("choice"));
        let price = fields.optional("price_weight", |text| weight(text).ok_or("criteria-weight"));
        let criteria = fields.optional("criteria", lines);
        let blind = fields.ticked("blind");
        let (seats, price_weight, criteria) = (seats?, price?, criteria?);
        if !by? {
            return Some(Self { version: version?, criteria: None });
        }
        let seats = seats.or_else(|| fields.wrong("seats", "required"));
        let price_weight = price_weight.or_else(|| fields.wrong("price_weight", "required"));
        let criteria = criteria.or_else(|| fields.wrong("criteria", "required"));
        let given = Criteria { seats: seats?, price_weight: price_weight?, blind, criteria: criteria? };
        if given.price_weight + given.criteria.iter().map(|one| one.weight).sum::<i64>() != POINTS {
            return fields.wrong("criteria", "criteria-sum");
        }
        Some(Self { version: version?, criteria: Some(given) })
    }
}

fn weight(text: &str) -> Option<i64> {
    text.parse().ok().filter(|points| (1..POINTS).contains(points))
}

/// One criterion in each line: its title, a space, its points.
fn lines(text: &str) -> Result<Vec<Criterion>, &'static str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let criteria: Option<Vec<_>> = lines.map(criterion).collect();
    match criteria {
        None => Err("criteria-line"),
        Some(all) if all.is_empty() || all.len() > MOST => Err("criteria-count"),
        Some(all) => Ok(all),
    }
}

fn criterion(line: &str) -> Option<Criterion> {
    let (title, points) = line.rsplit_once(char::is_whitespace)?;
    let title = title.trim();
    let is_plain = (2..=60).contains(&title.chars().count()) && !title.chars().any(char::is_control);
    is_plain.then_some(())?;
    Some(Criterion { title: title.to_owned(), weight: weight(points)? })
}

/// The form as a draft has it.
pub fn filled(version: i64, known: Option<&Criteria>, least: i64) -> Form {
    let form = Form::filled([("version", version.to_string())]);
    let Some(known) = known else {
        return form.with("by", "buyer").with("seats", least.to_string());
    };
    let lines: Vec<_> = known.criteria.iter().map(|one| format!("{} {}", one.title, one.weight)).collect();
    form.with("by", "committee")
        .with("seats", known.seats.to_string())
        .with("price_weight", known.price_weight.to_string())
        .with("criteria", lines.join("\n"))
        .with("blind", if known.blind { "1" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_title_and_its_points() {
        let read = lines("技术方案 40\n\n  项目 团队\t20 ").unwrap();
        let told: Vec<_> = read.iter().map(|one| (one.title.as_str(), one.weight)).collect();
        assert_eq!(told, [("技术方案", 40), ("项目 团队", 20)]);
        for wrong in ["技术方案", "技术方案 0", "技术方案 四十", "案 40", "技术方案 -1", "技术方案 100", "技术方案 1.5"]
        {
            assert_eq!(lines(wrong), Err("criteria-line"), "{wrong}");
        }
        assert_eq!(lines(" \n "), Err("criteria-count"));
        assert_eq!(lines(&"方案 1\n".repeat(21)), Err("criteria-count"));
    }
}
