"""Values in, PDF bytes out; one file a statutory form."""
