"""The detectors: a catalog, how each is fetched, checked and turned into ONNX."""
