//! A caller of a server that runs in a process of its own.

use super::Reply;
use super::app::{agent, try_reply};
use std::net::SocketAddr;

/// Calls the CCC face with the demo's token, over connections that it keeps.
#[derive(Clone)]
pub struct Client {
    address: SocketAddr,
    agent: ureq::Agent,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, agent: agent() }
    }

    /// Calls an operation; the parameters go into the query.
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Reply {
        self.try_call(action, parameters).expect("a reply")
    }

    /// The same, for a server that may be gone.
    pub fn try_call(
        &self,
        action: &str,
        parameters: &[(&str, &str)],
    ) -> Result<Reply, ureq::Error> {
        let mut request = self
            .agent
            .get(format!("http://{}/", self.address))
            .header("authorization", "Bearer demo-token")
            .query("Action", action);
        for (name, value) in parameters {
            request = request.query(name, value);
        }
        try_reply(request.call())
    }

    /// A plain GET.
    pub fn get(&self, path: &str) -> Reply {
        try_reply(self.agent.get(format!("http://{}{path}", self.address)).call()).expect("a reply")
    }

    /// Logs in to the console, as its own page does.
    pub fn log_in(&self, login: &str, password: &str) -> Reply {
        let request = self
            .agent
            .post(format!("http://{}/console/login", self.address))
            .config()
            .max_redirects(0)
            .build()
            .header("sec-fetch-site", "same-origin");
        try_reply(request.send_form([("login", login), ("password", password)])).expect("a reply")
    }

    /// The counters, which need the root's token.
    pub fn metrics(&self) -> String {
        let request = self.agent.get(format!("http://{}/metrics", self.address));
        let reply = try_reply(request.header("authorization", "Bearer demo-token").call());
        reply.expect("a reply").body
    }

    /// Gives a number to `user-test@ccc-test`, or takes it back.
    pub fn try_hold(&self, number: &str, hold: bool) -> Result<Reply, ureq::Error> {
        let action =
            if hold { "AddPersonalNumbersToUser" } else { "RemovePersonalNumbersFromUser" };
        let list = format!("[\"{number}\"]");
        self.try_call(
            action,
            &[("InstanceId", "ccc-test"), ("UserId", "user-test@ccc-test"), ("NumberList", &list)],
        )
    }

    /// The numbers that `user-test@ccc-test` holds, or could be given.
    pub fn numbers(&self, held: bool) -> Vec<String> {
        let mut numbers = Vec::new();
        for page in 1.. {
            let (page, held) = (page.to_string(), held.to_string());
            let parameters = [
                ("InstanceId", "ccc-test"),
                ("UserId", "user-test@ccc-test"),
                ("IsMember", held.as_str()),
                ("PageNumber", page.as_str()),
                ("PageSize", "100"),
            ];
            let reply = self.call("ListPersonalNumbersOfUser", &parameters);
            assert_eq!(reply.status, 200, "{}", reply.body);
            let rows = reply.json()["Data"]["List"].as_array().unwrap().clone();
            if rows.is_empty() {
                break;
            }
            numbers.extend(rows.iter().map(|row| row["Number"].as_str().unwrap().to_owned()));
        }
        numbers
    }
}
