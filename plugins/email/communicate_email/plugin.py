"""E-mail's side of the contract: each hook in a few lines, the work elsewhere."""

communicate_api = 1
