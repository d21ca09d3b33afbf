//! Telling an open page that the change log grew, so that it shows itself anew: server-sent events.

use super::session;
use super::{Face, page};
use crate::domain::Act;
use crate::http::{self, Headers};
use crate::ops::access;
use crate::store::changes;
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use std::time::Duration;

/// How often the log is looked at.
const LOOKED_AT: Duration = Duration::from_secs(2);

/// How many looks pass before a quiet stream says that it is there.
const HEARTBEAT: u32 = 7;

/// Answers `GET events`. The stream ends with the session.
pub(super) async fn follow(
    face: Data<Face>,
    request: HttpRequest,
    instance: Path<String>,
) -> HttpResponse {
    let token = session::token(&Headers::of(&request));
    let Some(first) = newest(&face, token.clone(), &instance).await else {
        return HttpResponse::Unauthorized().finish();
    };
    let state = (face, token, instance.into_inner(), first, 0_u32);
    let events = stream::unfold(state, |(face, token, instance, seen, quiet)| async move {
        tokio::time::sleep(LOOKED_AT).await;
        let now = newest(&face, token.clone(), &instance).await?;
        let (text, quiet) = match (now > seen, quiet >= HEARTBEAT) {
            (true, _) => (format!("event: changed\ndata: {now}\n\n"), 0),
            (false, true) => (":\n\n".to_owned(), 0),
            (false, false) => (String::new(), quiet + 1),
        };
        let event = Ok::<_, actix_web::Error>(Bytes::from(text));
        Some((event, (face, token, instance, now, quiet)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header(("cache-control", "no-store"))
        .streaming(events)
}

/// The newest change, if the person may still read the instance.
async fn newest(face: &Data<Face>, token: Option<String>, instance: &str) -> Option<i64> {
    let (face, instance) = (face.clone(), instance.to_owned());
    let looked = http::blocking(move || {
        face.store.read(|tx| {
            let Some(person) = session::of_token(tx, token.as_deref())? else { return Ok(None) };
            let id = page::instance_id(&instance);
            access::enter(tx, &person.caller, &id, Act::ReadInstance)?;
            changes::last_id(tx).map(Some)
        })
    });
    let found: Result<Option<i64>, crate::domain::Error> = looked.await.ok()?;
    found.ok().flatten()
}
