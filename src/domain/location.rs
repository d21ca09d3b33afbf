//! Where a Chinese phone number belongs, as far as the public numbering plan says.
//!
//! A landline number begins with the area code of its city, and a mobile number with a
//! seven-digit prefix that its carrier was given for one city. Ported numbers and moved
//! customers keep their prefix, so this is where a number was issued, not where it is.
//!
//! The plan is one sorted list of boundaries: at each, another city begins to own the
//! seven-digit beginnings of national numbers (without the trunk `0`). Area codes are in
//! it as the range of beginnings they cover, and those that several cities share are divided
//! by the next digits. A number with masked digits is a range, too. It belongs to a city if
//! the whole range does, and else to the province that the whole range is in.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::LazyLock;

/// Province and city of a number, in Chinese and short: `四川` and `乐山`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// Province, autonomous region or municipality, such as `四川`, `内蒙古` or `北京`.
    pub province: &'static str,
    /// City, prefecture or county under the province itself, such as `乐山` or `凉山`; empty if
    /// only the province is known.
    pub city: &'static str,
}

/// Where a number belongs, as far as its area code or mobile prefix says.
///
/// The number is written with `+86` or `0086`, with the trunk `0`, or as the eleven
/// digits of a mobile number; of any other number the country is unknown, and so is the
/// location. Separators (`-`) are skipped. A digit may be masked with `x`, `X` or `*`, and an
/// extension may follow an `x` or `#`.
#[must_use]
pub fn of(number: &str) -> Option<Location> {
    let (first, last) = beginnings(number)?;
    PLAN.owner(first, last)
}

/// The month of the numbering plan's data, as `2025-12`.
#[must_use]
pub fn data_date() -> &'static str {
    let date = PLAN_TEXT.lines().find_map(|line| line.strip_prefix("# Date: "));
    date.unwrap_or("unknown")
}

const PLAN_TEXT: &str = include_str!("../../data/numbering_plan/numbering_plan.tsv");

static PLAN: LazyLock<NumberingPlan> = LazyLock::new(|| {
    // A test reads the same file, so the empty plan never gets as far as a release.
    NumberingPlan::read(PLAN_TEXT).unwrap_or_default()
});

/// How many digits of a national number the plan looks at.
const PREFIX_DIGITS: usize = 7;

/// The first and last seven-digit beginning that the national number can have.
fn beginnings(number: &str) -> Option<(u32, u32)> {
    let number =
        if number.contains('-') { Cow::from(number.replace('-', "")) } else { Cow::from(number) };
    let number = number.as_ref();
    spelled_out(number).or_else(|| spelled_out(number.split_once(['x', 'X', '#'])?.0))
}

/// Like [`beginnings`], for a number without separators and extension.
fn spelled_out(number: &str) -> Option<(u32, u32)> {
    let international = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086"));
    let national = match international {
        Some(rest) => rest.strip_prefix('0').unwrap_or(rest),
        None if number.starts_with('1') && number.len() == 11 => number,
        None => number.strip_prefix('0')?,
    };
    // Within the country short service numbers such as 110 follow an area code, too.
    let shortest_subscriber = if international.is_some() { 7 } else { 3 };
    let (shortest, longest) = match national.as_bytes() {
        [b'1', b'0', ..] | [b'2', ..] => (2 + shortest_subscriber, 10),
        [b'1', ..] => (11, 11),
        _ => (3 + shortest_subscriber, 11),
    };
    let is_mask = |byte: &u8| matches!(byte, b'x' | b'X' | b'*');
    let is_number = (shortest..=longest).contains(&national.len())
        && national.bytes().all(|b| b.is_ascii_digit() || is_mask(&b));
    let known = national.bytes().take_while(u8::is_ascii_digit).count();
    let leading = national.get(..known.min(PREFIX_DIGITS))?;
    let (first, size) = range(leading).filter(|_| is_number)?;
    Some((first, first + size - 1))
}

/// Which place owns which seven-digit beginnings of national numbers.
#[derive(Default)]
struct NumberingPlan {
    /// The places; the first is nowhere, which owns what is not known to be assigned.
    places: Vec<Option<Location>>,
    /// Where the ownership changes, in order: the first beginning and its new owner.
    boundaries: Vec<(u32, u16)>,
}

/// The number of the place that owns what is not known to be assigned.
const NOWHERE: u16 = 0;

impl NumberingPlan {
    /// The place that owns all beginnings from the first to the last, or the province that
    /// they are all in.
    fn owner(&self, first: u32, last: u32) -> Option<Location> {
        let next = self.boundaries.partition_point(|&(start, _)| start <= first);
        let (_, place) = self.boundaries.get(next.checked_sub(1)?)?;
        let owner = self.place(*place)?;
        let others = self.boundaries.get(next..).unwrap_or_default();
        others.iter().take_while(|&&(start, _)| start <= last).try_fold(owner, |owner, other| {
            let other = self.place(other.1)?;
            let city = if owner.city == other.city { owner.city } else { "" };
            (owner.province == other.province).then_some(Location { city, ..owner })
        })
    }

    fn place(&self, place: u16) -> Option<Location> {
        *self.places.get(usize::from(place))?
    }

    /// Reads the plan, whose header describes its rows; an error names the faulty row.
    fn read(text: &'static str) -> Result<Self, String> {
        let mut plan = Self::default();
        plan.places.push(None);
        for row in text.lines().filter(|row| !row.starts_with('#')) {
            let fields: Vec<&str> = row.split('\t').collect();
            let understood = match *fields.as_slice() {
                [key, province, city, area_codes] => place_of(key)
                    .filter(|&place| usize::from(place) == plan.places.len())
                    .and_then(|place| plan.add_area_codes(area_codes, place))
                    .map(|()| plan.places.push(Some(Location { province, city }))),
                [prefix, runs] => plan.add_mobile_prefixes(prefix, runs),
                _ => None,
            };
            understood.ok_or_else(|| format!("not understood: {row}"))?;
        }
        let boundaries = &mut plan.boundaries;
        boundaries.sort_by_key(|&(start, place)| (start, Reverse(place)));
        // Where one range ends and another begins, the beginning comes first and stays.
        boundaries.dedup_by(|later, kept| later.0 == kept.0 && later.1 == NOWHERE);
        if let Some((start, _)) = boundaries
            .iter()
            .zip(boundaries.iter().skip(1))
            .find(|(a, b)| a.0 == b.0)
            .map(|(a, _)| a)
        {
            return Err(format!("two places own {start}"));
        }
        boundaries.dedup_by_key(|&mut (_, place)| place);
        boundaries.shrink_to_fit();
        Ok(plan)
    }

    fn add_area_codes(&mut self, area_codes: &str, place: u16) -> Option<()> {
        for code in area_codes.split_whitespace() {
            let (start, size) = range(code)?;
            self.boundaries.push((start, place));
            self.boundaries.push((start + size, NOWHERE));
        }
        Some(())
    }

    fn add_mobile_prefixes(&mut self, prefix: &str, mut runs: &str) -> Option<()> {
        let (mut start, size) = range(prefix)?;
        let end = start + size;
        while !runs.is_empty() {
            let key_length = if runs.starts_with('-') { 1 } else { 2 };
            let (key, rest) = runs.split_at_checked(key_length)?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (length, after) = rest.split_at_checked(digits)?;
            let place = place_of(key).filter(|&place| usize::from(place) < self.places.len())?;
            self.boundaries.push((start, place));
            let one_or_more = if length.is_empty() { "1" } else { length };
            start = start.checked_add(one_or_more.parse().ok()?)?;
            runs = after;
        }
        self.boundaries.push((end, NOWHERE));
        (start == end).then_some(())
    }
}

/// The place that a key stands for: its letters count the city rows, from `aa`.
fn place_of(key: &str) -> Option<u16> {
    match *key.as_bytes() {
        [b'-'] => Some(NOWHERE),
        [high @ b'a'..=b'z', low @ b'a'..=b'z'] => {
            Some(1 + 26 * u16::from(high - b'a') + u16::from(low - b'a'))
        }
        _ => None,
    }
}

/// The first of the seven-digit beginnings that share these leading digits, and how many
/// there are.
fn range(leading: &str) -> Option<(u32, u32)> {
    let unknown = PREFIX_DIGITS.checked_sub(leading.len())?;
    let size = 10_u32.pow(u32::try_from(unknown).ok()?);
    Some((leading.parse::<u32>().ok()? * size, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(number: &str) -> Option<(&'static str, &'static str)> {
        of(number).map(|location| (location.province, location.city))
    }

    #[test]
    fn the_numbering_plan_file_is_well_formed() {
        let plan = NumberingPlan::read(PLAN_TEXT);
        assert_eq!(plan.as_ref().err(), None);
        assert!(plan.is_ok_and(|plan| plan.places.len() > 300 && plan.boundaries.len() > 100_000));
    }

    #[test]
    fn a_malformed_plan_is_refused_with_the_faulty_row() {
        let cities = "aa\t北京|aa\t北京\t北京\tten";
        let runs = "1300\tzz1000|1300\t-999|1300\t中|1300\t-4294967295";
        for rows in cities.split('|').chain(runs.split('|')) {
            assert!(NumberingPlan::read(rows).is_err(), "{rows}");
        }
        let twice = NumberingPlan::read("aa\t北京\t北京\t10\nab\t上海\t上海\t10").err();
        assert_eq!(twice.as_deref(), Some("two places own 1000000"));
    }

    #[test]
    fn a_landline_belongs_to_the_city_of_its_area_code() {
        assert_eq!(place("08331230011"), Some(("四川", "乐山")));
        assert_eq!(place("+868331230011"), Some(("四川", "乐山")));
        assert_eq!(place("00868331230011"), Some(("四川", "乐山")));
        assert_eq!(place("01065001234"), Some(("北京", "北京")));
        assert_eq!(place("+861065001234"), Some(("北京", "北京")));
        assert_eq!(place("0833110"), Some(("四川", "乐山")));
    }

    #[test]
    fn the_digit_after_a_shared_area_code_decides_about_the_city() {
        for (number, city) in [
            ("02885551234", "成都"),
            ("02838161234", "眉山"),
            ("02457501234", "抚顺"),
            ("037122861234", "开封"),
            ("073185551234", "长沙"),
            ("073122881234", "株洲"),
            ("073155881234", "湘潭"),
            ("085188881234", "贵阳"),
            ("085128881234", "遵义"),
            ("085133881234", "安顺"),
            ("089866881234", "海口"),
            ("089888281234", "三亚"),
            ("089823321234", "儋州"),
        ] {
            assert_eq!(place(number).map(|place| place.1), Some(city), "{number}");
        }
    }

    #[test]
    fn where_nothing_decides_about_the_city_only_the_province_is_known() {
        for (number, province) in [
            ("089862881234", "海南"),
            ("077178881234", "广西"),
            ("073192881234", "湖南"),
            ("0731xxxxxxxx", "湖南"),
            ("083xxxx0011", "四川"),
        ] {
            assert_eq!(place(number), Some((province, "")), "{number}");
        }
    }

    #[test]
    fn separators_and_extensions_do_not_hide_the_place() {
        for (number, city) in [
            ("0312-1234567", "保定"),
            ("0571-88888888", "杭州"),
            ("010-65001234", "北京"),
            ("+86-571-88888888", "杭州"),
            ("0086-571-88888888", "杭州"),
            ("138-1000-1234", "北京"),
            ("-0-5-7-1-88888888-", "杭州"),
            ("057188888888x801", "杭州"),
            ("0571-88888888#12", "杭州"),
        ] {
            assert_eq!(place(number).map(|place| place.1), Some(city), "{number}");
        }
    }

    #[test]
    fn the_data_has_a_date() {
        let (year, month) = data_date().split_once('-').unwrap();
        assert!(year.parse::<u16>().unwrap() >= 2025 && (1..=12).contains(&month.parse().unwrap()));
    }

    #[test]
    fn a_mobile_number_belongs_to_the_city_of_its_prefix() {
        for number in ["13810001234", "+8613810001234", "013810001234"] {
            assert_eq!(place(number), Some(("北京", "北京")), "{number}");
        }
        assert_eq!(place("18957509123"), Some(("浙江", "绍兴")));
    }

    #[test]
    fn masked_digits_leave_what_the_others_determine() {
        assert_eq!(place("0833xxx0011"), Some(("四川", "乐山")));
        assert_eq!(place("138xxxx2114"), None);
        assert_eq!(place("1381000xxxx"), Some(("北京", "北京")));
        assert_eq!(place("010****1234"), Some(("北京", "北京")));
    }

    #[test]
    fn no_country_is_guessed_and_no_other_number_has_a_location() {
        let unplaced = "+ +86 8613810001234 868331230011 8331230011 +14155550100 00 12345678901";
        let service = "4001234567 8008101234 +864001234567 +8695588 95588 10086 01381000 110";
        let malformed = "0833123é011 010123456789 +86955881234567 1381000123 138100012345 0xxx";
        for number in [unplaced, service, malformed].iter().flat_map(|all| all.split(' ')) {
            assert_eq!(of(number), None, "{number}");
        }
        assert_eq!(of(""), None);
    }
}
