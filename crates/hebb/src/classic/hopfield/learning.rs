//! The learning rules, a little at a time.

use super::flow::Flow;
use super::network::Network;
use super::options::{Rule, StoreOptions, Thresholds, Values};
use super::patterns::Patterns;
use hebb_kernels::error::{Error, Result, room, zeros};
use hebb_kernels::hopfield::{product, storkey, transposed};
use hebb_kernels::vector::{add_scaled, dot};

/// Multiply–adds between two looks at the clock: some milliseconds, but for the packing of the patterns.
const WORK: usize = 1 << 26;

/// A network that learns.
pub struct Learning {
    patterns: Patterns,
    thresholds: Thresholds,
    rule: Rule,
    /// Units, with the one that always is 1 if thresholds are learnt.
    n: usize,
    /// The patterns of all units.
    x: Vec<f64>,
    weights: Vec<f64>,
    /// The next pattern or row.
    at: usize,
    /// Of the pseudo-inverse, whether `x` is orthonormal.
    orthonormal: bool,
    flow: Option<Flow>,
}

impl Learning {
    /// From options and patterns `[count, units]`.
    pub fn new(options: StoreOptions, x: Vec<f64>) -> Result<Self> {
        let units = options.units;
        let patterns = Patterns::new(x, units, options.values)?;
        let count = patterns.count();
        let learns = options.thresholds == Thresholds::Learn;
        if let Thresholds::Given(own) = &options.thresholds
            && own.len() != units
        {
            return Err(Error::option(format!("{units} units need {units} thresholds, got {}", own.len())));
        }
        let n = units + usize::from(learns);
        let mut x = room(count * n, "the patterns")?;
        for row in patterns.rows() {
            x.extend_from_slice(row);
            x.extend(learns.then_some(1.0));
        }
        let flow = if options.rule == Rule::Flow { Some(Flow::new(&x, n, units)?) } else { None };
        let weights = zeros(if flow.is_none() { n * n } else { 0 }, "the weights")?;
        Ok(Self {
            patterns,
            thresholds: options.thresholds,
            rule: options.rule,
            n,
            x,
            weights,
            at: 0,
            orthonormal: false,
            flow,
        })
    }

    /// Learns a little; returns whether that was all.
    pub fn advance(&mut self) -> Result<bool> {
        let n = self.n;
        match self.rule {
            Rule::Storkey => {
                let pattern = &self.x[self.at * n..(self.at + 1) * n];
                let mut fields = zeros(n, "the fields")?;
                product(&self.weights, pattern, &mut fields);
                storkey(&mut self.weights, pattern, &fields);
                self.at += 1;
                return Ok(self.at == self.patterns.count());
            }
            Rule::PseudoInverse if !self.orthonormal => {
                self.orthonormalise()?;
                return Ok(false);
            }
            Rule::Hebb | Rule::PseudoInverse => {
                let rows = self.rows_ahead(self.x.len());
                let into = &mut self.weights[rows.start * n..rows.end * n];
                transposed(&self.x, n, rows.start, &self.x, n, into)?;
                self.at = rows.end;
            }
            Rule::Flow => return self.flow.as_mut().map_or(Ok(true), Flow::advance),
        }
        Ok(self.at == n)
    }

    /// The next rows of the weights, for some multiply–adds per row.
    fn rows_ahead(&self, each: usize) -> std::ops::Range<usize> {
        let count = (WORK / each).clamp(32, 512).next_multiple_of(16);
        self.at..self.n.min(self.at + count)
    }

    /// Makes the next pattern orthogonal to those before, and its length 1 (Gram and Schmidt, twice for the rounding).
    fn orthonormalise(&mut self) -> Result<()> {
        let n = self.n;
        let (before, from) = self.x.split_at_mut(self.at * n);
        let own = &mut from[..n];
        for _ in 0..2 {
            for other in before.chunks_exact(n) {
                add_scaled(own, -dot(own, other), other);
            }
        }
        let length = dot(own, own).sqrt();
        // Patterns have the length √n.
        if length < 1e-9 * (n as f64).sqrt() {
            let (at, units) = (self.at, self.patterns.units());
            return Err(Error::data(format!(
                "pattern {at} (from 0) is a linear combination of those before it, and the pseudo-inverse needs independent patterns, at most as many as units, {units}: leave it out, or use rule: 'flow'"
            )));
        }
        own.iter_mut().for_each(|x| *x /= length);
        self.at += 1;
        if self.at == self.patterns.count() {
            (self.at, self.orthonormal) = (0, true);
        }
        Ok(())
    }

    /// The part that is done, from 0 to 1.
    pub fn progress(&self) -> f64 {
        let part = |of: usize| self.at as f64 / of as f64;
        match (self.rule, &self.flow) {
            (_, Some(flow)) => flow.progress(),
            (Rule::Storkey, _) => part(self.patterns.count()),
            (Rule::PseudoInverse, _) if !self.orthonormal => 0.5 * part(self.patterns.count()),
            (Rule::PseudoInverse, _) => 0.5 + 0.5 * part(self.n),
            _ => part(self.n),
        }
    }

    /// The network, and what is to be said about it.
    pub fn finish(mut self) -> Result<(Network, Option<String>)> {
        let mut lost = 0;
        if let Some(flow) = self.flow.take() {
            (self.weights, lost) = flow.finish()?;
        }
        let warning = self.warning(lost);
        let units = self.patterns.units();
        let mut thresholds = self.thresholds;
        if thresholds == Thresholds::Learn {
            let n = self.n;
            let binary = self.patterns.values() == Values::Binary;
            let mut own = Vec::with_capacity(units);
            for i in 0..units {
                let constant = 0.0 - self.weights[i * n + units];
                let row = &self.weights[i * n..i * n + units];
                let sum: f64 = row.iter().enumerate().map(|(j, w)| if i == j { 0.0 } else { *w }).sum();
                own.push(if binary { 0.5 * (constant + sum) } else { constant });
                self.weights.copy_within(i * n..i * n + units, i * units);
            }
            self.weights.truncate(units * units);
            thresholds = Thresholds::Given(own);
        }
        (0..units).for_each(|i| self.weights[i * units + i] = 0.0);
        let network = Network::new(self.weights, thresholds, self.patterns)?;
        // No warning if a look at a small network shows that it holds them all.
        let count = network.patterns().count();
        let warning = match warning {
            Some(_) if self.rule != Rule::PseudoInverse && count * units * units <= WORK => {
                let least = (0..count).map(|pattern| network.stability(pattern));
                let least = least.collect::<Result<Vec<f64>>>()?;
                if least.iter().all(|&least| least >= 0.0) { None } else { warning }
            }
            other => other,
        };
        Ok((network, warning))
    }

    /// A warning if there are more patterns than the rule holds.
    fn warning(&self, lost: usize) -> Option<String> {
        let (count, units) = (self.patterns.count(), self.patterns.units());
        let n = units as f64;
        let (most, name, why) = match self.rule {
            // Amit, Gutfreund and Sompolinsky 1985.
            Rule::Hebb => (0.138 * n, "Hebb's", "0.138 N of random patterns"),
            // Storkey 1997: as fixed points without an error.
            Rule::Storkey => (n / (2.0 * n.ln()).sqrt(), "Storkey's", "N/√(2 ln N) of random patterns"),
            Rule::PseudoInverse if count >= self.n => {
                return Some(format!(
                    "{count} independent patterns of {units} units leave no weights: every state is a fixed point, nothing is recalled; store fewer patterns, or use thresholds: 'learn'"
                ));
            }
            Rule::Flow if lost > 0 => {
                return Some(format!(
                    "{lost} of {count} patterns are no fixed points: they are more than these {units} units hold; store fewer, or use denseMemory()"
                ));
            }
            _ => return None,
        };
        (count > 1 && count as f64 > most).then(|| {
            format!(
                "{count} patterns are more than {units} units hold by {name} rule ({why}, here {}): expect errors; store fewer, or use rule: 'pseudoInverse' or 'flow', or denseMemory()",
                most.floor().max(1.0)
            )
        })
    }
}
