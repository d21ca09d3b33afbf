//! `numberd low-water-mark`

use super::write::{Done, Written};
use super::{Failure, Options, hint, names, output};
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
        let places = place.read(places::counts)?;
        let mark = LowWaterMark::new(city.clone(), usage, least, &places);
        let marked = city.clone().unwrap_or_default();
        let written = place.write(move |tx, of| {
            low_water_marks::set(tx, of, &marked, usage, least).map(u64::from)
        })?;
        let value = json!({ "city": city, "usage": usage, "least": least });
        if let Written::Did(Done { made: 0, .. }) = &written {
            return output::value(options.json, &value, |_| "There was nothing to do.".to_owned());
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
            |_| (value, did),
            &format!("Would {would} {place_name}, {what}.{nowhere}"),
        )
    }
}
