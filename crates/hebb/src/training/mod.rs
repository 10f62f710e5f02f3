//! Training: the loop over epochs and minibatches, and methods that take all samples at once.

mod best_weights;
mod fit;
mod full_batch;
mod gradient_change;
mod normal_equations;
mod options;
mod pairwise_sum;
mod progress;
mod saved;
mod shards;
mod truncated;
mod updates;

pub use best_weights::BestWeights;
pub use fit::{Feed, Fit};
pub use full_batch::{FullBatchFit, FullBatchOptions};
pub use options::{FitOptions, FitProgress, Measures};
