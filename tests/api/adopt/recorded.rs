//! Vendors that answer as their pages say: an account of each, in its own words, with null for what
//! is not set, and without what may be left out.

use super::stand_in::{Answer, Instead, Request, Vendor, listen};
use super::{Office, counted, report, stderr};
use crate::support::{assert_snapshot, ccc_operation, contract};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Output;

/// The account of a vendor: `tests/contracts/accounts`.
pub(super) fn account(vendor: &str) -> Value {
    serde_json::from_str(&contract(&format!("accounts/{vendor}.json"))).unwrap()
}

/// An error of CCC as its gateway sends it.
fn ccc_error(code: &str, of: &Value) -> Value {
    let message = of["message"].as_str().unwrap().replace("%s", "hangzhou");
    json!({
        "RequestId": "3969FC68-CEC2-4398-B76A-60D2F7EDEBAF", "HostId": "ccc.cn-shanghai.aliyuncs.com",
        "Code": code, "Message": message,
        "Recommend": format!("https://error-center.aliyun.com/status/search?Keyword={code}&source=PopGw"),
    })
}

/// The rows of a page of a list, and how many there are.
fn page<'a>(rows: impl Iterator<Item = &'a Value>, page: usize, size: usize) -> (Value, usize) {
    let rows: Vec<&Value> = rows.collect();
    let shown: Vec<_> = rows.iter().skip((page - 1) * size).take(size).collect();
    (json!(shown), rows.len())
}

/// CCC: lists end at page 100, and show what holds the pattern.
fn ccc_answer(account: &Value, request: &Request) -> Answer {
    let action = request.header("x-acs-action").unwrap();
    let number = |name: &str| request.parameter(name).map(|value| value.parse::<usize>().unwrap());
    let data = match &account[action] {
        Value::Array(rows) => {
            let (at, size) = (number("PageNumber").unwrap(), number("PageSize").unwrap());
            if at > 100 || size > 100 {
                let said = json!({ "message": "The parameter PageNumber must be less than or equal to 100." });
                return Answer::new(400, &ccc_error("Parameter.Maximum", &said));
            }
            let pattern = request.parameter("SearchPattern").unwrap_or_default();
            let found = rows.iter().filter(|row| row.to_string().contains(&pattern));
            let (list, total) = page(found, at, size);
            json!({ "List": list, "PageNumber": at, "PageSize": size, "TotalCount": total })
        }
        found if action == "GetUser" => found[request.parameter("UserId").unwrap()].clone(),
        found => found.clone(),
    };
    let reply = json!({
        "RequestId": "EEEE671A-3E24-4A04-81E6-6C4F5B39DF75", "Message": "", "HttpStatusCode": 200,
        "Data": data, "Code": "OK",
    });
    Answer::new(200, &reply)
}

/// VCC: each list has its name and its `meta`.
fn vcc_answer(account: &Value, request: &Request) -> Answer {
    if request.path() == "/Auth/connect/token" {
        return Answer::new(
            200,
            &json!({ "access_token": "one", "expires_in": 7200, "token_type": "Bearer" }),
        );
    }
    let parts: Vec<&str> = request.path().split('/').skip(2).collect();
    let none = json!([]);
    let (field, rows) = match parts[..] {
        [list] => (list, account[list].clone()),
        ["users", id, "callbackNumbers"] => {
            let of = account["of_users"][id].as_array().cloned().unwrap_or_default();
            let all = account["callbackNumbers"].as_array().unwrap().iter();
            let held = all.filter(|number| of.contains(&number["callbackNumberId"]));
            ("callbackNumbers", json!(held.collect::<Vec<_>>()))
        }
        [kind, id, "users"] => {
            ("users", account[format!("of_{kind}")].get(id).unwrap_or(&none).clone())
        }
        _ => panic!("{parts:?}"),
    };
    let number = |name: &str| request.parameter(name).unwrap().parse().unwrap();
    let (at, size): (usize, usize) = (number("page"), number("limit"));
    let (shown, total) = page(rows.as_array().unwrap().iter(), at, size);
    let count = shown.as_array().unwrap().len();
    let pages = total.div_ceil(size);
    let meta = json!({ "page": at, "count": count, "pageCount": pages, "totalCount": total });
    Answer::new(200, &json!({ "meta": meta, field: shown }))
}

fn ccc(account: Value) -> SocketAddr {
    listen(move |request| ccc_answer(&account, request))
}

pub(super) fn vcc(account: Value) -> SocketAddr {
    listen(move |request| vcc_answer(&account, request))
}

fn adopt(office: &Office, vendor: SocketAddr) -> Output {
    office.ccc(vendor, &["--instance", "hangzhou", "--json"])
}

/// All that is in an office's database of what was adopted.
fn adopted(office: &Office) -> String {
    let lists = [
        &["instances", "list"][..],
        &["users", "list"],
        &["groups", "list"],
        &["numbers", "list"],
        &["contact-flows", "list"],
    ];
    let mut text = String::new();
    for list in lists {
        let rows = office.done(list);
        for row in rows["items"].as_array().or(rows.as_array()).unwrap() {
            text += &format!("{}: {row}\n", list[0]);
        }
    }
    text + &office.query(
        "SELECT group_concat(line, char(10)) FROM (
           SELECT user_id || ' in ' || skill_group_id || ' at ' || skill_level AS line
             FROM skill_group_member ORDER BY line)",
    )
}

/// Times and the ids that are made anew each time are left out.
fn shows(name: &str, office: &Office, ids: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r#""[a-z_]*(at|since)":("[^"]*"|\d+)"#, r#""…":"…""#);
    settings.add_filter(&format!(r#""({ids})":"[^"]*""#), r#""$1":"…""#);
    settings.bind(|| assert_snapshot(name, &adopted(office)));
}

#[test]
fn an_account_of_ccc_is_adopted_with_nulls_without_what_may_be_missing_and_with_text_for_numbers() {
    let office = Office::new();
    let done = report(&adopt(&office, ccc(account("ccc"))));
    assert_eq!(done["applied"], true, "{done:#}");
    shows("adopt/ccc_account", &office, "user_guid|skill_group_guid");
    office.assert_sound();
    // The samples of the vendor's pages have numbers and truth values as text.
    let before = office.changes();
    let again = report(&adopt(&office, ccc(as_text(account("ccc")))));
    assert_eq!(counted(&again, "numbers"), [0, 0, 6, 0, 0], "{again:#}");
    assert_eq!(office.changes(), before, "the same in other words is the same");
    // Of what can't be empty, the vendor's silence changes nothing.
    let here = ["--instance", "hangzhou", "--email", "lina@example.com", "--work-mode", "OFF_SITE"];
    office.done(&[&["users", "edit", "lina"], &here as &[_]].concat());
    let before = office.changes();
    report(&adopt(&office, ccc(account("ccc"))));
    assert_eq!(office.changes(), before);
}

/// The same with text for every number and truth value.
fn as_text(value: Value) -> Value {
    match value {
        Value::Array(rows) => rows.into_iter().map(as_text).collect(),
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, as_text(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Bool(_) | Value::Number(_) => Value::String(value.to_string()),
        other => other,
    }
}

#[test]
fn an_account_of_vcc_is_adopted_with_nulls_and_without_what_may_be_missing() {
    let office = Office::new();
    let vendor = vcc(account("vcc"));
    assert_eq!(report(&office.vcc(vendor, &["--json"]))["applied"], true);
    shows("adopt/vcc_account", &office, "ram_id");
    office.assert_sound();
    let before = office.changes();
    assert_eq!(report(&office.vcc(vendor, &["--json"]))["applied"], false);
    assert_eq!(office.changes(), before);
    // The page on users marks `meta` as what may be missing.
    let vendor = Vendor::before(vendor, |asked, _| match asked {
        "GET /useradmin/users" => Instead::Edit(Box::new(|body| {
            body.as_object_mut().unwrap().remove("meta");
        })),
        _ => Instead::Pass,
    });
    assert_eq!(report(&office.vcc(vendor.address, &["--json"]))["applied"], false);
}

/// A recorded account must use only the vendor's words, and say something of all that the vendor
/// shows.
#[test]
fn the_account_of_ccc_has_the_fields_of_the_contract_each_of_them_missing_somewhere() {
    let account = account("ccc");
    for (action, answer) in account.as_object().unwrap() {
        let data = &ccc_operation(action)["response"]["fields"]["Data"]["fields"];
        let fields = match answer {
            Value::Array(_) => &data["List"]["items"]["fields"],
            _ => data,
        };
        let rows: Vec<&Value> = match (answer, action.as_str()) {
            (Value::Array(rows), _) => rows.iter().collect(),
            (users, "GetUser") => users.as_object().unwrap().values().collect(),
            (one, _) => vec![one],
        };
        for row in &rows {
            for name in row.as_object().unwrap().keys() {
                assert!(fields.get(name).is_some(), "{action} has no {name}");
            }
        }
        for name in fields.as_object().unwrap().keys() {
            assert!(rows.iter().any(|row| row.get(name).is_some()), "{action} shows {name}");
        }
    }
}

/// Every error of the vendor's pages, at the first request and in the middle.
#[test]
fn whatever_ccc_answers_is_a_clear_sentence_and_nothing_is_adopted() {
    let errors: BTreeMap<String, Value> =
        serde_json::from_str(&contract("ccc-errors.json")).unwrap();
    let server = ccc(account("ccc"));
    let office = Office::new();
    let before = office.changes();
    let mut said = String::new();
    for (code, error) in &errors {
        for action in ["GetInstance", "ListPhoneNumbers 1"] {
            let status = error["status"].as_u64().unwrap() as u16;
            let body = ccc_error(code, error);
            let vendor = Vendor::before(server, move |asked, _| {
                if asked == action {
                    Instead::Say(status, ("x-acs-retry-after", "1"), body.clone())
                } else {
                    Instead::Pass
                }
            });
            let output = office.ccc(vendor.address, &["--instance", "hangzhou"]);
            let sentence = stderr(&output).replace(&vendor.address.to_string(), "ccc.example.com");
            let exit = output.status.code().unwrap();
            assert!(sentence.contains(code.as_str()), "{code}: {sentence}");
            assert!(!sentence.contains("%s"), "{code}: {sentence}");
            said += &format!("{exit} {}\n", sentence.trim());
        }
    }
    assert_eq!(office.changes(), before, "nothing is half-adopted");
    assert_snapshot("adopt/errors_of_ccc", &said);
}

#[test]
fn who_answers_without_a_code_is_not_taken_for_the_vendor() {
    let office = Office::new();
    for (status, exit, said) in [
        (404, 3, "has no /: 404; is --endpoint the address"),
        (403, 5, "answers 403 without a code; is --endpoint the address"),
        (400, 5, "answers 400 without a code; is --endpoint the address"),
    ] {
        let other = listen(move |_| Answer::new(status, &Value::Null));
        let output = office.ccc(other, &["--instance", "hangzhou"]);
        assert_eq!(output.status.code(), Some(exit), "{}", stderr(&output));
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn a_vendor_that_is_busy_without_saying_how_long_is_given_a_longer_pause() {
    let busy = |body: Value| move |status| Instead::Say(status, ("a", "b"), body.clone());
    let ccc_busy = busy(
        json!({ "Code": "Throttling.User", "Message": "Request was denied due to user flow control." }),
    );
    let vendor = Vendor::before(ccc(account("ccc")), move |asked, before| match (asked, before) {
        ("GetInstance", 0) => ccc_busy(400),
        _ => Instead::Pass,
    });
    let office = Office::new();
    assert_eq!(report(&adopt(&office, vendor.address))["applied"], true);
    let asked = vendor.moments("GetInstance");
    assert!((asked[1] - asked[0]).as_millis() >= 1000, "{asked:?}");
    let vcc_busy = busy(json!({ "message": "Rate limit is exceeded." }));
    let vendor = Vendor::before(vcc(account("vcc")), move |asked, before| match (asked, before) {
        ("GET /useradmin/users", 0) => vcc_busy(429),
        ("GET /useradmin/skills", 0) => {
            let body = json!({ "message": "Rate limit is exceeded." });
            Instead::Say(429, ("retry-after", "3"), body)
        }
        _ => Instead::Pass,
    });
    let output = office.vcc(vendor.address, &["--json"]);
    assert_eq!(report(&output)["applied"], true);
    // A second passes unnoticed; whatever is longer is announced.
    let said = format!("{} is asked again in 3 s: 429: Rate limit is exceeded.", vendor.address);
    let lines: Vec<String> =
        stderr(&output).lines().filter(|line| line.contains("again")).map(str::to_owned).collect();
    assert_eq!(lines, [format!("numberd: {said}")]);
    let asked = vendor.moments("GET /useradmin/users");
    assert!((asked[1] - asked[0]).as_millis() >= 1000, "{asked:?}");
}

#[test]
fn a_holder_whom_no_list_shows_is_named() {
    let mut account = account("ccc");
    account["ListPhoneNumbers"][5]["UserId"] = json!("gone@hangzhou");
    let office = Office::new();
    let output = adopt(&office, ccc(account));
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let sentence = "01062550005 is held by gone@hangzhou, whom ListUsers does not show";
    assert!(stderr(&output).contains(sentence), "{}", stderr(&output));
}

/// As its pages say, a list without rows may be null.
#[test]
fn a_list_that_is_null_has_no_rows_and_one_that_should_have_some_is_not_taken_for_empty() {
    let server = ccc(account("ccc"));
    let without_flows = |total: u64| {
        Vendor::before(server, move |asked, _| match asked {
            "ListContactFlows 1" => Instead::Edit(Box::new(move |body| {
                body["Data"]["List"] = Value::Null;
                body["Data"]["TotalCount"] = json!(total);
            })),
            "ListPhoneNumbers 1" => Instead::Edit(Box::new(|body| {
                for number in body["Data"]["List"].as_array_mut().unwrap() {
                    number["ContactFlowId"] = Value::Null;
                }
            })),
            _ => Instead::Pass,
        })
    };
    let office = Office::new();
    let refused = adopt(&office, without_flows(1).address);
    let sentence = "ListContactFlows is answered without a List and its TotalCount";
    assert!(stderr(&refused).contains(sentence), "{}", stderr(&refused));
    assert_eq!(report(&adopt(&office, without_flows(0).address))["applied"], true);
    assert_eq!(office.query("SELECT count(*) FROM contact_flow"), "0");
}
