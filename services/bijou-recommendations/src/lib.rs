//! Recommendations: the page of rows and its reasons.
