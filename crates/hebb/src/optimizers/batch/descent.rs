//! Descent along directions that a method chooses, by steps that satisfy the strong Wolfe conditions.

use super::dot;
use super::wolfe::{Wolfe, WolfeStatus};

/// What tells one method from another: how directions follow from gradients.
pub trait Direction {
    /// c₂ of the line search: how much the slope has to fall. Methods whose directions rest on exact lines want
    /// it small.
    const CURVATURE: f64;

    /// Writes the direction from a point with this gradient into `direction`, which holds the one before.
    /// `moved` is the step that led here and the change of the gradient; none at the start.
    fn turn(&mut self, gradient: &[f64], moved: Option<(&[f64], &[f64])>, direction: &mut [f64]);

    /// Forgets what it remembers.
    fn forget(&mut self);

    /// Whether a step of 1 is a good first try.
    fn scaled(&self) -> bool;
}

/// Steepest descent, the simplest of them.
#[derive(Clone, Debug, Default)]
pub struct Steepest;

impl Direction for Steepest {
    const CURVATURE: f64 = 0.1;

    fn turn(&mut self, gradient: &[f64], _: Option<(&[f64], &[f64])>, direction: &mut [f64]) {
        direction.iter_mut().zip(gradient).for_each(|(d, g)| *d = -g);
    }

    fn forget(&mut self) {}

    fn scaled(&self) -> bool {
        false
    }
}

/// Where a descent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It asks for another point.
    Searching,
    /// The norm of the gradient is within the tolerance.
    Converged,
    /// Not even along the gradient is there a lower value.
    Stuck,
}

/// A minimisation under way.
#[derive(Clone, Debug)]
pub struct Descent<D> {
    method: D,
    tolerance: f64,
    status: Status,
    point: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    direction: Vec<f64>,
    /// The point that is asked for.
    trial: Vec<f64>,
    /// None until the start is known.
    search: Option<Wolfe>,
    /// The last step, and what it changed of the value.
    step: f64,
    fallen: f64,
    /// Whether the method has just forgotten everything.
    fresh: bool,
    lines: usize,
}

impl<D: Direction> Descent<D> {
    /// From a point, down to a gradient of at most this norm.
    pub fn new(method: D, start: Vec<f64>, tolerance: f64) -> Self {
        let zeros = vec![0.0; start.len()];
        Self {
            method,
            tolerance,
            status: Status::Searching,
            point: start.clone(),
            value: f64::INFINITY,
            gradient: zeros.clone(),
            direction: zeros,
            trial: start,
            search: None,
            step: 0.0,
            fallen: 0.0,
            fresh: true,
            lines: 0,
        }
    }

    /// The point whose value and gradient it wants to know.
    pub fn ask(&self) -> &[f64] {
        &self.trial
    }

    /// Value and gradient at that point.
    pub fn tell(&mut self, value: f64, gradient: &[f64]) -> Status {
        if self.status != Status::Searching {
            return self.status;
        }
        let Some(search) = &mut self.search else {
            // The start. From where nothing is known there is no way down.
            (self.value, self.gradient) = (value, gradient.to_vec());
            self.turn(None);
            return self.status;
        };
        let step = search.ask();
        match search.tell(value, dot(gradient, &self.direction)) {
            WolfeStatus::Searching => {
                let trial = search.ask();
                self.place(trial);
            }
            WolfeStatus::Accepted => self.accept(step, value, gradient),
            WolfeStatus::Failed(best) if best > 0.0 && best == step => self.accept(step, value, gradient),
            // A lower point that is not the last one is asked for again, as the start of what follows.
            WolfeStatus::Failed(best) if best > 0.0 => self.restart(best),
            WolfeStatus::Failed(_) if self.fresh => self.status = Status::Stuck,
            WolfeStatus::Failed(_) => {
                self.method.forget();
                self.turn(None);
            }
        }
        self.status
    }

    /// The lowest point so far that ended a line, and its value.
    pub fn best(&self) -> (&[f64], f64) {
        (&self.point, self.value)
    }

    /// The norm of the gradient there.
    pub fn norm(&self) -> f64 {
        dot(&self.gradient, &self.gradient).sqrt()
    }

    /// How many lines it has searched.
    pub fn lines(&self) -> usize {
        self.lines
    }

    fn accept(&mut self, step: f64, value: f64, gradient: &[f64]) {
        let moved: Vec<f64> = self.trial.iter().zip(&self.point).map(|(new, old)| new - old).collect();
        let changed: Vec<f64> = gradient.iter().zip(&self.gradient).map(|(new, old)| new - old).collect();
        if self.trial == self.point {
            // Too short for the numbers to tell.
            self.status = Status::Stuck;
            return;
        }
        self.point.copy_from_slice(&self.trial);
        self.gradient.copy_from_slice(gradient);
        (self.fallen, self.value, self.step) = (self.value - value, value, step);
        self.lines += 1;
        self.fresh = false;
        self.turn(Some((&moved, &changed)));
    }

    fn restart(&mut self, step: f64) {
        self.place(step);
        if self.trial == self.point {
            self.status = Status::Stuck;
            return;
        }
        self.point.copy_from_slice(&self.trial);
        self.method.forget();
        (self.search, self.fresh) = (None, true);
    }

    /// Begins a line.
    fn turn(&mut self, moved: Option<(&[f64], &[f64])>) {
        self.fresh |= moved.is_none();
        let norm = self.norm();
        if norm <= self.tolerance {
            self.status = Status::Converged;
            return;
        }
        if !(norm.is_finite() && self.value.is_finite()) {
            self.status = Status::Stuck;
            return;
        }
        self.method.turn(&self.gradient, moved, &mut self.direction);
        let mut slope = dot(&self.gradient, &self.direction);
        if slope >= 0.0 || !slope.is_finite() {
            // Not downhill: what it remembers no longer fits.
            self.method.forget();
            self.method.turn(&self.gradient, None, &mut self.direction);
            slope = dot(&self.gradient, &self.direction);
            self.fresh = true;
        }
        // Newton-like steps have length 1; others are as long as the last one's decrease suggests (Nocedal and
        // Wright 2006, eq. 3.60).
        let first = if self.fresh {
            1.0 / norm.max(1.0)
        } else if self.method.scaled() {
            1.0
        } else if self.fallen > 0.0 {
            (-2.02 * self.fallen / slope).clamp(1e-3 * self.step, 1e3 * self.step)
        } else {
            self.step
        };
        self.search = Some(Wolfe::new(self.value, slope, first, 1e-4, D::CURVATURE));
        self.place(first);
    }

    /// Asks for the point at a step.
    fn place(&mut self, step: f64) {
        for ((trial, x), d) in self.trial.iter_mut().zip(&self.point).zip(&self.direction) {
            *trial = x + step * d;
        }
    }
}
