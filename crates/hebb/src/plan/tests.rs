//! The example that the module's description draws.

use super::*;
use crate::network::Network;

const SPEC: &str = r#"{ "input": [1, 4, 4], "layers": [
    { "type": "conv2d", "filters": 2, "kernel": [3, 3], "activation": "tanh" },
    { "type": "flatten" },
    { "type": "dense", "units": 3, "activation": "softmax" }
] }"#;

#[test]
fn the_plan_is_what_is_drawn() -> Result<()> {
    let network = Network::new(serde_json::from_str(SPEC).expect("a spec"))?;
    let plan = &network.plan;
    let hops: Vec<_> = plan.nodes.iter().map(|node| (node.inputs[0].0, node.output.0)).collect();
    assert_eq!(hops, [(0, 1), (1, 1), (1, 3), (3, 6)]);
    let dense = &plan.nodes[2];
    assert_eq!((dense.scratch[0].0, dense.packed[0].0), (4, 5));
    let loss = &plan.outputs[0].loss;
    assert_eq!([loss.targets.0, loss.probabilities.0, loss.saved.0], [7, 8, 9]);
    let names: Vec<_> = plan.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    assert_eq!(names, ["conv1.weight", "conv1.bias", "dense1.weight", "dense1.bias"]);
    Ok(())
}

// Each buffer has a place of its own if bounds are checked.
#[cfg(not(feature = "checked"))]
#[test]
fn buffers_that_never_meet_share_memory() -> Result<()> {
    let network = Network::new(serde_json::from_str(SPEC).expect("a spec"))?;
    let lanes = 8;
    let all = Trained::all(&network.plan);
    let [inference, training] =
        [Life::Inference, Life::Training(&all)].map(|life| network.plan.layout(lanes, life));
    let at = |layout: &Layout, buffer: usize| layout.values[buffer] / lanes;
    assert_eq!([0, 3, 6, 8, 9, 1, 7].map(|buffer| at(&inference, buffer)), [0, 0, 3, 6, 9, 16, 24]);
    assert_eq!(inference.size, 27 * lanes);
    let x = at(&training, 0)..at(&training, 0) + 16;
    assert!([1, 3, 6, 7, 8, 9].iter().all(|&buffer| !x.contains(&at(&training, buffer))));
    Ok(())
}
