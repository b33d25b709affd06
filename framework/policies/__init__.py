"""`Tracker` -> `Prediction`: rules, memory, learned policy, and how they are weighed."""
