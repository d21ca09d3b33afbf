//! SearchPattern finds what contains it, and nothing else, whatever characters it has.

use super::{code, listed, requests};
use crate::support::{App, SeededDatabase, Watch};
use numberd::domain::spelling::Forms;
use numberd::domain::{Clock, Paging};
use proptest::prelude::*;

/// A server whose only free numbers in `ccc-test` are these besides the sample's, and the free
/// numbers in their order.
fn app_with(numbers: &std::collections::BTreeSet<String>) -> (App, Vec<String>) {
    let database = SeededDatabase::new();
    let mut forms = std::collections::BTreeSet::new();
    // Of the spellings of one number only one is let in.
    for number in numbers.iter().filter(|text| forms.insert(Forms::of(text).comparable_86)) {
        database.query(&format!("INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '{number}') ON CONFLICT DO NOTHING"));
    }
    let free = database.query("SELECT number FROM phone_number WHERE instance_id = 'ccc-test' AND state = 'free' ORDER BY number");
    (App::over(database, Paging::Strict, Clock::System), free.lines().map(str::to_owned).collect())
}

/// Any text of the characters that mean something to LIKE, GLOB or SQL, and a few digits, so that
/// it is often found.
fn pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[05*#+-]{1,3}",
        2 => "[0-9%_\\\\'\"\\[\\]*?]{1,6}",
        1 => "(%|_|\\\\|'|\"|\\\\%|%%|__|' OR 1=1 --|\\*|\\?|;)",
        1 => "[0-9%_\\\\]{60,64}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_list_and_its_total_are_what_a_plain_search_finds(
        // The letters and the leading plus of a real number; 400 and seven digits would have to be
        // Inbound.
        numbers in proptest::collection::btree_set("[+5-9*#-][0-9*#-]{0,11}[0-9]", 1..12),
        patterns in proptest::collection::vec(pattern(), 20),
    ) {
        let (app, free) = app_with(&numbers);
        for pattern in patterns {
            let expected: Vec<&String> =
                free.iter().filter(|number| number.contains(&pattern)).collect();
            let pattern_asked = ("SearchPattern", Some(pattern.as_str()));
            let asked = [("IsMember", Some("false")), pattern_asked, ("PageSize", Some("100"))];
            let request = requests::changed("ListPersonalNumbersOfUser", &asked);
            let (first, total) = listed(&app.call("ListPersonalNumbersOfUser", &request));
            prop_assert_eq!(total, expected.len() as u64, "{}", pattern);
            let page = &expected[..expected.len().min(100)];
            prop_assert_eq!(first.iter().collect::<Vec<_>>(), page, "{}", pattern);
        }
    }
}

#[test]
fn every_list_that_takes_a_pattern_takes_it_literally() {
    let (app, _) = app_with(&["5*5".to_owned(), "5#5".to_owned()].into());
    for (pattern, total) in [
        ("*", 1),
        ("5*5", 1),
        ("5#5", 1),
        ("%", 0),
        ("_", 0),
        ("5_5", 0),
        ("5%5", 0),
        ("\\", 0),
        ("'", 0),
        ("[0-9]", 0),
        ("?", 0),
    ] {
        for (action, member) in [
            ("ListPhoneNumbers", None),
            ("ListPersonalNumbersOfUser", Some("false")),
            ("ListPhoneNumbersOfSkillGroup", Some("false")),
        ] {
            let (_, found) = listed(&app.call(
                action,
                &requests::changed(
                    action,
                    &[("SearchPattern", Some(pattern)), ("IsMember", member)],
                ),
            ));
            assert_eq!(found, total, "{action}: {pattern}");
        }
    }
}

#[test]
fn an_empty_pattern_is_none_and_a_blank_one_is_found_in_no_number() {
    let app = App::spawn();
    let total = |pattern| {
        listed(&app.call(
            "ListPhoneNumbers",
            &requests::changed("ListPhoneNumbers", &[("SearchPattern", pattern)]),
        ))
        .1
    };
    assert_eq!(total(Some("")), total(None));
    assert!(total(None) > 200);
    assert_eq!(total(Some(" ")), 0);
    assert_eq!(total(Some("083xxxx")), 1, "a masked digit is found as it is masked");
}

#[test]
fn a_pattern_is_no_place_for_sql() {
    let app = App::spawn();
    let watch = Watch::over(&app.database);
    for text in [
        "'; DROP TABLE user; --",
        "' UNION SELECT login_name FROM ram_user --",
        "%' OR '1'='1",
        "\\' OR 1=1",
        "');--",
        "?1",
        ":x",
        "\u{feff}x",
    ] {
        for action in
            ["ListPhoneNumbers", "ListPersonalNumbersOfUser", "ListPhoneNumbersOfSkillGroup"]
        {
            assert_eq!(
                listed(
                    &app.call(action, &requests::changed(action, &[("SearchPattern", Some(text))]))
                )
                .1,
                0,
                "{action}: {text}"
            );
        }
        assert_eq!(
            code(&app.call(
                "ListPhoneNumbers",
                &requests::changed("ListPhoneNumbers", &[("InstanceId", Some(text))])
            )),
            "NotExists.InstanceId"
        );
        assert_eq!(
            code(&app.call(
                "ListPersonalNumbersOfUser",
                &requests::changed("ListPersonalNumbersOfUser", &[("UserId", Some(text))])
            )),
            "NotExists.UserId"
        );
    }
    watch.assert_unchanged("a pattern");
}
