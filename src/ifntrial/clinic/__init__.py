"""The clinic: visits, readings with their error, conduct, rescue, and the endpoints made of them."""
