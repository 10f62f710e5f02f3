//! Line search by values alone, along a line that falls at 0: a bracket, then a search within it.

use super::bracket::{Bracket, Found, Triple};
use super::brent::Brent;
use super::golden::GoldenSection;
use super::method::Failure;
use super::narrow::Narrow;

/// Tolerance of a minimum, relative to its position. Descent directions gain nothing from more.
const TOLERANCE: f64 = 1e-4;

/// The search within a bracket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// Brent's method.
    Brent,
    /// The golden section search.
    GoldenSection,
}

impl Search {
    fn begin(self, bracket: Triple) -> Box<dyn Narrow> {
        match self {
            Search::Brent => Box::new(Brent::new(bracket, TOLERANCE)),
            Search::GoldenSection => Box::new(GoldenSection::new(bracket, TOLERANCE)),
        }
    }
}

/// The next action.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Next {
    /// Evaluate the value at this point.
    Try(f64),
    /// The minimum.
    Found(f64),
    Failed(Failure),
}

/// A line search in progress.
pub(super) struct Line {
    search: Search,
    bracket: Bracket,
    inside: Option<Box<dyn Narrow>>,
}

impl Line {
    /// From the value at 0 and the first point to try.
    pub fn new(search: Search, value: f64, first: f64) -> Self {
        Self { search, bracket: Bracket::new(value, first), inside: None }
    }

    /// Passes the value at the point asked for. NaN counts as too far.
    pub fn tell(&mut self, value: f64) -> Next {
        let value = if value.is_nan() { f64::INFINITY } else { value };
        if let Some(inside) = &mut self.inside {
            inside.tell(value);
        } else {
            match self.bracket.tell(value) {
                Found::Asking => return Next::Try(self.bracket.trial),
                Found::Nothing => return Next::Failed(Failure::NoDecrease),
                Found::Endless => return Next::Failed(Failure::NoBracket),
                Found::Bracket(bracket) => self.inside = Some(self.search.begin(bracket)),
            }
        }
        match &self.inside {
            Some(inside) => inside.ask().map_or(Next::Found(inside.best()), Next::Try),
            None => Next::Failed(Failure::NoDecrease),
        }
    }
}
