//! Minimisation of any function of a vector, as a state machine: it asks for values and gradients, and whoever
//! has the function tells them. The methods differ in where they go next; all share what is asked, what is recorded
//! and when it ends.

mod differences;
mod gradient_descent;
mod line_search;
mod method;
mod rate;
mod stop;
#[cfg(test)]
mod tests;

pub use gradient_descent::GradientDescent;
pub use method::{Kind, Method, Move, Point};
pub use rate::Rate;
pub use stop::{Outcome, Reason};

use crate::error::{Error, Result};
use method::dot;
use serde::Deserialize;
use stop::Watch;

/// How to minimise.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Options {
    /// Ascent instead.
    pub maximize: bool,
    /// Whether gradients are told; otherwise values on both sides of the place are asked for.
    pub gradient: bool,
    /// max|∂f/∂x| at which it ends.
    pub gradient_threshold: f64,
    /// max|g(t) − g(t − 1)| at which it ends, if it stays there for `patience` steps.
    pub convergence_threshold: Option<f64>,
    /// See there.
    pub patience: u64,
    /// Most steps.
    pub steps: u64,
}

/// What is wanted to be told.
#[derive(Clone, Debug)]
pub enum Question {
    /// [f(x)].
    Value(Vec<f64>),
    /// [f(x), ∂f/∂x₀, ∂f/∂x₁, …].
    Gradient(Vec<f64>),
    /// [f(x), f(x + h₀e₀), f(x − h₀e₀), f(x + h₁e₁), …] for these x and h.
    Differences(Vec<f64>, Vec<f64>),
}

/// A step's beginning.
#[derive(Clone, Debug)]
pub struct Step {
    /// From 0.
    pub step: u64,
    /// The place, value and gradient, of the function itself also where it is maximised.
    pub point: Point,
    /// How far along the gradient it then went; `None` for the last place.
    pub rate: Option<f64>,
}

impl Step {
    /// The tangent plane here is T(y) = tangent + gradient·y: its height at y = 0, f(x) − ∇f(x)·x.
    pub fn tangent(&self) -> f64 {
        self.point.value - dot(&self.point.gradient, &self.point.x)
    }
}

/// Numbers that the recorded steps may have in all.
const RECORDED: usize = 1 << 22;

/// A minimisation under way.
pub struct Minimizer {
    options: Options,
    method: Box<dyn Method>,
    question: Question,
    here: Option<Point>,
    best: Option<Point>,
    watch: Watch,
    step: u64,
    evaluations: u64,
    steps: Vec<Step>,
    stride: u64,
    outcome: Option<Outcome>,
}

impl Minimizer {
    /// From a start and a method.
    pub fn new(x: Vec<f64>, method: Box<dyn Method>, options: Options) -> Result<Self> {
        if x.is_empty() {
            return Err(Error::data("there is nothing to minimise over: x0 is empty"));
        }
        if let Some(value) = x.iter().find(|value| !value.is_finite()) {
            return Err(Error::data(format!("x0 holds {value}: start from finite numbers")));
        }
        let watch = Watch::new(&options)?;
        let mut minimizer = Self {
            question: Question::Value(Vec::new()),
            options,
            method,
            here: None,
            best: None,
            watch,
            step: 0,
            evaluations: 0,
            steps: Vec::new(),
            stride: 1,
            outcome: None,
        };
        minimizer.ask_gradient(x);
        Ok(minimizer)
    }

    fn ask_gradient(&mut self, x: Vec<f64>) {
        self.question = if self.options.gradient {
            Question::Gradient(x)
        } else {
            let h = differences::steps(&x);
            Question::Differences(x, h)
        };
    }

    /// What it wants to know, until it has ended.
    pub fn ask(&self) -> Option<&Question> {
        if self.outcome.is_some() { None } else { Some(&self.question) }
    }

    /// Takes the answer to the question.
    pub fn tell(&mut self, answer: &[f64]) -> Result<()> {
        let sign = if self.options.maximize { -1.0 } else { 1.0 };
        let expected = match &self.question {
            Question::Value(_) => 1,
            Question::Gradient(x) => 1 + x.len(),
            Question::Differences(x, _) => 1 + 2 * x.len(),
        };
        if answer.len() != expected {
            return Err(Error::shape(format!("{} numbers for an answer of {expected}", answer.len())));
        }
        let value = sign * answer[0];
        let (x, gradient) = match &self.question {
            Question::Value(_) => {
                self.evaluations += 1;
                let Some(here) = &self.here else { return Ok(()) };
                let next = self.method.tried(here, value);
                return self.go(next);
            }
            Question::Gradient(x) => (x, answer[1..].to_vec()),
            Question::Differences(x, h) => (x, differences::gradient(x, h, &answer[1..])),
        };
        self.evaluations += if self.options.gradient { 1 } else { expected as u64 };
        let gradient = gradient.iter().map(|g| sign * g).collect();
        let point = Point { x: x.clone(), value, gradient };
        self.arrive(point)
    }

    fn arrive(&mut self, point: Point) -> Result<()> {
        let finite = |point: &Point| point.value.is_finite() && point.gradient.iter().all(|g| g.is_finite());
        if self.here.is_none() && !finite(&point) {
            let what = if point.value.is_finite() { "its gradient is not" } else { "it is not" };
            return Err(Error::data(format!("the function must be finite at the start, {what}")));
        }
        if self.best.as_ref().is_none_or(|best| point.value < best.value && finite(&point)) {
            self.best = Some(point.clone());
        }
        self.outcome = self.watch.look(self.step, self.here.as_ref(), &point, self.method.as_ref());
        self.record(&point);
        let next = if self.outcome.is_none() { Some(self.method.next(&point)?) } else { None };
        self.here = Some(point);
        next.map_or(Ok(()), |next| self.go(next))
    }

    fn go(&mut self, next: Move) -> Result<()> {
        match next {
            Move::Try(x) => self.question = Question::Value(x),
            Move::Go(x) => {
                let rate = self.method.rate();
                if let Some(last) = self.steps.last_mut().filter(|last| last.step == self.step) {
                    last.rate = rate;
                }
                self.step += 1;
                self.ask_gradient(x);
            }
            Move::Stuck => self.outcome = Some(self.watch.stuck()),
        }
        Ok(())
    }

    /// Records each step; of very many every second, fourth, … and the last.
    fn record(&mut self, point: &Point) {
        if !self.step.is_multiple_of(self.stride) && self.outcome.is_none() {
            return;
        }
        if (self.steps.len() + 1) * (2 * point.x.len() + 4) > RECORDED {
            self.stride *= 2;
            self.steps.retain(|step| step.step.is_multiple_of(self.stride));
        }
        let point = self.own(point.clone());
        self.steps.push(Step { step: self.step, point, rate: None });
    }

    /// A point of the function itself, which may be one to be maximised.
    fn own(&self, mut point: Point) -> Point {
        if self.options.maximize {
            point.value = -point.value;
            point.gradient.iter_mut().for_each(|g| *g = -*g);
        }
        point
    }

    /// How it ended, once it has.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// The last place, or the best one if it ended anywhere else than at a minimum; `None` before the first answer.
    pub fn point(&self) -> Option<Point> {
        let settled = self.outcome.as_ref().is_some_and(|outcome| outcome.converged);
        let point = if settled { &self.here } else { &self.best };
        point.clone().map(|point| self.own(point))
    }

    /// The places that it went through.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many steps were made.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// How often the function was evaluated, or its value and gradient together.
    pub fn evaluations(&self) -> u64 {
        self.evaluations
    }
}
