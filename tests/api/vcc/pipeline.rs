//! Sections 1 and 3: paths, versioning, authentication, the order of checks.

use super::{ANNA, V4, Vcc, message, send, state, token};
use crate::support::App;
use numberd::vcc::ENDPOINTS;

/// The path of an endpoint, with this id in the place of its `{…}`.
fn path_of(pattern: &str, id: &str) -> String {
    let segments: Vec<&str> = pattern
        .split('/')
        .map(|segment| if segment.starts_with('{') { id } else { segment })
        .collect();
    format!("/useradmin{}", segments.join("/"))
}

#[test]
fn no_version_in_accept_is_missing_even_before_the_route_and_the_token() {
    let app = App::spawn();
    for accept in [
        None,
        Some("*/*"),
        Some("application/json"),
        Some("application/vnd.newvoicemedia+json"),
        Some("application/vnd.newvoicemedia.v+json"),
        Some(""),
    ] {
        let headers: Vec<(&str, &str)> =
            accept.map(|accept| ("accept", accept)).into_iter().collect();
        for path in [
            "/useradmin/users",
            "/useradmin/nowhere",
            "/useradmin",
            "/useradmin/users/x/callbackNumbers",
        ] {
            let reply = send(app.address, "GET", path, &headers, None);
            assert_eq!(
                message(&reply, 400),
                "Version missing from Accept header!",
                "{accept:?} {path}"
            );
        }
    }
}

#[test]
fn unsupported_version_names_the_valid_one() {
    let app = App::spawn();
    for accept in [
        "application/vnd.newvoicemedia.v3+json",
        "application/vnd.newvoicemedia.v40+json",
        "application/vnd.newvoicemedia.v99999999999+json, */*",
    ] {
        let reply = send(app.address, "GET", "/useradmin/users", &[("accept", accept)], None);
        assert_eq!(message(&reply, 400), "Invalid api-version! Valid values: 4", "{accept}");
    }
}

#[test]
fn accept_form_may_be_any_list_member_in_any_case_with_parameters() {
    let app = App::spawn();
    let bearer = format!("Bearer {}", token(app.address, "demo-client", "users:read"));
    for accept in [
        V4,
        "application/json;q=0.9, Application/Vnd.NewVoiceMedia.V4+JSON; q=0.1",
        "application/vnd.newvoicemedia.v3+json,application/vnd.newvoicemedia.v4+json;charset=utf-8",
    ] {
        assert_eq!(
            send(
                app.address,
                "GET",
                "/useradmin/users",
                &[("accept", accept), ("authorization", &bearer)],
                None
            )
            .status,
            200,
            "{accept}"
        );
    }
    let twice = [("accept", "*/*"), ("accept", V4), ("authorization", bearer.as_str())];
    assert_eq!(send(app.address, "GET", "/useradmin/users", &twice, None).status, 200);
}

#[test]
fn missing_malformed_unknown_or_expired_token_is_unauthorized_on_every_endpoint() {
    let app = App::spawn();
    let untouched = state(&app);
    let wrong = [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nothing",
        "Basic ZGVtbw==",
        "Bearer demo-token",
        "bearer a b",
    ];
    for endpoint in ENDPOINTS {
        let path = path_of(endpoint.path(), ANNA);
        for authorization in wrong.map(Some).into_iter().chain([None]) {
            let mut headers = vec![("accept", V4)];
            headers.extend(authorization.map(|value| ("authorization", value)));
            let reply = send(
                app.address,
                endpoint.method(),
                &path,
                &headers,
                (endpoint.method() != "GET").then_some(b"{".as_slice()),
            );
            assert_eq!(
                message(&reply, 401),
                "Authorization has been denied for this request.",
                "{} {authorization:?}",
                endpoint.name
            );
            assert_eq!(reply.header("www-authenticate"), Some("Bearer"));
        }
    }
    assert_eq!(state(&app), untouched);
}

#[test]
fn two_authorization_headers_are_none() {
    let app = App::spawn();
    let bearer = format!("Bearer {}", token(app.address, "demo-client", "users:read"));
    let reply = send(
        app.address,
        "GET",
        "/useradmin/users",
        &[("accept", V4), ("authorization", &bearer), ("authorization", &bearer)],
        None,
    );
    message(&reply, 401);
}

#[test]
fn valid_token_scope_lacking_is_forbidden_on_every_write_and_reads_take_either_scope() {
    let app = App::spawn();
    let reader = Vcc::with(&app, "demo-client", "users:read");
    let writer = Vcc::with(&app, "demo-client", "users:write");
    let untouched = state(&app);
    for endpoint in ENDPOINTS {
        let path = path_of(
            endpoint.path(),
            if endpoint.path().starts_with("/users") { ANNA } else { super::SUPPORT },
        );
        let path = path.strip_prefix("/useradmin").unwrap();
        match endpoint.method() {
            "GET" => assert_eq!(
                (reader.get(path).status, writer.get(path).status),
                (200, 200),
                "{}",
                endpoint.name
            ),
            // Scope comes before the body, which is malformed here.
            method => {
                assert_eq!(
                    message(&reader.send(method, path, Some(b"{")), 403),
                    "Insufficient scope",
                    "{}",
                    endpoint.name
                );
                // A DELETE has no body; what it names is active and stays.
                let status = if method == "DELETE" { 409 } else { 400 };
                message(&writer.send(method, path, Some(b"{")), status);
            }
        }
    }
    assert_eq!(state(&app), untouched);
}

#[test]
fn unknown_user_group_or_route_is_not_found() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let nobody = "00000000-0000-0000-0000-000000000000";
    for endpoint in ENDPOINTS
        .iter()
        .filter(|endpoint| endpoint.path().contains('{') && endpoint.method() == "GET")
    {
        let path = path_of(endpoint.path(), nobody);
        assert!(
            message(&vcc.get(path.strip_prefix("/useradmin").unwrap()), 404).contains(nobody),
            "{}",
            endpoint.name
        );
    }
    for path in [
        "",
        "/",
        "/nowhere",
        "/users/",
        "/users//callbackNumbers",
        "/Users",
        "/users/x/y/z",
        "/callbackNumbers//",
        "/users/x/schedules",
    ] {
        let status = vcc.get(path).status;
        assert_eq!(status, if path == "/users/" { 200 } else { 404 }, "{path}");
    }
    // The vendor's older pages print this path by mistake.
    message(&vcc.get(&format!("/{ANNA}/callbackNumbers")), 404);
}

#[test]
fn user_id_not_guid_shaped_is_refused_and_case_plays_no_part() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for id in [
        "abc",
        "annakowalska@vcc-test",
        "2f9207ca-8922-4245-bfc5-d8f42939e29",
        "2f9207ca-8922-4245-bfc5-d8f42939e29ag",
        "2f9207ca_8922_4245_bfc5_d8f42939e29a",
        "gf9207ca-8922-4245-bfc5-d8f42939e29a",
        "%32f9207ca-8922-4245-bfc5-d8f42939e29",
    ] {
        assert!(
            message(&vcc.get(&format!("/users/{id}")), 400)
                .starts_with("userId must be a GUID of 36 characters, but is "),
            "{id}"
        );
    }
    assert_eq!(vcc.read(&format!("/users/{}", ANNA.to_uppercase()))["userId"], ANNA);
    // The vendor's own samples are not RFC 4122 UUIDs.
    message(&vcc.get("/users/118135e7-5a08-b79d-d4c7-118135e75a08"), 404);
}

#[test]
fn malformed_json_or_another_content_type_is_refused() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    let path = format!("/useradmin/users/{ANNA}/callbackNumbers");
    let bearer = format!("Bearer {}", vcc.token);
    let put = |content_type: Option<&str>, body: &[u8]| {
        let mut headers = vec![("accept", V4), ("authorization", bearer.as_str())];
        headers.extend(content_type.map(|value| ("content-type", value)));
        send(app.address, "PUT", &path, &headers, Some(body))
    };
    let untouched = state(&app);
    for body in
        ["", "{", "null", "5", "\"x\"", "[[{}]]", "{\"callbackNumbers\":[]} x", "\u{feff}{}"]
    {
        message(&put(Some("application/json"), body.as_bytes()), 400);
    }
    message(&put(Some("application/json"), b"{\"callbackNumbers\":[\xff]}"), 400);
    message(&put(Some("application/json"), "[".repeat(100_000).as_bytes()), 400);
    for content_type in
        ["text/plain", "application/x-www-form-urlencoded", "application/xml", "json", ""]
    {
        message(&put(Some(content_type), b"{\"callbackNumbers\":[]}"), 415);
    }
    message(&put(Some("application/json"), &vec![b' '; 256 * 1024 + 1]), 413);
    assert_eq!(state(&app), untouched);
    let same = super::callback_numbers(&[super::TEST1, super::TEST2, super::TEST3]).to_string();
    for content_type in
        [None, Some("application/json; charset=utf-8"), Some("APPLICATION/JSON"), Some(V4)]
    {
        assert_eq!(put(content_type, same.as_bytes()).status, 200, "{content_type:?}");
    }
}

#[test]
fn method_not_offered_on_a_known_path_is_405_with_allow_before_the_token() {
    let app = App::spawn();
    for (path, allow) in [
        ("/users", "GET, POST"),
        ("/users/x", "GET, PATCH, DELETE"),
        ("/users/x/callbackNumbers", "GET, PUT"),
        ("/skills/x/users", "GET, PUT"),
        ("/groups/x/users", "GET"),
    ] {
        let offered: Vec<&str> = allow.split(", ").collect();
        let methods = ["POST", "DELETE", "OPTIONS", "PATCH"];
        for method in methods.into_iter().filter(|method| !offered.contains(method)) {
            let body = matches!(method, "POST" | "PATCH").then_some(b"".as_slice());
            let reply =
                send(app.address, method, &format!("/useradmin{path}"), &[("accept", V4)], body);
            message(&reply, 405);
            assert_eq!(reply.header("allow"), Some(allow), "{method} {path}");
        }
    }
}

#[test]
fn every_reply_is_json_in_utf_8_and_not_stored() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    for reply in [
        vcc.get("/users"),
        vcc.get("/nowhere"),
        vcc.get("/users/x"),
        send(app.address, "GET", "/useradmin/users", &[], None),
    ] {
        assert_eq!(reply.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn one_trailing_slash_is_tolerated_and_the_rest_is_matched_exactly() {
    let app = App::spawn();
    let vcc = Vcc::of(&app);
    assert_eq!(vcc.get("/callbackNumbers/").status, 200);
    assert_eq!(vcc.get("/callbacknumbers").status, 404);
    assert_eq!(send(app.address, "GET", "/UserAdmin/users", &[("accept", V4)], None).status, 404);
}

#[test]
fn the_order_is_version_route_authentication_scope_body_existence_conflict() {
    let app = App::spawn();
    let reader = Vcc::with(&app, "demo-client", "users:read");
    let writer = Vcc::of(&app);
    let put = |client: &Vcc, path: &str, body: &[u8]| client.send("PUT", path, Some(body)).status;
    let bound = super::callback_numbers(&[super::LONDON_BOUND]).to_string();
    let nobody = "/users/00000000-0000-0000-0000-000000000000/callbackNumbers";
    let anna = format!("/users/{ANNA}/callbackNumbers");
    // Each request is wrong in everything that comes after what it is refused for.
    assert_eq!(send(app.address, "PUT", "/useradmin/nowhere", &[], Some(b"{")).status, 400);
    assert_eq!(
        send(app.address, "PUT", "/useradmin/nowhere", &[("accept", V4)], Some(b"{")).status,
        404
    );
    assert_eq!(
        send(app.address, "PUT", &format!("/useradmin{nobody}"), &[("accept", V4)], Some(b"{"))
            .status,
        401
    );
    assert_eq!(put(&reader, nobody, b"{"), 403);
    assert_eq!(put(&writer, nobody, b"{"), 400);
    assert_eq!(put(&writer, nobody, bound.as_bytes()), 404);
    assert_eq!(put(&writer, &anna, bound.as_bytes()), 409);
}
