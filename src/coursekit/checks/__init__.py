"""The visible checks, one module a lab; students have them, and may read them."""
