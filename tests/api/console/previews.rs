//! A preview that is refused stays; two numbers change hands only as their preview showed.

use super::actions::{apply, held, post};
use super::imports::previewed;
use super::{Visitor, app, hidden};

#[test]
fn what_lacks_a_reason_keeps_its_preview_and_what_was_typed() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let form =
        [("action", "assign"), ("target", "lina"), ("number", "01055500011"), ("reason", "x")];
    let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
    let give = apply(&preview.body, &form);
    let done = post(&visitor, "/console/ccc-test/numbers/apply", &give);
    let request = done.header("location").unwrap().split('?').next().unwrap().to_owned();
    app.database.query("UPDATE instance SET reason_required = 1 WHERE instance_id = 'ccc-test'");
    let before = app.database.query("SELECT max(change_id) FROM change");

    for reason in ["", "   ", &"x".repeat(501), "a\u{1b}b"] {
        let form = [("action", "assign"), ("target", "lina"), ("number", "01055500012")];
        let preview = visitor.post("/console/ccc-test/numbers/preview", &form);
        let give = apply(&preview.body, &[&form[..], &[("reason", reason)]].concat());
        let reply = post(&visitor, "/console/ccc-test/numbers/apply", &give);
        assert!(matches!(reply.status, 400 | 409), "{reason}: {}", reply.body);
        assert!(reply.body.contains("role=\"alert\""), "{reason}: {}", reply.body);
        assert!(reply.body.contains("Give 1 number to 李娜"), "{reason}: {}", reply.body);
        assert_eq!(hidden(&reply.body, "hash"), hidden(&preview.body, "hash"), "{reason}");

        let undone = visitor.post(&format!("{request}/undo"), &[("reason", reason)]);
        assert!(undone.body.contains("Undo 1 change"), "{reason}: {}", undone.body);
        assert!(undone.body.contains("role=\"alert\""), "{reason}: {}", undone.body);
        let leaver = "/console/ccc-test/users/lina%40ccc-test/leaver?target=wangfang";
        let leaves = hidden(&visitor.get(leaver).body, "hash");
        let left = visitor.post(
            "/console/ccc-test/users/lina%40ccc-test/leaver",
            &[("target", "wangfang"), ("reason", reason), ("hash", &leaves)],
        );
        assert!(left.body.contains("numbers go to 王芳"), "{reason}: {}", left.body);
        assert!(left.body.contains("role=\"alert\""), "{reason}: {}", left.body);

        let swap = "/console/ccc-test/numbers/083xxxx0011/swap";
        let hash = hidden(&visitor.get(&format!("{swap}?with=01055500012")).body, "hash");
        let form = [("with", "01055500012"), ("hash", hash.as_str()), ("reason", reason)];
        let swapped = visitor.post(swap, &form);
        assert_eq!(hidden(&swapped.body, "hash"), hash, "{reason}: {}", swapped.body);
        assert!(swapped.body.contains("role=\"alert\""), "{reason}: {}", swapped.body);

        let (import, page) = previewed(&visitor, &[], "number,note\n083xxxx0011,a\n");
        let plan = hidden(&page, "plan");
        let form = [("plan", plan.as_str()), ("reason", reason)];
        let imported = visitor.post(&format!("{import}/apply"), &form);
        assert_eq!(hidden(&imported.body, "plan"), plan, "{reason}: {}", imported.body);
        assert!(imported.body.contains("role=\"alert\""), "{reason}: {}", imported.body);
        let joiner = [("login_name", "newcomer"), ("display_name", "新人"), ("reason", reason)];
        let joiner = [&joiner[..], &[("number", "01055500013"), ("chosen", "true")]].concat();
        let preview = visitor.post("/console/ccc-test/users/add", &without_reason(&joiner)).body;
        let hash = hidden(&preview, "hash");
        let joins = [&joiner[..], &[("hash", &hash), ("apply", "true")]].concat();
        let joined = visitor.post("/console/ccc-test/users/add", &joins);
        assert!(matches!(joined.status, 400 | 409), "{reason}: {}", joined.body);
        assert_eq!(hidden(&joined.body, "login_name"), "newcomer", "{}", joined.body);
        let adds = [("numbers", "02877770001"), ("provider", "p"), ("reason", reason)];
        let preview = visitor.post("/console/ccc-test/numbers/add", &adds[..2]).body;
        let hash = hidden(&preview, "hash");
        let adds = [&adds[..], &[("hash", &hash), ("apply", "true")]].concat();
        let added = visitor.post("/console/ccc-test/numbers/add", &adds);
        assert!(matches!(added.status, 400 | 409), "{reason}: {}", added.body);
        assert!(added.body.contains(">02877770001</textarea>"), "{}", added.body);
        for kept in [&undone, &left, &swapped, &imported, &joined, &added] {
            let marked = "name=\"reason\" aria-invalid=\"true\"";
            assert_eq!(kept.body.matches(marked).count(), 1, "{}", kept.body);
            assert_eq!(hidden(&kept.body, "reason"), reason, "{}", kept.body);
        }
    }
    // Where nothing is previewed, the form is kept and its reason asked for.
    for (path, name, value) in [
        ("groups", "name", "newgroup"),
        ("groups/test%40ccc-test/members", "user", "lina"),
        ("settings/marks", "least", "7"),
    ] {
        let fields = [(name, value), ("apply", "true"), ("reason", " "), ("display_name", "新人")];
        let fields = [&fields[..], &[("action", "add")]].concat();
        let reply = visitor.post(&format!("/console/ccc-test/{path}"), &fields);
        assert_eq!(reply.status, 409, "{path}: {}", reply.body);
        assert!(reply.body.contains(&format!("action=\"/console/ccc-test/{path}\"")), "{path}");
        assert_eq!(hidden(&reply.body, name), value, "{path}");
        assert!(reply.body.contains("name=\"reason\""), "{path}: {}", reply.body);
    }
    let now = app.database.query("SELECT max(change_id) FROM change");
    assert_eq!(now, before, "nothing was done");
    let reset = [("password", "another-password")];
    let reply = visitor.post("/console/ccc-test/users/lina%40ccc-test/password", &reset);
    assert_eq!(reply.status, 303, "a password needs no reason: {}", reply.body);
}

fn without_reason<'a>(fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().filter(|(name, _)| *name != "reason").copied().collect()
}

#[test]
fn two_numbers_change_hands_after_a_preview_or_not_at_all() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let one = app.database.query(
        "SELECT number FROM personal_assignment WHERE user_id = 'wangfang@ccc-test'
            AND released_at IS NULL ORDER BY number LIMIT 1",
    );
    let page = "/console/ccc-test/numbers/083xxxx0011";
    assert!(visitor.get(page).body.contains("/swap\""));
    for (with, said) in [("0000", "no number 0000"), ("hello", "hello")] {
        let reply = visitor.get(&format!("{page}/swap?with={with}"));
        assert!(reply.status == 200 && reply.body.contains(said), "{with}: {}", reply.body);
        assert!(reply.body.contains("role=\"alert\""), "{with}: {}", reply.body);
    }
    let preview = visitor.get(&format!("{page}/swap?with={one}")).body;
    assert!(preview.contains("王芳</a>") && preview.contains("云呼测试1</a>"), "{preview}");
    let hash = hidden(&preview, "hash");
    let form = [("with", one.as_str()), ("hash", &hash), ("reason", "both asked")];
    app.database.query(&format!("UPDATE phone_number SET note = 'x' WHERE number = '{one}'"));
    let stale = visitor.post(&format!("{page}/swap"), &form);
    assert!(stale.status == 412 && stale.body.contains("meanwhile"), "{}", stale.body);
    assert!(held(&app, "user-test@ccc-test").contains("083xxxx0011"), "nothing was done");
    let hash = hidden(&stale.body, "hash");
    let form = [("with", one.as_str()), ("hash", &hash), ("reason", "both asked")];
    let done = visitor.post(&format!("{page}/swap"), &form);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(held(&app, "wangfang@ccc-test").contains("083xxxx0011"));
    assert!(held(&app, "user-test@ccc-test").contains(&one));
    let agent = Visitor::of(&app, "zhaolei");
    assert_eq!(agent.post(&format!("{page}/swap"), &form).status, 403);
}
