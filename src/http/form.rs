//! `application/x-www-form-urlencoded`: queries and forms.

/// What is not UTF-8 when it is decoded: the value of the parameter that is named, or a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecodable(pub Option<String>);

/// The pairs, decoded, in their order.
pub fn decode(encoded: &[u8]) -> Result<Vec<(String, String)>, Undecodable> {
    let pairs = encoded.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let name = decode_part(halves.next().unwrap_or_default()).ok_or(Undecodable(None))?;
            match decode_part(halves.next().unwrap_or_default()) {
                Some(value) => Ok((name, value)),
                None => Err(Undecodable(Some(name))),
            }
        })
        .collect()
}

/// The text of these pairs.
pub fn encode(pairs: &[(String, String)]) -> String {
    serde_html_form::to_string(pairs).unwrap_or_default()
}

/// A name or a value, decoded; `+` and `%20` are both a space. `None` if it is not UTF-8.
pub fn decode_part(encoded: &[u8]) -> Option<String> {
    let spaced: Vec<u8> =
        encoded.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let decoded = percent_encoding::percent_decode(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Undecodable, decode};

    #[test]
    fn pairs_are_decoded_in_order_and_the_first_that_is_not_utf8_is_named() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            decode(b"b=%2B+%20&&a&a=%E5%8F%B7=").unwrap(),
            [pair("b", "+  "), pair("a", ""), pair("a", "号=")]
        );
        assert_eq!(decode(b"a=1&b=%FF"), Err(Undecodable(Some("b".to_owned()))));
        assert_eq!(decode(b"%FF=1"), Err(Undecodable(None)));
    }
}
