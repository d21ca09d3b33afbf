//! Offices of other kinds than those by which the range was made: chosen before anybody knew what
//! it says of them. They are seen for 4 weeks to half a year, and their numbers may cool down.

use super::{Draws, HORIZON, Week, judged, kinds, offices, poisson};

kinds! {
    /// Three busy terms of eight weeks in a year, and quiet ones between.
    Terms,
    /// All joiners of a month begin in its first week; each half-year has two weeks of holidays.
    Monthly,
    /// People are hired in campaigns of some weeks, and each of them may leave.
    Campaigns,
    /// The pace goes along a line, to twice or nothing in half a year.
    Line,
    /// The pace keeps near what it was in the weeks and in the months before.
    LongMemory,
    /// The pace goes up or down by a tenth from week to week.
    Walk,
    /// What comes at once has no usual size.
    HeavyTail,
    /// Contracts begin with many numbers, and give them back together when they end.
    Contracts,
    /// One number in each week or in every other.
    Regular,
    /// Two paces, each of which lasts some ten weeks.
    Switching,
    /// Weeks whose paces are spread as waiting times are.
    Clumped,
    /// One team grows while the other shrinks.
    TwoTeams,
    /// One peak of six weeks in a year.
    Yearly,
    /// Now and then much comes back and is taken again.
    Reorganised,
    /// It needs less and less, as it has nearly all that it will ever need.
    Filling,
}

impl Draws {
    /// A number above 0 and below 1.
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    /// A number of the normal distribution.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A week at a pace, of which a share comes back.
    fn week(&mut self, pace: f64, back: f64) -> Week {
        Week { taken: poisson(self, pace), returned: poisson(self, pace * back) }
    }
}

/// An office, as it is before its next week.
struct Office {
    kind: Kind,
    pace: f64,
    back: f64,
    /// A number between 0 and 1 that makes it other than its like.
    own: f64,
    /// The first week that is not seen.
    present: usize,
    /// Where in the year it begins.
    begin: usize,
    /// What changes from week to week: how far the pace is from the usual, soon and late.
    drift: [f64; 2],
    staff: u32,
    /// For how many weeks a campaign goes on.
    campaign: usize,
    busy: bool,
    /// What comes back in the weeks after.
    owed: Vec<u32>,
}

impl Office {
    fn new(draws: &mut Draws, kind: Kind, seen: usize) -> Self {
        Self {
            kind,
            pace: draws.between(1.0, 6.0),
            back: draws.between(0.0, 0.6),
            own: draws.unit(),
            present: seen,
            begin: draws.below(52),
            drift: [0.4 * draws.normal(), 0.4 * draws.normal()],
            staff: 20 + draws.below(130) as u32,
            campaign: 0,
            busy: draws.one_in(2),
            owed: vec![0; seen + HORIZON + 64],
        }
    }

    /// The pace of a week, of kinds that have one.
    fn pace_of(&mut self, draws: &mut Draws, at: usize) -> f64 {
        let ahead = at as f64 - self.present as f64;
        let in_year = (at + self.begin) % 52;
        let factor = match self.kind {
            Kind::Terms if [5, 20, 35].iter().any(|term| (*term..term + 8).contains(&in_year)) => {
                1.6
            }
            Kind::Terms => 0.5,
            Kind::Line => (1.0 + (2.0 * self.own - 1.0) * ahead / 26.0).clamp(0.0, 3.0),
            Kind::LongMemory => {
                let [soon, late] = self.drift;
                self.drift =
                    [0.7 * soon + 0.29 * draws.normal(), 0.97 * late + 0.097 * draws.normal()];
                (soon + late - 0.16).exp()
            }
            Kind::Walk => {
                self.drift[0] += 0.1 * draws.normal();
                self.drift[0].exp()
            }
            Kind::Switching => {
                self.busy ^= draws.one_in(10);
                if self.busy { 1.0 } else { 1.0 / (1.5 + 2.5 * self.own) }
            }
            Kind::TwoTeams => {
                let teams = 1.03_f64.powf(ahead * self.own) + 0.97_f64.powf(ahead * self.back);
                (0.5 * teams).min(8.0)
            }
            Kind::Yearly if in_year < 6 => 2.0 + 2.0 * self.own,
            Kind::Yearly => 0.8,
            Kind::Filling => 2.0 * (-(at as f64) / (10.0 + 50.0 * self.own)).exp(),
            _ => 1.0,
        };
        self.pace * factor
    }

    fn week(&mut self, draws: &mut Draws, at: usize) -> Week {
        let (pace, back) = (self.pace, self.back);
        match self.kind {
            Kind::Monthly if (at + self.begin) % 26 >= 24 => Week::default(),
            Kind::Monthly => {
                let joins = (at + self.begin).is_multiple_of(4);
                let joiners = if joins { poisson(draws, 3.0 * pace) } else { 0 };
                let taken = joiners + poisson(draws, 0.25 * pace);
                Week { taken, returned: poisson(draws, pace * back) }
            }
            Kind::Campaigns => self.week_of_campaigns(draws),
            Kind::HeavyTail => {
                let size = draws.unit().powf(-1.0 / 1.5) * pace * 0.6;
                let batch = if draws.one_in(4) { (size as u32).min(500) } else { 0 };
                let week = draws.week(0.3 * pace, 2.0 * back);
                Week { taken: week.taken + batch, ..week }
            }
            Kind::Contracts => {
                let mut week = draws.week(0.3 * pace, 0.3);
                if draws.one_in(7) {
                    let numbers = 2 + poisson(draws, 2.5 * pace);
                    week.taken += numbers;
                    self.owed[at + 4 + draws.below(60)] += numbers;
                }
                Week { returned: week.returned + self.owed[at], ..week }
            }
            Kind::Regular => {
                let every = if self.busy { 1 } else { 2 };
                let taken = u32::from((at + self.begin).is_multiple_of(every));
                Week { taken, returned: u32::from(draws.one_in(10)) }
            }
            Kind::Clumped => {
                let [taken, returned] = [pace, pace * back].map(|mean| {
                    let spread = -draws.unit().ln();
                    poisson(draws, mean * spread)
                });
                Week { taken, returned }
            }
            Kind::Reorganised => {
                let both = if draws.one_in(12) { poisson(draws, 4.0 * pace) } else { 0 };
                let week = draws.week(0.7 * pace, back);
                Week { taken: week.taken + both, returned: week.returned + both }
            }
            _ => {
                let pace = self.pace_of(draws, at);
                draws.week(pace, back)
            }
        }
    }

    fn week_of_campaigns(&mut self, draws: &mut Draws) -> Week {
        let leave = 0.003 + 0.017 * self.own;
        if self.campaign == 0 && draws.one_in(9) {
            self.campaign = 2 + draws.below(6);
        }
        let hired = if self.campaign > 0 { poisson(draws, 1.3 * self.pace) } else { 0 };
        self.campaign = self.campaign.saturating_sub(1);
        let staff = f64::from(self.staff);
        let taken = poisson(draws, 0.7 * staff * leave) + hired;
        let returned = poisson(draws, staff * leave).min(self.staff);
        self.staff = self.staff + taken - returned;
        Week { taken, returned }
    }
}

fn office(draws: &mut Draws, kind: Kind) -> Option<(bool, usize)> {
    let seen = 4 + draws.below(23);
    let mut office = Office::new(draws, kind, seen);
    let weeks: Vec<Week> = (0..seen + HORIZON).map(|at| office.week(draws, at)).collect();
    let cool_down = draws.one_of(&[0, 0, 1, 4, 12]).unwrap_or_default();
    let net: f64 = weeks.iter().map(|week| f64::from(week.taken) - f64::from(week.returned)).sum();
    let lasts = draws.between(2.0, 30.0);
    let free = 1 + poisson(draws, (net / weeks.len() as f64).max(0.3) * lasts);
    judged(&weeks, seen, free, cool_down)
}

#[test]
fn of_a_thousand_other_offices_the_true_week_lies_in_the_range_in_eight_of_ten() {
    let any = |draws: &mut Draws| {
        let kind = KINDS[draws.below(KINDS.len())];
        office(draws, kind)
    };
    let (said, right, median) = offices("Other", 1000, any);
    assert!(said > 800 && right * 10 >= said * 8, "{right} of {said}");
    assert!(right * 100 <= said * 95 && median <= 40, "{right}, {median}");
}

#[test]
#[ignore = "takes minutes; `-- --ignored --nocapture` shows the shares"]
fn of_a_thousand_other_offices_of_one_kind_the_true_week_lies_in_the_range_in_eight_of_ten() {
    std::thread::scope(|scope| {
        for &kind in KINDS {
            scope.spawn(move || {
                let (said, right, _) =
                    offices(&format!("{kind:?}"), 1000, |draws| office(draws, kind));
                // No past shows how soon a need is met: such an office has longer than is said.
                let least = if kind == Kind::Filling { 65 } else { 80 };
                assert!(right * 100 >= said * least, "{kind:?}: {right} of {said}");
            });
        }
    });
}
