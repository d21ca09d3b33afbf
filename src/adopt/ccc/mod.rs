//! Alibaba Cloud Call Center 2020-07-01, read by requests that are signed as its SDKs sign them.

mod found;

use super::answer::{Answer, said};
use super::client::Client;
use super::pages::{List, Page, nothing};
use super::{Failure, TRIES, taken, text};
use crate::domain::Clock;
use crate::domain::adopt::Account;
use crate::domain::phone_number::Usage;
use crate::http::signature;
use found::Found;
use serde_json::Value;
use ureq::http::Request;

/// What the vendor is asked for: these reading operations, and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The instances that the AccessKey's user belongs to.
    ListInstancesOfUser,
    /// One instance.
    GetInstance,
    /// The account's logins.
    ListRamUsers,
    /// Users, with their skill levels and numbers.
    ListUsers,
    /// One user, with what the list does not show.
    GetUser,
    /// Skill groups.
    ListSkillGroups,
    /// Contact flows.
    ListContactFlows,
    /// Numbers, with the skill groups that hold them.
    ListPhoneNumbers,
}

impl Reading {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ListInstancesOfUser,
        Self::GetInstance,
        Self::ListRamUsers,
        Self::ListUsers,
        Self::GetUser,
        Self::ListSkillGroups,
        Self::ListContactFlows,
        Self::ListPhoneNumbers,
    ];
}

/// Rows on a page, and the most rows that a list shows: pages 1 to 100.
const SIZE: u64 = 100;
const REACH: u64 = 100 * SIZE;

/// An AccessKey at the vendor's.
pub struct Ccc {
    /// Where.
    pub client: Client,
    /// Its id.
    pub access_key_id: String,
    /// Its secret.
    pub secret: String,
    /// The time, which is part of every signature.
    pub clock: Clock,
}

/// The parameters of a request.
type Pairs<'a> = Vec<(&'a str, String)>;

impl Ccc {
    /// The ids of the instances that the AccessKey's user belongs to.
    pub fn instances(&self) -> Result<Vec<String>, Failure> {
        let found = self.list(Reading::ListInstancesOfUser, "Id", &[])?;
        Ok(found.iter().map(|row| text(row, "Id")).collect())
    }

    /// Reads an instance whole.
    pub fn read(&self, instance_id: &str) -> Result<Account, Failure> {
        let mut contradiction = String::new();
        for _ in 0..TRIES {
            let found = Found {
                instance: self
                    .get(Reading::GetInstance, vec![("InstanceId", instance_id.into())])?,
                groups: self.list_of(Reading::ListSkillGroups, "SkillGroupId", instance_id)?,
                flows: self.list_of(Reading::ListContactFlows, "ContactFlowId", instance_id)?,
                users: self.users(instance_id)?,
                logins: match self.list_of(Reading::ListRamUsers, "RamId", instance_id) {
                    // Who may read an instance may not be allowed to read all logins.
                    Err(Failure::Refused(_)) => Vec::new(),
                    logins => logins?,
                },
                numbers: self.numbers(instance_id)?,
            };
            match found.contradiction() {
                None => return Ok(found.account()),
                Some(sentence) => contradiction = sentence,
            }
        }
        Err(Failure::Shifted(format!(
            "Who holds which number changed while {instance_id} was read, {TRIES} times: {contradiction}. Try again when nobody is changing it."
        )))
    }

    /// The numbers: those of each usage by themselves where there are more than a list shows, as
    /// no two of these lists have one in common.
    fn numbers(&self, instance_id: &str) -> Result<Vec<Value>, Failure> {
        const READING: Reading = Reading::ListPhoneNumbers;
        let of_each_usage = || {
            let mut found = Vec::new();
            for usage in Usage::NAMES {
                for active in ["true", "false"] {
                    let of = [("InstanceId", instance_id), ("Usage", usage), ("Active", active)];
                    found.extend(self.list(READING, "Number", &of)?);
                }
            }
            Ok(found)
        };
        let (name, of) = (format!("{READING:?}"), [("InstanceId", instance_id)]);
        List { name: &name, key: "Number", reach: REACH, disjoint: &of_each_usage }
            .whole(|pattern, page| self.page(READING, &of, pattern, page))
    }

    /// The users, each with what only a look at one of them shows.
    fn users(&self, instance_id: &str) -> Result<Vec<Value>, Failure> {
        let mut users = self.list_of(Reading::ListUsers, "UserId", instance_id)?;
        for user in &mut users {
            let pairs =
                vec![("InstanceId", instance_id.to_owned()), ("UserId", text(user, "UserId"))];
            let mut whole = self.get(Reading::GetUser, pairs)?;
            let Some(user) = user.as_object_mut() else { continue };
            for field in ["Nickname", "AvatarUrl"] {
                user.insert(field.to_owned(), taken(&mut whole, field));
            }
        }
        Ok(users)
    }

    fn list_of(
        &self,
        reading: Reading,
        key: &str,
        instance_id: &str,
    ) -> Result<Vec<Value>, Failure> {
        self.list(reading, key, &[("InstanceId", instance_id)])
    }

    fn list(
        &self,
        reading: Reading,
        key: &str,
        of: &[(&str, &str)],
    ) -> Result<Vec<Value>, Failure> {
        let name = format!("{reading:?}");
        List { name: &name, key, reach: REACH, disjoint: &nothing }
            .whole(|pattern, page| self.page(reading, of, pattern, page))
    }

    /// A page of a list, of the rows that hold a text.
    fn page(
        &self,
        reading: Reading,
        of: &[(&str, &str)],
        pattern: &str,
        page: u64,
    ) -> Result<Page, Failure> {
        let mut pairs: Pairs<'_> = of.iter().map(|(name, id)| (*name, (*id).to_owned())).collect();
        pairs.push(("PageNumber", page.to_string()));
        pairs.push(("PageSize", SIZE.to_string()));
        if !pattern.is_empty() {
            pairs.push(("SearchPattern", pattern.to_owned()));
        }
        let mut data = self.get(reading, pairs)?;
        let total = text(&data, "TotalCount").parse();
        match (taken(&mut data, "List"), total) {
            (Value::Array(rows), Ok(total)) => Ok(Page { rows, total }),
            (Value::Null, Ok(0)) => Ok(Page { rows: Vec::new(), total: 0 }),
            _ => Err(Failure::Unavailable(format!(
                "{reading:?} is answered without a List and its TotalCount."
            ))),
        }
    }

    /// The data that a reading operation answers.
    fn get(&self, reading: Reading, pairs: Pairs<'_>) -> Result<Value, Failure> {
        let mut answer = self.client.ask(|| self.request(reading, &pairs))?;
        match answer.body["Code"].as_str() {
            Some("OK") if answer.status == 200 => Ok(taken(&mut answer.body, "Data")),
            _ => Err(self.failure(reading, &answer)),
        }
    }

    fn failure(&self, reading: Reading, answer: &Answer) -> Failure {
        let (host, key, said) =
            (&self.client.endpoint.authority, &self.access_key_id, said(answer));
        let code = answer.body["Code"].as_str().unwrap_or_default();
        match code {
            "" if answer.status == 404 => {
                self.client.not_found(&self.client.endpoint.path("/"), answer)
            }
            "" => Failure::Unavailable(format!(
                "{host} answers {said} without a code; is --endpoint the address of the vendor's API?"
            )),
            "SignatureDoesNotMatch" | "IncompleteSignature" => Failure::Refused(format!(
                "{host} does not accept the secret of the AccessKey {key} ({code})."
            )),
            _ if code.starts_with("InvalidAccessKeyId") => {
                Failure::Refused(format!("{host} does not accept the AccessKey {key}: {said}."))
            }
            "InvalidTimeStamp.Expired" => Failure::Refused(format!(
                "{host} finds that the clock of this machine is wrong: {said}."
            )),
            "NotExists.InstanceId" => {
                Failure::NotFound(format!("{host} has no such instance: {said}."))
            }
            // A stopped or unfinished instance is not a permission problem.
            _ if answer.status == 403 && !code.starts_with("AbnormalService") => Failure::Refused(
                format!("{host} does not let the AccessKey {key} call {reading:?}: {said}."),
            ),
            _ => self.client.unavailable(&format!("{reading:?}"), answer),
        }
    }

    /// The time as a signature has it, without a fraction.
    fn seconds(&self) -> String {
        let now = self.clock.now().to_string();
        format!("{}Z", now.split(['.', 'Z']).next().unwrap_or_default())
    }

    /// A request as the SDKs send it: everything in the query, signed by V3.
    fn request(
        &self,
        reading: Reading,
        pairs: &Pairs<'_>,
    ) -> Result<Request<Vec<u8>>, ureq::http::Error> {
        let endpoint = &self.client.endpoint;
        let borrowed = || pairs.iter().map(|(name, value)| (*name, value.as_str()));
        let body_hash = signature::sha256_hex(b"");
        let headers = [
            ("accept", "application/json".to_owned()),
            ("host", endpoint.authority.clone()),
            ("x-acs-action", format!("{reading:?}")),
            ("x-acs-content-sha256", body_hash.clone()),
            ("x-acs-date", self.seconds()),
            ("x-acs-signature-nonce", uuid::Uuid::new_v4().to_string()),
            ("x-acs-version", "2020-07-01".to_owned()),
        ];
        let path = endpoint.path("/");
        let canonical =
            signature::v3_canonical_request("POST", &path, borrowed(), &headers, &body_hash);
        let signed = signature::v3_signature(
            self.secret.as_bytes(),
            &signature::v3_string_to_sign(&canonical),
        );
        let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={},SignedHeaders={},Signature={signed}",
            self.access_key_id,
            names.join(";")
        );
        let query = signature::canonical_query(borrowed());
        let mut request = Request::post(format!("{}?{query}", endpoint.address("/")));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.header("authorization", authorization).body(Vec::new())
    }
}
