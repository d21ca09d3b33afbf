//! Lists as files for spreadsheets.

use super::{CCC, Caller, problem};
use crate::support::App;
use numberd::domain::sheet::{Line, Sheet};
use std::collections::BTreeSet;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const LISTS: [&str; 16] = [
    "/api/v1/instances",
    "/api/v1/unassigned-numbers",
    "/api/v1/instances/ccc-test/numbers",
    "/api/v1/instances/ccc-test/numbers/083xxxx0011/history",
    "/api/v1/instances/ccc-test/users",
    "/api/v1/instances/ccc-test/users/lina@ccc-test/candidates",
    "/api/v1/instances/ccc-test/users/lina@ccc-test/history",
    "/api/v1/instances/ccc-test/users/lina@ccc-test/numbers",
    "/api/v1/instances/ccc-test/assignments",
    "/api/v1/instances/ccc-test/skill-groups",
    "/api/v1/instances/ccc-test/bindings",
    "/api/v1/instances/ccc-test/reservations",
    "/api/v1/instances/ccc-test/capacity",
    "/api/v1/instances/ccc-test/low-water-marks",
    "/api/v1/instances/ccc-test/skill-groups/sales@ccc-test/users",
    "/api/v1/instances/ccc-test/contact-flows",
];

#[test]
fn a_list_is_the_kind_of_file_that_is_liked_best() {
    let app = App::spawn();
    let (json, csv) = ("application/json", "text/csv; charset=utf-8");
    for (accept, kind) in [
        ("application/json, text/csv;q=0.1", json),
        ("application/json, text/csv", json),
        ("text/csv;q=0", json),
        ("text/csvx, */*", json),
        ("text/csv, application/json", csv),
        ("application/json;q=0.5, TEXT/CSV;Q=0.9", csv),
        (&format!("{XLSX};q=0.1, text/csv"), csv),
    ] {
        let path = format!("{CCC}/skill-groups");
        let reply = Caller::root(&app).send("GET", &path, &[("accept", accept)], None);
        assert_eq!((reply.status, reply.header("content-type")), (200, Some(kind)), "{accept}");
    }
}

#[test]
fn every_list_is_there_as_a_file_with_a_column_for_each_member_of_its_rows() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let lists = numberd::admin::ROUTES.iter().filter(|route| route.is_list);
    assert_eq!(lists.count(), LISTS.len() + 1, "those below and the change log");
    let log = format!("{CCC}/changes");
    for list in LISTS.iter().copied().chain([log.as_str()]) {
        let json = root.get(list).json();
        let file = root.get(&format!("{list}.csv"));
        assert_eq!(
            (file.status, file.header("content-type")),
            (200, Some("text/csv; charset=utf-8")),
            "{list}"
        );
        let saved = file.header("content-disposition").unwrap();
        assert!(saved.contains(list.rsplit('/').next().unwrap()), "{saved}");
        let accepted = root.send("GET", list, &[("accept", "text/csv;q=0.9, */*")], None);
        assert_eq!(accepted.body, file.body, "{list}");
        let sheet = Sheet::read(file.body.as_bytes()).unwrap();
        for (address, accept) in [(format!("{list}.xlsx"), "*/*"), (list.to_owned(), XLSX)] {
            let headers = [("authorization", "Bearer demo-token"), ("accept", accept)];
            let (book, bytes) = app.send_labelled("GET", &address, &headers, "", None);
            assert_eq!((book.status, book.header("content-type")), (200, Some(XLSX)), "{list}");
            assert!(book.header("content-disposition").unwrap().ends_with(".xlsx\""), "{list}");
            let book = Sheet::read(&bytes).unwrap();
            assert_eq!(book.header, sheet.header, "{list}");
            let cells = |sheet: &Sheet| -> Vec<Vec<String>> {
                let cell = |line: &Line, at| line.cell(at).to_owned();
                let row = |line| (0..sheet.header.len()).map(|at| cell(line, at)).collect();
                sheet.lines.iter().map(row).collect()
            };
            assert_eq!(cells(&book), cells(&sheet), "{list}");
            for (at, line) in book.lines.iter().enumerate() {
                let odd = (0..book.header.len()).find_map(|at| book.odd(line.line, at));
                assert_eq!(odd, None, "{list}, row {at}: not every cell is text");
            }
        }
        let rows = file.body.matches("\r\n").count() - 1;
        let total =
            json["total"].as_u64().unwrap_or(json["items"].as_array().unwrap().len() as u64);
        assert_eq!(rows as u64, total, "{list}");
        let members: BTreeSet<&str> = json["items"][0]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str())
            .collect();
        let columns: Vec<&str> = file.body.lines().next().unwrap().split(',').collect();
        for member in members.iter().filter(|name| !["user_ids", "skill_group_ids"].contains(name))
        {
            let found = columns.iter().any(|column| column.starts_with(member));
            assert!(found, "{list} has no column for {member}: {columns:?}");
        }
    }
}

#[test]
fn a_file_has_what_the_filter_shows_and_all_of_it_however_long() {
    let app = App::spawn();
    app.database.shell(
        "INSERT INTO phone_number (instance_id, number, provider)
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20999)
         SELECT 'ccc-test', printf('0999%07d', i), '=cmd|' FROM n",
    );
    let root = Caller::root(&app);
    let file = root.get(&format!("{CCC}/numbers.csv?q=0999&sort=-number"));
    assert!(file.body.len() > 1536 * 1024, "long enough for a temporary file");
    assert_eq!(file.header("content-length"), Some(file.body.len().to_string().as_str()));
    let lines: Vec<&str> = file.body.lines().skip(1).collect();
    assert_eq!(lines.len(), 21_000);
    for (at, line) in lines.iter().enumerate() {
        assert!(line.starts_with(&format!("0999{:07},free,", 20_999 - at)), "{at}: {line}");
        assert!(line.contains(",\"'=cmd|\","), "{line}");
    }
    let page = root.get(&format!("{CCC}/numbers.csv?q=0999&page=3&per_page=5"));
    assert_eq!(page.body.lines().count(), 6);
    assert!(page.body.lines().nth(1).unwrap().starts_with("09990000010,"));
    let none = root.get(&format!("{CCC}/numbers.csv?q=nowhere"));
    assert!(
        none.body.starts_with("number,state,holders_display_name,")
            && none.body.lines().count() == 1
    );
    app.database.discard_at_the_end();
}

#[test]
fn a_file_is_refused_like_its_list_and_only_a_list_is_one() {
    let app = App::spawn();
    let root = Caller::root(&app);
    let wrong = root.get(&format!("{CCC}/numbers.csv?state=lost"));
    assert_eq!((wrong.status, problem(&wrong).as_str()), (400, "malformed-request"));
    let stranger = app.send("GET", &format!("{CCC}/numbers.csv"), &[], None);
    assert_eq!(stranger.status, 401);
    for path in [
        "numbers/083xxxx0011.xlsx",
        "numbers.xls",
        "numbers/083xxxx0011.csv",
        "users/lina@ccc-test.csv",
        "changes/1.csv",
    ] {
        assert_ne!(root.get(&format!("{CCC}/{path}")).status, 200, "{path}");
    }
    let one =
        root.send("GET", &format!("{CCC}/numbers/083xxxx0011"), &[("accept", "text/csv")], None);
    assert_eq!(one.header("content-type"), Some("application/json"));
}
