//! The naive twins.
