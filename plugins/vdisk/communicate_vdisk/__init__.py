"""The virtual disk: members' folders and files."""
