//! A bracket of a minimum: steps downhill, each larger than the one before (Press et al. 2007, section 10.1).

/// Three places in a row with their values, the middle one the lowest.
pub type Triple = [(f64, f64); 3];

/// How much larger each step is.
pub(super) const GOLDEN: f64 = 1.618_033_988_749_895;

/// The most steps: more would leave the numbers.
const MOST: usize = 200;

#[derive(Clone, Debug)]
pub(super) struct Bracket {
    known: Vec<(f64, f64)>,
    trial: f64,
    next: f64,
    told: usize,
}

impl Bracket {
    pub fn new(from: f64, to: f64) -> Self {
        Self { known: Vec::new(), trial: from, next: to, told: 0 }
    }

    pub fn ask(&self) -> Option<f64> {
        (self.told < MOST && self.trial.is_finite()).then_some(self.trial)
    }

    pub fn tell(&mut self, value: f64) -> Option<Triple> {
        self.told += 1;
        self.known.push((self.trial, value));
        self.trial = self.next;
        if self.known.len() == 2 && self.known[1].1 > self.known[0].1 {
            self.known.swap(0, 1);
        }
        if let [a, b, c] = self.known[..] {
            if c.1 >= b.1 {
                return Some([a, b, c]);
            }
            self.known.remove(0);
        }
        if let [a, b] = self.known[..] {
            self.trial = b.0 + GOLDEN * (b.0 - a.0);
        }
        None
    }
}
