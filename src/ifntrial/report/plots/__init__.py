"""Figures: lines, intervals, maps and courses in one frame and one palette."""
