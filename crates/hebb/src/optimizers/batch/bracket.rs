//! Brackets a minimum along a line that falls at 0: steps are shortened until they lower the value, then each is longer than the
//! one before, until the value rises (Press et al. 2007, section 10.1).

/// Three points in order with their values, the middle one the lowest.
pub(super) type Triple = [(f64, f64); 3];

/// The factor between steps.
pub(super) const GOLDEN: f64 = 1.618_033_988_749_895;

/// Maximum steps that shorten, and maximum steps in total: more would leave the range of numbers.
const SHORTEST: usize = 40;
const MOST: usize = 100;

/// The result of a step.
pub(super) enum Found {
    /// Another value is needed.
    Asking,
    Bracket(Triple),
    /// However short the step, the value does not fall.
    Nothing,
    /// However long the step, the value falls.
    Endless,
}

#[derive(Clone, Debug)]
pub(super) struct Bracket {
    before: (f64, f64),
    /// The lowest point; `None` while steps shorten.
    here: Option<(f64, f64)>,
    /// A step that was too long.
    beyond: Option<(f64, f64)>,
    pub trial: f64,
    told: usize,
}

impl Bracket {
    /// From the value at 0 and a first step.
    pub fn new(value: f64, first: f64) -> Self {
        Self { before: (0.0, value), here: None, beyond: None, trial: first, told: 0 }
    }

    pub fn tell(&mut self, value: f64) -> Found {
        let there = (self.trial, value);
        let falls = value < self.before.1;
        self.told += 1;
        match (self.here, self.beyond) {
            (None, _) if !falls && self.told >= SHORTEST => return Found::Nothing,
            (None, _) if !falls => {
                self.beyond = Some(there);
                self.trial *= 0.2;
            }
            (None, Some(beyond)) => return Found::Bracket([self.before, there, beyond]),
            (None, None) => {
                self.here = Some(there);
                self.trial *= 1.0 + GOLDEN;
            }
            (Some(here), _) if value >= here.1 => return Found::Bracket([self.before, here, there]),
            (Some(_), _) if self.told >= MOST || value == f64::NEG_INFINITY => return Found::Endless,
            (Some(here), _) => {
                (self.before, self.here) = (here, Some(there));
                self.trial += GOLDEN * (there.0 - here.0);
            }
        }
        Found::Asking
    }
}
