"""Measurements as ratios to a floor in the same run: machines differ, ratios less."""
