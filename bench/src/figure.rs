//! Figures: what was measured, against which floor, as rows of a file and of a table.

use crate::load::Sample;
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};

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

/// What a run has measured so far: each line is printed and the file written as soon as there is something new.
pub struct Report {
    folder: PathBuf,
    figures: Vec<Figure>,
}

impl Report {
    /// Nothing yet; `latest.json` goes into this folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), figures: Vec::new() }
    }

    /// Compares each figure that names a floor with it, prints them, and writes the file.
    ///
    /// # Errors
    /// Of the terminal or the folder.
    pub fn add(&mut self, out: &mut impl Write, mut figures: Vec<Figure>) -> std::io::Result<()> {
        for figure in &mut figures {
            figure.value = rounded(figure.value);
        }
        let before = self.figures.len();
        self.figures.append(&mut figures);
        compare(&mut self.figures);
        for figure in &self.figures[before..] {
            writeln!(out, "{}", line(figure))?;
        }
        out.flush()?;
        let text = serde_json::to_string_pretty(&self.figures).map_err(std::io::Error::other)?;
        std::fs::write(self.folder.join("latest.json"), text + "\n")
    }
}

/// The ratio of each figure to its floor, where that was measured too; what was compared round by round stays.
fn compare(figures: &mut [Figure]) {
    let all = figures.to_vec();
    for figure in figures {
        let floor = |other: &&Figure| Some(other.name) == figure.floor && other.database == figure.database;
        let floor = all.iter().find(floor);
        let whole = || floor.map(|floor| (figure.value / floor.value * 1000.0).round() / 1000.0);
        figure.ratio = figure.ratio.or_else(whole);
    }
}

/// How wide the columns are; the last one needs no width.
const WIDTHS: [usize; 9] = [10, 22, 11, 5, 18, 6, 10, 10, 0];

/// The head of the table.
pub fn head() -> String {
    columns(&["", "", "", "", "against", "ratio", "p50 µs", "p99 µs", "n"].map(str::to_owned))
}

fn line(figure: &Figure) -> String {
    columns(&cells(figure))
}

fn columns(cells: &[String; 9]) -> String {
    let mut line = String::new();
    for (column, cell) in cells.iter().enumerate() {
        let pad = " ".repeat(WIDTHS[column].saturating_sub(cell.chars().count()));
        let left = matches!(column, 0 | 1 | 3 | 4);
        line += &if left { format!("{cell}{pad}  ") } else { format!("{pad}{cell}  ") };
    }
    line.trim_end().to_owned()
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
    fn the_table_stands_in_columns_and_the_file_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let (mut out, mut report) = (Vec::new(), Report::new(folder.path()));
        report.add(&mut out, figures()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let columns: Vec<_> = text.lines().map(|line| line.find("1/s")).collect();
        assert_eq!(text.lines().count(), 3);
        assert!(columns[1].is_some() && columns[1] == columns[2], "{text}");
        assert!(text.contains("12,000") && text.contains("0.25"), "{text}");
        let file = std::fs::read_to_string(folder.path().join("latest.json")).unwrap();
        assert_eq!(file.matches("\"ratio\": 0.25").count(), 1, "{file}");
    }
}
