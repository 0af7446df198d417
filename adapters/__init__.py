"""The driving side: one folder per platform, each over the same contract."""
