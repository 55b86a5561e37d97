"""The benchmarks: each figure with what it was measured against in the same run."""
