//! The rates of changing schedules at each moment.

use super::math::{cosine, exp, ln, power};
use super::schedule::{Changing, Per, Progress};

impl Changing {
    pub(super) fn warmup(&self) -> f64 {
        use Changing::*;
        match *self {
            Constant { warmup, .. } | Cosine { warmup, .. } | Exponential { warmup, .. } => warmup,
            OneCycle { warmup, .. } | Step { warmup, .. } | Plateau { warmup, .. } => warmup,
            Table { warmup, .. } => warmup,
        }
    }

    /// Whether it needs the total number of steps.
    pub(super) fn spans(&self) -> bool {
        use Changing::*;
        let warmup = self.warmup();
        matches!(self, Cosine { .. } | Exponential { .. } | OneCycle { .. }) || (warmup > 0.0 && warmup < 1.0)
    }

    /// The rate at a moment.
    pub(super) fn at(&self, now: Progress) -> f64 {
        let steps = now.steps.max(1) as f64;
        let warmup = self.warmup();
        let warm = if warmup < 1.0 { warmup * steps } else { warmup };
        // The first step is one above zero, the last one reaches the end.
        let at = now.step as f64 + 1.0;
        let part = if at <= warm { 0.0 } else { ((at - warm) / (steps - warm)).min(1.0) };
        let rate = match self {
            Changing::Constant { value, .. } => *value,
            Changing::Cosine { from, .. } | Changing::Exponential { from, .. } if part == 0.0 => *from,
            Changing::Cosine { from, to, .. } => half_cosine(*from, *to, part),
            Changing::Exponential { from, to, .. } => from * exp(ln(to / from) * part),
            Changing::OneCycle { from, peak, to, .. } => {
                // PyTorch counts from the first step to the last, and the peak is the last step of the rise.
                let (now, peaks, last) = (at - 1.0, warm - 1.0, steps - 1.0);
                return if now < peaks {
                    half_cosine(*from, *peak, now / peaks)
                } else if last <= peaks {
                    *peak
                } else {
                    half_cosine(*peak, *to, ((now - peaks) / (last - peaks)).min(1.0))
                };
            }
            Changing::Step { from, factor, every, .. } => from * power(*factor, now.epoch / every),
            Changing::Plateau { from, factor, to, .. } => (from * power(*factor, now.plateaus)).max(*to),
            Changing::Table { rates, per, .. } => {
                let number = if *per == Per::Step { now.step } else { now.epoch };
                rates[usize::try_from(number).map_or(rates.len() - 1, |number| number.min(rates.len() - 1))]
            }
        };
        if at < warm { rate * at / warm } else { rate }
    }
}

/// From one rate to another along half a cosine.
fn half_cosine(from: f64, to: f64, part: f64) -> f64 {
    to + (from - to) * 0.5 * (1.0 + cosine(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optimizers::Schedule;

    fn changing(json: &str) -> Schedule {
        let schedule: Schedule = serde_json::from_str(json).unwrap();
        schedule.check().unwrap();
        schedule
    }

    #[test]
    fn a_cosine_warms_up_and_falls_to_its_end() {
        let schedule = changing(r#"{ "type": "cosine", "from": 0.1, "warmup": 0.1 }"#);
        let at = |step| schedule.at(Progress { step, steps: 100, ..Progress::default() });
        assert!((at(0) - 0.01).abs() < 1e-6 && (at(9) - 0.1).abs() < 1e-6);
        assert!(at(99).abs() < 1e-6 && (at(54) - 0.05).abs() < 1e-3);
    }

    #[test]
    fn every_schedule_warms_up_over_a_part_or_a_number_of_steps() {
        for (schedule, full) in [
            (r#""type": "constant", "value": 0.2"#, 0.2),
            (r#""type": "exponential", "from": 0.2, "to": 0.02"#, 0.2),
            (r#""type": "step", "from": 0.2, "factor": 0.5"#, 0.2),
            (r#""type": "plateau", "from": 0.2"#, 0.2),
            (r#""type": "table", "rates": [0.2], "per": "epoch""#, 0.2),
        ] {
            for warmup in ["0.1", "10"] {
                let schedule = changing(&format!("{{ {schedule}, \"warmup\": {warmup} }}"));
                let at = |step| schedule.at(Progress { step, steps: 100, ..Progress::default() });
                assert!((at(0) - full / 10.0).abs() < 1e-7 && (at(4) - full / 2.0).abs() < 1e-7);
                assert!((at(9) - full).abs() < 1e-7 && at(10) <= full);
                assert_eq!(schedule.spans(), warmup == "0.1" || matches!(at(10), rate if rate < full));
            }
        }
    }

    #[test]
    fn a_table_has_a_rate_for_each_step_or_epoch() {
        let at = |per, step, epoch| {
            let rates = changing(&format!(r#"{{ "type": "table", "rates": [3, 2, 1], "per": "{per}" }}"#));
            rates.at(Progress { step, epoch, ..Progress::default() })
        };
        assert_eq!([at("step", 1, 0), at("step", 9, 0)], [2.0, 1.0]);
        assert_eq!([at("epoch", 9, 0), at("epoch", 9, 2)], [3.0, 1.0]);
    }
}
