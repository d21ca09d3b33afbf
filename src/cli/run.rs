//! `numberd run`, and what is done in slices at the command line.

use super::as_csv::AsCsv;
use super::backup::Meter;
use super::{Failure, Options, hint, output};
use crate::domain::batch::{BatchMode, Refusal};
use crate::domain::run::{ASKED_TO_STOP, Run as Progress, RunState};
use crate::domain::{Author, Error};
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
        let before = store.read(|tx| runs::require(tx, None, &id))?;
        if !(self.go_on || self.stop) || options.dry_run {
            return self.csv.print(options, &before, std::slice::from_ref(&before), text);
        }
        if before.state == RunState::Ended {
            let what = if self.stop { "stop" } else { "continue" };
            return self.csv.print(options, &before, std::slice::from_ref(&before), |run| {
                format!("{}\nIt has ended: there is nothing to {what}.", text(run))
            });
        }
        if self.stop {
            let why = ASKED_TO_STOP.to_owned();
            let stop = move |tx: &WriteTx<'_>| runs::stop(tx, None, &id, why);
            let stopped = store.write::<_, Error>(options.author(), stop)?;
            output::is_done("The run is stopped all the same.".to_owned());
            return self.csv.print(options, &stopped, std::slice::from_ref(&stopped), text);
        }
        let author = Author { request_id: id.clone(), ..options.author() };
        let mode = self.mode;
        store.write::<_, Error>(author.clone(), move |tx| runs::go_on(tx, None, &id, mode))?;
        drive(options, self.csv, &store, &author)
    }
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
