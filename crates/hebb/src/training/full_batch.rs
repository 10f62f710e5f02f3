//! Training by a method that takes all samples at once. An epoch is one iteration of the method, a step one evaluation of all
//! samples. Between steps the network has the weights of the last iteration.

use super::best_weights::BestWeights;
use super::fit::check;
use super::options::{FitProgress, Measures};
use crate::archive::Archive;
use crate::data::Dataset;
use crate::losses::{CompiledLoss, Losses, Score};
use crate::network::{Network, Report};
use crate::optimizers::batch::{Choice, Descent, Event, Failure, Point, Wants};
use crate::options::json::{Fields, Read, deserialize};
use hebb_kernels::error::{Code, Error, Result};
use serde_json::Value;

/// Samples per pass through the network; the gradients of several passes are added in 64 bits.
const CHUNK: usize = 4096;

/// Options of a training by a full-batch optimizer.
#[derive(Clone, Debug)]
pub struct FullBatchOptions {
    /// The loss to minimise.
    pub loss: Losses,
    /// The optimizer.
    pub optimizer: Choice,
}

deserialize! { FullBatchOptions, "the options"; }

impl Read for FullBatchOptions {
    fn read(name: &str, json: Value) -> std::result::Result<Self, String> {
        // Those of minibatches may be there, and mean nothing.
        let mut f = Fields::of(name, json)?;
        Ok(Self { loss: f.required("loss")?, optimizer: f.required("optimizer")? })
    }
}

/// A training in progress. Every step borrows the network.
pub struct FullBatchFit {
    data: Dataset,
    samples: Vec<u32>,
    loss: Losses,
    compiled: CompiledLoss,
    descent: Descent,
    /// All parameters at the end of the last iteration, and at the last point evaluated.
    good: Vec<f32>,
    tried: Vec<f32>,
    /// The score over all samples.
    score: Score,
    progress: FitProgress,
    /// Whether the next step begins an iteration.
    rests: bool,
    /// The loss at the start; NaN until known.
    first: f64,
    end: Option<(&'static str, String)>,
}

impl FullBatchFit {
    /// Checks everything that could go wrong before the first step.
    pub fn new(network: &mut Network, data: Dataset, options: FullBatchOptions) -> Result<Self> {
        let FullBatchOptions { loss, optimizer } = options;
        let data = network.arranged(&data)?.into_owned();
        let loss = loss.normalized(&data, &network.plan)?.into_owned();
        let method = optimizer.start(u64::MAX, network.trained())?;
        check(network, &data)?;
        let compiled = loss.compile_for(&data, &network.plan)?;
        loss.check_parts(&compiled)?;
        loss.check_targets(&data, &network.plan, true)?;
        if network.plan.draws {
            return Err(Error::option(
                "with dropout the loss differs each time it is computed, and this optimizer compares losses: use an optimizer for minibatches, such as adam, or no dropout",
            ));
        }
        if method.wants() == Wants::Jacobian {
            network.check_squares(&compiled)?;
        }
        network.forget();
        let good = network.parameters.to_vec();
        let start = good[..network.trained()].iter().map(|&w| f64::from(w)).collect();
        let samples = data.order(false, 0, 0);
        let progress =
            FitProgress { epoch: 1, batch: 1, batches: 1, samples: samples.len(), ..FitProgress::default() };
        let progress = FitProgress { accuracy: f64::NAN, exact_match: f64::NAN, ..progress };
        let descent = Descent::new(start, method);
        let (tried, score, rests, first, end) = (Vec::new(), Score::default(), false, f64::NAN, None);
        Ok(Self { data, samples, loss, compiled, descent, good, tried, score, progress, rests, first, end })
    }

    /// Evaluates all samples once. Returns whether that ended an epoch.
    pub fn step(&mut self, network: &mut Network) -> Result<bool> {
        if self.end.is_some() {
            return Err(Error::option("this training is over"));
        }
        if self.rests {
            self.rests = false;
            let epoch = self.progress.epoch + 1;
            self.progress =
                FitProgress { epoch, gradient_evaluations: 0, loss_evaluations: 0, ..self.progress };
            if let Event::Stuck(why) = self.descent.begin() {
                return Ok(self.fail(why));
            }
        }
        let (there, score) = self.look(network)?;
        let finite = there.is_finite();
        if !finite && self.descent.here().is_none() {
            return Err(Error::diverged(
                "the loss or its gradient is not finite at the start: scale the data, or draw smaller weights",
            ));
        }
        match self.descent.tell(there) {
            Event::Asking => return Ok(false),
            Event::Stuck(why) => return Ok(self.fail(why)),
            Event::Arrived if !finite => {
                let rate = self.descent.method().rate().unwrap_or_default();
                let why = format!("the learning rate {rate} is too high: the loss left the finite numbers");
                self.end = Some(("diverged", why));
                return Ok(true);
            }
            Event::Arrived => {}
        }
        std::mem::swap(&mut self.good, &mut self.tried);
        network.parameters.copy_from_slice(&self.good);
        self.score = score;
        self.report();
        self.progress.regularization = self.compiled.regularize(&network.parameters, None)?;
        match self.descent.before() {
            // The start was evaluated.
            None => {
                self.first = self.progress.loss;
                let event = self.descent.begin();
                return Ok(if let Event::Stuck(why) = event { self.fail(why) } else { false });
            }
            Some(before) => {
                let here = self.descent.here().unwrap_or(before);
                if self.descent.method().adjusts() && here.value >= before.value {
                    return Ok(self.fail(Failure::NoDecrease));
                }
            }
        }
        self.rests = true;
        Ok(true)
    }

    /// The loss at the start, and that of the best constant answer.
    pub fn measures(&self, network: &Network) -> Measures {
        let constant = self.loss.constant(&self.data, &network.plan).unwrap_or(f64::NAN);
        Measures { start: self.first, constant }
    }

    /// The current state, for reports: that of the network's present weights.
    pub fn progress(&self) -> FitProgress {
        self.progress
    }

    /// The rule of the method that ended the training, `noDecrease` or `diverged`, and a sentence that explains it.
    pub fn end(&self) -> Option<&(&'static str, String)> {
        self.end.as_ref()
    }

    /// The state between two epochs, and the best weights: with the network's parameters all that the training goes on from.
    pub fn save(&mut self, best: &mut BestWeights, network: &Network) -> Result<Vec<f32>> {
        let mut archive = Archive::saving();
        self.exchange(&mut archive, best, network);
        archive.end()
    }

    /// Goes on from a state of [`FullBatchFit::save`]; comes before the first step, on a network with the parameters of that moment.
    pub fn restore(&mut self, state: Vec<f32>, best: &mut BestWeights, network: &Network) -> Result<()> {
        let mut archive = Archive::restoring(state);
        self.exchange(&mut archive, best, network);
        archive.end().map(drop)
    }

    #[inline(never)]
    fn exchange(&mut self, archive: &mut Archive, best: &mut BestWeights, network: &Network) {
        self.descent.exchange(archive);
        self.score.exchange(archive);
        self.progress.exchange(archive);
        archive.number(&mut self.first);
        archive.flag(&mut self.rests);
        archive.require(self.rests || self.end.is_some());
        best.exchange(archive, network.parameters().len());
    }

    /// Ends the training because the method cannot go on; returns true.
    fn fail(&mut self, why: Failure) -> bool {
        let norm = self.progress.gradient_norm;
        let mut said = match why {
            Failure::NoDecrease => {
                format!("no step lowers the loss in 32-bit weights; the gradient's norm is {norm:.3e}")
            }
            Failure::NoBracket => {
                "the loss falls along the line as far as numbers reach, and no bracket holds a minimum".into()
            }
        };
        if let Some(remark) = self.descent.here().and_then(|here| self.descent.method().remark(here)) {
            said = format!("{said}; {remark}");
        }
        self.end = Some((if why == Failure::NoDecrease { "noDecrease" } else { "diverged" }, said));
        true
    }

    fn report(&mut self) {
        let Some(here) = self.descent.here() else { return };
        self.progress = FitProgress {
            loss: here.value,
            batch_loss: here.value,
            accuracy: self.score.accuracy(),
            exact_match: self.score.exact_match(),
            learning_rate: self.descent.method().rate().unwrap_or(1.0) as f32,
            gradient_norm: here.gradient.iter().fold(0.0, |sum, g| sum + g * g).sqrt(),
            gradient_change: self.descent.before().map_or(f64::NAN, |before| here.change(before)),
            gradient_largest: here.largest(),
            ..self.progress
        };
    }

    /// Evaluates the point that the method asks for. The network keeps its weights.
    fn look(&mut self, network: &mut Network) -> Result<(Point, Score)> {
        let (x, wants) = self.descent.ask();
        let trained = x.len();
        for (weight, x) in network.parameters.iter_mut().zip(x) {
            *weight = *x as f32;
        }
        let x: Vec<f64> = network.parameters[..trained].iter().map(|&w| f64::from(w)).collect();
        let found = self.measure(network, x.clone(), wants);
        self.tried.clear();
        self.tried.extend_from_slice(&network.parameters);
        network.parameters.copy_from_slice(&self.good);
        match wants {
            Wants::Value => self.progress.loss_evaluations += 1,
            _ => self.progress.gradient_evaluations += 1,
        }
        match found {
            // The step was too long: the method shortens it.
            Err(error) if error.code == Code::Diverged && self.descent.here().is_some() => {
                let gradient = vec![f64::NAN; trained];
                Ok((Point { x, value: f64::INFINITY, gradient, normal: Vec::new() }, Score::default()))
            }
            found => found,
        }
    }

    fn measure(&self, network: &mut Network, x: Vec<f64>, wants: Wants) -> Result<(Point, Score)> {
        if wants == Wants::Jacobian {
            let (Report { loss, score, .. }, (gradient, normal)) =
                network.normal(&self.data, &self.compiled)?;
            return Ok((Point { x, value: loss, gradient, normal }, score));
        }
        let backward = wants == Wants::Gradient;
        let (mut value, mut score) = (0.0, Score::default());
        let mut gradient = vec![0.0; if backward { x.len() } else { 0 }];
        // Operators across the batch need all samples at once.
        let chunk = if network.plan.has_batch_operators { self.samples.len() } else { CHUNK };
        for samples in self.samples.chunks(chunk) {
            let part =
                if self.loss.is_sum() { 1.0 } else { samples.len() as f64 / self.samples.len() as f64 };
            let report = network.pass(&self.data, samples, &self.compiled, 0, None, backward)?;
            value += part * report.loss;
            score.add(report.score);
            if backward {
                gradient
                    .iter_mut()
                    .zip(network.gradient()?)
                    .for_each(|(sum, &g)| *sum += part * f64::from(g));
            }
        }
        Ok((Point { x, value, gradient, normal: Vec::new() }, score))
    }
}

#[cfg(test)]
mod tests;
