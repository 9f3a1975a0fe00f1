"""Ways to an operator of telephones: what leaves by each of them, and what comes back."""
