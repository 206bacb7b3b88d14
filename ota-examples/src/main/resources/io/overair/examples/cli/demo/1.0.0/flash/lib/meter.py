class Meter:
    """An electricity meter behind an optical head."""

    def __init__(self, port):
        self.port = port
        self.energy_wh = 0

    def read(self):
        return {'energy_wh': self.energy_wh}
