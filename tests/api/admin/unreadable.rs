//! Files that are no spreadsheets, and cells that are not text.

use super::imports::{CSV, FORM, XLSX, form};
use super::{Caller, problem};
use crate::support::App;
use serde_json::json;
use std::io::{Cursor, Write};

/// A workbook of one part, which unpacks to 200 MiB.
fn bomb() -> Vec<u8> {
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    book.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    let part = vec![b' '; 1024 * 1024];
    (0..200).for_each(|_| book.write_all(&part).unwrap());
    book.finish().unwrap().into_inner()
}

#[test]
fn what_is_not_a_spreadsheet_is_refused_by_name_and_nothing_is_kept() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let csv = "number\n083xxxx0011\n";
    let wide = "a,".repeat(1_000_000);
    let many = format!("number\n{}", "1\n".repeat(60_000));
    let large = vec![b'a'; 10 * 1024 * 1024 + 1];
    let two = form(&[("file", Some("a.csv"), csv), ("other", Some("b.csv"), csv)]);
    let beside = form(&[("file", Some("a.csv"), csv), ("what", None, "users")]);
    let without = form(&[("what", None, "users")]);
    let cut = &form(&[("file", Some("a.csv"), csv)])[..100];
    let long = form(&[("file", Some("a.csv"), csv), ("what", None, &"x".repeat(5000))]);
    let unnamed = "--cut\r\nContent-Type: text/csv\r\n\r\nnumber\r\n--cut--\r\n";
    let refused: &[(&str, &str, &[u8], u16, &str)] = &[
        ("", CSV, b"", 422, "has no lines"),
        ("", CSV, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 422, "The file is not text"),
        ("", CSV, b"colour\nred\n", 422, "no such column"),
        ("", CSV, wide.as_bytes(), 422, "more than 100 columns"),
        ("", CSV, many.as_bytes(), 422, "more than 50000 lines"),
        ("", XLSX, &bomb(), 422, "unpacks to more than"),
        ("", XLSX, b"PK\x03\x04 and no more", 422, "damaged or was cut short"),
        ("", XLSX, b"\xd0\xcf\x11\xe0", 422, "an old Excel file"),
        ("", CSV, b"\x1f\x8bnumber", 415, "compressed"),
        ("", CSV, &large, 413, "larger than 10485760 bytes"),
        ("", "application/json", b"{}", 415, "The Content-Type is application/json"),
        ("", "application/x-www-form-urlencoded", b"number", 415, "multipart/form-data"),
        ("", "", b"number", 415, "There is no Content-Type"),
        ("", "multipart/form-data", cut.as_bytes(), 400, "boundary is not found"),
        ("", FORM, cut.as_bytes(), 400, "incomplete"),
        ("", FORM, two.as_bytes(), 400, "more than one file"),
        ("", FORM, beside.as_bytes(), 400, "they belong in the query"),
        ("", FORM, without.as_bytes(), 400, "has no file"),
        ("", FORM, long.as_bytes(), 400, "is too long"),
        ("", FORM, unnamed.as_bytes(), 400, "Content-Disposition"),
        ("?what=cars", CSV, csv.as_bytes(), 400, "what must be one of numbers, users, groups"),
        ("?best_effort=true", CSV, csv.as_bytes(), 400, "best_effort"),
    ];
    for (query, label, body, status, said) in refused {
        let reply = root.upload(query, label, body);
        assert_eq!(reply.status, *status, "{label}, {said}: {}", reply.body);
        assert!(reply.body.contains(said), "{label}: {}", reply.body);
        problem(&reply);
    }
    assert_eq!(app.database.query("SELECT count(*) FROM import"), "0");
}

#[test]
fn a_formula_and_a_number_of_a_workbook_are_faults_of_their_cells() {
    let app = App::spawn();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "number").unwrap();
    sheet.write_string(0, 1, "note").unwrap();
    sheet.write_number(1, 0, 2_855_500_007.0).unwrap();
    sheet.write_string(2, 0, "02855500007").unwrap();
    sheet.write_formula(2, 1, "=1+1").unwrap();
    let reply = Caller::root(&app).upload("", XLSX, &book.save_to_buffer().unwrap());
    assert_eq!((reply.status, &reply.json()["refused"]), (201, &json!(2)), "{}", reply.body);
    for (at, column, why) in [(0, "number", "is a number"), (1, "note", "is a formula")] {
        let fault = &reply.json()["faults"][at];
        assert_eq!((&fault["line"], &fault["column"]), (&json!(at + 2), &json!(column)));
        assert!(fault["reason"].as_str().unwrap().contains(why), "{fault}");
    }
}
