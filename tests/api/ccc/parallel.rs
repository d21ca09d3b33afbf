//! Many callers at once.

use super::code;
use crate::support::{App, SeededDatabase};
use numberd::domain::{Clock, Paging};

const CALLERS: usize = 64;

/// A server with as many more users as there are callers.
fn app() -> App {
    let database = SeededDatabase::new();
    for caller in 0..CALLERS {
        database.query(&format!("INSERT INTO ram_user (ram_id, login_name) VALUES ('50000000000000{caller:02}', 'agent{caller}')"));
        database.query(&format!("INSERT INTO user (user_id, instance_id, ram_id) VALUES ('agent{caller}@ccc-test', 'ccc-test', '50000000000000{caller:02}')"));
    }
    App::over(database, Paging::Strict, Clock::System)
}

/// What every caller is told, all asking at the same time. One who is told to come back does.
fn all_at_once(ask: impl Fn(usize) -> crate::support::Reply + Sync) -> Vec<serde_json::Value> {
    let start = std::sync::Barrier::new(CALLERS);
    std::thread::scope(|scope| {
        let callers: Vec<_> = (0..CALLERS)
            .map(|caller| {
                let (start, ask) = (&start, &ask);
                scope.spawn(move || {
                    start.wait();
                    for _ in 0..20 {
                        let reply = ask(caller);
                        if reply.status != 503 {
                            return reply.json();
                        }
                        assert_eq!(
                            (code(&reply).as_str(), reply.header("retry-after")),
                            ("ServiceUnavailable", Some("2"))
                        );
                        std::thread::sleep(std::time::Duration::from_millis(200));
                    }
                    panic!("the server never had time");
                })
            })
            .collect();
        callers.into_iter().map(|caller| caller.join().unwrap()).collect()
    })
}

#[test]
fn of_64_callers_who_give_one_number_to_64_users_exactly_one_succeeds() {
    let app = app();
    for number in ["02855500007", "02855500008", "02855500009"] {
        let list = format!("[\"{number}\"]");
        let replies = all_at_once(|caller| {
            let user = format!("agent{caller}@ccc-test");
            app.call(
                "AddPersonalNumbersToUser",
                &[("InstanceId", "ccc-test"), ("UserId", &user), ("NumberList", &list)],
            )
        });
        assert!(replies.iter().all(|reply| reply["Code"] == "OK"));
        let given: Vec<usize> = (0..CALLERS)
            .filter(|caller| replies[*caller]["Data"] == serde_json::json!([]))
            .collect();
        let refused =
            replies.iter().filter(|reply| reply["Data"] == serde_json::json!([number])).count();
        assert_eq!((given.len(), refused), (1, CALLERS - 1), "{number}");
        let holder = app
            .database
            .query(&format!("SELECT user_id FROM v_personal_number WHERE number = '{number}'"));
        assert_eq!(holder, format!("agent{}@ccc-test", given[0]), "who was told so has it");
    }
}

#[test]
fn of_callers_who_give_a_number_to_users_and_to_groups_one_kind_wins_whole() {
    let app = app();
    let replies = all_at_once(|caller| {
        let user = format!("agent{caller}@ccc-test");
        if caller % 2 == 0 {
            app.call(
                "AddPersonalNumbersToUser",
                &[
                    ("InstanceId", "ccc-test"),
                    ("UserId", &user),
                    ("NumberList", r#"["02855500007"]"#),
                ],
            )
        } else {
            app.call(
                "AddNumbersToSkillGroup",
                &[
                    ("InstanceId", "ccc-test"),
                    ("SkillGroupId", "night@ccc-test"),
                    ("NumberList", r#"["02855500007"]"#),
                ],
            )
        }
    });
    let given =
        replies.iter().step_by(2).filter(|reply| reply["Data"] == serde_json::json!([])).count();
    let bound = replies.iter().skip(1).step_by(2).filter(|reply| reply["Code"] == "OK").count();
    match app.database.query("SELECT state FROM phone_number WHERE number = '02855500007'").as_str()
    {
        "personal" => assert_eq!((given, bound), (1, 0)),
        "bound" => assert_eq!((given, bound), (0, CALLERS / 2)),
        state => panic!("the number is {state}"),
    }
}
