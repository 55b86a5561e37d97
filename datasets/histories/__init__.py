"""Random histories of cases by officers who act at once, and what must hold of each, told apart from the product."""
