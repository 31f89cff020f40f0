"""Problems that the benchmarks solve."""
