//! `numberd run`, and what is done in slices at the command line.

use super::as_csv::AsCsv;
use super::backup::Meter;
use super::write::{Done, Rehearsed, Written};
use super::{Failure, Options, hint, output};
use crate::domain::Author;
use crate::domain::batch::{BatchMode, Refusal};
use crate::domain::run::{ASKED_TO_STOP, Run as Progress, RunState};
use crate::ops::runs;
use crate::store::{self, Migrate, Store, WriteTx};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Run {
    /// The request id that the run was started with [default: all runs that are not done, and those
    /// that were in the last 30 days].
    #[arg(value_name = "REQUEST-ID")]
    request_id: Option<String>,
    /// Go on where it stopped.
    #[arg(long = "continue", requires = "request_id")]
    go_on: bool,
    /// Stop it after the slice that is being done; it can be continued later.
    #[arg(long, requires = "request_id", conflicts_with = "go_on")]
    stop: bool,
    /// What happens from now on when an item is refused: all_or_nothing stops there, best_effort
    /// goes on with the others [default: what the run was started with].
    #[arg(long, hide_possible_values = true, requires = "go_on")]
    mode: Option<BatchMode>,
    #[command(flatten)]
    csv: AsCsv,
}

impl Run {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let store = options.open(Migrate::Require)?;
        let Some(id) = self.request_id else {
            let all = store.read(store::runs::newest)?;
            return self.csv.print(options, &all, &all, |all| match all.as_slice() {
                [] => "Nothing was done in slices in the last 30 days.".to_owned(),
                all => all.iter().map(text).collect::<Vec<_>>().join("\n\n"),
            });
        };
        let run = store.read(|tx| runs::require(tx, None, &id))?;
        let csv = self.csv;
        if !(self.go_on || self.stop) {
            return csv.print(options, &run, std::slice::from_ref(&run), text);
        }
        let nothing = match run.state {
            RunState::Ended if self.stop => Some("It has ended: there is nothing to stop."),
            RunState::Ended => Some("It has ended: there is nothing to continue."),
            _ if self.stop && !run.takes_slices() => {
                Some("It has stopped already: there is nothing to stop.")
            }
            _ => None,
        };
        match nothing {
            Some(nothing) if options.dry_run => return would(options, csv, &run, nothing),
            Some(nothing) => {
                let said = |run: &_| format!("{}\n{nothing}", text(run));
                return csv.print(options, &run, std::slice::from_ref(&run), said);
            }
            // Continued for real, it stops at once and says the same.
            None if options.dry_run && !run.can_be_continued() => {
                return Err(Failure::refused(run.stopped.unwrap_or_default()));
            }
            None => {}
        }
        if self.stop {
            stop(options, csv, &store, id)
        } else {
            go_on(options, csv, &store, id, self.mode)
        }
    }
}

/// A run, as it is or would be. What was done of it is noted by whoever drives it.
impl Rehearsed for Progress {
    type Preview = Self;

    fn preview(self) -> Self {
        self
    }

    fn is_done(&self) -> bool {
        false
    }
}

fn stop(options: &Options, csv: AsCsv, store: &Store, id: String) -> Result<(), Failure> {
    let why = ASKED_TO_STOP.to_owned();
    match options.write(store, move |tx| runs::stop(tx, None, &id, why))? {
        Written::Would(run) => {
            let sentence =
                format!("Would stop {} after {} of {}.", run.request_id, run.position(), run.total);
            would(options, csv, &run, &sentence)
        }
        Written::Did(Done { made: run, .. }) => {
            output::is_done("The run is stopped all the same.".to_owned());
            csv.print(options, &run, std::slice::from_ref(&run), text)
        }
    }
}

fn go_on(
    options: &Options,
    csv: AsCsv,
    store: &Store,
    id: String,
    mode: Option<BatchMode>,
) -> Result<(), Failure> {
    let author = Author { request_id: id.clone(), ..options.author() };
    let act = move |tx: &WriteTx<'_>| runs::go_on(tx, None, &id, mode);
    match options.write_as(store, author.clone(), act)? {
        Written::Would(run) => {
            let sentence = format!(
                "Would continue {}: {} of {} are left.",
                run.request_id, run.left, run.total
            );
            would(options, csv, &run, &sentence)
        }
        Written::Did(_) => drive(options, csv, store, &author),
    }
}

/// Says what a dry run would have done; CSV has the run in its row, and the sentence beside it.
fn would(options: &Options, csv: AsCsv, run: &Progress, sentence: &str) -> Result<(), Failure> {
    let said = |_: &_| (String::new(), sentence.to_owned());
    csv.print_report(options, &output::would(sentence), std::slice::from_ref(run), said)
}

/// Says what can be done with a run that begins: whoever stops the program half-way has read how to
/// go on, and how to take back what is done.
pub(super) fn begins(request_id: &str) {
    output::error(&format!(
        "The request is {request_id}. From another terminal `numberd run {request_id}` shows how far it is, and with `--stop` stops it. \
         If it is cut off, `numberd run {request_id} --continue` goes on, and `numberd undo {request_id}` takes back what is done."
    ));
}

/// Does a run to its end, or until it stops, and shows how far it is.
pub(super) fn drive(
    options: &Options,
    csv: AsCsv,
    store: &Store,
    author: &Author,
) -> Result<(), Failure> {
    begins(&author.request_id);
    let mut meter = Meter::new();
    let run = runs::drive(store, author, |run| meter.tell(run.position(), run.total, "done"))?;
    drop(meter);
    if run.done > 0 {
        output::is_done_by(&run.request_id);
    }
    csv.print(options, &run, std::slice::from_ref(&run), text)?;
    match (run.state, run.refused) {
        (RunState::Ended, 0) => Ok(()),
        (RunState::Ended, refused) => {
            Err(Failure::refused(format!("{refused} of {} were refused.", run.total)))
        }
        _ => Err(Failure::refused(format!("It stopped after {} of {}.", run.done, run.total))),
    }
}

fn text(run: &Progress) -> String {
    let Progress { request_id, action, state, total, done, unchanged, refused, left, .. } = run;
    let far = match run.listing {
        true => format!("{total} are listed so far, and nothing is done yet"),
        false => {
            format!("{done} of {total} done, {unchanged} unchanged, {refused} refused, {left} left")
        }
    };
    let mut text = format!("{request_id}: {action} {state}: {far}.");
    let why = run.stopped.as_deref().unwrap_or_default();
    let others = run.refusals.iter().filter(|refusal| !why.contains(&refusal.refusal.detail));
    for refusal in others.take(20) {
        let Refusal { code, detail, .. } = &refusal.refusal;
        text += &format!("\n{}: {}: {detail}", refusal.subject, code.name());
    }
    match (&run.stopped, run.state) {
        (Some(why), _) if !run.can_be_continued() => text += &format!("\n{why}"),
        (Some(why), _) => {
            let go_on = hint::command(&format!("run {request_id} --continue"));
            let refuses = run.mode == BatchMode::AllOrNothing && !run.refusals.is_empty();
            let way_out = ", and with `--mode best_effort` without what is refused";
            let without = if refuses { way_out } else { "" };
            text += &format!("\n{why}\n`{go_on}` goes on{without}.");
        }
        (None, RunState::Running) => {
            let stop = hint::command(&format!("run {request_id} --stop"));
            text += &format!(
                "\n`{stop}` stops it; if nobody works on it any more, `--continue` goes on."
            );
        }
        (None, _) => {}
    }
    match &run.undone_by {
        Some(by) => text += &format!("\nThe request {by} has undone it."),
        None if *done > 0 => text += &format!("\n{}", hint::undo(request_id)),
        None => {}
    }
    text
}
