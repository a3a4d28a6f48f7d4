//! Shared by the benchmarks: the questions with their answers, the floor, the rivals, and a way to
//! measure.

pub mod allocations;
pub mod bars;
pub mod cases;
pub mod chart;
pub mod cold;
pub mod collisions;
pub mod documents;
pub mod field;
pub mod floor;
pub mod hostile;
pub mod measure;
#[cfg(feature = "rivals")]
pub mod memory;
pub mod naive;
pub mod render;
#[cfg(feature = "rivals")]
pub mod rivals;
pub mod sizes;
pub mod subjects;
