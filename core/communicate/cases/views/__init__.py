"""Pages: cases of staff, and what a member sees and grants of them."""
