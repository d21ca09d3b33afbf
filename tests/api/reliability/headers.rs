//! The headers that keep a browser from doing what a page didn't ask for.

use crate::support::App;

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let app = App::spawn();
    let token = [("authorization", "Bearer demo-token")];
    for path in [
        "/",
        "/docs/",
        "/openapi.json",
        "/problems",
        "/problems/internal",
        "/problems/nonsense",
        "/version",
        "/healthz",
        "/readyz",
        "/metrics",
        "/nothing",
        "/api/v1/instances",
        "/api/v1/nothing",
        "/?Action=ListRoles&InstanceId=ccc-test",
        "/useradmin/users",
        "/Auth/connect/token",
    ] {
        for headers in [&[][..], &token] {
            let reply = app.get(path, headers);
            let header =
                |name| reply.header(name).unwrap_or_else(|| panic!("{path} has no {name}"));
            let policy = header("content-security-policy");
            for part in ["default-src", "frame-ancestors 'none'", "base-uri 'none'"] {
                assert!(policy.contains(part), "{path}: {policy}");
            }
            assert_eq!(header("referrer-policy"), "no-referrer", "{path}");
            assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(reply.header("access-control-allow-origin"), None, "{path}");
        }
    }
}
