"""`action_recommend`: chooses items of a catalogue by what the user said, and says why."""
