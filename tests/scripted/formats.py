def check_format(f, p): pass
def read_format(f, said, rng): return None
