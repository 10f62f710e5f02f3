//! k-means: centers such that the sum of the squared distances of samples to their nearest centers, the inertia, is small.
//! Lloyd's algorithm on all samples, or minibatches (Sculley, "Web-scale k-means clustering", 2010). Samples and distances have
//! 32 bits, sums and centers 64.

mod options;
mod samples;
mod seeding;
#[cfg(test)]
mod tests;

use hebb_kernels::error::{Error, Result, zeros};
pub use hebb_kernels::kmeans::Samples;
use hebb_kernels::kmeans::{Nearest, add_to_sums, inertia, nearest};
use hebb_kernels::random::{Random, Stream};
pub use options::Options;
pub use samples::pack;
use seeding::Seeding;

/// Multiply–adds between two looks at the clock.
const WORK: usize = 1 << 27;
/// The most times that empty clusters are given a sample after the last step.
const MENDS: usize = 8;

/// Clusters of samples.
#[derive(Clone, Debug)]
pub struct Clusters {
    /// `[clusters, features]`.
    pub centers: Vec<f64>,
    /// The number of the nearest center of each sample.
    pub assignments: Vec<u32>,
    /// Σ ‖x − c‖².
    pub inertia: f64,
    /// Steps made.
    pub iterations: usize,
    /// Whether the centers moved no more; minibatches cannot tell.
    pub converged: bool,
}

enum Phase {
    Seed(Seeding),
    /// A step on a minibatch.
    Minibatch,
    /// Finds the nearest centers of all samples, from this block on; then a step of Lloyd's follows.
    Assign(usize),
    /// As `Assign`, after the last step.
    Finish(usize),
    Done,
}

/// k-means, a little at a time.
pub struct KMeans {
    options: Options,
    phase: Phase,
    centers: Vec<f64>,
    /// The same, as distances use them.
    rounded: Vec<f32>,
    /// Of each sample, and of the lanes after the last.
    nearest: Vec<Nearest>,
    /// The assignments of the step before.
    before: Vec<u32>,
    /// Samples that a minibatch has given each cluster so far.
    taken: Vec<u64>,
    threshold: f64,
    iterations: usize,
    converged: bool,
    mends: usize,
}

impl KMeans {
    /// For these samples, from centers `[clusters, features]`, or none for those of k-means++.
    pub fn new(options: Options, samples: &Samples, start: Vec<f64>) -> Result<Self> {
        let (clusters, features) = (options.clusters, samples.features());
        if clusters == 0 || clusters > samples.count() {
            let count = samples.count();
            return Err(Error::option(format!(
                "clusters must be 1 to {count}, the number of samples, got {clusters}"
            )));
        }
        if !start.is_empty() && start.len() != clusters * features {
            return Err(Error::shape(format!(
                "{clusters} centers of {features} values are {} numbers, got {}",
                clusters * features,
                start.len()
            )));
        }
        if let Some(value) = start.iter().find(|value| !value.is_finite()) {
            return Err(Error::data(format!("the centers must be finite, got {value}")));
        }
        let phase = if start.is_empty() {
            Phase::Seed(Seeding::new(samples, clusters, options.seed)?)
        } else {
            first_step(&options)
        };
        let threshold =
            if options.batch_size > 0 { 0.0 } else { options.tolerance * samples::variance(samples) };
        Ok(Self {
            rounded: start.iter().map(|&c| c as f32).collect(),
            centers: start,
            nearest: zeros(samples.blocks() * samples.lanes(), "the assignments")?,
            before: Vec::new(),
            taken: vec![0; clusters],
            threshold,
            options,
            phase,
            iterations: 0,
            converged: false,
            mends: 0,
        })
    }

    /// Goes on for some milliseconds; true at the end.
    pub fn advance(&mut self, samples: &Samples) -> Result<bool> {
        match &mut self.phase {
            Phase::Seed(seeding) => {
                let at_once = WORK / (samples.count() * samples.features());
                for _ in 0..at_once.clamp(1, 64) {
                    if seeding.advance(samples)? {
                        self.rounded = std::mem::take(&mut seeding.centers);
                        self.centers = self.rounded.iter().map(|&c| f64::from(c)).collect();
                        self.phase = first_step(&self.options);
                        break;
                    }
                }
            }
            Phase::Minibatch => {
                self.learn_minibatch(samples)?;
                if self.iterations == self.options.iterations {
                    self.phase = Phase::Finish(0);
                }
            }
            &mut Phase::Assign(from) => {
                let to = self.assign(samples, from);
                self.phase = if to < samples.blocks() { Phase::Assign(to) } else { self.step(samples)? };
            }
            &mut Phase::Finish(from) => {
                let to = self.assign(samples, from);
                if to < samples.blocks() {
                    self.phase = Phase::Finish(to);
                } else {
                    let counts = self.counts(samples);
                    let empty = counts.contains(&0) && self.mends < MENDS;
                    self.phase = if empty { Phase::Finish(0) } else { Phase::Done };
                    if empty {
                        self.mends += 1;
                        for (cluster, sample) in self.farthest(samples, &counts) {
                            self.move_to(samples, cluster, sample);
                        }
                    }
                }
            }
            Phase::Done => (),
        }
        Ok(matches!(self.phase, Phase::Done))
    }

    /// The part that is done if all steps are needed.
    pub fn progress(&self, samples: &Samples) -> f64 {
        let steps = self.options.iterations as f64 + 1.0;
        match &self.phase {
            Phase::Seed(seeding) => seeding.progress(samples.features()) / steps,
            Phase::Assign(block) => {
                (1.0 + self.iterations as f64 + *block as f64 / samples.blocks() as f64) / (steps + 1.0)
            }
            Phase::Minibatch => (1.0 + self.iterations as f64) / (steps + 1.0),
            Phase::Finish(_) | Phase::Done => steps / (steps + 1.0),
        }
    }

    /// The clusters, at the end.
    pub fn finish(self, samples: &Samples) -> Result<Clusters> {
        let inertia = inertia(samples, &self.nearest, &self.centers)?;
        Ok(Clusters {
            assignments: self.nearest[..samples.count()].iter().map(|one| one.center).collect(),
            centers: self.centers,
            inertia,
            iterations: self.iterations,
            converged: self.converged,
        })
    }

    /// Finds the nearest centers of some blocks; returns the block after them.
    fn assign(&mut self, samples: &Samples, from: usize) -> usize {
        let lanes = samples.lanes();
        let count = (WORK / (lanes * self.rounded.len())).max(16);
        let to = samples.blocks().min(from + count);
        let best = &mut self.nearest[from * lanes..to * lanes];
        best.fill(Nearest::default());
        nearest(samples, from..to, &self.rounded, 0, best);
        to
    }

    /// Moves the centers to the means of their clusters.
    fn step(&mut self, samples: &Samples) -> Result<Phase> {
        let features = samples.features();
        let mut counts = self.counts(samples);
        let mut sums = zeros(self.centers.len(), "the sums of the clusters")?;
        add_to_sums(samples, 0..samples.blocks(), &self.nearest, &mut sums);
        // An empty cluster takes the sample that is farthest from its own center, as scikit-learn's does.
        for (cluster, sample) in self.farthest(samples, &counts) {
            let donor = self.nearest[sample].center as usize;
            for (i, x) in samples.sample(sample).enumerate() {
                sums[donor * features + i] -= f64::from(x);
                sums[cluster * features + i] = f64::from(x);
            }
            counts[donor] -= 1;
            counts[cluster] = 1;
        }
        let mut moved = 0.0;
        let centers = self.centers.chunks_exact_mut(features);
        for ((center, sum), &count) in centers.zip(sums.chunks_exact(features)).zip(&counts) {
            for (center, sum) in center.iter_mut().zip(sum) {
                let mean = if count > 0 { sum / count as f64 } else { *center };
                moved += (mean - *center) * (mean - *center);
                *center = mean;
            }
        }
        self.rounded.iter_mut().zip(&self.centers).for_each(|(to, from)| *to = *from as f32);
        self.iterations += 1;
        let assignments: Vec<u32> = self.nearest[..samples.count()].iter().map(|one| one.center).collect();
        // If no sample changed its cluster, the assignments are those of the means.
        let same = assignments == self.before;
        self.before = assignments;
        self.converged = same || moved <= self.threshold;
        Ok(match (same, self.converged || self.iterations == self.options.iterations) {
            (true, _) => Phase::Done,
            (false, true) => Phase::Finish(0),
            (false, false) => Phase::Assign(0),
        })
    }

    /// A step on random samples: each draws its nearest center towards itself, by 1/n if it is the n-th of that cluster.
    fn learn_minibatch(&mut self, samples: &Samples) -> Result<()> {
        let mut random = Random::new(self.options.seed, Stream::Shuffle(self.iterations as u32));
        let count = samples.count();
        let numbers: Vec<u32> = (0..self.options.batch_size).map(|_| random.below(count) as u32).collect();
        let batch = samples::part(samples, &numbers)?;
        let mut best = vec![Nearest::default(); batch.blocks() * batch.lanes()];
        nearest(&batch, 0..batch.blocks(), &self.rounded, 0, &mut best);
        let features = samples.features();
        for (sample, one) in best[..numbers.len()].iter().enumerate() {
            let cluster = one.center as usize;
            self.taken[cluster] += 1;
            let rate = 1.0 / self.taken[cluster] as f64;
            let center = &mut self.centers[cluster * features..][..features];
            for (center, x) in center.iter_mut().zip(batch.sample(sample)) {
                *center += rate * (f64::from(x) - *center);
            }
        }
        self.rounded.iter_mut().zip(&self.centers).for_each(|(to, from)| *to = *from as f32);
        self.iterations += 1;
        Ok(())
    }

    /// Samples per cluster.
    fn counts(&self, samples: &Samples) -> Vec<usize> {
        let mut counts = vec![0; self.options.clusters];
        self.nearest[..samples.count()].iter().for_each(|one| counts[one.center as usize] += 1);
        counts
    }

    /// A sample for each empty cluster: those that are farthest from their centers, of equal ones the first.
    fn farthest(&self, samples: &Samples, counts: &[usize]) -> Vec<(usize, usize)> {
        let empty: Vec<usize> = (0..counts.len()).filter(|&cluster| counts[cluster] == 0).collect();
        if empty.is_empty() {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..samples.count()).collect();
        order.sort_by(|&a, &b| self.nearest[b].square.total_cmp(&self.nearest[a].square).then(a.cmp(&b)));
        empty.into_iter().zip(order).collect()
    }

    fn move_to(&mut self, samples: &Samples, cluster: usize, sample: usize) {
        let features = samples.features();
        for (i, x) in samples.sample(sample).enumerate() {
            self.rounded[cluster * features + i] = x;
            self.centers[cluster * features + i] = f64::from(x);
        }
    }
}

fn first_step(options: &Options) -> Phase {
    if options.batch_size > 0 { Phase::Minibatch } else { Phase::Assign(0) }
}
