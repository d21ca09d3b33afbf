//! Linearizability with kills inside: what all clients were told of one number fits one order of
//! what they asked, each at a moment between its request and its answer. What was never answered
//! may have been done later or never.

use super::Demo;
use crate::support::{figure, times};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const USERS: [&str; 3] = ["lina@ccc-test", "zhangwei@ccc-test", "wangfang@ccc-test"];
const NUMBERS: usize = 4;
const CLIENTS: usize = 6;

/// What somebody asked of a number; users are named by their place in [`USERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    Give(usize),
    Take(usize),
    Read,
}

/// What was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Done,
    Refused,
    Holder(Option<usize>),
    /// The connection ended first.
    Nothing,
}

#[derive(Clone, Copy, Debug)]
struct Call {
    asked: Asked,
    told: Told,
    from: Duration,
    to: Duration,
}

/// The holder after a call, if the call can have been answered so.
fn after(call: Call, holder: Option<usize>) -> Option<Option<usize>> {
    match (call.asked, call.told) {
        (Asked::Give(user), Told::Done) => {
            holder.is_none_or(|held| held == user).then_some(Some(user))
        }
        (Asked::Give(user), Told::Refused) => {
            holder.is_some_and(|held| held != user).then_some(holder)
        }
        (Asked::Give(user), Told::Nothing) => Some(holder.or(Some(user))),
        // Taking back what the user does not hold changes nothing.
        (Asked::Take(user), Told::Done | Told::Nothing) => {
            Some(holder.filter(|held| *held != user))
        }
        (Asked::Read, Told::Holder(seen)) => (seen == holder).then_some(holder),
        (Asked::Read, Told::Nothing) => Some(holder),
        _ => None,
    }
}

/// Whether some order of the calls explains all answers.
fn is_linearizable(calls: &[Call], holder: Option<usize>) -> bool {
    assert!(calls.len() <= 128);
    let certain = calls.iter().enumerate().filter(|(_, call)| call.told != Told::Nothing);
    let certain: u128 = certain.map(|(at, _)| 1 << at).sum();
    let mut seen = HashSet::new();
    let mut open = vec![(0_u128, holder)];
    while let Some((done, holder)) = open.pop() {
        if done & certain == certain {
            return true;
        }
        let left = || calls.iter().enumerate().filter(move |(at, _)| done & (1 << at) == 0);
        let first = left().filter(|(_, call)| call.told != Told::Nothing).map(|(_, call)| call.to);
        let first = first.min().unwrap_or(Duration::MAX);
        for (at, call) in left().filter(|(_, call)| call.from <= first) {
            if let Some(holder) = after(*call, holder) {
                let next = (done | 1 << at, holder);
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
    }
    false
}

/// One request to the admin API, or to the CCC face for every other gift.
fn ask(agent: &ureq::Agent, address: SocketAddr, number: &str, asked: Asked, ccc: bool) -> Told {
    let path = |user: usize| {
        format!("http://{address}/api/v1/instances/ccc-test/users/{}/numbers/{number}", USERS[user])
    };
    let bearer = "Bearer demo-token";
    let reply = match asked {
        Asked::Give(user) if ccc => agent
            .get(format!("http://{address}/"))
            .header("authorization", bearer)
            .query("Action", "AddPersonalNumbersToUser")
            .query("InstanceId", "ccc-test")
            .query("UserId", USERS[user])
            .query("NumberList", format!("[\"{number}\"]"))
            .call(),
        Asked::Give(user) => agent.put(path(user)).header("authorization", bearer).send_empty(),
        Asked::Take(user) => agent.delete(path(user)).header("authorization", bearer).call(),
        Asked::Read => agent
            .get(format!("http://{address}/api/v1/instances/ccc-test/numbers/{number}"))
            .header("authorization", bearer)
            .call(),
    };
    let Ok(mut reply) = reply else { return Told::Nothing };
    let status = reply.status().as_u16();
    let Ok(body) = reply.body_mut().read_to_string() else { return Told::Nothing };
    let json = || serde_json::from_str::<serde_json::Value>(&body).unwrap();
    match (asked, status) {
        (Asked::Read, 200) => {
            let held = json()["user_ids"][0].as_str().map(str::to_owned);
            Told::Holder(held.map(|held| USERS.iter().position(|user| *user == held).unwrap()))
        }
        (_, 200) if json()["outcome"].is_string() => Told::Done,
        (Asked::Give(_), 200) if json()["Data"] == json!([]) => Told::Done,
        (Asked::Give(_), 200 | 409) => Told::Refused,
        // Nothing was done, or it is not known.
        (_, 503) => Told::Nothing,
        _ => panic!("{asked:?}: {status} {body}"),
    }
}

/// Clients ask until the server is killed under them, or have asked enough.
fn phase(
    demo: &mut Demo,
    numbers: &[String],
    began: Instant,
    round: usize,
) -> BTreeMap<String, Vec<Call>> {
    let address = demo.program.address;
    let mut histories: BTreeMap<String, Vec<Call>> = BTreeMap::new();
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || {
                    let agent: ureq::Agent =
                        ureq::Agent::config_builder().http_status_as_error(false).build().into();
                    let mut calls = Vec::new();
                    for step in 0..8 {
                        let at = client * 7 + step * 5 + round * 3;
                        let number = &numbers[at % NUMBERS];
                        let asked = match (at + step) % 5 {
                            0 | 1 => Asked::Give((client + step) % 3),
                            2 | 3 => Asked::Take((client + step * 2) % 3),
                            _ => Asked::Read,
                        };
                        let from = began.elapsed();
                        let told = ask(&agent, address, number, asked, step % 2 == 0);
                        calls.push((
                            number.clone(),
                            Call { asked, told, from, to: began.elapsed() },
                        ));
                    }
                    calls
                })
            })
            .collect();
        std::thread::sleep(Duration::from_millis(15 + round as u64 * 13 % 60));
        demo.program.kill();
        for (number, call) in clients.into_iter().flat_map(|client| client.join().unwrap()) {
            histories.entry(number).or_default().push(call);
        }
    });
    demo.restart();
    histories
}

#[test]
fn what_clients_are_told_of_a_number_fits_one_order_with_kills_inside() {
    let mut demo = Demo::start();
    let numbers: Vec<String> = demo.client().numbers(false).into_iter().take(NUMBERS).collect();
    let (mut histories, mut calls, mut unknown) = (0, 0, 0);
    let began = Instant::now();
    let mut holders: BTreeMap<String, Option<usize>> =
        numbers.iter().map(|number| (number.clone(), None)).collect();
    for round in 0..times(10, 100) {
        let mut history = phase(&mut demo, &numbers, began, round);
        for (number, more) in phase(&mut demo, &numbers, began, round + 1) {
            history.entry(number).or_default().extend(more);
        }
        let agent: ureq::Agent = ureq::Agent::new_with_defaults();
        for number in &numbers {
            // The last read, after all, says where the next history begins.
            let from = began.elapsed();
            let told = ask(&agent, demo.program.address, number, Asked::Read, false);
            let Told::Holder(now) = told else { panic!("{told:?}") };
            let calls_of = history.entry(number.clone()).or_default();
            calls_of.push(Call { asked: Asked::Read, told, from, to: began.elapsed() });
            assert!(is_linearizable(calls_of, holders[number]), "{number}: {calls_of:#?}");
            let other = Told::Holder(if now == Some(0) { Some(1) } else { Some(0) });
            let mut forged = calls_of.clone();
            if let Some(last) = forged.last_mut() {
                *last = Call { asked: Asked::Read, told: Told::Holder(now), ..*last };
                let at = Duration::from_secs(3600);
                forged.push(Call { asked: Asked::Read, told: other, from: at, to: at });
            }
            let certain = |call: &Call| call.told == Told::Nothing;
            unknown += calls_of.iter().filter(|call| certain(call)).count();
            // A holder whom nobody was given the number after the last look.
            if !forged.iter().any(certain) {
                assert!(!is_linearizable(&forged, holders[number]), "{forged:#?}");
            }
            holders.insert(number.clone(), now);
            histories += 1;
            calls += calls_of.len();
        }
    }
    demo.assert_sound();
    assert!(unknown > 5, "only {unknown} calls were under way at the kills");
    figure(
        "linearizability of numbers, two kills in each history",
        0,
        histories,
        &format!("{calls} calls, {unknown} of them under way at a kill"),
        "constructed histories that no order explains are all found",
    );
}

#[test]
fn a_history_that_no_order_explains_is_found() {
    use Asked::{Give, Read, Take};
    use Told::{Done, Holder, Nothing, Refused};
    let history = |calls: &[(Asked, Told, u64, u64)]| -> Vec<Call> {
        let moment = Duration::from_millis;
        let call = |&(asked, told, from, to): &(Asked, Told, u64, u64)| Call {
            asked,
            told,
            from: moment(from),
            to: moment(to),
        };
        calls.iter().map(call).collect()
    };
    for wrong in [
        // Two hold it, one after the other and at the same time.
        &[(Give(0), Done, 0, 1), (Give(1), Done, 2, 3)][..],
        &[(Give(0), Done, 0, 3), (Give(1), Done, 1, 2)],
        // What was acknowledged is lost.
        &[(Give(0), Done, 0, 1), (Read, Holder(None), 2, 3)],
        &[(Give(0), Done, 0, 1), (Take(0), Done, 2, 3), (Read, Holder(Some(0)), 4, 5)],
        // A read of what was not there yet, and one behind another.
        &[(Read, Holder(Some(0)), 0, 1), (Give(0), Done, 2, 3)],
        &[(Give(0), Done, 0, 9), (Read, Holder(Some(0)), 1, 2), (Read, Holder(None), 3, 4)],
        // Refused without a reason.
        &[(Give(0), Refused, 0, 1)],
        // What was never answered is done, and then not.
        &[(Give(0), Nothing, 0, 1), (Read, Holder(Some(0)), 2, 3), (Read, Holder(None), 4, 5)],
        &[(Give(0), Nothing, 0, 1), (Give(1), Done, 2, 3), (Read, Holder(Some(0)), 4, 5)],
        &[(Give(0), Nothing, 5, 6), (Read, Holder(Some(0)), 2, 3)],
    ] {
        assert!(!is_linearizable(&history(wrong), None), "{wrong:?}");
    }
    for right in [
        &[(Give(0), Done, 0, 3), (Give(1), Refused, 1, 2), (Read, Holder(Some(0)), 4, 5)][..],
        &[(Give(0), Nothing, 0, 1), (Read, Holder(None), 2, 3), (Read, Holder(Some(0)), 4, 5)],
        &[(Give(0), Nothing, 0, 1), (Give(1), Done, 2, 3), (Read, Holder(Some(1)), 4, 5)],
    ] {
        assert!(is_linearizable(&history(right), None), "{right:?}");
    }
}
