"""What each row, column and name of a table is, decided before anything is scaled or scored."""
