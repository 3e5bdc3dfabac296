"""Engine B: every lot through real facilities, in whole milligrams."""
