//! A vendor that refuses, is busy or slow, answers partly, shows what can't be taken over, or
//! changes while it is read.

use super::stand_in::{Instead, Vendor};
use super::{Office, counted, report, stderr};
use crate::support::{App, assert_snapshot};
use serde_json::{Value, json};
use std::net::TcpListener;
use std::process::Output;
use std::time::Duration;

fn adopt(office: &Office, vendor: &Vendor) -> Output {
    office.ccc(vendor.address, &["--instance", "ccc-test", "--json"])
}

/// That nothing came of it, for this reason.
pub(super) fn assert_refused(office: &Office, output: &Output, code: i32, sentence: &str) {
    assert!(stderr(output).contains(sentence), "{}", stderr(output));
    assert_eq!(output.status.code(), Some(code), "{}", stderr(output));
    assert_eq!(office.query("SELECT count(*) FROM phone_number"), "0");
    assert_eq!(office.query("SELECT count(*) FROM instance"), "0");
}

#[test]
fn wrong_credentials_and_what_they_may_not_read_are_told() {
    let (app, office) = (App::spawn(), Office::new());
    let endpoint = format!("http://{}", app.address);
    let ccc = |key: &str, secret: &str, instance: &str| {
        let arguments =
            ["adopt", "ccc", "--endpoint", &endpoint, "--access-key", key, "--instance", instance];
        office.run(&arguments, secret)
    };
    let output = ccc("demo-access-key", "another", "ccc-test");
    assert_refused(
        &office,
        &output,
        2,
        "does not accept the secret of the AccessKey demo-access-key (SignatureDoesNotMatch).",
    );
    assert!(!stderr(&output).contains("another"), "the secret is never shown");
    let output = ccc("nobody", "another", "ccc-test");
    assert_refused(
        &office,
        &output,
        2,
        "does not accept the AccessKey nobody: 404: InvalidAccessKeyId.NotFound",
    );
    let output = ccc("demo-access-key", "demo-access-secret", "no-such-instance");
    assert_refused(&office, &output, 3, "has no such instance: 404: NotExists.InstanceId");
    let output = ccc("demo-access-key", "", "ccc-test");
    assert_refused(&office, &output, 2, "The secret is empty; give it in NUMBERD_ADOPT_SECRET");
    let output = ccc("demo-access-key", "demo-access-secret", "no");
    assert_refused(&office, &output, 2, "--instance: \"no\" is not an instance id");
    let vcc = |client: &str, secret: &str| {
        let arguments = [
            "adopt",
            "vcc",
            "--endpoint",
            &endpoint,
            "--client-id",
            client,
            "--instance",
            "vcc-test",
        ];
        office.run(&arguments, secret)
    };
    assert_refused(
        &office,
        &vcc("demo-client", "another"),
        2,
        "gives the client demo-client no token: 400: invalid_client",
    );
    // Whoever is only an agent may not read it.
    app.database.query("UPDATE user SET role = 'Agent' WHERE user_id = 'lina@ccc-test'");
    let key = app.database.path().to_str().unwrap().to_owned();
    let made = crate::support::Program::run(
        &["access-key", "create", "lina", "--database", &key, "--json"],
        "",
    );
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();
    let [id, secret] = ["id", "secret"].map(|name| made[name].as_str().unwrap().to_owned());
    let output = ccc(&id, &secret, "ccc-test");
    assert_refused(&office, &output, 2, "does not let the AccessKey");
    assert!(
        stderr(&output).contains("call GetInstance: 403: Permission.Common"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_secret_comes_from_a_file_or_a_variable_too_and_from_no_argument() {
    let (app, office) = (App::spawn(), Office::new());
    let file = office.directory.path().join("secret");
    std::fs::write(&file, "demo-access-secret\n").unwrap();
    let endpoint = format!("http://{}", app.address);
    let database = office.database();
    let arguments = [
        "adopt",
        "ccc",
        "--endpoint",
        &endpoint,
        "--access-key",
        "demo-access-key",
        "--instance",
        "ccc-test",
        "--dry-run",
        "--database",
        database.to_str().unwrap(),
    ];
    let in_file = [&arguments as &[_], &["--secret-file", file.to_str().unwrap()]].concat();
    // The file that is named wins.
    let output = crate::support::Program::command(&in_file)
        .env("NUMBERD_ADOPT_SECRET", "wrong")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let output = crate::support::Program::command(&arguments)
        .env("NUMBERD_ADOPT_SECRET", "demo-access-secret")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    let on_the_line = [&arguments as &[_], &["--secret", "demo-access-secret"]].concat();
    let output = crate::support::Program::command(&on_the_line).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    let plain = ["adopt", "ccc", "--endpoint", "http://ccc.example.com", "--access-key", "k"];
    let output = office.run(&plain, "s");
    assert!(stderr(&output).contains("it must begin with https://"), "{}", stderr(&output));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_busy_vendor_is_asked_again_when_it_says() {
    let busy = |code: &str| json!({"Code": code, "Message": "Request was denied due to user flow control."});
    let vendor = Vendor::new(move |asked, before| match (asked, before) {
        ("ListUsers 1", 0) => {
            Instead::Say(400, ("x-acs-retry-after", "700"), busy("Throttling.User"))
        }
        ("ListUsers 1", 1) => Instead::Say(503, ("retry-after", "1"), busy("ServiceUnavailable")),
        ("ListSkillGroups 1", 0) => Instead::Cut,
        ("ListPhoneNumbers 2", 0) => Instead::Say(502, ("a", "b"), Value::Null),
        _ => Instead::Pass,
    });
    let office = Office::new();
    let done = report(&adopt(&office, &vendor));
    let waits: Vec<Duration> =
        vendor.moments("ListUsers 1").windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(waits[0] >= Duration::from_millis(700), "milliseconds: {waits:?}");
    assert!(waits[1] >= Duration::from_secs(1), "seconds: {waits:?}");
    assert_eq!(done["applied"], true);
    let asked = vendor.asked();
    let times = |what: &str| asked.iter().filter(|asked| *asked == what).count();
    assert_eq!(
        (times("ListUsers 1"), times("ListSkillGroups 1"), times("ListPhoneNumbers 2")),
        (3, 2, 2)
    );
}

#[test]
fn a_vendor_that_stays_busy_slow_or_gone_is_told_and_nothing_is_adopted() {
    let busy = || json!({"Code": "Throttling.Api", "Message": "Request was denied due to api flow control."});
    let office = Office::new();
    let vendor = Vendor::new(move |asked, _| match asked {
        "ListPhoneNumbers 2" => Instead::Say(400, ("x-acs-retry-after", "1"), busy()),
        _ => Instead::Pass,
    });
    assert_refused(
        &office,
        &adopt(&office, &vendor),
        5,
        "does not answer, 5 times: 400: Throttling.Api: Request was denied due to api flow control.",
    );
    assert_eq!(vendor.asked().iter().filter(|asked| *asked == "ListPhoneNumbers 2").count(), 5);

    let vendor = Vendor::new(move |asked, _| match asked {
        "ListPhoneNumbers 2" => Instead::Say(429, ("retry-after", "86400"), busy()),
        _ => Instead::Pass,
    });
    assert_refused(
        &office,
        &adopt(&office, &vendor),
        5,
        "does not answer, and asks to wait for 86400 s: 429: Throttling.Api",
    );

    let vendor = Vendor::new(|asked, _| match asked {
        "ListUsers 1" => Instead::Late(Duration::from_millis(1500)),
        _ => Instead::Pass,
    });
    let slow = office.ccc(vendor.address, &["--instance", "ccc-test", "--timeout", "1"]);
    assert_refused(
        &office,
        &slow,
        5,
        "does not answer, 5 times: the whole answer did not come in time (--timeout).",
    );
    assert!(stderr(&slow).contains(" is asked again: the whole answer"), "{}", stderr(&slow));

    let vendor = Vendor::new(|asked, _| match asked {
        "ListUsers 1" => Instead::Cut,
        _ => Instead::Pass,
    });
    assert_refused(&office, &adopt(&office, &vendor), 5, "does not answer, 5 times");

    for data in [json!({}), json!([]), json!("x"), json!({"List": {}, "TotalCount": 1})] {
        let vendor = Vendor::new(move |asked, _| match asked {
            "ListUsers 1" => {
                let data = data.clone();
                Instead::Edit(Box::new(move |body| body["Data"] = data))
            }
            _ => Instead::Pass,
        });
        assert_refused(
            &office,
            &adopt(&office, &vendor),
            5,
            "ListUsers is answered without a List and its TotalCount.",
        );
    }

    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let gone = office.ccc(nobody, &["--instance", "ccc-test"]);
    assert_refused(&office, &gone, 5, "does not answer, 5 times: Connection refused");
}

#[test]
fn a_list_that_changes_while_it_is_read_is_read_again_and_then_refused() {
    let more = || {
        Instead::Edit(Box::new(|body| {
            let total = body["Data"]["TotalCount"].as_u64().unwrap();
            body["Data"]["TotalCount"] = json!(total + 1);
        }))
    };
    let vendor = Vendor::new(move |asked, before| match (asked, before) {
        ("ListPhoneNumbers 2", 0) => more(),
        _ => Instead::Pass,
    });
    let office = Office::new();
    assert_eq!(report(&adopt(&office, &vendor))["applied"], true);
    assert_eq!(vendor.asked().iter().filter(|asked| *asked == "ListPhoneNumbers 1").count(), 2);

    let office = Office::new();
    let vendor = Vendor::new(move |asked, _| match asked {
        "ListPhoneNumbers 2" => more(),
        _ => Instead::Pass,
    });
    assert_refused(
        &office,
        &adopt(&office, &vendor),
        4,
        "ListPhoneNumbers changed while it was read, 3 times; try again when nobody is changing it.",
    );

    // A row that comes twice, because another came before it.
    let vendor = Vendor::new(move |asked, _| match asked {
        "ListPhoneNumbers 1" => Instead::Edit(Box::new(|body| {
            let rows = body["Data"]["List"].as_array_mut().unwrap();
            rows[99] = rows[0].clone();
        })),
        _ => Instead::Pass,
    });
    assert_refused(
        &office,
        &adopt(&office, &vendor),
        4,
        "ListPhoneNumbers changed while it was read",
    );

    // Two lists that contradict each other: a number is released between them.
    let released = || {
        Instead::Edit(Box::new(|body| {
            let rows = body["Data"]["List"].as_array_mut().unwrap();
            for row in rows.iter_mut().filter(|row| row["Number"] == "083xxxx0011") {
                row["UserId"] = json!("");
            }
        }))
    };
    let vendor = Vendor::new(move |asked, before| match (asked, before) {
        (page, 0) if page.starts_with("ListPhoneNumbers") => released(),
        _ => Instead::Pass,
    });
    assert_eq!(report(&adopt(&office, &vendor))["applied"], true);
    let vendor = Vendor::new(move |asked, _| match asked {
        page if page.starts_with("ListPhoneNumbers") => released(),
        _ => Instead::Pass,
    });
    let office = Office::new();
    assert_refused(
        &office,
        &adopt(&office, &vendor),
        4,
        "Who holds which number changed while ccc-test was read, 3 times",
    );
}

#[test]
fn what_cannot_be_taken_over_is_named_and_keeps_out_nothing_else_if_asked() {
    let vendor = Vendor::new(|asked, _| match asked {
        page if page.starts_with("ListPhoneNumbers") => {
            let is_first = page.ends_with(" 1");
            Instead::Edit(Box::new(move |body| {
                let rows = body["Data"]["List"].as_array_mut().unwrap();
                for row in rows.iter_mut().filter(|row| row["Number"] == "083xxxx0011") {
                    row["SkillGroups"] = json!([{"SkillGroupId": "test@ccc-test"}]);
                }
                if is_first {
                    let is_free =
                        |row: &&Value| row["SkillGroups"] == json!([]) && row["UserId"] == "";
                    let mut one = rows.iter().find(is_free).unwrap().clone();
                    for spelling in ["0571-88888888", "+8657188888888", "not a number"] {
                        one["Number"] = json!(spelling);
                        rows.push(one.clone());
                    }
                }
                let total = body["Data"]["TotalCount"].as_u64().unwrap();
                body["Data"]["TotalCount"] = json!(total + 3);
            }))
        }
        "ListSkillGroups 1" => Instead::Edit(Box::new(|body| {
            let rows = body["Data"]["List"].as_array_mut().unwrap();
            let mut group = rows[0].clone();
            group["SkillGroupId"] = json!("1st@ccc-test");
            rows.push(group);
            body["Data"]["TotalCount"] = json!(rows.len());
        })),
        _ => Instead::Pass,
    });
    let office = Office::new();
    let output = adopt(&office, &vendor);
    assert_refused(&office, &output, 1, "can't be taken over. Nothing was changed.");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut refused: Vec<String> = told["refused"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{}: {}", row["key"].as_str().unwrap(), row["reason"].as_str().unwrap()))
        .collect();
    refused.sort();
    assert_snapshot("adopt/cannot_be_taken_over", &refused.join("\n"));
    let best_effort = ["--instance", "ccc-test", "--best-effort", "--json"];
    let output = office.ccc(vendor.address, &best_effort);
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&told["applied"], counted(&told, "numbers")[3]), (&json!(true), 3));
    let spellings =
        "SELECT count(*) FROM phone_number WHERE number IN ('+8657188888888', '0571-88888888')";
    assert_eq!(office.query(spellings), "1");
    assert_eq!(office.query("SELECT count(*) FROM phone_number WHERE number = '083xxxx0011'"), "0");
    office.assert_sound();
}

#[test]
fn of_vcc_everything_but_the_token_is_a_get_and_an_ended_token_is_renewed() {
    let ended = || json!({"statusCode": 401, "error": "Unauthorized", "message": "Authorization has been denied for this request."});
    let vendor = Vendor::new(move |asked, before| match (asked, before) {
        ("GET /useradmin/callbackNumbers", 0) => {
            Instead::Say(401, ("www-authenticate", "Bearer"), ended())
        }
        ("GET /useradmin/groups", 0) => Instead::Say(429, ("retry-after", "0"), Value::Null),
        _ => Instead::Pass,
    });
    let office = Office::new();
    assert_eq!(report(&office.vcc(vendor.address, &["--json"]))["applied"], true);
    let asked = vendor.asked();
    let posts: Vec<&String> =
        asked.iter().filter(|asked| !asked.starts_with("GET /useradmin/")).collect();
    assert_eq!(posts, ["POST /Auth/connect/token", "POST /Auth/connect/token"]);
    // A token that stays refused is reported.
    let vendor = Vendor::new(move |asked, _| match asked {
        "GET /useradmin/callbackNumbers" => {
            Instead::Say(401, ("www-authenticate", "Bearer"), ended())
        }
        _ => Instead::Pass,
    });
    let office = Office::new();
    let output = office.vcc(vendor.address, &[]);
    assert_refused(
        &office,
        &output,
        2,
        "does not let the client demo-client read /useradmin/callbackNumbers",
    );
}
