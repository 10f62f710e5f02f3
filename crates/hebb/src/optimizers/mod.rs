//! The optimizers, in order of increasing complexity. Each turns a slice of the gradient into the step Δw, in place, with its
//! state; the caller adds Δw to the weights once all of it is finite.

mod adadelta;
mod adagrad;
mod adam;
mod adamw;
pub mod batch;
mod checks;
mod clip;
mod math;
mod nadam;
mod plateau;
mod ranges;
mod rates;
mod rmsprop;
mod schedule;
mod sgd;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamw::AdamW;
pub(crate) use checks::positive;
pub use clip::Clip;
pub use nadam::Nadam;
pub(crate) use plateau::Plateau;
pub use rmsprop::Rmsprop;
pub use schedule::{Changing, Per, Progress, Schedule};
pub use sgd::Sgd;

use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Error, Result};
use serde_json::Value;
use std::ops::Range;

/// An optimizer: a rule, its learning rate, and how the gradient is clipped first. As JSON one flat
/// object.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimizer {
    /// The rule that turns gradients into steps.
    pub rule: Rule,
    /// A number or a schedule.
    pub learning_rate: Schedule,
    /// Default: no clipping.
    pub clip: Option<Clip>,
}

/// A rule by name.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Steps divided by the root of the sum of all squares.
    Adagrad(Adagrad),
    /// Steps divided by the root of a mean of squares.
    Rmsprop(Rmsprop),
    /// As `Rmsprop`, in the units of the earlier steps.
    Adadelta(Adadelta),
    /// Means of gradients and squares.
    Adam(Adam),
    /// Adam, with weight decay separate from the gradient.
    AdamW(AdamW),
    /// Adam with Nesterov's momentum.
    Nadam(Nadam),
}

/// The state of a slice of parameters, a float of each name for each parameter; a rule with fewer names leaves the others empty.
pub(crate) type State<'a> = [&'a mut [f32]; 3];

/// One step of a rule over slices of weights, gradient and state: gradient → Δw. Elements are independent of each other, so
/// that slices can be computed separately.
pub(crate) type Pass = Box<dyn Fn(&[f32], &mut [f32], State) + Sync>;

/// The value of an option. Lists of these are less code than a JSON object per rule.
enum Setting {
    Number(f64),
    Flag(bool),
}

impl From<f64> for Setting {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<f32> for Setting {
    fn from(value: f32) -> Self {
        Self::Number(value.into())
    }
}

impl From<bool> for Setting {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

/// The interface of rules.
trait Step {
    /// Refuses options out of range.
    fn check(&self) -> Result<()>;
    /// The names of the floats of state per parameter, at most three. They start at 0.
    fn state(&self) -> &'static [&'static str];
    /// Its type and options, as [`Rule::read`] reads them.
    fn options(&self) -> (&'static str, Vec<(&'static str, Setting)>);
    /// The step with this number, from 1.
    fn pass(&self, rate: f32, step: u64) -> Pass;
}

impl Rule {
    fn step(&self) -> &dyn Step {
        match self {
            Rule::Sgd(rule) => rule,
            Rule::Adagrad(rule) => rule,
            Rule::Rmsprop(rule) => rule,
            Rule::Adadelta(rule) => rule,
            Rule::Adam(rule) => rule,
            Rule::AdamW(rule) => rule,
            Rule::Nadam(rule) => rule,
        }
    }

    /// Floats of state per parameter.
    pub fn state(&self) -> usize {
        self.step().state().len()
    }

    /// The names of these floats: `velocity`, `m`, `v`, ….
    pub fn state_names(&self) -> &'static [&'static str] {
        self.step().state()
    }

    /// Its type and options as JSON.
    pub fn to_json(&self) -> Value {
        let (kind, options) = self.step().options();
        let mut fields = serde_json::Map::from_iter([("type".to_owned(), kind.into())]);
        for (name, value) in options {
            let value = match value {
                Setting::Number(value) => value.into(),
                Setting::Flag(value) => value.into(),
            };
            fields.insert(name.to_owned(), value);
        }
        fields.into()
    }

    /// A rule from the JSON of [`Rule::to_json`]. Refuses options out of range.
    pub fn from_json(json: Value) -> Result<Self> {
        let refuse = |why: String| Error::data(format!("the optimizer's state is damaged: {why}"));
        let Value::Object(fields) = json else {
            return Err(refuse(format!("an optimizer is an object, got {json}")));
        };
        let mut f = Fields::new(fields);
        let rule = Self::read(&mut f).map_err(refuse)?;
        let rule = f.end(rule).map_err(refuse)?;
        rule.step().check().map_err(|error| refuse(error.message))?;
        Ok(rule)
    }

    /// Takes the rule's fields, with its type.
    #[inline(never)] // Several call it, and it is long.
    fn read(f: &mut Fields) -> std::result::Result<Self, String> {
        let kind = f.take("type").unwrap_or_default();
        Ok(match kind.as_str() {
            Some("sgd") => Rule::Sgd(Sgd::read(f)),
            Some("adagrad") => Rule::Adagrad(Adagrad::read(f)),
            Some("rmsprop") => Rule::Rmsprop(Rmsprop::read(f)),
            Some("adadelta") => Rule::Adadelta(Adadelta::read(f)),
            Some("adam") => Rule::Adam(Adam::read(f, 0.0)),
            Some("adamw") => Rule::AdamW(AdamW::read(f)),
            Some("nadam") => Rule::Nadam(Nadam::read(f)),
            _ => return Err(format!("there is no optimizer {kind}")),
        })
    }

    pub(crate) fn pass(&self, rate: f32, step: u64) -> Pass {
        self.step().pass(rate, step)
    }
}

impl Optimizer {
    /// Refuses options out of range.
    pub fn check(&self) -> Result<()> {
        self.learning_rate.check()?;
        self.clip.as_ref().map_or(Ok(()), Clip::check)?;
        self.rule.step().check()
    }

    /// As [`Optimizer::check`], for steps outside of a training.
    pub(crate) fn check_alone(&self) -> Result<()> {
        self.check()?;
        if self.learning_rate.spans() || self.learning_rate.follows_epochs() {
            return Err(Error::option(
                "this schedule needs to know how long the training is: give update the rate of each step as a number",
            ));
        }
        Ok(())
    }

    /// The learning rate at a moment of training.
    pub fn rate(&self, now: Progress) -> f32 {
        self.learning_rate.at(now)
    }

    /// Whether a step needs the norm of the gradient.
    pub(crate) fn needs_norm(&self) -> bool {
        matches!(self.clip, Some(Clip::Norm(_)))
    }
}

deserialize! { Optimizer, "optimizer"; }

impl Read for Optimizer {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let rate = f.take("learningRate").ok_or("missing field `learningRate`")?;
        let learning_rate = Schedule::read("learningRate", rate)?;
        let clip = f.given("clip")?;
        let kind = f.field("type").cloned().unwrap_or_default();
        let rule = Rule::read(&mut f)?;
        f.end(Self { rule, learning_rate, clip }).map_err(|why| format!("optimizer {kind}: {why}"))
    }
}

/// The state of the parameters `range` of a slice of `length` parameters, whose state is `all`: all floats of the first name,
/// then those of the second, and so on.
pub(crate) fn state_of(all: &mut [f32], length: usize, range: Range<usize>) -> State<'_> {
    let mut rest = all;
    std::array::from_fn(|_| {
        let (part, others) = std::mem::take(&mut rest).split_at_mut_checked(length).unwrap_or_default();
        rest = others;
        part.get_mut(range.clone()).unwrap_or_default()
    })
}
