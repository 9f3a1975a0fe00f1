"""A site that is there to be looked at: ``communicate demo``.

People first, then whatever core and each plugin make of them, through ``communicate_demo``.
"""
