//! Brent's method (1973, chapter 5): the minimum of a parabola through the three lowest points if it is reliable, else a golden
//! section.

use super::bracket::{GOLDEN, Triple};
use super::narrow::Narrow;

/// A search in progress.
#[derive(Clone, Debug)]
pub(super) struct Brent {
    tolerance: f64,
    /// The ends.
    a: f64,
    b: f64,
    /// The lowest point, the second lowest, and the previous second lowest, each with its value.
    x: (f64, f64),
    w: (f64, f64),
    v: (f64, f64),
    /// The last step, and the one before it.
    d: f64,
    e: f64,
    trial: Option<f64>,
}

impl Brent {
    pub fn new([a, x, b]: Triple, tolerance: f64) -> Self {
        let mut brent = Self { tolerance, a: a.0, b: b.0, x, w: x, v: x, d: 0.0, e: 0.0, trial: None };
        brent.plan();
        brent
    }

    fn plan(&mut self) {
        let (x, middle) = (self.x.0, 0.5 * (self.a + self.b));
        let least = self.tolerance.max(f64::EPSILON) * x.abs() + 1e-100;
        if (x - middle).abs() + 0.5 * (self.b - self.a) <= 2.0 * least {
            self.trial = None;
            return;
        }
        let section = if x >= middle { self.a - x } else { self.b - x };
        let mut step = (1.0 - 1.0 / GOLDEN) * section;
        let mut before = section;
        if self.e.abs() > least {
            let r = (x - self.w.0) * (self.x.1 - self.v.1);
            let q = (x - self.v.0) * (self.x.1 - self.w.1);
            let p = (x - self.v.0) * q - (x - self.w.0) * r;
            let q = 2.0 * (q - r);
            let parabola = -p / q;
            // Within the ends, and less than half the step before the last one.
            if parabola.abs() < (0.5 * self.e).abs() && x + parabola > self.a && x + parabola < self.b {
                (step, before) = (parabola, self.d);
                let at = x + step;
                if at - self.a < 2.0 * least || self.b - at < 2.0 * least {
                    step = least.copysign(middle - x);
                }
            }
        }
        (self.d, self.e) = (step, before);
        self.trial = Some(if step.abs() >= least { x + step } else { x + least.copysign(step) });
    }
}

impl Narrow for Brent {
    fn ask(&self) -> Option<f64> {
        self.trial
    }

    fn tell(&mut self, value: f64) {
        let Some(at) = self.trial else { return };
        let new = (at, value);
        if value <= self.x.1 {
            if at >= self.x.0 {
                self.a = self.x.0;
            } else {
                self.b = self.x.0;
            }
            (self.v, self.w, self.x) = (self.w, self.x, new);
        } else {
            if at < self.x.0 {
                self.a = at;
            } else {
                self.b = at;
            }
            if value <= self.w.1 || self.w.0 == self.x.0 {
                (self.v, self.w) = (self.w, new);
            } else if value <= self.v.1 || self.v.0 == self.x.0 || self.v.0 == self.w.0 {
                self.v = new;
            }
        }
        self.plan();
    }

    fn best(&self) -> f64 {
        self.x.0
    }
}
