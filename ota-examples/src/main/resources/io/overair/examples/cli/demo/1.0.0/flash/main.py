import time

from lib import display
from lib.meter import Meter

PERIOD_S = 900

meter = Meter(port=1)
while True:
    reading = meter.read()
    display.show(reading)
    time.sleep(PERIOD_S)
