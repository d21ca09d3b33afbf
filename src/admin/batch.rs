//! Many numbers at once: batches, ranges, swaps, the numbers of a leaver; and a transfer, which is
//! a batch of one.

use super::etag::{self, Guarded};
use super::fields::{FaultCode, FieldError, Source, fields};
use super::holding::only;
use super::problem::{Failure, Result};
use super::reply::{Done, Report};
use super::request::{Write, from_body};
use super::scope::InInstance;
use crate::domain::batch::{BatchItem, BatchMode, BatchReport};
use crate::domain::number_range::{numbers_between, numbers_from};
use crate::domain::phone_number::NewNumbers;
use crate::domain::reservation::MAX_COOL_DOWN_DAYS;
use crate::domain::run::InSlices;
use crate::domain::{Act, Error, Number, SkillGroupId, Timestamp, UserId};
use crate::ops::access::Writing;
use crate::ops::{self, access, runs};
use crate::store::{phone_numbers, users};
use serde_json::Value;

/// What can be done in a batch: the words of [`BatchItem`].
const ACTIONS: &[&str] =
    &["assign", "release", "transfer", "bind", "unbind", "hold", "end-reservation"];

fields! {
    /// What to do with a number.
    #[derive(Clone)]
    ActionFields {
        /// `assign` gives the number to `user_id`; `release` takes it back from `user_id`, or from
        /// all users; `transfer` takes it from the users who hold it, or from `from`, and gives it
        /// to `user_id`; `bind` binds it to `skill_group_id`; `unbind` unbinds it from
        /// `skill_group_id`, or from all skill groups; `hold` keeps it for `user_id`, or from
        /// everybody, until `until`; `end-reservation` ends a hold or a cool-down.
        action: &'static str = required(choice(ACTIONS)),
        /// The user who gets it, from whom it is taken, or whom it is kept for.
        user_id: Option<String> = optional(id()),
        /// For a transfer: the user who must hold it now.
        from: Option<String> = optional(id()),
        /// The skill group.
        skill_group_id: Option<String> = optional(id()),
        /// For a hold: until when.
        until: Option<Timestamp> = optional(moment()),
        /// For a release: for how many days the number is kept for its last holder; by default, as
        /// long as the instance says.
        cool_down_days: Option<u32> = optional(integer(0..=MAX_COOL_DOWN_DAYS)),
    }
    /// One thing to do with one number.
    BatchItemFields {
        /// The number.
        number: Number = required(phone_number()),
        .. what: ActionFields,
    }
    /// Several things to do at once.
    BatchToRun = r#"{"items": [{"action": "assign", "number": "02855500007", "user_id": "lina@ccc-test"}, {"action": "release", "number": "083xxxx0011"}]}"# {
        /// What happens to the other items when one is refused: nothing is done, or they are done.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
        /// The items, in order.
        items: Vec<BatchItemFields> = required(list(object::<BatchItemFields>(), 1, MAX_ITEMS)),
    }
    /// A range of numbers.
    RangeToAdd = r#"{"start": "02899990000", "count": 3, "provider": "中国电信"}"# {
        /// The first number. Its last run of digits is counted up; leading zeros stay.
        start: Number = required(phone_number()),
        /// The last number; give either `end` or `count`.
        end: Option<Number> = optional(phone_number()),
        /// How many numbers; give either `end` or `count`.
        count: Option<u64> = optional(integer(1..=10_000_u64)),
        /// What happens to the other numbers when one is refused: nothing is done, or they are
        /// done.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
        .. new: NewNumbers,
    }
    /// Two numbers to swap.
    SwapToMake = r#"{"one": "083xxxx0011", "other": "02855500007"}"# {
        /// One number.
        one: Number = required(phone_number()),
        /// The other number.
        other: Number = required(phone_number()),
    }
    /// Who gets the numbers. More than 1,000 are given in slices, as a run; a dry run then tries
    /// the first 1,000.
    HandOverToMake = r#"{"to": "lina@ccc-test", "mode": "best_effort"}"# {
        /// The user who gets them.
        to: String = required(id()),
        /// What happens to the other numbers when one is refused: nothing is done, or they are
        /// done.
        mode: BatchMode = default(one_of::<BatchMode>(), BatchMode::default()),
    }
    /// Who gets a number.
    TransferToMake = r#"{"user_id": "lina@ccc-test"}"# {
        /// The user who gets it.
        user_id: String = required(id()),
    }
}

/// Reads one item of a batch from JSON, for the command line.
pub fn read_item(value: &Value) -> Result<BatchItem, Vec<String>> {
    let Value::Object(fields) = value else { return Err(vec!["it must be an object".to_owned()]) };
    let mut faults = Vec::new();
    let read = from_body::<BatchItemFields>(fields, &mut faults);
    match read.and_then(|it| item("", it.number, it.what, &mut faults)) {
        Some(item) if faults.is_empty() => Ok(item),
        _ => Err(faults.into_iter().map(|fault| fault.detail).collect()),
    }
}

/// A batch that was to be all or nothing and is not applied is refused, unless it was a dry run.
pub(super) fn finish(report: BatchReport, dry_run: bool) -> Result<Report<BatchReport>> {
    if report.applied || dry_run {
        Ok(Report(report))
    } else {
        Err(Failure::BatchRefused(Box::new(report)))
    }
}

/// The item that the fields mean, or what is wrong with them. `place` is where the fields are.
pub(super) fn item(
    place: &str,
    number: Number,
    what: ActionFields,
    faults: &mut Vec<FieldError>,
) -> Option<BatchItem> {
    let ActionFields { action, user_id, from, skill_group_id, until, cool_down_days } = what;
    let number = String::from(number);
    let (user_id, from, skill_group_id) =
        (user_id.map(UserId::new), from.map(UserId::new), skill_group_id.map(SkillGroupId::new));
    let wrong = |name: &str, code, detail| {
        FieldError::new(Source::Body, format!("{place}/{name}"), code, detail)
    };
    let mut stray = |name: &str, given: bool| {
        if given {
            let detail = format!("{action} takes no {name}.");
            faults.push(wrong(name, FaultCode::UnknownField, detail));
        }
    };
    let of_group = matches!(action, "bind" | "unbind");
    stray("user_id", user_id.is_some() && (of_group || action == "end-reservation"));
    stray("skill_group_id", skill_group_id.is_some() && !of_group);
    stray("from", from.is_some() && action != "transfer");
    stray("until", until.is_some() && action != "hold");
    stray("cool_down_days", cool_down_days.is_some() && action != "release");
    let mut missing = |name: &str| {
        faults.push(wrong(name, FaultCode::Required, format!("{action} needs {name}.")));
        None
    };
    match (action, user_id, skill_group_id) {
        ("assign", Some(user_id), _) => Some(BatchItem::Assign { number, user_id }),
        ("transfer", Some(user_id), _) => Some(BatchItem::Transfer { number, from, user_id }),
        ("assign" | "transfer", None, _) => missing("user_id"),
        ("release", user_id, _) => Some(BatchItem::Release { number, user_id, cool_down_days }),
        ("hold", user_id, _) => match until {
            Some(until) => Some(BatchItem::Hold { number, user_id, until }),
            None => missing("until"),
        },
        ("end-reservation", ..) => Some(BatchItem::EndReservation { number }),
        ("bind", _, Some(skill_group_id)) => Some(BatchItem::Bind { number, skill_group_id }),
        ("bind", _, None) => missing("skill_group_id"),
        (_, _, skill_group_id) => Some(BatchItem::Unbind { number, skill_group_id }),
    }
}

/// Whoever binds or unbinds needs more than the route asks for.
pub(super) fn require_binding(entry: &InInstance, items: &[BatchItem]) -> Result<()> {
    let binds =
        |item: &BatchItem| matches!(item, BatchItem::Bind { .. } | BatchItem::Unbind { .. });
    if items.iter().any(binds) {
        access::require(entry, Act::BindNumbers)?;
    }
    Ok(())
}

pub(super) fn run(
    at: Writing<'_>,
    (): (),
    write: Write<BatchToRun>,
) -> Result<Report<BatchReport>> {
    let mut faults = Vec::new();
    let items: Vec<Option<BatchItem>> = write
        .fields
        .items
        .into_iter()
        .enumerate()
        .map(|(at, it)| item(&format!("/items/{at}"), it.number, it.what, &mut faults))
        .collect();
    if !faults.is_empty() {
        return Err(Failure::Invalid(faults));
    }
    let items: Vec<BatchItem> = items.into_iter().flatten().collect();
    require_binding(at.place, &items)?;
    finish(ops::batch::run(at.tx, at.instance_id(), &items, write.fields.mode)?, write.dry_run)
}

pub(super) fn add_range(
    at: Writing<'_>,
    (): (),
    write: Write<RangeToAdd>,
) -> Result<InSlices<BatchReport>> {
    let (fields, dry_run) = (write.fields, write.dry_run);
    let either = |pointer, code| Failure::invalid(pointer, code, "Give either end or count.");
    let numbers = match (&fields.end, fields.count) {
        (Some(end), None) => numbers_between(&fields.start, end),
        (None, Some(count)) => numbers_from(&fields.start, count),
        (Some(_), Some(_)) => return Err(either("/count", FaultCode::Contradiction)),
        (None, None) => return Err(either("/end", FaultCode::Required)),
    };
    let numbers = numbers
        .map_err(|error| Failure::invalid("/start", FaultCode::Range, format!("{error}.")))?;
    let id = at.instance_id();
    let added = runs::add_numbers(at.tx, id, &numbers, &fields.new, fields.mode)?;
    finish_or_begun(added, dry_run)
}

/// As [`finish`], but what is done in slices is only begun.
fn finish_or_begun(report: InSlices<BatchReport>, dry_run: bool) -> Result<InSlices<BatchReport>> {
    match report {
        InSlices::AtOnce(report) => finish(report, dry_run).map(|Report(it)| InSlices::AtOnce(it)),
        run @ InSlices::Run(_) => Ok(run),
    }
}

/// Swaps two numbers between their holders.
pub(super) fn swap(
    at: Writing<'_>,
    (): (),
    write: Write<SwapToMake>,
) -> Result<Report<BatchReport>> {
    access::require(at.place, Act::BindNumbers)?;
    let SwapToMake { one, other } = write.fields;
    let swapped = ops::batch::swap(at.tx, at.instance_id(), &one, &other);
    let swapped = swapped.map_err(|error| match error {
        Error::SameNumber(number) => {
            let detail = format!("other must be another number than {number}.");
            Failure::invalid("/other", FaultCode::SameNumber, detail)
        }
        error => error.into(),
    })?;
    finish(swapped, write.dry_run)
}

/// Gives every number of a user to another.
pub(super) fn hand_over(
    at: Writing<'_>,
    (from,): (UserId,),
    write: Write<HandOverToMake>,
) -> Result<InSlices<BatchReport>> {
    let to = UserId::new(write.fields.to);
    if to == from {
        let detail = format!("to must be another user than {from}.");
        return Err(Failure::invalid("/to", FaultCode::SameUser, detail));
    }
    let passed = runs::hand_over(at.tx, at.instance_id(), &from, &to, write.fields.mode)?;
    finish_or_begun(passed, write.dry_run)
}

/// Takes a number from the users who hold it and gives it to a user.
pub(super) fn transfer(
    at: Writing<'_>,
    (number,): (Number,),
    write: Write<TransferToMake, Guarded>,
) -> Result<Done> {
    let instance_id = at.instance_id();
    let user_id = UserId::new(write.fields.user_id);
    phone_numbers::require(at.tx, instance_id, &number)?;
    users::require(at.tx, instance_id, &user_id)?;
    write.guard.check(|| etag::of_number(at.tx, instance_id, &number))?;
    let item = BatchItem::Transfer { number: number.into(), from: None, user_id };
    let report = ops::batch::run(at.tx, instance_id, &[item], BatchMode::AllOrNothing)?;
    only(report).map(|item| Done(vec![item]))
}
