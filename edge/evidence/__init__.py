"""Evidence as files: kept pictures, stamps, the package with its manifest."""
