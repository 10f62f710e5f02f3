use crate::optimizers::Schedule;

fn ok(json: &str) -> bool {
    let schedule: Schedule = serde_json::from_str(&format!("{{ {json} }}")).expect("a schedule");
    schedule.check().is_ok()
}

#[test]
fn the_ends_of_ranges() {
    for (good, bad) in [
        (r#""type": "constant", "value": 1e-300"#, r#""type": "constant", "value": 0"#),
        (r#""type": "cosine", "from": 0.1, "to": 0"#, r#""type": "cosine", "from": 0.1, "to": -1e-300"#),
        (r#""type": "cosine", "from": 0.1, "to": 0.2"#, r#""type": "cosine", "from": 0"#),
        (
            r#""type": "exponential", "from": 0.1, "to": 0.1"#,
            r#""type": "exponential", "from": 0.1, "to": 0.2"#,
        ),
        (
            r#""type": "exponential", "from": 0.1, "to": 1e-9"#,
            r#""type": "exponential", "from": 0.1, "to": 0"#,
        ),
        (r#""type": "exponential", "from": 0.1, "to": 0.05"#, r#""type": "exponential", "from": 0, "to": 0"#),
        (
            r#""type": "oneCycle", "from": 0.1, "peak": 0.2, "to": 0"#,
            r#""type": "oneCycle", "from": 0.1, "peak": 0, "to": 0"#,
        ),
        (
            r#""type": "oneCycle", "from": 0.1, "peak": 0.01, "to": 0"#,
            r#""type": "oneCycle", "from": 0, "peak": 1, "to": 0"#,
        ),
        (r#""type": "step", "from": 0.1, "factor": 1"#, r#""type": "step", "from": 0.1, "factor": 1.01"#),
        (r#""type": "step", "from": 0.1, "factor": 1e-9"#, r#""type": "step", "from": 0.1, "factor": 0"#),
        (
            r#""type": "step", "from": 0.1, "factor": 0.5, "every": 1"#,
            r#""type": "step", "from": 0.1, "factor": 0.5, "every": 0"#,
        ),
        (r#""type": "step", "from": 0.1, "factor": 0.5"#, r#""type": "step", "from": 0, "factor": 0.5"#),
        (
            r#""type": "plateau", "from": 0.1, "factor": 0.99"#,
            r#""type": "plateau", "from": 0.1, "factor": 1"#,
        ),
        (
            r#""type": "plateau", "from": 0.1, "factor": 0.01"#,
            r#""type": "plateau", "from": 0.1, "factor": 0"#,
        ),
        (
            r#""type": "plateau", "from": 0.1, "decrease": 0"#,
            r#""type": "plateau", "from": 0.1, "decrease": 1"#,
        ),
        (r#""type": "plateau", "from": 0.1, "to": 0"#, r#""type": "plateau", "from": 0.1, "to": -0.1"#),
        (
            r#""type": "table", "per": "step", "rates": [0]"#,
            r#""type": "table", "per": "step", "rates": [-1e-300]"#,
        ),
        (
            r#""type": "table", "per": "step", "rates": [1, 2]"#,
            r#""type": "table", "per": "step", "rates": []"#,
        ),
        (
            r#""type": "constant", "value": 1, "warmup": 0.99"#,
            r#""type": "constant", "value": 1, "warmup": -0.1"#,
        ),
        (
            r#""type": "constant", "value": 1, "warmup": 1"#,
            r#""type": "constant", "value": 1, "warmup": 1.5"#,
        ),
        (r#""type": "constant", "value": 1, "warmup": 7"#, r#""type": "constant", "value": 1, "warmup": -7"#),
    ] {
        assert!(ok(good), "{good}");
        assert!(!ok(bad), "{bad}");
    }
}
