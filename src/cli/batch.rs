//! `numberd batch`

use super::as_csv::AsCsv;
use super::place::Place;
use super::{Failure, Options, open, output, report, run};
use crate::admin::read_item;
use crate::domain::batch::{BatchItem, BatchMode};
use crate::domain::json;
use crate::domain::run::RunAct;
use crate::ops::runs;
use clap::Args;
use serde_json::Value;
use std::io::Read;
use std::path::PathBuf;

const MOST: usize = runs::MOST;

/// The largest file, in bytes.
const LARGEST: u64 = 16 << 20;

#[derive(Debug, Args)]
#[command(
    after_help = "More than 1,000 items are done in slices: it stops at the first that is refused (best_effort goes\n\
    on), and goes on with `numberd run`.\n\
    The file is JSON, {\"mode\": \"all_or_nothing\", \"items\": […]} or only the list. An item is one of\n\
    {\"action\": \"assign\",   \"number\": N, \"user_id\": U}\n\
    {\"action\": \"release\",  \"number\": N, \"user_id\": U or absent}\n\
    {\"action\": \"transfer\", \"number\": N, \"user_id\": U, \"from\": U or absent}\n\
    {\"action\": \"bind\",     \"number\": N, \"skill_group_id\": G}\n\
    {\"action\": \"unbind\",   \"number\": N, \"skill_group_id\": G or absent}\n\
    {\"action\": \"hold\",     \"number\": N, \"user_id\": U or absent, \"until\": TIME}\n\
    {\"action\": \"end-reservation\", \"number\": N}\n\
    U and G are whole ids, such as lina@ccc-test."
)]
pub(super) struct Batch {
    /// The file, or - for standard input.
    file: PathBuf,
    /// What happens to the others when an item is refused: all_or_nothing or best_effort [default:
    /// what the file says, else all_or_nothing].
    #[arg(long, hide_possible_values = true)]
    mode: Option<BatchMode>,
    #[command(flatten)]
    csv: AsCsv,
}

struct File {
    mode: Option<BatchMode>,
    items: Vec<Value>,
}

impl Batch {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let text = self.read().map_err(|error| {
            Failure::usage(format!("{} can't be read: {error}.", self.file.display()))
        })?;
        if text.len() as u64 > LARGEST {
            return Err(Failure::usage(format!(
                "{} is larger than {LARGEST} bytes.",
                self.file.display()
            )));
        }
        let file = parse(&text)?;
        if file.items.len() > MOST {
            return Err(Failure::usage(format!(
                "A batch has at most {MOST} items, this one has {}.",
                file.items.len()
            )));
        }
        let mode = self.mode.or(file.mode).unwrap_or_default();
        let mut items = items(file.items)?;
        if items.len() > runs::AT_ONCE && !options.dry_run {
            return in_slices(options, self.csv, mode, &items);
        }
        if items.len() > runs::AT_ONCE {
            output::error(&format!("The first {} items are tried.", runs::AT_ONCE));
            items.truncate(runs::AT_ONCE);
        }
        report::run_items(&options.place()?, self.csv, mode, items)
    }

    fn read(&self) -> std::io::Result<String> {
        std::io::read_to_string(open(&self.file)?.take(LARGEST + 1))
    }
}

/// Does more than one transaction should take.
fn in_slices(
    options: &Options,
    csv: AsCsv,
    mode: BatchMode,
    items: &[BatchItem],
) -> Result<(), Failure> {
    let Place { store, instance_id, .. } = options.place()?;
    let items: Vec<Value> =
        items.iter().map(serde_json::to_value).collect::<Result<_, _>>().map_err(invalid)?;
    let author = options.author();
    store.write(author.clone(), move |tx| {
        runs::start(tx, Some(&instance_id), &RunAct::Items, mode, &items)
    })?;
    run::drive(options, csv, &store, &author)
}

fn parse(text: &str) -> Result<File, Failure> {
    match json::read(text.as_bytes()).map_err(invalid)? {
        Value::Array(items) => Ok(File { mode: None, items }),
        Value::Object(mut fields) => {
            let mode = match fields.remove("mode") {
                Some(mode) => Some(
                    serde_json::from_value(mode)
                        .map_err(|_| invalid("mode must be all_or_nothing or best_effort"))?,
                ),
                None => None,
            };
            let items = fields.remove("items");
            if let Some(name) = fields.keys().next() {
                return Err(invalid(format!(
                    "{name:?} is not a known field; expected are mode, items"
                )));
            }
            match items {
                Some(Value::Array(items)) => Ok(File { mode, items }),
                _ => Err(invalid("items must be a list")),
            }
        }
        _ => Err(invalid("it must be a list of items, or an object with mode and items")),
    }
}

fn invalid(error: impl std::fmt::Display) -> Failure {
    let error = error.to_string();
    Failure::usage(format!("Not a valid batch: {}.", error.trim_end_matches('.')))
}

/// Every item that can't be read is reported at once.
fn items(values: Vec<Value>) -> Result<Vec<BatchItem>, Failure> {
    let mut wrong = Vec::new();
    let mut items = Vec::with_capacity(values.len());
    for (value, number) in values.iter().zip(1..) {
        match read_item(value) {
            Ok(item) => items.push(item),
            Err(sentences) => {
                wrong.extend(sentences.iter().map(|said| format!("item {number}: {said}")));
            }
        }
    }
    if wrong.is_empty() { Ok(items) } else { Err(invalid(wrong.join("; "))) }
}
