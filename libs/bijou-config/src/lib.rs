//! Layered configuration: compiled-in defaults, files, environment, flags; unknown keys are errors.
