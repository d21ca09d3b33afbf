//! A preview says of each number who has it now and who would have it afterwards.

use super::actions::{apply, held, post};
use super::{Visitor, app, cells, hidden};

#[test]
fn every_preview_shows_each_number_as_it_is_and_as_it_would_be() {
    let app = app();
    app.database.query("UPDATE instance SET cool_down_days = 7 WHERE instance_id = 'ccc-test'");
    app.database.query(
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at)
         VALUES ('ccc-test', '02855500018', 'hold', 'lina@ccc-test', 9999999999999)",
    );
    let (free, of_lina, bound, on_hold) =
        ("01055500011", "02855500005", "01055500001", "02855500018");
    for (language, unheld, sales, kept, cools) in [
        ("en", "Free", "销售组", "On hold for 李娜", "Cooling down; 李娜 may have it back"),
        ("zh-CN", "空闲", "销售组", "为 李娜 预留", "冷却中"),
    ] {
        let visitor = Visitor::of(&app, "user-test").reading(language);
        for (action, more, number, now, then) in [
            ("assign", ("target", "wangfang"), free, unheld, "王芳"),
            ("release", ("days", ""), of_lina, "李娜", cools),
            ("release", ("days", "0"), of_lina, "李娜", unheld),
            ("transfer", ("target", "wangfang"), of_lina, "李娜", "王芳"),
            ("bind", ("group", "sales"), free, unheld, sales),
            ("unbind", ("days", ""), bound, sales, unheld),
            ("hold", ("target", "lina"), free, unheld, kept),
            ("end-reservation", ("days", ""), on_hold, kept, unheld),
            ("assign", ("target", "lina"), on_hold, kept, "李娜"),
            ("assign", ("target", "lina"), of_lina, "李娜", "李娜"),
        ] {
            let form =
                [("action", action), ("number", number), ("until", "2099-01-01T00:00"), more];
            let page = visitor.post("/console/ccc-test/numbers/preview", &form).body;
            let row = cells(&page, number);
            assert!(row[1].starts_with(now), "{language} {action}: {row:?}");
            assert!(row[2].starts_with(then), "{language} {action}: {row:?}");
        }
        // What is refused stays where it is.
        let form = [("action", "assign"), ("target", "wangfang"), ("number", bound)];
        let row = cells(&visitor.post("/console/ccc-test/numbers/preview", &form).body, bound);
        assert!(row[1] == sales && row[2].is_empty() && row[3].contains(sales), "{row:?}");

        let swap = format!("/console/ccc-test/numbers/083xxxx0011/swap?with={of_lina}");
        let page = visitor.get(&swap).body;
        assert_eq!(cells(&page, of_lina)[1..3], ["李娜", "云呼测试1"]);
        assert_eq!(cells(&page, "083xxxx0011")[1..3], ["云呼测试1", "李娜"]);
        let leaver = "/console/ccc-test/users/lina%40ccc-test/leaver";
        let page = visitor.get(&format!("{leaver}?target=wangfang")).body;
        assert_eq!(cells(&page, of_lina)[1..3], ["李娜", "王芳"]);
        let page = visitor.get(&format!("{leaver}?target=")).body;
        assert!(cells(&page, of_lina)[2].starts_with(cools), "{page}");
    }
    let sql = "UPDATE instance SET personal_numbers = 'shared' WHERE instance_id = 'ccc-test'";
    app.database.query(sql);
    let visitor = Visitor::of(&app, "user-test");
    let form = [("action", "assign"), ("target", "wangfang"), ("number", of_lina)];
    let row = cells(&visitor.post("/console/ccc-test/numbers/preview", &form).body, of_lina);
    assert_eq!(row[1..3], ["李娜", "李娜, 王芳"]);
}

#[test]
fn what_frees_a_refused_number_is_beside_it_and_leads_back_to_the_preview() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let preview = "/console/ccc-test/numbers/preview";
    for (number, action, said) in
        [("01055500001", "unbind", "Unbind"), ("083xxxx0011", "release", "Take back")]
    {
        let here = format!("{preview}?action=assign&target=wangfang&number={number}");
        let page = visitor.get(&here).body;
        let row = page.split("<tr").find(|row| row.contains("class=\"refused\"")).unwrap();
        assert!(row.contains(&format!("action={action}")) && row.contains(said), "{row}");
        let link = row.split("<a class=\"button\" href=\"").nth(1).unwrap();
        let link = link.split('"').next().unwrap().replace("&#38;", "&");
        let free = visitor.get(&link).body;
        assert!(hidden(&free, "back").starts_with(preview), "{free}");
        assert_eq!(cells(&free, number)[2], "Free");
        // A form has no address that shows it again.
        let form = [("action", "assign"), ("target", "wangfang"), ("number", number)];
        let page = visitor.post(preview, &form).body;
        let row = page.split("<tr").find(|row| row.contains("class=\"refused\"")).unwrap();
        assert!(row.contains(&format!("numbers%2F{number}")), "{row}");
    }
    let manager = Visitor::of(&app, "zhangwei");
    let page = manager.get(&format!("{preview}?action=assign&target=lina&number=083xxxx0011")).body;
    assert!(page.contains("action=release"), "a manager may take numbers back: {page}");
}

#[test]
fn what_is_refused_comes_first_and_a_swap_that_is_refused_can_not_be_applied() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let numbers = "number=01055500012&number=083xxxx0011";
    let page = format!("/console/ccc-test/numbers/preview?action=assign&target=wangfang&{numbers}");
    let page = visitor.get(&page).body;
    let rows = page.split("<tbody").nth(1).unwrap();
    assert!(rows.find("083xxxx0011") < rows.find("01055500012"), "{rows}");
    app.database.query(
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at)
         VALUES ('ccc-test', '02855500018', 'hold', 'lina@ccc-test', 9999999999999)",
    );
    let page = visitor.get("/console/ccc-test/numbers/083xxxx0011/swap?with=02855500018").body;
    assert!(page.contains("class=\"refused\"") && !page.contains(">Apply<"), "{page}");
}

#[test]
fn an_undo_shows_what_was_done_and_what_takes_it_back() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let edit = "/console/ccc-test/numbers/083xxxx0011/edit";
    let version = hidden(&visitor.get(edit).body, "version");
    let form = [("version", version.as_str()), ("usage", "Bidirection"), ("active", "true")];
    let city = [("city", "成都"), ("province", "四川")];
    assert_eq!(visitor.post(edit, &[&form[..], &city].concat()).status, 303);
    let request = "SELECT request_id FROM change ORDER BY change_id DESC LIMIT 1";
    let undo = format!("/console/ccc-test/requests/{}/undo", app.database.query(request));
    for (language, was, by) in [
        ("en", "city 乐山 → 成都", "city 成都 → 乐山"),
        ("zh-CN", "城市 乐山 → 成都", "城市 成都 → 乐山"),
    ] {
        let page = Visitor::of(&app, "user-test").reading(language).get(&undo).body;
        let row =
            page.split("<tr").find(|row| row.contains(was)).unwrap_or_else(|| panic!("{page}"));
        assert!(row.contains(by), "{language}: {row}");
    }
    let change = "SELECT max(change_id) FROM change";
    let before = app.database.query(change);
    visitor.get(&undo);
    assert_eq!(app.database.query(change), before, "a preview changes nothing");
}

#[test]
fn who_may_not_remove_people_removes_nobody_as_a_leaver() {
    let app = app();
    let manager = Visitor::of(&app, "zhangwei");
    let page = "/console/ccc-test/users/lina%40ccc-test/leaver";
    assert!(!manager.get(page).body.contains("name=\"remove\""));
    let hash = hidden(&manager.get(&format!("{page}?target=wangfang")).body, "hash");
    let form = [("target", "wangfang"), ("hash", hash.as_str()), ("remove", "true")];
    assert_eq!(manager.get(&format!("{page}?target=wangfang&remove=true")).status, 403);
    assert_eq!(manager.post(page, &form).status, 403);
    assert!(held(&app, "lina@ccc-test").contains("02855500005"), "nothing was done");
    assert_eq!(manager.post(page, &form[..2]).status, 303, "the numbers alone they may hand over");
    assert!(held(&app, "wangfang@ccc-test").contains("02855500005"));
}

#[test]
fn what_changed_behind_a_leavers_preview_is_shown_and_not_done() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = "/console/ccc-test/users/lina%40ccc-test/leaver";
    let hash = hidden(&visitor.get(&format!("{page}?target=wangfang")).body, "hash");
    let give = [("action", "assign"), ("target", "lina"), ("number", "01055500011")];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &give).body;
    post(&visitor, "/console/ccc-test/numbers/apply", &apply(&preview, &give));
    let before = held(&app, "lina@ccc-test");
    let form = [("target", "wangfang"), ("hash", hash.as_str()), ("reason", "kept")];
    let stale = visitor.post(page, &form);
    assert!(stale.status == 412 && stale.body.contains("changed meanwhile"), "{}", stale.body);
    assert_eq!(held(&app, "lina@ccc-test"), before);
    assert_eq!(cells(&stale.body, "01055500011")[1..3], ["李娜", "王芳"]);
    assert_eq!(hidden(&stale.body, "reason"), "kept");
    let hash = hidden(&stale.body, "hash");
    let form = [("target", "wangfang"), ("hash", hash.as_str()), ("reason", "kept")];
    assert_eq!(visitor.post(page, &form).status, 303);
}

#[test]
fn what_is_wrong_with_a_leaver_a_swap_or_a_file_is_said_below_its_field() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let own = "users/user-test%40ccc-test/leaver";
    for (address, field, typed) in [
        (format!("{own}?target=nobody"), "target", "nobody"),
        (format!("{own}?target=user-test"), "target", "user-test"),
        (format!("{own}?target=lina&remove=true"), "remove", "true"),
        ("numbers/083xxxx0011/swap?with=0000".to_owned(), "with", "0000"),
        ("numbers/083xxxx0011/swap?with=hello".to_owned(), "with", "hello"),
        ("numbers/02855500002/swap?with=02855500002".to_owned(), "with", "02855500002"),
        ("numbers/02855500002/swap?with=%2B862855500002".to_owned(), "with", "+862855500002"),
    ] {
        let page = visitor.get(&format!("/console/ccc-test/{address}")).body;
        let marked = format!("id=\"f-{field}\" name=\"{field}\" aria-invalid=\"true\"");
        let wanted = [marked, format!("<a href=\"#f-{field}\">"), format!("id=\"e-{field}\"")];
        for said in wanted {
            assert_eq!(page.matches(&said).count(), 1, "{address} {said}: {page}");
        }
        assert_eq!(hidden(&page, field), typed, "{address}");
        assert!(!page.contains(">Apply<"), "{address}");
    }
    let file = super::imports::send(&visitor, &[], b"nonsense\n1\n");
    assert!(file.status == 422 && file.body.contains("#f-file"), "{}", file.body);
    assert!(file.body.contains("id=\"e-file\""), "{}", file.body);
}
