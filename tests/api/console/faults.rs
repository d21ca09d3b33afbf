//! What is wrong with a spreadsheet, as somebody reads it who reads Chinese: no English sentence,
//! whatever the file, its header or its lines have.

use super::imports::{previewed, send};
use super::untranslated::{texts, untranslated};
use super::{Visitor, app, hidden};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// That a page says this, and nothing in English.
fn check(said: &str, what: &str, page: &str) {
    assert!(page.contains(said), "{what}: {said} is not in {page}");
    let found = untranslated(&texts(page));
    assert!(found.is_none(), "{what}: {}", found.unwrap_or_default());
}

/// A workbook with this sheet.
fn workbook(rows: &str) -> Vec<u8> {
    sheets(&[rows])
}

/// A workbook with these sheets.
fn sheets(sheets: &[&str]) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const TYPES: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: String| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(format!("{HEAD}{text}").as_bytes()).unwrap();
    };
    let (mut names, mut relations) = (String::new(), String::new());
    for (at, rows) in sheets.iter().enumerate() {
        part(
            &format!("xl/worksheets/sheet{at}.xml"),
            format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"),
        );
        names += &format!("<sheet name=\"表{at}\" sheetId=\"{}\" r:id=\"r{at}\"/>", at + 1);
        relations += &format!(
            "<Relationship Id=\"r{at}\" Type=\"{TYPES}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>"
        );
    }
    part(
        "xl/workbook.xml",
        format!(
            "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{TYPES}\"><sheets>{names}</sheets></workbook>"
        ),
    );
    part(
        "xl/_rels/workbook.xml.rels",
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relations}</Relationships>"
        ),
    );
    part(
        "_rels/.rels",
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"r\" Type=\"{TYPES}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
        ),
    );
    zip.finish().unwrap().into_inner()
}

/// A cell of text.
fn text(at: &str, text: &str) -> String {
    format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

#[test]
fn a_file_that_cant_be_read_says_why_in_chinese() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let columns = "a,".repeat(101);
    let lines = format!("number\n{}", "1\n".repeat(50_001));
    let one = format!("<row r=\"1\">{}</row>", text("A1", "number"));
    let unordered = format!(
        "<row r=\"2\">{}</row><row r=\"1\">{}</row>",
        text("A2", "number"),
        text("A1", "number")
    );
    let mut damaged = workbook(&one);
    damaged.truncate(damaged.len() - 30);
    let merged = |cells: &str| {
        let sheet = format!("{one}</sheetData><mergeCells>{cells}</mergeCells><sheetData>");
        workbook(&sheet)
    };
    let many = "<mergeCell ref=\"A2:CV50000\"/>".to_owned();
    for (what, file, said) in [
        ("empty", b"".to_vec(), "文件中没有内容"),
        ("zeros", b"number\n\0\n".to_vec(), "文件不是文本"),
        ("no encoding", b"number\n\xff\xff\xff\n".to_vec(), "GB18030"),
        ("UTF-8", b"\xef\xbb\xbfnumber\n\xff\n".to_vec(), "第 2 行不是"),
        ("UTF-16", b"\xff\xfen\0u\0\0\xd8".to_vec(), "UTF-16"),
        ("quotes", b"number,note\n1,\"a\"b\n".to_vec(), "第 2 行的引号"),
        ("columns", columns.into_bytes(), "超过 100 列"),
        ("lines", lines.into_bytes(), "超过 50000 行"),
        ("old Excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "旧版 Excel"),
        ("damaged", damaged, "不是 XLSX 工作簿，或已损坏"),
        ("several", sheets(&[&one, &one]), "表0、表1"),
        ("unordered", workbook(&unordered), "没有按顺序"),
        ("merged", merged(&many), "合并的单元格太多"),
        ("large", vec![b'a'; 10 * 1024 * 1024 + 1], "超过 10 MiB"),
    ] {
        let reply = send(&visitor, &[("what", "numbers")], &file);
        assert!(matches!(reply.status, 400 | 422), "{what}: {} {}", reply.status, reply.body);
        check(said, what, &reply.body);
    }
}

#[test]
fn a_header_that_is_none_says_why_in_chinese() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    for (header, said) in [
        ("colour,number", "colour：此类列表没有这一列"),
        ("login_name,role", "这些是“人员”列表的列，不是“号码”的"),
        ("number,number", "number：该列出现了不止一次"),
        ("number,,city", "第 2 列没有名称"),
        ("city;note", "number：缺少这一列"),
        ("colour\tcity", "制表符分隔"),
    ] {
        let reply = send(&visitor, &[("what", "numbers")], format!("{header}\nx\n").as_bytes());
        assert_eq!(reply.status, 422, "{header}: {}", reply.body);
        check(said, header, &reply.body);
    }
}

/// What is in a file, how it is imported, and what is said of it.
type Case = (&'static [(&'static str, &'static str)], String, &'static [&'static str]);

#[test]
fn a_line_that_cant_be_imported_says_why_in_chinese_on_the_page_and_in_the_file_of_bad_lines() {
    let app = app();
    app.database.query("UPDATE user SET locked = 1 WHERE user_id = 'zhaolei@ccc-test'");
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let long = "x".repeat(501);
    let tags: String = (0..51).map(|at| format!("t{at};")).collect();
    let cases: [Case; 8] = [
        (
            &[("what", "numbers")],
            "number,city,note\n,a,\n8.3E+10,,\n8335550001.0,,\n1234567890123450000,,\nhello!,,\n083xxxx0011,a\u{1b}b,\n02877770001,,a\n02877770001,,b\n02877770002,,,stray\n".to_owned(),
            &["未填写", "科学记数法", "小数", "15 位", "不是电话号码", "控制字符", "第 8 行也有", "第 9 行也有", "比表头多"],
        ),
        (
            &[("what", "numbers")],
            format!("number,note,usage,active,version,tags\n083xxxx0011,{long},x,maybe,one,{tags}\n01055500011,,,,99,\n02877770001,,,,1,\n"),
            &["不能是 501 个", "只能是 呼入", "“是”或“否”", "版本应为整数", "51 个标签", "文件中是版本 99", "已不存在"],
        ),
        (
            &[("what", "numbers")],
            "number,user_ids,skill_group_ids,contact_flow_id\n01055500011,nobody,,\n01055500012,lina,test,\n01055500018,lina;wangfang,,\n01055500013,zhaolei,,\n01055500001,lina,,\n01055500014,,none,\n01055500017,,,none\n1055500011,,,\n2155500999,,,\n".to_owned(),
            &["没有 nobody@ccc-test 这个人", "同时写了人员和技能组", "写了几个人", "已归档或被锁定", "可能是表格软件去掉了开头"],
        ),
        (
            &[("what", "numbers"), ("duplicates", "fail"), ("mode", "overwrite")],
            "number,usage\n01055500011,Inbound\n".to_owned(),
            &["已有 01055500011"],
        ),
        (
            &[("what", "numbers"), ("mode", "overwrite")],
            "number,usage\n01055500011,\n".to_owned(),
            &["不能清空：usage"],
        ),
        (
            &[("what", "users")],
            "login_name,display_name,extension,email,role\nnewcomer,,,,\n李 na,x,,,\nlina, ,12a,nobody,Boss\nuser-test,,,,Agent\n".to_owned(),
            &["缺少 display_name", "不能作登录名", "不能只有空格", "最多 32 位数字", "不是邮箱地址", "没有管理员"],
        ),
        (
            &[("what", "groups")],
            "name,media_type\ntest,CHAT\na b,\n".to_owned(),
            &["不能作技能组英文名"],
        ),
        (
            &[("what", "users")],
            "login_name,extension\nlina,80326034\n".to_owned(),
            &["分机"],
        ),
    ];
    for (fields, file, said) in cases {
        let (address, page) = previewed(&visitor, fields, &file);
        for said in said {
            check(said, &file, &page);
        }
        let bad = visitor.get(&format!("{address}/bad-lines.csv")).body;
        assert!(said.iter().all(|said| bad.contains(said)), "{bad}");
        let found = bad.lines().find_map(|line| untranslated(line.rsplit(',').next().unwrap()));
        assert!(found.is_none(), "{}", found.unwrap_or_default());
    }
}

#[test]
fn what_a_workbook_has_done_to_its_cells_is_said_in_chinese() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let cells = [
        ("<c r=\"A2\"><v>8335550001</v></c>", "单元格是数值"),
        ("<c r=\"A3\" t=\"str\"><f>A1</f><v>1</v></c>", "单元格是公式"),
        ("<c r=\"A4\" t=\"d\"><v>2026-01-01</v></c>", "单元格是日期"),
        ("<c r=\"A5\" t=\"b\"><v>1</v></c>", "单元格是逻辑值"),
        ("<c r=\"A6\" t=\"e\"><v>#N/A</v></c>", "错误值"),
        ("<c r=\"A7\" t=\"inlineStr\"><is><t>02877770001</t></is></c>", "单元格合并了"),
    ];
    let mut rows = format!("<row r=\"1\">{}</row>", text("A1", "number"));
    for (at, (cell, _)) in cells.iter().enumerate() {
        rows += &format!("<row r=\"{}\">{cell}</row>", at + 2);
    }
    let merged = "</sheetData><mergeCells><mergeCell ref=\"A7:A8\"/></mergeCells><sheetData>";
    let reply = send(&visitor, &[("what", "numbers")], &workbook(&format!("{rows}{merged}")));
    assert_eq!(reply.status, 303, "{}", reply.body);
    let page = visitor.get(reply.header("location").unwrap()).body;
    for (cell, said) in cells {
        check(said, cell, &page);
    }
}

#[test]
fn what_changed_since_a_preview_is_said_in_chinese() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let file = "number,note\n083xxxx0011,a\n01055500011,\n";
    let hand = |sql: &str| app.database.query(&format!("{sql} WHERE number = '{}'", "083xxxx0011"));
    let (address, page) = previewed(&visitor, &[], file);
    hand("UPDATE phone_number SET note = 'by hand'");
    let apply = format!("{address}/apply");
    let reply = visitor.post(&apply, &[("plan", &hidden(&page, "plan"))]);
    assert_eq!(reply.status, 409, "{}", reply.body);
    check("第 2 行：预览之后 083xxxx0011 已变更", "changed", &reply.body.replace("by hand", ""));
}

#[test]
fn what_an_earlier_release_kept_of_a_preview_is_shown_as_it_was_said_then() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test").reading("zh-CN");
    let (address, page) = previewed(&visitor, &[], "number\n8.3E+10\n083xxxx0011\n");
    assert!(page.contains("科学记数法"), "{page}");
    app.database.query("UPDATE import SET preview = json_remove(preview, '$.whys')");
    let page = visitor.get(&address);
    assert!(page.status == 200 && page.body.contains("scientific notation"), "{}", page.body);
}
