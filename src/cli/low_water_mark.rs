//! `numberd low-water-mark`

use super::write::{Done, Written};
use super::{Failure, Options, hint, names, output};
use crate::domain::Error;
use crate::domain::capacity::{LowWaterMark, MOST_MARKED};
use crate::domain::phone_number::Usage;
use crate::ops::low_water_marks;
use crate::store::places;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
pub(super) struct SetMark {
    /// How many numbers should be free at least; 0 takes the mark away.
    #[arg(value_parser = names::between(0..=MOST_MARKED))]
    least: u32,
    /// Of which city [default: of all together].
    #[arg(long, value_parser = names::word)]
    city: Option<String>,
    /// Of which usage [default: of all that can dial out].
    #[arg(long, value_parser = names::word_of::<Usage>())]
    usage: Option<Usage>,
}

impl SetMark {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let place = options.place()?;
        let Self { least, city, usage } = self;
        let place_name = city.clone().unwrap_or_else(|| "all cities".to_owned());
        let what = usage.map_or("able to dial out", Usage::name);
        let mark = place.store.read(|tx| {
            let places = places::counts(tx, &place.instance_id)?;
            Ok::<_, Error>(LowWaterMark::new(city.clone(), usage, least, &places))
        })?;
        let (instance_id, of) = (place.instance_id.clone(), city.clone().unwrap_or_default());
        let written = options.write(&place.store, move |tx| {
            low_water_marks::set(tx, &instance_id, &of, usage, least).map(u64::from)
        })?;
        if let Written::Did(Done { made: 0, .. }) = &written {
            let same = json!({ "city": city, "usage": usage, "least": least });
            return output::value(options.json, &same, |_| "There was nothing to do.".to_owned());
        }
        let nowhere = match least > 0 && mark.numbers == 0 {
            true => hint::completed(
                " There is no active number there; `numberd capacity` shows how cities are spelt.",
            ),
            false => String::new(),
        };
        let (did, would) = if least == 0 {
            (format!("No mark for {place_name}, {what}, now."), "take the mark away from")
        } else {
            let did = format!("At least {least} should be free: {place_name}, {what}.{nowhere}");
            (did, "set a mark for")
        };
        written.print(
            options,
            |_| (json!({ "city": city, "usage": usage, "least": least }), did),
            &format!("Would {would} {place_name}, {what}.{nowhere}"),
        )
    }
}
