//! A step along a direction that satisfies the strong Wolfe conditions: φ(a) ≤ φ(0) + c₁·a·φ′(0) and
//! |φ′(a)| ≤ c₂·|φ′(0)| (Nocedal and Wright 2006, algorithms 3.5 and 3.6, with cubic interpolation).

/// Maximum values per search.
const MOST: usize = 30;

/// A step with its value and slope.
#[derive(Clone, Copy, Debug)]
struct Point {
    step: f64,
    value: f64,
    slope: f64,
}

/// The state of a search.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum WolfeStatus {
    /// It asks for another step.
    Searching,
    /// The last step satisfies the conditions.
    Accepted,
    /// No step was found; this one has the lowest value, if it is not 0.
    Failed(f64),
    /// The value falls as far as numbers reach.
    Endless,
}

/// A search in progress.
#[derive(Clone, Debug)]
pub(super) struct Wolfe {
    decrease: f64,
    curvature: f64,
    start: Point,
    /// The step asked for.
    trial: f64,
    /// The lowest step so far with sufficient decrease.
    low: Point,
    /// The other end of the interval with a good step, once there is one.
    high: Option<Point>,
    told: usize,
}

impl Wolfe {
    /// From value and slope at 0 (the slope is negative) and a first step above 0; 0 < c₁ (`decrease`) < c₂ (`curvature`)
    /// < 1.
    pub fn new(value: f64, slope: f64, first: f64, decrease: f64, curvature: f64) -> Self {
        let start = Point { step: 0.0, value, slope };
        Self { decrease, curvature, start, trial: first, low: start, high: None, told: 0 }
    }

    /// The step that it asks for.
    pub fn ask(&self) -> f64 {
        self.trial
    }

    /// Passes value and slope at that step. Values that are not finite count as too far.
    pub fn tell(&mut self, value: f64, slope: f64) -> WolfeStatus {
        self.told += 1;
        let at = Point { step: self.trial, value, slope };
        let finite = value.is_finite() && slope.is_finite();
        let enough = self.start.value + self.decrease * at.step * self.start.slope;
        let first = self.low.step == 0.0 && self.high.is_none();
        if !finite || value > enough || (value >= self.low.value && !first) {
            self.high = Some(at);
        } else if slope.abs() <= -self.curvature * self.start.slope {
            return WolfeStatus::Accepted;
        } else {
            // The direction in which it falls from here: towards the low end or away from it.
            let back = match self.high {
                Some(high) => slope * (high.step - self.low.step) >= 0.0,
                None => slope >= 0.0,
            };
            if back {
                self.high = Some(self.low);
            }
            self.low = at;
        }
        self.trial = match self.high {
            Some(high) => between(self.low, high),
            None => self.trial * 4.0,
        };
        let width = self.high.map_or(f64::INFINITY, |high| (high.step - self.low.step).abs());
        let over = self.told >= MOST || !self.trial.is_finite();
        if over && self.high.is_none() {
            return WolfeStatus::Endless;
        }
        if over || width <= 1e-15 * self.trial {
            WolfeStatus::Failed(self.low.step)
        } else {
            WolfeStatus::Searching
        }
    }
}

/// The minimum of the cubic through both ends, kept a tenth of the interval away from either.
fn between(low: Point, high: Point) -> f64 {
    let width = high.step - low.step;
    let (least, most) = (low.step + 0.1 * width, low.step + 0.9 * width);
    let d1 = low.slope + high.slope - 3.0 * (low.value - high.value) / (low.step - high.step);
    let d2 = (d1 * d1 - low.slope * high.slope).sqrt() * width.signum();
    let cubic = high.step - width * (high.slope + d2 - d1) / (high.slope - low.slope + 2.0 * d2);
    // Without such a cubic, or if the far end is not finite, the middle.
    if cubic.is_finite() { cubic.clamp(least.min(most), least.max(most)) } else { low.step + 0.5 * width }
}
