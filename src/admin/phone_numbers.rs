//! Numbers of an instance.

use super::etag::{self, ETag, Guarded, MustMatch, Versioned};
use super::fields::{Nothing, Paged, fields, fields_of};
use super::holding::only;
use super::problem::{Failure, Result};
use super::reply::{Created, Done, Rows, Tagged};
use super::request::Write;
use crate::domain::batch::{BatchMode, ItemAction, Outcome};
use crate::domain::phone_number::{
    NewNumbers, NumberDetails, NumberEdit, NumberState, Property, Usage, ValueCount,
};
use crate::domain::text::{LONGEST_COMPANY, LONGEST_NOTE, LONGEST_WORD, MOST_TAGS};
use crate::domain::{
    ContactFlowId, Error, Existing, InstanceId, Listing, Number, Order, Rule, SearchWords,
};
use crate::http::ListFile;
use crate::ops;
use crate::ops::access::{Reading, Writing};
use crate::ops::batch::reported;
use crate::store::phone_numbers::{self, NumberOrder, NumberQuery};
use crate::store::{ReadTx, facets, holders};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

fields! {
    /// Which numbers are listed. A filter that is given several times lets each of its values
    /// through, and `none` lets numbers through that have no value.
    ListNumbers {
        /// Words, all of which must be found in the number, its city, province, provider, tags,
        /// note or contact flow, or in the names and ids of its holders.
        q: SearchWords = default(words(), SearchWords::default()),
        /// Only numbers in these states.
        state: Vec<&'static str> = several(choice(&NumberState::NAMES)),
        /// Only numbers of these usages.
        usage: Vec<&'static str> = several(choice(&Usage::NAMES)),
        /// Only numbers that can be used (true), or only those that can't (false).
        active: Option<bool> = optional(flag()),
        /// Only numbers of these provinces; `none`: without one.
        province: Vec<String> = several(sought()),
        /// Only numbers of these cities; `none`: without one.
        city: Vec<String> = several(sought()),
        /// Only numbers of these providers; `none`: without one.
        provider: Vec<String> = several(sought()),
        /// Only numbers with one of these tags; `none`: without tags.
        tag: Vec<String> = several(sought()),
        /// Only numbers that one of these users or skill groups holds, by id; `none`: nobody.
        holder: Vec<String> = several(id()),
        /// Only numbers that one of these skill groups holds, by id; `none`: no skill group.
        skill_group: Vec<String> = several(id()),
        /// Only numbers with one of these contact flows, by id; `none`: without one.
        contact_flow: Vec<String> = several(id()),
        /// Count the numbers by these properties too, each without its own filter; with commas
        /// between them, or once for each.
        facets: Vec<&'static str> = some_of(&Property::NAMES),
        /// The order; descending with - in front.
        sort: Order<NumberOrder> = sort::<NumberOrder>(),
    }
    /// A number to add.
    NumberToAdd = r#"{"number": "02899990000", "provider": "中国电信", "tags": ["vip"]}"# {
        /// The number: one of the account's pool, or a new one.
        number: Number = required(phone_number()),
        .. new: NewNumbers,
    }
    /// How a number is removed.
    NumberRemoval {
        /// Also release, unbind and detach it from its contact flow; without it, a number that is
        /// held or has a contact flow stays.
        force: bool = default(flag(), false),
    }
}

fields_of! {
    NumbersToAdd for NewNumbers {
        /// What it is used for. By default, a 400 number is Inbound and any other Bidirection.
        usage = optional(one_of::<Usage>()),
        /// The contact flow of incoming calls.
        contact_flow_id = optional(made::<ContactFlowId, _>(id())),
        /// The province; by default, that of its area code.
        province = optional(text(0, LONGEST_WORD)),
        /// The city; by default, that of its area code.
        city = optional(text(0, LONGEST_WORD)),
        /// The provider.
        provider = default(text(0, LONGEST_WORD), String::new()),
        /// The company that it is registered to.
        corp_name = default(name_or_nothing(LONGEST_COMPANY), String::new()),
        /// Tags to find it by.
        tags = default(list(name_text(LONGEST_WORD), 0, MOST_TAGS), Vec::new()),
        /// What people want to remember of it.
        note = default(text(0, LONGEST_NOTE), String::new()),
        ..NewNumbers::default()
    }
    PhoneNumberEdit for NumberEdit = r#"{"active": false, "tags": ["vip"]}"# {
        /// What it is used for.
        usage = optional(one_of::<Usage>()),
        /// Whether it can be used.
        active = optional(flag()),
        /// The province.
        province = optional(text(0, LONGEST_WORD)),
        /// The city.
        city = optional(text(0, LONGEST_WORD)),
        /// The contact flow of incoming calls, or null for none.
        contact_flow_id = optional(nullable(made::<ContactFlowId, _>(id()))),
        /// The provider.
        provider = optional(text(0, LONGEST_WORD)),
        /// The company that it is registered to.
        corp_name = optional(name_or_nothing(LONGEST_COMPANY)),
        /// Tags to find it by.
        tags = optional(list(name_text(LONGEST_WORD), 0, MOST_TAGS)),
        /// What people want to remember of it.
        note = optional(text(0, LONGEST_NOTE)),
        /// Its name in VCC, or null for the number itself.
        callback_number_name = optional(nullable(name_text(LONGEST_COMPANY))),
    }
}

impl Versioned for NumberDetails {
    fn tag(&self) -> ETag {
        let (reserved, created_at) = (self.reservation.is_some(), self.created_at.millis());
        etag::tag_of_number(self.version, reserved, created_at)
    }
}

/// A page of numbers, and how many of all have each value.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NumberListing {
    #[serde(flatten)]
    listing: Listing<NumberDetails>,
    /// The facets that were asked for: by property, the values, most numbers first, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    facets: Option<BTreeMap<&'static str, Vec<ValueCount>>>,
}

impl Rows for NumberListing {
    type Row = NumberDetails;

    fn write(&self, file: &mut ListFile) -> Result<bool, Error> {
        self.listing.write(file)
    }
}

/// The filters that a set of fields has, each named like its property.
macro_rules! filters_of {
    ($fields:expr) => {{
        use $crate::domain::phone_number::{Filters, Property};
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        Filters::new(|property| match property {
            Property::State => owned(&$fields.state),
            Property::Usage => owned(&$fields.usage),
            Property::Active => $fields.active.iter().map(bool::to_string).collect(),
            Property::Province => $fields.province.clone(),
            Property::City => $fields.city.clone(),
            Property::Provider => $fields.provider.clone(),
            Property::Tag => $fields.tag.clone(),
            Property::Holder => $fields.holder.clone(),
            Property::SkillGroup => $fields.skill_group.clone(),
            Property::ContactFlow => $fields.contact_flow.clone(),
        })
    }};
}
pub(super) use filters_of;

fn query(fields: ListNumbers) -> NumberQuery {
    let filters = filters_of!(fields);
    NumberQuery { words: fields.q, filters, order: fields.sort }
}

pub(super) fn list(at: Reading<'_>, (): (), list: Paged<ListNumbers>) -> Result<NumberListing> {
    let wanted: Vec<Property> =
        list.filters.facets.iter().filter_map(|name| Property::from_name(name)).collect();
    let query = query(list.filters);
    let listing = phone_numbers::search(at.tx, at.instance_id(), &query, list.page)?.into();
    let counts = match wanted.is_empty() {
        true => None,
        false => Some(facets::of_numbers(at.tx, at.instance_id(), &query, &wanted)?),
    };
    let named = |counts| wanted.iter().map(|property| property.name()).zip(counts).collect();
    Ok(NumberListing { listing, facets: counts.map(named) })
}

pub(super) fn get(
    at: Reading<'_>,
    (number,): (Number,),
    _: Nothing,
) -> Result<Tagged<NumberDetails>> {
    Ok(Tagged::of(phone_numbers::get(at.tx, at.instance_id(), &number)?))
}

/// Adds a number to the instance.
pub(super) fn add(
    at: Writing<'_>,
    (): (),
    write: Write<NumberToAdd>,
) -> Result<Created<NumberDetails>> {
    let NumberToAdd { number, new } = write.fields;
    let (instance_id, numbers) = (at.instance_id(), std::slice::from_ref(&number));
    let mode = BatchMode::AllOrNothing;
    let report = ops::batch::add_numbers(at.tx, instance_id, numbers, &new, mode)?;
    if only(report)?.outcome == Outcome::Unchanged {
        return Err(Error::AlreadyExists(Existing::PhoneNumber(number.into())).into());
    }
    let body = phone_numbers::get(at.tx, instance_id, &number)?;
    // In an address a # would begin a fragment.
    let number = number.replace('#', "%23");
    Ok(Created::in_instance(instance_id, format_args!("numbers/{number}"), body))
}

/// Changes a number, if the caller has read the current version.
pub(super) fn modify(
    at: Writing<'_>,
    (number,): (Number,),
    write: Write<NumberEdit, MustMatch>,
) -> Result<Tagged<NumberDetails>> {
    write.guard.check(&etag::of_number(at.tx, at.instance_id(), &number)?)?;
    ops::phone_numbers::edit(at.tx, at.instance_id(), &number, &write.fields)?;
    Ok(Tagged::of(phone_numbers::get(at.tx, at.instance_id(), &number)?))
}

/// Takes a number out of the instance. One that is held, or has a contact flow, stays.
pub(super) fn remove(
    at: Writing<'_>,
    (number,): (Number,),
    write: Write<NumberRemoval, Guarded>,
) -> Result<Done> {
    let instance_id = at.instance_id();
    let stored = phone_numbers::require(at.tx, instance_id, &number)?;
    write.guard.check(|| etag::of_number(at.tx, instance_id, &stored))?;
    let items =
        reported(at.tx, instance_id, ItemAction::Remove, std::slice::from_ref(&stored), || {
            let (one, force) = (std::slice::from_ref(&number), write.fields.force);
            match ops::number_pool::remove_from_instance(at.tx, instance_id, one, force)?.is_empty()
            {
                true => Ok(true),
                false => Err(stays(at.tx, instance_id, &number, &stored)?),
            }
        })?;
    Ok(Done(items))
}

/// Why a number is not taken out of the instance.
fn stays(
    tx: &ReadTx<'_>,
    instance_id: &InstanceId,
    number: &Number,
    stored: &str,
) -> Result<Failure, Error> {
    let refused = |advice: &str| Error::Rule {
        rule: Rule::ReferencedRowIsKept,
        subject: number.to_string(),
        advice: advice.to_owned(),
    };
    Ok(match holders::of_number(tx, instance_id, stored)? {
        holders if holders.is_empty() => {
            Failure::Refused(refused("it has a contact flow; set that to null first"))
        }
        holders => Failure::Held(refused("it is held"), holders),
    })
}
