//! Signatures over the wire: the ways to forge one, and a signer of our own.

use super::code;
use super::signer::{self, Pairs, pairs};
use super::wire::{
    NOON, NOON_TEXT, Request, v1_call, v1_common, v1_get, v3_call, v3_headers, v3_post,
};
use crate::support::{App, SeededDatabase, Watch};
use numberd::domain::{Clock, Paging, Timestamp};
use proptest::prelude::*;

const LIST: &[(&str, &str)] = &[("PageNumber", "1"), ("PageSize", "10")];

fn app() -> App {
    App::over(SeededDatabase::new(), Paging::Strict, Clock::Fixed(Timestamp::from_millis(NOON)))
}

/// A list signed by V3 with other headers than those that V3 prescribes.
fn v3_with(change: impl FnOnce(&mut Pairs)) -> Request {
    let mut headers = v3_headers("n", "ListInstancesOfUser", NOON_TEXT, b"");
    change(&mut headers);
    v3_post(LIST, &headers)
}

#[test]
fn a_signed_parameter_or_header_can_not_be_repeated() {
    let app = app();
    for name in ["Action", "PageNumber", "AccessKeyId", "SignatureNonce", "Timestamp", "Signature"]
    {
        let request = v1_call("r", "ListInstancesOfUser", LIST);
        let value = request
            .target
            .split(['?', '&'])
            .find_map(|pair| pair.strip_prefix(&format!("{name}=")))
            .unwrap()
            .to_owned();
        for other in [value.as_str(), "x"] {
            for target in [
                format!("{}&{name}={other}", request.target),
                request.target.replace("/?", &format!("/?{name}={other}&")),
            ] {
                assert_eq!(
                    code(&Request { target, ..request.clone() }.send(&app)),
                    format!("Invalid{name}")
                );
            }
            let mut with_body = Request::post("", format!("{name}={other}").as_bytes());
            with_body.target.clone_from(&request.target);
            assert_eq!(code(&with_body.send(&app)), format!("Invalid{name}"));
        }
    }
    for (name, value) in v3_headers("r", "ListInstancesOfUser", NOON_TEXT, b"")
        .iter()
        .filter(|(name, _)| name != "host")
    {
        for value in [value.as_str(), "x"] {
            let reply = v3_call("r", "ListInstancesOfUser", LIST).header(name, value).send(&app);
            assert_ne!(reply.status, 200, "{name}: {value}");
        }
    }
    assert_eq!(
        v3_call("r", "ListInstancesOfUser", LIST).send(&app).status,
        200,
        "none of them used up the nonce"
    );
}

#[test]
fn another_method_query_or_body_than_the_signed_one_is_refused() {
    let app = app();
    let get = v1_call("m", "ListInstancesOfUser", LIST);
    assert_eq!(
        code(&Request { method: "POST".to_owned(), ..get.clone() }.send(&app)),
        "SignatureDoesNotMatch"
    );
    assert_eq!(
        code(&Request { target: format!("{}&More=1", get.target), ..get.clone() }.send(&app)),
        "SignatureDoesNotMatch"
    );
    let post = v3_call("m", "ListInstancesOfUser", LIST);
    assert_eq!(
        code(&Request { method: "GET".to_owned(), ..post.clone() }.send(&app)),
        "SignatureDoesNotMatch"
    );
    let mut body = Request { body: b"More=1".to_vec(), ..post }
        .header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(
        code(&body.send(&app)),
        "IncompleteSignature",
        "the body's type is not signed, and its hash is another"
    );
    body.headers.retain(|(name, _)| name != "content-type");
    assert_eq!(code(&body.send(&app)), "InvalidContentType");
    assert_eq!(get.send(&app).status, 200);
}

#[test]
fn v3_signs_a_form_body_by_its_hash_and_checks_it() {
    let app = app();
    let sign = |body: &[u8], hashed: &[u8]| {
        let mut headers = v3_headers("b", "ListInstancesOfUser", NOON_TEXT, hashed);
        headers
            .insert(0, ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        let authorization = signer::v3_authorization(
            "POST",
            &Vec::new(),
            &headers,
            body,
            "demo-access-key",
            b"demo-access-secret",
        );
        Request {
            method: "POST".to_owned(),
            target: "/".to_owned(),
            headers: [headers, pairs(&[("authorization", &authorization)])].concat(),
            body: body.to_vec(),
        }
    };
    let body = b"PageNumber=1&PageSize=10";
    assert_eq!(
        code(&sign(body, b"").send(&app)),
        "IncompleteSignature",
        "the hash in the header is not the body's"
    );
    let sent_other = Request { body: b"PageNumber=1&PageSize=11".to_vec(), ..sign(body, body) };
    assert_eq!(
        code(&sent_other.send(&app)),
        "IncompleteSignature",
        "the body is not the hashed one"
    );
    let upper_case = signer::sha256(body).to_uppercase();
    let mut shouted = sign(body, body);
    shouted
        .headers
        .iter_mut()
        .filter(|(name, _)| name == "x-acs-content-sha256")
        .for_each(|(_, value)| value.clone_from(&upper_case));
    assert_ne!(shouted.send(&app).status, 200);
    assert_eq!(sign(body, body).send(&app).status, 200);
}

#[test]
fn v3_must_sign_every_header_that_carries_meaning() {
    let app = app();
    let unsigned = v3_call("u", "ListInstancesOfUser", LIST);
    for name in ["x-acs-extra", "x-acs-security-token", "X-Acs-Accesskey-Id"] {
        assert_eq!(
            code(&unsigned.clone().header(name, "1").send(&app)),
            "IncompleteSignature",
            "{name}"
        );
    }
    for (name, value) in v3_headers("u", "ListInstancesOfUser", NOON_TEXT, b"") {
        let request =
            v3_with(|headers| headers.retain(|(key, _)| *key != name)).header(&name, &value);
        assert_eq!(code(&request.send(&app)), "IncompleteSignature", "{name}");
    }
    for name in ["user-agent", "accept", "x-sdk-client"] {
        assert_eq!(unsigned.clone().header(name, "any").headers.len(), unsigned.headers.len() + 1);
    }
    assert_eq!(
        unsigned.header("user-agent", "any").header("x-sdk-client", "any").send(&app).status,
        200
    );
}

#[test]
fn the_list_of_signed_headers_is_sorted_lower_case_unique_and_names_what_is_there() {
    let app = app();
    let date = |headers: &Pairs| headers.iter().position(|(name, _)| name == "x-acs-date").unwrap();
    type Change = Box<dyn Fn(&mut Pairs)>;
    let changes: Vec<(&str, Change)> = vec![
        ("unsorted", Box::new(|headers: &mut Pairs| headers.reverse())),
        ("two exchanged", Box::new(|headers: &mut Pairs| headers.swap(1, 2))),
        (
            "repeated",
            Box::new(move |headers: &mut Pairs| {
                headers.insert(date(headers), headers[date(headers)].clone())
            }),
        ),
        ("upper case", Box::new(|headers: &mut Pairs| headers[0].0 = "Host".to_owned())),
        (
            "an empty name",
            Box::new(|headers: &mut Pairs| headers.insert(0, (String::new(), String::new()))),
        ),
    ];
    for (what, change) in changes {
        assert_ne!(v3_with(change).send(&app).status, 200, "{what}");
    }
    let absent = v3_with(|headers| headers.insert(0, ("accept".to_owned(), String::new())));
    let without = Request {
        headers: absent.headers.iter().filter(|(name, _)| name != "accept").cloned().collect(),
        ..absent
    };
    assert_eq!(
        code(&without.send(&app)),
        "IncompleteSignature",
        "a signed header that is not there"
    );
    let right = v3_call("s", "ListInstancesOfUser", LIST);
    let authorization = right.headers[0].1.clone();
    let names = authorization.split("SignedHeaders=").nth(1).unwrap().split(',').next().unwrap();
    for (from, to) in [
        (names, ""),
        (",Signature=", ",Signature=00"),
        ("Credential=", "Credential"),
        ("SignedHeaders=", "signedheaders="),
        (",Signature=", ",Extra=1,Signature="),
        ("Credential=", "Credential=nobody,Credential="),
        ("SignedHeaders=", "SignedHeaders=host,SignedHeaders="),
        (",Signature=", ",Signature=00,Signature="),
    ] {
        let mut changed = right.clone();
        changed.headers[0].1 = authorization.replace(from, to);
        assert_ne!(changed.send(&app).status, 200, "{from:?} as {to:?}");
    }
    let mut spaced = right;
    spaced.headers[0].1 = authorization.replace(',', ", ");
    assert_eq!(spaced.send(&app).status, 200, "spaces behind the commas are usual");
}

#[test]
fn a_request_without_host_is_not_verified() {
    let app = app();
    let signed_empty = {
        let mut headers = v3_headers("h", "ListInstancesOfUser", NOON_TEXT, b"");
        headers[0].1 = String::new();
        v3_post(LIST, &headers)
    };
    let lines: String = signed_empty
        .headers
        .iter()
        .filter(|(name, _)| name != "host")
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    for version in ["1.0", "1.1"] {
        let bytes = format!(
            "POST {} HTTP/{version}\r\n{lines}connection: close\r\n\r\n",
            signed_empty.target
        );
        assert_ne!(super::wire::exchange(&app, bytes.as_bytes()).status, 200, "{version}");
    }
}

#[test]
fn exactly_one_scheme_proves_the_sender() {
    let app = app();
    let watch = Watch::over(&app.database);
    let (v1, v3) =
        (v1_call("2", "ListInstancesOfUser", LIST), v3_call("2", "ListInstancesOfUser", LIST));
    let both = Request { headers: v3.headers.clone(), ..v1.clone() };
    assert_eq!(code(&both.send(&app)), "InvalidAuthorization");
    assert_eq!(code(&v1.bearer().send(&app)), "InvalidAuthorization");
    assert_ne!(v3.clone().bearer().send(&app).status, 200, "a second Authorization");
    for credential in ["AccessKeyId=demo-access-key", "Signature=x", "SignatureNonce=x"] {
        let target = format!("{}&{credential}", v3.target);
        assert_eq!(
            code(&Request { target, ..v3.clone() }.send(&app)),
            "InvalidAuthorization",
            "{credential}"
        );
    }
    let bare =
        Request::get("Action=ListInstancesOfUser&Version=2020-07-01&PageNumber=1&PageSize=10");
    assert_eq!(code(&bare.send(&app)), "MissingAccessKeyId", "without a scheme nobody gets in");
    assert_eq!(
        code(&Request::get("Action=ListInstancesOfUser&SignatureMethod=none").send(&app)),
        "MissingAccessKeyId"
    );
    for (scheme, token) in
        [("bearer", "demo-token"), ("BEARER", "demo-token"), ("Bearer", " demo-token")]
    {
        assert_eq!(
            bare.clone().header("authorization", &format!("{scheme} {token}")).send(&app).status,
            200,
            "{scheme}"
        );
    }
    for token in [
        "demo",
        "demo-token ,",
        "Demo-Token",
        "demo-toke",
        "demo-tokens",
        "demo-access-secret",
        "demo-token\u{a0}x",
    ] {
        assert_eq!(
            code(&bare.clone().header("authorization", &format!("Bearer {token}")).send(&app)),
            "InvalidBearerToken",
            "{token}"
        );
    }
    watch.assert_unchanged("a list");
}

#[test]
fn the_secret_of_one_scheme_or_key_does_not_serve_another() {
    let app = app();
    let parameters =
        [v1_common("k", NOON_TEXT), pairs(&[("Action", "ListInstancesOfUser")]), pairs(LIST)]
            .concat();
    for secret in ["demo-access-secret&", "demo-token", "", "Demo-access-secret", "demo-access-key"]
    {
        let signature = signer::v1_signature("GET", &parameters, secret.as_bytes());
        let reply = Request::get(&format!(
            "{}&Signature={}",
            signer::form(&parameters),
            signer::encode(&signature)
        ))
        .send(&app);
        assert_eq!(code(&reply), "SignatureDoesNotMatch", "{secret:?}");
        assert!(
            reply.json()["Message"].as_str().unwrap().contains("server string to sign is:GET&%2F&"),
            "the SDKs look for it"
        );
        assert!(!reply.body.contains("demo-access-secret"));
    }
    let headers = v3_headers("k", "ListInstancesOfUser", NOON_TEXT, b"");
    let authorization = signer::v3_authorization(
        "POST",
        &pairs(LIST),
        &headers,
        b"",
        "demo-access-key",
        b"demo-access-secret&",
    );
    let request = Request {
        headers: [pairs(&[("authorization", &authorization)]), headers].concat(),
        ..v3_call("k", "ListInstancesOfUser", LIST)
    };
    assert_eq!(code(&request.send(&app)), "SignatureDoesNotMatch");
}

fn parameter_text() -> impl Strategy<Value = String> {
    // What the encodings differ in, what needs several bytes, and anything else but control
    // characters.
    prop_oneof!["[ +*~%'()!&=/;:@,号é]{0,8}", "\\PC{0,8}"]
        .prop_filter("illegal in XML", |text| !text.contains(['\u{fffe}', '\u{ffff}']))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        max_shrink_iters: 100,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_signed_by_the_rules_is_verified_and_no_other_secret_will_do(
        extra in proptest::collection::btree_map(
            parameter_text().prop_map(|name| format!("P{name}")),
            parameter_text(),
            0..6,
        ),
        nonce in "[a-z0-9]{20}",
        bit in 0..18_usize * 8,
    ) {
        thread_local!(static APP: App = app());
        let mut secret = b"demo-access-secret".to_vec();
        secret[bit / 8] ^= 1 << (bit % 8);
        let extra: Pairs = extra.into_iter().collect();
        let action = pairs(&[("Action", "ListInstancesOfUser")]);
        let v1 = [v1_common(&nonce, NOON_TEXT), action, pairs(LIST), extra.clone()].concat();
        let forged = signer::v1_signature("GET", &v1, &secret);
        let (form, forged) = (signer::form(&v1), signer::encode(&forged));
        let forged = Request::get(&format!("{form}&Signature={forged}"));
        let query = [pairs(LIST), extra].concat();
        let headers = v3_headers(&format!("{nonce}-3"), "ListInstancesOfUser", NOON_TEXT, b"");
        let v3 = |secret: &[u8]| {
            let key = "demo-access-key";
            let authorization =
                signer::v3_authorization("POST", &query, &headers, b"", key, secret);
            let headers = [pairs(&[("authorization", &authorization)]), headers.clone()].concat();
            Request { headers, ..Request::post(&signer::form(&query), b"") }
        };
        APP.with(|app| {
            assert_eq!(code(&forged.send(app)), "SignatureDoesNotMatch");
            assert_eq!(code(&v1_get(&v1).send(app)), "OK");
            assert_eq!(code(&v3(&secret).send(app)), "SignatureDoesNotMatch");
            assert_eq!(code(&v3(b"demo-access-secret").send(app)), "OK");
        });
    }
}
