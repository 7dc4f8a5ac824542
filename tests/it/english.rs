//! What people are told in English: most approved texts are.

use paymatch::model::Finding;
use paymatch::read::statement::FileReading;
use paymatch::words::Words;

pub fn full(finding: &Finding) -> String {
    paymatch::words::finding::full(Words::english(), finding)
}

pub mod inspect {
    use super::{FileReading, Words};

    pub fn json(reading: &FileReading) -> String {
        paymatch::cli::inspect::json(Words::english(), reading)
    }

    pub fn text(reading: &FileReading) -> String {
        paymatch::cli::inspect::text(Words::english(), reading)
    }
}
