"""The operators' pages, one module for each subject, and what machines ask."""
