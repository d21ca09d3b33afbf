//! Random operations through three faces, while the clock jumps, each compared with a model that
//! knows the rules and nothing else.

use crate::support::{App, Client, Reply, SeededDatabase, figure, times};
use crate::vcc::{self, Vcc};
use numberd::domain::{Clock, ManualClock, Paging, Timestamp};
use serde_json::json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;

const USERS: [&str; 3] = ["lina@ccc-test", "zhangwei@ccc-test", "wangfang@ccc-test"];
const GROUPS: [&str; 2] = ["test@ccc-test", "sales@ccc-test"];
const NUMBERS: [&str; 5] = ["07770001", "07770002", "07770003", "07770004", "07770005"];

const MINUTE: i64 = 60_000;

/// What keeps a number that is free: for whom, and until when. It stays noted when its moment has
/// come, as in the file: a clock that is set back finds it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Kept {
    whom: Option<usize>,
    until: i64,
}

/// Who has a number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Has {
    user: Option<usize>,
    groups: BTreeSet<usize>,
    kept: Option<Kept>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Model {
    numbers: [Has; NUMBERS.len()],
    now: i64,
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
    /// For a user or from everybody, for some minutes.
    Hold(Option<usize>, i64),
    EndHold,
}

impl Model {
    fn is_bound(&self, number: usize) -> bool {
        !self.numbers[number].groups.is_empty() && !self.is_wrong
    }

    fn kept(&self, number: usize) -> Option<Kept> {
        self.numbers[number].kept.filter(|kept| kept.until > self.now)
    }

    fn may_give(&self, number: usize, user: usize) -> bool {
        !self.is_bound(number)
            && self.numbers[number].user.is_none_or(|held| held == user)
            && self.kept(number).is_none_or(|kept| kept.whom == Some(user))
    }

    /// Whoever gets a number ends what keeps it.
    fn give(&mut self, number: usize, user: usize) {
        (self.numbers[number].user, self.numbers[number].kept) = (Some(user), None);
    }

    /// Does the act with some numbers, as the face does it: by CCC partly, else all or nothing.
    fn act(&mut self, act: Act, numbers: &[usize]) {
        let first = numbers[0];
        match act {
            Act::Give(user) => {
                for number in numbers {
                    if self.may_give(*number, user) {
                        self.give(*number, user);
                    }
                }
            }
            Act::Take(user) => {
                for number in numbers {
                    self.numbers[*number].user.take_if(|held| *held == user);
                }
            }
            Act::Transfer(user) => {
                let kept = self.kept(first).is_some_and(|kept| kept.whom != Some(user));
                if !self.is_bound(first) && !kept {
                    self.give(first, user);
                }
            }
            Act::Bind(group) => {
                let may = |at: &usize| self.numbers[*at].user.is_none() && self.kept(*at).is_none();
                if numbers.iter().all(may) {
                    for number in numbers {
                        self.numbers[*number].groups.insert(group);
                        self.numbers[*number].kept = None;
                    }
                }
            }
            Act::Unbind(group) => numbers.iter().for_each(|number| {
                self.numbers[*number].groups.remove(&group);
            }),
            Act::Replace(user) => {
                if numbers.iter().all(|number| self.may_give(*number, user)) {
                    for number in 0..NUMBERS.len() {
                        if numbers.contains(&number) {
                            self.give(number, user);
                        } else {
                            self.numbers[number].user.take_if(|held| *held == user);
                        }
                    }
                }
            }
            Act::Hold(whom, minutes) => {
                let free = self.numbers[first].user.is_none() && !self.is_bound(first);
                if free && self.kept(first).is_none_or(|kept| kept.whom == whom) {
                    let until = self.now + minutes * MINUTE;
                    self.numbers[first].kept = Some(Kept { whom, until });
                }
            }
            Act::EndHold => {
                if self.kept(first).is_some() {
                    self.numbers[first].kept = None;
                }
            }
        }
    }
}

/// The faces of a server.
pub(super) struct Faces {
    address: SocketAddr,
    /// Kept open: reading the schema takes longer than an operation.
    file: rusqlite::Connection,
    vcc: RefCell<Vcc>,
    /// The ids by which VCC clients know them.
    users: Vec<String>,
    numbers: Vec<String>,
}

impl Faces {
    /// Those of a server over a sample, in which the model's users hold nothing.
    pub(super) fn of(address: SocketAddr, database: &Path) -> Self {
        let file = open(database);
        for number in NUMBERS {
            let sql = "INSERT INTO phone_number (instance_id, number) VALUES ('ccc-test', ?1)";
            file.execute(sql, [number]).unwrap();
        }
        for user in USERS {
            let sql = "UPDATE personal_assignment SET released_at = (SELECT now FROM v_now)
                        WHERE user_id = ?1 AND released_at IS NULL";
            file.execute(sql, [user]).unwrap();
        }
        let ids = |sql: &str, of: &[&str]| -> Vec<String> {
            of.iter().map(|id| file.query_row(sql, [id], |row| row.get(0)).unwrap()).collect()
        };
        let users = ids("SELECT user_guid FROM user WHERE user_id = ?1", &USERS);
        let numbers =
            ids("SELECT callback_number_id FROM phone_number WHERE number = ?1", &NUMBERS);
        Self { address, file, vcc: RefCell::new(signed_in(address)), users, numbers }
    }

    fn act(&self, act: Act, numbers: &[usize], by_rest: bool, now: i64) -> Reply {
        let named: Vec<&str> = numbers.iter().map(|number| NUMBERS[*number]).collect();
        let list = json!(named).to_string();
        let ccc = |operation: &str, who: (&str, &str)| {
            let parameters = [("InstanceId", "ccc-test"), who, ("NumberList", &list)];
            Client::new(self.address).call(operation, &parameters)
        };
        let rest = |method: &str, path: String, body: Option<serde_json::Value>| {
            let path = format!("/api/v1/instances/ccc-test/{path}");
            let headers = [
                ("authorization", "Bearer demo-token"),
                ("if-match", "*"),
                ("content-type", "application/json"),
            ];
            let body = body.map(|body| body.to_string());
            let headers = &headers[..if body.is_some() { 3 } else { 2 }];
            vcc::send(self.address, method, &path, headers, body.as_ref().map(String::as_bytes))
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
                self.replace(&self.users[user], &ids)
            }
            Act::Hold(whom, minutes) => {
                let until = Timestamp::from_millis(now + minutes * MINUTE).to_string();
                let body = match whom {
                    Some(user) => json!({ "user_id": USERS[user], "until": until }),
                    None => json!({ "until": until }),
                };
                rest("PUT", format!("numbers/{number}/reservation"), Some(body))
            }
            Act::EndHold => rest("DELETE", format!("numbers/{number}/reservation"), None),
        }
    }

    /// Replaces a user's numbers; a token ends with its hour, which a jump brings at once.
    fn replace(&self, user: &str, numbers: &[&str]) -> Reply {
        let reply = self.vcc.borrow().replace(user, numbers);
        if reply.status != 401 {
            return reply;
        }
        self.vcc.replace(signed_in(self.address));
        self.vcc.borrow().replace(user, numbers)
    }

    /// Who has the numbers, as the file says.
    fn has(&self) -> [Has; NUMBERS.len()] {
        let mut rows = self
            .file
            .prepare_cached(
                "SELECT n.number, coalesce(n.holder, ''), r.until_at, r.for_user_id
                   FROM v_phone_number AS n
                   LEFT JOIN reservation AS r
                     ON r.instance_id = n.instance_id AND r.number = n.number AND r.ended_at IS NULL
                  WHERE n.number GLOB '0777*'",
            )
            .unwrap();
        let user = |id: &str| USERS.iter().position(|user| *user == id);
        let row = |row: &rusqlite::Row<'_>| {
            let holders: String = row.get(1)?;
            let held: Vec<&str> = holders.split(' ').collect();
            let whom: Option<String> = row.get(3)?;
            let whom = whom.and_then(|id| user(&id));
            let until: Option<i64> = row.get(2)?;
            let has = Has {
                user: held.iter().find_map(|id| user(id)),
                groups: (0..GROUPS.len()).filter(|at| held.contains(&GROUPS[*at])).collect(),
                kept: until.map(|until| Kept { whom, until }),
            };
            Ok((row.get(0)?, has))
        };
        let rows = rows.query_map([], row).unwrap();
        let mut has: BTreeMap<String, Has> = rows.map(Result::unwrap).collect();
        NUMBERS.map(|number| has.remove(number).unwrap())
    }
}

fn open(database: &Path) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(database).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    connection
}

fn signed_in(address: SocketAddr) -> Vcc {
    let token = vcc::token(address, "demo-client-ccc", "users:read users:write");
    Vcc { address, token }
}

/// A clock that can be set back by whole hours, and forth again.
pub(super) trait Jumping {
    fn set_back(&mut self, hours: i64);
    fn now(&self) -> i64;
}

/// Numbers that look random and are the same each time.
fn chances() -> impl FnMut(usize) -> usize {
    let mut state = 7_u64;
    move |end: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % end
    }
}

/// An act, its numbers, and whether REST is to do it.
fn operation(below: &mut impl FnMut(usize) -> usize) -> (Act, Vec<usize>, bool) {
    let (user, group, by_rest) = (below(3), below(2), below(2) == 0);
    let act = match below(12) {
        0..3 => Act::Give(user),
        3 => Act::Take(user),
        4 => Act::Transfer(user),
        5 => Act::Bind(group),
        6..8 => Act::Unbind(group),
        8 => Act::Replace(user),
        // Clocks jump by whole hours, and a test takes less than half of one: no hold ends just
        // while it is looked at.
        9..11 => Act::Hold((group == 0).then_some(user), 60 * below(6) as i64 + 45),
        _ => Act::EndHold,
    };
    let many = if by_rest { 1 } else { 1 + below(2) };
    let first = below(NUMBERS.len());
    (act, (0..many).map(|at| (first + at) % NUMBERS.len()).collect(), by_rest)
}

/// What came of the operations.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) tried: usize,
    pub(super) changed: usize,
    pub(super) jumps: usize,
    /// How often a wrong model was contradicted.
    pub(super) noticed: usize,
}

/// Does operations as long as `goes_on`, and compares each with the model.
pub(super) fn compared(
    faces: &Faces,
    clock: &mut impl Jumping,
    goes_on: impl Fn(usize) -> bool,
) -> Tally {
    let mut model = Model { numbers: faces.has(), ..Model::default() };
    let mut wrong = Model { is_wrong: true, ..model.clone() };
    let (mut tally, mut below) = (Tally::default(), chances());
    while goes_on(tally.tried) {
        if below(25) == 0 {
            clock.set_back(below(72) as i64);
            tally.jumps += 1;
        }
        let (act, numbers, by_rest) = operation(&mut below);
        let before = model.numbers.clone();
        (model.now, wrong.now) = (clock.now(), clock.now());
        wrong.numbers.clone_from(&before);
        let reply = faces.act(act, &numbers, by_rest, model.now);
        assert!(reply.status < 500, "{act:?} {numbers:?}: {}", reply.body);
        model.act(act, &numbers);
        wrong.act(act, &numbers);
        let (has, at) = (faces.has(), tally.tried);
        assert_eq!(has, model.numbers, "{at}: {act:?} {numbers:?} by {by_rest}: {}", reply.body);
        tally.noticed += usize::from(has != wrong.numbers);
        tally.changed += usize::from(before != model.numbers);
        tally.tried += 1;
    }
    clock.set_back(0);
    tally
}

struct InProcess(&'static ManualClock, i64);

impl Jumping for InProcess {
    fn set_back(&mut self, hours: i64) {
        self.0.set_by((self.1 - hours) * 60 * MINUTE);
        self.1 = hours;
    }

    fn now(&self) -> i64 {
        Clock::Manual(self.0).now().millis()
    }
}

#[test]
fn random_operations_through_three_faces_do_what_a_model_says() {
    let manual: &'static ManualClock =
        Box::leak(Box::new(ManualClock::starting_at(Clock::System.now())));
    let app = App::over(SeededDatabase::new(), Paging::Strict, Clock::Manual(manual));
    let faces = Faces::of(app.address, app.database.path());
    let count = times(400, 10_000);
    let tally = compared(&faces, &mut InProcess(manual, 0), |tried| tried < count);
    let Tally { changed, jumps, noticed, .. } = tally;
    assert!(changed > count / 10, "{changed} of {count} changed anything");
    assert!(noticed > 3, "a wrong model was noticed {noticed} times");
    figure(
        "random operations through CCC, VCC and REST against a model",
        0,
        count,
        &format!("{changed} changed something, the clock jumped {jumps} times"),
        &format!("a model that gives bound numbers away is contradicted {noticed} times"),
    );
}
