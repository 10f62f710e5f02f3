//! Blocks in layouts of one lane and of many.

use super::*;
use crate::network::Network;
use crate::plan::{Life, Trained};
use crate::runtime::{Arenas, Executor};
use hebb_kernels::error::Result;
use hebb_kernels::simd::MAX_BLOCK;

/// Operators without a kernel of their own: each sees its buffers only through the block's accessors. The first has a
/// parameter, so that every output has a gradient.
const SPEC: &str = r#"{ "input": [2, 3, 3], "seed": 3, "layers": [
    { "type": "activation", "activation": "prelu" },
    { "type": "zeroPadding2d", "padding": [[1, 0], [0, 2]] },
    { "type": "standardize", "mean": [0.5, -1], "deviation": [2, 3] },
    { "type": "batchNorm", "name": "norm" },
    { "type": "activation", "activation": "prelu", "name": "prelu" },
    { "type": "dropout", "rate": 0.5, "name": "dropout" },
    { "type": "add", "from": ["norm", "dropout"], "name": "sum" },
    { "type": "concat", "from": ["prelu", "sum"] }
] }"#;

fn network() -> Result<Network> {
    Network::new(serde_json::from_str(SPEC).expect("a spec"))
}

#[test]
fn accessors_follow_the_lanes_of_the_layout() -> Result<()> {
    let network = network()?;
    let executor = Executor { plan: &network.plan, level: network.level, parameters: &network.parameters };
    for lanes in [1, network.level.block()] {
        let mut arenas =
            Arenas::new(network.plan.layout(lanes, Life::Training(&Trained::all(&network.plan))));
        let several = arenas.several(1)?;
        let block = executor.block(&several.get(0), 1, Mode::Inference);
        assert_eq!(block.lanes(), lanes);
        for node in &network.plan.nodes {
            let features = network.plan.features(node.output);
            // SAFETY: the plan gave the buffer these features, and nothing else uses the arena.
            unsafe {
                assert_eq!(block.values(node.output, features).len(), features * lanes, "{}", node.name);
                assert_eq!(block.values_mut(node.output, features).len(), features * lanes);
                assert_eq!(block.gradients(node.output, features).len(), features * lanes);
                assert_eq!(block.gradients_mut(node.output, features).len(), features * lanes);
            }
        }
    }
    Ok(())
}

#[test]
fn an_operator_gives_a_sample_alone_what_it_gives_it_in_a_block() -> Result<()> {
    let network = network()?;
    let executor = Executor { plan: &network.plan, level: network.level, parameters: &network.parameters };
    let (x, last) = (Buffer(0), network.layers().len() - 1);
    let output = network.layers()[last].buffer;
    let (inputs, outputs) = (network.plan.features(x), network.plan.features(output));
    let run = |lanes: usize| -> Result<Vec<f32>> {
        let mut arenas = Arenas::new(network.plan.layout(lanes, Life::Inference));
        let several = arenas.several(1)?;
        let block = executor.block(&several.get(0), 1, Mode::Inference);
        // SAFETY: the plan gave both buffers these features, and nothing else uses the arena.
        unsafe {
            let rows = block.values_mut(x, inputs).chunks_exact_mut(lanes);
            rows.enumerate().for_each(|(f, row)| row[0] = (f * f % 7) as f32 - 2.5);
            executor.forward(&block);
            Ok(block.values(output, outputs).iter().step_by(lanes).copied().collect())
        }
    };
    let (alone, wide) = (run(1)?, run(network.level.block())?);
    assert_eq!(alone, wide);
    assert!(alone.iter().any(|value| *value != alone[0]));
    Ok(())
}

#[test]
fn no_block_is_larger_than_the_largest() {
    assert!(hebb_kernels::simd::Level::available().iter().all(|level| level.block() <= MAX_BLOCK));
}
