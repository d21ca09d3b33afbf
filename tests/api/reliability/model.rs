//! Random operations through three faces, each compared with a model that knows the rules and nothing
//! else.

use crate::support::{App, Reply, figure, times};
use crate::vcc::Vcc;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

const USERS: [&str; 3] = ["lina@ccc-test", "zhangwei@ccc-test", "wangfang@ccc-test"];
const GROUPS: [&str; 2] = ["test@ccc-test", "sales@ccc-test"];
const NUMBERS: [&str; 5] = ["07770001", "07770002", "07770003", "07770004", "07770005"];

/// Who has a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Has {
    user: Option<usize>,
    groups: BTreeSet<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Model {
    numbers: [Has; NUMBERS.len()],
    /// Whether a bound number may become personal: wrong, to see that it would be noticed.
    is_wrong: bool,
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Give(usize),
    Take(usize),
    Transfer(usize),
    Bind(usize),
    Unbind(usize),
    Replace(usize),
}

impl Model {
    fn is_bound(&self, number: usize) -> bool {
        !self.numbers[number].groups.is_empty() && !self.is_wrong
    }

    fn may_give(&self, number: usize, user: usize) -> bool {
        !self.is_bound(number) && self.numbers[number].user.is_none_or(|held| held == user)
    }

    /// Does the act with some numbers, as the face does it: by CCC partly, else all or nothing.
    fn act(&mut self, act: Act, numbers: &[usize]) {
        match act {
            Act::Give(user) => {
                for number in numbers {
                    if self.may_give(*number, user) {
                        self.numbers[*number].user = Some(user);
                    }
                }
            }
            Act::Take(user) => {
                for number in numbers {
                    self.numbers[*number].user.take_if(|held| *held == user);
                }
            }
            Act::Transfer(user) => {
                if !self.is_bound(numbers[0]) {
                    self.numbers[numbers[0]].user = Some(user);
                }
            }
            Act::Bind(group) => {
                if numbers.iter().all(|number| self.numbers[*number].user.is_none()) {
                    numbers.iter().for_each(|number| {
                        self.numbers[*number].groups.insert(group);
                    });
                }
            }
            Act::Unbind(group) => numbers.iter().for_each(|number| {
                self.numbers[*number].groups.remove(&group);
            }),
            Act::Replace(user) => {
                if numbers.iter().all(|number| self.may_give(*number, user)) {
                    for (number, has) in self.numbers.iter_mut().enumerate() {
                        has.user.take_if(|held| *held == user);
                        if numbers.contains(&number) {
                            has.user = Some(user);
                        }
                    }
                }
            }
        }
    }
}

struct Faces {
    app: App,
    vcc: Vcc,
    /// The ids by which VCC clients know them.
    users: Vec<String>,
    numbers: Vec<String>,
}

impl Faces {
    fn new() -> Self {
        let app = App::spawn();
        for number in NUMBERS {
            app.database.query(&format!(
                "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', '{number}')"
            ));
        }
        // What the sample has given them would be replaced.
        for user in USERS {
            app.database.query(&format!(
                "UPDATE personal_assignment SET released_at = (SELECT now FROM v_now)
                  WHERE user_id = '{user}' AND released_at IS NULL"
            ));
        }
        let vcc = Vcc::with(&app, "demo-client-ccc", "users:read users:write");
        let ids = |sql: &str, of: &[&str]| -> Vec<String> {
            of.iter().map(|id| app.database.query(&format!("{sql} = '{id}'"))).collect()
        };
        let users = ids("SELECT user_guid FROM user WHERE user_id", &USERS);
        let numbers = ids("SELECT callback_number_id FROM phone_number WHERE number", &NUMBERS);
        Self { vcc, users, numbers, app }
    }

    fn act(&self, act: Act, numbers: &[usize], by_rest: bool) -> Reply {
        let named: Vec<&str> = numbers.iter().map(|number| NUMBERS[*number]).collect();
        let list = json!(named).to_string();
        let ccc = |operation: &str, who: (&str, &str)| {
            self.app.call(operation, &[("InstanceId", "ccc-test"), who, ("NumberList", &list)])
        };
        let rest = |method: &str, path: String, body: Option<serde_json::Value>| {
            let path = format!("/api/v1/instances/ccc-test/{path}");
            let headers = [("authorization", "Bearer demo-token"), ("if-match", "*")];
            self.app.send(method, &path, &headers, body.as_ref())
        };
        let number = named[0];
        match act {
            Act::Give(user) if by_rest => {
                rest("PUT", format!("users/{}/numbers/{number}", USERS[user]), None)
            }
            Act::Give(user) => ccc("AddPersonalNumbersToUser", ("UserId", USERS[user])),
            Act::Take(user) if by_rest => {
                rest("DELETE", format!("users/{}/numbers/{number}", USERS[user]), None)
            }
            Act::Take(user) => ccc("RemovePersonalNumbersFromUser", ("UserId", USERS[user])),
            Act::Transfer(user) => {
                let body = json!({ "user_id": USERS[user] });
                rest("PUT", format!("numbers/{number}/assignment"), Some(body))
            }
            Act::Bind(group) if by_rest => {
                rest("PUT", format!("skill-groups/{}/numbers/{number}", GROUPS[group]), None)
            }
            Act::Bind(group) => ccc("AddNumbersToSkillGroup", ("SkillGroupId", GROUPS[group])),
            Act::Unbind(group) if by_rest => {
                rest("DELETE", format!("skill-groups/{}/numbers/{number}", GROUPS[group]), None)
            }
            Act::Unbind(group) => {
                ccc("RemovePhoneNumbersFromSkillGroup", ("SkillGroupId", GROUPS[group]))
            }
            Act::Replace(user) => {
                let ids: Vec<&str> = numbers.iter().map(|at| self.numbers[*at].as_str()).collect();
                self.vcc.replace(&self.users[user], &ids)
            }
        }
    }

    /// Who has the numbers, as the file says.
    fn has(&self) -> [Has; NUMBERS.len()] {
        let rows = self.app.database.query(
            "SELECT number, coalesce(holder, '') FROM v_phone_number WHERE number GLOB '0777*'",
        );
        let holders: BTreeMap<&str, &str> =
            rows.lines().filter_map(|row| row.split_once('|')).collect();
        NUMBERS.map(|number| {
            let held: Vec<&str> = holders[number].split(' ').collect();
            Has {
                user: USERS.iter().position(|user| held.contains(user)),
                groups: (0..GROUPS.len()).filter(|at| held.contains(&GROUPS[*at])).collect(),
            }
        })
    }
}

/// The operations, the same each time.
fn operations(count: usize) -> impl Iterator<Item = (Act, Vec<usize>, bool)> {
    let mut state = 7_u64;
    let mut below = move |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    };
    (0..count).map(move |_| {
        let (user, group, by_rest) = (below(3), below(2), below(2) == 0);
        let act = match below(9) {
            0..3 => Act::Give(user),
            3 => Act::Take(user),
            4 => Act::Transfer(user),
            5 => Act::Bind(group),
            6..8 => Act::Unbind(group),
            _ => Act::Replace(user),
        };
        let many = if by_rest { 1 } else { 1 + below(2) };
        let first = below(NUMBERS.len());
        (act, (0..many).map(|at| (first + at) % NUMBERS.len()).collect(), by_rest)
    })
}

#[test]
fn random_operations_through_three_faces_do_what_a_model_says() {
    let faces = Faces::new();
    let mut model = Model { numbers: Default::default(), is_wrong: false };
    let mut wrong = Model { is_wrong: true, ..model.clone() };
    let count = times(400, 10_000);
    let (mut noticed, mut changed) = (0, 0);
    for (at, (act, numbers, by_rest)) in operations(count).enumerate() {
        let before = model.numbers.clone();
        wrong.numbers.clone_from(&before);
        model.act(act, &numbers);
        wrong.act(act, &numbers);
        let reply = faces.act(act, &numbers, by_rest);
        assert!(reply.status < 500, "{act:?} {numbers:?}: {}", reply.body);
        let has = faces.has();
        assert_eq!(
            has, model.numbers,
            "{at}: {act:?} {numbers:?} by_rest {by_rest}: {}",
            reply.body
        );
        noticed += usize::from(has != wrong.numbers);
        changed += usize::from(before != model.numbers);
    }
    assert!(changed > count / 10, "{changed} of {count} changed anything");
    assert!(noticed > 3, "a wrong model was noticed {noticed} times");
    figure(
        "random operations through CCC, VCC and REST against a model",
        0,
        count,
        &format!("{changed} changed something"),
        &format!("a model that gives bound numbers away is contradicted {noticed} times"),
    );
}
