//! The ranges of the schedules' options.

use super::checks::{in_range, positive};
use super::schedule::Changing;
use hebb_kernels::error::{Error, Result};

impl Changing {
    pub(super) fn check(&self) -> Result<()> {
        let part = |name, value: f64, ok: bool, range| in_range(name, value, ok, range);
        let warmup = self.warmup();
        let ok =
            (0.0..1.0).contains(&warmup) || (warmup.is_finite() && warmup >= 1.0 && warmup.fract() == 0.0);
        part("learningRate.warmup", warmup, ok, "a part of all steps below 1, or a whole number of steps")?;
        let falls = |from: f64, to: f64| {
            positive("learningRate.from", from)?;
            part("learningRate.to", to, to >= 0.0 && to.is_finite(), "finite and at least 0")
        };
        match self {
            Changing::Constant { value, .. } => positive("learningRate.value", *value),
            Changing::Cosine { from, to, .. } => falls(*from, *to),
            Changing::Exponential { from, to, .. } => {
                positive("learningRate.from", *from)?;
                positive("learningRate.to", *to)?;
                part("learningRate.to", *to, to <= from, "at most learningRate.from")
            }
            Changing::OneCycle { from, peak, to, .. } => {
                falls(*from, *to)?;
                positive("learningRate.peak", *peak)
            }
            Changing::Step { from, factor, every, .. } => {
                positive("learningRate.from", *from)?;
                let ok = *factor > 0.0 && *factor <= 1.0;
                part("learningRate.factor", *factor, ok, "above 0 and at most 1")?;
                part("learningRate.every", *every as f64, *every > 0, "at least 1")
            }
            Changing::Plateau { from, factor, decrease, to, .. } => {
                falls(*from, *to)?;
                let ok = *factor > 0.0 && *factor < 1.0;
                part("learningRate.factor", *factor, ok, "above 0 and below 1")?;
                let ok = (0.0..1.0).contains(decrease);
                part("learningRate.decrease", *decrease, ok, "at least 0 and below 1")
            }
            Changing::Table { rates, .. } => {
                if rates.is_empty() {
                    return Err(Error::option("learningRate.rates is empty"));
                }
                let bad = rates.iter().find(|rate| !(rate.is_finite() && **rate >= 0.0));
                bad.map_or(Ok(()), |rate| part("learningRate.rates", *rate, false, "finite and at least 0"))
            }
        }
    }
}

#[cfg(test)]
mod tests;
