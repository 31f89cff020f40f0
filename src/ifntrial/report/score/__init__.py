"""The page of scored samples."""
