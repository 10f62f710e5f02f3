//! The files of Pillow's fixtures.

/// All of them, with their names.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let json = include_str!("../../../../test/fixtures/pillow/images.json");
    let fixture: serde_json::Value = serde_json::from_str(json).expect("the fixture is JSON");
    let cases = fixture["cases"].as_array().expect("the fixture has cases");
    let text = |value: &serde_json::Value| value.as_str().expect("a text").to_owned();
    cases.iter().map(|case| (text(&case["name"]), from_base64(&text(&case["file"])))).collect()
}

fn from_base64(text: &str) -> Vec<u8> {
    let digit = |byte| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u8> = text.bytes().filter(|&byte| byte != b'=').map(digit).collect();
    let bytes = digits.chunks(4).flat_map(|four| {
        let sum = four.iter().fold(0, |sum, &digit| sum << 6 | u32::from(digit)) << (6 * (4 - four.len()));
        sum.to_be_bytes()[1..four.len()].to_vec()
    });
    bytes.collect()
}
