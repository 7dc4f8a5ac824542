//! The one place that reads the word lists of `config/names`.
