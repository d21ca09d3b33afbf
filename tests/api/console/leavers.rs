//! Somebody leaves: their numbers are passed on or become free, and they are removed.

use super::actions::held;
use super::{Visitor, app, hidden};
use crate::support::eventually;

#[test]
fn a_leaver_hands_their_numbers_over_and_goes_in_one_step_that_can_be_undone() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let leaver = app.database.query(
        "SELECT user_id FROM personal_assignment WHERE instance_id = 'ccc-test'
            AND released_at IS NULL AND user_id NOT LIKE 'user-test@%'
          GROUP BY user_id ORDER BY count(*) DESC, user_id LIMIT 1",
    );
    let numbers = held(&app, &leaver);
    let page = format!("/console/ccc-test/users/{}/leaver", super::encoded(&leaver));
    let preview = visitor.get(&format!("{page}?target=user-test&remove=true&reason=left"));
    assert!(preview.body.contains("go to 云呼测试1") || preview.body.contains("goes to 云呼测试1"));
    let hash = hidden(&preview.body, "hash");
    let form = [("target", "user-test"), ("remove", "true"), ("reason", "left"), ("hash", &hash)];
    let reply = visitor.post(&page, &form);
    assert_eq!(reply.status, 303, "{}", reply.body);
    assert_eq!(held(&app, &leaver), "");
    let now = held(&app, "user-test@ccc-test");
    assert!(numbers.split(',').all(|number| now.contains(number)), "{now}");
    assert_eq!(visitor.get(&page).status, 404);
    app.database.assert_no_rule_violation();

    let request = reply.header("location").unwrap().split('?').next().unwrap();
    assert_eq!(visitor.post(&format!("{request}/undo"), &[]).status, 303);
    assert_eq!(held(&app, &leaver), numbers);
}

#[test]
fn a_leaver_can_not_hand_over_to_nobody_or_to_themselves() {
    let app = app();
    let visitor = Visitor::of(&app, "user-test");
    let page = "/console/ccc-test/users/user-test%40ccc-test/leaver";
    let preview = visitor.get(&format!("{page}?target=nobody"));
    assert!(preview.body.contains("nobody called nobody@ccc-test"), "{}", preview.body);
    assert_eq!(visitor.post(page, &[("target", "nobody")]).status, 409);
    let before = held(&app, "user-test@ccc-test");
    assert_eq!(visitor.post(page, &[("target", "user-test")]).status, 409);
    assert_eq!(held(&app, "user-test@ccc-test"), before);
}

#[test]
fn a_leaver_with_more_numbers_than_one_transaction_takes_passes_them_on_in_steps() {
    let app = app();
    app.database.query(
        "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < 1100)
         INSERT INTO phone_number (instance_id, number)
         SELECT 'ccc-test', '0777' || (1000000 + i) FROM n",
    );
    app.database.query(
        "INSERT INTO personal_assignment (instance_id, number, user_id, assigned_at)
         SELECT 'ccc-test', number, 'lina@ccc-test', 1 FROM phone_number WHERE number LIKE '0777%'",
    );
    let visitor = Visitor::of(&app, "user-test");
    let page = "/console/ccc-test/users/lina%40ccc-test/leaver";
    let of = |user: &str| held(&app, user).matches("07771").count();
    let refused = visitor.get(&format!("{page}?target=wangfang&remove=true")).body;
    assert!(refused.contains("more than 1000 numbers"), "{refused}");
    let preview = visitor.get(&format!("{page}?target=wangfang")).body;
    let hash = hidden(&preview, "hash");
    let form = [("target", "wangfang"), ("hash", hash.as_str()), ("reason", "left")];
    let removing = visitor.post(page, &[&form[..], &[("remove", "true")]].concat());
    assert_eq!((removing.status, of("lina@ccc-test")), (409, 1100), "{}", removing.body);
    assert!(removing.body.contains("hand these over or take them back first"), "{}", removing.body);
    assert!(!removing.body.contains("still in use"), "{}", removing.body);
    let begun = visitor.post(page, &form);
    assert_eq!(begun.status, 303, "{}", begun.body);
    let request = begun.header("location").unwrap().to_owned();
    let has_ended = || visitor.get(&request).body.contains("data-run=\"ended\"");
    eventually("the numbers are passed on", has_ended);
    assert_eq!((of("lina@ccc-test"), of("wangfang@ccc-test")), (0, 1100));
}
