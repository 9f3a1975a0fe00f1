"""Mail from the site to people: composed, queued, and handed to one of two transports."""
