//! What a forecast of free numbers is made from: the active numbers by city and usage, and when
//! each could not be given.
//!
//! # Performance
//! The stretches are those that touch the last 26 weeks, which in an old office are mostly what is
//! held now; they are read once for all places.

use super::engine::{Row, of_row};
use super::{ReadTx, instances, low_water_marks, places};
use crate::domain::capacity::{
    Arrivals, Capacity, Course, LowWaterMark, Office, PlaceCount, Records, Stretch, first_moment,
};
use crate::domain::phone_number::Usage;
use crate::domain::{Error, InstanceId, Timestamp};
use rusqlite::params;
use std::collections::HashMap;

/// The forecast for all places of an instance, most numbers first.
#[derive(Clone, Debug)]
pub struct Supply {
    /// The places: how many numbers each has, and how that went and will go on.
    pub places: Vec<(PlaceCount, Course)>,
    /// The low-water marks.
    pub marks: Vec<LowWaterMark>,
}

impl Supply {
    /// The places as they are listed.
    pub fn listed(&self) -> impl Iterator<Item = Capacity> {
        self.places.iter().map(|(count, course)| {
            let own = self.marks.iter().find(|mark| {
                mark.city.as_ref() == Some(&count.city) && mark.usage == Some(count.usage)
            });
            Capacity {
                count: count.clone(),
                low_water_mark: own.map(|mark| mark.least),
                outlook: course.forecast.outlook,
                weeks: course.forecast.weeks,
                events: course.forecast.events,
            }
        })
    }
}

/// The forecast for an instance.
pub fn supply(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Supply, Error> {
    let cool_down_days = instances::find(tx, instance_id)?.cool_down_days;
    let began = began(tx, instance_id)?.unwrap_or(tx.now());
    let office = Office { now: tx.now(), began, cool_down_days };
    let counts = places::counts(tx, instance_id)?;
    let marks = low_water_marks::of_places(tx, instance_id, &counts)?;
    let mut records = records(tx, instance_id)?;
    let places = counts.into_iter().map(|count| {
        let known = records.remove(&(count.city.clone(), count.usage.name())).unwrap_or_default();
        let course = Course::new(count.free, count.total(), office, &known);
        (count, course)
    });
    Ok(Supply { places: places.collect(), marks })
}

/// Numbers that differ in their last two digits only.
#[derive(Clone, Debug)]
pub struct Block {
    /// What they begin with.
    pub prefix: String,
    /// How many of the hundred are there.
    pub numbers: u32,
    /// How many of these nobody holds.
    pub free: u32,
}

/// The blocks of a hundred, in order.
pub fn blocks(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Vec<Block>, Error> {
    let sql = "SELECT substr(number, 1, length(number) - 2) AS prefix, count(*) AS numbers,
                      sum(state = 'free') AS free
                 FROM phone_number INDEXED BY phone_number_searched
                WHERE instance_id = ?1 AND phone_number_id > 0 GROUP BY 1 ORDER BY 1";
    tx.rows(sql, [instance_id], |row| of_row! { row => Block { prefix, numbers, free } })
}

/// When the first number was given or bound.
fn began(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT min(moment) FROM (
                   SELECT min(assigned_at) AS moment FROM personal_assignment WHERE instance_id = ?1
                   UNION ALL
                   SELECT min(bound_at) FROM skill_group_number WHERE instance_id = ?1)";
    Ok(tx.value(sql, [instance_id])?.flatten())
}

type Places = HashMap<(String, &'static str), Records>;

fn records(tx: &ReadTx<'_>, instance_id: &InstanceId) -> Result<Places, Error> {
    let mut places = Places::new();
    let now = tx.now();
    // Bindings that have ended are in the log only.
    let stretches = "
        SELECT n.city, n.usage, n.phone_number_id AS number, s.from_at AS \"from\",
               s.to_at AS \"to\", s.kept, s.promised
          FROM (SELECT number, assigned_at AS from_at, released_at AS to_at,
                       0 AS kept, 0 AS promised
                  FROM personal_assignment
                 WHERE instance_id = ?1 AND (released_at IS NULL OR released_at >= ?2)
                UNION ALL
                SELECT number, bound_at, NULL, 0, 0 FROM skill_group_number WHERE instance_id = ?1
                UNION ALL
                SELECT c.number, json_extract(c.old, '$.bound_at'), c.changed_at, 0, 0
                  FROM change_block AS b
                 CROSS JOIN change AS c ON c.change_id BETWEEN b.block * 256 AND b.block * 256 + 255
                 WHERE b.kind = 'entity' AND b.value = 'skill_group_number' AND b.instance_id = ?1
                   AND c.instance_id = ?1 AND c.entity = 'skill_group_number'
                   AND c.action = 'delete' AND c.changed_at >= ?2
                UNION ALL
                SELECT number, reserved_at, coalesce(ended_at, until_at),
                       1, kind = 'hold' AND for_user_id IS NOT NULL
                  FROM reservation
                 WHERE instance_id = ?1 AND coalesce(ended_at, until_at) >= ?2) AS s
          JOIN phone_number AS n ON n.instance_id = ?1 AND n.number = s.number
         WHERE n.active
         ORDER BY n.phone_number_id, s.from_at, s.to_at IS NULL, s.to_at";
    for (place, stretch) in tx.rows(stretches, params![instance_id, first_moment(now)], stretch)? {
        places.entry(place).or_default().stretches.push(stretch);
    }
    let arrivals = "SELECT city, usage, max(0, (?2 - created_at) / 604800000) AS weeks_ago,
                           count(*) AS numbers
                      FROM phone_number INDEXED BY phone_number_searched
                     WHERE instance_id = ?1 AND phone_number_id > 0 AND active
                     GROUP BY 1, 2, 3";
    for (place, came) in tx.rows(arrivals, params![instance_id, now], arrivals_of)? {
        places.entry(place).or_default().arrivals.push(came);
    }
    Ok(places)
}

fn place(row: &Row<'_>) -> rusqlite::Result<(String, &'static str)> {
    Ok((row.get("city")?, row.get::<_, Usage>("usage")?.name()))
}

fn stretch(row: &Row<'_>) -> rusqlite::Result<((String, &'static str), Stretch)> {
    Ok((place(row)?, of_row! { row => Stretch { number, from, to, kept, promised } }?))
}

fn arrivals_of(row: &Row<'_>) -> rusqlite::Result<((String, &'static str), Arrivals)> {
    Ok((place(row)?, of_row! { row => Arrivals { weeks_ago, numbers } }?))
}
