"""The benchmarks: each figure beside the limit it is measured against, in the same run."""

#: The name of the benchmarks' own database on the server that is given.
DATABASE = "ehc_bench"
