//! What is read of files that programs wrote, and of those that somebody made to do harm.

use super::*;
use crate::sheet::{Cell, Column, Sheet, write};
use std::io::{Cursor, Seek, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const BOUNDS: Bounds = Bounds { bytes: 1 << 20, unpacked: 8 << 20, rows: 100, columns: 8, cell: 40 };

const HEAD: [&str; 2] = ["邮箱", "职责"];

fn book(rows: Vec<Vec<Cell<'static>>>) -> Vec<u8> {
    let columns = HEAD.map(|title| Column { title: title.into(), width: 20, ..Column::default() }).to_vec();
    let mut to = Cursor::new(Vec::new());
    write(Sheet { name: "成员".into(), columns, rows }, &mut to).unwrap();
    to.into_inner()
}

/// A workbook with this XML in its first sheet, and these parts beside it.
fn raw(sheet: &str, beside: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = book(vec![]);
    let mut original = zip::ZipArchive::new(Cursor::new(plain.as_slice())).unwrap();
    for at in 0..original.len() {
        let mut part = original.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        if name == "xl/worksheets/sheet1.xml" {
            put(&mut archive, &name, sheet.as_bytes());
        } else {
            let mut content = Vec::new();
            std::io::copy(&mut part, &mut content).unwrap();
            put(&mut archive, &name, &content);
        }
    }
    beside.iter().for_each(|(name, content)| put(&mut archive, name, content));
    archive.finish().unwrap().into_inner()
}

fn put<W: Write + Seek>(archive: &mut ZipWriter<W>, name: &str, content: &[u8]) {
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    archive.write_all(content).unwrap();
}

fn sheet(rows: &str) -> String {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    format!("<?xml version=\"1.0\"?><worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")
}

fn cells(table: &Table) -> Vec<(u32, Vec<&str>)> {
    table.lines.iter().map(|line| (line.number, line.cells.iter().map(String::as_str).collect())).collect()
}

#[test]
fn what_was_written_is_read_again_as_text() {
    let rows = vec![
        vec!["qian@example.cn".into(), "=cmd|' /C calc'!A0".into()],
        vec![Cell::Empty, Cell::Empty],
        vec!["007".into(), Cell::Number(13_800_138_000)],
    ];
    let table = read(&book(rows), &BOUNDS).unwrap();
    let head = (1, HEAD.to_vec());
    let rows = [(2, vec!["qian@example.cn", "=cmd|' /C calc'!A0"]), (4, vec!["007", "13800138000"])];
    assert_eq!(cells(&table), [head, rows[0].clone(), rows[1].clone()], "formulas are text, zeros stay, no exponent");
}

#[test]
fn text_is_read_in_every_encoding_that_spreadsheets_write() {
    let text = "邮箱,职责\r\n\"qian@example.cn\",采购经办\r\n\r\n,\r\n'=1,x\r\n";
    let (gb, ..) = encoding_rs::GB18030.encode(text);
    let utf16: Vec<u8> = "\u{feff}邮箱\t职责\r\nqian@example.cn\t采购经办\r\n\t\r\n'=1\tx"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let semicolons = text.replace(',', ";");
    let marked = format!("\u{feff}{text}");
    for content in [text.as_bytes(), marked.as_bytes(), &gb, &utf16, semicolons.as_bytes()] {
        let table = read(content, &BOUNDS).unwrap();
        let rows: Vec<_> = cells(&table).into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(rows, [HEAD.to_vec(), vec!["qian@example.cn", "采购经办"], vec!["=1", "x"]], "empty rows are none");
    }
    assert_eq!(cells(&read(text.as_bytes(), &BOUNDS).unwrap())[1].0, 2, "rows are numbered as the program does");
}

#[test]
fn what_was_meant_is_read() {
    assert_eq!(plain(" Ｑｉａｎ＠example．cn\u{3000}\u{200b}"), "Qian@example.cn");
    assert_eq!(plain("\u{a0}a\u{202e}b\n c"), "ab  c");
    assert_eq!((plain("'+86"), plain("'quoted'")), ("+86".into(), "'quoted'".into()));
}

#[test]
fn what_is_no_table_is_told_apart() {
    let mut old = COMPOUND.to_vec();
    old.resize(4096, 0);
    let encrypted = [&old[..], ENCRYPTED].concat();
    let mut document = ZipWriter::new(Cursor::new(Vec::new()));
    put(&mut document, "word/document.xml", b"<w/>");
    let document = document.finish().unwrap().into_inner();
    let cut = book(vec![]);
    let cases: [(&[u8], Flaw); 9] = [
        (b"", Flaw::Empty),
        (b" , \r\n,,\r\n", Flaw::Empty),
        (&old, Flaw::Old),
        (&encrypted, Flaw::Encrypted),
        (&document, Flaw::Kind),
        (&cut[..cut.len() / 2], Flaw::Broken),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Flaw::Kind),
        (b"a,b\r\n\xff\xff\xff,\x80", Flaw::Encoding),
        (&vec![b'a'; BOUNDS.bytes + 1], Flaw::TooLarge),
    ];
    for (content, flaw) in cases {
        assert_eq!(read(content, &BOUNDS).unwrap_err(), flaw, "{}", flaw.code());
    }
}

#[test]
fn a_file_that_fills_the_memory_is_refused_before_it_does() {
    // What unpacks to more than may be held, in a part that nobody asks for.
    let bomb = raw(&sheet(""), &[("xl/media/image1.png", &vec![0; 9 << 20])]);
    assert!(bomb.len() < 64 << 10, "{}", bomb.len());
    assert_eq!(read(&bomb, &BOUNDS).unwrap_err(), Flaw::Packed);
    // Two cells, at the two ends of the largest sheet that there can be.
    let ends = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row>";
    assert_eq!(read(&raw(&sheet(ends), &[]), &BOUNDS).unwrap_err(), Flaw::TooManyColumns);
    let last = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"A1048576\"><v>2</v></c></row>";
    assert_eq!(cells(&read(&raw(&sheet(last), &[]), &BOUNDS).unwrap()), [(1, vec!["1"]), (1_048_576, vec!["2"])]);
    let rows: String = (1..=101).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>1</v></c></row>")).collect();
    assert_eq!(read(&raw(&sheet(&rows), &[]), &BOUNDS).unwrap_err(), Flaw::TooManyRows);
    assert_eq!(read("a\n".repeat(101).as_bytes(), &BOUNDS).unwrap_err(), Flaw::TooManyRows);
    assert_eq!(read("a".repeat(41).as_bytes(), &BOUNDS).unwrap_err(), Flaw::LongCell);
    assert_eq!(read("a,".repeat(9).replace(",a", ",,a").as_bytes(), &BOUNDS).unwrap_err(), Flaw::TooManyColumns);
}

#[test]
fn nothing_is_computed_followed_or_found_elsewhere() {
    let rows = "<row r=\"1\"><c r=\"A1\" t=\"str\"><f>HYPERLINK(\"http://evil.example\")</f><v>shown</v></c>\
                <c r=\"B1\"><f>[1]Sheet1!A1</f><v>7</v></c></row>\
                <row r=\"2\"><c r=\"A2\"><f>WEBSERVICE(\"http://evil.example\")</f></c></row>";
    let link = ("xl/externalLinks/externalLink1.xml", b"<externalLink/>".as_slice());
    assert_eq!(cells(&read(&raw(&sheet(rows), &[link]), &BOUNDS).unwrap()), [(1, vec!["shown", "7"])]);
    // An entity that stands for a file, and one for many of another.
    for entity in ["<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>", "<!DOCTYPE x [<!ENTITY e \"eeee\">]>"] {
        let xml =
            sheet("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>&e;</v></c></row>").replace("?>", &format!("?>{entity}"));
        match read(&raw(&xml, &[]), &BOUNDS) {
            Ok(table) => assert!(!format!("{table:?}").contains("eeee") && !format!("{table:?}").contains("root:")),
            Err(flaw) => assert!(matches!(flaw, Flaw::Broken | Flaw::Empty), "{flaw:?}"),
        }
    }
    // Of cells that are merged the first has the value.
    let merged = "<row r=\"1\"><c r=\"A1\"><v>1</v></c><c r=\"B1\"><v>2</v></c></row><row r=\"2\"><c r=\"A2\"><v>3</v></c><c r=\"B2\"/></row>";
    assert_eq!(cells(&read(&raw(&sheet(merged), &[]), &BOUNDS).unwrap())[1], (2, vec!["3"]));
}

#[test]
fn a_long_table_is_written_in_little_memory() {
    let held = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    let columns = HEAD.map(|title| Column { title: title.into(), width: 20, ..Column::default() }).to_vec();
    let rows = (0..100_000).map(|n| [Cell::from(format!("一家公司的很长的名称，第 {n} 家")), Cell::Number(n)]);
    let file = tempfile::tempfile().unwrap();
    let before = held();
    write(Sheet { name: "公司".into(), columns, rows }, &file).unwrap();
    let grown = held() - before;
    assert!(file.metadata().unwrap().len() > 500_000);
    assert!(grown < 48 << 10, "100,000 rows took {grown} KB");
}
