//! One step of each optimizer's rule over slices of weights, gradient and state: the gradient becomes Δw. Elements are
//! independent of each other. The rules' formulas and options are described in the core's `optimizers/`.
//!
//! These are loops over slices that the compiler vectorises, the same code on every back end. All slices are of equal length.

/// Δw = −ε·g, with g + λ·w for g here and below.
pub fn descend(rate: f32, decay: f32, weights: &[f32], gradient: &mut [f32]) {
    for (g, w) in gradient.iter_mut().zip(weights) {
        *g = -rate * (*g + decay * w);
    }
}

/// Δw = v with v = α·v − ε·g.
pub fn momentum(rate: f32, alpha: f32, decay: f32, weights: &[f32], gradient: &mut [f32], v: &mut [f32]) {
    for ((g, w), v) in gradient.iter_mut().zip(weights).zip(v) {
        *v = alpha * *v - rate * (*g + decay * w);
        *g = *v;
    }
}

/// As [`momentum`], with Δw = α·v − ε·g.
pub fn nesterov(rate: f32, alpha: f32, decay: f32, weights: &[f32], gradient: &mut [f32], v: &mut [f32]) {
    for ((g, w), v) in gradient.iter_mut().zip(weights).zip(v) {
        let step = -rate * (*g + decay * w);
        *v = alpha * *v + step;
        *g = alpha * *v + step;
    }
}

/// v = α·v + g, Δw = −ε·v.
pub fn accelerate(rate: f32, alpha: f32, gradient: &mut [f32], v: &mut [f32]) {
    for (g, v) in gradient.iter_mut().zip(v) {
        *v = alpha * *v + *g;
        *g = -rate * *v;
    }
}

/// s = s + g², Δw = −ε·g / (√(first + s) + epsilon).
pub fn adagrad(
    rate: f32,
    first: f32,
    epsilon: f32,
    decay: f32,
    weights: &[f32],
    gradient: &mut [f32],
    s: &mut [f32],
) {
    for ((g, w), s) in gradient.iter_mut().zip(weights).zip(s) {
        let decayed = *g + decay * w;
        *s += decayed * decayed;
        *g = -rate * decayed / ((first + *s).sqrt() + epsilon);
    }
}

/// A running mean: `keep` times the old plus `take` times the new.
#[derive(Clone, Copy, Debug)]
pub struct Mean {
    /// ρ or β.
    pub keep: f32,
    /// 1 − ρ, rounded once.
    pub take: f32,
}

impl Mean {
    /// With this weight of the past.
    pub fn new(keep: f64) -> Self {
        Self { keep: keep as f32, take: (1.0 - keep) as f32 }
    }

    #[inline(always)]
    fn of(self, old: f32, new: f32) -> f32 {
        self.keep * old + self.take * new
    }

    #[inline(always)]
    fn of_square(self, old: f32, new: f32) -> f32 {
        self.keep * old + self.take * new * new
    }
}

/// s = mean of g², Δw = scale·g / (√s + epsilon).
pub fn rmsprop(
    scale: f32,
    mean: Mean,
    epsilon: f32,
    decay: f32,
    weights: &[f32],
    gradient: &mut [f32],
    s: &mut [f32],
) {
    for ((g, w), s) in gradient.iter_mut().zip(weights).zip(s) {
        let decayed = *g + decay * w;
        *s = mean.of_square(*s, decayed);
        *g = scale * decayed / (s.sqrt() + epsilon);
    }
}

/// As [`rmsprop`], with the variance s − m² for s, where m = mean of g.
pub fn rmsprop_centered(
    scale: f32,
    mean: Mean,
    epsilon: f32,
    decay: f32,
    weights: &[f32],
    gradient: &mut [f32],
    [s, m]: [&mut [f32]; 2],
) {
    for (((g, w), s), m) in gradient.iter_mut().zip(weights).zip(s).zip(m) {
        let decayed = *g + decay * w;
        *s = mean.of_square(*s, decayed);
        *m = mean.of(*m, decayed);
        // Rounding may make the variance negative, but NaN must stay NaN.
        let variance = *s - *m * *m;
        let variance = if variance < 0.0 { 0.0 } else { variance };
        *g = scale * decayed / (variance.sqrt() + epsilon);
    }
}

/// s = mean of g², Δw = −ε·d with d = g·√(D + epsilon) / √(s + epsilon), and D = mean of d².
pub fn adadelta(
    rate: f32,
    mean: Mean,
    epsilon: f32,
    decay: f32,
    weights: &[f32],
    gradient: &mut [f32],
    [s, d]: [&mut [f32]; 2],
) {
    for (((g, w), s), d) in gradient.iter_mut().zip(weights).zip(s).zip(d) {
        let decayed = *g + decay * w;
        *s = mean.of_square(*s, decayed);
        let step = decayed * (*d + epsilon).sqrt() / (*s + epsilon).sqrt();
        *d = mean.of_square(*d, step);
        *g = -rate * step;
    }
}

/// What Adam's relatives have in common: m = mean of g, v = mean of g².
#[derive(Clone, Copy, Debug)]
pub struct Moments {
    /// Of m.
    pub first: Mean,
    /// Of v.
    pub second: Mean,
    /// 1 / √(1 − β₂ᵗ).
    pub root: f32,
    /// Added to the root.
    pub epsilon: f32,
    /// λ.
    pub decay: f32,
}

impl Moments {
    /// Updates m and v; returns the gradient with the decay.
    #[inline(always)]
    fn update(self, g: f32, w: f32, m: &mut f32, v: &mut f32) -> f32 {
        let decayed = g + self.decay * w;
        *m = self.first.of(*m, decayed);
        *v = self.second.of_square(*v, decayed);
        decayed
    }

    #[inline(always)]
    fn divisor(self, v: f32) -> f32 {
        v.sqrt() * self.root + self.epsilon
    }
}

/// Δw = −size·m / (√v·root + epsilon) − shrink·w.
pub fn adam(
    moments: Moments,
    size: f32,
    shrink: f32,
    weights: &[f32],
    gradient: &mut [f32],
    [m, v]: [&mut [f32]; 2],
) {
    for (((g, w), m), v) in gradient.iter_mut().zip(weights).zip(m).zip(v) {
        moments.update(*g, *w, m, v);
        *g = -size * *m / moments.divisor(*v) - shrink * *w;
    }
}

/// As [`adam`], with the largest v so far.
pub fn amsgrad(
    moments: Moments,
    size: f32,
    shrink: f32,
    weights: &[f32],
    gradient: &mut [f32],
    [m, v, largest]: [&mut [f32]; 3],
) {
    for ((((g, w), m), v), largest) in gradient.iter_mut().zip(weights).zip(m).zip(v).zip(largest) {
        moments.update(*g, *w, m, v);
        // Not f32::max, which would lose a NaN.
        *largest = if *largest > *v { *largest } else { *v };
        *g = -size * *m / moments.divisor(*largest) - shrink * *w;
    }
}

/// Δw = −(ahead·g + behind·m) / (√v·root + epsilon).
pub fn nadam(
    moments: Moments,
    ahead: f32,
    behind: f32,
    weights: &[f32],
    gradient: &mut [f32],
    [m, v]: [&mut [f32]; 2],
) {
    for (((g, w), m), v) in gradient.iter_mut().zip(weights).zip(m).zip(v) {
        let decayed = moments.update(*g, *w, m, v);
        *g = -(ahead * decayed + behind * *m) / moments.divisor(*v);
    }
}
