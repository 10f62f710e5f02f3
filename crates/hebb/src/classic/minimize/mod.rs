//! Minimisation of any function of a vector, as a state machine: it asks for values and gradients, and the owner of the
//! function passes them. The methods (`optimizers/batch`) choose the next point; what is asked, what is recorded and when it
//! ends is the same for all.

mod differences;
mod stop;
#[cfg(test)]
mod tests;

pub use stop::{Outcome, Reason};

use crate::expression::Function;
use crate::optimizers::batch::{Descent, Event, Method, Point, Wants, dot};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;
use stop::Watch;

/// How to minimise.
#[derive(Clone, Debug)]
pub struct Options {
    /// Ascent instead.
    pub maximize: bool,
    /// Whether gradients are told, or of residuals the Jacobian; otherwise values on both sides of the place are asked
    /// for.
    pub gradient: bool,
    /// max|∂f/∂x| at which it ends.
    pub gradient_threshold: f64,
    /// max|g(t) − g(t − 1)| at which it ends, if it stays there for `patience` steps.
    pub convergence_threshold: Option<f64>,
    /// See there.
    pub patience: u64,
    /// Most steps.
    pub steps: u64,
    /// The function, where it is a formula, as `[["variable", 0], ["power", 0, 2]]`: then nobody is asked, and
    /// `gradient` is true.
    pub formula: Value,
}

deserialize! { Options, "the options"; }

impl Read for Options {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let read = Self {
            maximize: f.required("maximize")?,
            gradient: f.required("gradient")?,
            gradient_threshold: f.required("gradientThreshold")?,
            convergence_threshold: f.optional("convergenceThreshold"),
            patience: f.required("patience")?,
            steps: f.required("steps")?,
            formula: f.take("formula").unwrap_or_default(),
        };
        f.end(read)
    }
}

/// What is wanted to be told. Where the method is one for f = ½Σr², all residuals r stand in the place of f.
#[derive(Clone, Debug)]
pub enum Question {
    /// [f(x)].
    Value(Vec<f64>),
    /// [f(x), ∂f/∂x₀, ∂f/∂x₁, …]; of residuals all r, then ∂r/∂x₀, ∂r/∂x₁, … of one after another.
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
    formula: Option<Function>,
    descent: Descent,
    question: Question,
    /// How many residuals there are; 1 where f is no sum of squares, 0 while nobody knows.
    residuals: usize,
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
        let squares = method.wants() == Wants::Jacobian;
        if squares && options.maximize {
            return Err(Error::option("a sum of squares has no maximum: leave maximize out"));
        }
        let formula = match &options.formula {
            Value::Null => None,
            _ if squares => {
                return Err(Error::option(
                    "levenbergMarquardt minimises ½Σr² and needs all residuals r: give a function that returns them, or use another method for a formula",
                ));
            }
            json => {
                Some(Function::parse(json, x.len()).map_err(|why| Error::option(format!("formula: {why}")))?)
            }
        };
        let watch = Watch::new(&options)?;
        let mut minimizer = Self {
            formula,
            question: Question::Value(Vec::new()),
            options,
            descent: Descent::new(x, method),
            residuals: usize::from(!squares),
            best: None,
            watch,
            step: 0,
            evaluations: 0,
            steps: Vec::new(),
            stride: 1,
            outcome: None,
        };
        minimizer.question();
        Ok(minimizer)
    }

    fn question(&mut self) {
        let (x, wants) = self.descent.ask();
        let x = x.to_vec();
        self.question = match wants {
            Wants::Value => Question::Value(x),
            _ if self.options.gradient => Question::Gradient(x),
            _ => {
                let h = differences::steps(&x);
                Question::Differences(x, h)
            }
        };
    }

    /// What it wants to know, until it has ended.
    pub fn ask(&self) -> Option<&Question> {
        if self.outcome.is_some() { None } else { Some(&self.question) }
    }

    /// Answers one question itself, if the function is a formula; true once it has ended, or has to ask.
    pub fn advance(&mut self) -> Result<bool> {
        let (Some(question), Some(formula)) = (self.ask(), &self.formula) else { return Ok(true) };
        let answer = match question {
            Question::Value(x) => vec![formula.value(x)],
            Question::Gradient(x) | Question::Differences(x, _) => formula.value_and_gradient(x),
        };
        self.tell(&answer)?;
        Ok(self.outcome.is_some())
    }

    /// Takes the answer to the question.
    pub fn tell(&mut self, answer: &[f64]) -> Result<()> {
        let (x, values) = match &self.question {
            Question::Value(x) => (x, 1),
            Question::Gradient(x) => (x, 1 + x.len()),
            Question::Differences(x, _) => (x, 1 + 2 * x.len()),
        };
        let residuals = if self.residuals > 0 { self.residuals } else { answer.len() / values };
        if answer.len() != values * residuals || residuals == 0 {
            let what = if self.residuals == 1 { "numbers" } else { "residuals and derivatives" };
            return Err(Error::shape(format!(
                "{} {what} for an answer of {}",
                answer.len(),
                values * residuals.max(1)
            )));
        }
        self.residuals = residuals;
        let (own, rest) = answer.split_at(residuals);
        let slopes = match &self.question {
            Question::Value(_) => Vec::new(),
            Question::Gradient(_) => rest.to_vec(),
            Question::Differences(x, h) => differences::slopes(x, h, rest, residuals),
        };
        self.evaluations += if self.options.gradient { 1 } else { values as u64 };
        let point = if self.descent.method().wants() == Wants::Jacobian {
            squares(x.clone(), own, &slopes)
        } else {
            let sign = if self.options.maximize { -1.0 } else { 1.0 };
            let gradient = slopes.iter().map(|slope| sign * slope).collect();
            Point { x: x.clone(), value: sign * own[0], gradient, normal: Vec::new() }
        };
        if self.descent.here().is_none() && !point.is_finite() {
            let what = if point.value.is_finite() { "its gradient is not" } else { "it is not" };
            return Err(Error::data(format!("the function must be finite at the start, {what}")));
        }
        let event = self.descent.tell(point);
        let event = if event == Event::Arrived { self.arrive() } else { event };
        match event {
            Event::Stuck(why) => self.outcome = Some(self.watch.stuck(why, &self.descent)),
            _ => self.question(),
        }
        Ok(())
    }

    /// A step is done: looks around, and begins the next one.
    fn arrive(&mut self) -> Event {
        let Some(here) = self.descent.here().cloned() else { return Event::Asking };
        if self.descent.before().is_some() {
            self.step += 1;
        }
        if self.best.as_ref().is_none_or(|best| here.value < best.value && here.is_finite()) {
            self.best = Some(here.clone());
        }
        self.outcome = self.watch.look(self.step, &self.descent);
        self.record(here);
        if self.outcome.is_some() { Event::Arrived } else { self.descent.begin() }
    }

    /// Records each step; of very many every second, fourth, … and the last.
    fn record(&mut self, point: Point) {
        let rate = self.descent.method().rate();
        if let Some(last) = self.steps.last_mut().filter(|last| last.step + 1 == self.step) {
            last.rate = rate;
        }
        if !self.step.is_multiple_of(self.stride) && self.outcome.is_none() {
            return;
        }
        if (self.steps.len() + 1) * (2 * point.x.len() + 4) > RECORDED {
            self.stride *= 2;
            self.steps.retain(|step| step.step.is_multiple_of(self.stride));
        }
        let point = self.own(point);
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
        let point = if settled { self.descent.here() } else { self.best.as_ref() };
        point.cloned().map(|point| self.own(point))
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

/// f = ½Σr² at a place, from the residuals and their derivatives, one residual's after another.
fn squares(x: Vec<f64>, residuals: &[f64], slopes: &[f64]) -> Point {
    let n = x.len();
    let value = 0.5 * dot(residuals, residuals);
    if slopes.is_empty() {
        return Point { x, value, ..Point::default() };
    }
    let (mut gradient, mut normal) = (vec![0.0; n], vec![0.0; n * n]);
    for (residual, row) in residuals.iter().zip(slopes.chunks(n)) {
        for (i, slope) in row.iter().enumerate() {
            gradient[i] += residual * slope;
            normal[i * n..][..n].iter_mut().zip(row).for_each(|(sum, other)| *sum += slope * other);
        }
    }
    Point { x, value, gradient, normal }
}
