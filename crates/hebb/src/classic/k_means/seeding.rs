//! k-means++ (Arthur and Vassilvitskii 2007): the first center is a random sample; each further one a sample drawn with a
//! probability proportional to its squared distance to the nearest center so far.

use super::samples;
use hebb_kernels::error::{Error, Result, zeros};
use hebb_kernels::kmeans::{Nearest, Samples, nearest};
use hebb_kernels::random::{Random, Stream};

/// Samples that are drawn from, per cluster, and in any case.
const PER_CLUSTER: usize = 10;
const ENOUGH: usize = 10_000;

pub(super) struct Seeding {
    random: Random,
    /// Of all samples, those that centers are drawn from, if they are not all.
    some: Option<Samples>,
    best: Vec<Nearest>,
    pub centers: Vec<f32>,
    clusters: usize,
}

impl Seeding {
    /// Of many samples a random part is enough: reading all of them for each center would take longer than ten steps of Lloyd's.
    pub fn new(samples: &Samples, clusters: usize, seed: u64) -> Result<Self> {
        let mut random = Random::new(seed, Stream::Initialisation(0));
        let enough = (PER_CLUSTER * clusters).max(ENOUGH);
        let some = if enough < samples.count() {
            let mut all: Vec<u32> = (0..samples.count() as u32).collect();
            random.shuffle(&mut all);
            Some(samples::part(samples, &all[..enough])?)
        } else {
            None
        };
        let from = some.as_ref().unwrap_or(samples);
        let best = zeros(from.blocks() * from.lanes(), "the distances")?;
        let centers = hebb_kernels::error::room(clusters * samples.features(), "the centers")?;
        Ok(Self { random, some, best, centers, clusters })
    }

    /// Draws the next center; true after the last.
    pub fn advance(&mut self, samples: &Samples) -> Result<bool> {
        let from = self.some.as_ref().unwrap_or(samples);
        let (features, count) = (from.features(), from.count());
        let drawn = self.centers.len() / features;
        let sample = if drawn == 0 {
            self.random.below(count)
        } else {
            draw(&self.best[..count], &mut self.random).ok_or_else(|| {
                Error::data(format!(
                    "there are only {drawn} different samples for {} clusters: ask for fewer",
                    self.clusters
                ))
            })?
        };
        let start = self.centers.len();
        self.centers.extend(from.sample(sample));
        nearest(from, 0..from.blocks(), &self.centers[start..], drawn, &mut self.best);
        Ok(drawn + 1 == self.clusters)
    }

    /// The part that is done.
    pub fn progress(&self, features: usize) -> f64 {
        (self.centers.len() / features) as f64 / self.clusters as f64
    }
}

/// A sample by its squared distance; `None` if all are 0.
fn draw(best: &[Nearest], random: &mut Random) -> Option<usize> {
    let total: f64 = best.iter().map(|one| f64::from(one.square)).sum();
    let word = (u64::from(random.bits()) << 32) | u64::from(random.bits());
    let mut left = total * (word >> 11) as f64 * (0.5f64).powi(53);
    let mut last = None;
    for (sample, one) in best.iter().enumerate().filter(|(_, one)| one.square > 0.0) {
        last = Some(sample);
        left -= f64::from(one.square);
        if left < 0.0 {
            break;
        }
    }
    last
}
