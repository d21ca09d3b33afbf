//! The User Admin API of Vonage Contact Center, version 4, by a token for reading.

mod found;

use super::answer::{Answer, said};
use super::client::Client;
use super::pages::{List, Page, nothing};
use super::{Failure, TRIES, taken, text};
use crate::domain::InstanceId;
use crate::domain::adopt::Account;
use crate::domain::skill_group::DEFAULT_SKILL_LEVEL;
use found::Found;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use ureq::http::Request;

/// Rows on a page; lists have no end.
const SIZE: u64 = 5000;

/// A client at the vendor's.
pub struct Vcc {
    client: Client,
    client_id: String,
    secret: String,
    token: RefCell<String>,
}

impl Vcc {
    /// A client with its first token.
    pub fn new(client: Client, client_id: String, secret: String) -> Result<Self, Failure> {
        let vcc = Self { client, client_id, secret, token: RefCell::default() };
        vcc.renew_token()?;
        Ok(vcc)
    }

    /// The one request that is not a `GET`.
    fn renew_token(&self) -> Result<(), Failure> {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let form = format!(
            "grant_type=client_credentials&scope=users%3Aread&client_id={}&client_secret={}",
            encoded(&self.client_id),
            encoded(&self.secret)
        );
        let address = self.client.endpoint.address("/Auth/connect/token");
        let answer = self.client.ask(|| {
            Request::post(&address)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.clone().into_bytes())
        })?;
        match (answer.status, answer.body["access_token"].as_str()) {
            (200, Some(token)) if !is_sendable(token) => {
                let host = &self.client.endpoint.authority;
                Err(Failure::Unavailable(format!(
                    "{host} gives a token that no header can hold: at most {LONGEST_TOKEN} characters of ASCII, without blanks."
                )))
            }
            (200, Some(token)) => {
                self.token.replace(token.to_owned());
                Ok(())
            }
            (400 | 401 | 403, _) => {
                let (host, client) = (&self.client.endpoint.authority, &self.client_id);
                let said = said(&answer);
                Err(Failure::Refused(format!("{host} gives the client {client} no token: {said}.")))
            }
            (404, _) => Err(self.client.not_found("/Auth/connect/token", &answer)),
            (200, _) => {
                let host = &self.client.endpoint.authority;
                let sentence = format!("{host} answers the request for a token without one.");
                Err(Failure::Unavailable(sentence))
            }
            _ => Err(self.client.unavailable("the request for a token", &answer)),
        }
    }

    /// Reads the account whole, as an instance.
    pub fn read(&self, instance_id: &InstanceId) -> Result<Account, Failure> {
        let (mut contradiction, mut missed) = (String::new(), String::new());
        for _ in 0..TRIES {
            match self.found() {
                Ok(found) => match found.contradiction() {
                    None => return Ok(found.account(instance_id)),
                    Some(sentence) => contradiction = sentence,
                },
                Err(Gone::Failed(failure)) => return Err(failure),
                Err(Gone::Part(path)) if path == missed => {
                    let host = &self.client.endpoint.authority;
                    let (listed, part) = path.rsplit_once('/').unwrap_or_default();
                    return Err(Failure::Unavailable(format!(
                        "{host} lists {listed} but does not show its {part}: it answered 404, twice."
                    )));
                }
                Err(Gone::Part(path)) => {
                    contradiction = format!("{path} is not there any more");
                    missed = path;
                }
            }
        }
        Err(Failure::Shifted(format!(
            "Who holds which number changed while the account was read, {TRIES} times: {contradiction}. Try again when nobody is changing it."
        )))
    }

    /// Reads all lists once.
    fn found(&self) -> Result<Found, Gone> {
        let mut found = Found {
            users: self.list("/useradmin/users", "users", "userId", "include=All&")?,
            numbers: self.list(
                "/useradmin/callbackNumbers",
                "callbackNumbers",
                "callbackNumberId",
                "",
            )?,
            groups: BTreeMap::new(),
            levels: BTreeMap::new(),
            holders: BTreeMap::new(),
        };
        self.memberships(&mut found)?;
        self.holders(&mut found)?;
        Ok(found)
    }

    /// The skills with their levels, and the groups, which have none: both are skill groups here.
    fn memberships(&self, found: &mut Found) -> Result<(), Gone> {
        for (kind, what) in [("skills", "skill"), ("groups", "group")] {
            let [id, name, display] = ["Id", "Name", "DisplayId"].map(|end| format!("{what}{end}"));
            let all = self.list(&format!("/useradmin/{kind}"), kind, &id, "");
            for group in all? {
                let group_id = text(&group, &id);
                let path = format!("/useradmin/{kind}/{}/users", segment(&group_id));
                for member in self.part(&path, "users", "userId")? {
                    let level =
                        text(&member, "agentSkillLevel").parse().unwrap_or(DEFAULT_SKILL_LEVEL);
                    let of_user = found.levels.entry(text(&member, "userId")).or_default();
                    of_user.entry(group_id.clone()).or_insert(level);
                }
                let names = (text(&group, &display), text(&group, &name));
                found.groups.entry(group_id).or_insert(names);
            }
        }
        Ok(())
    }

    /// Who may present which number.
    fn holders(&self, found: &mut Found) -> Result<(), Gone> {
        for user in &found.users {
            let path =
                format!("/useradmin/users/{}/callbackNumbers", segment(&text(user, "userId")));
            for number in self.part(&path, "callbackNumbers", "callbackNumberId")? {
                let number_id = text(&number, "callbackNumberId");
                found.holders.entry(number_id).or_default().push(text(user, "username"));
            }
        }
        Ok(())
    }

    /// A list of something that another list shows, and that may be gone since.
    fn part(&self, path: &str, field: &str, key: &str) -> Result<Vec<Value>, Gone> {
        self.list(path, field, key, "").map_err(|failure| match failure {
            Failure::NotFound(_) => Gone::Part(path.to_owned()),
            failure => Gone::Failed(failure),
        })
    }

    fn list(&self, path: &str, field: &str, key: &str, query: &str) -> Result<Vec<Value>, Failure> {
        List { name: path, key, reach: u64::MAX, disjoint: &nothing }.whole(|_, page| {
            let mut body = self.get(&format!("{path}?{query}limit={SIZE}&page={page}"))?;
            let total = text(&body["meta"], "totalCount").parse();
            match (taken(&mut body, field), total) {
                (Value::Array(rows), Ok(total)) => Ok(Page { rows, total }),
                // The list of users may come without `meta`: then a page that is not full is all.
                (Value::Array(rows), Err(_)) if page == 1 && (rows.len() as u64) < SIZE => {
                    Ok(Page { total: rows.len() as u64, rows })
                }
                _ => Err(Failure::Unavailable(format!(
                    "{path} is answered without {field} and their totalCount."
                ))),
            }
        })
    }

    /// What is at a path. A token that has expired in the meantime is renewed.
    fn get(&self, path: &str) -> Result<Value, Failure> {
        let list = path.split('?').next().unwrap_or_default();
        let ask = || {
            self.client.ask(|| {
                Request::get(self.client.endpoint.address(path))
                    .header("accept", "application/vnd.newvoicemedia.v4+json")
                    .header("authorization", format!("Bearer {}", self.token.borrow()))
                    .body(Vec::new())
            })
        };
        let mut answer = ask()?;
        if answer.status == 401 {
            self.renew_token()?;
            answer = ask()?;
        }
        match answer {
            Answer { status: 200, body, .. } => Ok(body),
            Answer { status: 401 | 403, .. } => {
                let (host, client, said) =
                    (&self.client.endpoint.authority, &self.client_id, said(&answer));
                Err(Failure::Refused(format!(
                    "{host} does not let the client {client} read {list}: {said}."
                )))
            }
            Answer { status: 404, .. } => Err(self.client.not_found(list, &answer)),
            _ => Err(self.client.unavailable(list, &answer)),
        }
    }
}

/// The longest token: the vendor's are signed texts of some 1,000 characters.
const LONGEST_TOKEN: usize = 8192;

/// Whether a header can hold a token.
fn is_sendable(token: &str) -> bool {
    token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What is encoded in a part of a path.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-');

/// A part of a path.
fn segment(id: &str) -> String {
    utf8_percent_encode(id, SEGMENT).to_string()
}

/// Why the lists could not all be read.
enum Gone {
    /// Nothing is at this path any more, though another list still shows what it belongs to.
    Part(String),
    Failed(Failure),
}

impl From<Failure> for Gone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
