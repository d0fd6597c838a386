"""Pure rules of the desk: what people type, read and are told."""
