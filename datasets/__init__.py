"""What exercises the whole: footage, the demonstration, benchmarks. It may import every house."""
