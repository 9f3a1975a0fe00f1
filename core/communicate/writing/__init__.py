"""What members write with, whatever they write: counting, drafts, attachments."""
