"""Commands: parse what was asked, call one verb, print the answer."""
