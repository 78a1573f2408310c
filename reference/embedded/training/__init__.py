"""What made the embedded models, and makes them again; needs torch, which nothing else does."""
