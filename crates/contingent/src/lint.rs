//! Warnings that need the model to be run.
