//! Which characters the bytes of a text file are. Excel writes GB18030 on a Chinese machine and
//! says so nowhere.

use super::Unreadable;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::fmt;

/// The encodings that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with a byte order mark or without.
    Utf8,
    /// UTF-16 behind a byte order mark.
    Utf16,
    /// GB18030, which holds GBK and GB 2312.
    Gb18030,
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Gb18030 => "GB18030",
        })
    }
}

/// The text of a file: what its byte order mark says, else UTF-8, else GB18030.
pub(super) fn decode(bytes: &[u8]) -> Result<(Encoding, Cow<'_, str>), Unreadable> {
    let (encoding, text) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            let text = std::str::from_utf8(rest).map_err(|error| {
                let line = 1 + rest[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count();
                Unreadable::NotUtf8(line)
            })?;
            (Encoding::Utf8, Cow::from(text))
        }
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => {
            let encoding = if bytes[0] == 0xff { UTF_16LE } else { UTF_16BE };
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            (Encoding::Utf16, text.ok_or(Unreadable::NotUtf16)?)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (Encoding::Utf8, Cow::from(text)),
            Err(_) => {
                let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
                let text = text.ok_or(Unreadable::NoEncoding)?;
                (Encoding::Gb18030, text)
            }
        },
    };
    if text.contains('\0') {
        return Err(Unreadable::ZeroBytes);
    }
    Ok((encoding, text))
}
