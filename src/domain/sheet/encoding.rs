//! Which characters the bytes of a text file are. Excel writes GB18030 on a Chinese machine and
//! says so nowhere.

use super::Unreadable;
use crate::domain::word::words;
use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

words! {
    /// The encodings that are told apart.
    Encoding {
        /// UTF-8, with a byte order mark or without.
        Utf8 = "UTF-8",
        /// UTF-16 behind a byte order mark.
        Utf16 = "UTF-16",
        /// GB18030, which holds GBK and GB 2312.
        Gb18030 = "GB18030",
    }
}

/// The text of a file: what its byte order mark says, else UTF-8, else GB18030 if it looks like it.
pub(super) fn decode(bytes: &[u8]) -> Result<(Encoding, Cow<'_, str>), Unreadable> {
    let (encoding, text) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => {
            let text = std::str::from_utf8(rest).map_err(|error| not_utf8(rest, error))?;
            (Encoding::Utf8, Cow::from(text))
        }
        [0xff, 0xfe, rest @ ..] | [0xfe, 0xff, rest @ ..] => {
            let encoding = if bytes[0] == 0xff { UTF_16LE } else { UTF_16BE };
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            (Encoding::Utf16, text.ok_or(Unreadable::NotUtf16)?)
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (Encoding::Utf8, Cow::from(text)),
            Err(error) if is_damaged_utf8(bytes) => return Err(not_utf8(bytes, error)),
            Err(_) if is_western(bytes) => return Err(Unreadable::NoEncoding),
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

fn not_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Unreadable {
    Unreadable::NotUtf8(1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count())
}

/// Whether it is UTF-8 except for a few bytes, as when texts were cut off inside a character. In
/// GB18030 hardly any three bytes are a character of UTF-8 by chance.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut wide, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        wide += chunk.valid().chars().filter(|c| c.len_utf8() > 2).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    wide > broken
}

/// Whether it is an encoding of Western Europe, in which `Müller` would become `M黮ler`: there a
/// letter beyond ASCII is alone among others. GB18030 takes the next letter for its second byte,
/// which few Chinese characters have.
fn is_western(bytes: &[u8]) -> bool {
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let (mut western, mut chinese, mut at) = (0, 0, 0);
    while let Some(lead) = bytes.get(at) {
        let (length, is_alone) = match (lead, bytes.get(at + 1)) {
            (..=0x80, _) | (_, None) => {
                at += 1;
                continue;
            }
            (_, Some(b'0'..=b'9')) => (4, false),
            (_, Some(..=0x7f)) => (2, true),
            _ => (2, at > 0 && is_letter(at - 1) && is_letter(at + 2)),
        };
        at += length;
        if is_alone { western += 1 } else { chinese += 1 }
    }
    western > chinese
}
