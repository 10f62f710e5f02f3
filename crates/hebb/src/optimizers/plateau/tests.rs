use super::*;

/// How often the rate had fallen after each of these losses.
fn lowered(options: &str, losses: &[f64]) -> Vec<u64> {
    let json = format!(r#"{{ "type": "plateau", "from": 0.1, {options} }}"#);
    let mut plateau = Plateau::of(&serde_json::from_str(&json).expect("a schedule")).expect("a plateau");
    losses
        .iter()
        .map(|&loss| {
            plateau.tell(loss);
            plateau.lowered
        })
        .collect()
}

#[test]
fn falls_after_more_epochs_than_its_patience() {
    let patient = r#""patience": 2, "decrease": 0"#;
    assert_eq!(lowered(patient, &[5.0, 6.0, 6.0, 6.0, 6.0, 6.0, 6.0]), [0, 0, 0, 1, 1, 1, 2]);
    // A better one begins the count anew; an equal one is no better.
    assert_eq!(lowered(patient, &[5.0, 6.0, 6.0, 4.0, 4.0, 4.0, 4.0]), [0, 0, 0, 0, 0, 0, 1]);
    assert_eq!(lowered(r#""patience": 0"#, &[1.0, 1.0, 0.5, 1.0]), [0, 1, 1, 2]);
}

#[test]
fn a_decrease_is_a_part_of_the_lowest_loss() {
    // 0.75 of 8 is 6: what is not below it is no better.
    let quarter = r#""patience": 0, "decrease": 0.25"#;
    assert_eq!(lowered(quarter, &[8.0, 6.0]), [0, 1]);
    assert_eq!(lowered(quarter, &[8.0, 5.9, 4.5]), [0, 0, 1]);
    assert_eq!(lowered(quarter, &[8.0, f64::NAN]), [0, 1]);
}

#[test]
fn only_a_plateau_watches() {
    assert!(Plateau::of(&serde_json::from_str("0.1").expect("a rate")).is_none());
}
