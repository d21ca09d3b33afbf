//! Setting how many numbers should be free at least.

use crate::domain::phone_number::Usage;
use crate::domain::{Error, InstanceId};
use crate::store::{WriteTx, low_water_marks};

/// Sets the mark of a city and usage; without a city it is for all together, without a usage for
/// all numbers that can dial out. Zero takes it away. `false` when nothing had to be changed.
pub fn set(
    tx: &WriteTx<'_>,
    instance_id: &InstanceId,
    city: &str,
    usage: Option<Usage>,
    least: u32,
) -> Result<bool, Error> {
    match least {
        0 => low_water_marks::delete(tx, instance_id, city, usage),
        _ => low_water_marks::set(tx, instance_id, city, usage, least),
    }
}
