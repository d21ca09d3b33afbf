//! Somebody joins, with their first numbers, as one previewed step.

use super::actions::held;
use super::{Visitor, app, cells, hidden};

const ADD: &str = "/console/ccc-test/users/add";

const NEWCOMER: [(&str, &str); 5] = [
    ("login_name", "newcomer"),
    ("display_name", "新人"),
    ("role", "Manager"),
    ("email", "new@example.com"),
    ("group", "test@ccc-test"),
];

/// The fields that a preview's form sends on.
fn applied<'a>(
    page: &'a str,
    fields: &[(&'a str, &'a str)],
    hash: &'a str,
) -> Vec<(&'a str, &'a str)> {
    let form = page.split("<form").find(|form| form.contains("name=\"apply\"")).unwrap();
    let numbers = form.split("name=\"number\" value=\"").skip(1);
    let numbers = numbers.map(|rest| ("number", rest.split('"').next().unwrap()));
    let rest = [("chosen", "true"), ("hash", hash), ("apply", "true"), ("reason", "starts today")];
    fields.iter().copied().filter(|(name, _)| *name != "count").chain(numbers).chain(rest).collect()
}

#[test]
fn a_joiner_gets_a_login_a_role_a_group_and_numbers_in_one_step_that_is_undone_in_one() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let newest = || app.database.query("SELECT max(change_id) FROM change");
    let before = newest();
    let fields = [&NEWCOMER[..], &[("count", "2")]].concat();
    let preview = visitor.post(ADD, &fields);
    assert_eq!(preview.status, 200, "{}", preview.body);
    assert_eq!(newest(), before, "a preview changes nothing");
    for said in ["A login newcomer is made for 新人", "joins as Manager", "测试技能组", "2 numbers"]
    {
        assert!(preview.body.contains(said), "{said}: {}", preview.body);
    }
    // In the city of the group's number, the longest unused first.
    let suggested = app.database.query(
        "SELECT group_concat(number, ' ') FROM (SELECT number FROM phone_number AS n
          WHERE instance_id = 'ccc-test' AND state = 'free' AND active AND city = '成都'
            AND usage <> 'Inbound' AND NOT EXISTS (SELECT 1 FROM reservation AS r
              WHERE r.number = n.number AND r.ended_at IS NULL)
          ORDER BY max(created_at, coalesce((SELECT max(released_at) FROM personal_assignment AS a
            WHERE a.number = n.number), 0)), number LIMIT 2)",
    );
    let numbers: Vec<&str> = suggested.split(' ').collect();
    for number in &numbers {
        assert_eq!(cells(&preview.body, number), [*number, "Free", "新人", "would change"]);
    }
    let hash = hidden(&preview.body, "hash");
    let done = visitor.post(ADD, &applied(&preview.body, &fields, &hash));
    assert_eq!(done.status, 303, "{}", done.body);
    let user = "newcomer@ccc-test";
    assert_eq!(held(&app, user), numbers.join(","));
    let made =
        "SELECT role || email || (SELECT group_concat(skill_group_id) FROM skill_group_member
        WHERE user_id = 'newcomer@ccc-test') FROM user WHERE user_id = 'newcomer@ccc-test'";
    assert_eq!(app.database.query(made), "Managernew@example.comtest@ccc-test");
    let requests = format!(
        "SELECT count(DISTINCT request_id) || ' ' || max(reason) FROM change WHERE change_id > {before}"
    );
    assert_eq!(app.database.query(&requests), "1 starts today");

    let request = done.header("location").unwrap().split('?').next().unwrap();
    let result = visitor.get(done.header("location").unwrap()).body;
    assert!(result.contains("Done: 4 changes"), "as many as are listed: {result}");
    let undo = visitor.get(&format!("{request}/undo")).body;
    let row = cells(&undo, &format!("{} given to 新人", numbers[0]));
    assert_eq!(row[1..], [format!("{} taken back from 新人", numbers[0]), "would change".into()]);
    assert_eq!(visitor.post(&format!("{request}/undo"), &[]).status, 303);
    assert_eq!(held(&app, user), "");
    let left = format!("SELECT count(*) FROM user WHERE user_id = '{user}'");
    assert_eq!(app.database.query(&left), "0");
    app.database.assert_no_rule_violation();
}

#[test]
fn whoever_has_a_login_joins_with_it_and_chooses_among_what_is_suggested() {
    let app = app();
    app.database.query(
        "INSERT INTO reservation (instance_id, number, kind, for_user_id, until_at)
         VALUES ('ccc-test', '02855500018', 'hold', 'lina@ccc-test', 9999999999999)",
    );
    let visitor = Visitor::of(&app, "user-test");
    let fields =
        [("login_name", "ewawisniewska"), ("display_name", "Somebody else"), ("count", "1")];
    let preview = visitor.post(ADD, &fields).body;
    assert!(preview.contains("There is a login ewawisniewska already, of Ewa Wi"), "{preview}");
    let chosen = [&fields[..2], &[("chosen", "true"), ("number", "02855500018")]].concat();
    let refused = visitor.post(ADD, &chosen).body;
    let row = cells(&refused, "02855500018");
    assert!(row[1].contains("On hold for 李娜") && row[3].contains("refused"), "{row:?}");
    assert!(!refused.contains(">Apply<"), "{refused}");
    let mut fields = chosen.clone();
    fields[3] = ("number", "01055500011");
    let preview = visitor.post(ADD, &fields).body;
    let hash = hidden(&preview, "hash");
    let done = visitor.post(ADD, &applied(&preview, &fields[..2], &hash));
    assert_eq!(done.status, 303, "{}", done.body);
    let name = "SELECT display_name FROM user WHERE user_id = 'ewawisniewska@ccc-test'";
    assert_eq!(app.database.query(name), "Ewa Wiśniewska");
    assert_eq!(held(&app, "ewawisniewska@ccc-test"), "01055500011");
    let again = visitor.post(ADD, &fields);
    assert!(again.status == 409 && again.body.contains("#f-login_name"), "{}", again.body);
}

#[test]
fn what_changed_behind_a_joiners_preview_is_shown_and_nobody_joins() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let fields = [&NEWCOMER[..], &[("count", "1")]].concat();
    let preview = visitor.post(ADD, &fields).body;
    let hash = hidden(&preview, "hash");
    let form = applied(&preview, &fields, &hash);
    let number = form.iter().find(|(name, _)| *name == "number").unwrap().1;
    let give = [("InstanceId", "ccc-test"), ("UserId", "lina@ccc-test")];
    let list = format!("[\"{number}\"]");
    app.call("AddPersonalNumbersToUser", &[give[0], give[1], ("NumberList", &list)]);
    let stale = visitor.post(ADD, &form);
    assert!(stale.status == 412 && stale.body.contains("nothing was done"), "{}", stale.body);
    let row = cells(&stale.body, number);
    assert!(row[1] == "李娜" && row[3].contains("refused"), "{row:?}");
    // The stale preview's form, with what it shows now, is refused too, and leaves nobody behind.
    let hash = hidden(&stale.body, "hash");
    let form: Vec<_> = form
        .iter()
        .map(|(name, value)| if *name == "hash" { (*name, hash.as_str()) } else { (*name, *value) })
        .collect();
    assert_eq!(visitor.post(ADD, &form).status, 409);
    let nobody = "SELECT count(*) FROM ram_user WHERE login_name = 'newcomer'";
    assert_eq!(app.database.query(nobody), "0");
}

#[test]
fn what_is_wrong_with_a_joiner_is_said_below_its_field_and_what_was_chosen_stays() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let chosen = [("chosen", "true"), ("number", "01055500011")];
    for (status, field, value) in [
        (400, "login_name", "li na"),
        (409, "login_name", "lina"),
        (400, "display_name", " "),
        (400, "role", "Boss"),
        (400, "email", "nobody"),
        (409, "group", "none@ccc-test"),
        (400, "count", "21"),
        (400, "count", "-1"),
        (400, "count", "many"),
    ] {
        let rest = NEWCOMER.into_iter().filter(|(name, _)| *name != field);
        let form: Vec<_> = rest.chain(chosen).chain([(field, value)]).collect();
        let reply = visitor.post(ADD, &form);
        assert_eq!(reply.status, status, "{field}: {}", reply.body);
        assert!(reply.body.contains(&format!("<a href=\"#f-{field}\">")), "{field}");
        assert!(reply.body.contains(&format!("id=\"e-{field}\"")), "{field}: {}", reply.body);
        assert!(reply.body.contains("value=\"01055500011\" checked"), "{field}: {}", reply.body);
    }
    let manager = Visitor::of(&app, "zhangwei");
    let form = [&NEWCOMER[..], &[("count", "1")]].concat();
    assert_eq!(manager.post(ADD, &form).status, 403);
}
