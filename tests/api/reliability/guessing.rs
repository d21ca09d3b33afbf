//! Guessing is limited by one limiter on every way in, which counts failures only.

use crate::support::{Program, agent};
use std::net::SocketAddr;

/// What one way in answers to a wrong credential.
struct Door {
    name: &'static str,
    wrong: fn(SocketAddr, &str) -> u16,
    right: fn(SocketAddr, &str) -> u16,
}

fn get(address: SocketAddr, path: &str, token: &str, from: &str) -> u16 {
    let request = agent()
        .get(format!("http://{address}{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("accept", "application/vnd.newvoicemedia.v4+json")
        .header("x-forwarded-for", from);
    request.call().unwrap().status().as_u16()
}

fn ask_token(address: SocketAddr, secret: &str, from: &str) -> u16 {
    let form = format!(
        "grant_type=client_credentials&scope=users:read&client_id=demo-client&client_secret={secret}"
    );
    let request = agent()
        .post(format!("http://{address}/Auth/connect/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", from);
    request.send(form).unwrap().status().as_u16()
}

const ROLES: &str = "/?Action=ListRoles&InstanceId=ccc-test";
const SIGNED: &str = "/?Action=ListRoles&Version=2020-07-01&AccessKeyId=demo-access-key&SignatureNonce=1&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&Signature=wrong&Timestamp=";

/// Now, as a signed request has it.
fn timestamp() -> String {
    let now = numberd::domain::Clock::System.now().to_string();
    format!("{}Z", now.split('.').next().unwrap()).replace(':', "%3A")
}

fn doors() -> [Door; 6] {
    [
        Door {
            name: "REST",
            wrong: |address, from| get(address, "/api/v1/instances", "wrong", from),
            right: |address, from| get(address, "/api/v1/instances", "demo-token", from),
        },
        Door {
            name: "CCC, bearer token",
            wrong: |address, from| get(address, ROLES, "wrong", from),
            right: |address, from| get(address, ROLES, "demo-token", from),
        },
        Door {
            name: "CCC, signature",
            wrong: |address, from| {
                let request = agent()
                    .get(format!("http://{address}{SIGNED}{}", timestamp()))
                    .header("x-forwarded-for", from);
                request.call().unwrap().status().as_u16()
            },
            right: |address, from| get(address, ROLES, "demo-token", from),
        },
        Door {
            name: "VCC",
            wrong: |address, from| get(address, "/useradmin/users", "wrong", from),
            right: |address, from| ask_token(address, "demo-client-secret", from),
        },
        Door {
            name: "VCC, client secret",
            wrong: |address, from| ask_token(address, "wrong", from),
            right: |address, from| ask_token(address, "demo-client-secret", from),
        },
        Door {
            name: "metrics",
            wrong: |address, from| get(address, "/metrics", "wrong", from),
            right: |address, from| get(address, "/metrics", "demo-token", from),
        },
    ]
}

#[test]
fn wrong_credentials_are_told_to_wait_on_every_way_in_and_right_ones_are_served() {
    for door in doors() {
        let demo = Program::start(&["demo"]);
        let statuses: Vec<u16> =
            (0..400).map(|_| (door.wrong)(demo.address, "192.0.2.1")).collect();
        let refused = statuses.iter().filter(|status| **status == 429).count();
        assert!(refused > 200, "{}: {refused} of 400 were told to wait", door.name);
        assert_ne!(statuses[0], 429, "{}", door.name);
        assert_eq!((door.right)(demo.address, "192.0.2.1"), 200, "{}", door.name);
        // It is one limit: whoever is refused here is refused there, except for what time has given
        // back.
        for other in doors() {
            let refused =
                (0..20).filter(|_| (other.wrong)(demo.address, "192.0.2.1") == 429).count();
            assert!(refused >= 10, "{}: {refused} of 20", other.name);
        }
    }
}

#[test]
fn behind_a_trusted_proxy_each_client_has_a_limit_of_its_own() {
    let demo = Program::start(&["demo", "--trusted-proxy", "127.0.0.1,10.0.0.0/8"]);
    let [rest, ..] = doors();
    for _ in 0..200 {
        (rest.wrong)(demo.address, "192.0.2.1, 10.0.0.7");
    }
    let refused = |from: &str| (0..10).filter(|_| (rest.wrong)(demo.address, from) == 429).count();
    assert!(refused("192.0.2.1, 10.0.0.7") >= 5);
    assert_eq!(refused("192.0.2.2, 10.0.0.7"), 0);
    // What a client writes itself is left of what the proxy adds.
    assert!(refused("198.51.100.1, 192.0.2.1") >= 5);
}

#[test]
fn without_a_trusted_proxy_nobody_gets_a_new_limit_by_a_header() {
    let demo = Program::start(&["demo"]);
    let [rest, ..] = doors();
    for figure in 0..200 {
        (rest.wrong)(demo.address, &format!("192.0.2.{figure}"));
    }
    let refused = (0..10).filter(|_| (rest.wrong)(demo.address, "192.0.2.250") == 429).count();
    assert!(refused >= 5, "{refused} of 10");
}
