"""One virtual trial, or many, from enrolment to the primary test."""
