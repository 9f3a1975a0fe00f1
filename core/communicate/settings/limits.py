"""Declare how often one address or one account may do something.

The notation is that of the package `limits`. A feature adds its own in one line.
"""

from colander import SchemaNode

from communicate.settings.nodes import node
from communicate.settings.types import Rate

LIMITS = {
    # Failed sign-ins, by account and by network address.
    "sign_in_account": "10/15 minute",
    "sign_in_address": "30/15 minute",
    # Failed second steps after the right password, by account.
    "second_account": "10/15 minute",
    "second_day": "50/day",
    # Codes sent for a second step, by account, and by network address.
    "second_pause": "1/minute",
    "second_codes": "3/hour",
    "second_codes_day": "6/day",
    "second_address": "12/hour",
    # Questions to passkeys that stand for a password, by network address.
    "passkey_address": "60/15 minute",
    # Failed sign-ins of programs, by account and by network address.
    "gateway_account": "10/15 minute",
    "gateway_address": "30/15 minute",
    # Changes of second factors and app passwords, each told by mail, by account.
    "factor_changes": "60/hour",
    # Accounts asked for, by network address.
    "join_address": "20/hour",
    # Letters to one e-mail address because somebody asked for an account with it.
    "join_letter": "10/day",
    # Invitations, by account of the operator.
    "inviting": "200/hour",
    # Links that set a new password, by account and by network address.
    "reset_account": "5/hour",
    "reset_address": "20/hour",
    # Requests to be a contact, other changes of contacts, and completed names, by account.
    "contact_requests": "50/day",
    "contact_changes": "300/hour",
    "people": "120/minute",
    # What a new account does, and one that somebody vouches for, by account.
    "new_topics": "5/day",
    "new_posts": "30/day",
    "new_links": "5/day",
    "new_requests": "10/day",
    "vouched_topics": "20/day",
    "vouched_posts": "120/day",
    "vouched_links": "20/day",
    "vouched_requests": "30/day",
    # Reports to moderators, by account.
    "reporting": "20/day",
    # Requests for deletion by people without an account, by network address and mail address.
    "deletion_address": "20/hour",
    "deletion_letter": "5/day",
    # Exports of one's data and their downloads, and things deleted for good, by account.
    "exports": "6/day",
    "downloads": "30/hour",
    "forgetting": "1200/hour",
    # Pages of the sitemap, by network address.
    "sitemap": "300/hour",
    # Posts, by account.
    "posting": "300/hour",
    # Previews that follow while one types, by account.
    "previews": "3000/hour",
    # Drafts saved while one types, by account.
    "drafts": "2000/hour",
    # Files attached, by account.
    "attachments": "60/hour",
    # Pages of search, by account and, for strangers, by network address.
    "search_account": "300/minute",
    "search_address": "120/minute",
    # Changes of one's space, and pictures, by account.
    "profile": "600/hour",
    "pictures": "60/hour",
    # Tickets with which pages wait for news, by account: one for each page that stays open.
    "live": "60/minute",
}


def nodes() -> list[SchemaNode]:
    """Return one node for each limit."""
    return [
        node(
            Rate(),
            f"communicate.limits.{name}",
            f"Write a rate such as {default}.",
            missing=default,
        )
        for name, default in LIMITS.items()
    ]
