//! Telling an open page that the change log grew, so that it reloads: server-sent events.
//! However many pages are open, one task looks at the log for all of them.

use super::Face;
use super::session;
use crate::domain::{Act, Error, InstanceId};
use crate::http::{self, BasePath, Headers};
use crate::ops::access;
use crate::store::{Store, changes};
use actix_web::web::{Bytes, Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::stream;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How often the log is looked at.
const LOOKED_AT: Duration = Duration::from_secs(2);

/// How long a quiet stream says nothing; then it says that it is there, if its reader still may.
const QUIET: Duration = Duration::from_secs(14);

/// The newest change, as one task sees it for all streams. The task ends with the last of them.
#[derive(Default)]
pub(super) struct LogWatch(Mutex<Option<watch::Sender<i64>>>);

impl LogWatch {
    /// Sees what comes after `newest`.
    fn follow(&self, store: &Arc<Store>, newest: i64) -> watch::Receiver<i64> {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = current.as_ref().filter(|sender| sender.receiver_count() > 0) {
            return sender.subscribe();
        }
        let (sender, receiver) = watch::channel(newest);
        actix_web::rt::spawn(look(Arc::clone(store), sender.clone()));
        *current = Some(sender);
        receiver
    }
}

async fn look(store: Arc<Store>, sender: watch::Sender<i64>) {
    while sender.receiver_count() > 0 {
        tokio::time::sleep(LOOKED_AT).await;
        let store = Arc::clone(&store);
        let looked = http::blocking(move || store.read(changes::last_id));
        let found: Option<Result<i64, Error>> = looked.await.ok();
        if let Some(Ok(newest)) = found {
            sender.send_if_modified(|seen| std::mem::replace(seen, newest) < newest);
        }
    }
}

/// Answers `GET events`. The stream ends with the session.
pub(super) async fn follow(
    face: Data<Face>,
    request: HttpRequest,
    instance: Path<String>,
) -> HttpResponse {
    let token = session::token(&Headers::of(&request), &BasePath::of(&request));
    let Some(first) = newest(&face, token.clone(), &instance).await else {
        return HttpResponse::Unauthorized().finish();
    };
    let log = face.log.follow(&face.store, first);
    let state = (face, token, instance.into_inner(), log);
    let events = stream::unfold(state, |(face, token, instance, mut log)| async move {
        let grew = tokio::time::timeout(QUIET, log.changed()).await;
        let now = newest(&face, token.clone(), &instance).await?;
        let text = match grew {
            Ok(Ok(())) => format!("event: changed\ndata: {now}\n\n"),
            Ok(Err(_)) => return None,
            Err(_) => ":\n\n".to_owned(),
        };
        let event = Ok::<_, actix_web::Error>(Bytes::from(text));
        Some((event, (face, token, instance, log)))
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
            let id = InstanceId::new(&instance);
            access::enter(tx, &person.caller, &id, Act::ReadInstance)?;
            changes::last_id(tx).map(Some)
        })
    });
    let found: Result<Option<i64>, Error> = looked.await.ok()?;
    found.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::LogWatch;
    use crate::domain::{Author, Clock, Error, Origin};
    use crate::store::{Migrate, Store, create, seed};
    use std::sync::Arc;
    use std::time::Duration;

    #[test]
    fn one_task_looks_at_the_log_for_all_who_follow_and_ends_with_the_last() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("numberd.db");
        create(&path).unwrap();
        let store = Arc::new(Store::open(&path, Migrate::Apply, Clock::System).unwrap());
        actix_web::rt::System::new().block_on(async {
            let watch = LogWatch::default();
            let mut followers = [watch.follow(&store, 0), watch.follow(&store, 0)];
            let sender = watch.0.lock().unwrap().clone().unwrap();
            assert_eq!(sender.receiver_count(), 2);
            let author = Author::new("test", Origin::Cli, "");
            let loaded: Result<(), Error> = store.write(author, seed::load);
            loaded.unwrap();
            for follower in &mut followers {
                let grew = tokio::time::timeout(Duration::from_secs(10), follower.changed());
                grew.await.unwrap().unwrap();
                assert!(*follower.borrow_and_update() > 0);
            }
            drop(followers);
            let again = watch.follow(&store, 0);
            let anew = watch.0.lock().unwrap().clone().unwrap();
            assert!(!anew.same_channel(&sender) && again.has_changed().is_ok());
        });
    }
}
