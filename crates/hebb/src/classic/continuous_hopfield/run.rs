//! The run: integration, the rising gain, the trace and the end.

use super::network::{Energy, Network, Point};
use super::options::{Integrator, Options};
use super::weights::Weights;
use hebb_kernels::error::{Error, Result};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::add_scaled;

/// Multiplications between two returns of [`Run::advance`].
const WORK: usize = 500_000;
/// The largest potential of a random start, in 1/λ.
const NOISE: f64 = 0.1;

/// A point of the trace.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The number of the step, 0 at the start.
    pub step: u64,
    /// t.
    pub time: f64,
    /// λ.
    pub gain: f64,
    /// The terms of E.
    pub energy: Energy,
    /// −dE/dt; in the subspace the mean over the last step, NaN if there was none at this gain.
    pub descent: f64,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// −dE/dt is at most `until`.
    Converged,
    /// All steps were made.
    Steps,
}

/// An explicit Runge–Kutta method: the places of its stages after the first, its result, and its error estimate, whose last
/// stage is the slope at the result.
struct Tableau {
    places: &'static [&'static [f64]],
    result: &'static [f64],
    error: &'static [f64],
}

const EULER: Tableau = Tableau { places: &[], result: &[1.0], error: &[] };
const CLASSICAL: Tableau = Tableau {
    places: &[&[0.5], &[0.0, 0.5], &[0.0, 0.0, 1.0]],
    result: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0],
    error: &[],
};
const BOGACKI_SHAMPINE: Tableau = Tableau {
    places: &[&[0.5], &[0.0, 0.75]],
    result: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
    error: &[-5.0 / 72.0, 1.0 / 12.0, 1.0 / 9.0, -1.0 / 8.0],
};

/// A network that runs.
pub struct Run {
    network: Network,
    options: Options,
    tableau: &'static Tableau,
    point: Point,
    next: Point,
    /// The slopes of the stages after the first.
    stages: Vec<Vec<f64>>,
    now: Moment,
    step: f64,
    /// Steps at the present gain.
    here: u64,
    rejected: u64,
    rises: u64,
    trace: Vec<Moment>,
    /// Steps between two points of the trace.
    stride: u64,
    stop: Option<Stop>,
}

impl Run {
    /// From outputs in 0…1, one per unit; without any from potentials near 0, drawn by the seed.
    pub fn new(weights: Weights, bias: Vec<f64>, start: &[f64], options: Options) -> Result<Self> {
        check(&options)?;
        let units = bias.len();
        let gain = options.anneal.map_or(options.gain, |anneal| anneal.from);
        let mut point = Point::new(units);
        if start.is_empty() {
            let mut random = Random::new(options.seed, Stream::Initialisation(0));
            point.u.fill_with(|| f64::from(random.uniform(-1.0, 1.0)) * NOISE / gain);
        } else if start.len() != units {
            let n = start.len();
            return Err(Error::shape(format!("continuousHopfield: start has {n} values for {units} units")));
        } else {
            if let Some(i) = start.iter().position(|v| !(0.0..=1.0).contains(v)) {
                let v = start[i];
                return Err(Error::data(format!(
                    "continuousHopfield: start[{i}] is {v}: outputs are in 0…1"
                )));
            }
            // 0 and 1 have infinite potentials: 10⁻⁹ away from them.
            let potential = |v: f64| (v / (1.0 - v)).ln() / gain;
            point.u = start.iter().map(|v| potential(v.clamp(1e-9, 1.0 - 1e-9))).collect();
        }
        Self::from_potentials(weights, bias, point.u, options)
    }

    /// From potentials.
    #[inline(never)]
    pub(super) fn from_potentials(
        weights: Weights,
        bias: Vec<f64>,
        u: Vec<f64>,
        options: Options,
    ) -> Result<Self> {
        let units = u.len();
        let mut network = Network::new(weights, bias, &options)?;
        let gain = options.anneal.map_or(options.gain, |anneal| anneal.from);
        let mut point = Point::new(units);
        point.u = u;
        network.evaluate(gain, &mut point);
        let tableau = match options.integrator {
            Integrator::Adaptive => &BOGACKI_SHAMPINE,
            Integrator::Euler => &EULER,
            Integrator::RungeKutta => &CLASSICAL,
        };
        let largest = point.slope.iter().fold(f64::MIN_POSITIVE, |most, slope| most.max(slope.abs()));
        let shortest = (0..units).map(|i| network.capacitance[i]).fold(f64::INFINITY, f64::min);
        let step = match options.integrator {
            Integrator::Adaptive => (0.01 / (gain * largest)).min(shortest),
            _ => options.step,
        };
        let energy = network.energy(gain, &point);
        let descent = network.descent(gain, &point).unwrap_or(f64::NAN);
        let now = Moment { step: 0, time: 0.0, gain, energy, descent };
        let stages = vec![vec![0.0; units]; tableau.places.len()];
        let next = Point::new(units);
        let (trace, stride) = (vec![now], 1);
        Ok(Self {
            network,
            options,
            tableau,
            point,
            next,
            stages,
            now,
            step,
            here: 0,
            rejected: 0,
            rises: 0,
            trace,
            stride,
            stop: None,
        })
    }

    /// Makes some steps; returns whether the run has ended. An energy that is not finite is an error.
    pub fn advance(&mut self) -> Result<bool> {
        let work = self.network.weights.work(self.point.u.len()) * (self.stages.len() + 1);
        for _ in 0..WORK.div_ceil(work.max(1)) {
            if self.stop.is_some() {
                break;
            }
            let energy = self.now.energy.total();
            if !energy.is_finite() {
                return Err(Error::diverged(format!(
                    "continuousHopfield: the energy is {energy} after {} steps: scale weights, bias, gain, resistance and \
                     capacitance to moderate numbers",
                    self.now.step
                )));
            }
            self.advance_once();
        }
        Ok(self.stop.is_some())
    }

    fn advance_once(&mut self) {
        let still = self.now.descent <= self.options.until;
        if let Some(anneal) = self.options.anneal.filter(|_| self.now.gain < self.options.gain) {
            if still || self.here >= anneal.steps {
                let gain = (self.now.gain * anneal.factor).min(self.options.gain);
                return self.turn_to(gain);
            }
        } else if still {
            return self.end(Stop::Converged);
        }
        if self.now.step >= self.options.steps {
            return self.end(Stop::Steps);
        }
        self.make_step();
    }

    fn turn_to(&mut self, gain: f64) {
        self.network.evaluate(gain, &mut self.point);
        let energy = self.network.energy(gain, &self.point);
        let descent = self.network.descent(gain, &self.point).unwrap_or(f64::NAN);
        self.now = Moment { gain, energy, descent, ..self.now };
        self.here = 0;
    }

    #[inline(never)]
    fn end(&mut self, stop: Stop) {
        self.stop = Some(stop);
        let is_new = |last: &Moment| (last.step, last.gain) != (self.now.step, self.now.gain);
        if self.trace.last().is_none_or(is_new) {
            self.trace.push(self.now);
        }
    }

    /// A step of the present length; a rejected one is tried again.
    fn make_step(&mut self) {
        let (gain, h) = (self.now.gain, self.step);
        let Tableau { places, result, error } = self.tableau;
        for (stage, place) in places.iter().enumerate() {
            self.go(place);
            self.network.evaluate(gain, &mut self.next);
            self.stages[stage].copy_from_slice(&self.next.slope);
        }
        self.go(result);
        self.network.evaluate(gain, &mut self.next);
        let energy = self.network.energy(gain, &self.next);
        let rise = energy.total() - self.now.energy.total();
        let rises = rise > self.network.resolution * (energy.size() + self.now.energy.size());
        if self.options.integrator == Integrator::Adaptive {
            let ratio = self.error(error);
            let factor = (0.9 / ratio.max(1e-6).cbrt()).clamp(0.2, 5.0);
            // Steps below the resolution of time are made whatever they give.
            let shortest = 1e-15 * (1.0 + self.now.time);
            if (ratio > 1.0 || rises) && h > shortest {
                self.rejected += 1;
                self.step = h * factor.min(0.5);
                return;
            }
            self.step = h * factor;
        }
        self.rises += u64::from(rises);
        let descent = self.network.descent(gain, &self.next).unwrap_or(-rise / h);
        std::mem::swap(&mut self.point, &mut self.next);
        self.here += 1;
        self.now = Moment { step: self.now.step + 1, time: self.now.time + h, gain, energy, descent };
        self.record();
    }

    /// Sets `next.u` to u + hΣaₛkₛ.
    #[inline(never)]
    fn go(&mut self, weights: &[f64]) {
        self.next.u.copy_from_slice(&self.point.u);
        let slopes = std::iter::once(&self.point.slope).chain(&self.stages);
        for (a, slope) in weights.iter().zip(slopes) {
            add_scaled(&mut self.next.u, self.step * a, slope);
        }
    }

    /// The largest error of the step, relative to the tolerance.
    fn error(&self, weights: &[f64]) -> f64 {
        let slopes = || std::iter::once(&self.point.slope).chain(&self.stages).chain([&self.next.slope]);
        let scale = 1.0 / self.now.gain;
        let of = |i: usize| {
            let sum: f64 = weights.iter().zip(slopes()).map(|(a, slope)| a * slope[i]).sum();
            (self.step * sum).abs() / (scale + self.next.u[i].abs())
        };
        (0..self.point.u.len()).map(of).fold(0.0, f64::max) / self.options.tolerance
    }

    /// If the trace is full, every other point goes.
    fn record(&mut self) {
        if !self.now.step.is_multiple_of(self.stride) {
            return;
        }
        if self.trace.len() >= self.options.history.max(2) {
            self.stride *= 2;
            let stride = self.stride;
            self.trace.retain(|moment| moment.step.is_multiple_of(stride));
        }
        if self.now.step.is_multiple_of(self.stride) {
            self.trace.push(self.now);
        }
    }

    /// The state.
    pub fn point(&self) -> &Point {
        &self.point
    }

    /// The last moment.
    pub fn now(&self) -> &Moment {
        &self.now
    }

    /// The recorded moments, from the start to the last.
    pub fn trace(&self) -> &[Moment] {
        &self.trace
    }

    /// Why it ended, if it has.
    pub fn stop(&self) -> Option<Stop> {
        self.stop
    }

    /// Steps that the adaptive method did not accept.
    pub fn rejected(&self) -> u64 {
        self.rejected
    }

    /// Steps in which the energy rose: only if fixed steps are too long.
    pub fn rises(&self) -> u64 {
        self.rises
    }
}

/// Refuses options that no run can have.
fn check(options: &Options) -> Result<()> {
    let positive = |name: &str, value: f64| match value > 0.0 && value.is_finite() {
        true => Ok(()),
        false => Err(Error::option(format!("continuousHopfield: {name} must be above 0, got {value}"))),
    };
    positive("gain", options.gain)?;
    positive("step", options.step)?;
    positive("tolerance", options.tolerance)?;
    if let Some(anneal) = options.anneal {
        positive("anneal.from", anneal.from)?;
        if !(anneal.factor > 1.0 && anneal.factor.is_finite()) {
            let factor = anneal.factor;
            return Err(Error::option(format!(
                "continuousHopfield: anneal.factor must be above 1, got {factor}"
            )));
        }
        if anneal.from > options.gain {
            return Err(Error::option(format!(
                "continuousHopfield: anneal.from, {}, must not be above the gain, {}",
                anneal.from, options.gain
            )));
        }
    }
    Ok(())
}
