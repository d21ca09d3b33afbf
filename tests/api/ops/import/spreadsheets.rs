//! Forty spreadsheets as people have them. What a preview says of each is in one snapshot; a change
//! in silence would show there.

use super::{Desk, MERGE, OVERWRITE};
use crate::support::assert_snapshot;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use numberd::domain::import::{Fault, ImportKind, ImportSettings};
use numberd::domain::sheet::Sheet;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

/// A spreadsheet: what is particular of it, what is in it, and its bytes.
type Case = (&'static str, ImportKind, Vec<u8>);

const PLAIN: &str = "number,city,note\r\n02877770001,成都,一号\r\n083xxxx0011,乐山,\r\n";

fn of_text(what: &'static str, text: &str) -> Case {
    (what, ImportKind::Numbers, text.as_bytes().to_vec())
}

fn utf_16(mark: [u8; 2], encode: fn(u16) -> [u8; 2], text: &str) -> Vec<u8> {
    mark.into_iter().chain(text.encode_utf16().flat_map(encode)).collect()
}

fn of_book(
    what: &'static str,
    write: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>,
) -> Case {
    let mut book = Workbook::new();
    write(book.add_worksheet()).unwrap();
    (what, ImportKind::Numbers, book.save_to_buffer().unwrap())
}

/// A row of text cells.
fn row(sheet: &mut Worksheet, at: u32, cells: &[&str]) -> Result<(), XlsxError> {
    for (column, cell) in cells.iter().enumerate() {
        sheet.write(at, column as u16, *cell)?;
    }
    Ok(())
}

fn texts() -> Vec<Case> {
    let marked = format!("\u{feff}{PLAIN}");
    let tabs = PLAIN.replace(',', "\t");
    vec![
        of_text("UTF-8, CR LF", PLAIN),
        of_text("UTF-8 with a byte order mark, as Excel saves it", &marked),
        of_text("LF alone", &PLAIN.replace("\r\n", "\n")),
        of_text("CR alone, as an old Mac saves it", &PLAIN.replace("\r\n", "\r")),
        of_text("semicolons, as a German Excel saves it", &PLAIN.replace(',', ";")),
        of_text("tabs", &tabs),
        of_text("Excel's hint at its delimiter", &format!("sep=;\r\n{}", PLAIN.replace(',', ";"))),
        ("GB18030, as a Chinese Excel saves it", ImportKind::Numbers, GB18030.encode(PLAIN).0.into_owned()),
        (UTF_16LE.name(), ImportKind::Numbers, utf_16([0xff, 0xfe], u16::to_le_bytes, &tabs)),
        (UTF_16BE.name(), ImportKind::Numbers, utf_16([0xfe, 0xff], u16::to_be_bytes, &tabs)),
        ("neither UTF-8 nor GB18030", ImportKind::Numbers, b"number,note\n02877770001,\xff\xff\n".to_vec()),
        of_text("empty", ""),
        of_text("a header alone", "number,city\r\n"),
        of_text("empty rows between and behind", "number,city\r\n\r\n,\r\n02877770001,成都\r\n ,  \r\n,\r\n"),
        of_text("a title above the header", "号码清单 2026,,\r\nnumber,city,note\r\n02877770001,成都,\r\n"),
        of_text("Chinese names of columns", "号码,城市\r\n02877770001,成都\r\n"),
        of_text("a misspelt column", "number,citty\r\n02877770001,成都\r\n"),
        of_text("a column twice, and one without a name", "number,city,,City\r\n02877770001,成都,x,乐山\r\n"),
        of_text("no numbers", "city,note\r\n成都,x\r\n"),
        of_text("names in capitals, with blanks", " Number , CITY\r\n02877770001,成都\r\n"),
        of_text("a number twice, and once more in another spelling", "number,city\r\n02877770001,成都\r\n02877770001,乐山\r\n+862877770001,绵阳\r\n"),
        of_text("scientific notation", "number\r\n4.41E+11\r\n8.33556E+09\r\n"),
        of_text("decimals", "number\r\n2877770001.0\r\n"),
        of_text("lost zeros", "number,note\r\n2877770001,new\r\n8335550001,known\r\n13800010001,a mobile number\r\n4008001234,a service number\r\n"),
        of_text("a lost plus", "number\r\n8613800010001\r\n862877770001\r\n"),
        of_text("fifteen digits and zeros", "number\r\n12345678901234500000\r\n"),
        of_text("blanks and signs in numbers", "number\r\n 02877770001\r\n028 7777 0002\r\n(028)77770003\r\n０２８７７７７０００４\r\n"),
        of_text("apostrophes before numbers", "number,note\r\n'+862877770001,'=1+1\r\n'02877770002,'tis\r\n"),
        of_text("formulas, as text", "number,note\r\n02877770001,=HYPERLINK(\"x\")\r\n"),
        of_text("quotes that are not closed", "number,note\r\n02877770001,\"open\r\n02877770002,x\r\n"),
        of_text("line breaks in cells", "number,note\r\n02877770001,\"two\r\nlines\"\r\nx,\r\n"),
        of_text("more cells than the header", "number,city\r\n02877770001,成都,,lost?\r\n"),
        of_text("words that are not known", "number,usage,active,version\r\n02877770001,both,ja,1.0\r\n"),
        of_text("holders that do not exist", "number,user_ids,skill_group_ids,contact_flow_id\r\n02877770001,nobody,,\r\n02877770002,,nothing,\r\n02877770003,,,none\r\n"),
        of_text("somebody and a group at once", "number,user_ids,skill_group_ids\r\n02877770001,lina,sales\r\n"),
        ("people", ImportKind::Users, "login_name;display_name;role;mobile\r\nsunli;孙丽;Agent;013800010001\r\nli na;李娜;Agent;\r\nlina;;Boss;1.38E+10\r\n".into()),
    ]
}

fn books() -> Vec<Case> {
    vec![
        of_book("XLSX, text", |sheet| {
            row(sheet, 0, &["number", "city", "note"])?;
            row(sheet, 1, &["02877770001", "成都", "一号"])
        }),
        of_book("XLSX, numbers and dates", |sheet| {
            row(sheet, 0, &["number", "note"])?;
            sheet.write(1, 0, 2_877_770_001_u64)?.write(1, 1, 5)?;
            row(sheet, 2, &["02877770002"])?;
            let date = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_with_format(2, 1, 46_000, &date).map(|_| ())
        }),
        of_book("XLSX, formulas and errors", |sheet| {
            row(sheet, 0, &["number", "note"])?;
            sheet.write_formula(
                1,
                0,
                Formula::new("=\"028\"&\"77770001\"").set_result("02877770001"),
            )?;
            row(sheet, 2, &["02877770002"])?;
            sheet.write_formula(2, 1, Formula::new("=1/0").set_result("#DIV/0!")).map(|_| ())
        }),
        of_book("XLSX, merged cells", |sheet| {
            row(sheet, 0, &["number", "city"])?;
            row(sheet, 1, &["02877770001"])?;
            row(sheet, 2, &["02877770002"])?;
            sheet.merge_range(1, 1, 2, 1, "成都", &Format::new()).map(|_| ())
        }),
        of_book("XLSX, a merged title above the header", |sheet| {
            sheet.merge_range(0, 0, 0, 1, "号码清单", &Format::new())?;
            row(sheet, 1, &["number", "city"])?;
            row(sheet, 2, &["02877770001", "成都"])
        }),
    ]
}

/// What a preview says, for people.
fn said(desk: &Desk, kind: ImportKind, settings: ImportSettings, bytes: &[u8]) -> String {
    let sheet = match Sheet::read(bytes) {
        Ok(sheet) => sheet,
        Err(unreadable) => return format!("{unreadable}\n"),
    };
    let shown = |Fault { line, column, value, reason, .. }: &Fault| {
        format!("  {line} {column} {value:?}: {reason}\n")
    };
    let format = sheet.format;
    match desk.plan(kind, settings, bytes).1 {
        Err(faults) => format!("{format}\n{}", faults.iter().map(shown).collect::<String>()),
        Ok(plan) => {
            let lines = plan.lines.iter().map(|line| {
                let changes = line.changes.iter().map(|change| {
                    format!(" {} {:?} → {:?}", change.column, change.from, change.to)
                });
                let changes: String = changes.collect();
                format!("  {} {} {}{changes}\n", line.line, line.outcome, line.key)
            });
            let lines: String = lines.collect();
            format!("{format}\n{lines}{}", plan.faults.iter().map(shown).collect::<String>())
        }
    }
}

#[test]
fn of_forty_spreadsheets_none_is_changed_in_silence() {
    let desk = Desk::new();
    let cases: Vec<Case> = texts().into_iter().chain(books()).collect();
    assert!(cases.len() >= 40, "{}", cases.len());
    let told = cases.iter().map(|(what, kind, bytes)| {
        let merge = said(&desk, *kind, MERGE, bytes);
        let overwrite = said(&desk, *kind, OVERWRITE, bytes);
        let differs =
            if merge == overwrite { String::new() } else { format!("overwriting: {overwrite}") };
        format!("# {what}\n{merge}{differs}\n")
    });
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"since \d{4}-\S+Z", "since [time]");
    settings.bind(|| assert_snapshot("ops/spreadsheets", &told.collect::<String>()));
}
