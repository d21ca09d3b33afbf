//! Time: milliseconds since the epoch, UTC. The only place that reads the system's clock.

use jiff::fmt::temporal::Pieces;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

/// A moment in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Reads a time stamp of the CCC gateway: `YYYY-MM-DDThh:mm:ss`, a fraction of a second as long
    /// as the caller likes, and `Z` or `+00:00`. `None` for anything else, such as a date that does
    /// not exist.
    pub fn parse_utc(text: &str) -> Option<Self> {
        let shape = b"dddd-dd-ddTdd:dd:dd";
        let (seconds, rest) = text.split_at_checked(shape.len())?;
        let fits = seconds.bytes().zip(shape).all(|(byte, expected)| match expected {
            b'd' => byte.is_ascii_digit(),
            other => byte == *other,
        });
        let fraction = rest.strip_suffix('Z').or_else(|| rest.strip_suffix("+00:00"))?;
        let digits = fraction.strip_prefix('.').unwrap_or_default();
        let is_fraction = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !fits || seconds.ends_with("60") || !(fraction.is_empty() || is_fraction) {
            return None;
        }
        // What is finer than a millisecond makes no difference.
        let millis = digits.get(..3).unwrap_or(digits);
        let dot = if millis.is_empty() { "" } else { "." };
        let moment = format!("{seconds}{dot}{millis}Z").parse::<jiff::Timestamp>().ok()?;
        Some(Self(moment.as_millisecond()))
    }

    /// Reads what a person gives as a moment: RFC 3339, or `YYYY-MM-DD HH:MM[:SS]` in UTC.
    pub fn parse_moment(text: &str) -> Result<Self, NotAMoment> {
        // A date alone is a day, not a moment.
        let is_day = text.trim().len() < "2026-11-22 00:00".len();
        Self::parse_in(text, jiff::tz::TimeZone::UTC).and_then(|moment| match is_day {
            true => Err(NotAMoment::Form),
            false => Ok(moment),
        })
    }

    /// Reads what a person types where they are: what [`Self::parse_moment`] reads, but in local
    /// time, and a day alone, which is its beginning.
    pub fn parse_local(text: &str) -> Result<Self, NotAMoment> {
        Self::parse_in(text, jiff::tz::TimeZone::system())
    }

    /// Reads RFC 3339, or a day and time in a zone.
    fn parse_in(text: &str, zone: jiff::tz::TimeZone) -> Result<Self, NotAMoment> {
        let text = text.trim();
        let instant = text.parse::<jiff::Timestamp>().ok().or_else(|| {
            let civil = text.parse::<jiff::civil::DateTime>().ok()?;
            civil.to_zoned_datetime(zone).ok().map(|zoned| zoned.timestamp())
        });
        match instant {
            Some(moment) => Ok(Self(moment.as_millisecond())),
            // It has the form of a moment, in the last hours of a year that clocks don't reach.
            None if text.starts_with("9999-12-3") && Pieces::parse(text).is_ok() => {
                Err(NotAMoment::TooLate)
            }
            None => Err(NotAMoment::Form),
        }
    }

    /// The moment this number of minutes earlier, if it is one that can be written.
    pub fn minutes_before(self, minutes: i64) -> Option<Self> {
        let millis = self.0.checked_sub(minutes.checked_mul(60_000)?)?;
        jiff::Timestamp::from_millisecond(millis).ok().map(|_| Self(millis))
    }

    /// The second in local time, with its offset: `2026-11-22 17:30:00+08:00`. `TZ` says what is
    /// local.
    pub fn local(self) -> String {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => {
                let zoned = moment.to_zoned_datetime(jiff::tz::TimeZone::system());
                zoned.strftime("%Y-%m-%d %H:%M:%S%:z").to_string()
            }
            Err(_) => self.to_string(),
        }
    }

    /// The day in UTC: `2026-11-22`.
    pub fn day(self) -> String {
        self.to_string().chars().take("2026-11-22".len()).collect()
    }

    /// The minute in UTC: `2026-11-22 09:30`.
    pub fn minute(self) -> String {
        self.to_string()
            .chars()
            .take("2026-11-22T09:30".len())
            .collect::<String>()
            .replace('T', " ")
    }

    /// The moment `duration` later.
    pub fn after(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }

    /// How far apart two moments are, whichever is earlier.
    pub fn distance(self, other: Self) -> Duration {
        Duration::from_millis(self.0.abs_diff(other.0))
    }
}

/// Why a text is not a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAMoment {
    /// It has another form.
    Form,
    /// It is later than the last moment of all.
    TooLate,
}

/// The last moment that can be written in every time zone.
pub const LAST_MOMENT: &str = "9999-12-30T22:00:00Z";

impl std::fmt::Display for NotAMoment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form => f.write_str("is not a moment"),
            Self::TooLate => write!(f, "is later than {LAST_MOMENT}, the last moment there is"),
        }
    }
}

impl std::fmt::Display for Timestamp {
    /// RFC 3339 with milliseconds: `2026-11-22T00:00:00.000Z`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(moment) => write!(f, "{moment:.3}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl utoipa::PartialSchema for Timestamp {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment in UTC, as in RFC 3339."))
            .into()
    }
}

impl utoipa::ToSchema for Timestamp {}

impl serde::Serialize for Timestamp {
    /// As it is shown.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    /// As a person gives it.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_moment(&text).map_err(|error| {
            let form = "is not a moment such as 2026-11-22T09:30:00Z or 2026-11-22 09:30";
            serde::de::Error::custom(match error {
                NotAMoment::Form => format!("{text:?} {form}"),
                NotAMoment::TooLate => format!("{text:?} {error}"),
            })
        })
    }
}

/// Where the time comes from: the system, or what a test says.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always the same moment: for recorded requests.
    Fixed(Timestamp),
    /// A clock that a test moves.
    Manual(&'static ManualClock),
}

/// A clock for tests: time passes, and the wall clock is set, only when the test says so.
#[derive(Debug)]
pub struct ManualClock {
    wall: AtomicI64,
    steady: AtomicI64,
}

impl ManualClock {
    /// A clock that starts at a moment.
    pub const fn starting_at(moment: Timestamp) -> Self {
        Self { wall: AtomicI64::new(moment.0), steady: AtomicI64::new(moment.0) }
    }

    /// Lets time pass.
    pub fn advance(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::Relaxed);
        self.steady.fetch_add(millis, Ordering::Relaxed);
    }

    /// Sets the wall clock forward, or back, while no time passes.
    pub fn set_by(&self, millis: i64) {
        self.wall.fetch_add(millis, Ordering::Relaxed);
    }
}

/// When the program first looked at its clocks.
static START: LazyLock<(Timestamp, Instant)> =
    LazyLock::new(|| (Clock::System.now(), Instant::now()));

impl Clock {
    /// The present moment.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Fixed(moment) => moment,
            Self::Manual(clock) => Timestamp(clock.wall.load(Ordering::Relaxed)),
            Self::System => {
                let since = std::time::SystemTime::now()
                    .duration_since(std::time::UNIX_EPOCH)
                    .unwrap_or_default();
                Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
            }
        }
    }

    /// Time since some fixed moment, for limits and deadlines: on the machine's clock it only moves
    /// forward, also while the clock is set.
    pub fn elapsed(self) -> Duration {
        let millis = match self {
            Self::System => return START.1.elapsed(),
            Self::Fixed(moment) => moment.0,
            Self::Manual(clock) => clock.steady.load(Ordering::Relaxed),
        };
        Duration::from_millis(u64::try_from(millis).unwrap_or_default())
    }

    /// The present moment for what expires: while the program runs it is not set back with the
    /// machine's clock, so that nothing lives longer because somebody set it.
    pub fn expiry_now(self) -> Timestamp {
        let unset = match self {
            Self::System => START.0.after(self.elapsed()),
            Self::Fixed(moment) => moment,
            Self::Manual(clock) => Timestamp(clock.steady.load(Ordering::Relaxed)),
        };
        unset.max(self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, ManualClock, Timestamp};
    use super::{LAST_MOMENT, NotAMoment};

    #[test]
    fn a_time_stamp_of_the_gateway_is_read_and_every_other_is_refused() {
        assert_eq!(
            Timestamp::parse_utc("1970-01-01T00:00:01Z"),
            Some(Timestamp::from_millis(1000))
        );
        for (text, millis) in [
            ("1970-01-01T00:00:01+00:00", 1000),
            ("1970-01-01T00:00:01.5Z", 1500),
            ("1970-01-01T00:00:01.385506225Z", 1385),
            ("1970-01-01T00:00:01.385506225999999Z", 1385),
            ("1970-01-01T00:00:01.000+00:00", 1000),
        ] {
            assert_eq!(Timestamp::parse_utc(text), Some(Timestamp::from_millis(millis)), "{text}");
        }
        for text in [
            "",
            "2026-11-21",
            "2026-11-21T12:00:00",
            "2026-11-21T12:00:00z",
            "2026-11-21 12:00:00Z",
            "2026-11-21T12:00:00.Z",
            "2026-11-21T12:00:00,5Z",
            "2026-11-21T12:00:00+01:00",
            "2026-11-21T12:00:00-00:00",
            "2026-11-21T12:00:00+0000",
            "2026-11-21T12:00Z",
            "2026-13-21T12:00:00Z",
            "2026-02-30T12:00:00Z",
            "2026-11-21T24:00:00Z",
            "2026-11-21T12:60:00Z",
            "2026-11-21T12:00:60Z",
            "26-11-21T12:00:00Z",
            "+2026-11-21T12:00:0Z",
            "2026-11-21T12:00:00Z ",
            "2026-11-2１T12:00:00Z",
            "20261121T120000Z",
            "１026-11-21T12:00:00Z",
            "0000-00-00T00:00:00Z",
        ] {
            assert_eq!(Timestamp::parse_utc(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_person_gives_a_moment_as_rfc_3339_or_to_the_minute_in_utc() {
        let moment = Timestamp::from_millis(1_772_550_600_000);
        for text in [
            "2026-03-03T15:10:00Z",
            "2026-03-03 15:10",
            "2026-03-03T15:10",
            "2026-03-03 15:10:00",
            "2026-03-03T23:10:00+08:00",
            " 2026-03-03 15:10 ",
        ] {
            assert_eq!(Timestamp::parse_moment(text), Ok(moment), "{text:?}");
        }
        for text in [
            "",
            "2026-03-03",
            "yesterday",
            "15:10",
            "2026-03-03 25:10",
            "2026-02-30 10:00",
            "1772550600000",
        ] {
            assert_eq!(Timestamp::parse_moment(text), Err(NotAMoment::Form), "{text:?}");
        }
        for text in [
            "9999-12-31T23:59:59Z",
            "9999-12-31 00:00",
            "9999-12-30T23:00:00Z",
            "9999-12-31T23:59:59.999+08:00",
        ] {
            assert_eq!(Timestamp::parse_moment(text), Err(NotAMoment::TooLate), "{text:?}");
        }
        assert!(Timestamp::parse_moment(LAST_MOMENT).is_ok());
        assert_eq!(Timestamp::parse_local("9999-12-31"), Err(NotAMoment::TooLate));
        assert_eq!(Timestamp::parse_moment("9999-12-39 00:00"), Err(NotAMoment::Form));
    }

    #[test]
    fn what_expires_is_not_set_back_with_the_clock() {
        static CLOCK: ManualClock = ManualClock::starting_at(Timestamp::from_millis(1_000));
        let clock = Clock::Manual(&CLOCK);
        let moments = || [clock.now(), clock.expiry_now()].map(Timestamp::millis);
        CLOCK.advance(500);
        assert_eq!(moments(), [1_500, 1_500]);
        CLOCK.set_by(-1_000);
        assert_eq!(moments(), [500, 1_500]);
        CLOCK.set_by(9_000);
        assert_eq!(moments(), [9_500, 9_500], "it may be set forward");
        CLOCK.set_by(-8_000);
        CLOCK.advance(100);
        assert_eq!(moments(), [1_600, 1_600], "and is right again when the clock is");
        assert!(Clock::System.expiry_now() >= Clock::System.now());
    }

    #[test]
    fn a_moment_is_shown_in_utc_with_milliseconds() {
        assert_eq!(
            Timestamp::from_millis(1_700_000_000_050).to_string(),
            "2023-11-14T22:13:20.050Z"
        );
    }
}
