//! Descent along directions that a method chooses, with steps that satisfy the strong Wolfe conditions.

use super::method::{Failure, Method, Move, Point, Wants};
use super::wolfe::{Wolfe, WolfeStatus};
use super::{along, dot};
use crate::archive::Archive;

/// What distinguishes such methods: how directions follow from gradients.
pub(super) trait Direction {
    /// c₂ of the line search: how much the slope must fall. Methods whose directions assume exact line searches want a small
    /// one.
    fn curvature(&self) -> f64;

    /// Writes the direction from a point with this gradient into `direction`, which holds the previous one. `moved` is the last
    /// step and the change of the gradient over it; `None` at the start.
    fn turn(&mut self, gradient: &[f64], moved: Option<(&[f64], &[f64])>, direction: &mut [f64]);

    /// Exchanges its state with an archive; `n` is the number of variables.
    fn exchange(&mut self, archive: &mut Archive, n: usize);

    /// Discards its state.
    fn forget(&mut self);

    /// Whether a step of 1 is a good first trial.
    fn scaled(&self) -> bool;
}

/// The method of a direction.
pub(super) struct Directed {
    directions: Box<dyn Direction>,
    direction: Vec<f64>,
    search: Wolfe,
    /// The last step along its direction.
    step: Option<f64>,
    /// Whether the direction is the negative gradient, because there is no state yet.
    fresh: bool,
}

impl Directed {
    pub fn new(directions: Box<dyn Direction>) -> Self {
        let search = Wolfe::new(0.0, 0.0, 0.0, 0.0, 0.0);
        Self { directions, direction: Vec::new(), search, step: None, fresh: true }
    }

    /// Begins a line search.
    fn line(&mut self, here: &Point, before: Option<&Point>) -> Move {
        let moved = before
            .map(|before| (along(&here.x, -1.0, &before.x), along(&here.gradient, -1.0, &before.gradient)));
        let (gradient, direction) = (&here.gradient, &mut self.direction);
        direction.resize(gradient.len(), 0.0);
        self.directions.turn(
            gradient,
            moved.as_ref().map(|(step, change)| (&step[..], &change[..])),
            direction,
        );
        let mut slope = dot(gradient, direction);
        self.fresh = moved.is_none();
        if !(slope < 0.0 && slope.is_finite()) {
            // Not downhill: its state is outdated.
            self.directions.forget();
            self.directions.turn(gradient, None, direction);
            slope = dot(gradient, direction);
            self.fresh = true;
        }
        if slope == 0.0 {
            return Move::Stuck(Failure::NoDecrease);
        }
        // Newton-like steps have length 1; others are as long as the last decrease suggests (Nocedal and Wright 2006,
        // eq. 3.60).
        let fallen = before.map_or(0.0, |before| before.value - here.value);
        let first = match self.step {
            _ if self.fresh => 1.0 / (-slope).sqrt().max(1.0),
            Some(step) if !self.directions.scaled() && fallen > 0.0 => {
                (-2.02 * fallen / slope).clamp(1e-3 * step, 1e3 * step)
            }
            Some(step) if !self.directions.scaled() => step,
            _ => 1.0,
        };
        self.search = Wolfe::new(here.value, slope, first, 1e-4, self.directions.curvature());
        self.place(here, first)
    }

    fn place(&self, here: &Point, step: f64) -> Move {
        Move::Try(along(&here.x, step, &self.direction), Wants::Gradient)
    }
}

impl Method for Directed {
    fn next(&mut self, here: &Point, before: Option<&Point>) -> Move {
        self.line(here, before)
    }

    fn tried(&mut self, here: &Point, there: &Point) -> Move {
        let step = self.search.ask();
        match self.search.tell(there.value, dot(&there.gradient, &self.direction)) {
            WolfeStatus::Searching => self.place(here, self.search.ask()),
            WolfeStatus::Endless => Move::Stuck(Failure::NoBracket),
            WolfeStatus::Failed(0.0) if self.fresh => Move::Stuck(Failure::NoDecrease),
            WolfeStatus::Failed(0.0) => {
                self.directions.forget();
                self.line(here, None)
            }
            WolfeStatus::Failed(best) if best != step => {
                self.step = Some(best);
                Move::Go(along(&here.x, best, &self.direction))
            }
            WolfeStatus::Accepted | WolfeStatus::Failed(_) => {
                self.step = Some(step);
                Move::Arrive
            }
        }
    }

    fn exchange(&mut self, archive: &mut Archive, n: usize) {
        archive.list(&mut self.direction, n);
        archive.option(&mut self.step);
        archive.flag(&mut self.fresh);
        self.directions.exchange(archive, n);
    }

    fn rate(&self) -> Option<f64> {
        self.step
    }

    fn adjusts(&self) -> bool {
        true
    }
}
