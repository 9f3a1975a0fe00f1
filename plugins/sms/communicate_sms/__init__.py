"""Text messages of members: proven numbers, texts in parts, operators of telephones."""
