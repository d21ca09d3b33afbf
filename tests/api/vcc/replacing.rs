//! Section 7: replacing a user's callback numbers.

use super::{
    ANNA, JAMES, LONDON_BOUND, LONDON_SPARE, MARY, PIOTR_ARCHIVED, RECEPTION, TEST1, TEST2, TEST3,
    TOMASZ, Vcc, callback_numbers, ids, message, state,
};
use crate::support::App;
use numberd::domain::InstanceId;
use numberd::domain::reservation::days;
use numberd::ops::reservations::hold;
use serde_json::json;
use std::collections::BTreeSet;

#[test]
fn normal_replaces_the_whole_set_and_every_single_change_is_in_the_history() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let before = app.database.query("SELECT count(*) FROM change");
    assert_eq!(vcc.replace(ANNA, &[TEST1, LONDON_SPARE]).status, 200);
    assert_eq!(vcc.numbers(ANNA), [LONDON_SPARE, TEST1]);
    let changes = app.database.query(&format!("SELECT action, number, user_id, actor, via FROM change WHERE change_id > {before} ORDER BY change_id"));
    let expected = [
        "update|+48600000009|annakowalska@vcc-test|demo-client|vcc",
        "update|+48600000050|annakowalska@vcc-test|demo-client|vcc",
        "insert|+442079460003|annakowalska@vcc-test|demo-client|vcc",
    ];
    assert_eq!(changes.lines().collect::<Vec<_>>(), expected);
    assert_eq!(
        app.database.query(&format!(
            "SELECT count(DISTINCT request_id) FROM change WHERE change_id > {before}"
        )),
        "1"
    );
}

#[test]
fn add_is_the_get_list_and_one_more_and_remove_the_get_list_less_one() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    // The very document that GET gave goes back, whatever else is in it.
    let mut list = vcc.read(&format!("/users/{ANNA}/callbackNumbers"));
    list["callbackNumbers"]
        .as_array_mut()
        .unwrap()
        .push(json!({ "callbackNumberId": LONDON_SPARE }));
    assert_eq!(vcc.put(&format!("/users/{ANNA}/callbackNumbers"), &list).status, 200);
    assert_eq!(vcc.numbers(ANNA), [LONDON_SPARE, TEST1, TEST2, TEST3]);
    let mut list = vcc.read(&format!("/users/{ANNA}/callbackNumbers"));
    list["callbackNumbers"].as_array_mut().unwrap().remove(1);
    assert_eq!(vcc.put(&format!("/users/{ANNA}/callbackNumbers"), &list).status, 200);
    assert_eq!(vcc.numbers(ANNA), [LONDON_SPARE, TEST2, TEST3]);
}

#[test]
fn answer_is_the_same_document_as_get() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let reply = vcc.replace(ANNA, &[TEST3, TEST2]);
    assert_eq!(
        (reply.status, reply.json()),
        (200, vcc.read(&format!("/users/{ANNA}/callbackNumbers")))
    );
    assert_eq!(ids(&reply.json()), [TEST2, TEST3]);
}

#[test]
fn only_callback_number_id_counts_and_extra_members_never_rename() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let body = json!({ "callbackNumbers": [{ "callbackNumberId": TEST1, "callbackNumberName": "other", "callbackNumberClid": "+1", "x": {} }], "meta": 5 });
    let reply = vcc.put(&format!("/users/{ANNA}/callbackNumbers"), &body);
    assert_eq!(
        reply.json()["callbackNumbers"],
        json!([{ "callbackNumberId": TEST1, "callbackNumberName": "test1", "callbackNumberClid": "+48600000000" }])
    );
}

#[test]
fn empty_list_unlinks_all() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let reply = vcc.replace(ANNA, &[]);
    assert_eq!((reply.status, &reply.json()["callbackNumbers"]), (200, &json!([])));
    assert_eq!(vcc.numbers(ANNA), Vec::<String>::new());
    assert_eq!(
        app.database.query("SELECT count(*) FROM personal_assignment WHERE user_id = 'annakowalska@vcc-test' AND released_at IS NOT NULL"),
        "3",
        "the history stays"
    );
}

#[test]
fn unknown_id_anywhere_in_the_list_changes_nothing_and_is_named() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let untouched = state(&app);
    let unknown = "00000000-0000-0000-0000-00000000000a";
    for list in [[unknown, LONDON_SPARE], [LONDON_SPARE, unknown]] {
        assert!(message(&vcc.replace(ANNA, &list), 400).contains(unknown));
    }
    assert_eq!(state(&app), untouched);
}

#[test]
fn duplicate_ids_are_one_link() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    assert_eq!(
        vcc.replace(
            ANNA,
            &[LONDON_SPARE, TEST1, LONDON_SPARE, &LONDON_SPARE.to_uppercase(), TEST1]
        )
        .status,
        200
    );
    assert_eq!(vcc.numbers(ANNA), [LONDON_SPARE, TEST1]);
}

#[test]
fn callback_numbers_missing_or_not_an_array_or_an_id_missing_or_not_guid_shaped_changes_nothing() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let untouched = state(&app);
    for (body, named) in [
        (json!({}), "callbackNumbers"),
        (json!({ "CallbackNumbers": [] }), "callbackNumbers"),
        (json!({ "callbackNumbers": null }), "callbackNumbers"),
        (json!({ "callbackNumbers": {} }), "callbackNumbers"),
        (json!({ "callbackNumbers": "x" }), "callbackNumbers"),
        (json!({ "callbackNumbers": [TEST1] }), "callbackNumbers[0]"),
        (json!({ "callbackNumbers": [{ "callbackNumberId": TEST1 }, {}] }), "callbackNumbers[1]"),
        (json!({ "callbackNumbers": [[TEST1]] }), "callbackNumbers[0]"),
        (
            json!({ "callbackNumbers": [{ "callbackNumberId": null }] }),
            "callbackNumbers[0].callbackNumberId",
        ),
        (
            json!({ "callbackNumbers": [{ "callbackNumberId": 5 }] }),
            "callbackNumbers[0].callbackNumberId",
        ),
        (json!({ "callbackNumbers": [{ "callbackNumberId": "083xxxx0011" }] }), "\"083xxxx0011\""),
        (json!([{ "callbackNumberId": TEST1 }]), "The body"),
    ] {
        let message = message(&vcc.put(&format!("/users/{ANNA}/callbackNumbers"), &body), 400);
        assert!(message.contains(named), "{body}: {message}");
    }
    assert_eq!(state(&app), untouched);
}

#[test]
fn unknown_user_is_not_found() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let nobody = "00000000-0000-0000-0000-000000000000";
    assert_eq!(message(&vcc.replace(nobody, &[TEST1]), 404), format!("There is no user {nobody}."));
}

#[test]
fn user_without_agent_configuration_reads_empty_and_takes_only_the_empty_list() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database
        .query(&format!("UPDATE user SET display_id = '' WHERE user_guid = '{MARY}' RETURNING 1"));
    let body = vcc.read(&format!("/users/{MARY}/callbackNumbers"));
    assert_eq!(
        body,
        json!({ "meta": { "page": 1, "count": 0, "pageCount": 0, "totalCount": 0 }, "userId": MARY, "callbackNumbers": [] })
    );
    assert!(message(&vcc.replace(MARY, &[LONDON_SPARE]), 400).contains("no agent configuration"));
    assert_eq!(vcc.replace(MARY, &[]).status, 200);
}

#[test]
fn archived_user_is_read_and_given_no_number() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    assert_eq!(vcc.numbers(PIOTR_ARCHIVED), Vec::<String>::new());
    assert_eq!(vcc.replace(PIOTR_ARCHIVED, &[]).status, 200);
    message(&vcc.replace(PIOTR_ARCHIVED, &[LONDON_SPARE]), 409);
    assert_eq!(vcc.numbers(PIOTR_ARCHIVED), Vec::<String>::new());
}

#[test]
fn removing_the_selected_callback_number_clears_it_and_keeping_it_keeps_it() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let selected = || {
        vcc.read(&format!("/users/{ANNA}"))["userAccountConfiguration"]["agentConfiguration"]["telephonyAddress"]["selectedCallbackNumberId"].clone()
    };
    app.database.query(&format!("UPDATE user SET selected_callback_number_id = '{TEST2}' WHERE user_guid = '{ANNA}' RETURNING 1"));
    assert_eq!(vcc.replace(ANNA, &[TEST2, LONDON_SPARE]).status, 200);
    assert_eq!(selected(), TEST2);
    assert_eq!(vcc.replace(ANNA, &[LONDON_SPARE]).status, 200);
    assert_eq!(selected(), "");
    assert_eq!(
        app.database
            .query("SELECT via FROM change WHERE entity = 'user' ORDER BY change_id DESC LIMIT 1"),
        "vcc"
    );
}

#[test]
fn same_put_twice_is_the_same_result_and_no_second_change() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let first = vcc.replace(ANNA, &[TEST1, LONDON_SPARE]);
    let after = state(&app);
    let second = vcc.replace(ANNA, &[LONDON_SPARE, TEST1]);
    assert_eq!((first.status, second.status, first.body), (200, 200, second.body));
    assert_eq!(state(&app), after);
}

#[test]
fn the_older_pages_url_without_users_is_not_served() {
    let app = App::spawn();
    message(&Vcc::of(&app).put(&format!("/{ANNA}/callbackNumbers"), &callback_numbers(&[])), 404);
}

#[test]
fn in_a_shared_instance_several_users_hold_one_number() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    assert_eq!(vcc.replace(ANNA, &[RECEPTION]).status, 200);
    for user in [ANNA, TOMASZ, JAMES] {
        assert!(vcc.numbers(user).contains(&RECEPTION.to_owned()));
    }
}

#[test]
fn in_an_exclusive_instance_another_users_number_is_a_conflict_that_names_it_and_its_holder() {
    let app = App::spawn();
    let vcc = Vcc::with(&app, "demo-client-ccc", "users:write");
    let root = "e0000000-0000-4000-a000-000000001001";
    let number = "c0000000-0000-4000-a000-083000000011";
    let zhaolei = "e0000000-0000-4000-a000-000000001008";
    assert!(vcc.numbers(root).contains(&number.to_owned()));
    let untouched = state(&app);
    // The free number before it is not given either.
    let free = app.database.query("SELECT callback_number_id FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' LIMIT 1");
    let message = message(&vcc.replace(zhaolei, &[&free, number]), 409);
    assert_eq!(
        message,
        format!("083xxxx0011 is held by user user-test ({root}); nothing was changed.")
    );
    assert_eq!(state(&app), untouched);
}

#[test]
fn in_any_instance_a_bound_number_is_a_conflict_that_names_it_and_its_holder() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let untouched = state(&app);
    let message = message(&vcc.replace(ANNA, &[LONDON_SPARE, LONDON_BOUND]), 409);
    assert_eq!(
        message,
        format!(
            "+442079460002 is held by skill group Support ({}); nothing was changed.",
            super::SUPPORT
        )
    );
    assert_eq!(state(&app), untouched);
}

#[test]
fn concurrent_puts_leave_exactly_one_of_the_sets_and_a_reader_never_sees_a_mixture() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let pool = ids(&vcc.read("/callbackNumbers"));
    // Sixteen different sets of three.
    let sets: Vec<BTreeSet<String>> = (0..pool.len())
        .flat_map(|a| (a + 1..pool.len()).map(move |b| (a, b)))
        .map(|(a, b)| {
            [0, a, b].map(|place| pool[place].clone()).into_iter().collect::<BTreeSet<_>>()
        })
        .filter(|set| set.len() == 3)
        .take(16)
        .collect();
    assert_eq!(sets.iter().collect::<BTreeSet<_>>().len(), 16);
    assert_eq!(
        vcc.replace(ANNA, &sets[0].iter().map(String::as_str).collect::<Vec<_>>()).status,
        200
    );
    let (token, address) = (vcc.token.clone(), vcc.address);
    let client = || Vcc { address, token: token.clone() };
    std::thread::scope(|scope| {
        for set in &sets {
            let client = client();
            scope.spawn(move || {
                for _ in 0..5 {
                    let reply =
                        client.replace(ANNA, &set.iter().map(String::as_str).collect::<Vec<_>>());
                    assert_eq!(reply.status, 200, "{}", reply.body);
                    assert_eq!(
                        ids(&reply.json()).into_iter().collect::<BTreeSet<_>>(),
                        *set,
                        "the answer is of the write's own moment"
                    );
                }
            });
        }
        let (client, sets) = (client(), &sets);
        scope.spawn(move || {
            for _ in 0..50 {
                let seen: BTreeSet<String> = client.numbers(ANNA).into_iter().collect();
                assert!(sets.contains(&seen), "a mixture: {seen:?}");
            }
        });
    });
    let last: BTreeSet<String> = vcc.numbers(ANNA).into_iter().collect();
    assert!(sets.contains(&last), "a mixture: {last:?}");
}

#[test]
fn a_number_that_is_kept_for_somebody_else_is_refused_with_409_and_nothing_is_changed() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    app.database.write(|tx| {
        let until = tx.now().after(days(1));
        hold(tx, &InstanceId::from("vcc-test"), "+442079460003", None, until)
    });
    let before = state(&app);
    let reply = vcc.replace(ANNA, &[TEST1, LONDON_SPARE]);
    let message = message(&reply, 409);
    assert!(message.starts_with("+442079460003: it is on hold until "), "{message}");
    assert_eq!(state(&app), before);
    let inventory = ids(&vcc.read("/callbackNumbers"));
    assert!(inventory.contains(&LONDON_SPARE.to_owned()), "{inventory:?}");
}
