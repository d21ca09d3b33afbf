//! The lists of every face, of two servers that should show the same call centre.

use super::{Adopted, strings};
use crate::support::{App, Reply};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// What each file has of its own: times, versions, and who is the account's root.
const OWN: [&str; 11] = [
    "CreateTime",
    "CreatedTime",
    "UpdatedTime",
    "Primary",
    "PrimaryAccount",
    "lastLoginTime",
    "at",
    "created_at",
    "updated_at",
    "since",
    "version",
];

/// The ids of VCC, which are made anew where CCC was read, and the fields that have them.
const IDS_OF_VCC: [&str; 7] = [
    "userId",
    "callbackNumberId",
    "selectedCallbackNumberId",
    "skillId",
    "groupId",
    "user_guid",
    "skill_group_guid",
];

/// One of the two servers, and with what it is asked.
pub(super) struct Side {
    address: SocketAddr,
    instance_id: String,
    token: String,
    of_vcc: String,
}

/// A value without these fields, wherever they are.
fn without(value: &Value, fields: &[&str]) -> Value {
    match value {
        Value::Object(row) => {
            let kept = row.iter().filter(|(name, _)| !fields.contains(&name.as_str()));
            kept.map(|(name, value)| (name.clone(), without(value, fields))).collect()
        }
        Value::Array(rows) => rows.iter().map(|row| without(row, fields)).collect(),
        other => other.clone(),
    }
}

/// Rows in the order of their texts, and so are the lists in them.
fn sorted(rows: Vec<Value>) -> Value {
    let mut rows: Vec<Value> = rows
        .into_iter()
        .map(|mut row| {
            for list in row.as_object_mut().into_iter().flat_map(|row| row.values_mut()) {
                if let Value::Array(rows) = list {
                    *list = sorted(std::mem::take(rows));
                }
            }
            row
        })
        .collect();
    rows.sort_by_key(Value::to_string);
    rows.into()
}

/// Adds what differs, by the names of the fields that lead to it.
fn differences(at: &str, theirs: &Value, ours: &Value, found: &mut BTreeMap<String, String>) {
    match (theirs, ours) {
        (Value::Array(theirs), Value::Array(ours)) if theirs.len() == ours.len() => {
            theirs.iter().zip(ours).for_each(|(theirs, ours)| differences(at, theirs, ours, found));
        }
        (Value::Object(theirs), Value::Object(ours)) if theirs.keys().eq(ours.keys()) => {
            for (name, value) in theirs {
                differences(&format!("{at} {name}"), value, &ours[name], found);
            }
        }
        (theirs, ours) if theirs == ours => {}
        (theirs, ours) => {
            let shown = |value: &Value| value.to_string().chars().take(300).collect::<String>();
            let became = || format!("{} became {}", shown(theirs), shown(ours));
            found.entry(at.to_owned()).or_insert_with(became);
        }
    }
}

impl Side {
    fn vendor(app: &App, instance_id: &str) -> Self {
        let client = if instance_id == "ccc-test" { "demo-client-ccc" } else { "demo-client" };
        let secret = format!("{client}-secret");
        Self::new(app.address, instance_id, "demo-token", [client, &secret])
    }

    fn adopted(adopted: &Adopted, instance_id: &str) -> Self {
        let [client, secret] = &adopted.client;
        Self::new(adopted.program.address, instance_id, &adopted.token, [client, secret])
    }

    fn new(address: SocketAddr, instance_id: &str, token: &str, client: [&str; 2]) -> Self {
        let [id, secret] = client;
        let form = format!(
            "grant_type=client_credentials&scope=users:read&client_id={id}&client_secret={secret}"
        );
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let path = "/Auth/connect/token";
        let reply = crate::vcc::send(address, "POST", path, &headers, Some(form.as_bytes()));
        let of_vcc = reply.json()["access_token"].as_str().unwrap().to_owned();
        Self { address, instance_id: instance_id.to_owned(), token: token.to_owned(), of_vcc }
    }

    fn get(&self, token: &str, path: &str) -> Value {
        let bearer = format!("Bearer {token}");
        let headers = [
            ("authorization", bearer.as_str()),
            ("accept", "application/json, application/vnd.newvoicemedia.v4+json"),
        ];
        let reply: Reply = crate::vcc::send(self.address, "GET", path, &headers, None);
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        reply.json()
    }

    /// The rows of a list of CCC, which shows a hundred pages; of what could be had, fewer do.
    fn ccc(&self, action: &str, of: &[(&str, &str)]) -> Vec<Value> {
        let mut all = Vec::new();
        let is_cut = of.contains(&("IsMember", "false"));
        let mut total = 0;
        for page in 1..=if is_cut { 10 } else { 100 } {
            let instance_id = &self.instance_id;
            let mut query = format!(
                "/?Action={action}&InstanceId={instance_id}&PageNumber={page}&PageSize=100"
            );
            for (name, value) in of {
                query += &format!("&{name}={value}");
            }
            let reply = self.get(&self.token, &query);
            let Value::Array(rows) = &reply["Data"]["List"] else {
                return reply["Data"].as_array().unwrap().clone();
            };
            all.extend(rows.iter().cloned());
            total = reply["Data"]["TotalCount"].as_u64().unwrap();
            if rows.is_empty() || all.len() as u64 >= total {
                break;
            }
        }
        assert!(is_cut || all.len() as u64 == total, "{action} {of:?}: {} of {total}", all.len());
        all
    }

    /// All rows of a list of VCC, and whatever else is beside them.
    fn vcc(&self, path: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let and = if path.contains('?') { '&' } else { '?' };
            let mut body =
                self.get(&self.of_vcc, &format!("/useradmin{path}{and}limit=5000&page={page}"));
            let pages = body["meta"]["pageCount"].as_u64().unwrap();
            body["meta"]["page"] = Value::Null;
            all.push(body);
            if page >= pages {
                break;
            }
        }
        all
    }

    /// All rows of a list of the admin API.
    fn rest(&self, list: &str) -> Vec<Value> {
        let mut all = Vec::new();
        for page in 1.. {
            let instance_id = &self.instance_id;
            let and = if list.contains('?') { '&' } else { '?' };
            let body = self.get(
                &self.token,
                &format!("/api/v1/instances/{instance_id}{list}{and}per_page=500&page={page}"),
            );
            let Value::Array(rows) = &body["items"] else { return vec![body] };
            all.extend(rows.iter().cloned());
            if page >= body["pages"].as_u64().unwrap_or(1) {
                break;
            }
        }
        all
    }
}

/// Two servers that are compared: the vendor's, and the one over what was adopted.
pub(super) struct Faces {
    theirs: Side,
    ours: Side,
    /// The users whose own lists are compared.
    users: Vec<String>,
    /// Whether VCC was read, and so its ids.
    is_of_vcc: bool,
    /// What differs.
    found: RefCell<BTreeMap<String, String>>,
}

/// What VCC shows and CCC doesn't, as the lists of VCC call it.
const NOT_OF_CCC_IN_VCC: [&str; 3] = ["active", "locked", "callbackNumberName"];

/// The same as REST calls it: companies, notes, and who is archived.
const NOT_OF_CCC: [&str; 4] = ["corp_name", "note", "active", "locked"];

impl Faces {
    /// Of `ccc-test`, read by CCC. What it doesn't show is taken back at the vendor's first: what
    /// is kept for somebody. Those who are archived or locked there are not here, so their lists
    /// are left out.
    pub(super) fn of_ccc(vendor: &App, adopted: &Adopted) -> Self {
        let now = "(SELECT now FROM v_now)";
        let ends = "UPDATE reservation SET ended_at";
        vendor.database.query(&format!("{ends} = {now} WHERE ended_at IS NULL"));
        Self::of(vendor, adopted, "ccc-test", false)
    }

    /// Of `vcc-test`, read by VCC. What that doesn't show is made at the vendor's what it is here.
    pub(super) fn of_vcc(vendor: &App, adopted: &Adopted) -> Self {
        let bound = "SELECT group_concat(quote(number)) FROM phone_number
                      WHERE instance_id = 'vcc-test' AND state = 'bound'";
        let bound = vendor.database.query(bound);
        let of = format!("WHERE instance_id = 'vcc-test' AND number IN ({bound})");
        for change in [
            &format!("DELETE FROM skill_group_number {of}"),
            &format!("DELETE FROM phone_number {of}"),
            "UPDATE skill_group SET description = '' WHERE instance_id = 'vcc-test'",
            "UPDATE phone_number SET active = 1, city = '', province = '', provider = '',
                    corp_name = '', usage = 'Bidirection', note = '', tags = '[]'
              WHERE instance_id = 'vcc-test'",
        ] {
            vendor.database.query(change);
        }
        Self::of(vendor, adopted, "vcc-test", true)
    }

    fn of(vendor: &App, adopted: &Adopted, instance_id: &str, is_of_vcc: bool) -> Self {
        let users = vendor.database.query(&format!(
            "SELECT group_concat(user_id, ' ') FROM user
              WHERE instance_id = '{instance_id}' AND active AND NOT locked"
        ));
        Self {
            theirs: Side::vendor(vendor, instance_id),
            ours: Side::adopted(adopted, instance_id),
            users: users.split(' ').map(str::to_owned).collect(),
            is_of_vcc,
            found: RefCell::default(),
        }
    }

    /// The same with the lists of these users only.
    pub(super) fn for_users(self, users: &[&str]) -> Self {
        Self { users: users.iter().map(ToString::to_string).collect(), ..self }
    }

    /// That every list of every face is alike, but for what the vendor that was read doesn't show.
    pub(super) fn same(&self) {
        if self.is_of_vcc {
            self.same_of_vcc(&[]);
            self.same_of_ccc(&["RamId"]);
            self.same_of_rest(&["ram_id"]);
        } else {
            self.same_of_ccc(&[]);
            self.same_of_vcc(&[&IDS_OF_VCC[..], &NOT_OF_CCC_IN_VCC].concat());
            self.same_of_rest(&[&IDS_OF_VCC[..], &NOT_OF_CCC].concat());
        }
        let found = self.found.borrow();
        assert!(found.is_empty(), "{found:#?}");
    }

    fn same_list(&self, what: &str, of: impl Fn(&Side) -> Vec<Value>, own: &[&str]) -> Vec<Value> {
        // The order of rows whose ids are left out says nothing.
        let in_order = |rows: Value| match rows {
            Value::Array(rows) if own.contains(&"userId") => sorted(rows),
            rows => rows,
        };
        let own = [&OWN[..], own].concat();
        let [theirs, ours] =
            [&self.theirs, &self.ours].map(|side| in_order(without(&of(side).into(), &own)));
        differences(what, &theirs, &ours, &mut self.found.borrow_mut());
        theirs.as_array().unwrap().clone()
    }

    /// Every list of CCC.
    fn same_of_ccc(&self, own: &[&str]) {
        let same = |action: &str, of: &[(&str, &str)]| {
            self.same_list(&format!("{action} {of:?}"), |side| side.ccc(action, of), own)
        };
        same("ListRoles", &[]);
        same("ListContactFlows", &[]);
        same("ListBriefSkillGroups", &[]);
        // A list has at most 10,000 rows.
        for usage in ["Inbound", "Outbound", "Bidirection"] {
            if !self.is_of_vcc {
                assert!(!same("ListPhoneNumbers", &[("Usage", usage)]).is_empty());
            }
        }
        if self.is_of_vcc {
            assert!(!same("ListPhoneNumbers", &[]).is_empty());
        }
        same("ListPhoneNumbers", &[("Active", "false")]);
        same("ListPhoneNumbers", &[("SearchPattern", "0571-2")]);
        assert!(strings(&same("ListUsers", &[]), "UserId").len() >= self.users.len());
        for id in &self.users {
            for members in ["true", "false"] {
                same("ListPersonalNumbersOfUser", &[("UserId", id), ("IsMember", members)]);
                same("ListSkillLevelsOfUser", &[("UserId", id), ("IsMember", members)]);
            }
            same("ListOutboundNumbersOfUser", &[("UserId", id)]);
        }
        for id in strings(&same("ListSkillGroups", &[]), "SkillGroupId") {
            for members in ["true", "false"] {
                let of = [("SkillGroupId", id.as_str()), ("IsMember", members)];
                same("ListPhoneNumbersOfSkillGroup", &of);
                same("ListUserLevelsOfSkillGroup", &of);
            }
        }
        if self.is_of_vcc {
            // VCC has no logins.
            return;
        }
        // Each file has a root of its own.
        let [theirs, ours] = [&self.theirs, &self.ours].map(|side| {
            let rows = side.ccc("ListRamUsers", &[]);
            let of = |row: &Value| {
                ["RamId", "LoginName", "DisplayName"].map(|name| row[name].to_string())
            };
            let others = rows.iter().filter(|row| row["LoginName"] != "root");
            others.map(of).collect::<Vec<_>>()
        });
        assert_eq!(theirs, ours);
    }

    /// Every list of VCC.
    fn same_of_vcc(&self, own: &[&str]) {
        let same = |path: &str| self.same_list(path, |side| side.vcc(path), own);
        same("/callbackNumbers");
        if self.is_of_vcc {
            // It leaves out who is archived.
            same("/users");
        }
        for (list, path, what, of_each) in [
            ("users", "/users?include=All", "user", &["callbackNumbers", "skills", "groups"][..]),
            ("skills", "/skills", "skill", &["users"]),
            ("groups", "/groups", "group", &["users"]),
        ] {
            same(path);
            // Each in the order of its name, as the ids may be others.
            let name = if what == "user" { "username".into() } else { format!("{what}DisplayId") };
            let ids = |side: &Side| {
                let rows = side.vcc(path)[0][list].as_array().unwrap().clone();
                let named = rows.iter().map(|row| (row[&name].to_string(), row.clone()));
                let in_order: Vec<Value> =
                    named.collect::<BTreeMap<_, _>>().into_values().collect();
                strings(&in_order, &format!("{what}Id"))
            };
            let [of_theirs, of_ours] = [&self.theirs, &self.ours].map(ids);
            for ((theirs, ours), what) in of_theirs
                .iter()
                .zip(&of_ours)
                .flat_map(|pair| of_each.iter().map(move |what| (pair, what)))
            {
                let path = |id: &str| format!("/{list}/{id}/{what}");
                let id =
                    |side: &Side| if side.address == self.ours.address { ours } else { theirs };
                self.same_list(&path(theirs), |side| side.vcc(&path(id(side))), own);
            }
        }
    }

    /// Every list of the admin API, but for columns that the vendor doesn't show.
    fn same_of_rest(&self, own: &[&str]) {
        let same = |list: &str| self.same_list(list, |side| side.rest(list), own);
        for list in ["/numbers", "/users", "/skill-groups", "/contact-flows"] {
            same(list);
        }
        for list in ["/assignments", "/bindings", "/reservations"] {
            same(list);
        }
        for group in strings(&same("/skill-groups"), "skill_group_id") {
            same(&format!("/skill-groups/{group}/users"));
        }
        for user in &self.users {
            same(&format!("/users/{user}/numbers"));
            same(&format!("/users/{user}/candidates"));
            // The reasons say since when in words.
            let blocked = format!("/users/{user}/candidates?include=blocked");
            self.same_list(&blocked, |side| side.rest(&blocked), &[own, &["detail"]].concat());
        }
        // How fast they are used up is history.
        let of_history =
            ["outlook", "weeks", "events", "low_water_mark", "earliest_weeks", "latest_weeks"];
        self.same_list("/capacity", |side| side.rest("/capacity"), &[own, &of_history].concat());
    }
}
