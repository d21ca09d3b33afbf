//! Habits of real clients: what they send is understood or refused by name, never half of it.

use super::requests;
use super::signer::{self, Pairs, pairs};
use super::wire::{NOON, NOON_TEXT, Request, v1_call, v1_common, v1_get, v3_call, v3_headers};
use super::{assert_snapshot, code, shown};
use crate::support::{App, SeededDatabase, Watch};
use numberd::domain::{Clock, Paging, Timestamp};

const LIST: &[(&str, &str)] = &[("PageNumber", "1"), ("PageSize", "1")];

fn app() -> App {
    App::over(SeededDatabase::new(), Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)))
}

/// An operation called by V3 with a body and other headers, each of which is signed.
fn v3_body(action: &str, nonce: &str, signed: &[(&str, &str)], body: &[u8]) -> Request {
    let mut headers = v3_headers(nonce, action, NOON_TEXT, body);
    headers.extend(pairs(signed));
    headers.sort();
    let (key, secret) = ("demo-access-key", b"demo-access-secret");
    let authorization =
        signer::v3_authorization("POST", &Pairs::new(), &headers, body, key, secret);
    headers.push(("authorization".to_owned(), authorization));
    Request { method: "POST".to_owned(), target: "/".to_owned(), headers, body: body.to_vec() }
}

#[test]
fn a_content_type_that_an_http_library_added_after_signing_is_no_obstacle() {
    let app = app();
    for (at, content_type) in
        ["application/octet-stream", "application/json", "application/x-www-form-urlencoded"]
            .iter()
            .enumerate()
    {
        let request = v3_call(&format!("t{at}"), "ListInstancesOfUser", LIST);
        let reply = request.header("content-type", content_type).send(&app);
        assert_eq!(code(&reply), "OK", "{content_type}");
    }
    let form = b"PageNumber=1&PageSize=1";
    let unsigned = v3_body("ListInstancesOfUser", "form", &[], form);
    let reply =
        unsigned.clone().header("content-type", "application/x-www-form-urlencoded").send(&app);
    assert_eq!(code(&reply), "OK", "with a body that is hashed");
    assert_eq!(code(&unsigned.send(&app)), "InvalidContentType", "a body that nobody names");
    let signed = [("content-type", "application/x-www-form-urlencoded")];
    let mut request = v3_body("ListInstancesOfUser", "signed", &signed, form);
    assert_eq!(code(&request.clone().send(&app)), "OK");
    for header in &mut request.headers {
        header.1 = header.1.replace("urlencoded", "urlencoded;charset=utf-8");
    }
    assert_eq!(code(&request.send(&app)), "SignatureDoesNotMatch", "what is signed is checked");
}

#[test]
fn a_time_stamp_may_have_a_fraction_of_a_second_and_its_zone_as_an_offset() {
    let app = app();
    for (at, text) in [
        "2026-11-21T12:00:00.0Z",
        "2026-11-21T12:00:00.385506225Z",
        "2026-11-21T12:00:00.123456789012345Z",
        "2026-11-21T12:00:00+00:00",
        "2026-11-21T12:00:00.123+00:00",
    ]
    .iter()
    .enumerate()
    {
        let nonce = format!("n{at}");
        let parameters =
            [v1_common(&nonce, text), pairs(&[("Action", "ListInstancesOfUser")]), pairs(LIST)];
        assert_eq!(code(&v1_get(&parameters.concat()).send(&app)), "OK", "V1 {text}");
        let mut headers = v3_headers(&format!("m{at}"), "ListInstancesOfUser", text, b"");
        headers.sort();
        let request = super::wire::v3_post(LIST, &headers);
        assert_eq!(code(&request.send(&app)), "OK", "V3 {text}");
    }
}

#[test]
fn the_parts_of_authorization_are_found_by_their_names() {
    let app = app();
    let mut request = v3_call("order", "ListInstancesOfUser", LIST);
    let header = request.headers.iter_mut().find(|(name, _)| name == "authorization").unwrap();
    let parts = header.1.strip_prefix("ACS3-HMAC-SHA256 ").unwrap().to_owned();
    let parts: Vec<&str> = parts.split(',').rev().collect();
    header.1 = format!("ACS3-HMAC-SHA256 {}", parts.join(" , "));
    let twice = format!("ACS3-HMAC-SHA256 {},{}", parts.join(","), parts[0]);
    assert_eq!(code(&request.send(&app)), "OK");
    let request = v3_call("twice", "ListInstancesOfUser", LIST);
    let headers = request.headers.iter().filter(|(name, _)| name != "authorization").cloned();
    let request = Request { headers: headers.collect(), ..request };
    assert_eq!(code(&request.header("authorization", &twice).send(&app)), "InvalidAuthorization");
}

#[test]
fn the_bearer_credential_of_the_sdks_is_an_api_token() {
    let app = app();
    let query = "PageNumber=1&PageSize=1&SignatureType=BEARERTOKEN";
    let v1 = |token: &str| {
        Request::post(
            &format!(
                "Action=ListInstancesOfUser&Version=2020-07-01&Format=json&{query}&Timestamp=2026-11-21T12%3A00%3A00Z&SignatureNonce=1&{token}"
            ),
            b"",
        )
    };
    let v3 = |query: &str, token: &str| {
        Request::post(query, b"")
            .header("x-acs-action", "ListInstancesOfUser")
            .header("x-acs-version", "2020-07-01")
            .header("x-acs-bearer-token", token)
    };
    assert_eq!(code(&v1("BearerToken=demo-token").send(&app)), "OK");
    assert_eq!(code(&v3(query, "demo-token").send(&app)), "OK");
    let by_header =
        v3("PageNumber=1&PageSize=1", "demo-token").header("x-acs-signature-type", "BEARERTOKEN");
    assert_eq!(code(&by_header.send(&app)), "OK");
    let refused = [
        ("V1, a wrong token", v1("BearerToken=wrong")),
        ("V1, no token", v1("BearerToken=")),
        ("V1, a signature as well", v1("BearerToken=demo-token&AccessKeyId=a&Signature=b")),
        ("V3, a wrong token", v3(query, "wrong")),
        ("V3, without the type", v3("PageNumber=1&PageSize=1", "demo-token")),
        ("V3, a signature as well", v3(query, "demo-token").header("authorization", "Bearer x")),
    ];
    let refused =
        refused.map(|(what, request)| format!("# {what}\n{}", shown(&app, &request.send(&app))));
    assert_snapshot("bearer_credential_of_the_sdks", &refused.join("\n"));
}

#[test]
fn a_body_in_json_is_read_for_v3_and_refused_by_name_otherwise() {
    let app = app();
    let json = [("content-type", "application/json; charset=utf-8")];
    let call = |nonce: &str, body: &str| {
        v3_body("AddPersonalNumbersToUser", nonce, &json, body.as_bytes())
    };
    let right = r#"{"InstanceId":"ccc-test","UserId":"liuyang@ccc-test","NumberList":["02855500007"],"Async":null}"#;
    assert_eq!(call("a", right).send(&app).json()["Data"], serde_json::json!([]), "{right}");
    let with_bom = format!("\u{feff}{right}");
    assert_eq!(code(&call("b", &with_bom).send(&app)), "OK");
    let held = "SELECT user_id FROM v_personal_number WHERE number = '02855500007'";
    assert_eq!(app.database.query(held), "liuyang@ccc-test");
    let watch = Watch::over(&app.database);
    let mut text = String::new();
    for (at, body) in
        [r#"["InstanceId"]"#, "{", r#"{"InstanceId":"a","InstanceId":"b"}"#].iter().enumerate()
    {
        let reply = call(&format!("c{at}"), body).send(&app);
        text += &format!("# {body}\n{}\n", shown(&app, &reply));
    }
    let v1 = Request {
        method: "POST".to_owned(),
        body: right.as_bytes().to_vec(),
        ..v1_call("v1", "AddPersonalNumbersToUser", &[])
    };
    let reply = v1.header("content-type", "application/json").send(&app);
    text += &format!("# signed by V1\n{}\n", shown(&app, &reply));
    assert_snapshot("json_bodies", &text);
    watch.assert_unchanged("a body that is not understood");
}

#[test]
fn a_compressed_body_is_refused_as_what_it_is() {
    let app = app();
    let gzip = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00";
    let form = "application/x-www-form-urlencoded";
    let named = Request::post("Action=ListInstancesOfUser", gzip)
        .header("content-encoding", "gzip")
        .bearer();
    let nameless = Request::post("Action=ListInstancesOfUser", gzip).bearer();
    let plain = Request::post("Action=ListInstancesOfUser", b"PageNumber=1&PageSize=1")
        .header("content-encoding", "identity")
        .bearer();
    assert_eq!(plain.headers[0].1, form);
    assert_eq!(code(&plain.send(&app)), "OK");
    let (named, nameless) = (named.send(&app), nameless.send(&app));
    assert_eq!(nameless.status, 415);
    assert_snapshot("compressed_body", &shown(&app, &named));
}

#[test]
fn a_refused_v3_signature_shows_the_canonical_request_and_an_incomplete_one_what_it_lacks() {
    let app = app();
    let right = v3_call("r", "ListInstancesOfUser", LIST);
    let change = |name: &str, from: &str, to: &str| {
        let mut request = right.clone();
        for (key, value) in &mut request.headers {
            if key == name {
                *value = value.replace(from, to);
            }
        }
        request
    };
    let hash = signer::sha256(b"");
    let cases = [
        ("a proxy replaced Host", change("host", "ccc", "numbers")),
        ("x-acs-date is not signed", change("authorization", "x-acs-date;", "")),
        ("a header that is not there is signed", change("authorization", "host;", "accept;host;")),
        (
            "the list is not sorted",
            change("authorization", "host;x-acs-action", "x-acs-action;host"),
        ),
        ("a name is in upper case", change("authorization", "=host;", "=Host;")),
        ("another header has meaning", right.clone().header("x-acs-extra", "1")),
        ("the hash is another body's", change("x-acs-content-sha256", &hash[..4], "0000")),
    ];
    let cases =
        cases.map(|(what, request)| format!("# {what}\n{}", shown(&app, &request.send(&app))));
    assert_snapshot("refused_v3_signatures", &cases.join("\n"));
}

#[test]
fn a_list_of_objects_may_be_flat() {
    let levels = |app: &App, user: &str| {
        app.database.query(&format!(
            "SELECT skill_group_id || ' ' || skill_level FROM skill_group_member WHERE user_id = '{user}' AND skill_group_id = 'night@ccc-test'"
        ))
    };
    let group =
        [("SkillLevelList.1.SkillGroupId", "night@ccc-test"), ("SkillLevelList.1.SkillLevel", "7")];
    let user = |list: &'static str| {
        let (id, level) = (format!("{list}.1.UserId"), format!("{list}.1.SkillLevel"));
        (id, level)
    };
    let app = App::spawn();
    let call = |action: &str, extra: &[(&str, &str)]| {
        let parameters = [&[("InstanceId", "ccc-test")], extra].concat();
        let reply = app.call(action, &parameters);
        assert_eq!(reply.status, 200, "{action}: {}", reply.body);
    };
    let new = [
        ("LoginName", "flat"),
        ("DisplayName", "Flat"),
        ("RoleId", "Agent@ccc-test"),
        ("Email", "flat@example.com"),
        ("WorkMode", "ON_SITE"),
    ];
    call("CreateUser", &[new.as_slice(), &group].concat());
    assert_eq!(levels(&app, "flat@ccc-test"), "night@ccc-test 7");
    let lina = [("UserId", "lina@ccc-test")];
    call("AddSkillGroupsToUser", &[lina.as_slice(), &group].concat());
    assert_eq!(levels(&app, "lina@ccc-test"), "night@ccc-test 7");
    call(
        "ModifySkillLevelsOfUser",
        &[lina.as_slice(), &group[..1], &[("SkillLevelList.1.skillLevel", "3")]].concat(),
    );
    assert_eq!(levels(&app, "lina@ccc-test"), "night@ccc-test 3");
    for (action, list, level) in [
        ("ModifyUserLevelsOfSkillGroup", "UserLevelList", "5"),
        ("AddUsersToSkillGroup", "UserSkillLevelList", "6"),
    ] {
        let (id, skill) = user(list);
        call(
            action,
            &[("SkillGroupId", "night@ccc-test"), (&id, "lina@ccc-test"), (&skill, level)],
        );
        assert_eq!(levels(&app, "lina@ccc-test"), format!("night@ccc-test {level}"));
    }
}

#[test]
fn no_parameter_in_a_form_that_is_not_read_is_taken_as_absent() {
    let app = App::spawn();
    let watch = Watch::over(&app.database);
    let levels: &[(&str, &[(&str, &str)])] = &[
        ("a gap", &[("SkillLevelList.2.SkillGroupId", "a"), ("SkillLevelList.2.SkillLevel", "1")]),
        (
            "index 0",
            &[("SkillLevelList.0.SkillGroupId", "a"), ("SkillLevelList.0.SkillLevel", "1")],
        ),
        ("another member", &[("SkillLevelList.1.Level", "1")]),
        ("half an item", &[("SkillLevelList.1.SkillGroupId", "sales@ccc-test")]),
        ("brackets", &[("SkillLevelList[0][SkillGroupId]", "sales@ccc-test")]),
        ("other case", &[("skillLevelList", "[]")]),
        (
            "a member twice",
            &[(
                "SkillLevelList",
                r#"[{"skillGroupId":"sales@ccc-test","skillLevel":1,"skillLevel":2}]"#,
            )],
        ),
        (
            "member twice, flat",
            &[
                ("SkillLevelList.1.SkillGroupId", "sales@ccc-test"),
                ("SkillLevelList.1.SkillLevel", "1"),
                ("SkillLevelList.1.skillLevel", "2"),
            ],
        ),
        ("a text in brackets", &[("Mobile[0]", "1")]),
        ("a text with a figure", &[("WorkMode.1", "OFF_SITE")]),
    ];
    let mut text = String::new();
    for (what, extra) in levels {
        let mut parameters = requests::golden("CreateUser").to_vec();
        parameters.retain(|(name, _)| !matches!(*name, "SkillLevelList" | "Mobile" | "WorkMode"));
        parameters.extend_from_slice(extra);
        text += &format!("# {what}\n{}\n", shown(&app, &app.call("CreateUser", &parameters)));
    }
    for (name, value) in [("NumberList.0", "1"), ("NumberList.x", "1"), ("NumberList[]", "1")] {
        let parameters = [("InstanceId", "ccc-test"), ("UserId", "lina@ccc-test"), (name, value)];
        let reply = app.call("AddPersonalNumbersToUser", &parameters);
        text += &format!("# {name}\n{}\n", shown(&app, &reply));
    }
    for (name, value) in [("Active.1", "true"), ("searchPattern", "0")] {
        let extra = [(name, Some(value)), ("SearchPattern", None), ("Active", None)];
        let reply = app.call("ListPhoneNumbers", &requests::changed("ListPhoneNumbers", &extra));
        text += &format!("# {name}\n{}\n", shown(&app, &reply));
    }
    assert_snapshot("forms_that_are_not_read", &text);
    watch.assert_unchanged("a parameter in a form that is not read");
}

#[test]
fn a_request_that_found_the_database_locked_can_be_sent_again_as_it_is() {
    let app = app();
    let lock = rusqlite::Connection::open(app.database.path()).unwrap();
    let action = "RemovePersonalNumbersFromUser";
    let v3 = v3_call("again", action, requests::golden(action));
    for request in [v3, v1_call("v1 again", action, requests::golden(action))] {
        lock.execute_batch("BEGIN IMMEDIATE").unwrap();
        let reply = request.send(&app);
        assert_eq!(code(&reply), "ServiceUnavailable");
        assert_eq!(reply.header("retry-after"), Some("2"));
        assert_eq!(reply.header("x-acs-retry-after"), Some("2000"), "milliseconds");
        lock.execute_batch("ROLLBACK").unwrap();
        assert_eq!(code(&request.send(&app)), "OK", "nothing was done the first time");
        assert_eq!(code(&request.send(&app)), "SignatureNonceUsed", "but now it was");
    }
}
