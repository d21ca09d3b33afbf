use super::{Odd, Sheet};
use encoding_rs::GB18030;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

fn lines(sheet: &Sheet) -> Vec<(u64, Vec<&str>)> {
    sheet.lines.iter().map(|line| (line.line, line.cells.iter().collect())).collect()
}

fn refused(bytes: &[u8]) -> String {
    Sheet::read(bytes).unwrap_err().to_string()
}

#[test]
fn lines_are_those_of_the_file_whatever_ends_them() {
    let text = "number,note\n\n0833,\"two\nlines\"\n,\n0834,b\n";
    for end in ["\n", "\r\n", "\r"] {
        let sheet = Sheet::read(text.replace('\n', end).as_bytes()).unwrap();
        let two_lines = format!("two{end}lines");
        assert_eq!(
            lines(&sheet),
            [(3, vec!["0833", two_lines.as_str()]), (6, vec!["0834", "b"])],
            "{end:?}"
        );
        assert_eq!((sheet.header_line, sheet.header), (1, vec!["number".into(), "note".into()]));
    }
}

#[test]
fn the_encoding_and_the_delimiter_are_found_and_said() {
    let text = "number;city\r\n0833;乐山\r\n";
    let (gb, utf16) = (GB18030.encode(text).0, text.replace(';', "\t"));
    let mut wide = vec![0xff, 0xfe];
    wide.extend(utf16.encode_utf16().flat_map(u16::to_le_bytes));
    let cases = [
        (text.as_bytes().to_vec(), "CSV, UTF-8, semicolons"),
        (format!("\u{feff}{text}").into_bytes(), "CSV, UTF-8, semicolons"),
        (gb.into_owned(), "CSV, GB18030, semicolons"),
        (wide, "CSV, UTF-16, tabs"),
        (text.replace(';', ",").into_bytes(), "CSV, UTF-8, commas"),
    ];
    for (bytes, said) in cases {
        let sheet = Sheet::read(&bytes).unwrap();
        assert_eq!(sheet.format.to_string(), said);
        assert_eq!(lines(&sheet), [(2, vec!["0833", "乐山"])]);
    }
    let hinted = Sheet::read("sep=;\nnumber;a,b,c\n0833;x\n".as_bytes()).unwrap();
    assert_eq!((hinted.header_line, lines(&hinted)), (2, vec![(3, vec!["0833", "x"])]));
    assert!(refused(b"\xef\xbb\xbfnumber\n\xff\xff").contains("line 2"));
    assert!(refused(b"number\n0833\xff\xff\xff").contains("GB18030"));
    assert!(refused(b"n\0u\0").contains("zero bytes"));
}

#[test]
fn what_only_could_be_gb18030_is_not_taken_for_it() {
    let western = ["number;note\n1;Müller\n", "number,note\n1,Größe\n2,Österreich\n3,São Paulo\n"];
    for text in western {
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert!(refused(&latin).contains("UTF-16 or GB18030; save it"), "{text}");
    }
    // A name is cut off after the first byte of its last character.
    let mut cut = "number,note\n1,李雷\n2,欧阳".as_bytes().to_vec();
    cut.extend(b"\xe5\n3,\xe9\x9f\xa9\n");
    assert!(refused(&cut).contains("not in line 3"));
    let chinese =
        ["number,note\n1,张玥\n", "number,note\n1,A座\n2,联通\n3,VIP客户甲\n", "a\n𠀀㐀\n"];
    for text in chinese {
        let sheet = Sheet::read(&GB18030.encode(text).0).unwrap().format.to_string();
        assert_eq!(sheet, "CSV, GB18030, commas", "{text}");
    }
}

#[test]
fn quotes_that_do_not_fit_are_refused_by_line() {
    for text in ["number,note\n1,\"open\n2,b\n", "number,note\n\n1,\"a\"b\n"] {
        assert!(refused(text.as_bytes()).contains("the quotes don't fit"), "{text}");
    }
    assert!(refused(b"number,note\n\n1,\"a\"b\n").starts_with("Line 3"));
    let kept = Sheet::read(b"number,note\n1,5\" cable\n2,\"say \"\"hi\"\"\"\n").unwrap();
    assert_eq!(lines(&kept), [(2, vec!["1", "5\" cable"]), (3, vec!["2", "say \"hi\""])]);
}

#[test]
fn a_file_without_bounds_is_refused() {
    assert!(refused(&vec![b','; 1_000_000]).contains("more than 100 columns"));
    assert!(refused("a\n".repeat(50_002).as_bytes()).contains("more than 50000 lines"));
    assert!(refused(&vec![b'a'; 11 << 20]).contains("larger than"));
    assert!(refused(b"\n\r\n").contains("no line"));
    assert!(refused(b"\xd0\xcf\x11\xe0\xa1\xb1").contains(".xls"));
    assert!(refused(b"PK\x03\x04 and no more").contains("damaged or was cut short"));
}

fn workbook(
    write: impl FnOnce(&mut Worksheet) -> Result<(), XlsxError>,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    write(book.add_worksheet())?;
    book.save_to_buffer()
}

#[test]
fn the_cells_of_a_workbook_are_text_or_marked() {
    let bytes = workbook(|sheet| {
        for (at, name) in ["number", "version", "note"].iter().enumerate() {
            sheet.write(0, at as u16, *name)?;
        }
        sheet.write(2, 0, "08335550001")?.write(2, 1, 3)?.write(2, 2, "'+ x")?;
        sheet.write(3, 0, 8_335_550_001_u64)?;
        sheet.write_formula(4, 0, Formula::new("=A3").set_result("08335550001"))?;
        sheet.write(5, 0, true)?;
        sheet.merge_range(6, 0, 7, 0, "08335550002", &Format::new())?;
        Ok(())
    });
    let sheet = Sheet::read(&bytes.unwrap()).unwrap();
    assert_eq!(sheet.format.to_string(), "XLSX");
    assert_eq!(lines(&sheet)[0], (3, vec!["08335550001", "3", "+ x"]));
    let odd: Vec<_> = [3, 4, 5, 6, 7, 8].iter().map(|line| sheet.odd(*line, 0)).collect();
    let expected = [
        None,
        Some(Odd::Number),
        Some(Odd::Formula),
        Some(Odd::Truth),
        Some(Odd::Merged),
        Some(Odd::Merged),
    ];
    assert_eq!(odd, expected);
}

#[test]
fn a_workbook_has_one_sheet_and_unpacks_to_little() {
    let mut book = Workbook::new();
    for name in ["一月", "二月"] {
        book.add_worksheet().set_name(name).unwrap().write(0, 0, "number").unwrap();
    }
    assert!(refused(&book.save_to_buffer().unwrap()).contains("一月, 二月"));

    let wide = workbook(|sheet| sheet.write(0, 16_000, "x").map(|_| ())).unwrap();
    assert!(refused(&wide).contains("more than 100 columns"));

    use std::io::Write;
    let mut bomb = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let packed = zip::write::SimpleFileOptions::default();
    bomb.start_file("xl/worksheets/sheet1.xml", packed).unwrap();
    for _ in 0..120 {
        bomb.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap().into_inner();
    assert!(bomb.len() < 1 << 20);
    assert!(refused(&bomb).contains("unpacks to more than"));
}

#[test]
fn merged_cells_are_counted_before_they_are_marked() {
    let merged = |areas: u32| {
        workbook(|sheet| {
            sheet.write(0, 0, "number")?;
            for at in 0..areas {
                let first = at * 500;
                sheet.merge_range(first, 1, first + 499, 100, "", &Format::new())?;
            }
            Ok(())
        })
        .unwrap()
    };
    assert!(Sheet::read(&merged(2)).is_ok());
    assert!(refused(&merged(3)).contains("more than 100000 merged cells"));
}

/// A workbook of one part that its sheets share, as no spreadsheet program writes it.
fn crafted(sheets: usize, part: &str) -> Vec<u8> {
    use std::io::Write;
    let (main, office) = (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    );
    let names: String =
        (0..sheets).map(|at| format!("<sheet name=\"s{at}\" sheetId=\"1\" r:id=\"r\"/>")).collect();
    let relationships = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"{office}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let mut book = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        ("_rels/.rels", relationships("officeDocument", "xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", relationships("worksheet", "worksheets/sheet1.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{names}</sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{main}\">{part}</worksheet>")),
    ] {
        book.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        book.write_all(text.as_bytes()).unwrap();
    }
    book.finish().unwrap().into_inner()
}

#[test]
fn a_crafted_workbook_is_refused_in_time_and_ends_nothing() {
    let cell = |place: &str| {
        format!(
            "<sheetData><row r=\"1\"><c r=\"{place}\" t=\"inlineStr\"><is><t>number</t></is></c></row></sheetData>"
        )
    };
    assert_eq!(Sheet::read(&crafted(1, &cell("A1"))).unwrap().header, ["number"]);
    for part in [
        cell("ZZZZZZZZZZZZZ1"),
        cell("A99999999999999999999"),
        format!("<dimension ref=\"A1:ZZZZZZZZ9\"/>{}", cell("A1")),
        format!("{}<mergeCells><mergeCell ref=\"Z9:A1\"/></mergeCells>", cell("A1")),
    ] {
        assert!(refused(&crafted(1, &part)).contains("cells can't be placed"), "{part}");
    }
    for part in ["<!DOCTYPE l [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>", ""] {
        let of_entity = cell("A1").replace("number", "&x;");
        assert!(
            refused(&crafted(1, &format!("{part}{of_entity}"))).contains("not as XLSX has it"),
            "{part}"
        );
    }
    let empty = format!("<sheetData>{}</sheetData>", "<row/>".repeat(1_000_000));
    assert!(
        refused(&crafted(500, &empty)).contains("has 500 sheets, which are too large together")
    );
}
