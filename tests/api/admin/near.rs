//! What an unknown number may have been meant to be, said to whoever may read the instance.

use super::{CCC, Caller, problem};
use crate::support::App;
use serde_json::json;

#[test]
fn a_404_of_an_unknown_number_names_the_nearest() {
    let app = App::spawn();
    let root = Caller::root(&app);
    root.post(&format!("{CCC}/numbers"), json!({ "number": "057188881234" }));
    let at = |path: &str| format!("{CCC}/{path}");
    let hold = json!({ "user_id": "lina@ccc-test", "until": "2099-01-01T00:00:00Z" });
    for reply in [
        root.get(&at("numbers/057188881243")),
        root.get(&at("numbers/057188881243/reservation")),
        root.delete(&at("numbers/057188881243")),
        root.put(&at("users/lina@ccc-test/numbers/057188881243")),
        root.put(&at("skill-groups/sales@ccc-test/numbers/057188881243")),
        root.send("PUT", &at("numbers/057188881243/reservation"), &[], Some(&hold)),
        root.send(
            "PUT",
            &at("numbers/057188881243/assignment"),
            &[],
            Some(&json!({ "user_id": "lina@ccc-test" })),
        ),
    ] {
        assert_eq!(problem(&reply), "number-not-found");
        assert_eq!(
            reply.json()["detail"],
            "Number 057188881243 does not exist in instance ccc-test; the nearest is 057188881234."
        );
    }
    let far = root.get(&at("numbers/099912345678")).json();
    assert_eq!(far["detail"], "Number 099912345678 does not exist in instance ccc-test.");
}

#[test]
fn nobody_learns_so_of_numbers_that_they_may_not_read() {
    let app = App::spawn();
    let root = Caller::root(&app);
    root.post(&format!("{CCC}/numbers"), json!({ "number": "057188881234" }));
    let own = format!("{CCC}/users/wangfang@ccc-test/candidates/057188881243");
    assert!(root.get(&own).body.contains("057188881234"));
    let agent = Caller::of(&app, "wangfang");
    for path in [
        own,
        format!("{CCC}/numbers/057188881243"),
        format!("{CCC}/users/wangfang@ccc-test/numbers/057188881243"),
        "/api/v1/instances/vcc-test/numbers/057188881243".to_owned(),
    ] {
        let reply = agent.get(&path);
        assert!(reply.status >= 400 && !reply.body.contains("057188881234"), "{reply:?}");
    }
}
