//! What Prometheus asks for at `/metrics`: requests and how long they took, and how the database is
//! doing.
//!
//! # Labels
//! Every label has few values: faces, the operations of their tables, four outcomes, the instances
//! that there are. No label holds what a caller sent, and none a secret. So the low-water marks are
//! counted for an instance as a whole: a large office has hundreds of cities and usages, and
//! `numberd capacity --check` says which of them it is.
//!
//! # Who may ask
//! Whoever has an API token of the account's root: the names of the instances are nobody else's
//! business, and where a request comes from proves nothing behind a proxy.

use crate::domain::{Error, InstanceId, Timestamp};
use crate::http::{self, LoginAttempts, Outcome};
use crate::store::{ReadTx, Store, Vitals, api_tokens, instances, low_water_marks};
use crate::telemetry;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::WWW_AUTHENTICATE;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Metric, Registry};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

/// Names and values of labels, in the order in which they are shown.
type Labels<const N: usize, V = &'static str> = [(&'static str, V); N];

/// What is counted while the server runs.
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels<3>, Counter>,
    durations: Family<Labels<2>, Histogram, fn() -> Histogram>,
    writes_waiting: Gauge,
    readers: Family<Labels<1>, Gauge>,
    wal_bytes: Gauge,
    numbers: Family<Labels<2, String>, Gauge>,
    marks_passed: Family<Labels<1, String>, Gauge>,
    log_lines_dropped: Counter,
    last_backup: Gauge,
}

/// From half a millisecond to four seconds.
fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(0.0005, 2.0, 14))
}

impl Default for Metrics {
    #[rustfmt::skip]
    fn default() -> Self {
        let mut registry = Registry::with_prefix("numberd");
        let r = &mut registry;
        Self {
            requests: registered(r, "requests", "Requests by face, operation and outcome: ok, refused, unavailable, failed"),
            durations: {
                let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
                let help = "How long requests took, by face and operation";
                r.register("request_duration_seconds", help, Family::clone(&durations));
                durations
            },
            writes_waiting: registered(r, "writes_waiting", "Writes that wait for the writer, or are being done"),
            readers: registered(r, "readers", "Connections that read, by state: busy, idle"),
            wal_bytes: registered(r, "wal_bytes", "Size of the write-ahead log's file"),
            numbers: registered(r, "numbers", "Numbers by instance and state: free, bound, personal"),
            marks_passed: registered(r, "low_water_marks_passed", "Low-water marks that too few numbers are free for, by instance"),
            log_lines_dropped: registered(r, "log_lines_dropped", "Lines of the log that could not be written"),
            last_backup: registered(r, "last_backup_timestamp_seconds", "When the newest backup of --backup-every was begun; 1: there is none yet, 0: none is asked for"),
            registry,
        }
    }
}

fn registered<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

impl Metrics {
    fn count(&self, face: &'static str, operation: &'static str, status: u16, started: Instant) {
        let outcome = match status {
            503 => "unavailable",
            500.. => "failed",
            400.. => "refused",
            _ => "ok",
        };
        let (face, operation) = (("face", face), ("operation", operation));
        self.requests.get_or_create(&[face, operation, ("outcome", outcome)]).inc();
        let duration = self.durations.get_or_create(&[face, operation]);
        duration.observe(started.elapsed().as_secs_f64());
    }

    /// Remembers when the newest backup was begun.
    pub fn backed_up(&self, begun_at: Timestamp) {
        self.last_backup.set(begun_at.millis() / 1000);
    }

    /// Everything, as OpenMetrics text.
    fn write(&self, vitals: &Vitals, counted: Counted) -> Result<String, std::fmt::Error> {
        let Counted { numbers, marks_passed } = counted;
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.writes_waiting.set(whole(vitals.writes_waiting));
        self.wal_bytes.set(whole(vitals.wal_bytes));
        self.readers.get_or_create(&[("state", "busy")]).set(whole(vitals.readers_busy));
        self.readers.get_or_create(&[("state", "idle")]).set(whole(vitals.readers_idle));
        self.log_lines_dropped.inner().store(telemetry::dropped(), Ordering::Relaxed);
        // An instance that was given up is not reported any more.
        self.marks_passed.clear();
        self.numbers.clear();
        for (instance_id, count) in numbers {
            let instance = ("instance", instance_id);
            let passed = marks_passed.iter().find(|(id, _)| *id.as_str() == *instance.1);
            let own = [instance.clone()];
            let marks = self.marks_passed.get_or_create(&own);
            marks.set(whole(passed.map_or(0, |(_, of)| *of)));
            for (state, number) in
                [("free", count.free), ("bound", count.bound), ("personal", count.personal)]
            {
                let labels = [instance.clone(), ("state", state.to_owned())];
                self.numbers.get_or_create(&labels).set(whole(number));
            }
        }
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// Counts a request, whatever becomes of it.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let started = Instant::now();
    let metrics = request.app_data::<web::Data<Metrics>>().cloned();
    let response = next.call(request).await?;
    if let Some(metrics) = metrics {
        let named = response
            .request()
            .extensions()
            .get::<Outcome>()
            .map(|outcome| (outcome.face, outcome.operation.unwrap_or("unknown")));
        let (face, operation) = named.unwrap_or(("pages", "page"));
        metrics.count(face, operation, response.status().as_u16(), started);
    }
    Ok(response)
}

/// What is read from the database.
struct Counted {
    numbers: Vec<(String, instances::NumberCount)>,
    marks_passed: Vec<(InstanceId, u64)>,
}

impl Counted {
    fn read(tx: &ReadTx<'_>) -> Result<Self, Error> {
        let numbers = instances::number_counts(tx)?;
        Ok(Self { numbers, marks_passed: low_water_marks::passed(tx)? })
    }
}

/// What `/metrics` shows, or why not.
enum Look {
    At(Counted, Vitals),
    Unauthorized,
    Wait(Duration),
}

/// Answers `/metrics`.
pub async fn handle(
    request: http::WholeRequest,
    metrics: web::Data<Metrics>,
    store: web::Data<Store>,
    attempts: web::Data<LoginAttempts>,
) -> HttpResponse {
    let request = request.0;
    let look = http::blocking(move || {
        store.read(|tx| {
            let Some(token) = request.headers.bearer() else { return Ok(Look::Unauthorized) };
            match api_tokens::caller(tx, token)? {
                Some(caller) if caller.is_root && caller.only_instance().is_none() => {
                    Ok(Look::At(Counted::read(tx)?, store.vitals()))
                }
                Some(_) => Ok(Look::Unauthorized),
                None => Ok(attempts
                    .failed(request.client, None)
                    .map_or_else(Look::Wait, |()| Look::Unauthorized)),
            }
        })
    });
    match look.await {
        Ok(Ok(Look::At(counted, vitals))) => match metrics.write(&vitals, counted) {
            Ok(text) => HttpResponse::Ok()
                .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
                .body(text),
            Err(_) => HttpResponse::InternalServerError().finish(),
        },
        Ok(Ok(Look::Unauthorized)) => HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer realm=\"numberd\""))
            .content_type("text/plain; charset=utf-8")
            .body("This needs an API token of the account's root.\n"),
        Ok(Ok(Look::Wait(wait))) => HttpResponse::TooManyRequests()
            .insert_header(("retry-after", http::whole_seconds(wait)))
            .content_type("text/plain; charset=utf-8")
            .body("Too many requests with tokens that can't be used came from this address.\n"),
        Ok(Err(error)) => unavailable(&error),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

fn unavailable(error: &Error) -> HttpResponse {
    tracing::warn!(%error, "the counters can't be read");
    HttpResponse::ServiceUnavailable()
        .insert_header(("retry-after", http::whole_seconds(http::RETRY_AFTER)))
        .body("The database can't be read now.\n")
}
