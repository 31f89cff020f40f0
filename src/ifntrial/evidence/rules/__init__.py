"""Rules of the evidence check: each takes what is checked and yields one text per problem."""
