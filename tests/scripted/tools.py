def check_tools(body): pass
def choose_calls(body, said, rng): return []
