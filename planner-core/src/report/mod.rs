//! Plan → named tables with units, format-free.
