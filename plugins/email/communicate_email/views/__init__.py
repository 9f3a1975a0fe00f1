"""Webmail: the pages under ``/members/<login>/mail``."""
