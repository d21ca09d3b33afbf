//! Signed requests of which one thing was changed afterwards, at random: none is answered.

use super::code;
use super::signer::{self, Pairs, pairs};
use super::wire::{NOON, NOON_TEXT, Request, v1_common, v3_headers};
use crate::support::{App, SeededDatabase, figure, times};
use numberd::domain::{Clock, Paging, Timestamp};

/// A small generator, so that each run tries the same.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    /// Another text: a character changed, put in, taken out, or two exchanged.
    fn other(&mut self, text: &str) -> String {
        loop {
            let mut characters: Vec<char> = text.chars().collect();
            let at = self.below(characters.len() + 1);
            let put = [b'0', b'a', b'Z', b'~', b'%', b'&', b'/', b'.'][self.below(8)] as char;
            match self.below(4) {
                0 => characters.insert(at, put),
                1 if at < characters.len() => characters[at] = put,
                2 if at < characters.len() => drop(characters.remove(at)),
                _ if at + 1 < characters.len() => characters.swap(at, at + 1),
                _ => {}
            }
            let other: String = characters.into_iter().collect();
            if other != text {
                return other;
            }
        }
    }

    /// Other pairs: a name or value changed, a pair more or less, or two values exchanged.
    fn other_pairs(&mut self, pairs: &Pairs) -> Pairs {
        let mut other = pairs.clone();
        let (one, two) = (self.below(pairs.len()), self.below(pairs.len()));
        match self.below(5) {
            0 | 1 => other[one].1 = self.other(&pairs[one].1),
            2 => other[one].0 = self.other(&pairs[one].0),
            3 => drop(other.remove(one)),
            _ if pairs[one].1 != pairs[two].1 => {
                other[one].1.clone_from(&pairs[two].1);
                other[two].1.clone_from(&pairs[one].1);
            }
            _ => other.push((format!("x-acs-p{one}"), "1".to_owned())),
        }
        other
    }
}

/// The parts of a signed list.
#[derive(Clone)]
struct Parts {
    method: &'static str,
    query: Pairs,
    headers: Pairs,
    signature: String,
    body: Vec<u8>,
}

impl Parts {
    fn v1(nonce: &str) -> Self {
        let query = [v1_common(nonce, NOON_TEXT), list(true)].concat();
        let signature = signer::v1_signature("GET", &query, b"demo-access-secret");
        Self { method: "GET", query, headers: Vec::new(), signature, body: Vec::new() }
    }

    fn v3(nonce: &str) -> Self {
        let (query, headers) =
            (list(false), v3_headers(nonce, "ListInstancesOfUser", NOON_TEXT, b""));
        let secret = b"demo-access-secret";
        let signature =
            signer::v3_authorization("POST", &query, &headers, b"", "demo-access-key", secret);
        Self { method: "POST", query, headers, signature, body: Vec::new() }
    }

    fn other(&self, random: &mut Random) -> Self {
        let mut other = self.clone();
        match random.below(if self.headers.is_empty() { 4 } else { 6 }) {
            0 => other.signature = random.other(&self.signature),
            1 => other.method = if self.method == "GET" { "POST" } else { "GET" },
            2 | 3 => other.query = random.other_pairs(&self.query),
            4 => other.headers = random.other_pairs(&self.headers),
            _ => other.body = b"PageNumber=2".to_vec(),
        }
        other
    }

    fn request(&self) -> Request {
        let (mut query, mut headers) = (self.query.clone(), self.headers.clone());
        let proof = self.signature.clone();
        if headers.is_empty() {
            query.push(("Signature".to_owned(), proof));
        } else {
            // Without one it would be sent with the signed one.
            if !headers.iter().any(|(name, _)| name == "host") {
                headers.push(("host".to_owned(), "other.example.com".to_owned()));
            }
            headers.insert(0, ("authorization".to_owned(), proof));
        }
        let target = format!("/?{}", signer::form(&query));
        Request { method: self.method.to_owned(), target, headers, body: self.body.clone() }
    }
}

fn list(with_action: bool) -> Pairs {
    let action: &[(&str, &str)] =
        if with_action { &[("Action", "ListInstancesOfUser")] } else { &[] };
    pairs(&[action, &[("PageNumber", "1"), ("PageSize", "10")]].concat())
}

#[test]
fn a_signed_request_that_was_changed_afterwards_is_not_answered() {
    let clock = Clock::Fixed(Timestamp::from_millis(NOON));
    let app = App::over(SeededDatabase::new(), Paging::Strict, clock);
    let mut random = Random(5);
    let (of_each, mut let_in) = (times(1_000, 10_000), 0);
    for number in 0..of_each {
        for signed in [Parts::v1(&format!("1-{number}")), Parts::v3(&format!("3-{number}"))] {
            let changed = signed.other(&mut random);
            let reply = changed.request().send(&app);
            assert_ne!(reply.status, 200, "{:?}", changed.request());
            assert!(reply.status < 500, "{:?}: {}", changed.request(), reply.body);
            if number % 50 == 0 {
                assert_eq!(code(&signed.request().send(&app)), "OK", "{:?}", signed.request());
                let_in += 1;
            }
        }
    }
    figure(
        "signed requests changed afterwards, V1 and V3",
        0,
        2 * of_each,
        "none was answered, and none used up its nonce",
        &format!("{let_in} of {let_in} unchanged ones were answered"),
    );
}
