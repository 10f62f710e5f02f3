//! The travelling salesman: N cities × N positions, one unit for each.

use super::options::{Anneal, Integrator, Options};
use super::run::{Run, Stop};
use super::statement::check_symmetric;
use super::weights::{TourWeights, Weights};
use crate::optimizers::batch::dot;
use crate::options::json::{Fields, Read, deserialize, one_of};
use hebb_kernels::error::{Error, Result};
use hebb_kernels::random::{Random, Stream};
use hebb_kernels::vector::add_scaled;
use serde_json::Value;

/// How constraints are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By penalties, as Hopfield and Tank did in 1985.
    Penalties,
    /// By the valid subspace.
    Subspace,
}

/// The options of a travelling salesman.
#[derive(Clone, Debug)]
pub struct TourOptions {
    /// How constraints are kept.
    pub method: Method,
    /// The seed of the starts.
    pub seed: u64,
    /// The number of starts; the shortest tour counts.
    pub starts: usize,
    /// A, B, C, D of the penalties, the number n of active units in the term of C, and u₀.
    pub settings: [f64; 6],
    /// The most steps of a start.
    pub steps: u64,
}

deserialize! { TourOptions, "the options"; }

impl Read for Method {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        one_of(name, &json, &[("penalties", Method::Penalties), ("subspace", Method::Subspace)])
    }
}

impl Read for TourOptions {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        let mut f = Fields::of(name, json)?;
        let settings = Vec::<f64>::try_into(f.required("settings")?);
        let read = Self {
            method: f.required("method")?,
            seed: f.required("seed")?,
            starts: f.required("starts")?,
            settings: settings.map_err(|_| "settings are six numbers")?,
            steps: f.required("steps")?,
        };
        f.end(read)
    }
}

/// The result of a start.
#[derive(Clone, Debug)]
pub struct Tour {
    /// The city at each position.
    pub cities: Vec<u32>,
    /// Of the closed tour.
    pub length: f64,
}

/// The subspace's settings, in units of e, the spectral radius of the centred distances divided by N: the gain rises from
/// 1/(1.5 e) to 1/(0.1 e), by 3 % after 20 steps of half the time constant. The connection 2 e of each unit to itself is enough
/// to make outputs end at 0 and 1. Found by experiment with 10, 30 and 50 random cities.
const FROM: f64 = 1.0 / 1.5;
const TO: f64 = 1.0 / 0.1;
const FACTOR: f64 = 1.0 / 0.97;
const STEPS_PER_GAIN: u64 = 20;
const STEP: f64 = 0.5;
const OWN: f64 = 2.0;
/// −dE/dt at which a gain is left early, in units of e.
const STILL: f64 = 1e-4;
/// How often a start that ended beside a vertex is continued: with a larger connection of each unit to itself, which grows by
/// this and then doubles, until the energy is concave and has minima at vertices only, at 2N at the latest; and from potentials
/// changed by at most this. In units of e.
const MAX_NUDGES: usize = 16;
const MORE: f64 = 0.25;
const NUDGE: f64 = 0.05;
/// The same for penalties, in units of D.
const STILL_PENALTIES: f64 = 1e-6;

/// A network that looks for a short tour, from several starts.
pub struct Salesman {
    options: TourOptions,
    cities: usize,
    distances: Vec<f64>,
    /// e.
    unit: f64,
    run: Run,
    /// The number of the present start.
    start: usize,
    lengths: Vec<Option<f64>>,
    best: Option<Tour>,
    outputs: Vec<f64>,
    steps: u64,
    nudges: usize,
}

impl Salesman {
    /// From distances `[cities, cities]`.
    pub fn new(distances: Vec<f64>, options: TourOptions) -> Result<Self> {
        let cities = distances.len().isqrt();
        check_symmetric("travellingSalesman: distances", &distances, cities)?;
        if cities < 3 {
            return Err(Error::data(format!("travellingSalesman: give at least 3 cities, got {cities}")));
        }
        for (at, &distance) in distances.iter().enumerate() {
            let (i, j) = (at / cities, at % cities);
            if distance < 0.0 || i == j && distance != 0.0 {
                let must = if i == j { "0" } else { "at least 0" };
                return Err(Error::data(format!(
                    "travellingSalesman: distances[{i}][{j}] is {distance}: it must be {must}"
                )));
            }
        }
        let [a, b, c, d, n, u0] = options.settings;
        if options.starts == 0 || !(u0 > 0.0 && [a, b, c, d, n].iter().all(|x| x.is_finite() && *x >= 0.0)) {
            return Err(Error::option(
                "travellingSalesman: at least one start; a, b, c, d and n not below 0, u0 above 0",
            ));
        }
        let unit = spectral_radius(&distances, cities) / cities as f64;
        // All cities at one place: any unit will do.
        let unit = if unit > 0.0 { unit } else { 1.0 };
        let run = begin(&options, &distances, cities, unit, 0, None)?;
        Ok(Self {
            options,
            cities,
            distances,
            unit,
            run,
            start: 0,
            lengths: Vec::new(),
            best: None,
            outputs: Vec::new(),
            steps: 0,
            nudges: 0,
        })
    }

    /// Makes some steps; returns whether all starts have ended.
    pub fn advance(&mut self) -> Result<bool> {
        if self.lengths.len() == self.options.starts {
            return Ok(true);
        }
        if !self.run.advance()? {
            return Ok(false);
        }
        self.steps += self.run.now().step;
        let v = &self.run.point().v;
        let order = decode(v, self.cities);
        if order.is_none() && self.options.method == Method::Subspace && self.nudges < MAX_NUDGES {
            self.nudges += 1;
            self.nudge()?;
            return Ok(false);
        }
        self.nudges = 0;
        let tour = order.map(|cities| {
            let pairs = cities.iter().zip(cities.iter().cycle().skip(1));
            let length = pairs.map(|(&a, &b)| self.distances[a as usize * self.cities + b as usize]).sum();
            Tour { cities, length }
        });
        self.lengths.push(tour.as_ref().map(|tour| tour.length));
        let best = self.best.as_ref().map_or(f64::INFINITY, |best| best.length);
        if self.outputs.is_empty() || tour.as_ref().is_some_and(|tour| tour.length < best) {
            self.outputs.clone_from(v);
        }
        if let Some(tour) = tour.filter(|tour| tour.length < best) {
            self.best = Some(tour);
        }
        self.start += 1;
        if self.start == self.options.starts {
            return Ok(true);
        }
        self.run = begin(&self.options, &self.distances, self.cities, self.unit, self.start, None)?;
        Ok(false)
    }

    /// Goes on from potentials beside the last, because between two equal tours there is a saddle of the energy, with a larger
    /// connection of each unit to itself.
    fn nudge(&mut self) -> Result<()> {
        let stream = Stream::Initialisation((self.start * (MAX_NUDGES + 1) + self.nudges) as u32);
        let mut random = Random::new(self.options.seed, stream);
        let mut noise = || NUDGE * self.unit * f64::from(random.uniform(-1.0, 1.0));
        let u = self.run.point().u.iter().map(|u| u + noise()).collect();
        self.run = begin(
            &self.options,
            &self.distances,
            self.cities,
            self.unit,
            self.start,
            Some((u, self.nudges)),
        )?;
        Ok(())
    }

    /// The shortest valid tour.
    pub fn best(&self) -> Option<&Tour> {
        self.best.as_ref()
    }

    /// The tour's length for each start that has ended, if it is valid.
    pub fn lengths(&self) -> &[Option<f64>] {
        &self.lengths
    }

    /// The outputs of the best start `[cities, positions]`; of the first if none gave a tour.
    pub fn outputs(&self) -> &[f64] {
        &self.outputs
    }

    /// Steps of all starts.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The run of the present or last start.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Whether the last run converged.
    pub fn converged(&self) -> bool {
        self.run.stop() == Some(Stop::Converged)
    }
}

/// A run from the start of this number.
/// From these potentials, if there are any, at the last gain and for the nudge of this number.
#[inline(never)]
fn begin(
    options: &TourOptions,
    distances: &[f64],
    n: usize,
    unit: f64,
    start: usize,
    from: Option<(Vec<f64>, usize)>,
) -> Result<Run> {
    let [a, b, c, d, active, u0] = options.settings;
    let mut random = Random::new(options.seed, Stream::Initialisation(start as u32));
    let mut noise = || f64::from(random.uniform(-1.0, 1.0));
    let mut weights = TourWeights {
        cities: n,
        distances: distances.to_vec(),
        rows: 0.0,
        columns: 0.0,
        total: 0.0,
        length: 1.0,
        own: OWN * unit + from.as_ref().map_or(0.0, |(_, nudge)| MORE * unit * (1 << nudge) as f64 / 2.0),
    };
    let mut run = Options {
        gain: TO / unit,
        resistance: vec![1.0],
        capacitance: vec![1.0],
        permutation: true,
        anneal: from.is_none().then_some(Anneal { from: FROM / unit, factor: FACTOR, steps: STEPS_PER_GAIN }),
        integrator: Integrator::Euler,
        step: STEP,
        tolerance: 1e-3,
        until: STILL * unit,
        steps: options.steps,
        seed: options.seed,
        history: 0,
    };
    let (bias, u) = match options.method {
        Method::Subspace => {
            (0.0, from.map_or_else(|| (0..n * n).map(|_| 1e-3 * unit * noise()).collect(), |(u, _)| u))
        }
        Method::Penalties => {
            weights = TourWeights { rows: a, columns: b, total: c, length: d, own: 0.0, ..weights };
            run = Options {
                gain: 2.0 / u0,
                permutation: false,
                anneal: None,
                integrator: Integrator::Adaptive,
                tolerance: 1e-4,
                until: STILL_PENALTIES * d,
                ..run
            };
            // All outputs 1/N, plus a little noise as in the paper.
            let middle = -0.5 * u0 * (n as f64 - 1.0).ln();
            (c * active, (0..n * n).map(|_| middle + 0.1 * u0 * noise()).collect())
        }
    };
    Run::from_potentials(Weights::Tour(weights), vec![bias; n * n], u, run)
}

/// The city at each position if exactly one output per city and per position is above ½.
fn decode(v: &[f64], n: usize) -> Option<Vec<u32>> {
    let mut cities = vec![u32::MAX; n];
    for (city, row) in v.chunks_exact(n).enumerate() {
        let mut places = row.iter().enumerate().filter(|(_, v)| **v > 0.5);
        let (Some((position, _)), None) = (places.next(), places.next()) else { return None };
        if std::mem::replace(&mut cities[position], city as u32) != u32::MAX {
            return None;
        }
    }
    Some(cities)
}

/// The largest |eigenvalue| of RDR, with R = 1 − 11ᵀ/N, by the power method.
fn spectral_radius(distances: &[f64], n: usize) -> f64 {
    let mut x: Vec<f64> = (0..n).map(|i| 1.0 / (1.5 + i as f64)).collect();
    let mut y = vec![0.0; n];
    let mut radius = 0.0;
    for _ in 0..100 {
        let mean = x.iter().sum::<f64>() / n as f64;
        x.iter_mut().for_each(|x| *x -= mean);
        let size = dot(&x, &x).sqrt();
        if size == 0.0 {
            return 0.0;
        }
        x.iter_mut().for_each(|x| *x /= size);
        y.fill(0.0);
        for (row, x) in distances.chunks_exact(n).zip(&x) {
            add_scaled(&mut y, *x, row);
        }
        let mean = y.iter().sum::<f64>() / n as f64;
        y.iter_mut().for_each(|y| *y -= mean);
        radius = dot(&y, &y).sqrt();
        std::mem::swap(&mut x, &mut y);
    }
    radius
}
