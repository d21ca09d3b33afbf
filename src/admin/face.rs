//! The face as one value: from a request to its answer.

use super::auth::Sender;
use super::call::{Call, Resources};
use super::idempotency::Running;
use super::path::{self, PathValues};
use super::problem::{Failure, Result};
use super::request::Request;
use super::route::Route;
use super::routes::ROUTES;
use super::scope::{InInstance, Scope};
use crate::domain::sheet::FileFormat;
use crate::domain::{Act, Allowed, Missing};
use crate::http::{self, Answer, BasePath, LoginAttempts, Spool};
use crate::ops::access;
use crate::ops::last_use::LastUse;
use crate::store::{Store, near_numbers};
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// The face, shared by all workers.
pub struct Face {
    resources: Resources,
    attempts: Arc<LoginAttempts>,
    last_use: Arc<LastUse>,
}

impl Face {
    /// The face over a store; backups go into the directory.
    pub fn new(
        store: Arc<Store>,
        attempts: Arc<LoginAttempts>,
        last_use: Arc<LastUse>,
        backups: PathBuf,
    ) -> Self {
        let resources = Resources { store, backups, running: Running::default() };
        Self { resources, attempts, last_use }
    }

    fn call(
        &self,
        request: &Request<'_>,
        (request_id, base_path): (&str, &BasePath),
        operation: &mut Option<&'static str>,
    ) -> Result<Answer> {
        let (resources, sender) = (&self.resources, self.sender(request.bearer(), request.client));
        let (route, path) = match find(request.method, request.path) {
            Ok(found) => found,
            Err(failure) => {
                resources.store.read(|tx| sender.verify(tx))?;
                return Err(failure);
            }
        };
        let act = route.act;
        let outcome =
            (route.run)(Call { resources, request, path, sender, act, request_id, base_path });
        if !matches!(outcome, Err(Failure::Unauthenticated(_) | Failure::TooManyAttempts(_))) {
            *operation = Some(&route.operation);
        }
        outcome.map_err(|failure| self.or_near(failure, request))
    }

    /// Names the numbers that an unknown one may have been meant to be, to whoever may read all
    /// numbers of the instance.
    fn or_near(&self, failure: Failure, request: &Request<'_>) -> Failure {
        let Some(missing) = failure.unknown_number() else { return failure };
        let Missing::Number(number, instance_id) = &missing else { return failure };
        let nearest = self.resources.store.read(|tx| {
            let caller = self.sender(request.bearer(), request.client).verify(tx)?;
            let entry = access::enter(tx, &caller, instance_id, Act::ReadInstance)?;
            match entry.allowed {
                Allowed::Yes => Ok(near_numbers::nearest(tx, instance_id, number)?),
                Allowed::Own | Allowed::No => Ok::<_, Failure>(Vec::new()),
            }
        });
        // What goes wrong here changes nothing about the number.
        match nearest {
            Ok(nearest) if !nearest.is_empty() => Failure::unknown_but_near(&missing, &nearest),
            Ok(_) | Err(_) => failure,
        }
    }

    fn sender<'a>(&'a self, token: Option<&'a str>, client: IpAddr) -> Sender<'a> {
        Sender { token, client, attempts: &self.attempts, last_use: &self.last_use }
    }
}

impl http::Face for Face {
    const NAME: &'static str = "admin";

    fn may_be_brief(request: &http::Request) -> bool {
        matches!(request.method.as_str(), "GET" | "HEAD")
    }

    /// Answers a request for a path below [`ROOT`](super::ROOT).
    fn answer(&self, request: &http::Request) -> Answer {
        let (request_id, base_path) = (&request.request_id, &request.base_path);
        let mut operation = None;
        let outcome = self.call(&Request::new(request), (request_id, base_path), &mut operation);
        let mut answer = outcome.unwrap_or_else(|failure| failed(failure, request_id, base_path));
        answer.operation = operation;
        for (_, address) in answer.headers.iter_mut().filter(|(name, _)| *name == "location") {
            *address = base_path.of_clients(address);
        }
        answer.with("x-request-id", request_id.as_str())
    }

    fn takes_file(head: &http::Request) -> bool {
        head.method == "POST" && head.path.ends_with("/imports")
    }

    /// Nothing is read of the file of a stranger, or of somebody who may not send one.
    fn admit_file(&self, head: &http::Request) -> Result<Spool, Box<Answer>> {
        let store = &self.resources.store;
        let sender = self.sender(head.headers.bearer(), head.client);
        let place = store.read(|tx| {
            let caller = sender.verify(tx)?;
            let path = head.path.strip_prefix(super::ROOT).unwrap_or(&head.path);
            let (route, path) = find(&head.method, path)?;
            access::require_writer(&caller)?;
            InInstance::enter(tx, &caller, &path, route.act)?;
            Ok(Spool { directory: tx.directory().to_owned(), owner: caller.login_name })
        });
        place.map_err(|failure| {
            let answer = failed(failure, &head.request_id, &head.base_path);
            Box::new(answer.with("x-request-id", head.request_id.clone()))
        })
    }
}

/// The route of a request, and the parameters in its path.
fn find(method: &str, path: &str) -> Result<(&'static Route, PathValues)> {
    let segments = path::segments(path)?;
    if let Some(found) = as_file(method, path)? {
        return Ok(found);
    }
    let mut fitting: Vec<_> = ROUTES
        .iter()
        .filter_map(|route| Some((route, path::fit(route.pattern, &segments)?)))
        .collect();
    // What ends in `:undo` is the act, not something whose id ends in it.
    if fitting.iter().any(|(route, _)| path::is_act(route.pattern)) {
        fitting.retain(|(route, _)| path::is_act(route.pattern));
    }
    if fitting.is_empty() {
        return Err(Failure::NoSuchAddress);
    }
    let allowed: Vec<&str> = fitting.iter().map(|(route, _)| route.method).collect();
    let allowed = allowed.join(", ");
    let method = if method == "HEAD" { "GET" } else { method };
    let found = fitting.into_iter().find(|(route, _)| route.method == method);
    found.ok_or(Failure::MethodNotAllowed(allowed))
}

/// The list whose address has `.csv` or `.xlsx` behind it.
fn as_file(method: &str, path: &str) -> Result<Option<(&'static Route, PathValues)>> {
    let (true, Some((list, _))) = (["GET", "HEAD"].contains(&method), FileFormat::behind(path))
    else {
        return Ok(None);
    };
    let segments = path::segments(list)?;
    let lists = ROUTES.iter().filter(|route| route.is_list);
    Ok(lists.into_iter().find_map(|route| Some((route, path::fit(route.pattern, &segments)?))))
}

fn failed(failure: Failure, request_id: &str, base_path: &BasePath) -> Answer {
    let header = match &failure {
        Failure::MethodNotAllowed(allowed) => Some(("allow", allowed.clone())),
        Failure::VersionIsStale(present) => Some(("etag", present.clone())),
        _ => None,
    };
    let cause = match &failure {
        Failure::Refused(error) | Failure::Held(error, _) => Some(error.to_string()),
        _ => None,
    };
    let wait = match &failure {
        Failure::TooManyAttempts(wait) => *wait,
        _ => http::RETRY_AFTER,
    };
    let (kind, mut problem) = failure.problem(request_id);
    problem.kind = base_path.of_clients(&problem.kind);
    let body = serde_json::to_vec(&problem).unwrap_or_default();
    let mut answer = Answer {
        content_type: "application/problem+json",
        code: kind.name().to_owned(),
        fault: cause.filter(|_| kind.status() >= 500),
        ..Answer::json(kind.status(), body)
    };
    answer.headers.extend(header);
    match kind.status() {
        401 => answer.with("www-authenticate", "Bearer realm=\"numberd\""),
        429 | 503 => answer.retry_after(wait),
        _ => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, failed};
    use crate::domain::{Error, Missing};
    use crate::http::BasePath;

    #[test]
    fn the_log_gets_the_cause_of_a_fault_of_ours_and_nobody_elses() {
        let answer = |error| failed(Failure::Refused(error), "R", &BasePath::default());
        let broken = answer(Error::Internal("no such table: person".to_owned()));
        assert_eq!((broken.status, broken.code.as_str()), (500, "internal"));
        assert!(broken.fault.is_some_and(|cause| cause.contains("no such table")));
        assert!(!String::from_utf8_lossy(&broken.body).contains("no such table"));
        let missing = answer(Error::NotFound(Missing::Instance("none".to_owned())));
        assert_eq!((missing.status, missing.fault), (404, None));
    }
}
