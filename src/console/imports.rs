//! A spreadsheet: sent, shown with everything that is wrong with it, and imported exactly as shown.
//! What was shown has an address of its own, so it survives a reload and can be passed on.

use super::page::{Chrome, Visit};
use super::reply::{self, Failure, FormFault};
use crate::domain::import::{
    CellChange, Duplicates, Fault, ImportKind, ImportMode, ImportSettings, PlannedLine,
    columns_to_fill,
};
use crate::domain::previewed_import::Import;
use crate::domain::run::InSlices;
use crate::domain::sheet::{FileFormat, WorkbookWriter};
use crate::http::{Answer, Download, UploadError};
use crate::ops::imports::{self, NotApplied, Unreadable};
use crate::store::{ReadTx, imports as stored};
use askama::Template;
use serde::Deserialize;

/// How many lines and faults the page shows.
const SHOWN: usize = 500;

/// How a file is read.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(default)]
struct ImportForm {
    what: ImportKind,
    mode: ImportMode,
    duplicates: Duplicates,
}

#[derive(Template)]
#[template(path = "import.html")]
struct ImportPage<'a> {
    chrome: &'a Chrome,
    form: ImportForm,
    kinds: Vec<ImportKind>,
    modes: [ImportMode; 2],
    duplicates: [Duplicates; 3],
    faults: Vec<FormFault>,
}

/// Answers `GET import`.
pub(super) fn show(_: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    page(visit, visit.query()?, Vec::new())
}

fn page(visit: &Visit<'_>, form: ImportForm, faults: Vec<FormFault>) -> Result<Answer, Failure> {
    let chrome = &visit.chrome;
    let may = |kind: &ImportKind| chrome.access.may(kind.needs());
    let kinds = ImportKind::ALL.into_iter().filter(may).collect();
    let (modes, duplicates) = (ImportMode::ALL, Duplicates::ALL);
    reply::page(&ImportPage { chrome, form, kinds, modes, duplicates, faults })
}

/// Answers `POST import`: leads to the preview.
pub(super) fn send(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: ImportForm = visit.form()?;
    let refused = |status, said| {
        let faults = vec![FormFault { field: "file", said }];
        Ok(Answer { status, ..page(visit, form, faults)? })
    };
    let file = match &visit.request.upload {
        Some(Ok(file)) => file,
        Some(Err(error)) => {
            let full = matches!(error, UploadError::NoRoom | UploadError::NoPlace);
            let status = if full { 503 } else { 400 };
            return refused(status, visit.chrome.t.upload(error));
        }
        None => return Err(Failure::NoSuchPage),
    };
    let settings = ImportSettings { mode: form.mode, duplicates: form.duplicates };
    let author = visit.person.author(&visit.request.request_id, "");
    let (store, access) = (&visit.face.store, &visit.chrome.access);
    let (bytes, say) = (|| file.bytes(), |fault: &Fault| visit.chrome.fault_of_column(fault));
    let found = imports::preview(store, &author, access, form.what, settings, bytes, say);
    let found = match found {
        Ok(found) => found,
        Err(Unreadable::File(why)) => return refused(422, visit.chrome.t.unreadable(&why)),
        Err(Unreadable::Header(header)) => return refused(422, visit.chrome.header(&header)),
        Err(Unreadable::Store(error)) => return Err(error.into()),
    };
    let import = visit.write("", move |tx, access| imports::keep(tx, access, &found))?;
    Ok(visit.see(&format!("imports/{}", import.import_id.unwrap_or_default())))
}

#[derive(Template)]
#[template(path = "import_preview.html")]
struct PreviewPage<'a> {
    chrome: &'a Chrome,
    import: &'a Import,
    import_id: &'a str,
    lines: &'a [PlannedLine],
    hidden_lines: usize,
    faults: &'a [Fault],
    hidden_faults: usize,
    faults_of_form: Vec<FormFault>,
    reason: &'a str,
}

impl PreviewPage<'_> {
    /// How many lines would be imported.
    fn changing(&self) -> usize {
        self.import.preview.new + self.import.preview.changed
    }

    fn change(&self, change: &CellChange) -> String {
        let t = self.chrome.t;
        let shown = |text: &str| match text {
            "" => t.say("none").to_string(),
            text => t.cell(&change.column, text).to_owned(),
        };
        let moved = format!("{} → {}", shown(&change.from), shown(&change.to));
        t.about(t.column(&change.column), moved)
    }
}

/// Answers `GET imports/{import}`.
pub(super) fn preview(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    shown(tx, visit, Vec::new(), "")
}

fn shown(
    tx: &ReadTx<'_>,
    visit: &Visit<'_>,
    faults_of_form: Vec<FormFault>,
    reason: &str,
) -> Result<Answer, Failure> {
    let import = imports::require(tx, &visit.chrome.access, visit.parameter.as_str())?;
    let preview = &import.preview;
    let lines = &preview.lines[..preview.lines.len().min(SHOWN)];
    let faults = &preview.faults[..preview.faults.len().min(SHOWN)];
    reply::page(&PreviewPage {
        chrome: &visit.chrome,
        import: &import,
        import_id: visit.parameter.as_str(),
        lines,
        hidden_lines: preview.new + preview.changed - lines.len(),
        faults,
        hidden_faults: preview.fault_count - faults.len(),
        faults_of_form,
        reason,
    })
}

/// Answers `GET imports/{import}/bad-lines.csv`.
pub(super) fn bad_lines(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    imports::require(tx, &visit.chrome.access, visit.parameter.as_str())?;
    // Spreadsheets recognize UTF-8 only by a byte order mark.
    let text = format!("\u{feff}{}", stored::bad_lines(tx, visit.parameter.as_str())?);
    Ok(Answer::download(FileFormat::Csv, "bad-lines", text.into())?)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ApplyForm {
    plan: String,
    best_effort: bool,
    reason: String,
}

/// Answers `POST imports/{import}/apply`.
pub(super) fn apply(visit: &Visit<'_>) -> Result<Answer, Failure> {
    let form: ApplyForm = visit.form()?;
    let import_id = visit.parameter.clone();
    let ApplyForm { plan, best_effort, reason } = form;
    let applying = visit.write(&reason, move |tx, access| {
        imports::apply(tx, access, &import_id, &plan, best_effort)
    });
    let applying = match applying {
        Ok(applying) => applying,
        Err(failure) => {
            let (status, faults) = failure.faults(&visit.chrome)?;
            return visit.again(status, |tx| shown(tx, visit, faults, &reason));
        }
    };
    match applying {
        InSlices::AtOnce(Ok(lines)) => {
            let back = visit.chrome.to(&format!("imports/{}", visit.parameter.as_str()));
            Ok(visit.done(&[("done", lines.to_string()), ("back", back)]))
        }
        InSlices::Run(run) => Ok(visit.drive(&run, &reason)),
        InSlices::AtOnce(Err(why)) => {
            let t = visit.chrome.t;
            let notice = match &why {
                NotApplied::Already(_) => t.say("import-already").to_string(),
                NotApplied::HasFaults(refused, _) => {
                    t.say("import-has-faults").count(*refused).to_string()
                }
                NotApplied::OtherPlan => t.say("import-other-plan").to_string(),
                NotApplied::Changed(line, why) => {
                    let said = visit.chrome.why(why);
                    let what = match line {
                        Some(line) => t.about(t.say("run-line").with("line", line), said),
                        None => said,
                    };
                    // The sentence around it has a full stop of its own.
                    let what = what.trim_end_matches(['.', '。']);
                    t.say("import-changed").with("what", what).to_string()
                }
            };
            let notice = vec![FormFault::of_all(notice)];
            visit.again(409, |tx| shown(tx, visit, notice, &reason))
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct TemplateQuery {
    what: ImportKind,
}

/// Answers `GET import/template.xlsx`: an empty spreadsheet, whose cells are text, to be filled in.
pub(super) fn template(tx: &ReadTx<'_>, visit: &Visit<'_>) -> Result<Answer, Failure> {
    let TemplateQuery { what } = visit.query()?;
    let columns = columns_to_fill(what);
    let titles: Vec<String> =
        columns.iter().map(|column| visit.chrome.t.column(column).to_owned()).collect();
    let book = WorkbookWriter::new(tx.directory(), &titles)?;
    let body = Download::written(tx.directory(), |file| book.finish(file))?;
    Ok(Answer::download(FileFormat::Xlsx, &format!("{what}-to-fill-in"), body)?)
}
