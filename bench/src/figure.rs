//! Figures: what was measured, against which floor, as rows of a file and of a table.

use crate::load::Sample;
use serde::Serialize;
use std::io::Write;
use std::path::Path;

/// One figure. The names stay the same over time.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// `sqlite`, `postgresql`, or nothing for the machine's own figures.
    pub database: Option<&'static str>,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The name of the figure that this one is compared with, of the same database.
    pub floor: Option<&'static str>,
    /// This value by the floor's.
    pub ratio: Option<f64>,
    /// The median time of one, in µs.
    pub p50_us: Option<f64>,
    /// What 99 of 100 took at most, in µs.
    pub p99_us: Option<f64>,
    /// How many were measured.
    pub n: usize,
}

impl Figure {
    /// A rate, without a floor yet.
    pub fn rate(name: &'static str, database: Option<&'static str>, sample: &Sample) -> Self {
        let (p50_us, p99_us) = (Some(rounded(sample.p50_us)), Some(rounded(sample.p99_us)));
        Self { p50_us, p99_us, ..Self::of(name, database, sample.per_second, "1/s", sample.n) }
    }

    /// A value that is no rate.
    pub fn of(name: &'static str, database: Option<&'static str>, value: f64, unit: &'static str, n: usize) -> Self {
        let value = rounded(value);
        Self { name, database, value, unit, floor: None, ratio: None, p50_us: None, p99_us: None, n }
    }
}

/// Compares each figure that names a floor with it.
///
/// # Panics
/// When a floor was not measured: a fault of the list.
pub fn compare(figures: &mut [Figure]) {
    let all = figures.to_vec();
    for figure in figures {
        let Some(name) = figure.floor else { continue };
        let floor = all.iter().find(|other| other.name == name && other.database == figure.database);
        let floor = floor.unwrap_or_else(|| panic!("{} is compared with {name}, which was not measured", figure.name));
        figure.ratio = Some((figure.value / floor.value * 1000.0).round() / 1000.0);
    }
}

/// Writes `latest.json` into this folder.
///
/// # Errors
/// Of the folder.
pub fn write(folder: &Path, figures: &[Figure]) -> std::io::Result<()> {
    let text = serde_json::to_string_pretty(figures).map_err(std::io::Error::other)?;
    std::fs::write(folder.join("latest.json"), text + "\n")
}

/// Prints a table.
///
/// # Errors
/// Of the terminal.
pub fn print(out: &mut impl Write, figures: &[Figure]) -> std::io::Result<()> {
    let head = ["", "", "", "", "against", "ratio", "p50 µs", "p99 µs", "n"].map(str::to_owned);
    let rows: Vec<[String; 9]> = std::iter::once(head).chain(figures.iter().map(cells)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..9).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[column] - cell.chars().count());
            let left = matches!(column, 0 | 1 | 3 | 4);
            line += &if left { format!("{cell}{pad}  ") } else { format!("{pad}{cell}  ") };
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn cells(figure: &Figure) -> [String; 9] {
    let number = |value: Option<f64>| value.map(grouped).unwrap_or_default();
    [
        figure.database.unwrap_or("machine").to_owned(),
        figure.name.to_owned(),
        grouped(figure.value),
        figure.unit.to_owned(),
        figure.floor.unwrap_or_default().to_owned(),
        figure.ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default(),
        number(figure.p50_us),
        number(figure.p99_us),
        grouped(figure.n as f64),
    ]
}

/// Three digits that matter, or all before the point.
fn rounded(value: f64) -> f64 {
    if value >= 100.0 { value.round() } else { (value * 100.0).round() / 100.0 }
}

/// `12,345` or `1.25`.
fn grouped(value: f64) -> String {
    if value < 100.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Vec<Figure> {
        let sqlite = Some("sqlite");
        vec![
            Figure::of("cores", None, 2.0, "cores", 1),
            Figure::of("list", sqlite, 12_000.4, "1/s", 9),
            Figure { floor: Some("list"), ..Figure::of("public-list", sqlite, 3_000.0, "1/s", 9) },
        ]
    }

    #[test]
    fn a_figure_is_compared_with_its_floor() {
        let mut figures = figures();
        compare(&mut figures);
        assert_eq!(figures.iter().map(|figure| figure.ratio).collect::<Vec<_>>(), [None, None, Some(0.25)]);
    }

    #[test]
    fn rows_of_the_file_have_all_fields_in_their_order() {
        let mut figures = figures();
        compare(&mut figures);
        let text = serde_json::to_string(&figures[2]).unwrap();
        let expected = r#"{"name":"public-list","database":"sqlite","value":3000.0,"unit":"1/s","floor":"list","ratio":0.25,"p50_us":null,"p99_us":null,"n":9}"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn the_table_stands_in_columns() {
        let mut out = Vec::new();
        print(&mut out, &figures()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let columns: Vec<_> = text.lines().map(|line| line.find("1/s")).collect();
        assert_eq!(text.lines().count(), 4);
        assert!(columns[2].is_some() && columns[2] == columns[3], "{text}");
        assert!(text.contains("12,000"), "{text}");
    }
}
