//! The signals of a server.
//!
//! SIGTERM, SIGINT and SIGQUIT ask for a stop that finishes what runs; a second one ends the
//! program at once. SIGHUP, which a closed terminal, a log rotation and `systemctl reload` send,
//! ends no work: a server reads its certificate again and goes on, and a demo, whose terminal has
//! gone, stops as for SIGTERM.

use super::{Certificate, Hangup, service};
use crate::telemetry;
use std::sync::Arc;
use tokio::signal::unix::{Signal, SignalKind, signal};

#[derive(Clone, Copy)]
enum Caught {
    Stop(&'static str, i32),
    Hangup,
}

pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    quit: Signal,
    hangup: Signal,
    on_hangup: Hangup,
    certificate: Option<Arc<Certificate>>,
}

impl Signals {
    /// Catches them from now on.
    pub(super) fn catch(
        on_hangup: Hangup,
        certificate: Option<Arc<Certificate>>,
    ) -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            quit: signal(SignalKind::quit())?,
            hangup: signal(SignalKind::hangup())?,
            on_hangup,
            certificate,
        })
    }

    async fn next(&mut self) -> Caught {
        tokio::select! {
            _ = self.terminate.recv() => Caught::Stop("SIGTERM", 15),
            _ = self.interrupt.recv() => Caught::Stop("SIGINT", 2),
            _ = self.quit.recv() => Caught::Stop("SIGQUIT", 3),
            _ = self.hangup.recv() => Caught::Hangup,
        }
    }

    fn read_again(&self) {
        match self.certificate.as_ref().map(|certificate| certificate.renew()) {
            None => tracing::info!("SIGHUP: there is nothing to read again; going on"),
            Some(Ok(())) => tracing::info!("SIGHUP: the certificate was read again"),
            Some(Err(error)) => {
                tracing::error!(%error, "SIGHUP: the certificate in use stays, as the new one can't be used");
            }
        }
    }

    /// Waits for the first signal that asks for a stop. The second one is not waited for: it ends
    /// the program as if it had not been caught.
    pub(super) async fn stop(mut self) {
        loop {
            match (self.next().await, self.on_hangup) {
                (Caught::Stop(name, _), _) => {
                    tracing::debug!("{name}: finishing what runs; a second one ends it at once");
                    break;
                }
                (Caught::Hangup, Hangup::Stop) => {
                    tracing::debug!("SIGHUP: the terminal has gone; finishing what runs");
                    break;
                }
                (Caught::Hangup, Hangup::GoOn) => self.read_again(),
            }
        }
        service::stopping();
        actix_web::rt::spawn(async move {
            loop {
                if let Caught::Stop(name, number) = self.next().await {
                    tracing::warn!(signal = name, "a second signal: ending at once");
                    telemetry::flush();
                    std::process::exit(128 + number);
                }
            }
        });
    }
}
