class Meter:
    """An electricity meter behind an optical head."""

    def __init__(self, port):
        self.port = port
        self.energy_wh = 0
        self.reports = []

    def read(self):
        return {'energy_wh': self.energy_wh, 'unit': 'Wh'}

    def report(self, reading):
        self.reports.append(reading)
