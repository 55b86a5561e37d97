"""What somebody may send who wants to break the centre, or to have an act believed that never was."""
