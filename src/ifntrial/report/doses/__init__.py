"""The page of doses and routes."""
