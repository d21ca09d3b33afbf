//! What the service manager (systemd) is told: that the server serves, that it stops, and, where
//! the unit asks for it by `WatchdogSec=`, that it is alive. Without one nothing is sent.

use crate::http;
use crate::store::{Store, integrity};
use sd_notify::NotifyState;
use std::sync::Arc;
use std::time::Instant;

/// If nobody listens, the server serves all the same.
fn tell(state: NotifyState<'_>) {
    let _ = sd_notify::notify(&[state]);
}

/// The server listens and catches signals.
pub fn ready() {
    tell(NotifyState::Ready);
}

/// The server finishes what runs.
pub(super) fn stopping() {
    tell(NotifyState::Stopping);
}

/// Says that the server is alive for as long as the store answers. Any answer will do: a restart
/// does not help against a full disk.
pub(super) async fn keep_alive(store: Arc<Store>) {
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    loop {
        let (store, began) = (Arc::clone(&store), Instant::now());
        let _ = http::blocking(move || store.read(integrity::ping)).await;
        tell(NotifyState::Watchdog);
        // What the store took is part of the time: it may wait for a reader.
        tokio::time::sleep((patience / 3).saturating_sub(began.elapsed())).await;
    }
}
