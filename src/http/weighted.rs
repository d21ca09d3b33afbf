//! What a client accepts, and how much it likes each: `Accept`, `Accept-Encoding`,
//! `Accept-Language`.

/// The items of such a header with their weights in thousandths, those that are liked best first,
/// equals in their order. One of weight 0 is refused; so is one whose weight can't be read.
pub fn weighted(list: &str) -> Vec<(&str, u16)> {
    let mut items: Vec<(&str, u16)> = list.split(',').map(item).collect();
    items.retain(|(name, _)| !name.is_empty());
    items.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    items
}

fn item(text: &str) -> (&str, u16) {
    let mut parts = text.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default();
    let weight = parts.find_map(|part| {
        let (key, weight) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| weight.trim().parse().unwrap_or(0.0))
    });
    (name, (weight.unwrap_or(1.0_f32).clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::weighted;

    #[test]
    fn what_is_liked_best_is_first_and_equals_stay_in_order() {
        assert_eq!(
            weighted("en;q=0.1, zh ; Q=0.9,fr,, de;level=1;q=1.000, it;q=0, es;q=x, pt;q=nan"),
            [("fr", 1000), ("de", 1000), ("zh", 900), ("en", 100), ("it", 0), ("es", 0), ("pt", 0)]
        );
        assert_eq!(weighted(""), []);
    }
}
