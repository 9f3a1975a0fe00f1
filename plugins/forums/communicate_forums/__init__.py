"""Forums: members open topics and answer each other, everyone who may reads."""
