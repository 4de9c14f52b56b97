//! Logs, spans and metrics of a process, with OpenTelemetry names.
