//! What is wrong with a spreadsheet, in the reader's language: the file, its header, its lines.
//! Exhaustive, as [`super::sentences`] is.

use super::page::Chrome;
use super::texts::{Language, Texts};
use crate::domain::import::titles::{title_in_chinese, word_in_chinese};
use crate::domain::import::{Fault, Why, WrongHeader};
use crate::domain::sheet::{LARGEST, MOST_COLUMNS, MOST_LINES, Odd, Unreadable};
use crate::http::{BodyError, UploadError};

impl Chrome {
    /// Why a line can't be imported.
    pub(super) fn fault(&self, fault: &Fault) -> String {
        match &fault.why {
            Some(why) => self.why(why),
            // Kept by an earlier release, in English only.
            None => fault.reason.clone(),
        }
    }

    /// Why something of a file can't be imported.
    pub(super) fn why(&self, why: &Why) -> String {
        let t = self.t;
        let said = match why {
            Why::Odd(odd) => return t.odd(*odd),
            Why::Text(fault) => return t.text_fault(*fault),
            Why::Malformed(malformed) => return t.malformed(malformed),
            Why::Missing(missing) => return t.missing(missing),
            Why::Existing(existing) => return t.existing(existing),
            Why::Refused(refusal) => return self.refusal(refusal),
            Why::LastAdmin(_) => t.say("last-admin"),
            Why::Empty => t.say("fault-empty"),
            Why::Blank => t.say("fault-blank"),
            Why::NoneOf(words) => {
                let words: Vec<&str> = words.iter().map(|word| t.kept_word(word)).collect();
                t.say("fault-none-of").with("words", t.list(&words))
            }
            Why::NoFlag => t.say("fault-no-flag"),
            Why::NoVersion => t.say("fault-no-version"),
            Why::NoGuid => t.say("fault-no-guid"),
            Why::Tags(count, most) => t.say("fault-tags").with("most", most).count(count),
            Why::LineAgain(line) => t.say("fault-line-again").with("line", line),
            Why::Beside => t.say("fault-beside"),
            Why::ColumnAgain => t.say("fault-column-again"),
            Why::ColumnUnnamed(column) => t.say("fault-column-unnamed").with("column", column),
            Why::ColumnUnknown(_, all) => t.say("fault-column-unknown").with("all", t.list(all)),
            Why::OtherKind(kind, said) => {
                let (kind, said) = (t.say(kind), t.say(said));
                t.say("fault-other-kind").with("kind", kind).with("said", said)
            }
            Why::ColumnMissing => t.say("fault-column-missing"),
            Why::Emptied(held) => {
                let held: Vec<String> =
                    held.iter().map(|(name, cell)| format!("{name} = {cell}")).collect();
                t.say("fault-emptied").with("held", t.list(&held))
            }
            Why::Stale(key, wanted, Some(version)) => {
                let said = t.say("fault-stale").with("key", key);
                said.with("wanted", wanted).with("version", version)
            }
            Why::Stale(key, wanted, None) => {
                t.say("fault-stale-gone").with("key", key).with("wanted", wanted)
            }
            Why::SincePreview(key, Some(_), None) => t.say("fault-since-gone").with("key", key),
            Why::SincePreview(key, None, _) => t.say("fault-since-new").with("key", key),
            Why::SincePreview(key, Some(_), Some(_)) => {
                t.say("fault-since-changed").with("key", key)
            }
            Why::Again(key) => t.say("fault-again").with("key", key),
            Why::TwoKindsOfHolders => t.say("fault-two-kinds-of-holders"),
            Why::SeveralHolders => t.say("fault-several-holders"),
            Why::BeginningLost(whole, true) => {
                t.say("fault-beginning-lost-there").with("whole", whole)
            }
            Why::BeginningLost(whole, false) => t.say("fault-beginning-lost").with("whole", whole),
            Why::Nameless(login_name) => t.say("fault-nameless").with("login", login_name),
            Why::MediaStays(name, media_type) => {
                t.say("fault-media-stays").with("group", name).with("media", media_type)
            }
        };
        said.to_string()
    }

    /// Like [`Self::fault`], but with the column, for the file of bad lines.
    pub(super) fn fault_of_column(&self, fault: &Fault) -> String {
        let said = self.fault(fault);
        if fault.column.is_empty() { said } else { self.t.about(&fault.column, said) }
    }

    /// Why the first line of a file is not the header of such a list.
    pub(super) fn header(&self, header: &WrongHeader) -> String {
        let faults: Vec<String> = header
            .faults
            .iter()
            .map(|(why, columns)| match self.t.list(columns) {
                columns if columns.is_empty() => self.why(why),
                columns => self.t.about(columns, self.why(why)),
            })
            .collect();
        let said = self.t.say("file-header").with("line", header.line);
        let format = self.t.format(&header.format.to_string());
        said.with("format", format).with("faults", faults.join(" ")).to_string()
    }
}

impl Texts {
    /// A word that a column of any kind may have.
    fn kept_word(self, word: &str) -> &str {
        let columns = ["usage", "role", "work_mode"];
        let said = columns.into_iter().map(|column| self.cell(column, word));
        said.into_iter().find(|said| *said != word).unwrap_or(word)
    }

    /// What a cell of a spreadsheet says, in the reader's language.
    pub(super) fn cell<'a>(self, column: &str, cell: &'a str) -> &'a str {
        match self.language {
            Language::English => cell,
            Language::Chinese => word_in_chinese(column, cell),
        }
    }

    /// What a column of a spreadsheet is called, in the reader's language.
    pub(super) fn column(self, column: &str) -> &str {
        match self.language {
            Language::English => column,
            Language::Chinese => title_in_chinese(column),
        }
    }

    fn odd(self, odd: Odd) -> String {
        let said = match odd {
            Odd::Number => self.say("fault-odd-number"),
            Odd::Formula => self.say("fault-odd-formula"),
            Odd::Date => self.say("fault-odd-date"),
            Odd::Truth => self.say("fault-odd-truth"),
            Odd::Error => self.say("fault-odd-error"),
            Odd::Merged => self.say("fault-odd-merged"),
            Odd::Scientific => self.say("fault-odd-scientific"),
            Odd::Fraction => self.say("fault-odd-fraction"),
            Odd::Rounded => self.say("fault-odd-rounded"),
        };
        said.to_string()
    }

    /// How a file was read: `CSV, UTF-8, semicolons`.
    pub(super) fn format(self, format: &str) -> String {
        let said = |part: &str| match part {
            "commas" => self.say("delimiter-commas").to_string(),
            "semicolons" => self.say("delimiter-semicolons").to_string(),
            "tabs" => self.say("delimiter-tabs").to_string(),
            name => name.to_owned(),
        };
        self.list(&format.split(", ").map(said).collect::<Vec<_>>())
    }

    /// Why a file can't be read at all.
    pub(super) fn unreadable(self, why: &Unreadable) -> String {
        let said = match why {
            Unreadable::TooLarge => self.say("file-too-large").with("most", LARGEST >> 20),
            Unreadable::OldExcel => self.say("file-old-excel"),
            Unreadable::Empty => self.say("file-empty"),
            Unreadable::TooManyLines => self.say("file-too-many-lines").with("most", MOST_LINES),
            Unreadable::TooManyColumns(line) => {
                self.say("file-too-many-columns").with("line", line).with("most", MOST_COLUMNS)
            }
            Unreadable::NotUtf8(line) => self.say("file-not-utf-8").with("line", line),
            Unreadable::NotUtf16 => self.say("file-not-utf-16"),
            Unreadable::NoEncoding => self.say("file-no-encoding"),
            Unreadable::ZeroBytes => self.say("file-zero-bytes"),
            Unreadable::NotCsv(_) => self.say("file-not-csv"),
            Unreadable::Quotes(line) => self.say("file-quotes").with("line", line),
            Unreadable::NotXlsx(_) => self.say("file-not-xlsx"),
            Unreadable::Password => self.say("file-password"),
            Unreadable::TooManySheets(count) => self.say("file-too-many-sheets").count(count),
            Unreadable::SeveralSheets(names) => {
                self.say("file-several-sheets").with("names", self.list(names))
            }
            Unreadable::TooManyMerged => self.say("file-too-many-merged"),
            Unreadable::Unordered => self.say("file-unordered"),
            Unreadable::TooMuch => self.say("file-too-much"),
        };
        said.to_string()
    }

    /// Why a file did not arrive.
    pub(super) fn upload(self, error: &UploadError) -> String {
        let said = match error {
            UploadError::Body(BodyError::TooLarge) => {
                self.say("file-too-large").with("most", LARGEST >> 20)
            }
            UploadError::Body(BodyError::TooSlow) => self.say("file-too-slow"),
            UploadError::NoRoom => self.say("file-no-room"),
            UploadError::NoPlace => self.say("file-no-place"),
            UploadError::Body(BodyError::Broken | BodyError::Encoded)
            | UploadError::Label(_)
            | UploadError::Form(_) => self.say("form-unreadable"),
        };
        said.to_string()
    }
}
