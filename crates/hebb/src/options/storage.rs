//! How weights are stored.

use super::json::{Read, one_of};
use hebb_kernels::stored::Storage;
use serde_json::Value;

impl Read for Storage {
    fn read(name: &str, json: Value) -> Result<Self, String> {
        one_of(name, &json, &[("f16", Storage::F16), ("int8", Storage::Int8)])
    }
}
