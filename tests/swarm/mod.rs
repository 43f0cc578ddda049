//! Drawn runs. Soon.
