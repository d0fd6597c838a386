"""The district server: the node above the counters, at whatever level it stands."""
