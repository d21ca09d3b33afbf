//! `numberd numbers assign`, `release`, `transfer`, `bind`, `unbind`, `hold`, `end-reservation`

use super::Given;
use crate::cli::place::Place;
use crate::cli::{Failure, Options, moment, names, report};
use crate::domain::Timestamp;
use crate::domain::batch::BatchItem;
use clap::Args;

#[derive(Debug, Args)]
pub(in crate::cli) struct Assign {
    #[command(flatten)]
    given: Given,
    /// The user who gets them.
    #[arg(long, alias = "user", value_name = "USER")]
    to: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Release {
    #[command(flatten)]
    given: Given,
    /// From this user only.
    #[arg(long, alias = "user", value_name = "USER")]
    from: Option<String>,
    /// For how many days a number is kept for its last holder [default: what the instance says].
    #[arg(long, value_name = "DAYS", value_parser = names::cool_down_days())]
    cool_down: Option<u32>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Hold {
    #[command(flatten)]
    given: Given,
    /// The user whom they are kept for [default: nobody is given them].
    #[arg(long = "for", alias = "user", value_name = "USER")]
    user: Option<String>,
    /// Until when: a day, `YYYY-MM-DD HH:MM` in local time, or RFC 3339.
    #[arg(long, value_name = "TIME", value_parser = moment)]
    until: Timestamp,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct EndReservation {
    #[command(flatten)]
    given: Given,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Transfer {
    #[command(flatten)]
    given: Given,
    /// The user who gets them.
    #[arg(long, alias = "user", value_name = "USER")]
    to: String,
    /// The user who has to hold them now.
    #[arg(long, value_name = "USER")]
    from: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Bind {
    #[command(flatten)]
    given: Given,
    /// The skill group.
    #[arg(long, alias = "group", value_name = "GROUP")]
    to: String,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Unbind {
    #[command(flatten)]
    given: Given,
    /// From this skill group only.
    #[arg(long, alias = "group", value_name = "GROUP")]
    from: Option<String>,
}

impl Given {
    /// Does an act with each; `who` finds whom it is about.
    fn run<T: Clone>(
        self,
        options: &Options,
        who: impl FnOnce(&Place) -> Result<T, Failure>,
        item: impl Fn(String, T) -> BatchItem,
    ) -> Result<(), Failure> {
        let (place, mode) = (options.place()?, self.mode.mode());
        let who = who(&place)?;
        let items: Vec<_> =
            self.numbers.into_iter().map(|number| item(number, who.clone())).collect();
        report::run_items(options, self.mode.csv, mode, &place.store, items)
    }
}

impl Assign {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, to } = self;
        let who = |place: &Place| place.user(&to);
        given.run(options, who, |number, user_id| BatchItem::Assign { number, user_id })
    }
}

impl Release {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, from, cool_down: cool_down_days } = self;
        let who = |place: &Place| from.map(|from| place.user(&from)).transpose();
        given.run(options, who, |number, user_id| BatchItem::Release {
            number,
            user_id,
            cool_down_days,
        })
    }
}

impl Hold {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, user, until } = self;
        let whom = |place: &Place| user.map(|user| place.user(&user)).transpose();
        given.run(options, whom, |number, user_id| BatchItem::Hold { number, user_id, until })
    }
}

impl EndReservation {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let nobody = |_: &Place| Ok(());
        self.given.run(options, nobody, |number, ()| BatchItem::EndReservation { number })
    }
}

impl Transfer {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, to, from } = self;
        let who =
            |place: &Place| Ok((place.user(&to)?, from.map(|from| place.user(&from)).transpose()?));
        given.run(options, who, |number, (user_id, from)| BatchItem::Transfer {
            number,
            from,
            user_id,
        })
    }
}

impl Bind {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, to } = self;
        let who = |place: &Place| place.group(&to);
        given.run(options, who, |number, skill_group_id| BatchItem::Bind { number, skill_group_id })
    }
}

impl Unbind {
    pub(super) fn run(self, options: &Options) -> Result<(), Failure> {
        let Self { given, from } = self;
        let who = |place: &Place| from.map(|from| place.group(&from)).transpose();
        given.run(options, who, |number, skill_group_id| BatchItem::Unbind {
            number,
            skill_group_id,
        })
    }
}
